"""How hard a question is: parts that can be counted, and one score made of them alone.

The parts stand in the row as they are counted (`records.Difficulty`); `score_of` makes the score
from them and from nothing else, so whoever has a row can recompute it. Each part says one thing:

| part | formula | why |
|---|---|---|
| length | (hops - 1) / 5 | every hop is a conclusion that the next one rests on |
| search | search_bits / 10, where search_bits adds up, over the steps, log2 of the ways left once half of a step's clues are weighed | who knows only half of the findings still has so many to choose from; see `_search_bits` for questions that weigh none |
| dilution | 1 - information_bits / 12, the mean information content of the clues | common findings point nowhere by themselves |
| closeness | how much the nearest wrong answer has in common with the right one: see `difficulty_of` | a near miss tempts, a far one does not |
| overlap | share of the words of a hidden name that the question names, the mean over what is hidden | a name that half stands in the question is half given |
| chance | what a blind guess reaches: 1 / options, 1/2 for yes or no, 0 for open questions | a guess is not reasoning |

`score` = (0.3 length + 0.45 search + 0.1 dilution + 0.15 closeness) (1 - chance / 2)
(1 - overlap / 2), each part cut to [0, 1]. The weights are a choice; `benchmarks/difficulty.py`
holds the score against the effort of a solver that sees only part of the clues.
"""  # noqa: E501 - a table reads as one

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from kgsynth.graph.stencil import Shape, place_of, shape_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.records import Difficulty, Mined, Option, ProofStep, Query

#: Where a part is full: hops, bits of search, and bits of information in a clue.
MOST_HOPS, MOST_SEARCH, MOST_BITS = 6, 10.0, 12.0

#: What each part weighs.
LENGTH, SEARCH, DILUTION, CLOSENESS = 0.3, 0.45, 0.1, 0.15

#: Words shorter than this say nothing in a name; longer ones are compared by their beginnings.
LETTERS, BEGINNING = 4, 5

_WORD = re.compile(rf"[^\W_]{{{LETTERS},}}")


def hops_of(query: Query) -> int:
    """Return the edges of the spine; without one all clues hang on the target, one hop away."""
    return max(1, len(query.spine) - 1)


def difficulty_of(
    mined: Mined, graph: KnowledgeGraph, form: str = "open", options: Sequence[Option] = ()
) -> Difficulty:
    """Return how hard a question is, with the parts of the score.

    Closeness is, for a question with options, the mean likeness of the wrong ones to the right one;
    for a `comparison` that of the two that are named; for a `dual` how far the proposal misleads
    who knows only how common the finding is; else the largest share of a step's clues that a rival
    satisfies. It does not look at what a yes-or-no question proposes, or it would tell the answer.

    Args:
        mined: The query with its proof.
        graph: The graph that it was mined from.
        form: How the question is to be answered.
        options: What there is to choose from.
    """
    sight = sight_of(graph)
    edges = mined.query.edges
    clues = [edges[index] for step in mined.steps for index in step.clues]
    named = [end for edge in clues for end in (edge.subject, edge.object) if end[:1] != "?"]
    bits = [sight.bits[curie] for curie in named or [mined.candidate] if curie]
    mean = sum(bits) / len(bits) if bits else 0.0
    parts = (
        hops_of(mined.query),
        len(clues),
        _most_ways(mined),
        round(mean, 4),
        tuple([count for step in mined.steps for count in step.candidates]),
        round(_search_bits(mined, sight), 4),
        round(_closeness(mined, sight, options, mean), 4),
        round(_overlap(mined, sight), 4),
        round(_chance(mined, form, options), 4),
    )
    # Twice, because `replace` takes longer than all that is counted here.
    return Difficulty(score_of(Difficulty(0.0, *parts)), *parts)


def score_of(parts: Difficulty) -> float:
    """Return the score in [0, 1] that the other fields of a `Difficulty` give."""
    base = (
        LENGTH * _cut((parts.hops - 1) / (MOST_HOPS - 1))
        + SEARCH * _cut(parts.search_bits / MOST_SEARCH)
        + DILUTION * _cut(1 - parts.information_bits / MOST_BITS)
        + CLOSENESS * _cut(parts.closeness)
    )
    return round(base * (1 - parts.chance / 2) * (1 - parts.overlap / 2), 4)


def score_bounds(
    mined: Mined, graph: KnowledgeGraph, form: str = "open", options: int = 0
) -> tuple[float, float]:
    """Return between what the score will lie, before a question is worded.

    Both are the score itself where no options are drawn; else only their likeness is unknown.

    Args:
        mined: The query with its proof.
        graph: The graph that it was mined from.
        form: How the question will be asked.
        options: How many options there will be, for the form ``choice``.
    """
    parts = difficulty_of(mined, graph, form)
    if form != "choice":
        return parts.score, parts.score
    parts = replace(parts, chance=round(1 / options, 4))
    low, high = (score_of(replace(parts, closeness=value)) for value in (0.0, 1.0))
    return low, high


