"""The order in which a query is solved, for every engine that is handed the query as text."""

from collections.abc import Sequence

from kgsynth.records import Query, QueryEdge


def next_variable(
    query: Query, bound: Sequence[str], pending: Sequence[QueryEdge]
) -> tuple[str, QueryEdge | None]:
    """Choose the next variable and the positive edge that leads to it (None: its category).

    Args:
        query: The query; its spine says which variable comes first.
        bound: The variables that are bound already.
        pending: The edges that nothing has used yet.
    """
    order = [name for name in query.spine if is_variable(name)]
    order += [variable.name for variable in query.variables if variable.name not in order]
    free = [name for name in order if name not in bound]
    reached = [(edge, variables_of(edge).difference(bound)) for edge in pending if not edge.negated]
    ready = {name: edge for edge, left in reversed(reached) if len(left) == 1 for name in left}
    for name in free:
        for edge, left in reached:
            # An edge from a variable that is bound leads on; a clue begins anew.
            if len(left) == 1 and name in left and is_join(edge):
                return name, edge
    return next(((name, ready[name]) for name in free if name in ready), (free[0], None))


def is_variable(name: str) -> bool:
    """Say whether an end of a query edge is a variable rather than a node id."""
    return name.startswith("?")


def is_join(edge: QueryEdge) -> bool:
    """Say whether an edge joins two variables rather than hang a named entity on one."""
    return edge.subject[:1] == "?" == edge.object[:1]


def variables_of(edge: QueryEdge) -> set[str]:
    """Return the variables at the ends of a query edge."""
    subject, object_ = edge.subject, edge.object
    if object_[:1] != "?":
        return {subject} if subject[:1] == "?" else set()
    return {subject, object_} if subject[:1] == "?" else {object_}


def through_closure(edge: QueryEdge) -> bool:
    """Say whether an edge holds by ``subclass_of`` at a distance: its object is named."""
    return edge.predicate in ("has_phenotype", "subclass_of") and not is_variable(edge.object)


def is_most_specific(edge: QueryEdge) -> bool:
    """Say whether an edge asks for the most specific findings, which no single pattern says."""
    return edge.predicate == "has_phenotype" and is_variable(edge.object)
