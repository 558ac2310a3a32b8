"""The rules of a differential: its clues, its rivals, and what the case says of the patient.

Rules U, R, I, G, L hold as they are. A case presents more findings than the fewest that would do,
so rule M is replaced by rule D: four to seven findings, each of which speaks against one of the
ten nearest rivals, and a trace that excludes three of these or more by name.
"""

from collections.abc import Iterator
from itertools import pairwise

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.judging import judgments
from kgsynth.checks.uniqueness import check_steps
from kgsynth.graph.answers import is_clue
from kgsynth.records import Finding

FEWEST_CLUES, MOST_CLUES, FEWEST_TOLD = 4, 7, 3


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
    """The case tells no finding that is no clue."""
    shown = {edge.object for edge in context.row.query.edges} | {context.row.candidate.id}
    for mention in context.mentions(context.row.question):
        if shown.isdisjoint(mention.nodes):
            yield row_finding("wrong_case", f"the case tells {mention.nodes[0]}, which is no clue")
