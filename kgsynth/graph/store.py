"""The knowledge graph as everyone uses it: entities, statements, neighbours, closure, answers.

    graph = KnowledgeGraph.load("outputs/graph")
    graph.node("HP:0001250").name  # 'Seizure'

A graph is read only. Its tables are memory-mapped; integer indices follow the order of
``nodes.parquet`` (ascending ids) and are stable for one graph. The examples below use a graph of
a dozen entities that comes with kgsynth:

    >>> from kgsynth.graph.example import example_graph
    >>> graph = example_graph()
    >>> graph.find("fabri disease")[0].id
    'MONDO:0010526'
"""

import functools
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.errors import GraphError, UnknownEntityError
from kgsynth.graph.adjacency import Adjacency, Csr, Direction, open_array
from kgsynth.graph.entities import Entities
from kgsynth.graph.folder import FORMAT, open_arrow, read_manifest
from kgsynth.graph.hierarchy import reached, shortest
from kgsynth.graph.index import FOLDER
from kgsynth.graph.statements import Statements
from kgsynth.memo import Memo
from kgsynth.records import Edge, Query

if TYPE_CHECKING:
    from kgsynth.graph.subgraph import Subgraph

__all__ = ["FORMAT", "Direction", "KnowledgeGraph"]

#: Up to so many edges are found by their id in a dictionary; in a larger graph by looking.
_FEW_EDGES = 1 << 21


