"""How frequent diseases are, by Orphanet's classes of prevalence: a measure of comparisons.

Only like is compared with like: classes of one type (point prevalence, at birth, incidence) at one
place, given by one source, every class of one disease at least five times as frequent as every
class of the other. Where two diseases have several types and places in common, none of them may
say the opposite.
"""

import re
import sys
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.measures import Sides, one_of_two, reads_well, source_bits, tells
from kgsynth.records import Edge, Mined, QueryEdge

#: Orphanet's classes, the rarest first, as the least and the most of a million people.
CLASSES: dict[str, tuple[float, float]] = {
    "<1 / 1 000 000": (0, 1),
    "1-9 / 1 000 000": (1, 9),
    "1-9 / 100 000": (10, 90),
    "1-5 / 10 000": (100, 500),
    "6-9 / 10 000": (600, 900),
    ">1 / 1000": (1000, 1e6),
}

#: How many times as frequent the commoner disease is, at least.
TIMES = 5

#: Words in a disease's names that say how frequent it is.
TELLING = ("common", "rare", "sporadic", "endemic", "frequent")

#: A class in Orphanet's words, which are a synonym of its node.
_SAID = re.compile(r"(?P<type>[A-Z][A-Za-z ]+?) (?P<share>[<>]?\d[\d/ -]*\d) \((?P<place>[^()]+)\)")
#: Places at which who was counted is not said.
_NO_PLACE = frozenset({"Specific population"})


class Class(NamedTuple):
    """A class of prevalence: of which type at which place, and between which shares."""

    type: str
    place: str
    least: float
    most: float


class Recorded(NamedTuple):
    """What is recorded of one disease for one type and place."""

    least: float
    most: float
    terms: tuple[str, ...]
    sources: frozenset[str]


#: What is recorded of a disease, by type and place.
Spans = dict[tuple[str, str], Recorded]


class _Column(NamedTuple):
    """One type and place: which diseases of `fit` have it, between which shares, by whom."""

    at: NDArray[np.int32]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    sources: NDArray[np.uint64]


class Prevalences:
    """The recorded prevalences of one graph."""

    name = "prevalence"
    most = sys.maxsize

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._known = recorded_prevalences(graph)
        named = (d for d in sorted(self._known) if reads_well(graph, d))
        fit = [disease for disease in named if not tells(graph, disease, TELLING)]
        self.fit = np.array(fit, np.int32)
        keys = {key for disease in fit for key in self._known[disease]}
        self._columns = {key: self._column(key) for key in sorted(keys)}

    def _column(self, key: tuple[str, str]) -> _Column:
        spans = [(at, self._known[d].get(key)) for at, d in enumerate(self.fit.tolist())]
        told = [(at, one) for at, one in spans if one is not None]
        return _Column(
            np.array([at for at, _ in told], np.int32),
            np.array([one.least for _, one in told]),
            np.array([one.most for _, one in told]),
            source_bits([one.sources for _, one in told]),
        )

    def sides(self, one: int) -> Sides:
        """See `Measure`."""
        place = int(np.searchsorted(self.fit, one))
        less, more = np.zeros((2, len(self.fit)), np.bool_)
        for key in self._known[one]:
            at, least, most, sources = self._columns[key]
            own = int(np.searchsorted(at, place))
            of_one_source = (sources & sources[own]) != 0
            less[at] |= (most[own] * TIMES <= least) & of_one_source
            more[at] |= (most * TIMES <= least[own]) & of_one_source
        return more.astype(np.int8) - less

    def mined(self, answer: str, other: str, among: tuple[str, str]) -> Mined:
        """Return the question, on the first type and place at which the two lie apart."""
        one, two = self._graph.index_of(answer), self._graph.index_of(other)
        key, side = next(pair for pair in self._sides(one, two) if pair[1])
        terms = self._known[one][key].terms  # the rarest class first
        edge = QueryEdge("?d", "has_attribute", terms[0] if side < 0 else terms[-1])
        template = "comparison-rarer" if side < 0 else "comparison-commoner"
        return one_of_two(template, edge, answer, other, among)

    def _sides(self, one: int, other: int) -> list[tuple[tuple[str, str], int]]:
        """Return who is rarer for each type and place that both have."""
        mine, yours = self._known[one], self._known[other]
        return [(key, _side(mine[key], yours[key])) for key in mine if key in yours]


def _side(one: Recorded, other: Recorded) -> int:
    if not one.sources & other.sources:
        return 0
    if one.most * TIMES <= other.least:
        return -1
    return 1 if other.most * TIMES <= one.least else 0


def classes_of(graph: KnowledgeGraph) -> dict[str, Class]:
    """Return the classes of prevalence that a graph has, by id."""
    attributes = np.flatnonzero(graph.column("category").to_numpy(False) == "ClinicalAttribute")
    found = {}
    for node in attributes.tolist():
        for text in graph.node(graph.id_of(node)).synonyms:
            match = _SAID.fullmatch(text)
            if match and match["share"] in CLASSES and match["place"] not in _NO_PLACE:
                span = CLASSES[match["share"]]
                found[graph.id_of(node)] = Class(match["type"], match["place"], *span)
    return found


def recorded_prevalences(graph: KnowledgeGraph) -> dict[int, Spans]:
    """Return how frequent each disease is, where what is recorded of it is undisputed."""
    classes, csr = classes_of(graph), graph.csr("has_attribute", "inverse")
    holders = {int(d) for curie in classes for d in csr.of(graph.index_of(curie))}
    found = {}
    for disease in sorted(holders):
        edges = graph.edges_of(graph.id_of(disease), "has_attribute")
        told = [edge for edge in edges if edge.object in classes]
        if not any(edge.contested for edge in told):
            found[disease] = _spans(told, classes)
    return found


def _spans(edges: list[Edge], classes: dict[str, Class]) -> Spans:
    grouped: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in sorted(edges, key=lambda edge: classes[edge.object]):
        one = classes[edge.object]
        grouped[one.type, one.place].append(edge)
    found = {}
    for key, group in grouped.items():
        said = [classes[edge.object] for edge in group]
        sources = (frozenset(one.source for one in edge.evidence) for edge in group)
        found[key] = Recorded(
            said[0].least,
            max(one.most for one in said),
            tuple(edge.object for edge in group),
            frozenset.intersection(*sources),
        )
    return found
