"""The links that a chain walks: what each joins, how many ways lead on, how it is said."""

from typing import NamedTuple

from kgsynth.biolink import PREDICATES
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.relations import kind_of, verb_of
from kgsynth.records import Mined

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

    def verbs(self) -> dict[str, str]:
        """Return how the link is said, as slots."""
        return {
            "verb": verb_of(self.predicate, inverse=self.inverse),
            "also": verb_of(self.predicate, inverse=self.inverse, also=True),
            "kind": kind_of(self.ends),
        }


class Links:
    """The links of one query in its graph."""

    def __init__(self, mined: Mined, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._bound = mined.bound
        self._kinds = {v.name: v.category for v in mined.query.variables}
        self._spine = mined.query.spine
        self._edges = mined.query.edges

    def to(self, variable: str) -> Link:
        """Return the link that ends at a variable."""
        before = self._spine[self._spine.index(variable) - 1]
        edge = next(e for e in self._edges if {e.subject, e.object} == {before, variable})
        inverse = edge.object == before
        kinds = self._kinds[before], self._kinds[variable]
        return Link(before, variable, edge.predicate, inverse, *kinds)

    def ends(self, link: Link) -> set[str]:
        """Return all that a link leads to from where it starts, disputed statements included."""
        known = PREDICATES.get(link.predicate)
        names = [link.predicate, *([known.weaker] if known and known.weaker else [])]
        ways = ("inverse",) if link.inverse else ("forward",)
        both = known is not None and known.symmetric
        found = {
            other
            for name in names
            for way in (("forward", "inverse") if both else ways)
            for other in self._graph.neighbours(self._bound[link.before], name, way)
        }
        of = self._graph.index_of
        return {one for one in found if self._graph.category_of(of(one)) == link.ends}

    def used(self, variable: str) -> set[str]:
        """Return the entities of a variable's category that stand before it on the spine."""
        earlier = self._spine[1 : self._spine.index(variable)]
        kind = self._kinds[variable]
        return {self._bound[name] for name in earlier if self._kinds[name] == kind}

    def nth(self, variable: str) -> int:
        """Return the place of a variable among those of its category, from 1."""
        same = [name for name, kind in self._kinds.items() if kind == self._kinds[variable]]
        return same.index(variable) + 1
