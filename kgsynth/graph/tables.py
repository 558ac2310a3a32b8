"""Edges as the table of the graph folder: ids, qualifiers and all the evidence."""

from collections.abc import Callable
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.columns import Int64, decode
from kgsynth.graph.pooled import pooled_frequency, qualifier, weak_denials
from kgsynth.graph.stated import Statements
from kgsynth.graph.unite import Edges

#: How many edges get their ids at once.
_PART = 1 << 17

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def edge_table(
    statements: Statements,
    edges: Edges,
    ids: pa.Array,
    node_of: Callable[[Int64], Int64],
) -> pa.Table:
    """Return the edge table, ``contested`` and ``redundant`` still false.

    Args:
        statements: The statements behind the edges.
        edges: The edges, in the order of the table.
        ids: Ids of the nodes.
        node_of: Rows of `ids` of the codes in `edges`.
    """
    subject = ids.take(pa.array(node_of(edges.subject)))
    predicate = decode(edges.predicate, pa.array(statements.predicates))
    object_ = ids.take(pa.array(node_of(edges.object)))
    false = pa.array(np.zeros(len(edges), dtype=np.bool_))
    return pa.table(
        {
            "id": edge_ids(subject, predicate, object_, edges),
            "subject": subject,
            "predicate": predicate,
            "object": object_,
            "negated": pa.array(edges.negated),
            "weak": pa.array(weak_denials(statements, edges)),
            "contested": false,
            "redundant": false,
            **pooled_frequency(statements, edges),
            "onset": qualifier(statements, edges, "onset"),
            "sex": qualifier(statements, edges, "sex"),
            "modifier": qualifier(statements, edges, "modifier"),
            "evidence": _evidence(statements, edges),
        }
    )


def edge_ids(subject: pa.Array, predicate: pa.Array, object_: pa.Array, edges: Edges) -> pa.Array:
    """Return ``e`` and twelve hex digits of SHA-256 over ``subject|predicate|object|0 or 1``."""
    sign = decode(edges.negated.astype(np.int8), pa.array(["0", "1"]))
    # In parts, because an object of Python for each of millions of edges would take gigabytes.
    columns = (subject, predicate, object_, sign)
    text = np.full((len(edges), 13), ord("e"), dtype=np.uint8)
    for at in range(0, len(edges), _PART):
        part = (column.slice(at, _PART) for column in columns)
        _mark(pc.binary_join_element_wise(*part, "|"), text[at : at + _PART])
    ends = np.arange(0, text.size + 1, 13, dtype=np.int32)
    return pa.StringArray.from_buffers(len(edges), pa.py_buffer(ends), pa.py_buffer(text))


def _mark(keys: pa.Array, text: NDArray[np.uint8]) -> None:
    """Write the digits of some edges into their rows of `text`."""
    digests = b"".join([sha256(key).digest() for key in keys.cast(pa.binary()).to_pylist()])
    first = np.frombuffer(digests, dtype=np.uint8).reshape(-1, 32)[:, :6]
    text[:, 1::2], text[:, 2::2] = _HEX[first >> 4], _HEX[first & 15]


def _evidence(statements: Statements, edges: Edges) -> pa.ListArray:
    source = statements.source[edges.order]
    parts = {
        name: decode(source, pa.array([getattr(one, name) for one in statements.sources]))
        for name in ("source", "version", "license")
    }
    for name in ("reference", "code", "frequency", "date"):
        codes, words = statements.texts[name]
        parts[name] = decode(codes[edges.order], words)
    items = pa.StructArray.from_arrays(list(parts.values()), names=list(parts))
    return pa.ListArray.from_arrays(pa.array(edges.start.astype(np.int32)), items)
