"""Rows of a table as lines of GraphML, whole columns at once: a large graph has ten million.

The words of a column repeat, so each different one is escaped once; Arrow puts the lines together.
"""

import json
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.views.base import column

#: A reader makes a line feed or a blank of each of these where it stands bare.
_BREAKS = {"\r": "&#13;"}
_BLANKS = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def node_lines(rows: pa.Table, keys: Mapping[str, str]) -> pa.Array:
    """Return an element for each row of the node table; `keys` names the key of each column."""
    parts = ["<node id=", _attribute(rows, "id"), ">", *_cells(rows, keys), "</node>\n"]
    return pc.binary_join_element_wise(*parts, "")


def edge_lines(rows: pa.Table, keys: Mapping[str, str]) -> pa.Array:
    """Return an element for each row of the edge table."""
    ends = (_attribute(rows, name) for name in ("id", "subject", "object"))
    names = ("<edge id=", " source=", " target=")
    parts = [part for pair in zip(names, ends, strict=True) for part in pair]
    return pc.binary_join_element_wise(*parts, ">", *_cells(rows, keys), "</edge>\n", "")


def _attribute(rows: pa.Table, name: str) -> pa.Array:
    return _each(column(rows, name), lambda text: quoteattr(text, _BLANKS))


def _cells(rows: pa.Table, keys: Mapping[str, str]) -> list[pa.Array]:
    """Return the data of each column; "" where a row has none."""
    found = []
    for name, key in keys.items():
        text = _text(column(rows, name))
        filled = pc.binary_join_element_wise(f'<data key="{key}">', text, "</data>", "")
        found.append(pc.if_else(pc.equal(text, ""), "", filled))
    return found


def _text(values: pa.Array) -> pa.Array:
    """Return values as texts between tags, "" for null and for an empty list."""
    kind = values.type
    if pa.types.is_boolean(kind):
        text = pc.if_else(values, "true", "false")
    elif pa.types.is_list(kind):
        return _each(_lists(values), _between_tags)
    elif pa.types.is_string(kind):
        text = _each(values, _between_tags)
    else:
        text = _each(values, str)
    return pc.fill_null(text, "")


def _between_tags(text: str) -> str:
    return escape(text, _BREAKS)


def _each(values: pa.Array, spell: Callable[..., str]) -> pa.Array:
    """Return what `spell` makes of each value, called once for each different one."""
    coded = values.dictionary_encode()
    words = pa.array([spell(word) for word in coded.dictionary.to_pylist()], pa.string())
    return words.take(coded.indices)


def _lists(values: pa.Array) -> pa.Array:
    """Return lists as JSON, "" for an empty one and for null."""
    offsets = np.append(0, np.cumsum(pc.fill_null(pc.list_value_length(values), 0)))
    items = pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), _json(pc.list_flatten(values)))
    joined = pc.binary_join(items, ", ")
    whole = pc.binary_join_element_wise("[", joined, "]", "")
    return pc.if_else(pc.equal(joined, ""), "", whole)


def _json(values: pa.Array) -> pa.Array:
    """Return values as JSON; a struct becomes an object."""
    if not pa.types.is_struct(values.type):
        text = _each(values, lambda value: json.dumps(value, ensure_ascii=False))
        return pc.fill_null(text, "null")
    names = [values.type.field(at).name for at in range(values.type.num_fields)]
    parts = [
        pc.binary_join_element_wise(f'"{name}": ', _json(pc.struct_field(values, name)), "")
        for name in names
    ]
    inside = pc.binary_join_element_wise(*parts, ", ")
    return pc.binary_join_element_wise("{", inside, "}", "")
