"""Do the steps walk the spine from end to end, in order, each from where one before it ended?"""

from collections.abc import Iterator
from itertools import pairwise

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.cited import Cited, proves
from kgsynth.checks.rules import spine_edge
from kgsynth.records import Finding


def check_continuity(context: Context) -> Iterator[Finding]:
    """Yield findings where the trace does not follow the spine.

    A trace whose steps are each true can still be no argument: a step may begin at an entity
    that nothing before it reached, or a hop may be missing.

    Yields:
        ``dropped_hop``, ``broken_order``, ``broken_chain``, ``wrong_step_end``.
    """
    walked = [_hops(context, index) for index in range(len(context.row.trace))]
    # What is said of options or of a proposal cites the last hop again, and does not walk it.
    closes = context.row.kind == "chain" and context.row.form != "open"
    seen = {hop for hops in (walked[:-1] if closes else walked) for hop in hops}
    for hop in range(len(context.row.query.spine) - 1):
        if hop not in seen:
            one, other = context.row.query.spine[hop : hop + 2]
            yield row_finding("dropped_hop", f"no step walks from {one} to {other}")
    yield from _order(context, walked)
    for index, hops in enumerate(walked):
        yield from _step_end(context, index, hops)


def _hops(context: Context, index: int) -> list[int]:
    """Return which edges of the spine a step's citations prove, ascending."""
    query, cited = context.row.query, Cited(context.step_edges(index))
    pairs = enumerate(pairwise(query.spine))
    return [
        hop
        for hop, pair in pairs
        if proves(cited, context.realized(spine_edge(query.edges, *pair)))
    ]


def _order(context: Context, walked: list[list[int]]) -> Iterator[Finding]:
    spine = [context.value(name) for name in context.row.query.spine]
    reached = 0
    for index, hops in enumerate(walked):
        fresh = [hop for hop in hops if hop >= reached]
        for hop in fresh:
            if hop > reached:
                code = "broken_order" if any(reached in later for later in walked[index:]) else ""
                message = f"the step walks from {spine[hop]} before anything has reached it"
                yield Finding(code or "broken_chain", index, message=message)
            reached = max(reached, hop + 1)


def _step_end(context: Context, index: int, hops: list[int]) -> Iterator[Finding]:
    """Yield a finding where the conclusion names none of the entities that the step reaches."""
    step = context.row.trace[index]
    spine = [context.value(name) for name in context.row.query.spine]
    ends = {spine[hops[-1] + 1]} if hops else set(step.entities)
    named = context.named(step.concludes) & context.listed
    told = context.named(step.text)
    if hops and not named:
        yield Finding("wrong_step_end", index, message="the conclusion names no entity")
    elif named and ends.isdisjoint(named):
        found = ", ".join(sorted(named))
        message = f"concludes {found}; what it cites ends at {', '.join(sorted(ends))}"
        yield Finding("wrong_step_end", index, message=message)
    elif named and named.isdisjoint(told):
        message = f"concludes {', '.join(sorted(named))}, which its text does not name"
        yield Finding("wrong_step_end", index, message=message)
