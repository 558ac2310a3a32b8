"""Do conclusion, last line, answer and answer list say the same, and is it what the query gives?"""

from collections.abc import Iterator

from kgsynth.checks.base import Context, gazetteer_of, row_finding
from kgsynth.checks.called import called_in
from kgsynth.checks.gazetteer import words_of
from kgsynth.checks.members import check_members
from kgsynth.checks.options import check_options
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.records import Answer, Finding

#: How the reasoning ends.
FINAL = "Answer: "


def check_answer(context: Context) -> Iterator[Finding]:
    """Yield findings where the places that give the answer differ.

    Yields:
        ``wrong_answer``, ``wrong_final_line``, ``wrong_conclusion``, ``foreign_alias``,
        ``wrong_answer_list``, and those of `check_options` and `check_members`.
    """
    row = context.row
    target = context.value(row.query.target)
    if [answer.id for answer in row.answers] != list(context.answers):
        yield row_finding("wrong_answer_list", "answers is not the query's answer set")
    if row.kind == "list":
        yield from check_members(context)
    elif row.form != "yes_no" and not _calls(context, row.answer, target):
        yield row_finding("wrong_answer", f"{row.answer!r} is no name of {target}")
    if row.form == "yes_no" and (row.answer == "yes") != (row.candidate.id in context.answers):
        yield row_finding("wrong_answer", f"{row.answer!r}, and the answer is {target}")
    last = row.reasoning.rstrip("\n").rsplit("\n", 1)[-1]
    if last != FINAL + row.final:
        yield row_finding("wrong_final_line", f"the last line is {last!r}")
    yield from _conclusion(context, target)
    for answer in row.answers:
        yield from _aliases(context, answer)
    yield from check_options(context)


def _calls(context: Context, text: str, curie: str) -> bool:
    return text.casefold() in called_in(context.graph).folded[curie]


def _conclusion(context: Context, target: str) -> Iterator[Finding]:
    if not context.row.trace:
        yield row_finding("wrong_conclusion", "there is no step")
        return
    index = len(context.row.trace) - 1
    named = [mention.nodes for mention in context.mentions(context.row.trace[index].concludes)]
    if not any(target in nodes for nodes in named):
        yield Finding(
            "wrong_conclusion", index, message=f"the last step does not conclude {target}"
        )


def _aliases(context: Context, answer: Answer) -> Iterator[Finding]:
    """Yield a finding for each alias that is neither a spelling nor a part of one.

    A part ("recessive") is allowed where no other entity of the category is called so.
    """
    if answer.id in context.graph:
        for alias in _foreign(context.graph)[answer.id, answer.aliases]:
            yield row_finding("foreign_alias", f"{alias!r} is no other word for {answer.id}")


@once_each
def _foreign(graph: KnowledgeGraph) -> Memo[tuple[str, tuple[str, ...]], tuple[str, ...]]:
    return Memo(lambda key: tuple(alias for alias in key[1] if not _is_own(graph, alias, key[0])))


def _is_own(graph: KnowledgeGraph, alias: str, curie: str) -> bool:
    """Say whether an alias is a spelling of an entity, or a part of one that is of no other."""
    words = words_of(alias)
    if not words or not any(_holds(surface, words) for surface in called_in(graph).words[curie]):
        return False
    nodes, category = gazetteer_of(graph).called(alias), graph.node(curie).category
    return curie in nodes or not any(graph.node(node).category == category for node in nodes)


def _holds(text: tuple[str, ...], part: tuple[str, ...]) -> bool:
    """Say whether some words stand next to each other in a text."""
    size = len(part)
    return any(part == text[at : at + size] for at in range(len(text) - size + 1))
