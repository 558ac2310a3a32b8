"""A part of a graph: some nodes and every edge between them, to look at or to hand on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kgsynth.records import Edge, Node

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

#: More rows than these are counted in a notebook, not shown.
SHOWN = 20


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Subgraph:
    """A part of a graph. Make one with `KnowledgeGraph.subgraph`.

    Attributes:
        graph: The whole.
        indices: shape (n_nodes,); indices of the nodes in the whole, ascending.
        rows: shape (n_edges,); rows of the edges in the whole, ascending.
    """

    graph: KnowledgeGraph
    indices: NDArray[np.int64]
    rows: NDArray[np.int64]

    def __len__(self) -> int:
        """Return how many nodes there are."""
        return len(self.indices)

    def __contains__(self, curie: object) -> bool:
        """Say whether an id of the graph is among the nodes."""
        return isinstance(curie, str) and curie in set(self.ids)

    def __repr__(self) -> str:
        """Show how large it is."""
        return f"Subgraph({len(self):,} nodes, {len(self.rows):,} edges)"

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the nodes, ascending."""
        return tuple(self.graph.id_of(int(index)) for index in self.indices)

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes, in the order of their ids."""
        return (self.graph.node(curie) for curie in self.ids)

    def edges(self) -> Iterator[Edge]:
        """Yield the edges with their evidence, by subject, predicate and object."""
        return (self.graph.edge_at(int(row)) for row in self.rows)

    def to_networkx(self) -> Any:
        """Return a networkx ``MultiDiGraph`` with the attributes of nodes and edges.

        Example:
            >>> from kgsynth.graph.example import example_graph
            >>> part = example_graph().subgraph("NCBIGene:2717")
            >>> sorted(part.to_networkx())
            ['MONDO:0010526', 'NCBIGene:2717']
        """
        from kgsynth.graph.views.networkx import to_networkx

        return to_networkx(self.graph, self.ids)

    def _repr_html_(self) -> str:
        """Show nodes by category and the first edges as a table: what a notebook prints."""
        kinds = Counter(self.graph.category_of(int(index)) for index in self.indices)
        counted = ", ".join(f"{escape(kind)} {count:,}" for kind, count in kinds.most_common())
        table = self.graph.edges().take(self.rows[:SHOWN])
        lines = [
            "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in cells) + "</tr>"
            for cells in (
                (self._name(row["subject"]), _said(row), self._name(row["object"]))
                for row in table.select(["subject", "predicate", "object", "negated"]).to_pylist()
            )
        ]
        left = len(self.rows) - len(lines)
        more = f"<p>and {left:,} more edges</p>" if left else ""
        return (
            f"<p><b>{len(self):,} nodes, {len(self.rows):,} edges</b>: {counted}</p>"
            f"<table>{''.join(lines)}</table>{more}"
        )

    def _name(self, curie: str) -> str:
        return self.graph.name_of(self.graph.index_of(curie))


def _said(row: dict[str, Any]) -> str:
    return ("NOT " if row["negated"] else "") + str(row["predicate"]).replace("_", " ")


def take(
    graph: KnowledgeGraph, start: list[int], radius: int, predicates: tuple[str, ...] | None = None
) -> Subgraph:
    """Return the nodes within some edges of a start, and all edges between them.

    Args:
        graph: The whole.
        start: Indices of nodes.
        radius: How many edges away, in either direction.
        predicates: Only edges of these; None for all.
    """
    near = graph.adjacency
    known = np.isin(near.kinds // 2, _codes(near.predicates, predicates)) if predicates else None
    inside = near.reach(np.array(start, dtype=np.int64), radius, known)
    rows = near.between(inside)
    return Subgraph(graph, inside, rows if known is None else rows[known[rows]])


def _codes(names: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    return [names.index(name) for name in wanted if name in names]
