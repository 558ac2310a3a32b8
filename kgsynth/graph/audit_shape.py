"""The shape of a graph: what is in it, in how many pieces, and how unevenly it is joined."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.adjacency import Adjacency, Int64
from kgsynth.graph.store import KnowledgeGraph

#: How many hubs are named.
HUBS = 15


@dataclass(frozen=True, slots=True)
class Degrees:
    """How many edges the entities of one category have.

    Attributes:
        category: The category.
        count: How many entities.
        median: Edges of the middle one.
        p90: Edges that nine of ten do not exceed.
        most: Edges of the best connected.
        single: How many have none.
    """

    category: str
    count: int
    median: int
    p90: int
    most: int
    single: int


@dataclass(frozen=True, slots=True)
class Hub:
    """A well connected entity: id, name, category and how many edges it has."""

    id: str
    name: str
    category: str
    degree: int


@dataclass(frozen=True, slots=True)
class Shape:
    """What is in a graph and how it hangs together.

    Attributes:
        nodes: Entities.
        edges: Edges, denials included.
        evidence: Evidences.
        categories: Entities by category, most first.
        predicates: Edges by predicate, most first; denials as ``NOT …``.
        components: Pieces that no edge joins, single entities included.
        largest: Share of the entities that are in the largest piece.
        degrees: By category, most entities first.
        spread: Entities by degree: 0, 1, 2–3, 4–7, 8–15 ….
        hubs: The best connected entities.
    """

    nodes: int
    edges: int
    evidence: int
    categories: dict[str, int]
    predicates: dict[str, int]
    components: int
    largest: float
    degrees: tuple[Degrees, ...]
    spread: dict[str, int]
    hubs: tuple[Hub, ...]


def measure(graph: KnowledgeGraph) -> Shape:
    """Return the shape of a graph."""
    near, degrees = graph.adjacency, graph.adjacency.degrees()
    sizes = np.bincount(components(near)) if len(graph) else np.zeros(0, dtype=np.int64)
    sizes = sizes[sizes > 0]
    return Shape(
        nodes=len(graph),
        edges=graph.n_edges,
        evidence=_evidences(graph),
        categories=_tally(graph.column("category")),
        predicates=_predicates(near),
        components=len(sizes),
        largest=round(float(sizes.max() / sizes.sum()), 4) if len(sizes) else 0.0,
        degrees=_degrees(graph, degrees),
        spread=_spread(degrees),
        hubs=_hubs(graph, degrees),
    )


def components(near: Adjacency) -> Int64:
    """Return for each node the smallest node that it hangs together with: shape (n_nodes,).

    Note:
        Labels flow over all edges at once and are shortened by following them, a few rounds of
        a few operations an edge.

    Source:
        The min-label method of R. E. Tarjan and U. Vishkin's parallel connected components (1985),
        without the randomness.
    """
    label = np.arange(near.n_nodes)
    tails = np.repeat(label, np.diff(near.starts))
    while True:
        lower = np.minimum(label[tails], label[near.objects])
        after = label.copy()
        # The label of a label's own node falls as well, so that whole trees move at once.
        for ends in (tails, near.objects):
            np.minimum.at(after, ends, lower)
            np.minimum.at(after, label[ends], lower)
        while not np.array_equal(shorter := after[after], after):
            after = shorter
        if np.array_equal(after, label):
            return label
        label = after


def _predicates(near: Adjacency) -> dict[str, int]:
    counts = np.bincount(near.kinds, minlength=2 * len(near.predicates)).tolist()
    named = {
        ("NOT " if code % 2 else "") + near.predicates[code // 2]: count
        for code, count in enumerate(counts)
        if count
    }
    return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))


def _evidences(graph: KnowledgeGraph) -> int:
    return int(pc.sum(pc.list_value_length(graph.edges()["evidence"])).as_py() or 0)


def _tally(column: pa.Array) -> dict[str, int]:
    counted = {one["values"]: one["counts"] for one in pc.value_counts(column).to_pylist()}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _degrees(graph: KnowledgeGraph, degrees: Int64) -> tuple[Degrees, ...]:
    kinds = graph.column("category").dictionary_encode()
    codes = kinds.indices.to_numpy()
    found = []
    for code, name in enumerate(kinds.dictionary.to_pylist()):
        mine = degrees[codes == code]
        median, p90 = np.percentile(mine, (50, 90), method="lower").tolist()
        found.append(
            Degrees(name, len(mine), int(median), int(p90), int(mine.max()), int((mine == 0).sum()))
        )
    return tuple(sorted(found, key=lambda one: (-one.count, one.category)))


def _spread(degrees: NDArray[np.int64]) -> dict[str, int]:
    bins = np.zeros(len(degrees), dtype=np.int64)
    some = degrees > 0
    bins[some] = np.floor(np.log2(degrees[some])).astype(np.int64) + 1
    counts = np.bincount(bins).tolist()
    return {_span(at): count for at, count in enumerate(counts)}


def _span(at: int) -> str:
    """Return the degrees of a bin in words.

    Example:
        >>> _span(0), _span(1), _span(3)
        ('0', '1', '4–7')
    """
    low, high = (1 << at) >> 1, (1 << at) - 1
    return str(low) if low == high else f"{low:,}–{high:,}"


def _hubs(graph: KnowledgeGraph, degrees: Int64) -> tuple[Hub, ...]:
    best = np.lexsort((np.arange(len(degrees)), -degrees))[:HUBS].tolist()
    return tuple(
        Hub(graph.id_of(at), graph.name_of(at), graph.category_of(at), int(degrees[at]))
        for at in best
    )
