"""When diseases begin, by HPO's terms of onset: a measure of comparisons.

All terms recorded for one disease come before all those of the other, with at least one period of
life between them, no source disputes them, and one source gives both.
"""

import sys
from typing import NamedTuple

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.measures import one_of_two, reads_well, tells
from kgsynth.records import Mined, QueryEdge

#: HPO's terms of onset in the order of life: the first and the last period that each covers.
PERIODS: dict[str, tuple[int, int]] = {
    "HP:0030674": (0, 0),  # antenatal
    "HP:0011460": (0, 0),  # embryonal
    "HP:0011461": (0, 0),  # fetal
    "HP:0034199": (0, 0),  # late first trimester
    "HP:0034198": (0, 0),  # second trimester
    "HP:0034197": (0, 0),  # third trimester
    "HP:0003577": (1, 1),  # congenital
    "HP:0003623": (2, 2),  # neonatal
    "HP:0003593": (3, 3),  # infantile
    "HP:0011463": (4, 4),  # childhood
    "HP:0003621": (5, 5),  # juvenile
    "HP:0410280": (1, 5),  # pediatric
    "HP:0025708": (6, 6),  # early young adult
    "HP:0025709": (7, 7),  # intermediate young adult
    "HP:0025710": (8, 8),  # late young adult
    "HP:0011462": (6, 8),  # young adult
    "HP:0003596": (9, 9),  # middle age
    "HP:0003584": (10, 10),  # late
    "HP:0003581": (6, 10),  # adult
}

#: How far the last period of one disease is from the first one of the other, at least.
APART = 2

#: Words in a disease's names that say when it begins.
TELLING = (
    "infan", "neonat", "congenit", "child", "juvenil", "adult", "onset", "fetal", "foetal",
    "birth", "early", "late ", "late-", "senile", "adolescen", "newborn", "perinatal", "prenatal",
    "pediatric", "antenatal",
)  # fmt: skip


class Onset(NamedTuple):
    """When a disease begins: first and last period, the terms, and the sources that give them."""

    first: int
    last: int
    terms: tuple[str, ...]
    sources: frozenset[str]


class Onsets:
    """The recorded onsets of one graph."""

    name = "onset"
    most = sys.maxsize

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._known = recorded_onsets(graph)

    def diseases(self) -> list[int]:
        """See `Measure`."""
        graph = self._graph
        named = (d for d in sorted(self._known) if reads_well(graph, d))
        return [disease for disease in named if not tells(graph, disease, TELLING)]

    def side(self, one: int, other: int) -> int:
        """See `Measure`."""
        own, theirs = self._known[one], self._known[other]
        if not own.sources & theirs.sources:
            return 0
        if own.last + APART <= theirs.first:
            return -1
        return 1 if theirs.last + APART <= own.first else 0

    def mined(self, answer: str, other: str, among: tuple[str, str]) -> Mined:
        """Return the question; its term says most: the earliest where the earlier is asked for."""
        onset = self._known[self._graph.index_of(answer)]
        earlier = onset.last < self._known[self._graph.index_of(other)].first
        terms = sorted(onset.terms, key=lambda term: PERIODS[term])
        edge = QueryEdge("?d", "has_attribute", terms[0] if earlier else terms[-1])
        template = "comparison-earlier" if earlier else "comparison-later"
        return one_of_two(template, edge, answer, other, among)


def recorded_onsets(graph: KnowledgeGraph) -> dict[int, Onset]:
    """Return when each disease begins, where all that is recorded of it is undisputed."""
    found = {}
    csr = graph.csr("has_attribute")
    for disease in np.flatnonzero(np.diff(csr.indptr)):
        edges = graph.edges_of(graph.id_of(int(disease)), "has_attribute")
        told = [edge for edge in edges if edge.object in PERIODS]
        if told and not any(edge.contested for edge in told):
            spans = [PERIODS[edge.object] for edge in told]
            sources = frozenset.intersection(
                *(frozenset(one.source for one in edge.evidence) for edge in told)
            )
            terms = tuple(sorted(edge.object for edge in told))
            first, last = min(a for a, _ in spans), max(b for _, b in spans)
            found[int(disease)] = Onset(first, last, terms, sources)
    return found
