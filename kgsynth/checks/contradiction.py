"""Does any sentence say the opposite of the graph, or rest on what the graph disputes?"""

from collections.abc import Iterator

from kgsynth.checks.base import Context
from kgsynth.checks.denials import check_denials
from kgsynth.checks.judging import judgments
from kgsynth.records import Finding

_CODE = {"denied": "denied_claim", "recorded": "recorded_denial"}


def check_contradiction(context: Context) -> Iterator[Finding]:
    """Yield findings where a sentence and the graph say opposite things.

    Yields:
        ``denied_claim`` (asserted, and the graph denies it), ``recorded_denial`` (denied, and
        the graph asserts it), ``contested_edge``, and those of `check_denials`.
    """
    for index in range(len(context.row.trace)):
        for claim, judgment in judgments(context, index):
            code = _CODE.get(judgment)
            if code is not None:
                message = f"{claim.subject} {claim.predicate} {claim.object}"
                yield Finding(code, index, claim.start, claim.end, message=message)
        yield from check_denials(context, index)
        for edge in context.step_edges(index):
            if edge.contested:
                message = f"{edge.subject} {edge.predicate} {edge.object} is disputed"
                yield Finding("contested_edge", index, edge=edge.id, message=message)
