"""Is there one answer, provable step by step? Rules U, S, R, M and N, from graph and query."""

from collections.abc import Iterator
from itertools import pairwise

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.proof import check_proof
from kgsynth.checks.rules import Step, cut_steps, spine_edge, ways_of
from kgsynth.checks.rules_entities import check_entities
from kgsynth.checks.stems import check_stem
from kgsynth.checks.ways import Ways
from kgsynth.graph.answers import is_clue
from kgsynth.graph.stencil import shape_of
from kgsynth.records import Finding, Query, QueryEdge
from kgsynth.registry import load

#: The rules of each kind of question beside `chain`, as ``module:function``, loaded on use.
RULES: dict[str, str] = {
    "differential": "kgsynth.checks.rules_differential:check_differential",
    "exclusion": "kgsynth.checks.rules_exclusion:check_exclusion",
    "list": "kgsynth.checks.rules_list:check_list",
    "dual": "kgsynth.checks.rules_dual:check_dual",
    "comparison": "kgsynth.checks.rules_comparison:check_comparison",
}


def check_uniqueness(context: Context) -> Iterator[Finding]:
    """Yield findings where the question breaks a rule of its kind, or its own proof.

    And where its stem tells more, or less, than it may; see `check_stem`.
    """
    yield from check_stem(context)
    if context.row.kind in RULES:
        yield from load(RULES, context.row.kind, "rules for questions of kind")(context)
    else:
        yield from check_steps(context)


def check_steps(context: Context, *, minimal: bool = True) -> Iterator[Finding]:
    """Yield findings where a question of one or more steps breaks a rule of the design.

    Rule M is left out where a kind of question has another one in its place (`minimal`).

    A contested or weaker statement counts against the question throughout: it admits rivals (U,
    S, R, H) and it makes clues and hops look unneeded (M, N).

    Yields:
        ``not_unique`` (U), ``not_stepwise`` (S), ``not_robust`` (R), ``not_minimal`` (M),
        ``skippable_hop`` (N), those of `check_entities` (H, I, G) and of `check_proof`.
    """
    steps = cut_steps(context)
    admitted = [ways_of(context, step, True) for step in steps]
    yield from _unique(context)
    for index, (step, ways) in enumerate(zip(steps, admitted, strict=True)):
        yield from _stepwise(index, step, ways)
        if minimal:
            yield from _minimal(context, index, step)
    if context.row.query.spine:
        yield from _no_skip(context)
    yield from check_entities(context)
    yield from check_proof(context, steps, admitted)


def _unique(context: Context) -> Iterator[Finding]:
    found = context.answers
    accepted = context.accepted
    if found != accepted:
        yield row_finding(
            "not_unique",
            f"U: the query has {len(found)} answers ({', '.join(found[:5])}), "
            f"the row gives {', '.join(accepted)}",
        )


def _stepwise(index: int, step: Step, ways: Ways) -> Iterator[Finding]:
    where = f"step {index} to {step.variables[-1]}"
    if not ways.walked or ways.fails(ways.bound):
        yield row_finding("not_stepwise", f"S: the graph does not allow {where} as bound")
        return
    also = ways.rivals_within(0)
    if also:
        yield row_finding("not_stepwise", f"S: {also} other ways to walk {where}")
        return
    near = ways.rivals_within(step.margin - 1) if step.margin > 1 else 0
    if near:
        yield row_finding(
            "not_robust", f"R: {near} rivals in {where} fail fewer than {step.margin} clues"
        )


def _minimal(context: Context, index: int, step: Step) -> Iterator[Finding]:
    if not step.clues:
        return
    needed = ways_of(context, step, False).needed(step.margin - 1)
    for place, clue in enumerate(step.clues):
        if not needed >> place & 1:
            edge = context.row.query.edges[clue]
            yield row_finding(
                "not_minimal",
                f"M: step {index} keeps its margin without clue {clue} "
                f"({edge.predicate} {edge.object})",
            )


def _no_skip(context: Context) -> Iterator[Finding]:
    """Cut each hop between variables, the one nearest to the far anchor first.

    A later cut leaves a smaller part, with fewer conditions, so it can only pin less: once a part
    pins nothing, those inside it need no look.
    """
    query = context.row.query
    for at, names in shape_of(query)[0].once("parts", lambda shape: _parts(shape.query)):
        pinned = context.solver.fixed(query, at, names, False)
        if not pinned:
            return
        edge = query.edges[at]
        yield row_finding(
            "skippable_hop",
            f"N: without {edge.subject} {edge.predicate} {edge.object} the rest still pins "
            f"{', '.join(pinned)}",
        )


def _parts(query: Query) -> list[tuple[int, tuple[str, ...]]]:
    """Return the place of each edge between variables of the spine, and what its cut leaves."""
    hops = [spine_edge(query.edges, *pair) for pair in pairwise(query.spine[1:])]
    return [(query.edges.index(edge), _part_with_target(query, edge)) for edge in hops]


def _part_with_target(query: Query, cut: QueryEdge) -> tuple[str, ...]:
    """Return the variables of the part of a query that still holds the target without an edge."""
    joins = [edge for edge in query.edges if edge != cut and not is_clue(edge)]
    inside, grown = {query.target}, True
    while grown:
        touching = [e for e in joins if (e.subject in inside) != (e.object in inside)]
        inside |= {name for edge in touching for name in (edge.subject, edge.object)}
        grown = bool(touching)
    return tuple(variable.name for variable in query.variables if variable.name in inside)
