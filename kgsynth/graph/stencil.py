"""Texts of queries that differ in their named entities only: written once, filled in each time.

Thousands of questions have a few hundred shapes. The writers of Cypher and SPARQL are handed a
query with marks in place of its entities; where the marks came to stand, entities are put in.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from kgsynth.records import Order, Query, QueryEdge, Variable

#: Stands before and after the number of an entity; no identifier holds it.
MARK = "\x00"

#: How many shapes are remembered; far more than a run has.
_MOST = 4096

_Shape = tuple[
    str,
    tuple[tuple[str, str], ...],
    tuple[tuple[str, str, str, bool], ...],
    tuple[str, ...],
    tuple[str, ...],
    str,
    Order,
]
T = TypeVar("T")


class Stencil(Generic[T]):
    """A text with places for entities.

    Attributes:
        told: What else the writer has to say of it.
    """

    def __init__(self, text: str, told: T) -> None:
        self._parts: list[str] = text.split(MARK)
        self._places = [int(number) for number in self._parts[1::2]]
        self.told = told

    def fill(self, entities: Sequence[str]) -> str:
        """Return the text with entities, spelled as it takes, in their places."""
        parts = self._parts.copy()
        parts[1::2] = [entities[place] for place in self._places]
        return "".join(parts)


class Stencils(Generic[T]):
    """The stencils of one writer, by shape.

    Args:
        write: Returns the text of a query whose entities are marks, and what else there is to say.
    """

    def __init__(self, write: Callable[[Query], tuple[str, T]]) -> None:
        self._write = write
        self._known: dict[_Shape, Stencil[T]] = {}

    def of(self, query: Query) -> tuple[Stencil[T], list[str]]:
        """Return the stencil of a query, and its named entities in the order of their places."""
        marks: dict[str, str] = {}
        edges = tuple(
            [
                (_mark(e.subject, marks), e.predicate, _mark(e.object, marks), e.negated)
                for e in query.edges
            ]
        )
        spine = tuple([_mark(name, marks) for name in query.spine])
        among = tuple([_mark(name, marks) for name in query.among])
        variables = tuple([(v.name, v.category) for v in query.variables])
        shape = query.target, variables, edges, spine, among, query.counted, query.order
        found = self._known.get(shape)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            found = self._known[shape] = Stencil(*self._write(_query(shape)))
        return found, list(marks)


def _mark(name: str, marks: dict[str, str]) -> str:
    if name[:1] == "?":
        return name
    return marks.get(name) or marks.setdefault(name, f"{MARK}{len(marks)}{MARK}")


def _query(shape: _Shape) -> Query:
    target, variables, edges, spine, among, counted, order = shape
    return Query(
        target,
        tuple(Variable(*one) for one in variables),
        tuple(QueryEdge(*e) for e in edges),
        spine,
        among,
        counted,
        order,
    )
