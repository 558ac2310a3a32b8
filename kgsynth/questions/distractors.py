"""Wrong options: provably wrong, and tempting.

Where they come from, nearest first: the rivals of the proof, led on along the rest of the spine
(who takes the wrong disorder ends at its gene); siblings of the answer; entities that share clues
with it; whatever else is of the class that the question asks within. Every one is of the answer's
category and grain, no twin, kin or namesake of it, and fails enough of the query for recorded
reasons (`reasons`).

Which of them are taken is decided so that the options alone tell nothing: by lot the answer is the
shortest, second shortest … of them, and the least, second least … often recorded.
"""

import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.phrasing import words
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.questions.reasons import FINDING, IS_A, Records, Trial
from kgsynth.records import Mined, OptionReason

#: So many wrong options to choose from are enough, and so many entities are looked at for them.
ENOUGH, MOST_TRIED = 60, 400
#: Entities that one way of being near may give.
MOST_OF_A_WAY = 150
#: Members of a category of few, such as modes of inheritance, count when so often recorded.
FEW, OFTEN = 100, 10


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong option.

    Attributes:
        node: Its place in the graph.
        text: How it is said.
        near: How near it is to the answer; 0 for where a rival of the proof leads to.
        known: How many statements of the kind that the question asks for it takes part in.
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

    def choose(self, count: int, rng: np.random.Generator) -> list[Distractor]:
        """Return so many wrong options, fewer where there are not enough, in no telling order."""
        pool = self._pool(rng)
        known = self.known(self.trial.answer)
        shorter, rarer = (_quota(count, rng) for _ in range(2))
        chosen: list[Distractor] = []
        for place in range(count):
            wanted = shorter[place], rarer[place]
            fits = [one for one in pool if self._apart(one, chosen)]
            if not fits:
                break
            chosen.append(min(fits, key=lambda one: self._cost(one, wanted, known)))
        return chosen

    def _cost(
        self, one: Distractor, wanted: tuple[bool, bool], known: int
    ) -> tuple[int, int, float]:
        """Return how ill a wrong option serves: off the drawn side, far off, of another size."""
        size, own = len(one.text), len(self.text)
        off = (size != own and (size < own) != wanted[0]) + (
            one.known != known and (one.known < known) != wanted[1]
        )
        apart = abs(np.log((size + 4) / (own + 4))) + 0.4 * abs(
            np.log((one.known + 1) / (known + 1))
        )
        return off, one.near, float(apart)

    # ---- who may be one ----------------------------------------------------------------------

    def _pool(self, rng: np.random.Generator) -> list[Distractor]:
        found: list[Distractor] = []
        seen = {self.trial.answer, *self.trial.answers, *self.trial.spine}
        tried = 0
        for near, node in self._candidates(rng):
            if node in seen or tried >= MOST_TRIED:
                continue
            seen.add(node)
            if not self._fit(node):
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

    def _fit(self, node: int) -> bool:
        """Say whether an entity is of the answer's category and grain, and no relative of it."""
        graph, trial, records = self._graph, self.trial, self._records
        if graph.category_of(node) != trial.category or self._names.is_group[node]:
            return False
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
        """Return how many statements of the relation that is asked for an entity takes part in."""
        if self.trial.last is None:
            return len(self._graph.csr(FINDING).of(node))
        edge = self.trial.last[1]
        way: Direction = "inverse" if edge.object == self._mined.query.target else "forward"
        return len(self._graph.csr(edge.predicate, way).of(node))

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
            if self.known(node) >= (OFTEN if few else 1):
                yield node


def _quota(count: int, rng: np.random.Generator) -> list[bool]:
    """Return which of so many options stand below the answer: how many is drawn, and which."""
    below = int(rng.integers(count + 1))
    return [bool(at < below) for at in rng.permutation(count)]


def _shuffled(nodes: Sequence[int] | set[int], rng: np.random.Generator) -> list[int]:
    ordered = sorted(nodes)
    return [ordered[at] for at in rng.permutation(len(ordered))]


class Names:
    """What the entities of one graph are called, to tell namesakes. Get one with `names_of`."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self.is_group: list[bool] = graph.column("is_group").to_pylist()
        self._called: dict[str, frozenset[str]] = {}
        self._members: dict[str, list[int]] = {}

    def members(self, category: str) -> list[int]:
        """Return every entity of a category."""
        if not self._members:
            for node, name in enumerate(self._graph.column("category").to_pylist()):
                self._members.setdefault(name, []).append(node)
        return self._members.get(category, [])

    def called(self, curie: str) -> frozenset[str]:
        """Return an entity's ids and names, names as bags of words in lower case."""
        found = self._called.get(curie)
        if found is None:
            node = self._graph.node(curie)
            names = {" ".join(sorted(words(text))) for text in self._graph.surfaces(curie)}
            found = self._called[curie] = frozenset({curie, *node.equivalent_ids, *names} - {""})
        return found

    def alike(self, one: str, other: str) -> bool:
        """Say whether two entities share an id or a name."""
        return not self.called(one).isdisjoint(self.called(other))


_NAMES: "weakref.WeakKeyDictionary[KnowledgeGraph, Names]" = weakref.WeakKeyDictionary()


def names_of(graph: KnowledgeGraph) -> Names:
    """Return the names of a graph, the same object each time."""
    found = _NAMES.get(graph)
    if found is None:
        found = _NAMES[graph] = Names(graph)
    return found


def is_guessable(trial: Trial, rng: np.random.Generator) -> bool:
    """Say whether an answer of a small category must make way for rarer ones, by lot.

    Half of all modes of inheritance are autosomal dominant; asked as often as they are recorded,
    the options alone would give the answer away. A mode with a share of `LEAST_SHARE` or less of
    the records is always asked for, one with ten times that share in a tenth of its questions.
    """
    graph = trial.records.graph
    members = names_of(graph).members(trial.category)
    if len(members) > FEW or trial.last is None:
        return False
    edge = trial.last[1]
    degrees = {node: len(graph.csr(edge.predicate, "inverse").of(node)) for node in members}
    share = degrees[trial.answer] / max(1, sum(degrees.values()))
    return share > LEAST_SHARE and float(rng.random()) >= LEAST_SHARE / share


#: See `is_guessable`.
LEAST_SHARE = 0.05
