"""Are the entities fit? Rules H (honest hops), I (informative clues) and G (right grain)."""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from kgsynth.biolink import PREDICATES
from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.rules import clues_of
from kgsynth.graph.answers import is_clue
from kgsynth.records import Finding, QueryEdge


def check_entities(context: Context) -> Iterator[Finding]:
    """Yield findings where the entities of a question break rule H, I or G.

    Yields:
        ``dishonest_hop``, ``uninformative``, ``wrong_grain``.
    """
    yield from _honest(context)
    yield from _informative(context)
    yield from _grain(context)


def _honest(context: Context) -> Iterator[Finding]:
    spine = [context.value(name) for name in context.row.query.spine]
    for (at, one), (to, other) in combinations(enumerate(spine), 2):
        why = "repeats" if one == other else related(context, one, other)
        if why:
            yield row_finding("dishonest_hop", f"H: {one} {why} {other} on the spine")
        elif to - at > 1:
            for predicate in _chords(context, one, other):
                yield row_finding("dishonest_hop", f"H: {one} {predicate} {other} is a shortcut")


def related(context: Context, one: str, other: str) -> str:
    """Return how two entities are kin or twins, in words; "" where they are neither."""
    graph, solver = context.graph, context.solver
    first, second = graph.index_of(one), graph.index_of(other)
    if second in solver.above(first) or first in solver.above(second):
        return "is kin of"
    names = {one, *graph.node(one).equivalent_ids}
    twins = not names.isdisjoint((other, *graph.node(other).equivalent_ids))
    return "is a twin of" if twins else ""


def _chords(context: Context, one: str, other: str) -> Iterator[str]:
    graph, solver = context.graph, context.solver
    ends = graph.index_of(one), graph.index_of(other)
    kinds = graph.node(one).category, graph.node(other).category
    for (start, end), pair in ((ends, kinds), (ends[::-1], kinds[::-1])):
        for predicate in _may_join(graph.predicates, *pair):
            if end in solver.held(predicate, start):
                yield predicate


@cache
def _may_join(names: tuple[str, ...], subject: str, object_: str) -> tuple[str, ...]:
    """Return the predicates that can join entities of two categories; kin is looked at apart."""
    return tuple(name for name in names if _fits(name, subject, object_))


def _fits(name: str, subject: str, object_: str) -> bool:
    known = PREDICATES.get(name)
    if known is None:
        return True
    fits = subject in (known.domain or (subject,)) and object_ in (known.range or (object_,))
    return fits and name != "subclass_of"


def _informative(context: Context) -> Iterator[Finding]:
    query, settings = context.row.query, context.settings
    for edge in query.edges:
        if is_clue(edge) and edge.predicate == "has_phenotype" and edge.object[:1] != "?":
            yield from _informative_clue(context, edge)
    first = clues_of(query.edges, query.spine[1] if query.spine else query.target)
    if len(first) < 2 and not settings.pathognomonic:
        yield row_finding("uninformative", "I: the first step has a single clue")


def _informative_clue(context: Context, edge: QueryEdge) -> Iterator[Finding]:
    least, term = context.settings.min_information_bits, edge.object
    bits = context.graph.node(term).information_content
    if bits is None or bits < least:
        shown = "no" if bits is None else f"{bits:.2f}"
        yield row_finding("uninformative", f"I: {term} has {shown} bits, fewer than {least}")
    if edge.negated:
        return
    share = _share(context, context.value(edge.subject), term)
    if share < context.settings.min_frequency:
        yield row_finding(
            "uninformative",
            f"I: {term} may be in {share:.0%} of patients of {context.value(edge.subject)}, "
            f"fewer than {context.settings.min_frequency:.0%}",
        )


def _share(context: Context, disease: str, term: str) -> float:
    """Return the least share of patients with a finding; 1.0 where none is recorded.

    A statement about the term itself decides; without one, the best of those about its
    descendants, since each patient with one of them has the term too.
    """
    solver, graph = context.solver, context.graph
    near = solver.near("has_phenotype", graph.index_of(disease), "forward")
    target = graph.index_of(term)
    chosen = [target] if target in near else [i for i in near if target in solver.above(i)]
    shares = (solver.least_share(disease, graph.id_of(index)) for index in chosen)
    return max(shares, default=1.0)


def _grain(context: Context) -> Iterator[Finding]:
    for variable in context.row.query.variables:
        node = context.graph.node(context.value(variable.name))
        if node.is_group:
            yield row_finding("wrong_grain", f"G: {node.id} ({node.name}) is a group")
        if node.category != variable.category:
            yield row_finding(
                "wrong_grain", f"G: {node.id} is a {node.category}, not a {variable.category}"
            )
    for query_edge in context.row.query.edges:
        yield from _uncontested(context, query_edge)


def _uncontested(context: Context, query_edge: QueryEdge) -> Iterator[Finding]:
    """Yield a finding where an edge holds only by disputed or weaker statements."""
    graph, solver = context.graph, context.solver
    subject, predicate, object_, negated = context.realized(query_edge)
    start, end = graph.index_of(subject), graph.index_of(object_)
    if is_clue(query_edge):
        held = end in solver.held(predicate, start, negated)
    else:
        held = end in solver.joined(predicate, start, "forward", negated)
    if held == negated:
        what = "is disputed or not recorded" if not negated else "is recorded"
        yield row_finding("wrong_grain", f"G: {subject} {predicate} {object_} {what}")
    elif negated and not _denied(context, subject, predicate, object_):
        yield row_finding(
            "wrong_grain", f"G: no firm denial of {subject} {predicate} {object_} is recorded"
        )


def _denied(context: Context, subject: str, predicate: str, object_: str) -> bool:
    above = context.graph.ancestors(object_) | {object_}
    return any(
        edge.object in above and not edge.contested and not context.solver.is_weak(edge)
        for edge in context.graph.edges_of(subject, predicate, negated=True)
    )
