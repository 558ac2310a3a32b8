"""A graph with some of its statements out of sight: what answers would be without them."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.adjacency import Csr
from kgsynth.graph.store import Direction, KnowledgeGraph


class ThinnedGraph(KnowledgeGraph):
    """A graph as a solver sees it once statements are left out; the folder stays as it is.

    Only what walks along adjacencies (`csr`, `neighbours` of one predicate, `answers`, `ancestors`)
    leaves them out. What was worked out when the graph was built stays: who is contested, and what
    an entity's information content is.

    Args:
        graph: The graph.
        hidden: shape (n_edges,); which rows of its edges are left out.
    """

    def __init__(self, graph: KnowledgeGraph, hidden: NDArray[np.bool_]) -> None:
        super().__init__(graph.folder, graph.manifest)
        self._hidden = hidden
        self._thin: dict[tuple[str, str, bool], Csr] = {}

    def csr(
        self, predicate: str, direction: Direction = "forward", *, negated: bool = False
    ) -> Csr:
        """Return the adjacency of one predicate without what is left out."""
        key = (predicate, direction, negated)
        if key not in self._thin:
            whole = super().csr(predicate, direction, negated=negated)
            kept = ~self._hidden[whole.rows]
            before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept, dtype=np.int64)])
            self._thin[key] = Csr(before[whole.indptr], whole.indices[kept], whole.rows[kept])
        return self._thin[key]


def thin(
    graph: KnowledgeGraph, share: float, seed: int, predicates: tuple[str, ...]
) -> ThinnedGraph:
    """Return a graph without a share of its statements, drawn by lot.

    Args:
        graph: The graph.
        share: How many of them go, in [0, 1].
        seed: Decides which.
        predicates: Only these are drawn from, denials included.
    """
    hidden = np.zeros(graph.n_edges, np.bool_)
    for predicate in predicates:
        for negated in (False, True):
            hidden[graph.csr(predicate, negated=negated).rows] = True
    rows = np.flatnonzero(hidden)
    rng = np.random.default_rng(seed)
    hidden[rows] = rng.random(len(rows)) < share
    return ThinnedGraph(graph, hidden)
