"""The rules of exclusions: what is denied decides, and only what is recorded rules a rival out."""

from collections.abc import Iterator
from dataclasses import replace

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.uniqueness import check_steps
from kgsynth.graph.answers import answers
from kgsynth.records import Finding


def check_exclusion(context: Context) -> Iterator[Finding]:
    """Yield findings where an exclusion breaks a rule; see `uniqueness.check_steps`.

    Without what is denied the question must have another answer, whatever is disputed.

    Yields:
        What `check_steps` does; ``not_minimal`` where no denial decides.
    """
    query = context.row.query
    positive = tuple(edge for edge in query.edges if not edge.negated)
    if len(positive) == len(query.edges):
        yield row_finding("not_minimal", "M: nothing is denied")
    elif not positive:
        yield row_finding("uninformative", "I: everything is denied")
    elif len(answers(context.graph, replace(query, edges=positive), False)) < 2:
        yield row_finding("not_minimal", "M: the findings alone have one answer; no denial decides")
    yield from check_steps(context)
