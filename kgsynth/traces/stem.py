"""Does a worded question still ask the query? What can be told from its words and the plan.

The checker holds sentences against the graph, but a question names no hidden entity, so a clue that
is left out, denied, or given to the wrong disorder contradicts nothing. The rules here are narrower
than English: they turn some good questions down, and let no changed query through unseen.
"""

import re
from collections.abc import Iterator

from kgsynth.phrasing import words
from kgsynth.traces.prompt import Plan

_DENIALS = frozenset(
    {"no", "not", "without", "lack", "lacks", "lacking", "absent", "absence", "never", "nor"}
    | {"neither", "except", "denies", "excluded", "excluding", "cannot", "isn't", "free"}
)


def stem_problems(plan: Plan, question: str) -> Iterator[tuple[str, str]]:
    """Yield what keeps a question from asking the plan's query.

    Args:
        plan: The plan that the question was worded from.
        question: The stem.

    Yields:
        Code and detail: ``missing_candidate`` (what a yes-or-no question proposes is not there),
        ``missing_clue`` (a named entity is not there in its spelling),
        ``wrong_order`` (the clues of a later step come before those of an earlier one, so that
        they may describe the wrong entity), ``missing_link`` (a gene is on the way and not spoken
        of), ``wrong_polarity`` (something is denied and the query denies nothing).
    """
    text = question.casefold()
    spelling = dict(zip(plan.entities, plan.spelling, strict=True))
    candidate = plan.row.candidate
    proposed = spelling.get(candidate.id, candidate.name)
    if candidate.id and _place(proposed, text) < 0:
        yield "missing_candidate", f"the question must propose {proposed!r}"
    last = -1
    for group in _clue_groups(plan):
        places = {clue: _place(spelling[clue], text) for clue in group}
        for clue, place in places.items():
            if place < 0:
                yield "missing_clue", f"the question must name {spelling[clue]!r}"
            elif place < last:
                yield "wrong_order", f"{spelling[clue]!r} must come after the clues before it"
        last = max([last, *places.values()])
    said = set(words(question))
    if any(v.category == "Gene" for v in plan.row.query.variables) and not {"gene", "genes"} & said:
        yield "missing_link", "the question must say that the disorders are linked by a gene"
    if not any(edge.negated for edge in plan.row.query.edges):
        rest = set(words(_without(text, plan.spelling)))
        if denied := sorted(rest & _DENIALS):
            yield "wrong_polarity", f"the question says {denied[0]!r}; the facts deny nothing"


def _clue_groups(plan: Plan) -> Iterator[list[str]]:
    """Yield the named entities of each step of the proof, in order."""
    edges = plan.row.query.edges
    seen: set[str] = set()
    for step in plan.row.steps:
        ends = [end for clue in step.clues for end in (edges[clue].subject, edges[clue].object)]
        group = [end for end in dict.fromkeys(ends) if end in plan.clues - seen]
        seen.update(group)
        yield group


def _place(name: str, text: str) -> int:
    """Return where a name stands in a text, whole words and a plural ending aside; -1 if not."""
    found = re.search(rf"(?<!\w){re.escape(name.casefold())}(?:e?s)?(?!\w)", text)
    return found.start() if found else -1


def _without(text: str, names: tuple[str, ...]) -> str:
    """Return a text without the names in it: "absent speech" denies nothing."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name.casefold(), " ")
    return text
