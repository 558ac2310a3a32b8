"""Whether a graph and a kind can carry a question at all, known before anything is mined."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.focus import Focus, called_rare
from kgsynth.paths.order import rarity_of_nodes
from kgsynth.paths.settings import MiningSettings

#: Relations and answer of the kinds that have no spine templates. A comparison asks by what it
#: compares: any of these.
_ASKS: dict[str, tuple[tuple[str, ...], str]] = {
    "dual": (("has_phenotype",), "PhenotypicFeature"),
    "comparison": (("has_attribute", "causes"), "Disease"),
}
_CONJUNCTION = (("has_phenotype",), "Disease")

#: Kinds that ask about what is denied.
_DENIED = frozenset({"exclusion", "dual"})


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


def _diseases(graph: KnowledgeGraph) -> NDArray[np.bool_]:
    column = graph.column("category").to_numpy(zero_copy_only=False)
    return np.asarray(column == "Disease", np.bool_)
