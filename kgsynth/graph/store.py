"""The knowledge graph as everyone uses it: entities, statements, neighbours, closure, answers.

    graph = KnowledgeGraph.load("outputs/graph")
    graph.node("HP:0001250").name  # 'Seizure'

A graph is read only. Its tables are memory-mapped; integer indices follow the order of
``nodes.parquet`` (ascending ids) and are stable for one graph.
"""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.errors import GraphError, UnknownEntityError
from kgsynth.graph.index import FOLDER, Csr, csr_name
from kgsynth.graph.statements import Statements
from kgsynth.records import Edge, Node, Query

#: The version of the graph folder that this release reads and writes.
FORMAT = 2

Direction = Literal["forward", "inverse"]


class KnowledgeGraph:
    """A graph folder, opened. Make one with `load`."""

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        self.folder = folder
        self.manifest = manifest
        self.fingerprint: str = manifest["fingerprint"]
        self._nodes = _open_arrow(folder / FOLDER / "nodes.arrow")
        self._edges = _open_arrow(folder / FOLDER / "edges.arrow")
        self._columns = {
            name: self._nodes.column(name).chunk(0) for name in self._nodes.schema.names
        }
        self.flags: NDArray[np.uint8] = _open_array(folder / FOLDER / "flags.npy")
        self._csr: dict[str, Csr] = {}
        self._index: dict[str, int] = {}

    @classmethod
    def load(cls, folder: str | Path) -> "KnowledgeGraph":
        """Open a graph folder.

        Args:
            folder: Made by ``kgsynth build-graph``.

        Raises:
            GraphError: If the folder is absent, half written, damaged, or of another version.
        """
        folder = Path(folder)
        manifest = _read_manifest(folder)
        try:
            return cls(folder, manifest)
        except (OSError, pa.ArrowException, KeyError, ValueError, IndexError) as error:
            raise GraphError(
                f"{folder}: the graph is damaged or half written ({error}); "
                f"build it again with `kgsynth build-graph --out {folder}`"
            ) from error

    def __len__(self) -> int:
        """Return how many entities the graph has."""
        return int(self._nodes.num_rows)

    def __contains__(self, curie: object) -> bool:
        """Say whether an id is in the graph."""
        return isinstance(curie, str) and self._find(curie) is not None

    def __repr__(self) -> str:
        """Show where the graph is and how large."""
        return f"KnowledgeGraph({str(self.folder)!r}, {len(self):,} nodes, {self.n_edges:,} edges)"

    @property
    def n_edges(self) -> int:
        """How many statements the graph has, denials included."""
        return int(self._edges.num_rows)

    # ---- entities --------------------------------------------------------------------------

    def index_of(self, curie: str) -> int:
        """Return an entity's integer index.

        Raises:
            UnknownEntityError: If the graph has no such id.
        """
        found = self._find(curie)
        if found is None:
            raise UnknownEntityError(
                f"no entity {curie!r} in {self.folder}; try `kgsynth graph find TEXT`"
            )
        return found

    def _find(self, curie: str) -> int | None:
        if not self._index:
            self._index = {text: i for i, text in enumerate(self._ids)}
        return self._index.get(curie)

    def id_of(self, index: int) -> str:
        """Return the id of an entity, given its index."""
        return self._ids[index]

    @functools.cached_property
    def _ids(self) -> list[str]:
        ids: list[str] = self._columns["id"].to_pylist()
        return ids

    def name_of(self, index: int) -> str:
        """Return the name of an entity, given its index."""
        return str(self._columns["name"][index])

    def category_of(self, index: int) -> str:
        """Return the Biolink category of an entity, given its index."""
        return str(self._columns["category"][index])

    def column(self, name: str) -> pa.Array:
        """Return one column of the node table, in index order."""
        return self._columns[name]

    @functools.lru_cache(maxsize=65536)  # noqa: B019  a graph lives as long as its process
    def node(self, curie: str) -> Node:
        """Return an entity.

        Raises:
            UnknownEntityError: If the graph has no such id.
        """
        row = self.index_of(curie)
        value = {name: self._columns[name][row].as_py() for name in _NODE_FIELDS}
        value["synonyms"] = tuple(value["synonyms"])
        value["equivalent_ids"] = tuple(value["equivalent_ids"])
        return Node(**value)

    @functools.lru_cache(maxsize=65536)  # noqa: B019
    def surfaces(self, curie: str) -> tuple[str, ...]:
        """Return every spelling by which a text may mention an entity: phrase, name, synonyms."""
        node = self.node(curie)
        lay = self._columns["lay"][self.index_of(curie)].as_py() if "lay" in self._columns else []
        spellings = (node.phrase, node.name, *node.synonyms, *lay)
        return tuple(dict.fromkeys(text for text in spellings if text))

    # ---- statements ------------------------------------------------------------------------

    @functools.lru_cache(maxsize=65536)  # noqa: B019
    def edge_at(self, row: int) -> Edge:
        """Return the statement in one row of the edge table."""
        return self._statements.edge(row)

    def edge(self, edge_id: str) -> Edge:
        """Return a statement by its id.

        Raises:
            UnknownEntityError: If the graph has no such statement.
        """
        row = self._edge_rows.get(edge_id)
        if row is None:
            raise UnknownEntityError(f"no edge {edge_id!r} in {self.folder}")
        return self.edge_at(row)

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
        csr = self.csr(predicate, "forward", negated=negated)
        near = csr.of(start)
        at = int(np.searchsorted(near, end))
        if at == len(near) or near[at] != end:
            return None
        return int(csr.rows_of(start)[at])

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

    def neighbours(self, curie: str, predicate: str, direction: Direction = "forward") -> list[str]:
        """Return the ids that positive statements of one predicate join to an entity."""
        return [self.id_of(int(i)) for i in self.csr(predicate, direction).of(self.index_of(curie))]

    def csr(
        self, predicate: str, direction: Direction = "forward", *, negated: bool = False
    ) -> Csr:
        """Return the adjacency of one predicate; an empty one where no edge has it.

        Positive adjacencies hold contested edges too; `flags` tells them apart.
        """
        stem = csr_name(predicate, direction, negated)
        if stem not in self._csr:
            self._csr[stem] = self._read_csr(stem)
        return self._csr[stem]

    def _read_csr(self, stem: str) -> Csr:
        folder = self.folder / FOLDER
        if not (folder / f"{stem}.indptr.npy").exists():
            none = np.zeros(0, dtype=np.int32)
            return Csr(np.zeros(len(self) + 1, dtype=np.int64), none, none)
        return Csr(*(_open_array(folder / f"{stem}.{part}.npy") for part in Csr._fields))

    @functools.cached_property
    def predicates(self) -> tuple[str, ...]:
        """The predicates that occur, in alphabetical order."""
        files = (self.folder / FOLDER).glob("*.forward.indptr.npy")
        return tuple(sorted({file.name.split(".")[0].removesuffix("-") for file in files}))

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
        csr = self.csr("subclass_of", direction)
        seen, stack = {start}, [start]
        while stack:
            for near in csr.of(stack.pop()).tolist():
                if near not in seen:
                    seen.add(near)
                    stack.append(near)
        return frozenset(self.id_of(i) for i in seen if i != start)

    @functools.lru_cache(maxsize=65536)  # noqa: B019
    def subclass_path(self, descendant: str, ancestor: str) -> tuple[Edge, ...]:
        """Return the statements of a shortest ``subclass_of`` path; empty where both are equal.

        Raises:
            UnknownEntityError: If there is no such path.
        """
        start, goal = self.index_of(descendant), self.index_of(ancestor)
        csr = self.csr("subclass_of", "forward")
        came: dict[int, tuple[int, int]] = {start: (-1, -1)}
        level = [start]
        while level and goal not in came:
            after = []
            for node in level:
                for near, row in zip(
                    csr.of(node).tolist(), csr.rows_of(node).tolist(), strict=True
                ):
                    if near not in came:
                        came[near] = (node, row)
                        after.append(near)
            level = after
        if goal not in came:
            raise UnknownEntityError(f"{ancestor!r} is no ancestor of {descendant!r}")
        return tuple(self.edge_at(row) for row in _rows_back(came, goal))

    # ---- whole tables, queries -------------------------------------------------------------

    def nodes(self) -> pa.Table:
        """Return the node table, in index order."""
        return self._nodes

    def edges(self) -> pa.Table:
        """Return the edge table."""
        return self._edges

    def answers(self, query: Query) -> tuple[str, ...]:
        """Return the complete answer set of a query: sorted ids; see `graph.answers`."""
        from kgsynth.graph.answers import answers

        return answers(self, query)


_NODE_FIELDS = tuple(Node.__dataclass_fields__)


def _rows_back(came: dict[int, tuple[int, int]], goal: int) -> Iterator[int]:
    rows = []
    while came[goal][0] != -1:
        goal, row = came[goal]
        rows.append(row)
    return reversed(rows)


def _open_arrow(file: Path) -> pa.Table:
    table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    return (
        table if all(column.num_chunks == 1 for column in table.columns) else table.combine_chunks()
    )


def _open_array(file: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(file, mmap_mode="r")
    return array


def _read_manifest(folder: Path) -> dict[str, Any]:
    file = folder / "manifest.json"
    if not file.exists():
        what = "is half written" if folder.exists() and any(folder.iterdir()) else "does not exist"
        raise GraphError(
            f"{folder}: the graph {what} (no manifest.json); "
            f"build it with `kgsynth build-graph --out {folder}`"
        )
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GraphError(f"{file}: not JSON ({error}); build the graph again") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise GraphError(
            f"{file}: graph format {found!r}, this kgsynth reads format {FORMAT}; "
            f"build it again with `kgsynth build-graph --out {folder}`"
        )
    return manifest
