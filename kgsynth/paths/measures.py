"""What comparisons compare: a value of a disease, when two lie apart, and who is asked about.

A measure is a class with the methods of `Measure` and one line in `comparison.MEASURES`.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.tables import Tables
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rival, Variable

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
    """

    name: str
    most: int

    def diseases(self) -> list[int]:
        """Return the diseases that have it, and whose names do not tell it, ascending."""

    def side(self, one: int, other: int) -> int:
        """Return -1 where `one` has clearly less (begins earlier), 1 more, 0 neither."""

    def mined(self, answer: str, other: str, among: tuple[str, str]) -> Mined:
        """Return the question whose answer is one of two that lie apart."""


class Neighbours:
    """Who shares findings with whom, in one graph."""

    def __init__(self, tables: Tables) -> None:
        self._t = tables

    def near(self, measure: Measure, disease: int, fit: NDArray[np.int32]) -> list[int]:
        """Return the diseases that share most findings and lie clearly apart, nearest first."""
        sets = self._t.sets
        shared = self._shared(disease)
        counts = np.where(sets.number[fit] >= 0, shared[sets.number[fit]], 0)
        above = self._t.kin.ancestors
        kin = set(above[above[disease] : above[disease + 1]].tolist())
        found = list[int]()
        for at in np.argsort(-counts, kind="stable").tolist():
            other = int(fit[at])
            if counts[at] < SHARED or len(found) == NEAR:
                break
            below = disease in above[above[other] : above[other + 1]]
            if measure.side(disease, other) and other not in kin and not below:
                found.append(other)
        return found

    def _shared(self, disease: int) -> NDArray[np.int64]:
        """Return how many findings of a disease each annotated one has too."""
        sets, pool = self._t.sets, self._t.pool
        shared = np.zeros(len(sets.node), np.int64)
        for clue in pool[pool[disease] : pool[disease + 1]].tolist():
            bits = np.unpackbits(sets.liberal[sets.row[clue]].view(np.uint8), bitorder="little")
            shared += bits[: len(shared)]
        return shared


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
