"""What comparisons compare: a value of a disease, when two lie apart, and who is asked about.

A measure is a class with the methods of `Measure` and one line in `comparison.MEASURES`.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.tables import Tables
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rival, Variable

Int32 = NDArray[np.int32]
Sides = NDArray[np.int8]

#: Letters that a name may have: a question names two.
LONGEST = 60

#: Findings that the two share, at least.
SHARED = 2

#: Of so many diseases that share most findings, one is drawn to compare with.
NEAR = 20


class Measure(Protocol):
    """A value that diseases have.

    Attributes:
        name: Of the measure, for draws.
        most: Rows of a run that one disease may be the answer of, whatever the run's size.
        fit: shape (k,); the diseases that have it, and whose names do not tell it, ascending.
    """

    name: str
    most: int
    fit: Int32

    def sides(self, one: int) -> Sides:
        """Return how a disease of `fit` compares with each of them: shape (k,).

        It is -1 where the disease has clearly less (begins earlier), 1 more, 0 neither.
        """

    def mined(self, answer: str, other: str, among: tuple[str, str]) -> Mined:
        """Return the question whose answer is one of two that lie apart."""


class Neighbours:
    """Who shares findings with whom, and lies apart by one measure, in one graph."""

    def __init__(self, tables: Tables, measure: Measure) -> None:
        self._t, self._measure = tables, measure
        self._found: dict[int, list[int]] = {}

    def near(self, disease: int) -> list[int]:
        """Return the diseases that share most findings and lie clearly apart, nearest first."""
        found = self._found.get(disease)
        if found is None:
            found = self._found[disease] = list(islice(self._near(disease), NEAR))
        return found

    def _near(self, disease: int) -> Iterator[int]:
        fit, t = self._measure.fit, self._t
        apart = (self._measure.sides(disease) != 0) & t.variable[fit] & (t.sets.number[fit] >= 0)
        others = fit[apart]
        shared = self._shared(disease)[t.sets.number[others]]
        above = t.kin.ancestors
        kin = set(above[above[disease] : above[disease + 1]].tolist())
        # Counts of one byte are put in order by radix, which takes a tenth of the time.
        for at in np.argsort(np.uint8(255) - shared, kind="stable").tolist():
            other = int(others[at])
            if shared[at] < SHARED:
                return
            if other not in kin and disease not in above[above[other] : above[other + 1]]:
                yield other

    def _shared(self, disease: int) -> NDArray[np.uint8]:
        """Return how many findings of a disease each annotated one has too, 255 at most."""
        sets, pool = self._t.sets, self._t.pool
        rows = sets.row[pool[pool[disease] : pool[disease + 1]][:255]]
        bits = np.unpackbits(sets.liberal[rows].view(np.uint8), axis=1, bitorder="little")
        return np.asarray(bits.sum(axis=0, dtype=np.uint8)[: len(sets.node)], np.uint8)


def source_bits(told: Sequence[frozenset[str]]) -> NDArray[np.uint64]:
    """Return sets of sources as bits; a source after the 64th counts for none."""
    every = {name: at for at, name in enumerate(sorted(frozenset().union(*told))[:64])}
    masks = (sum(1 << every[one] for one in names if one in every) for names in told)
    return np.fromiter(masks, np.uint64, len(told))


def reads_well(graph: KnowledgeGraph, disease: int) -> bool:
    """Say whether a disease's name reads as one name, is short, and may begin a sentence."""
    said = graph.surfaces(graph.id_of(disease))[0]
    as_list = any(joint in said for joint in (",", " or ", "/"))
    fit = not as_list and len(said) <= LONGEST
    return fit and (" " in said or said[1:] == said[1:].lower())


def tells(graph: KnowledgeGraph, disease: int, telling: Sequence[str]) -> bool:
    """Say whether a name of a disease holds one of some words."""
    every = " ".join(graph.surfaces(graph.id_of(disease))).lower()
    return any(word in every for word in telling)


def one_of_two(
    template: str, edge: QueryEdge, answer: str, other: str, among: tuple[str, str]
) -> Mined:
    """Return the question which of two has what an edge says; the other one fails it."""
    query = Query("?d", (Variable("?d", "Disease"),), (edge,), (), among)
    step = ProofStep(("?d",), (0,), (1,), 1, (Rival(other, (0,)),))
    return Mined(template, query, (Binding("?d", answer),), (step,), (answer,))
