"""The graph as RDF files; how it is said in RDF stands in `kgsynth.graph.rdf`."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

from kgsynth.graph.rdf import write_ntriples, write_turtle
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.views.base import Part, Progress, Written, new_file

_Write = Callable[[KnowledgeGraph, IO[bytes], Progress], None]

_REMARKS = ("the order of synonyms is not kept; empty texts are left out",)


def turtle(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write ``graph.ttl``; see `base.Writer`."""
    return _write(part, out / "graph.ttl", write_turtle, on_progress)


def ntriples(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write ``graph.nt``; see `base.Writer`."""
    return _write(part, out / "graph.nt", write_ntriples, on_progress)


def _write(part: Part, file: Path, write: _Write, on_progress: Progress) -> Written:
    with new_file(file) as handle:
        # The writers ask for tables only, and a part of a graph has them as the whole has.
        write(cast(KnowledgeGraph, part), handle, on_progress)
    records = {"nodes": len(part), "edges": part.edges().num_rows}
    return Written([file], records, remarks=_REMARKS)
