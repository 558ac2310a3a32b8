"""Queries as Cypher: the same question, put to a second and independent engine.

Two texts are made from a query, without a driver and without the graph. `to_cypher` returns the
complete answer set in one column; `to_cypher_view` returns the accepted solution as paths, which
Neo4j Browser draws. Both mean what ARCHITECTURE.md says that a query edge means:

- ``d has_phenotype t``, t named: a positive edge to t or to a descendant of t;
- ``d has_phenotype ?p``: a positive edge to ?p and none to a descendant of ?p;
- ``x subclass_of t``, t named: t is a proper ancestor at any distance; ``?t``: one asserted step;
- any other predicate: such a positive edge;
- the same, negated: no positive edge makes it hold.

A contested edge, or one of a weaker predicate ("associated" where the question says "causes"),
counts against the question: it holds where that admits an answer and does not where it would rule
one out. Variables of one category are different entities, which Cypher has to be told.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from kgsynth.biolink import relation
from kgsynth.graph.pattern import (
    is_most_specific,
    is_variable,
    next_variable,
    through_closure,
    variables_of,
)
from kgsynth.graph.stencil import MARK, Stencils
from kgsynth.memo import Memo
from kgsynth.records import Binding, Query, QueryEdge

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_CERTAIN = " {contested: false}"


def to_cypher(query: Query) -> str:
    """Return a query that yields the ids of the complete answer set in one column ``answer``.

    The text is laid out in the order in which it is solved: a named entity, the variable it
    pins, that variable's other clues, then the next variable of the spine.

    Args:
        query: A connected query; a predicate that `kgsynth.biolink` does not know has no logic.

    Returns:
        Cypher for Neo4j 5 and a graph loaded by ``kgsynth neo4j load``; no parameters.
    """
    stencil, entities = _QUERIES.of(query)
    return stencil.fill([_SPELLED[curie] for curie in entities])


def _write(query: Query) -> tuple[str, None]:
    categories = {variable.name: variable.category for variable in query.variables}
    lines: list[str] = []
    bound: list[str] = []
    pending = list(query.edges)
    while len(bound) < len(categories):
        name, binder = next_variable(query, bound, pending)
        bound.append(name)
        lines.append(f"MATCH {_binding_pattern(name, binder, categories)}")
        if binder is not None and through_closure(binder):
            # One entity may reach a finding along many edges and is_a paths.
            lines.append(f"WITH DISTINCT {', '.join(map(_name, bound))}")
        if binder is not None and not is_most_specific(binder):
            pending.remove(binder)
        ready = [edge for edge in pending if variables_of(edge) <= set(bound)]
        pending = [edge for edge in pending if edge not in ready]
        conditions = [*_differences(bound, categories), *_conditions(ready, binder)]
        if query.among and name == query.target:
            named = ", ".join(map(_text, query.among))
            conditions.insert(0, f"{_name(name)}.id IN [{named}]")
        lines.extend(_where(conditions))
    lines.extend(_ranked(query, categories))
    lines.append(f"RETURN DISTINCT {_name(query.target)}.id AS answer")
    return "\n".join(lines), None


def to_cypher_view(query: Query, bindings: Iterable[Binding]) -> str:
    """Return a query that yields the accepted solution as paths to look at.

    Args:
        query: The query.
        bindings: The solution; every variable of the query is bound.

    Returns:
        Cypher with one column ``path``: the spine between the variables, then for each clue the
        recorded statement nearest to it with the ``is_a`` steps between the two.
        KeyError: If a variable is not bound.
    """
    stencil, entities = _VIEWS.of(query)
    bound = {binding.variable: binding.id for binding in bindings}
    ids = [*entities, *[bound[variable] for variable in stencil.told]]
    return stencil.fill([_SPELLED[curie] for curie in ids])


def _write_view(query: Query) -> tuple[str, list[str]]:
    """Return the view of a query whose entities are marks, and the variables, marked as well."""
    ends = [end for edge in query.edges for end in (edge.subject, edge.object)]
    first = len({end for end in [*ends, *query.spine] if not is_variable(end)})
    names = [variable.name for variable in query.variables]
    ids = {name: f"{MARK}{place}{MARK}" for place, name in enumerate(names, start=first)}
    inner = [edge for edge in query.edges if len(variables_of(edge)) == 2 and not edge.negated]
    parts = [f"MATCH path = {pattern}\nRETURN path" for pattern in _walks(query, inner, ids)]
    parts += [_nearest(edge, ids) for edge in query.edges if edge not in inner]
    return "\nUNION\n".join(parts), names


def _ranked(query: Query, categories: dict[str, str]) -> Iterator[str]:
    """Yield the lines that leave the entities with most or fewest of the counted variable.

    Two counts for each: one with doubtful statements and one without; see the module's head.
    """
    if not query.order:
        return
    target, counted = _name(query.target), _name(query.counted)
    edges = [edge for edge in query.edges if query.counted in variables_of(edge)]
    ends = {end: _end(end) for edge in edges for end in (edge.subject, edge.object)}
    ends[query.counted] = f"({counted}:{_word(categories[query.counted])})"
    sure = ", ".join(_pattern(ends[e.subject], e, ends[e.object], doubtful=False) for e in edges)
    holds = "one.many >= other.sure" if query.order == "most" else "one.sure <= other.many"
    yield f"WITH {target}, count(DISTINCT {counted}) AS many"
    yield f"OPTIONAL MATCH {sure}"
    yield f"WITH {target}, many, count(DISTINCT {counted}) AS sure"
    yield f"WITH collect({{node: {target}, many: many, sure: sure}}) AS every"
    yield "UNWIND every AS one"
    yield f"WITH one.node AS {target}, one, every WHERE all(other IN every WHERE {holds})"


# ---- one variable --------------------------------------------------------------------------


def _binding_pattern(name: str, binder: QueryEdge | None, categories: dict[str, str]) -> str:
    node = f"({_name(name)}:{_word(categories[name])})"
    if binder is None:
        return node
    ends = {end: _end(end) for end in (binder.subject, binder.object)} | {name: node}
    return _pattern(ends[binder.subject], binder, ends[binder.object])


def _conditions(edges: Iterable[QueryEdge], binder: QueryEdge | None) -> Iterator[str]:
    for edge in edges:
        if edge is binder:
            yield f"NOT {_more_specific(edge)}"
        elif edge.negated:
            yield from _denied(edge)
        else:
            yield f"EXISTS {{ {_pattern(_end(edge.subject), edge, _end(edge.object))} }}"
            if is_most_specific(edge):
                yield f"NOT {_more_specific(edge)}"


def _denied(edge: QueryEdge) -> Iterator[str]:
    """A negated edge: what is doubtful does not rule out; see the head of the module."""
    pattern = _pattern(_end(edge.subject), edge, _end(edge.object), doubtful=False)
    if is_most_specific(edge):
        yield f"(NOT EXISTS {{ {pattern} }} OR {_more_specific(edge, doubtful=True)})"
    else:
        yield f"NOT EXISTS {{ {pattern} }}"


def _differences(bound: Sequence[str], categories: dict[str, str]) -> Iterator[str]:
    *earlier, newest = bound
    for name in earlier:
        if categories[name] == categories[newest]:
            yield f"{_name(newest)} <> {_name(name)}"


def _where(conditions: Sequence[str]) -> Iterator[str]:
    for index, condition in enumerate(conditions):
        yield f"{'  AND' if index else 'WHERE'} {condition}"


# ---- one edge ------------------------------------------------------------------------------


def _pattern(subject: str, edge: QueryEdge, object_: str, *, doubtful: bool = True) -> str:
    """Return the pattern under which the edge holds, with or without doubtful statements."""
    known = relation(edge.predicate)
    types = [known.relationship]
    if doubtful and known.weaker:
        types.append(relation(known.weaker).relationship)
    if edge.predicate == "subclass_of":
        length = "*1.." if through_closure(edge) else ""
        return f"{subject}-[:SUBCLASS_OF{length}{'' if doubtful else _CERTAIN}]->{object_}"
    step = f"-[:{'|'.join(map(_word, types))}{'' if doubtful else _CERTAIN}]-"
    arrow = step if known.symmetric else f"{step}>"
    if through_closure(edge):
        arrow += "()-[:SUBCLASS_OF*0..]->"
    return f"{subject}{arrow}{object_}"


def _more_specific(edge: QueryEdge, *, doubtful: bool = False) -> str:
    """Return the condition that a finding below the edge's object is recorded too."""
    step = f"-[:HAS_PHENOTYPE{'' if doubtful else _CERTAIN}]->()-[:SUBCLASS_OF*1..]->"
    return f"EXISTS {{ {_end(edge.subject)}{step}{_end(edge.object)} }}"