def _cut(part: float) -> float:
    return min(1.0, max(0.0, part))


def _most_ways(mined: Mined) -> int:
    """Return the most ways that any step leaves after its first clue.

    Where nothing is a clue, as in a `dual`, all answers of the query are to be known.
    """
    first = [step.candidates[0] for step in mined.steps if step.candidates]
    return max(first, default=max(1, len(mined.answers)))


def _search_bits(mined: Mined, sight: "Sight") -> float:
    """Return log2 of the ways left once half of the clues are weighed, over all steps.

    Where no clue is weighed: of all answers that are to be known (`dual`), or of all that the two
    which are named have in common and that does not tell them apart (`comparison`).
    """
    if mined.query.among:
        others = (one for one in mined.query.among if one != mined.answers[0])
        return math.log2(max(1, *(sight.shared(mined.answers[0], one) for one in others)))
    halves = [_halfway(step) for step in mined.steps if step.candidates]
    return sum(halves) if halves else math.log2(_most_ways(mined))


def _halfway(step: ProofStep) -> float:
    return math.log2(max(1, step.candidates[max(1, len(step.candidates) // 2) - 1]))


def _closeness(mined: Mined, sight: "Sight", options: Sequence[Option], bits: float) -> float:
    if options:
        right = next(option.id for option in options if option.correct)
        wrong = [sight.likeness(right, option.id) for option in options if not option.correct]
        return sum(wrong) / len(wrong) if wrong else 0.0
    if mined.query.among:
        answer = mined.answers[0]
        return max(sight.likeness(answer, one) for one in mined.query.among if one != answer)
    if mined.candidate:  # a rare finding is not expected, a common one is
        rare = _cut(bits / MOST_BITS)
        return rare if mined.candidate in mined.answers else 1 - rare
    return max([_nearest(step) for step in mined.steps], default=0.0)


def _nearest(step: ProofStep) -> float:
    """Return the share of a step's clues that its nearest rival satisfies."""
    if not step.clues or not step.rivals:
        return 0.0
    return 1 - min([len(rival.fails) for rival in step.rivals]) / len(step.clues)


def _overlap(mined: Mined, sight: "Sight") -> float:
    """Return the mean share of a hidden name's words that names in the question begin like."""
    words, (shape, entities) = sight.words, shape_of(mined.query)
    shown = set[str]()
    shown.update(*[words[entities[place]] for place in shape.once("ends", _ends)])
    bound = [binding.id for binding in mined.bindings]
    hidden = dict.fromkeys((mined.candidate,) if mined.candidate else (*bound, *mined.answers))
    named = [own for one in hidden if (own := words[one])]
    shares = [len(own & shown) / len(own) for own in named if not shown.isdisjoint(own)]
    return sum(shares) / len(named) if shares else 0.0


def _ends(shape: Shape) -> tuple[int, ...]:
    """Return the places of the named entities that the edges of a query join, once each."""
    ends = [end for edge in shape.query.edges for end in (edge.subject, edge.object)]
    return tuple(place_of(end) for end in dict.fromkeys(ends) if end[:1] != "?")


def _chance(mined: Mined, form: str, options: Sequence[Option]) -> float:
    if form == "yes_no" or mined.candidate:
        return 0.5
    if mined.query.among:
        return 1 / len(mined.query.among)
    return 1 / len(options) if options else 0.0


class Sight:
    """What one graph's entities are called, how much they say, and how alike they are."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.bits: Memo[str, float] = Memo(lambda one: graph.node(one).information_content or 0.0)
        self.words: Memo[str, frozenset[str]] = Memo(lambda one: words_of(graph.node(one).name))
        self._around: Memo[str, frozenset[str]] = Memo(lambda one: _around(graph, one), 4096)

    def shared(self, one: str, other: str) -> int:
        """Return how many of the entities around one are around the other too."""
        return len(self._around[one] & self._around[other])

    def likeness(self, one: str, other: str) -> float:
        """Return what two entities have in common, in [0, 1]: Dice of what is around them."""
        a, b = self._around[one], self._around[other]
        return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


def words_of(name: str) -> frozenset[str]:
    """Return the beginnings of a name's words, so that "retinal" and "retina" are one.

    Example:
        >>> sorted(words_of("Retinal vascular abnormality of 2"))
        ['abnor', 'retin', 'vascu']
    """
    return frozenset(word[:BEGINNING] for word in _WORD.findall(name.casefold()))


def _around(graph: KnowledgeGraph, curie: str) -> frozenset[str]:
    """Return what is recorded of an entity, and what all that and the entity itself fall under."""
    near = {*graph.neighbours(curie, direction="forward"), curie}
    return frozenset(near.union(*(graph.ancestors(one) for one in near))) - {curie}


@once_each
def sight_of(graph: KnowledgeGraph) -> Sight:
    """Return what is seen of a graph's entities, the same object each time."""
    return Sight(graph)
