"""What of a graph can carry questions of a kind, known before anything is mined.

A number of carriers is an upper bound: not every fit spine has clues that keep all rules.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import Miner, serves
from kgsynth.paths.focus import Focus, called_rare
from kgsynth.paths.order import rarity_of_nodes, seed_weight
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import load_spines

#: Relations and answer of the kinds that have no spine templates. A comparison asks by what it
#: compares: any of these.
_ASKS: dict[str, tuple[tuple[str, ...], str]] = {
    "dual": (("has_phenotype",), "PhenotypicFeature"),
    "comparison": (("has_attribute", "causes"), "Disease"),
}
_CONJUNCTION = (("has_phenotype",), "Disease")

#: Kinds that ask about what is denied.
_DENIED = frozenset({"exclusion", "dual"})


@dataclass(frozen=True, slots=True)
class Carriers:
    """What can carry questions.

    Attributes:
        count: Fit spines of a chain; diseases of other kinds.
        answers: How many different answers they have.
        most: How many questions they can carry at most; -1 where nobody can say before mining.
        what: What `count` counts, for people.
    """

    count: int
    answers: int
    most: int
    what: str


def carriers(graph: KnowledgeGraph, kind: str, settings: MiningSettings, n: int) -> Carriers:
    """Return what of a graph can carry questions of a kind in a focus.

    Args:
        graph: The graph.
        kind: The kind.
        settings: With the focus.
        n: The rows of the run, which decide how often one disease may be the answer.
    """
    if kind == "chain":
        ends = _ends_of_spines(graph, settings)
        return Carriers(len(ends), len(np.unique(ends)), len(ends), "fit spines")
    seeds = _seeds(graph, kind, settings)
    count = int(seeds.sum()) if asks(kind, settings.focus) else 0
    most = -1 if count else 0
    if kind == "differential":
        most = count * max(1, int(n * settings.max_answer_share))
    if kind == "dual":
        most = 2 * int(np.diff(graph.csr("has_phenotype", negated=True).indptr)[seeds].sum())
    return Carriers(count, count, most, "diseases")


def _ends_of_spines(graph: KnowledgeGraph, settings: MiningSettings) -> NDArray[np.int32]:
    """Return the last entity of each fit spine that can carry the focus."""
    spines = load_spines(settings.hops, graph, settings.template)
    miner = Miner(graph, settings, 0)
    walked = [miner.lode(spine).spines for spine in spines if serves(spine, settings)]
    return np.concatenate([np.zeros(0, np.int32), *(nodes[:, -1] for nodes in walked)])


def asks(kind: str, focus: Focus) -> bool:
    """Say whether questions of a kind without spine templates can have what a focus asks for."""
    return focus.fits(*_ASKS.get(kind, _CONJUNCTION))


def why_none(graph: KnowledgeGraph, kind: str, settings: MiningSettings) -> str:
    """Return what a graph lacks that every question of a kind needs, or ""."""
    if kind != "chain" and "Disease" not in graph.column("category").unique().to_pylist():
        return "it has no entity of category Disease"
    if kind != "chain" and "has_phenotype" not in graph.predicates:
        return "it has no has_phenotype, no finding of any disease"
    if kind in _DENIED and not len(graph.csr("has_phenotype", negated=True).indices):
        return "it holds no denial, and the questions need one: no source says what a disease lacks"
    if settings.focus.rare_only and not called_rare(graph).any():
        return "no source of it calls a disease rare"
    rarity = rarity_of_nodes(graph)
    # On a chain any entity may be the rare one; elsewhere it is the disease that is asked about.
    rarest = float((rarity if kind == "chain" else rarity[_diseases(graph)]).max(initial=0.0))
    if rarest < settings.min_rarity:
        return (
            f"nothing in it is rare enough: the rarest has a score of {rarest:.2f}, --min-rarity "
            f"is {settings.min_rarity:g}"
        )
    return ""


def _seeds(graph: KnowledgeGraph, kind: str, settings: MiningSettings) -> NDArray[np.bool_]:
    """Return the diseases that a question of one step may be about."""
    disease = _diseases(graph)
    known = np.diff(graph.csr("has_phenotype").indptr) > 1
    group = graph.column("is_group").to_numpy(zero_copy_only=False)
    found = disease & known & ~group & (seed_weight(graph, settings) > 0)
    if kind in _DENIED:
        found &= np.diff(graph.csr("has_phenotype", negated=True).indptr) > 0
    return np.asarray(found, np.bool_)


def _diseases(graph: KnowledgeGraph) -> NDArray[np.bool_]:
    column = graph.column("category").to_numpy(zero_copy_only=False)
    return np.asarray(column == "Disease", np.bool_)
