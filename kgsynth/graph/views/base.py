"""What every view has in common: the tables to write, in pieces, and what could not be written."""

import difflib
import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from kgsynth.errors import GraphError, UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.views import VIEWS

#: Rows that are worked on at once, so that memory does not grow with the graph.
ROWS = 1 << 15

#: Called with the number of nodes and edges that are written.
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Part:
    """A graph or a part of it, as tables; it can stand in for a graph where tables are asked for.

    Attributes:
        node_table: Rows of the node table.
        edge_table: Rows of the edge table.
    """

    node_table: pa.Table
    edge_table: pa.Table

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return int(self.node_table.num_rows)

    def nodes(self) -> pa.Table:
        """Return the nodes."""
        return self.node_table

    def edges(self) -> pa.Table:
        """Return the edges."""
        return self.edge_table

    def column(self, name: str) -> pa.Array:
        """Return one column of the nodes."""
        column = self.node_table.column(name).combine_chunks()
        return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


@dataclass
class Written:
    """What a view wrote.

    Attributes:
        files: In the order of writing.
        records: How many of what: nodes, edges, …
        losses: What the format could not hold, in words, and how often.
        remarks: What a reader of the files should know, whatever the graph.
    """

    files: list[Path] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    losses: dict[str, int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def lose(self, what: str, count: int) -> None:
        """Count what the format cannot hold."""
        if count:
            self.losses[what] = self.losses.get(what, 0) + count


#: Writes a part of a graph into a folder, which exists.
Writer = Callable[[Part, Path, Progress], Written]


def part_of(graph: KnowledgeGraph, ids: Iterable[str] = (), radius: int = 1) -> Part:
    """Return a graph as tables, or what lies around some entities.

    Args:
        graph: The whole.
        ids: Ids of entities; none for the whole graph.
        radius: How many edges away from them.

    Raises:
        UnknownEntityError: If the graph has no such id.
    """
    chosen = list(ids)
    if not chosen:
        return Part(graph.nodes(), graph.edges())
    part = graph.subgraph([graph.resolve(one) for one in chosen], radius=radius)
    return Part(graph.nodes().take(part.indices), graph.edges().take(part.rows))


def write_view(
    name: str, part: Part, out: Path, on_progress: Progress = lambda done: None
) -> Written:
    """Write a part of a graph in a format.

    Args:
        name: One of `VIEWS`.
        part: What to write.
        out: The folder; made where it is absent. Files of the same name are replaced.
        on_progress: Called now and then.

    Raises:
        UsageError: If there is no such view.
        GraphError: If the folder cannot be written.
    """
    if name not in VIEWS:
        near = difflib.get_close_matches(name, VIEWS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UsageError(f"unknown view {name!r}{hint} known: {', '.join(VIEWS)}")
    module, _, function = VIEWS[name][0].partition(":")
    writer = cast(Writer, getattr(importlib.import_module(module), function))
    try:
        out.mkdir(parents=True, exist_ok=True)
        return writer(part, out, on_progress)
    except OSError as error:
        raise GraphError(f"{out}: cannot be written: {error.strerror or error}") from None


def batches(table: pa.Table, size: int = ROWS) -> Iterator[pa.Table]:
    """Yield a table in pieces, each of one chunk."""
    for at in range(0, table.num_rows, size):
        yield table.slice(at, size).combine_chunks()


def column(table: pa.Table, name: str) -> pa.Array:
    """Return a column of a piece as one array."""
    found = table.column(name).combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """Open a file for bytes that gets its name when it is complete."""
    unfinished = file.with_name(f".{file.name}.part")
    try:
        with unfinished.open("wb") as handle:
            yield handle
        unfinished.replace(file)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
