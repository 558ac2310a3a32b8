"""The rules of a differential: its clues, its rivals, and what the case says of the patient.

Rules U, R, I, G, L hold as they are. A case presents more findings than the fewest that would do,
so rule M is replaced by rule D: four to seven findings, each of which speaks against one of the
ten nearest rivals, and a trace that excludes three of these or more by name.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.judging import judgments
from kgsynth.checks.uniqueness import check_steps
from kgsynth.graph.answers import is_clue
from kgsynth.records import Finding

FEWEST_CLUES, MOST_CLUES, FEWEST_TOLD = 4, 7, 3

#: What a case says of when the illness began, and the terms of onset that bear it out.
_BEGAN: dict[str, frozenset[str]] = {
    "at birth": frozenset({"HP:0003577"}),
    "in the newborn period": frozenset({"HP:0003623"}),
    "in infancy": frozenset({"HP:0003593"}),
    "in childhood": frozenset({"HP:0011463", "HP:0410280"}),
    "at school age": frozenset({"HP:0003621"}),
    "in young adulthood": frozenset({"HP:0011462", "HP:0025708", "HP:0025709", "HP:0025710"}),
    "in adulthood": frozenset({"HP:0003581"}),
    "in middle age": frozenset({"HP:0003596"}),
    "late in life": frozenset({"HP:0003584"}),
}
_WHEN = re.compile(rf"\b(?:began|affected) (?P<when>{'|'.join(_BEGAN)})\b")
_BEGUN = re.compile(r"\b(?:began|first affected)\b")
_SEX = re.compile(r"\b(?P<sex>male|female|boy|girl|man|woman)\b")
_SEXES = {"boy": "male", "man": "male", "girl": "female", "woman": "female"}


def check_differential(context: Context) -> Iterator[Finding]:
    """Yield findings where a differential breaks a rule.

    Yields:
        Those of `check_steps` without rule M; ``spare_clue``, ``untold_rival``,
        ``broken_order``, ``wrong_case``.
    """
    yield from check_steps(context, minimal=False)
    yield from _discriminating(context)
    yield from _told(context)
    yield from _case(context)


def _discriminating(context: Context) -> Iterator[Finding]:
    """Rule D: enough findings, and each fails one of the rivals that the row lists."""
    clues = [at for at, edge in enumerate(context.row.query.edges) if is_clue(edge)]
    if not FEWEST_CLUES <= len(clues) <= MOST_CLUES:
        yield row_finding("spare_clue", f"D: {len(clues)} findings, not four to seven")
    failed = {at for step in context.row.steps for rival in step.rivals for at in rival.fails}
    for at in sorted(set(clues) - failed):
        yield row_finding("spare_clue", f"D: clue {at} speaks against none of the nearest rivals")


def _told(context: Context) -> Iterator[Finding]:
    """Rule D: three or more of the listed rivals, nearest first, each with a finding it fails."""
    terms = [edge.object for edge in context.row.query.edges]
    fails = {
        rival.id: {terms[at] for at in rival.fails if at < len(terms)}
        for step in context.row.steps
        for rival in step.rivals
    }
    told: dict[str, int] = {}
    for index in range(len(context.row.trace)):
        for claim, judgment in judgments(context, index):
            missing = claim.object in fails.get(claim.subject, ())
            if claim.negated and judgment == "supported" and missing:
                told.setdefault(claim.subject, index)  # an option may be told of again at the end
    if len(told) < FEWEST_TOLD:
        yield row_finding("untold_rival", f"D: the trace excludes {len(told)} of the rivals listed")
    order = [rival for rival in fails if rival in told]
    for one, other in pairwise(order):
        if told[one] > told[other]:
            message = f"{one} is nearer than {other} and comes behind it"
            yield Finding("broken_order", told[other], message=message)


def _case(context: Context) -> Iterator[Finding]:
    """The stem tells every clue, and of the patient only what is recorded of the disease."""
    stem, graph = context.row.question, context.graph
    told = {node for mention in context.mentions(stem) for node in mention.nodes}
    clues = {edge.object for edge in context.row.query.edges}
    for clue in sorted(clues - told):
        yield row_finding("wrong_case", f"the case does not tell {clue}")
    for mention in context.mentions(stem):
        if (clues | {context.row.candidate.id}).isdisjoint(mention.nodes):
            yield row_finding("wrong_case", f"the case tells {mention.nodes[0]}, which is no clue")
    answer = context.value(context.row.query.target)
    held = {e.object for e in graph.edges_of(answer, "has_attribute") if not e.contested}
    when = [match["when"] for match in _WHEN.finditer(stem)]
    if len(when) != len(_BEGUN.findall(stem)):
        yield row_finding("wrong_case", "the case says when it began in words nobody knows")
    for words in when:
        if held.isdisjoint(_BEGAN[words]):
            yield row_finding("wrong_case", f"no onset {words!r} is recorded for {answer}")
    for match in _SEX.finditer(_without_names(context, stem)):
        sex = _SEXES.get(match["sex"], match["sex"])
        if sex not in _recorded_sexes(context, answer):
            yield row_finding("wrong_case", f"no finding of {answer} is recorded in {sex} patients")


def _without_names(context: Context, text: str) -> str:
    """Return a text with every mention blanked: a male hypogonadism is no male patient."""
    for mention in context.mentions(text):
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return text


def _recorded_sexes(context: Context, answer: str) -> set[str]:
    """Return the sexes that the records of the findings name, if they name one only."""
    edges = [
        context.graph.find_edge(answer, edge.predicate, edge.object)
        for edge in context.row.query.edges
    ]
    sexes = {edge.sex for edge in edges if edge is not None and edge.sex}
    return sexes if len(sexes) == 1 else set()
