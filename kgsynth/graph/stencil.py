"""Texts of queries that differ in their named entities only: written once, filled in each time.

Thousands of questions have a few hundred shapes. Whatever depends on the shape alone is worked out
once for it. The writers of Cypher and SPARQL are handed a query with marks in place of its
entities; where the marks came to stand, entities are put in.
"""

from collections.abc import Callable, Hashable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from kgsynth.records import Query, QueryEdge

#: Stands before and after the number of an entity; no identifier holds it.
MARK = "\x00"

#: How many shapes are remembered; far more than a run has.
_MOST = 4096

T = TypeVar("T")


class Shape:
    """What queries have in common that differ in their named entities only.

    Attributes:
        query: One of them, with marks in place of its entities.
        is_plain: Whether its own words, those of variables, categories and predicates, hold no
            mark and no backslash, so that they stand in a stencil as they stand in JSON.
    """

    def __init__(self, query: Query) -> None:
        self.query = query
        ends = [end for e in query.edges for end in (e.subject, e.object) if end[:1] == "?"]
        own = [word for v in query.variables for word in (v.name, v.category)]
        own += [query.target, query.counted, *ends, *(e.predicate for e in query.edges)]
        own += [name for name in (*query.spine, *query.among) if name[:1] == "?"]
        self.is_plain = not any(MARK in word or "\\" in word for word in own)
        self._known: dict[Hashable, Any] = {}

    def once(self, what: Hashable, make: Callable[["Shape"], T]) -> T:
        """Return what depends on the shape alone, worked out when it is first asked for.

        Args:
            what: What it is; whoever asks has names of its own.
            make: Works it out; never None.
        """
        found: T | None = self._known.get(what)
        if found is None:
            found = self._known[what] = make(self)
        return found


def shape_of(query: Query) -> tuple[Shape, list[str]]:
    """Return the shape of a query, and its named entities in the order of their numbers."""
    last, found = _LAST[0]
    if last is query and found is not None:
        return found
    places: dict[str, int] = {}
    put = places.setdefault
    key: list[object] = [query.target, query.counted, query.order, len(query.variables)]
    for variable in query.variables:
        key += variable.name, variable.category
    key.append(len(query.edges))
    for edge in query.edges:
        subject, object_ = edge.subject, edge.object
        key += (
            subject if subject[:1] == "?" else put(subject, len(places)),
            edge.predicate,
            object_ if object_[:1] == "?" else put(object_, len(places)),
            edge.negated,
        )
    key.append(len(query.spine))
    key += [one if one[:1] == "?" else put(one, len(places)) for one in query.spine]
    key += [one if one[:1] == "?" else put(one, len(places)) for one in query.among]
    shape = _SHAPES.get(named := tuple(key))
    if shape is None:
        if len(_SHAPES) >= _MOST:
            _SHAPES.clear()
        shape = _SHAPES[named] = Shape(_marked(query, places))
    # One query is asked about several times in a row: for its id, its words, its texts.
    _LAST[0] = query, (shape, ids := list(places))
    return shape, ids


_SHAPES: dict[tuple[object, ...], Shape] = {}
_LAST: list[tuple[Query | None, tuple[Shape, list[str]] | None]] = [(None, None)]


def place_of(mark: str) -> int:
    """Return the number of the entity that a mark in a shape's query stands for."""
    return int(mark.strip(MARK))


def _marked(query: Query, places: dict[str, int]) -> Query:
    """Return a query with marks in place of its entities."""
    marks = {name: f"{MARK}{place}{MARK}" for name, place in places.items()}
    edges = [
        QueryEdge(
            marks.get(e.subject, e.subject), e.predicate, marks.get(e.object, e.object), e.negated
        )
        for e in query.edges
    ]
    spine = tuple(marks.get(name, name) for name in query.spine)
    among = tuple(marks.get(name, name) for name in query.among)
    return Query(
        query.target, query.variables, tuple(edges), spine, among, query.counted, query.order
    )


class Stencil(Generic[T]):
    """A text with places for entities.

    Attributes:
        told: What else the writer has to say of it.
    """

    def __init__(self, text: str, told: T) -> None:
        self._parts: list[str] = text.split(MARK)
        places = [int(number) for number in self._parts[1::2]]
        # A getter of one place returns what stands there, not a tuple of it.
        self._pick: Callable[[Sequence[str]], Sequence[str]] = (
            itemgetter(*places) if len(places) > 1 else lambda every: [every[p] for p in places]
        )
        self.told = told

    def fill(self, entities: Sequence[str]) -> str:
        """Return the text with entities, spelled as it takes, in their places."""
        parts = self._parts.copy()
        parts[1::2] = self._pick(entities)
        return "".join(parts)


class Stencils(Generic[T]):
    """The stencils of one writer, by shape.

    Args:
        write: Returns the text of a query whose entities are marks, and what else there is to say.
    """

    def __init__(self, write: Callable[[Query], tuple[str, T]]) -> None:
        self._write = write

    def of(self, query: Query) -> tuple[Stencil[T], list[str]]:
        """Return the stencil of a query, and its named entities in the order of their places."""
        shape, entities = shape_of(query)
        return shape.once(self, self._make), entities

    def _make(self, shape: Shape) -> Stencil[T]:
        return Stencil(*self._write(shape.query))
