"""Options and proposals: is each wrong one wrong, for the reasons given, and fit to be asked?

Everything is computed again from graph and query. An option stands in the place of the answer: it
fails the edge of the spine that leads to the answer where no way to walk the last step ends at it,
and each clue of the answer that does not hold for it, disputed statements in its favor.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.called import called_in
from kgsynth.checks.cited import proves
from kgsynth.checks.rules import Step, clues_of, cut_steps, ways_of
from kgsynth.graph.answers import Solver
from kgsynth.graph.store import Direction
from kgsynth.memo import Memo, once_each
from kgsynth.records import Edge, Finding, Option, OptionReason, QueryEdge

#: Statements that a record must hold before its silence counts against an option.
SPOKEN = 10

#: Relations of one value, and the end of a statement that has only one.
ONE_VALUE = {
    "has_mode_of_inheritance": "subject",
    "gene_associated_with_condition": "object",
    "causes": "object",
}


class Failed(NamedTuple):
    """A query edge that an option fails, and between which entities it would have to hold."""

    clue: int
    edge: QueryEdge
    subject: str
    object: str


def check_options(context: Context) -> Iterator[Finding]:
    """Yield findings where options, or what a yes-or-no question proposes, are not sound.

    Yields:
        ``wrong_option``, ``misnamed_option``, ``unfit_option``, ``kin_option``, ``wrong_reason``,
        ``few_reasons``, ``untold_option``.
    """
    row = context.row
    if row.kind == "dual":
        return  # its own rules look at what it proposes
    if row.form == "choice":
        yield from _choice(context)
        return
    proposed = row.candidate.id
    if row.form == "yes_no" and proposed in context.graph and proposed not in context.answers:
        yield from _fit(context, proposed)
        yield from _enough(context, proposed, None)
        yield from _told(context, proposed)


def _choice(context: Context) -> Iterator[Finding]:
    options = context.row.options
    unknown = [option.id for option in options if option.id not in context.graph]
    for curie in unknown:
        yield row_finding("unfit_option", f"option {curie!r} is not in the graph")
    known = [option for option in options if option.id not in unknown]
    for one, other in combinations(known, 2):
        if not (one.correct or other.correct) and (why := _related(context, one.id, other.id)):
            yield row_finding("kin_option", f"{one.id} {why} {other.id}")
    for option in known:
        if option.text.casefold() not in called_in(context.graph).folded[option.id]:
            yield row_finding("misnamed_option", f"{option.text!r} is no name of {option.id}")
        if option.correct != (option.id in context.answers):
            said = "right" if option.correct else "wrong"
            yield row_finding("wrong_option", f"{option.id} is said to be {said}")
        elif option.correct:
            if option.reasons:
                yield row_finding("wrong_reason", f"{option.id} is right and has reasons")
        else:
            yield from _fit(context, option.id)
            yield from _enough(context, option.id, option)
            yield from _told(context, option.id)


def _fit(context: Context, curie: str) -> Iterator[Finding]:
    """Find a wrong option of another category, class or grain, or a relative of the answer."""
    graph, query = context.graph, context.row.query
    node = graph.node(curie)
    category = next(v.category for v in query.variables if v.name == query.target)
    if node.category != category:
        yield row_finding("unfit_option", f"{curie} is a {node.category}, not a {category}")
    if node.is_group:
        yield row_finding("unfit_option", f"{curie} ({node.name}) is a group")
    place = graph.index_of(curie)
    for clue in clues_of(query.edges, query.target):
        edge = query.edges[clue]
        if edge.predicate == "subclass_of" and not _fits(context, edge, place, False):
            yield row_finding("unfit_option", f"{curie} is not under {edge.object}")
    for other in dict.fromkeys((*context.answers, *context.bound.values())):
        if why := _related(context, curie, other):
            yield row_finding("kin_option", f"{curie} {why} {other}")


def _related(context: Context, one: str, other: str) -> str:
    """Return how two entities are related, "" where they are strangers."""
    return _relations(context.solver)[(one, other) if one < other else (other, one)]


@once_each
def _relations(solver: Solver) -> Memo[tuple[str, str], str]:
    return Memo(lambda pair: _relation(solver, *pair))


def _relation(solver: Solver, one: str, other: str) -> str:
    graph, first, second = solver.graph, solver.entities[one], solver.entities[other]
    if first.place == second.place:
        return "is"
    if why := first.related(second):
        return why
    if first.node.category != second.node.category:
        return ""
    called = called_in(graph)
    if not called.words[one].isdisjoint(called.words[other]):
        return "is called like"
    if first.node.category != "PhenotypicFeature":
        return ""
    matched = "close_match" in graph.predicates and any(
        graph.find_edge(*ends) is not None for ends in _both_ways(one, other)
    )
    near = matched or not called.says[one].isdisjoint(called.says[other])
    return "says nearly the same as" if near else ""


def _both_ways(one: str, other: str) -> tuple[tuple[str, str, str], ...]:
    return (one, "close_match", other), (other, "close_match", one)


# ---- reasons -------------------------------------------------------------------------------


def _enough(context: Context, curie: str, option: Option | None) -> Iterator[Finding]:
    """Find reasons that do not hold, or too few; without an option, count what the graph gives."""
    failed = list(_failed(context, curie))
    margin = max(1, cut_steps(context)[-1].margin)
    given = {fail.clue: best for fail in failed if (best := _best(context, fail))}
    if option is not None:
        for reason in option.reasons:
            if given.get(reason.clue) != reason.reason:
                found = given.get(reason.clue, "nothing")
                message = f"{curie}, query edge {reason.clue}: {found}, not {reason.reason!r}"
                yield row_finding("wrong_reason", message)
            elif not _cited(context, failed, reason):
                message = f"{curie}: the edges do not say that query edge {reason.clue} fails"
                yield row_finding("wrong_reason", message)
        given = {one.clue: one.reason for one in option.reasons if one.clue in given}
    if len(given) < margin:
        yield row_finding("few_reasons", f"{curie} fails {len(given)}, margin {margin}")


def _failed(context: Context, curie: str) -> Iterator[Failed]:
    """Yield the query edges that do not hold with an option in the place of the answer."""
    query, node = context.row.query, context.graph.index_of(curie)
    step = cut_steps(context)[-1]
    before = _before(context, step)
    for clue, edge in enumerate(query.edges):
        ends = [curie if end == query.target else context.value(end) for end in _ends(edge)]
        if clue in step.clues:
            if not _fits(context, edge, node, True):
                yield Failed(clue, edge, *ends)
            continue
        to_target = before and set(_ends(edge)) == {before, query.target}
        if to_target and not _arrives(context, step, edge, node):
            yield Failed(clue, edge, *ends)


def _fits(context: Context, edge: QueryEdge, node: int, admit: bool) -> bool:
    """Say whether a clue holds for an entity in the place of its variable."""
    solver, index_of = context.solver, context.graph.index_of
    sense = admit != edge.negated
    if edge.subject[:1] == "?":
        held = index_of(edge.object) in solver.holding(edge.predicate, sense)[node]
    else:
        held = node in solver.joined(edge.predicate, index_of(edge.subject), "forward", sense)
    return held != edge.negated


def _ends(edge: QueryEdge) -> tuple[str, str]:
    return edge.subject, edge.object


def _before(context: Context, step: Step) -> str:
    """Return the variable that the spine passes before the target, "" where there is none."""
    spine = context.row.query.spine
    return spine[-2] if len(spine) > 2 and step.start.startswith("?") else ""


def _arrives(context: Context, step: Step, edge: QueryEdge, node: int) -> bool:
    """Say whether a way to walk the last step may end at an entity."""
    if ways_of(context, step, True).reaches(node):
        return True
    if edge.predicate != "has_phenotype" or edge.object != context.row.query.target:
        return False
    holder = context.graph.index_of(context.value(edge.subject))
    return node in context.solver.held("has_phenotype", holder, True)


def _best(context: Context, fail: Failed) -> str:
    """Return the strongest reason that the graph gives for a failed edge, "" where none."""
    if fail.edge.negated:
        return "other_value"
    if any(_denies(context, edge, fail) for edge in _denials(context, fail)):
        return "denied"
    if _other_values(context, fail):
        return "other_value"
    graph = context.graph
    about = fail.object if graph.node(fail.object).category == "Disease" else fail.subject
    return "not_recorded" if _spoken(context, about) >= SPOKEN else ""


def _spoken(context: Context, curie: str) -> int:
    graph = context.graph
    if graph.node(curie).category == "Disease":
        return len(context.solver.near("has_phenotype", graph.index_of(curie), "forward"))
    return len(graph.adjacency.around(graph.index_of(curie), "forward")[0])


def _denials(context: Context, fail: Failed) -> list[Edge]:
    return context.graph.edges_of(fail.subject, fail.edge.predicate, negated=True)


def _denies(context: Context, edge: Edge, fail: Failed) -> bool:
    above = {fail.object}
    if fail.edge.predicate == "has_phenotype":
        above |= context.graph.ancestors(fail.object)
    return edge.object in above and not edge.contested and not context.solver.is_weak(edge)


def _other_values(context: Context, fail: Failed) -> set[tuple[str, str, str]]:
    """Return the statement of the one other value of a relation of one value, if it is sure."""
    owner = ONE_VALUE.get(fail.edge.predicate)
    if owner is None:
        return set()
    graph, solver = context.graph, context.solver
    node, asked = fail.subject, fail.object
    way: Direction = "forward"
    if owner == "object":
        node, asked, way = fail.object, fail.subject, "inverse"
    place = graph.index_of(node)
    every = solver.near(fail.edge.predicate, place, way, True)
    if len(every) != 1 or every != solver.near(fail.edge.predicate, place, way, False):
        return set()
    value = graph.id_of(min(every))
    if _related(context, value, asked) in ("is", "is kin of"):
        return set()
    ends = (node, value) if owner == "subject" else (value, node)
    return {(ends[0], fail.edge.predicate, ends[1])}


def _cited(context: Context, failed: list[Failed], reason: OptionReason) -> bool:
    """Say whether the edges of a reason are the graph's, and say that the query edge fails."""
    if any(edge not in context.edges for edge in reason.edges):
        return False
    fail = next(one for one in failed if one.clue == reason.clue)
    edges = [context.edges[edge] for edge in reason.edges]
    claim = fail.subject, fail.edge.predicate, fail.object
    if reason.reason == "denied":
        return proves(edges, (*claim, True)) and not any(edge.contested for edge in edges)
    if reason.reason == "not_recorded":
        return not edges
    if fail.edge.negated:
        return proves(edges, (*claim, False))
    said = {(e.subject, e.predicate, e.object) for e in edges if not e.negated}
    return bool(said) and said <= _other_values(context, fail)


def _told(context: Context, curie: str) -> Iterator[Finding]:
    """Find a wrong option that the last step does not name."""
    if not context.row.trace:
        return
    step = context.row.trace[-1]
    named = {node for mention in context.mentions(step.text) for node in mention.nodes}
    if curie not in named:
        message = f"the last step does not say why {curie} is wrong"
        yield Finding("untold_option", len(context.row.trace) - 1, message=message)