class KnowledgeGraph(Entities):
    """A graph folder, opened. Make one with `load`."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        super().__init__(folder)
        self.manifest = manifest
        self.fingerprint: str = manifest["fingerprint"]
        self._edges = open_arrow(folder / FOLDER / "edges.arrow")
        self.flags: NDArray[np.uint8] = open_array(folder / FOLDER / "flags.npy")
        self.adjacency = Adjacency.open(folder / FOLDER)
        self._known_edges: Memo[int, Edge] = Memo(self._edge)
        self._csr: dict[tuple[str, str, bool], Csr] = {}
        self._forward = Memo(self._open_forward)
        self._is_small = self.n_edges <= _FEW_EDGES

    @classmethod
    def load(cls, folder: str | Path) -> "KnowledgeGraph":
        """Open a graph folder: a few milliseconds, whatever its size.

        Args:
            folder: Made by ``kgsynth build-graph``.

        Raises:
            GraphError: If the folder is absent, half written, damaged, or of another version.
        """
        folder = Path(folder)
        manifest = read_manifest(folder)
        try:
            return cls(folder, manifest)
        except (OSError, pa.ArrowException, KeyError, ValueError, IndexError) as error:
            raise GraphError(
                f"{folder}: the graph is damaged or half written ({error}); "
                f"build it again with `kgsynth build-graph --out {folder}`"
            ) from error

    def __repr__(self) -> str:
        """Show where the graph is and how large."""
        return f"KnowledgeGraph({str(self.folder)!r}, {len(self):,} nodes, {self.n_edges:,} edges)"

    @property
    def n_edges(self) -> int:
        """How many statements the graph has, denials included."""
        return int(self._edges.num_rows)

    # ---- statements ------------------------------------------------------------------------

    def edge_at(self, row: int) -> Edge:
        """Return the statement in one row of the edge table."""
        return self._known_edges[row]

    def _edge(self, row: int) -> Edge:
        return self._statements.edge(row)

    def edge(self, edge_id: str) -> Edge:
        """Return a statement by its id.

        Raises:
            UnknownEntityError: If the graph has no such statement.
        """
        row = self._row_of(edge_id)
        if row is None:
            raise UnknownEntityError(f"no edge {edge_id!r} in {self.folder}")
        return self.edge_at(row)

    def known_edges(self, edge_ids: Iterable[str]) -> dict[str, Edge]:
        """Return those of some statements that the graph has, by id, in the order given."""
        found = {edge_id: self._row_of(edge_id) for edge_id in edge_ids}
        at = self._known_edges
        return {edge_id: at[row] for edge_id, row in found.items() if row is not None}

    def _row_of(self, edge_id: str) -> int | None:
        if self._is_small:
            return self._edge_rows.get(edge_id)
        row = int(pc.index(self._edges.column("id"), edge_id).as_py())
        return None if row < 0 else row

    def find_statement_rows(self) -> None:
        """Make now the table of ids that the first statement asked for by its id needs."""
        if self._is_small:
            _ = self._edge_rows, self._statements

    @functools.cached_property
    def _statements(self) -> Statements:
        return Statements(self._edges)

    @functools.cached_property
    def _edge_rows(self) -> dict[str, int]:
        return {text: i for i, text in enumerate(self._edges.column("id").chunk(0).to_pylist())}

    def edge_row(
        self, subject: str, predicate: str, object_: str, *, negated: bool = False
    ) -> int | None:
        """Return the row of a statement, or None where the graph does not hold it."""
        start, end = self._find(subject), self._find(object_)
        if start is None or end is None:
            return None
        # One look into a short list: no work for numpy.
        first, objects, rows = self._forward[predicate, negated]
        at, past = bisect_left(objects, end, first[start], first[start + 1]), first[start + 1]
        return rows[at] if at < past and objects[at] == end else None

    def _open_forward(self, key: tuple[str, bool]) -> tuple["memoryview[int]", ...]:
        csr = self.csr(key[0], "forward", negated=key[1])
        return csr.indptr.data, csr.indices.data, csr.rows.data

    def find_edge(
        self, subject: str, predicate: str, object_: str, negated: bool = False
    ) -> Edge | None:
        """Return the asserted statement (not one by closure), or None where there is none."""
        row = self.edge_row(subject, predicate, object_, negated=negated)
        return None if row is None else self.edge_at(row)

    def edges_of(
        self,
        curie: str,
        predicate: str,
        direction: Direction = "forward",
        negated: bool = False,
    ) -> list[Edge]:
        """Return an entity's statements of one predicate, as subject or (inverse) as object."""
        csr = self.csr(predicate, direction, negated=negated)
        return [self.edge_at(int(row)) for row in csr.rows_of(self.index_of(curie))]

    def neighbours(
        self, curie: str, predicate: str | None = None, direction: Direction | None = None
    ) -> list[str]:
        """Return the ids that positive statements join to an entity, ascending.

        Args:
            curie: Its id, in any spelling.
            predicate: Only statements of this predicate; None for all.
            direction: ``forward`` for its objects, ``inverse`` for its subjects. None is forward
                where a predicate is named, and both where none is.

        Raises:
            UnknownEntityError: If the graph has no such id; the message names likely ones.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> graph = example_graph()
            >>> graph.neighbours("MONDO:0010526", predicate="has_phenotype")
            ['HP:0000083', 'HP:0001014', 'HP:0003401']
            >>> graph.neighbours("NCBIGene:2717")
            ['MONDO:0010526']
        """
        at = self.index_of(self.resolve(curie))
        if predicate is None:
            found = self._joined(at, direction)
        else:
            found = self.csr(predicate, direction or "forward").of(at).tolist()
        return [self.id_of(index) for index in found]

    def _joined(self, at: int, direction: Direction | None) -> list[int]:
        """Return what positive statements of any predicate join to a node, ascending."""
        ends: set[int] = set()
        ways: tuple[Direction, ...] = ("forward", "inverse") if direction is None else (direction,)
        for way in ways:
            near, _, kinds = self.adjacency.around(at, way)
            ends.update(near[kinds % 2 == 0].tolist())
        return sorted(ends)

    def subgraph(
        self, ids: str | Iterable[str], radius: int = 1, predicates: Iterable[str] | None = None
    ) -> "Subgraph":
        """Return a part of the graph: some entities, what surrounds them, all edges between.

        Args:
            ids: An id or several, in any spelling.
            radius: How many edges away from them, in either direction.
            predicates: Only edges of these; None for all.

        Raises:
            UnknownEntityError: If the graph has no such id; the message names likely ones.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> part = example_graph().subgraph("MONDO:0010526", radius=2)
            >>> part
            Subgraph(9 nodes, 11 edges)
            >>> "NCBIGene:2717" in part
            True
        """
        from kgsynth.graph.subgraph import take

        names = [ids] if isinstance(ids, str) else list(ids)
        at = [self.index_of(self.resolve(one)) for one in names]
        return take(self, at, radius, None if predicates is None else tuple(predicates))

    def csr(
        self, predicate: str, direction: Direction = "forward", *, negated: bool = False
    ) -> Csr:
        """Return the adjacency of one predicate; an empty one where no edge has it.

        Positive adjacencies hold contested edges too; `flags` tells them apart.
        """
        key = (predicate, direction, negated)
        if key not in self._csr:
            self._csr[key] = self.adjacency.csr(predicate, direction, negated)
        return self._csr[key]

    @property
    def predicates(self) -> tuple[str, ...]:
        """The predicates that occur, in alphabetical order."""
        return self.adjacency.predicates

    # ---- the hierarchy ---------------------------------------------------------------------

    def ancestors(self, curie: str) -> frozenset[str]:
        """Return everything above an entity by ``subclass_of``, itself left out."""
        return self._reach(curie, "forward")

    def descendants(self, curie: str) -> frozenset[str]:
        """Return everything below an entity by ``subclass_of``, itself left out."""
        return self._reach(curie, "inverse")

    @functools.lru_cache(maxsize=65536)  # noqa: B019
    def _reach(self, curie: str, direction: Direction) -> frozenset[str]:
        start = self.index_of(curie)
        seen = reached(self.csr("subclass_of", direction), start)
        return frozenset(self.id_of(i) for i in seen if i != start)

    @functools.lru_cache(maxsize=65536)  # noqa: B019
    def subclass_path(self, descendant: str, ancestor: str) -> tuple[Edge, ...]:
        """Return the statements of a shortest ``subclass_of`` path; empty where both are equal.

        Raises:
            UnknownEntityError: If there is no such path.
        """
        start, goal = self.index_of(descendant), self.index_of(ancestor)
        rows = shortest(self.csr("subclass_of", "forward"), start, goal)
        if rows is None:
            raise UnknownEntityError(f"{ancestor!r} is no ancestor of {descendant!r}")
        return tuple(self.edge_at(row) for row in rows)

    # ---- whole tables, queries -------------------------------------------------------------

    def edges(self) -> pa.Table:
        """Return the edge table."""
        return self._edges

    def answers(self, query: Query) -> tuple[str, ...]:
        """Return the complete answer set of a query: sorted ids; see `graph.answers`.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> from kgsynth.records import Query, QueryEdge, Variable
            >>> burning = QueryEdge("?d", "has_phenotype", "HP:0003401")  # paresthesia
            >>> query = Query("?d", (Variable("?d", "Disease"),), (burning,), ("HP:0003401", "?d"))
            >>> example_graph().answers(query)
            ('MONDO:0010526',)
        """
        from kgsynth.graph.answers import answers

        return answers(self, query)
