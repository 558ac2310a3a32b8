"""When diseases begin, by HPO's terms of onset: a measure of comparisons.

All terms recorded for one disease come before all those of the other, with at least one period of
life between them, no source disputes them, and one source gives both.
"""

import itertools
import sys
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.measures import Sides, one_of_two, reads_well, source_bits, tells
from kgsynth.records import Edge, Mined, QueryEdge

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
        named = (d for d in sorted(self._known) if reads_well(graph, d))
        fit = [disease for disease in named if not tells(graph, disease, TELLING)]
        self.fit = np.array(fit, np.int32)
        told = [self._known[disease] for disease in fit]
        self._first = np.array([one.first for one in told], np.int8)
        self._last = np.array([one.last for one in told], np.int8)
        self._sources = source_bits([one.sources for one in told])

    def sides(self, one: int) -> Sides:
        """See `Measure`."""
        at = int(np.searchsorted(self.fit, one))
        earlier = self._last[at] + APART <= self._first
        later = self._last + APART <= self._first[at]
        of_one_source = (self._sources & self._sources[at]) != 0
        return np.asarray((later.astype(np.int8) - earlier) * of_one_source, np.int8)

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
    terms = np.array([graph.index_of(one) for one in PERIODS if one in graph], np.int32)
    csr = graph.csr("has_attribute")
    tails = np.repeat(np.arange(len(graph)), np.diff(csr.indptr))
    told = np.isin(csr.indices, terms)
    found = {}
    rows = zip(tails[told].tolist(), csr.rows[told].tolist(), strict=True)
    for disease, group in itertools.groupby(rows, key=itemgetter(0)):
        edges = [graph.edge_at(row) for _, row in group]
        if not any(edge.contested for edge in edges):
            found[disease] = _onset(edges)
    return found


def _onset(edges: list[Edge]) -> Onset:
    spans = [PERIODS[edge.object] for edge in edges]
    sources = (frozenset(one.source for one in edge.evidence) for edge in edges)
    first, last = min(a for a, _ in spans), max(b for _, b in spans)
    terms = tuple(sorted(edge.object for edge in edges))
    return Onset(first, last, terms, frozenset.intersection(*sources))
