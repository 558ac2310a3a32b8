"""Wrong options: provably wrong, and tempting.

Where they come from, nearest first: the rivals of the proof, led on along the rest of the spine
(who takes the wrong disorder ends at its gene); siblings of the answer; entities that share clues
with it; whatever else is of the class that the question asks within. Every one is of the answer's
category and grain, no twin, kin or namesake of it, and fails enough of the query for recorded
reasons (`reasons`).

Which of them are taken is decided so that the options alone tell nothing. Each must itself be the
answer to the same question about another entity, or who has read many questions would know it for
a wrong one; they are asked for about as often as the answer, and where they are not the question
makes way by lot (`Chooser.is_guessable`); by lot the answer is the shortest, the second shortest …
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED, REDUNDANT
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import once_each
from kgsynth.phrasing import words
from kgsynth.questions.alike import sense
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.questions.reasons import FINDING, IS_A, Records, Trial
from kgsynth.records import Mined, OptionReason

#: So many wrong options to choose from are enough, and so many entities are looked at for them.
ENOUGH, MOST_TRIED = 40, 200
#: Entities that one way of being near may give.
MOST_OF_A_WAY = 150
#: What counts in choosing: the wrong side in length, being seldom or often asked for (to the base
#: e), a step further off, and being alike.
OFF, RARER, NEAR, ALIKE = 2.0, 3.0, 0.3, 2.0
#: How much chance has a say.
LOT = 0.6
#: Members of a category of few, such as modes of inheritance, count when so often recorded.
FEW, OFTEN = 100, 10


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong option.

    Attributes:
        node: Its place in the graph.
        text: How it is said.
        near: How near it is to the answer; 0 for where a rival of the proof leads to.
        known: Of how many other entities the same question could be asked with it as the answer.
        reasons: Why it is wrong.
    """

    node: int
    text: str
    near: int
    known: int
    reasons: tuple[OptionReason, ...]


