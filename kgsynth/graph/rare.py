"""The rarest entities of a graph, and how rarity is spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph

#: How many bars the histogram has; each covers an equal part of [0, 1].
BARS = 20


@dataclass(frozen=True, slots=True)
class RareEntity:
    """An entity with what is said of how rare it is.

    Attributes:
        id: Its id.
        name: Its name.
        category: Its category.
        score: Its rarity in [0, 1], 1 for the rarest.
        statements: How many statements it is an end of.
        fit: Whether it may be an answer.
    """

    id: str
    name: str
    category: str
    score: float
    statements: int
    fit: bool


@dataclass(frozen=True, slots=True)
class Rarities:
    """How rarity is spread over the entities of some categories.

    Attributes:
        categories: The categories that were looked at.
        scored: How many of their entities have a score.
        unscored: How many have none.
        median: The middle score; 0 where nothing has one.
        bars: `BARS` counts; bar ``i`` counts scores from ``i / BARS`` to ``(i + 1) / BARS``.
        rarest: The rarest, fit ones first, then those with more statements.
        recipe: How the score is made, from the manifest.
    """

    categories: tuple[str, ...]
    scored: int
    unscored: int
    median: float
    bars: tuple[int, ...]
    rarest: tuple[RareEntity, ...]
    recipe: Mapping[str, Any]


def rarities(graph: KnowledgeGraph, categories: tuple[str, ...] = (), top: int = 20) -> Rarities:
    """Return how rare the entities of a graph are.

    Args:
        graph: The graph.
        categories: Only entities of these; empty for every category that has a score.
        top: How many of the rarest to name.

    Raises:
        UsageError: If the graph has no entity of a category.

    Example:
        >>> from kgsynth.graph.example import example_graph
        >>> rarities(example_graph(), ("Disease",)).scored
        2
    """
    chosen = np.ones(len(graph), dtype=np.bool_)
    if categories:
        _check(graph, categories)
        column = graph.column("category")
        chosen = np.asarray(pc.is_in(column, value_set=pa.array(list(categories))))
    scores = pc.fill_null(graph.column("rarity_score").cast(pa.float64()), np.nan).to_numpy(
        zero_copy_only=False
    )
    has_score = chosen & ~np.isnan(scores)
    if not categories:
        kinds = pc.unique(graph.column("category").filter(pa.array(has_score)))
        categories = tuple(sorted(kinds.to_pylist()))
        chosen = np.asarray(pc.is_in(graph.column("category"), value_set=kinds))
    places = np.flatnonzero(has_score)
    bars, _ = np.histogram(scores[places], bins=BARS, range=(0, 1))
    return Rarities(
        categories=categories,
        scored=len(places),
        unscored=int(chosen.sum()) - len(places),
        median=float(np.median(scores[places])) if len(places) else 0.0,
        bars=tuple(bars.tolist()),
        rarest=_rarest(graph, scores, places, top),
        recipe=graph.manifest["settings"].get("rarity", {}),
    )


def _check(graph: KnowledgeGraph, categories: tuple[str, ...]) -> None:
    known = set(pc.unique(graph.column("category")).to_pylist())
    for one in categories:
        if one not in known:
            raise UsageError(
                f"the graph has no entity of category {one!r}; it has {', '.join(sorted(known))}"
            )


def _rarest(
    graph: KnowledgeGraph, scores: NDArray[np.float64], places: NDArray[np.int64], top: int
) -> tuple[RareEntity, ...]:
    degrees = graph.adjacency.degrees()[places]
    unfit = graph.column("is_group").to_numpy(zero_copy_only=False)[places]
    order = np.lexsort((places, -degrees, -scores[places], unfit))[:top]
    return tuple(
        RareEntity(
            id=graph.id_of(place),
            name=graph.name_of(place),
            category=graph.category_of(place),
            score=round(float(scores[place]), 4),
            statements=int(degrees[at]),
            fit=not unfit[at],
        )
        for at, place in zip(order.tolist(), places[order].tolist(), strict=True)
    )