# ---- the view ------------------------------------------------------------------------------


def _walks(query: Query, edges: list[QueryEdge], ids: dict[str, str]) -> Iterator[str]:
    """Yield patterns that cover the edges between variables: the spine, then what is left."""
    left = list(edges)
    spine = ""
    for start, end in pairwise(filter(is_variable, query.spine)):
        for edge in [edge for edge in left if {edge.subject, edge.object} == {start, end}][:1]:
            left.remove(edge)
            spine = spine or _entity(ids[start])
            spine += f"\n  {_arrow(edge, backwards=edge.object == start)}{_entity(ids[end])}"
    if spine:
        yield spine
    for edge in left:
        yield f"{_entity(ids[edge.subject])}{_arrow(edge)}{_entity(ids[edge.object])}"


def _arrow(edge: QueryEdge, *, backwards: bool = False) -> str:
    step = f"-[:{_word(relation(edge.predicate).relationship)}{_CERTAIN}]-"
    return f"<{step}" if backwards else f"{step}>"


def _nearest(edge: QueryEdge, ids: dict[str, str]) -> str:
    """Return the shortest path that shows a clue, or for a negated clue its denial."""
    subject, object_ = (_entity(ids.get(end, end)) for end in (edge.subject, edge.object))
    if edge.negated:
        denial = _word(relation(edge.predicate).denied_relationship)
        above = "()<-[:SUBCLASS_OF*0..]-" if edge.predicate == "has_phenotype" else ""
        way = f"-[:{denial}{_CERTAIN}]->{above}"
    else:
        way = _pattern("", edge, "", doubtful=False)
    return f"MATCH path = {subject}\n  {way}{object_}\nRETURN path ORDER BY length(path) LIMIT 1"


# ---- spelling ------------------------------------------------------------------------------


def _end(name: str) -> str:
    return f"({_name(name)})" if is_variable(name) else _entity(name)


def _entity(curie: str) -> str:
    return f"(:Entity {{id: {_text(curie)}}})"


def _name(variable: str) -> str:
    return _word(variable.removeprefix("?"))


def _word(name: str) -> str:
    """Spell a label, type or variable; whatever is no plain word goes between backticks."""
    return name if _WORD.fullmatch(name) else "`" + name.replace("`", "``") + "`"


def _text(value: str) -> str:
    """Spell a value as a Cypher string."""
    return f"'{_escaped(value)}'"


def _escaped(value: str) -> str:
    return value.translate(_ESCAPES)


_SPELLED: Memo[str, str] = Memo(_escaped)
_QUERIES = Stencils(_write)
_VIEWS = Stencils(_write_view)
