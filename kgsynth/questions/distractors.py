"""Wrong options where a value is asked for: a finding within a class, a mode of inheritance.

Hardly two questions of a run ask within one class, so they have no `blocks`; but a value is
recorded of many entities, so each wrong option can be one that the same question about another
entity has for its answer. First come those that the rivals of the proof lead to (who takes the
wrong disorder ends there), then siblings of the answer, then whatever else is in the class.

Which of them are taken is decided so that the options alone tell nothing: they are asked for about
as often as the answer, and where they are not the question makes way by lot
(`Chooser.is_guessable`); by lot the answer is the shortest, the second shortest …
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED, REDUNDANT
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.questions.alike import likeness, names_of
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.reasons import IS_A
from kgsynth.questions.standing import Standing
from kgsynth.records import Mined, OptionReason, QueryEdge

#: So many wrong options to choose from are enough, and so many entities are looked at for them.
ENOUGH, MOST_TRIED = 60, 200
#: Entities that one way of being near may give.
MOST_OF_A_WAY = 150
#: What counts in choosing: the wrong side in length, being seldom or often asked for (to the base
#: e), being a step further off, and being alike.
OFF, RARER, NEAR, ALIKE = 2.0, 3.0, 0.3, 2.0
#: How much chance has a say.
LOT = 0.6
#: Members of a category of few, such as modes of inheritance, count when so often recorded.
FEW, OFTEN = 100, 10


def asks_for_value(mined: Mined, graph: KnowledgeGraph) -> bool:
    """Say whether what another entity has is asked for, within a class or of a category of few."""
    query = mined.query
    if len(query.spine) < 3:
        return False
    if any(e.subject == query.target and e.predicate == IS_A for e in query.edges):
        return True
    category = next(v.category for v in query.variables if v.name == query.target)
    return len(names_of(graph).members(category)) <= FEW


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong option.

    Attributes:
        id: The entity.
        text: How it is said.
        near: 0 for where a rival of the proof leads to, 1 for a sibling, else 2.
        known: Of how many other entities the same question could be asked with it as the answer.
        reasons: Why it is wrong.
    """

    id: str
    text: str
    near: int
    known: int
    reasons: tuple[OptionReason, ...]


