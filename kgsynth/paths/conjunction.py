"""Questions of one step: all clues hang on one disease, which the kernels draw for.

Each round goes through the diseases once, the rare ones first by lot, so that none comes twice
before all came once; no two questions have the same query.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.specialties import BELONGS
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32, Int64
from kgsynth.paths.desk import Desk
from kgsynth.paths.focus import lies_in
from kgsynth.paths.gather import MOST_MEMBERS
from kgsynth.paths.holders import prove_conjunctions
from kgsynth.paths.order import seed_weight
from kgsynth.paths.proof import NEAREST
from kgsynth.paths.scratch import MOST_CLUES
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rejection, Rival, Variable
from kgsynth.seeding import derive_seed

#: Diseases that a kernel works on at a time.
BLOCK = 256

#: What a round without a question costs a disease, where its clue set is nothing new and where it
#: is merely not wanted, after what sum in a row it is spent, and rounds in all.
SPENT, UNWANTED, PATIENCE, ROUNDS = 4, 1, 12, 1000
#: How many times as patient a miner is where clues have to be of one specialty.
OF_SPECIALTY = 8

#: The one variable of such a question.
TARGET = Variable("?d1", "Disease")


class Drawn(NamedTuple):
    """Clue sets for m diseases.

    Attributes:
        clues: shape (m, MOST_CLUES); findings, the denied ones last.
        sizes: shape (m,); how many there are; 0 or less for none, by code.
        positives: shape (m,); how many are not denied.
    """

    clues: Int32
    sizes: Int64
    positives: Int64


#: Why there is none.
NONE_KEEPS = {0: ("no_first_clues", "no clue set of the draws keeps the rules at the margin")}

#: Draws clue sets: ``draw(diseases, seeds)``.
Draw = Callable[[Int32, Bits], Drawn]


def empty_drawn(m: int) -> Drawn:
    """Return room for the clue sets of m diseases."""
    clues = np.full((m, MOST_CLUES), -1, np.int32)
    return Drawn(clues, np.zeros(m, np.int64), np.zeros(m, np.int64))


class Conjunctions:
    """Mines the questions of one kind from one graph."""

    def __init__(
        self,
        graph: KnowledgeGraph,
        settings: MiningSettings,
        tables: Tables,
        desk: Desk,
        template: str,
        draw: Draw,
        codes: Mapping[int, tuple[str, str]] = NONE_KEEPS,
    ) -> None:
        self._graph = graph
        self._margin = settings.margin
        self._patience = PATIENCE * (OF_SPECIALTY if settings.focus.specialty else 1)
        self._tables = tables
        self._desk = desk
        self._template = template
        self._draw = draw
        self._codes = codes

    def mine(self, diseases: Int32, weight: NDArray[Any], seed: int, refuse: Refuse) -> "Stream":
        """Yield questions round by round until every disease is spent.

        Args:
            diseases: The nodes to begin with.
            weight: shape of ``diseases``; how much sooner each comes.
            seed: The seed of the run.
            refuse: Asked last.
        """
        seen: set[tuple[int, ...]] = set()
        fruitless = np.zeros(len(diseases), np.int64)
        for turn in range(ROUNDS):
            alive = np.flatnonzero(fruitless < self._patience)
            if not len(alive):
                return
            seeds = _mix(diseases[alive], derive_seed(seed, "paths", self._template, str(turn)))
            order = np.lexsort((diseases[alive], _lot(seeds, weight[alive])))
            for at in range(0, len(order), BLOCK):
                part = order[at : at + BLOCK]
                places = alive[part]
                drawn = self._draw(np.ascontiguousarray(diseases[places]), seeds[part])
                found = iter(self._assemble(drawn))
                for place, size in zip(places.tolist(), drawn.sizes.tolist(), strict=True):
                    mined = next(found) if size > 0 else self._codes[size]
                    item = self._judge(int(diseases[place]), mined, seen)
                    cost = SPENT
                    if isinstance(item, Mined) and (refused := refuse(item)) is not None:
                        item, cost = refused, UNWANTED
                    fruitless[place] = 0 if isinstance(item, Mined) else fruitless[place] + cost
                    yield item

    def _judge(
        self, disease: int, mined: Mined | tuple[str, str], seen: set[tuple[int, ...]]
    ) -> Mined | Rejection:
        """Return what was drawn for a disease, or why it is nothing new."""
        name = f"{self._template}:{self._graph.id_of(disease)}"
        if isinstance(mined, tuple):
            return Rejection(name, "paths", *mined)
        key = tuple(hash((edge.object, edge.negated)) for edge in mined.query.edges)
        if key in seen:
            return Rejection(name, "paths", "repeated", "the same clues came before", mined.query)
        seen.add(key)
        return mined

    def _assemble(self, drawn: Drawn) -> Iterator[Mined]:
        """Yield the records of the clue sets that are some, with their proofs."""
        some = drawn.sizes > 0
        clues, sizes, positives = (np.ascontiguousarray(part[some]) for part in drawn)
        m = len(clues)
        left = np.zeros(clues.shape, np.int32)
        rivals, masks = (np.full((m, NEAREST), -1, np.int32) for _ in range(2))
        members = np.full((m, MOST_MEMBERS), -1, np.int32)
        prove_conjunctions(
            self._tables, self._desk, clues, sizes, positives, left, rivals, masks, members
        )
        columns = (clues, sizes, positives, left, rivals, masks, members)
        for found in zip(*(column.tolist() for column in columns), strict=True):
            yield self._record(*found)

    def _record(
        self,
        clues: list[int],
        size: int,
        positives: int,
        left: list[int],
        rivals: list[int],
        masks: list[int],
        members: list[int],
    ) -> Mined:
        id_of = self._graph.id_of
        edges = tuple(
            QueryEdge(TARGET.name, "has_phenotype", id_of(clue), at >= positives)
            for at, clue in enumerate(clues[:size])
        )
        near = tuple(
            Rival(id_of(node), tuple(c for c in range(size) if mask >> c & 1))
            for node, mask in zip(rivals, masks, strict=True)
            if node >= 0
        )
        answers = tuple(sorted(id_of(node) for node in members if node >= 0))
        step = ProofStep((TARGET.name,), tuple(range(size)), tuple(left[:size]), self._margin, near)
        query = Query(TARGET.name, (TARGET,), edges, ())
        return Mined(self._template, query, (Binding(TARGET.name, answers[0]),), (step,), answers)


Stream = Iterator[Mined | Rejection]


def known_diseases(
    graph: KnowledgeGraph, tables: Tables, settings: MiningSettings, fewest: int = 2
) -> tuple[Int32, NDArray[Any]]:
    """Return the individual, rare enough diseases with so many clues or more, and their weight."""
    pooled = np.diff(tables.pool[: len(graph) + 1]) >= max(fewest, settings.margin)
    weight = seed_weight(graph, settings)
    chosen = np.flatnonzero(tables.variable & pooled & (weight > 0)).astype(np.int32)
    if specialty := settings.focus.specialty:
        # These come first in the pool, see `narrow_pool`: half of the clues have to be of them.
        last = tables.pool[tables.pool[chosen] + math.ceil(fewest * BELONGS) - 1]
        chosen = chosen[lies_in(graph, specialty)[last]]
    return chosen, weight[chosen]


def _mix(nodes: Int32, seed: int) -> NDArray[np.uint64]:
    """Return a seed of its own for every node (the mixing function of SplitMix64)."""
    mixed = nodes.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(seed)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _lot(seeds: NDArray[np.uint64], weight: NDArray[Any]) -> NDArray[Any]:
    """Return keys of a weighted draw without replacement (Efraimidis and Spirakis 2006)."""
    share = (seeds >> np.uint64(11)) * 2.0**-53 + 2.0**-60
    return np.asarray(-np.log(share) / np.maximum(weight, 1e-6))
