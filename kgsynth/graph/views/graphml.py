"""The graph as GraphML: networkx, igraph, Gephi, Cytoscape and yEd read it.

An edge has the graph's edge id, so that parallel edges stay apart; a denial is an edge whose
``negated`` is true. GraphML has plain values only: lists and evidence are JSON in a text.

Source: http://graphml.graphdrawing.org/specification.html
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from kgsynth.graph.views.base import Part, Progress, Written, batches, new_file

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
# What XML 1.0 has no way to write, not even as a number.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_INSTEAD = "\ufffd"
#: A reader makes a line feed of each of these where it stands bare.
_BREAKS = {"\r": "&#13;"}
_ENDS = ("id", "subject", "object")


def write(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write ``graph.graphml``; see `base.Writer`."""
    file = out / "graph.graphml"
    written = Written([file], {"nodes": len(part), "edges": part.edges().num_rows})
    done = 0
    with new_file(file) as handle:
        handle.write(_head(part).encode())
        for table, line in ((part.nodes(), _node), (part.edges(), _edge)):
            keys = _keys(table, "n" if line is _node else "e")
            for rows in batches(table):
                texts = [line(row, keys) for row in rows.to_pylist()]
                handle.write("".join(_clean(texts, written)).encode())
                done += len(rows)
                on_progress(done)
        handle.write(b"</graph>\n</graphml>\n")
    return written


def _head(part: Part) -> str:
    lines = [_HEAD]
    for table, what in ((part.nodes(), "node"), (part.edges(), "edge")):
        for name, key in _keys(table, what[0]).items():
            kind = _kind(table.schema.field(name).type)
            lines.append(
                f'<key id="{key}" for="{what}" attr.name={quoteattr(name)} attr.type="{kind}"/>\n'
            )
    lines.append('<graph id="kgsynth" edgedefault="directed">\n')
    return "".join(lines)


def _keys(table: pa.Table, letter: str) -> dict[str, str]:
    """Return the column of each value that is no end and no id, and its key."""
    names = [name for name in table.column_names if name not in _ENDS]
    return {name: f"{letter}{number}" for number, name in enumerate(names)}


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind):
        return "long"
    return "double" if pa.types.is_floating(kind) else "string"


def _node(row: dict[str, Any], keys: dict[str, str]) -> str:
    return f"<node id={_attribute(row['id'])}>{_data(row, keys)}</node>\n"


def _edge(row: dict[str, Any], keys: dict[str, str]) -> str:
    ends = f"source={_attribute(row['subject'])} target={_attribute(row['object'])}"
    return f"<edge id={_attribute(row['id'])} {ends}>{_data(row, keys)}</edge>\n"


def _attribute(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _data(row: dict[str, Any], keys: dict[str, str]) -> str:
    values = ((key, _text(row[name])) for name, key in keys.items())
    return "".join(f'<data key="{key}">{text}</data>' for key, text in values if text)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return escape(json.dumps(value, ensure_ascii=False), _BREAKS) if value else ""
    return escape(str(value), _BREAKS)


def _clean(texts: list[str], written: Written) -> Iterator[str]:
    """Yield texts without the characters that XML cannot hold."""
    for text in texts:
        # Looked for first: replacing costs ten times as much as finding nothing.
        if _FORBIDDEN.search(text):
            text, count = _FORBIDDEN.subn(_INSTEAD, text)
            written.lose("control characters, which XML cannot hold, written as \\ufffd", count)
        yield text
