"""Why another entity in the place of the answer is wrong: what the graph records against it.

An option stands for the target of a query; everything before the last step is proved by then, so
its bindings hold. The option fails the edge of the spine that leads to the target where no way to
walk the last step ends at it, and it fails each clue of the target that does not hold for it. A
contested or weaker statement always counts in its favor.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from kgsynth.biolink import PREDICATES
from kgsynth.graph.index import CONTESTED, WEAK
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import once_each
from kgsynth.questions.forms import REASONS, SPOKEN, form_words
from kgsynth.records import Mined, OptionReason, QueryEdge

FINDING, IS_A = "has_phenotype", "subclass_of"


class Records:
    """What one graph says of its entities, by their places. Get one with `records_of`."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        self._above: dict[int, frozenset[int]] = {}
        self._closed: dict[tuple[int, bool], frozenset[int]] = {}

    def above(self, node: int) -> frozenset[int]:
        """Return the proper ancestors of an entity."""
        found = self._above.get(node)
        if found is None:
            near = self.graph.csr(IS_A).of(node).tolist()
            found = self._above[node] = frozenset(near).union(*(self.above(up) for up in near))
        return found

    def kin(self, one: int, other: int) -> bool:
        """Say whether two entities are one, or one is an ancestor of the other."""
        return one == other or one in self.above(other) or other in self.above(one)

    def near(
        self, predicate: str, node: int, direction: Direction, *, sure: bool = False
    ) -> set[int]:
        """Return what positive statements of a predicate join to an entity.

        Weaker forms of the relation and contested statements count, unless only what is `sure`
        is asked for.
        """
        csr = self.graph.csr(predicate, direction)
        found = csr.of(node)
        if sure:
            return set(found[(self.graph.flags[csr.rows_of(node)] & CONTESTED) == 0].tolist())
        ends = set(found.tolist())
        known = PREDICATES.get(predicate)
        if known is not None and known.symmetric:
            other: Direction = "inverse" if direction == "forward" else "forward"
            ends |= set(self.graph.csr(predicate, other).of(node).tolist())
        if known is not None and known.weaker:
            ends |= self.near(known.weaker, node, direction)
        return ends

    def findings(self, disease: int, *, sure: bool = False) -> frozenset[int]:
        """Return the findings of a disease, with all that they imply."""
        found = self._closed.get((disease, sure))
        if found is None:
            stated = self.near(FINDING, disease, "forward", sure=sure)
            found = frozenset(stated).union(*(self.above(term) for term in stated))
            self._closed[disease, sure] = found
        return found

    def spoken(self, node: int) -> int:
        """Return how much is recorded of an entity: findings of a disease, else statements."""
        if self.graph.category_of(node) == "Disease":
            return len(self.graph.csr(FINDING).of(node))
        return len(self.graph.adjacency.around(node, "forward")[0])

    def holds(self, edge: QueryEdge, subject: int, object_: int) -> bool:
        """Say whether a query edge may hold between two entities, disputes in its favor."""
        if edge.predicate == IS_A:
            plain = object_ in self.above(subject)
        elif edge.predicate == FINDING:
            plain = object_ in self.findings(subject, sure=edge.negated)
        else:
            plain = object_ in self.near(edge.predicate, subject, "forward", sure=edge.negated)
        return plain != edge.negated

    # ---- reasons -----------------------------------------------------------------------------

    def reason(self, edge: QueryEdge, clue: int, subject: int, object_: int) -> OptionReason | None:
        """Return the best recorded reason why a query edge does not hold, None where none is.

        Args:
            edge: The query edge, which does not hold between the two.
            clue: Its index in the query.
            subject: Who it would be said of.
            object_: What would be said.
        """
        if edge.negated:
            return OptionReason("other_value", clue, self._recorded(edge, subject, object_))
        denial = self._denial(edge.predicate, subject, object_)
        if denial:
            return OptionReason("denied", clue, denial)
        other = self._other_value(edge.predicate, subject, object_)
        if other:
            return OptionReason("other_value", clue, (other,))
        silent = object_ if self.graph.category_of(object_) == "Disease" else subject
        if self.spoken(silent) >= SPOKEN:
            return OptionReason("not_recorded", clue, ())
        return None

    def _recorded(self, edge: QueryEdge, subject: int, object_: int) -> tuple[str, ...]:
        """Return the statement that a negated edge of the query forbids, with its path."""
        stated = sorted(self.near(edge.predicate, subject, "forward", sure=True))
        ids = self.graph.id_of
        for end in (object_, *stated):
            if end in stated and (end == object_ or object_ in self.above(end)):
                found = self.graph.find_edge(ids(subject), edge.predicate, ids(end))
                if found is not None:
                    return found.id, *self._path(end, object_)
        return ()

    def _denial(self, predicate: str, subject: int, object_: int) -> tuple[str, ...]:
        """Return the firm denial of a statement or, for a finding, of what it implies."""
        csr = self.graph.csr(predicate, "forward", negated=True)
        general = self.above(object_) if predicate == FINDING else frozenset[int]()
        rows = zip(csr.of(subject).tolist(), csr.rows_of(subject).tolist(), strict=True)
        fitting = [
            (end != object_, end, row)
            for end, row in rows
            if (end == object_ or end in general) and not self.graph.flags[row] & (CONTESTED | WEAK)
        ]
        if not fitting:
            return ()
        _, end, row = min(fitting)
        return self.graph.edge_at(row).id, *self._path(object_, end)

    def _path(self, below: int, above: int) -> tuple[str, ...]:
        if below == above:
            return ()
        path = self.graph.subclass_path(self.graph.id_of(below), self.graph.id_of(above))
        return tuple(edge.id for edge in path)

    def _other_value(self, predicate: str, subject: int, object_: int) -> str:
        """Return the one other value that is recorded where a relation has one, or ""."""
        owner = form_words()["one_value"].get(predicate)
        if owner is None:
            return ""
        node, direction = (subject, "forward") if owner == "subject" else (object_, "inverse")
        asked = object_ if owner == "subject" else subject
        way: Direction = "forward" if direction == "forward" else "inverse"
        every = self.near(predicate, node, way)
        sure = self.near(predicate, node, way, sure=True)
        if len(every) != 1 or every != sure or self.kin(min(every), asked):
            return ""
        (value,) = every
        ends = (node, value) if owner == "subject" else (value, node)
        found = self.graph.find_edge(
            self.graph.id_of(ends[0]), predicate, self.graph.id_of(ends[1])
        )
        return "" if found is None else found.id


