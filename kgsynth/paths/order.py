"""The order in which spines and diseases are mined: rare first, nobody twice before all once.

A weighted draw without replacement (Efraimidis and Spirakis 2006): the key of an item is an
exponential variable over its weight, and the weight is rarity times what `focus.seed_worth` says.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.specialties import specialties_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.focus import called_rare, seed_worth
from kgsynth.paths.settings import MiningSettings
from kgsynth.seeding import derive_rng

Floats = NDArray[np.float64]


def rarity_of_nodes(graph: KnowledgeGraph) -> Floats:
    """Return the rarity of every node, 0 where it is not known: shape (n,)."""
    scores = graph.column("rarity_score").fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(scores, np.float64)


def seed_weight(graph: KnowledgeGraph, settings: MiningSettings) -> Floats:
    """Return how much sooner each node comes as the one disease of a question; 0 for never."""
    rarity = rarity_of_nodes(graph)
    fit = rarity >= settings.min_rarity
    return np.where(fit, np.maximum(rarity, 1e-6) * seed_worth(graph, settings.focus), 0.0)


def rare_first(
    graph: KnowledgeGraph, nodes: NDArray[np.int32], settings: MiningSettings, seed: int, label: str
) -> list[int]:
    """Return the nodes that may be mined by lot, those of more weight more often first."""
    weight = seed_weight(graph, settings)[nodes]
    lots = derive_rng(seed, "paths", label).exponential(size=len(nodes))
    some = weight > 0
    order: list[int] = nodes[some][np.argsort(lots[some] / weight[some], kind="stable")].tolist()
    return order


def spread(
    spines: NDArray[np.int32],
    seeds: NDArray[np.uint64],
    first: int,
    graph: KnowledgeGraph,
    settings: MiningSettings,
) -> NDArray[np.int64]:
    """Return the mining order of spines, cut to those that may be mined.

    Every first disease comes before any second time, and so does every one before the last hop:
    the spines of one disease stand far apart. Within a turn the specialties of the first diseases
    take turns too, by the root of their share of what is recorded, so that none dominates.

    Args:
        spines: shape (m, variables); nodes.
        seeds: shape (m,); a seed of its own for each.
        first: The variable that is the first disease.
        graph: The graph.
        settings: Rarity and focus.
    """
    rarity = rarity_of_nodes(graph)
    if settings.focus.rare_only:
        rarity = np.where(called_rare(graph), rarity, -1.0)
    rarest = rarity[spines].max(axis=1, initial=-1.0)
    worth = _worth_on_spine(graph, settings)[spines[:, first]]
    weight = np.maximum(rarest, 0.0) * worth
    lot = -np.log((seeds >> np.uint64(11)) * 2.0**-53 + 2.0**-60) / np.maximum(weight, 1e-6)
    turn = np.zeros(len(spines), np.int64)
    for column in spines.T[[0, -2 if spines.shape[1] > 2 else 0]]:
        turn = np.maximum(turn, _rank_within(column, lot))
    # Where a specialty is asked for, its own diseases come first.
    strata = lot if settings.focus.specialty else _strata(spines[:, first], turn, lot, graph)
    order = np.lexsort((lot, strata, turn))
    keep = (rarest >= settings.min_rarity) & (worth > 0)
    return np.asarray(order[keep[order]], np.int64)


def _strata(
    diseases: NDArray[np.int32], turn: NDArray[np.int64], lot: Floats, graph: KnowledgeGraph
) -> Floats:
    """Return where each spine stands among those of its turn: by its rank in its specialty."""
    branches = specialties_of(graph)
    lead = branches.lead[diseases]
    weight = np.append(np.sqrt(np.maximum(branches.share, 1e-4)), 1.0)[lead]
    group = (turn * (len(branches.ids) + 1) + lead + 1).astype(np.int32)
    return np.asarray((_rank_within(group, lot) + 1) / weight, np.float64)


def _worth_on_spine(graph: KnowledgeGraph, settings: MiningSettings) -> Floats:
    """Return `focus.seed_worth` for chains: the rare disease may stand anywhere on the spine."""
    return seed_worth(graph, replace(settings.focus, rare_only=False))


def _rank_within(group: NDArray[np.int32], key: Floats) -> NDArray[np.int64]:
    """Return the rank of every item among the items of its group, by key."""
    order = np.lexsort((key, group))
    ordered = group[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[first, len(group)])
    ranks = np.empty(len(group), np.int64)
    ranks[order] = np.arange(len(group)) - np.repeat(first, sizes)
    return ranks


def mix(spines: NDArray[np.int32], seed: int) -> NDArray[np.uint64]:
    """Return a seed of its own for every spine, from its nodes and the run's seed."""
    mixed = np.full(len(spines), seed, np.uint64)
    for column in spines.T:
        mixed ^= column.astype(np.uint64)
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
    return mixed
