"""The links that a chain walks: what each joins, how many ways lead on, how it is said."""

import functools
from collections.abc import Mapping
from typing import NamedTuple

from kgsynth.biolink import PREDICATES
from kgsynth.graph.stencil import Shape, shape_of
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.questions.relations import kind_of, verb_of
from kgsynth.records import Mined
from kgsynth.vocabulary import spoken

#: The slot of a template for an entity of a category; {here} and {there} hold any.
SLOTS = {
    "Disease": "d",
    "Gene": "g",
    "PhenotypicFeature": "p",
    "Procedure": "m",
    "Drug": "x",
    "Protein": "t",
    "BiologicalProcess": "b",
}


class Link(NamedTuple):
    """One hop between two variables.

    Attributes:
        before: The variable that it starts from.
        variable: The variable that it ends at.
        predicate: The relation.
        inverse: Whether it is walked from object to subject.
        starts: The category of the one.
        ends: The category of the other.
    """

    before: str
    variable: str
    predicate: str
    inverse: bool
    starts: str
    ends: str

    @property
    def key(self) -> str:
        """The link as templates name it: ``Disease <-treats- Drug``."""
        arrow = f"<-{self.predicate}-" if self.inverse else f"-{self.predicate}->"
        return f"{self.starts} {arrow} {self.ends}"

    def verbs(self) -> Mapping[str, str]:
        """Return how the link is said, as slots."""
        return _verbs(self.predicate, self.inverse, self.ends, spoken())


@functools.lru_cache(maxsize=1024)
def _verbs(predicate: str, inverse: bool, ends: str, _spoken: str) -> dict[str, str]:
    """Return the words for a link; they change with the words that the user gave."""
    return {
        "verb": verb_of(predicate, inverse=inverse),
        "also": verb_of(predicate, inverse=inverse, also=True),
        "kind": kind_of(ends),
    }


class _Walk(NamedTuple):
    """What depends on the shape of a query alone, by variable.

    Attributes:
        links: The link that ends at it, of those that one leads to.
        earlier: The variables of its category that stand before it on the spine.
        nth: Its place among those of its category, from 1.
    """

    links: dict[str, Link]
    earlier: dict[str, tuple[str, ...]]
    nth: dict[str, int]


def _walk(shape: Shape) -> _Walk:
    query = shape.query
    kinds = {v.name: v.category for v in query.variables}
    links, earlier = dict[str, Link](), dict[str, tuple[str, ...]]()
    for at, variable in enumerate(query.spine[1:], start=1):
        before, kind = query.spine[at - 1], kinds[variable]
        earlier[variable] = tuple(name for name in query.spine[1:at] if kinds[name] == kind)
        if before in kinds:
            ends = {before, variable}
            edge = next(e for e in query.edges if {e.subject, e.object} == ends)
            inverse = edge.object == before
            links[variable] = Link(before, variable, edge.predicate, inverse, kinds[before], kind)
    same = {
        kind: [v.name for v in query.variables if v.category == kind] for kind in kinds.values()
    }
    nth = {name: same[kind].index(name) + 1 for name, kind in kinds.items()}
    return _Walk(links, earlier, nth)


class Links:
    """The links of one query in its graph."""

    def __init__(self, mined: Mined, graph: KnowledgeGraph) -> None:
        self._bound = mined.bound
        self._ends = _ends_in(graph)
        self._walk = shape_of(mined.query)[0].once("links", _walk)

    def to(self, variable: str) -> Link:
        """Return the link that ends at a variable."""
        return self._walk.links[variable]

    def ends(self, link: Link) -> frozenset[str]:
        """Return all that a link leads to from where it starts, disputed statements included."""
        return self._ends[self._bound[link.before], link.predicate, link.inverse, link.ends]

    def used(self, variable: str) -> set[str]:
        """Return the entities of a variable's category that stand before it on the spine."""
        return {self._bound[name] for name in self._walk.earlier[variable]}

    def nth(self, variable: str) -> int:
        """Return the place of a variable among those of its category, from 1."""
        return self._walk.nth[variable]


@once_each
def _ends_in(graph: KnowledgeGraph) -> Memo[tuple[str, str, bool, str], frozenset[str]]:
    """Return what a relation leads to from an entity: start, predicate, inverse, category."""

    def find(asked: tuple[str, str, bool, str]) -> frozenset[str]:
        start, predicate, inverse, category = asked
        known = PREDICATES.get(predicate)
        names = [predicate, *([known.weaker] if known and known.weaker else [])]
        way: Direction = "inverse" if inverse else "forward"
        ways: tuple[Direction, ...] = (way,)
        if known is not None and known.symmetric:
            ways = ("forward", "inverse")
        found = {
            other for name in names for way in ways for other in graph.neighbours(start, name, way)
        }
        return frozenset(one for one in found if graph.category_of(graph.index_of(one)) == category)

    return Memo(find, 16384)
