"""The rules of lists: the complete set of two to ten answers, each as fit as a single one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.rules_entities import check_entities, related
from kgsynth.checks.uniqueness import check_steps
from kgsynth.records import Finding

#: How many answers a list has.
FEWEST, MOST = 2, 10


def check_list(context: Context) -> Iterator[Finding]:
    """Yield findings where a list breaks a rule; see `uniqueness.check_steps`.

    What the other rules say of the one answer holds for each: it is individual, no disputed
    statement makes it one, every clue is common in it. No two are kin. The binding of the target is
    the first of them.

    Yields:
        What `check_steps` and `check_entities` do.
    """
    row = context.row
    members = context.accepted
    if not FEWEST <= len(members) <= MOST:
        yield row_finding("not_unique", f"U: {len(members)} answers, expected {FEWEST} to {MOST}")
        return
    if context.value(row.query.target) != members[0]:
        yield row_finding("not_unique", f"U: the target is not bound to the first, {members[0]}")
    yield from check_steps(context)
    for one, other in combinations(members, 2):
        if why := related(context, one, other):
            yield row_finding("wrong_grain", f"G: {one} {why} {other}, both are answers")
    for member in members[1:]:
        bound = context.bound | {row.query.target: member}
        yield from check_entities(replace(context, bound=bound))
