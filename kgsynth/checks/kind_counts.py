"""Numbers and "only" of what is no disease: "twelve recorded drugs are used to treat gout".

`counts` narrows disorders by findings; here a step narrows drugs, genes or anything else by what a
verb joins them to. The pool is every entity of the category, or what a link leads to; each clause
narrows it by the entities that it names, and each number must be the size that is left.
"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context
from kgsynth.checks.clauses import Clause, Spot
from kgsynth.checks.numbers import number_of
from kgsynth.checks.relations import joins
from kgsynth.graph.answers import is_clue

_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+|[a-z]+(?:-[a-z]+)?)"
_OF_THESE = re.compile(rf"(?:\bof (?:these|those), )?\b{_NUMBER}\b(?: of (?:these|those)\b)?", re.I)
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)
_SUCH = re.compile(r"\bno other way on\b")


def narrowed_kind(context: Context, index: int) -> str:
    """Return the category that a step narrows by named entities, "" where it narrows none so.

    Steps of a chain follow its variables in order; a disease is narrowed by its findings.
    """
    query = context.row.query
    if not query.spine or index + 1 >= len(query.spine):
        return ""
    name = query.spine[index + 1]
    labels = [
        edge
        for edge in query.edges
        if is_clue(edge)
        and name in (edge.subject, edge.object)
        and edge.predicate not in ("has_phenotype", "subclass_of")
    ]
    told_with_link = name == query.target and len(labels) == 1 and index > 0
    if not labels or told_with_link:
        return ""
    return next(variable.category for variable in query.variables if variable.name == name)


class KindNarrowing:
    """What the entities of one category that a step speaks of have been narrowed down to."""

    def __init__(self, context: Context, index: int, category: str) -> None:
        self._context = context
        self._category = category
        self._there = context.value(context.row.query.spine[index + 1])
        self._before = context.value(context.row.query.spine[index])
        kinds = {variable.name: variable.category for variable in context.row.query.variables}
        walked = context.row.query.spine[1 : index + 1]
        met = [context.value(name) for name in walked if kinds[name] == category]
        self._met = sum(1 << context.graph.index_of(curie) for curie in dict.fromkeys(met))
        self._pool = context.solver.domain(category) & ~self._met
        self._first = index == 0

    def read(self, clause: Clause) -> Iterator[tuple[str, str]]:
        """Narrow by one clause and yield what is wrong with its numbers."""
        if _SUCH.search(clause.text):
            return  # what a walk of several hops leads to is not recounted here
        before = self._pool.bit_count()
        for spot in clause.spots:
            if spot.node != self._there:
                self._pool &= self._joined(clause, spot)
        count = self._pool.bit_count()
        if _ONLY.search(clause.text):
            if count != 1:
                yield "not_only", f"{count} of category {self._category} are left, not one"
            return
        for match in _OF_THESE.finditer(clause.plain):
            said = number_of(match["number"])
            if said is not None and said != count:
                yield "wrong_number", f"{match['number']!r}, and the graph gives {count}"
        if re.search(r"\ball of these\b", clause.text) and count != before:
            yield "wrong_number", f"'all', and {before - count} of {before} are not"

    def _joined(self, clause: Clause, spot: Spot) -> int:
        """Return what of the category a clause joins to an entity that it names."""
        context, kind = self._context, self._category
        node, solver = context.graph.index_of(spot.node), context.solver
        # The one step over a link begins with what it starts from, as its subject.
        first = spot.node == self._before and not self._first
        ends = (spot.category, kind) if first else (kind, spot.category)
        readings = joins(context, clause.plain, *ends)
        ways = [(name, turned == first) for name, turned in readings]
        if not ways:
            every = context.graph.predicates
            ways = [(name, turned) for name in every for turned in (True, False)]
        found = frozenset[int]().union(
            *(solver.near(name, node, "inverse" if back else "forward") for name, back in ways)
        )
        return sum(1 << one for one in solver.of_category(found, kind))
