"""Option blocks: questions whose answers are each other's wrong options, one of them asked by lot.

As many mined questions as there are options (two, where one is proposed) are put together if the
answer of each may stand beside the answers of all others (`standing`). A lot decides which of them
is asked; the others lend their answers. So whoever sees the options only, and be it after studying
all other rows, is right once in so many: any of the questions could have been asked. We do not ask
all of them: each answer would be right once among its options, and who has seen three of four rows
would know the last. Once taken, no question is put into another block, for the same reason.

Blocks stay within one split, or what was right in training would be known to be wrong in the test.
Whom a question is put together with is decided by what makes a wrong option tempting: as much as
possible on record in common, and stems that share no more with their own answers than with the
others, taken together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo
from kgsynth.paths.found import Barren
from kgsynth.phrasing import words
from kgsynth.questions.alike import triples
from kgsynth.questions.base import question_id
from kgsynth.questions.difficulty import difficulty_of, sight_of
from kgsynth.questions.difficulty_range import Range
from kgsynth.questions.distractors import asks_for_value
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.standing import Standing
from kgsynth.records import Mined, Option, Rejection
from kgsynth.seeding import derive_rng

#: So many questions of the largest split wait to be put together, of others as many in proportion;
#: fewer where a range of difficulty asks for many tries with each.
POOL, POOL_OF_RANGE = 400, 64

#: So many questions turned down in a row, and those that wait are put together as they are.
IDLE = 2_000

#: What words that a stem shares with one answer rather than another count, beside likeness. Pools
#: of 400 make options a third more alike than pools of 64; without this, or with 1, a classifier
#: that sees the stem too finds 29 % of four.
LURE = 4.0

#: What questions have in common that may be put together: split, category, last relation.
_Key = tuple[str, str, str]

#: How much nearer a stem is to its own answer than to another, by words and by letters.
Pull = tuple[float, float]


class _Waiting(Standing):
    """A question that waits for others."""

    def __init__(self, mined: Mined, graph: KnowledgeGraph, settings: FormSettings) -> None:
        self.mined = mined
        named = [end for e in mined.query.edges for end in (e.subject, e.object) if end[:1] != "?"]
        stem = "; ".join(lexicon(graph).say(curie) for curie in dict.fromkeys(named))
        super().__init__(mined, stem, graph, settings)
        self._words, self._triples = frozenset(words(stem)), triples(stem)
        self._name, self._letters = frozenset(words(self.text)), triples(self.text)
        self._own = self._lure(self)
        self._may: Memo[int, bool] = Memo(lambda node: bool(self.against(node)))
        self._sight = sight_of(graph)

    def _lure(self, other: "_Waiting") -> Pull:
        """Return how near another's answer is to the stem, by the words and letters of its name."""
        name = other._name
        shared = len(name & self._words) / len(name) if name else 0.0
        return shared, len(other._letters & self._triples) / len(other.text)

    def pull(self, other: "_Waiting") -> Pull:
        """Return how much nearer the question's words are to its own answer than to another's."""
        others = self._lure(other)
        return self._own[0] - others[0], self._own[1] - others[1]

    def likeness(self, other: "_Waiting") -> float:
        """Return what two answers have in common on record, in [0, 1]."""
        return self._sight.likeness(self.id, other.id)

    def suits(self, other: "_Waiting") -> bool:
        """Say whether either answer may be a wrong option of the other question."""
        return self._may[other.node] and other._may[self.node]


def _both(one: _Waiting, other: _Waiting, so_far: Pull) -> Pull:
    """Return a sum with the pulls of two questions on each other's answers added."""
    there, back = one.pull(other), other.pull(one)
    return so_far[0] + there[0] + back[0], so_far[1] + there[1] + back[1]


