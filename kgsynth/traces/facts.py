"""The statements that a sentence rests on: how the graph says that a query edge holds."""

from dataclasses import dataclass

from kgsynth.biolink import PREDICATES
from kgsynth.errors import UnknownEntityError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.records import Edge

#: The rules that license a derived statement, as traces name them.
IMPLIES_ANCESTOR = "phenotype_implies_ancestor"
SUBCLASS_TRANSITIVE = "subclass_of_transitive"


@dataclass(frozen=True, slots=True)
class Fact:
    """Why one edge of a query holds for its bindings.

    Attributes:
        edges: The statement, then the ``subclass_of`` path where the statement is derived.
        stated: The entity that the source names: the object itself, or a descendant of it.
        rule: The rule that licenses a derived statement, or "".
    """

    edges: tuple[Edge, ...]
    stated: str
    rule: str


class Facts:
    """Finds facts in one graph, and remembers them."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._known: Memo[tuple[str, str, str], Fact] = Memo(self._remember)
        self._edges: Memo[str, Edge] = Memo(graph.edge)

    def of(self, subject: str, predicate: str, object_: str) -> Fact:
        """Return why a statement holds, by closure over ``subclass_of`` where it needs it.

        Raises:
            UnknownEntityError: If it does not hold.
        """
        return self._known[subject, predicate, object_]

    def edge(self, edge_id: str) -> Edge:
        """Return a statement by its id."""
        return self._edges[edge_id]

    def _remember(self, key: tuple[str, str, str]) -> Fact:
        fact = self._find(*key)
        for edge in fact.edges:
            self._edges.keep(edge.id, edge)
        return fact

    def _find(self, subject: str, predicate: str, object_: str) -> Fact:
        edge = self._graph.find_edge(subject, predicate, object_)
        known = PREDICATES.get(predicate)
        if edge is None and known is not None and known.symmetric:
            edge = self._graph.find_edge(object_, predicate, subject)
        if edge is not None and not edge.contested:
            return Fact((edge,), object_, "")
        if predicate == "subclass_of":
            return Fact(self._graph.subclass_path(subject, object_), object_, SUBCLASS_TRANSITIVE)
        return self._derived(subject, predicate, object_)

    def _derived(self, subject: str, predicate: str, object_: str) -> Fact:
        """Return the statement of a more specific finding, nearest first, with its path."""
        found = [
            (len(path), near, path)
            for near in self._graph.neighbours(subject, predicate)
            if object_ in self._graph.ancestors(near)
            for path in [self._graph.subclass_path(near, object_)]
        ]
        for _, near, path in sorted(found, key=lambda item: item[:2]):
            edge = self._graph.find_edge(subject, predicate, near)
            if edge is not None and not edge.contested:
                return Fact((edge, *path), near, IMPLIES_ANCESTOR)
        raise UnknownEntityError(
            f"{subject} {predicate} {object_} does not hold in {self._graph.folder}; "
            "the query was mined from another graph"
        )


@once_each
def facts_of(graph: KnowledgeGraph) -> Facts:
    """Return the facts of a graph, the same object each time."""
    return Facts(graph)
