"""Are the entities fit? Rules H (honest hops), I (informative clues) and G (right grain)."""

from collections.abc import Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.rules import clues_of, places_of
from kgsynth.graph.answers import is_clue
from kgsynth.graph.entity_facts import Entity
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
    entities = context.solver.entities
    spine = [entities[context.value(name)] for name in context.row.query.spine]
    for at, one in enumerate(spine):
        for apart, other in enumerate(spine[at + 1 :], 1):
            why = "repeats" if one.place == other.place else one.related(other)
            if why:
                message = f"H: {one.node.id} {why} {other.node.id} on the spine"
                yield row_finding("dishonest_hop", message)
            elif apart > 1:
                for name in _chords(context, one, other):
                    message = f"H: {one.node.id} {name} {other.node.id} is a shortcut"
                    yield row_finding("dishonest_hop", message)


def related(context: Context, one: str, other: str) -> str:
    """Return how two entities are kin or twins, in words; "" where they are neither."""
    entities = context.solver.entities
    return entities[one].related(entities[other])


def _chords(context: Context, one: Entity, other: Entity) -> Iterator[str]:
    """Yield the relations between two entities, either way."""
    joins = context.solver.joins
    kinds = one.node.category, other.node.category
    for predicate, held in joins[kinds]:
        if other.place in held[one.place]:
            yield predicate
    for predicate, held in joins[kinds[::-1]]:
        if one.place in held[other.place]:
            yield predicate


def _informative(context: Context) -> Iterator[Finding]:
    query, settings = context.row.query, context.settings
    for edge in query.edges:
        if is_clue(edge) and edge.predicate == "has_phenotype" and edge.object[:1] != "?":
            yield from _informative_clue(context, edge)
    first = clues_of(query.edges, query.spine[1] if query.spine else query.target)
    if len(first) < 2 and not settings.pathognomonic:
        yield row_finding("uninformative", "I: the first step has a single clue")


def _informative_clue(context: Context, edge: QueryEdge) -> Iterator[Finding]:
    least, term = context.settings.min_information_bits, context.solver.entities[edge.object]
    bits = term.node.information_content
    if bits is None or bits < least:
        shown = "no" if bits is None else f"{bits:.2f}"
        yield row_finding("uninformative", f"I: {edge.object} has {shown} bits, fewer than {least}")
    if edge.negated:
        return
    disease = context.value(edge.subject)
    share = context.solver.least_share(places_of(context)[disease], term.place)
    if share < context.settings.min_frequency:
        yield row_finding(
            "uninformative",
            f"I: {edge.object} may be in {share:.0%} of patients of {disease}, "
            f"fewer than {context.settings.min_frequency:.0%}",
        )


def _grain(context: Context) -> Iterator[Finding]:
    entities = context.solver.entities
    for variable in context.row.query.variables:
        node = entities[context.value(variable.name)].node
        if node.is_group:
            yield row_finding("wrong_grain", f"G: {node.id} ({node.name}) is a group")
        if node.category != variable.category:
            yield row_finding(
                "wrong_grain", f"G: {node.id} is a {node.category}, not a {variable.category}"
            )
    for query_edge in context.row.query.edges:
        if not _holds(context, query_edge):
            yield from _ungrounded(context, query_edge)
        elif query_edge.negated:
            yield from _undenied(context, query_edge)


def _holds(context: Context, edge: QueryEdge) -> bool:
    """Say whether an edge holds as bound, or as denied, without disputed or weaker statements."""
    places, bound, solver = places_of(context), context.bound, context.solver
    subject, object_ = edge.subject, edge.object
    start, end = places[bound.get(subject, subject)], places[bound.get(object_, object_)]
    if is_clue(edge):
        held = solver.holding(edge.predicate, edge.negated)[start]
    else:
        held = solver.joined(edge.predicate, start, "forward", edge.negated)
    return (end in held) != edge.negated


def _ungrounded(context: Context, edge: QueryEdge) -> Iterator[Finding]:
    subject, predicate, object_, negated = context.realized(edge)
    what = "is disputed or not recorded" if not negated else "is recorded"
    yield row_finding("wrong_grain", f"G: {subject} {predicate} {object_} {what}")


def _undenied(context: Context, edge: QueryEdge) -> Iterator[Finding]:
    subject, predicate, object_, _ = context.realized(edge)
    if not _denied(context, subject, predicate, object_):
        yield row_finding(
            "wrong_grain", f"G: no firm denial of {subject} {predicate} {object_} is recorded"
        )


def _denied(context: Context, subject: str, predicate: str, object_: str) -> bool:
    above = context.graph.ancestors(object_) | {object_}
    return any(
        edge.object in above and not edge.contested and not context.solver.is_weak(edge)
        for edge in context.graph.edges_of(subject, predicate, negated=True)
    )