class Blocks:
    """Puts the mined questions of one part of a run together, as they come.

    Args:
        graph: The graph that they are mined from.
        form: How they will be asked: ``choice`` or ``yes_no``.
        settings: How many options, and for which reasons they may be wrong.
        seed: The seed of the run; with the questions of a block it decides which is asked.
        split_of: Returns the split that a mined question belongs to.
        wanted: How hard questions are to be; None for any.
    """

    def __init__(
        self,
        graph: KnowledgeGraph,
        form: str,
        settings: FormSettings,
        seed: int,
        split_of: Callable[[Mined], str],
        wanted: Range | None = None,
    ) -> None:
        self._graph = graph
        self._form = form
        self._size = 2 if form == "yes_no" else settings.options
        self._settings = settings
        self._seed = seed
        self._split_of = split_of
        self._wanted = wanted if form == "choice" else None
        self._pools: dict[_Key, list[_Waiting]] = {}
        self._came: Counter[_Key] = Counter()

    def group(
        self, stream: Iterable[Mined | Rejection | Barren]
    ) -> Iterator[Mined | Rejection | Barren]:
        """Yield a stream of mined questions with those that are asked only, options with them.

        Questions that ask for a value have options of another kind (`distractors`) and pass as
        they are. The others of a block are rejected as ``lent``, those that found no partners as
        ``no_block``.
        """
        idle = 0
        for item in stream:
            if not isinstance(item, Mined):
                yield item
                idle += 1 if isinstance(item, Rejection) else len(item)
                if idle >= IDLE:
                    yield from self._flush()
            elif asks_for_value(item, self._graph):
                idle = 0
                yield item
            else:
                idle = 0
                yield from self._add(item)
        yield from self._flush()

    def _add(self, mined: Mined) -> Iterator[Mined | Rejection]:
        one = _Waiting(mined, self._graph, self._settings)
        if not one.reads(one.node):
            yield self._left(one)
            return
        last = one.trial.last
        key = self._split_of(mined), one.trial.category, last[1].predicate if last else ""
        self._came[key] += 1
        pool = self._pools.setdefault(key, [])
        pool.append(one)
        if len(pool) > self._room(key):
            yield from self._serve(pool)

    def _room(self, key: _Key) -> int:
        """Return how many may wait: of few that came few, so that all splits grow alike."""
        most = POOL_OF_RANGE if self._wanted else POOL
        share = self._came[key] / max(self._came.values())
        return max(3 * self._size, int(most * share))

    def _serve(self, pool: list[_Waiting]) -> Iterator[Mined | Rejection]:
        """Put the oldest of a pool together with others; if there are none, it is given up."""
        oldest = pool.pop(0)
        block = self._block(oldest, pool)
        if not block:
            yield self._left(oldest)
            return
        pool[:] = [one for one in pool if one not in block]
        yield from self._ask(block)

    def _flush(self) -> Iterator[Mined | Rejection]:
        """Put together what waits, as far as it goes."""
        for pool in self._pools.values():
            while pool:
                yield from self._serve(pool)

    def _left(self, one: _Waiting) -> Rejection:
        name = question_id(one.mined.query, "open")
        detail = (
            f"no {self._size - 1} other questions whose answers could stand beside {one.text!r}"
        )
        return Rejection(name, "questions", "no_block", detail, one.mined.query)

    def _ask(self, block: Sequence[_Waiting]) -> Iterator[Mined | Rejection]:
        """Yield the question that is drawn from a block, after those that are not."""
        by_id = {question_id(one.mined.query, "open"): one for one in block}
        names = sorted(by_id)
        asked = names[int(derive_rng(self._seed, "blocks", *names).integers(len(names)))]
        for name in names:
            if name != asked:
                detail = f"its answer is an option of {asked}, which was drawn by lot"
                yield Rejection(name, "questions", "lent", detail)
        yield replace(by_id[asked].mined, options=tuple(sorted(one.id for one in block)))

    # ---- who goes together -------------------------------------------------------------------

    def _block(self, seed: _Waiting, pool: Sequence[_Waiting]) -> list[_Waiting]:
        """Return a block with a question in it, or nothing."""
        # Options that are less alike make a question easier; of part of the pool others come.
        pools = [pool, *(pool[at::3] for at in range(3))] if self._wanted else [pool]
        for some in pools:
            for sign in (1, -1) if self._wanted else (1,):
                block = self._gather(seed, some, sign)
                if block and self._is_wanted(block):
                    return block
        return []

    def _gather(self, seed: _Waiting, pool: Sequence[_Waiting], sign: int) -> list[_Waiting]:
        """Return a block with a question in it, whose stems all in all favor no answer.

        A stem shares words and letters with its answer, or with another's; over all questions of a
        block, any of which may be asked, the one is to be as much as the other.
        """
        block, total = [seed], (0.0, 0.0)
        likeness = [sign * seed.likeness(other) for other in pool]
        sums = [_both(seed, other, total) for other in pool]
        while len(block) < self._size:
            costs = [
                LURE * (abs(total[0] + by_words) + abs(total[1] + by_letters)) - like
                for (by_words, by_letters), like in zip(sums, likeness, strict=True)
            ]
            order = sorted(range(len(pool)), key=costs.__getitem__)
            found = next((at for at in order if all(map(pool[at].suits, block))), None)
            if found is None:
                return []
            block.append(pool[found])
            total = (total[0] + sums[found][0], total[1] + sums[found][1])
            sums = [_both(block[-1], other, sum_) for other, sum_ in zip(pool, sums, strict=True)]
        return block

    def _is_wanted(self, block: Sequence[_Waiting]) -> bool:
        """Say whether each question of a block would be as hard as asked for, were it drawn.

        Were only the one that is drawn looked at, it would tell: the more alike the others are to
        an answer, the harder the question.
        """
        wanted = self._wanted
        if wanted is None:
            return True
        for one in block:
            options = [Option("", "", other.id, other is one, ()) for other in block]
            score = difficulty_of(one.mined, self._graph, self._form, options).score
            if wanted.code_of(score, score):
                return False
        return True