class Chooser:
    """Finds the wrong options of one question."""

    def __init__(
        self, mined: Mined, stem: str, graph: KnowledgeGraph, settings: FormSettings
    ) -> None:
        self.trial = Trial(mined, graph)
        self._mined = mined
        self._stem = frozenset(words(stem))
        self._graph = graph
        self._settings = settings
        self._records: Records = self.trial.records
        self._lex: Lexicon = lexicon(graph)
        self._names = names_of(graph)
        self.text = self._lex.say(graph.id_of(self.trial.answer))
        self.own = max(1, self.known(self.trial.answer))

    def choose(self, count: int, rng: np.random.Generator) -> list[Distractor]:
        """Return so many wrong options, fewer where there are not enough, in no telling order."""
        pool = self._pool(rng)
        shorter = _quota(count, rng)
        # The options are alike, and by lot it is the answer or the first wrong one that they are
        # most like: else the answer would be the one in their middle.
        about_answer = count < 2 or rng.random() * (count + 1) < 1
        chosen: list[Distractor] = []
        for place in range(count):
            pivot = self.text if about_answer or not chosen else chosen[0].text
            fits = [one for one in pool if self._apart(one, chosen)]
            if not fits:
                break
            # A little chance, or the same few would be wrong in every question.
            lot = LOT * rng.gumbel(size=len(fits))
            costs = [self._cost(one, shorter[place], pivot) for one in fits] - lot
            chosen.append(fits[int(np.argmin(costs))])
        return chosen

    def _cost(self, one: Distractor, shorter: bool, pivot: str) -> float:
        """Return how ill a wrong option serves: off the drawn side, far off, seldom asked for."""
        size, own = len(one.text), len(self.text)
        off = size != own and (size < own) != shorter
        uneven = abs(math.log((size + 4) / (own + 4)))
        rarer = abs(math.log(one.known / self.own))
        alike = likeness(one.text, pivot)
        return OFF * off + uneven + RARER * rarer + NEAR * one.near - ALIKE * alike

    def is_guessable(self, chosen: Sequence[Distractor], rng: np.random.Generator) -> bool:
        """Say whether a question must make way, by lot, because its answer is asked for too often.

        Of options that are asked for unequally often the commonest would be the best guess. So a
        question is kept with the chance by which the rarest of its options is asked for as often
        as its answer: over many questions with these options, each is then the answer alike.
        """
        rarest = min((one.known for one in chosen), default=self.own)
        return float(rng.random()) >= rarest / self.own

    # ---- who may be one ----------------------------------------------------------------------

    def _pool(self, rng: np.random.Generator) -> list[Distractor]:
        found: list[Distractor] = []
        seen = {self.trial.answer, *self.trial.answers, *self.trial.spine}
        tried = 0
        for near, node in self._candidates(rng):
            if node in seen or tried >= MOST_TRIED:
                continue
            seen.add(node)
            if not self._of_category(node) or not self.known(node) or not self._fit(node):
                continue
            tried += 1
            reasons = self._reasons(node)
            if len(reasons) >= self.trial.margin:
                text = self._lex.say(self._graph.id_of(node))
                found.append(Distractor(node, text, near, self.known(node), reasons))
                if len(found) >= ENOUGH:
                    break
        return found

    def _reasons(self, node: int) -> tuple[OptionReason, ...]:
        found = self.trial.against(node)
        if self._settings.not_recorded:
            return found
        return tuple(reason for reason in found if reason.reason != "not_recorded")

    def _of_category(self, node: int) -> bool:
        """Say whether an entity is of the answer's category and grain."""
        same = self._graph.category_of(node) == self.trial.category
        return same and not self._names.is_group[node]

    def _fit(self, node: int) -> bool:
        """Say whether an entity is in the class asked within, and no relative of the answer."""
        graph, trial, records = self._graph, self.trial, self._records
        if any(within not in records.above(node) for within in trial.within):
            return False
        close = (*trial.answers, *trial.spine, *trial.named)
        if any(records.kin(node, other) for other in close):
            return False
        curie = graph.id_of(node)
        if any(self._names.alike(curie, graph.id_of(other)) for other in trial.answers):
            return False
        text = self._lex.say(curie)
        if trial.category == "Disease" and ("," in text or self._lex.means_finding(curie)):
            return False  # it would be misread among others
        # What rule L keeps out of the stem for the answer is kept out for all, or it would tell.
        return not self._lex.leaked(" ".join(sorted(self._stem)), [curie], self._exempt)

    @property
    def _exempt(self) -> list[str]:
        return [self._graph.id_of(node) for node in self.trial.within]

    def _apart(self, one: Distractor, chosen: Sequence[Distractor]) -> bool:
        """Say whether an option is no relative and no namesake of those chosen, nor chosen."""
        ids = self._graph.id_of
        return not any(
            self._records.kin(one.node, other.node)
            or one.text.casefold() == other.text.casefold()
            or self._names.alike(ids(one.node), ids(other.node))
            for other in chosen
        )

    def known(self, node: int) -> int:
        """Return of how many entities the question could be asked with this one as the answer.

        Where nothing stands before the target, or it is a disease, how much is recorded of it.
        """
        last = self.trial.last
        if last is None or self.trial.category == "Disease":
            return len(self._graph.csr(FINDING).of(node))
        way: Direction = "inverse" if last[1].object == self._mined.query.target else "forward"
        if self.trial.within:
            return self._asked_within(last[1].predicate, way).get(node, 0)
        holders = self._graph.csr(last[1].predicate, way).of(node).tolist()
        return sum(not self._names.is_group[holder] for holder in holders)

    def _asked_within(self, predicate: str, way: Direction) -> dict[int, int]:
        """Return of how many entities each member of the class is the only value within it."""
        key = (predicate, self.trial.within)
        found = self._names.asked.get(key)
        if found is None:
            found = self._names.asked[key] = self._count_within(predicate, way)
        return found

    def _count_within(self, predicate: str, way: Direction) -> dict[int, int]:
        graph, index_of = self._graph, self._graph.index_of
        classes = [graph.descendants(graph.id_of(top)) for top in self.trial.within]
        inside = sorted(index_of(curie) for curie in frozenset.intersection(*classes))
        csr = graph.csr(predicate, way)
        owners, values = [], []
        for node in inside:
            plain = graph.flags[csr.rows_of(node)] & (CONTESTED | REDUNDANT) == 0
            owners.append(csr.of(node)[plain])
            values.append(np.full(int(plain.sum()), node))
        if not owners:
            return {}
        owner, value = np.concatenate(owners), np.concatenate(values)
        known, first, times = np.unique(owner, return_index=True, return_counts=True)
        alone = value[first[(times == 1) & self._leads_on()[known]]]
        members, counts = np.unique(alone, return_counts=True)
        return dict(zip(members.tolist(), counts.tolist(), strict=True))

    def _leads_on(self) -> NDArray[np.bool_]:
        """Return which entities could stand before the target: fit, with a way to come there."""
        query, names = self._mined.query, self._names
        spine = query.spine
        fit = ~names.groups
        if len(spine) < 4:
            return fit
        edge = next(e for e in query.edges if {e.subject, e.object} == set(spine[-3:-1]))
        back: Direction = "inverse" if edge.object == spine[-2] else "forward"
        away: Direction = "forward" if back == "inverse" else "inverse"
        starts, ends = self._graph.csr(edge.predicate, back)[:2]
        others = np.diff(self._graph.csr(edge.predicate, away)[0])
        owners = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        shared = np.zeros(len(fit), dtype=np.bool_)
        shared[owners[others[ends] > 1]] = True
        return fit & shared

    # ---- where they come from ----------------------------------------------------------------

    def _candidates(self, rng: np.random.Generator) -> Iterator[tuple[int, int]]:
        """Yield (nearness, entity), the nearest first; some more than once."""
        ways = (self._rivals(), self._siblings(), self._sharing(rng), self._others(rng))
        for near, way in enumerate(ways):
            for count, node in enumerate(way):
                if count >= MOST_OF_A_WAY:
                    break
                yield near, node

    def _rivals(self) -> Iterator[int]:
        """Yield where the rivals of the proof's steps lead to, those of the last step first."""
        for step in reversed(self._mined.steps):
            for rival in step.rivals:
                if rival.id in self._graph:
                    yield from self.trial.onward(step.variables[-1], self._graph.index_of(rival.id))

    def _siblings(self) -> Iterator[int]:
        """Yield the other children of the answer's parents, then their children."""
        up, down = self._graph.csr(IS_A), self._graph.csr(IS_A, "inverse")
        near = sorted({c for p in up.of(self.trial.answer).tolist() for c in down.of(p).tolist()})
        yield from near
        for sibling in near:
            yield from down.of(sibling).tolist()

    def _sharing(self, rng: np.random.Generator) -> Iterator[int]:
        """Yield where other diseases with a clue of the question lead to, in the order of a lot."""
        query = self._mined.query
        for step in reversed(self._mined.steps):
            variable = step.variables[-1]
            held: set[int] = set()
            for index in step.clues:
                edge = query.edges[index]
                if edge.predicate != IS_A and not edge.negated and edge.subject == variable:
                    term = self._graph.index_of(edge.object)
                    held |= self._records.near(edge.predicate, term, "inverse")
            held -= self.trial.spine
            for node in _shuffled(held, rng)[:MOST_OF_A_WAY]:
                yield from self.trial.onward(variable, node)

    def _others(self, rng: np.random.Generator) -> Iterator[int]:
        """Yield what else is of the category, within the class asked for, by lot."""
        inside: set[int] | None = None
        for top in self.trial.within:
            below = {
                self._graph.index_of(i) for i in self._graph.descendants(self._graph.id_of(top))
            }
            inside = below if inside is None else inside & below
        every = self._names.members(self.trial.category) if inside is None else inside
        few = len(self._names.members(self.trial.category)) <= FEW
        for node in _shuffled(every, rng):
            if not few or self.known(node) >= OFTEN:
                yield node


