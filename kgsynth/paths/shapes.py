"""The shapes of paths that a graph has: walks over its categories, and in how many ways.

Walks follow what the statements join (`graph.schema`), so a graph of any make has some. The number
of ways is counted over the arrays of the statements, one pass for each hop.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.schema import schema_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.typed_path import Leg

#: What no hop of a question walks: kinds of things, and attributes that say how a disease runs.
NO_HOP = frozenset({"subclass_of", "has_attribute", "close_match", "similar_to", "related_to"})
#: Findings and modes of inheritance are answers; from them nearly every disease can be reached.
LAST = frozenset({"PhenotypicFeature", "GeneticInheritance"})
NO_VARIABLE = frozenset({"OntologyClass", "Onset", "ClinicalModifier", "ClinicalCourse"})

#: Ways to walk a template: fewer give no run, more are walks over hubs that take long to count.
FEWEST_WAYS, MOST_WAYS = 20, 300_000


class Shape(NamedTuple):
    """A typed path.

    Attributes:
        legs: Between neighbouring categories.
        categories: Of the variables, from the first to the target.
        ways: Ways to walk it, kin and shortcuts not looked at.
    """

    legs: tuple[Leg, ...]
    categories: tuple[str, ...]
    ways: int


class _Step(NamedTuple):
    """The statements of a leg between two categories, by the numbers of nodes."""

    leg: Leg
    category: str
    tails: NDArray[np.int32]
    heads: NDArray[np.int32]


class Shapes:
    """Walks over the categories of one graph."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._kinds = graph.column("category").dictionary_encode()
        self._steps: dict[str, list[_Step]] = {}

    def walks(self, start: str, fit: NDArray[np.bool_], hops: int) -> Iterator[Shape]:
        """Yield the walks of so many hops from a category.

        Args:
            start: The category of the first variable.
            fit: shape (nodes,); which nodes may be it.
            hops: Variables of the walk, the first included.
        """
        yield from self._walk(np.where(fit, 1.0, 0.0), (), (start,), hops - 1)

    def _walk(
        self, here: NDArray[np.float64], legs: tuple[Leg, ...], kinds: tuple[str, ...], left: int
    ) -> Iterator[Shape]:
        if not left:
            yield Shape(legs, kinds, int(here.sum()))
            return
        for step in self.steps(kinds[-1]):
            if step.category in LAST and left > 1:
                continue
            there = np.bincount(step.heads, here[step.tails], len(here)).astype(np.float64)
            if FEWEST_WAYS <= there.sum() <= MOST_WAYS:
                yield from self._walk(there, (*legs, step.leg), (*kinds, step.category), left - 1)

    def steps(self, category: str) -> list[_Step]:
        """Return where a hop may lead from a category."""
        if category not in self._steps:
            self._steps[category] = list(self._find(category))
        return self._steps[category]

    def _find(self, category: str) -> Iterator[_Step]:
        for leg, other, count in joined_to(self._graph, category):
            wanted = other not in NO_VARIABLE and leg.predicate not in NO_HOP
            if wanted and count >= FEWEST_WAYS // 2 and leg != Leg("has_phenotype", inverse=True):
                yield _Step(leg, other, *self._ends(leg, category, other))

    def _ends(self, leg: Leg, start: str, end: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        csr = self._graph.csr(leg.predicate)
        tails = np.repeat(np.arange(len(self._graph), dtype=np.int32), np.diff(csr.indptr))
        heads = np.asarray(csr.indices)
        known = PREDICATES.get(leg.predicate)
        if known is not None and known.symmetric:
            tails, heads = np.r_[tails, heads], np.r_[heads, tails]
        elif leg.inverse:
            tails, heads = heads, tails
        keep = self._is(start)[tails] & self._is(end)[heads]
        return tails[keep], heads[keep]

    def _is(self, category: str) -> NDArray[np.bool_]:
        code = self._kinds.dictionary.index(category).as_py()
        return np.asarray(self._kinds.indices.to_numpy() == code)


def joined_to(graph: KnowledgeGraph, category: str) -> Iterator[tuple[Leg, str, int]]:
    """Yield what statements join to a category: the leg, the other category, how many."""
    for (subject, predicate, object_), count in schema_of(graph).items():
        known = PREDICATES.get(predicate)
        if subject == category:
            yield Leg(predicate, inverse=False), object_, count
        turned = subject != object_ or known is None or not known.symmetric
        if object_ == category and turned:
            yield Leg(predicate, inverse=True), subject, count