class Trial:
    """One mined query, in which other entities are tried in the place of the answer."""

    def __init__(self, mined: Mined, graph: KnowledgeGraph) -> None:
        self.records = records_of(graph)
        self._mined = mined
        self._query = mined.query
        self._bound = {name: graph.index_of(curie) for name, curie in mined.bound.items()}
        self._kinds = {v.name: v.category for v in mined.query.variables}
        self.answer = self._bound[mined.query.target]
        self.answers = frozenset(graph.index_of(curie) for curie in mined.answers)
        self.spine = frozenset(self._bound.values())
        self.category = self._kinds[mined.query.target]

    @property
    def margin(self) -> int:
        """How many edges of the query an option must fail for recorded reasons."""
        return max(1, self._mined.steps[-1].margin)

    @cached_property
    def own(self) -> tuple[tuple[int, QueryEdge], ...]:
        """The clues of the target, with their indices."""
        return tuple(
            (index, edge)
            for index, edge in enumerate(self._query.edges)
            if self._query.target in (edge.subject, edge.object)
            and not (edge.subject.startswith("?") and edge.object.startswith("?"))
        )

    @cached_property
    def within(self) -> tuple[int, ...]:
        """The classes that the target is asked within: every option is in each of them."""
        index_of = self.records.graph.index_of
        return tuple(index_of(e.object) for _, e in self.own if e.predicate == IS_A)

    @cached_property
    def named(self) -> tuple[int, ...]:
        """The named entities of the query, classes that are asked within left out."""
        index_of = self.records.graph.index_of
        return tuple(
            index_of(end)
            for e in self._query.edges
            for end in (e.subject, e.object)
            if not end.startswith("?") and e.predicate != IS_A
        )

    @cached_property
    def last(self) -> tuple[int, QueryEdge] | None:
        """The edge of the spine between two variables that ends at the target, with its index."""
        if len(self._query.spine) < 3:
            return None
        ends = set(self._query.spine[-2:])
        return next(
            (at, e) for at, e in enumerate(self._query.edges) if {e.subject, e.object} == ends
        )

    @cached_property
    def reached(self) -> frozenset[int]:
        """Where the ways to walk the last step end, clues aside; for a finding, what is implied."""
        spine, step = self._query.spine, self._mined.steps[-1]
        at = spine.index(step.variables[0])
        if not spine[at - 1].startswith("?"):  # it starts from clues: each is judged by itself
            return frozenset()
        walks: list[tuple[int, ...]] = [(self._bound[spine[at - 1]],)]
        for before, name in pairwise(spine[at - 1 :]):
            edge = next(e for e in self._query.edges if {e.subject, e.object} == {before, name})
            taken = {self._bound[v] for v in spine[1:at] if self._kinds[v] == self._kinds[name]}
            walks = [
                (*walk, node)
                for walk in walks
                for node in self.across(edge, name, walk[-1])
                if node not in taken and node not in walk
            ]
        return frozenset(walk[-1] for walk in walks)

    def across(self, edge: QueryEdge, to: str, node: int) -> set[int] | frozenset[int]:
        """Return where a query edge may lead to from an entity."""
        if edge.predicate == FINDING and edge.object == to:
            return self.records.findings(node)
        direction: Direction = "forward" if edge.object == to else "inverse"
        return self.records.near(edge.predicate, node, direction)

    def onward(self, variable: str, node: int) -> Iterator[int]:
        """Yield where the rest of the spine leads to from another entity in a variable's place."""
        spine = self._query.spine
        ends = {node}
        for before, name in pairwise(spine[spine.index(variable) :] if spine else ()):
            edge = next(e for e in self._query.edges if {e.subject, e.object} == {before, name})
            direction: Direction = "forward" if edge.object == name else "inverse"
            ends = {
                far for end in ends for far in self.records.near(edge.predicate, end, direction)
            }
        yield from sorted(ends)

    def against(self, option: int) -> tuple[OptionReason, ...]:
        """Return the recorded reasons against an option, the best first."""
        found = []
        if self.last is not None and option not in self.reached:
            index, edge = self.last
            before = self._bound[self._query.spine[-2]]
            ends = (before, option) if edge.object == self._query.target else (option, before)
            found.append(self.records.reason(edge, index, *ends))
        for index, edge in self.own:
            subject, object_ = self._ends(edge, option)
            if not self.records.holds(edge, subject, object_):
                found.append(self.records.reason(edge, index, subject, object_))
        kept = [reason for reason in found if reason is not None]
        order: tuple[str, ...] = REASONS
        return tuple(sorted(kept, key=lambda one: (order.index(one.reason), one.clue)))

    def _ends(self, edge: QueryEdge, option: int) -> tuple[int, int]:
        index_of = self.records.graph.index_of
        if edge.subject == self._query.target:
            return option, index_of(edge.object)
        return index_of(edge.subject), option


@once_each
def records_of(graph: KnowledgeGraph) -> Records:
    """Return the records of a graph, the same object each time."""
    return Records(graph)
