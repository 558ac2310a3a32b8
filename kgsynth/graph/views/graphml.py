"""The graph as GraphML: networkx, igraph, Gephi, Cytoscape and yEd read it.

An edge has the graph's edge id, so that parallel edges stay apart; a denial is an edge whose
``negated`` is true. GraphML has plain values only: lists and evidence are JSON in a text.

Source: http://graphml.graphdrawing.org/specification.html
"""

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.views.base import Part, Progress, Written, batches, new_file
from kgsynth.graph.views.graphml_text import edge_lines, node_lines

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns '
    'http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
# What XML 1.0 has no way to write, not even as a number.
_FORBIDDEN = re.compile(b"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_INSTEAD = "\ufffd".encode()
_ENDS = ("id", "subject", "object")


def write(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write ``graph.graphml``; see `base.Writer`."""
    file = out / "graph.graphml"
    written = Written([file], {"nodes": len(part), "edges": part.edges().num_rows})
    done = 0
    with new_file(file) as handle:
        handle.write(_head(part).encode())
        for table, lines in ((part.nodes(), node_lines), (part.edges(), edge_lines)):
            keys = _keys(table, "n" if lines is node_lines else "e")
            for rows in batches(table):
                handle.write(_clean(lines(rows, keys), written))
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


def _clean(lines: pa.Array, written: Written) -> bytes:
    """Return lines one behind the other, without the characters that XML cannot hold."""
    size = pc.sum(pc.binary_length(lines)).as_py()
    text: bytes = lines.buffers()[2].slice(0, size).to_pybytes()
    # Looked for first: replacing costs ten times as much as finding nothing.
    if _FORBIDDEN.search(text):
        text, count = _FORBIDDEN.subn(_INSTEAD, text)
        written.lose("control characters, which XML cannot hold, written as \\ufffd", count)
    return text