def _quota(count: int, rng: np.random.Generator) -> list[bool]:
    """Return which of so many options stand below the answer: how many is drawn, and which."""
    below = int(rng.integers(count + 1))
    return [bool(at < below) for at in rng.permutation(count)]


def _shuffled(nodes: Sequence[int] | set[int], rng: np.random.Generator) -> list[int]:
    ordered = sorted(nodes)
    return [ordered[at] for at in rng.permutation(len(ordered))]


@cache
def _triples(text: str) -> frozenset[str]:
    padded = f"  {text.lower()} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are: the share of triples of letters in common, in [0, 1]."""
    mine, yours = _triples(one), _triples(other)
    return len(mine & yours) / len(mine | yours)


#: Joins two terms that an ontology matches to one entry elsewhere.
NEAR_MATCH = "close_match"


class Names:
    """What the entities of one graph are called, to tell namesakes. Get one with `names_of`."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self.is_group: list[bool] = graph.column("is_group").to_pylist()
        self.groups = np.array(self.is_group)
        self.asked: dict[tuple[str, tuple[int, ...]], dict[int, int]] = {}
        self._called: dict[str, frozenset[str]] = {}
        self._members: dict[str, list[int]] = {}

    def members(self, category: str) -> list[int]:
        """Return every entity of a category."""
        if not self._members:
            for node, name in enumerate(self._graph.column("category").to_pylist()):
                self._members.setdefault(name, []).append(node)
        return self._members.get(category, [])

    def called(self, curie: str) -> frozenset[str]:
        """Return an entity's ids and names, names as bags of words; of findings also what they say.

        What is said nearly the same is put down to the same words; see `alike`.
        """
        found = self._called.get(curie)
        if found is None:
            node = self._graph.node(curie)
            names = {" ".join(sorted(words(text))) for text in self._graph.surfaces(curie)}
            if node.category == "PhenotypicFeature":
                names |= {f"={sense(text)}" for text in self._graph.surfaces(curie)} - {"="}
                names.update(self._matched(curie))
            found = self._called[curie] = frozenset({curie, *node.equivalent_ids, *names} - {""})
        return found

    def _matched(self, curie: str) -> Iterator[str]:
        """Yield what stands for the near matches of an entity, the same for both."""
        at = self._graph.index_of(curie)
        if NEAR_MATCH in self._graph.predicates:
            for way in ("forward", "inverse"):
                for other in self._graph.csr(NEAR_MATCH, way).of(at).tolist():
                    yield "~".join(sorted((curie, self._graph.id_of(other))))

    def alike(self, one: str, other: str) -> bool:
        """Say whether two entities share an id or a name, or say nearly the same."""
        return not self.called(one).isdisjoint(self.called(other))


@once_each
def names_of(graph: KnowledgeGraph) -> Names:
    """Return the names of a graph, the same object each time."""
    return Names(graph)