class Chooser:
    """Finds the wrong options of one question that asks for a value."""

    def __init__(
        self, mined: Mined, stem: str, graph: KnowledgeGraph, settings: FormSettings
    ) -> None:
        self._standing = Standing(mined, stem, graph, settings)
        self._trial = self._standing.trial
        self._mined = mined
        self._graph = graph
        self._text = self._standing.text
        self._own = max(1, self._known[self._trial.answer])

    def choose(self, count: int, rng: np.random.Generator) -> list[Distractor]:
        """Return so many wrong options, fewer where there are not enough, in no telling order."""
        pool = self._pool(rng)
        shorter = _quota(count, rng)
        # The options are alike, and by lot it is the answer or the first wrong one that they are
        # most like: else the answer would be the one in their middle.
        about_answer = count < 2 or rng.random() * (count + 1) < 1
        chosen: list[Distractor] = []
        for place in range(count):
            pivot = self._text if about_answer or not chosen else chosen[0].text
            fits = [one for one in pool if self._apart(one, chosen)]
            if not fits:
                break
            # A little chance, or the same few would be wrong in every question.
            lot = LOT * rng.gumbel(size=len(fits))
            costs = [self._cost(one, shorter[place], pivot) for one in fits] - lot
            chosen.append(fits[int(np.argmin(costs))])
        return chosen

    def is_guessable(self, chosen: Sequence[Distractor], rng: np.random.Generator) -> bool:
        """Say whether a question must make way, by lot, because its answer is asked for too often.

        Of options that are asked for unequally often the commonest would be the best guess. So a
        question is kept with the chance by which the rarest of its options is asked for as often
        as its answer: over many questions with these options, each is then the answer alike.
        """
        rarest = min((one.known for one in chosen), default=self._own)
        return float(rng.random()) >= rarest / self._own

    def _cost(self, one: Distractor, shorter: bool, pivot: str) -> float:
        """Return how ill a wrong option serves: off the drawn side, far off, seldom asked for."""
        size, own = len(one.text), len(self._text)
        off = size != own and (size < own) != shorter
        uneven = abs(math.log((size + 4) / (own + 4)))
        rarer = abs(math.log(one.known / self._own))
        return (
            OFF * off + uneven + RARER * rarer + NEAR * one.near - ALIKE * likeness(one.text, pivot)
        )

    def _apart(self, one: Distractor, chosen: Sequence[Distractor]) -> bool:
        """Say whether an option is no relative and no namesake of those chosen, nor chosen."""
        kin, index_of = self._trial.records.kin, self._graph.index_of
        return not any(
            kin(index_of(one.id), index_of(other.id))
            or one.text.casefold() == other.text.casefold()
            or names_of(self._graph).alike(one.id, other.id)
            for other in chosen
        )

    # ---- who may be one ----------------------------------------------------------------------

    def _pool(self, rng: np.random.Generator) -> list[Distractor]:
        found: list[Distractor] = []
        seen: set[int] = set()
        for near, node in self._candidates(rng):
            known = self._known[node]
            if node in seen or not known:
                continue
            seen.add(node)
            if len(seen) > MOST_TRIED:
                break
            reasons = self._standing.against(node)
            if reasons:
                curie = self._graph.id_of(node)
                text = lexicon(self._graph).say(curie)
                found.append(Distractor(curie, text, near, known, reasons))
                if len(found) >= ENOUGH:
                    break
        return found

    def _candidates(self, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
        """Yield (nearness, entity), the nearest first; some more than once."""
        for near, way in enumerate((self._rivals(), self._siblings(), self._others(rng))):
            for node in islice(way, MOST_OF_A_WAY):
                yield near, node

    def _siblings(self) -> Iterator[int]:
        """Yield the other children of the answer's parents."""
        up, down = self._graph.csr(IS_A), self._graph.csr(IS_A, "inverse")
        parents = up.of(self._trial.answer).tolist()
        yield from sorted({child for parent in parents for child in down.of(parent).tolist()})

    def _rivals(self) -> Iterator[int]:
        """Yield where the rivals of the proof's steps lead to, those of the last step first."""
        for step in reversed(self._mined.steps):
            for rival in step.rivals:
                if rival.id in self._graph:
                    place = self._graph.index_of(rival.id)
                    yield from self._trial.onward(step.variables[-1], place)

    def _others(self, rng: np.random.Generator) -> Iterator[int]:
        """Yield what else is of the category, within the class asked for, by lot."""
        within = self._trial.within
        every = names_of(self._graph).members(self._trial.category)
        ordered = values_of(self._graph).inside[within] if within else every
        for at in rng.permutation(len(ordered)).tolist():
            if within or self._known[ordered[at]] >= OFTEN:
                yield ordered[at]

    @cached_property
    def _known(self) -> Memo[int, int]:
        """Of how many entities the question could be asked with an entity as the answer."""
        spine, edges = self._mined.query.spine, self._mined.query.edges
        steps = [
            next(e for e in edges if {e.subject, e.object} == {*ends}) for ends in pairwise(spine)
        ]
        ways = tuple(
            (edge.predicate, _way(edge, end)) for edge, end in zip(steps, spine[1:], strict=True)
        )
        if self._trial.within:
            within = values_of(self._graph).within[ways[1:][-2:], self._trial.within]
            return Memo(lambda node: within.get(node, 0))
        csr = self._graph.csr(ways[-1][0], _other(ways[-1][1]))
        is_group = names_of(self._graph).is_group
        return Memo(lambda node: sum(not is_group[holder] for holder in csr.of(node).tolist()))


#: A predicate, and the direction in which it is walked.
_Way = tuple[str, Direction]


class Values:
    """How often each value within a class is the only one of some entity. Get one with `values_of`.

    Attributes:
        within: By the last one or two ways to the value, and the classes: entities by value.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._groups = np.array(names_of(graph).is_group)
        self.inside: Memo[tuple[int, ...], list[int]] = Memo(self._inside)
        self.within: Memo[tuple[tuple[_Way, ...], tuple[int, ...]], dict[int, int]] = Memo(
            lambda key: self._count(*key)
        )

    def _inside(self, classes: tuple[int, ...]) -> list[int]:
        """Return what lies under all of some classes."""
        below = [self._graph.descendants(self._graph.id_of(top)) for top in classes]
        return sorted(map(self._graph.index_of, frozenset.intersection(*below)))

    def _count(self, ways: tuple[_Way, ...], classes: tuple[int, ...]) -> dict[int, int]:
        graph = self._graph
        csr = graph.csr(ways[-1][0], _other(ways[-1][1]))
        owners, values = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        for node in self.inside[classes]:
            plain = graph.flags[csr.rows_of(node)] & (CONTESTED | REDUNDANT) == 0
            owners.append(csr.of(node)[plain])
            values.append(np.full(int(plain.sum()), node))
        owner, value = np.concatenate(owners), np.concatenate(values)
        known, first, times = np.unique(owner, return_index=True, return_counts=True)
        alone = value[first[(times == 1) & self._leads_on(ways)[known]]]
        members, counts = np.unique(alone, return_counts=True)
        return dict(zip(members.tolist(), counts.tolist(), strict=True))

    def _leads_on(self, ways: tuple[_Way, ...]) -> NDArray[np.bool_]:
        """Return which entities could stand before the value: fit, with a way to come there."""
        fit = ~self._groups
        if len(ways) < 2:
            return fit
        predicate, way = ways[-2]
        starts, ends = self._graph.csr(predicate, _other(way))[:2]
        others = np.diff(self._graph.csr(predicate, way)[0])
        owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        shared = np.zeros(len(fit), dtype=np.bool_)
        shared[owners[others[ends] > 1]] = True
        return fit & shared


@once_each
def values_of(graph: KnowledgeGraph) -> Values:
    """Return the values of a graph, the same object each time."""
    return Values(graph)


def _way(edge: QueryEdge, end: str) -> Direction:
    return "forward" if edge.object == end else "inverse"


def _other(way: Direction) -> Direction:
    return "inverse" if way == "forward" else "forward"


def _quota(count: int, rng: np.random.Generator) -> list[bool]:
    """Return which of so many options stand below the answer: how many is drawn, and which."""
    below = int(rng.integers(count + 1))
    return [bool(at < below) for at in rng.permutation(count)]
