"""The search for the solutions of a query: depth first, the variable with fewest values first."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from kgsynth.graph.entity_sets import EntitySets, Fit
from kgsynth.graph.pattern import is_join
from kgsynth.memo import Memo
from kgsynth.records import Query, QueryEdge

#: Entity indices by variable.
Solution = dict[str, int]

#: What is left for each variable; None where nothing is known yet.
Domains = dict[str, frozenset[int] | None]


class _Link(NamedTuple):
    """One end of a query edge between two variables: where it leads from a variable.

    Attributes:
        other: The variable that it leads to.
        near: What of that variable's category an edge joins to an entity.
        back: Where that must hold from the other end too: what is joined to the other one.
        negated: Whether the other must not be among them.
    """

    other: str
    near: Memo[int, frozenset[int]]
    back: Memo[int, frozenset[int]] | None
    negated: bool

    def narrowed(self, before: frozenset[int], node: int) -> frozenset[int]:
        """Return what is left of the other variable's domain once this one is an entity."""
        found = before & self.near[node]
        if self.back is not None:
            back = self.back
            found = frozenset([one for one in found if node in back[one]])
        return before - found if self.negated else found


class _Clue(NamedTuple):
    """A query edge that hangs a named entity on a variable.

    Attributes:
        at: Its place among the edges of the query.
        to_object: Whether the entity is the edge's object.
        fitting: What fits it, by the entity, denial aside.
        negated: Whether the variable must not be among them.
    """

    at: int
    to_object: bool
    fitting: Memo[int, frozenset[int]]
    negated: bool


class Search:
    """How queries of one shape, or a part of each, are solved in one graph.

    Args:
        sets: The graph's sets.
        query: Any query of that shape; its named entities are not looked at.
        admit: Whether contested and weaker statements count towards a solution.
        cut: The place of an edge that is left out, -1 for none.
        names: The variables of a part; the edges between and at them belong to it. None for all.
    """

    def __init__(
        self,
        sets: EntitySets,
        query: Query,
        admit: bool,
        cut: int = -1,
        names: Collection[str] | None = None,
    ) -> None:
        self.sets = sets
        self.kinds = {
            item.name: item.category
            for item in query.variables
            if names is None or item.name in names
        }
        # What the target is one of is a condition of the whole query.
        self._among = query.target if names is None else ""
        self._links: dict[str, list[_Link]] = {name: [] for name in self.kinds}
        self._clues: dict[str, list[_Clue]] = {name: [] for name in self.kinds}
        # No two variables of a category are the same entity.
        self._peers = {
            name: [other for other, same in self.kinds.items() if same == kind and other != name]
            for name, kind in self.kinds.items()
        }
        for at, edge in enumerate(query.edges):
            if at != cut:
                self._add(at, edge, admit != edge.negated)

    def _add(self, at: int, edge: QueryEdge, sense: bool) -> None:
        one, other, predicate = edge.subject, edge.object, edge.predicate
        kinds, sets = self.kinds, self.sets
        if not is_join(edge):
            name, to_object = (one, True) if one[:1] == "?" else (other, False)
            if name in kinds:
                fitting = sets.fitting[Fit(predicate, kinds[name], sense, to_object)]
                self._clues[name].append(_Clue(at, to_object, fitting, edge.negated))
        elif one in kinds and other in kinds:
            forward = sets.table(predicate, "forward", sense, kinds[other])
            inverse = sets.table(predicate, "inverse", sense, kinds[one])
            back = None
            if predicate == "has_phenotype":
                # A finding is most specific in a disease by what else is recorded of that: fewer
                # are looked at than the finding has.
                inverse, back = sets.stated(predicate, "inverse", sense, kinds[one]), forward
            self._links[one].append(_Link(other, forward, None, edge.negated))
            self._links[other].append(_Link(one, inverse, back, edge.negated))

    def domains(self, query: Query) -> Domains:
        """Return what each variable can be by its own clues alone; None where it has none."""
        found: Domains = {name: self._pinned(query, name) for name in self.kinds}
        if query.among and self._among:
            index_of, target = self.sets.graph.index_of, self._among
            known = found[target]
            within = self.whole(target) if known is None else known
            found[target] = within.intersection([index_of(curie) for curie in query.among])
        return found

    def _pinned(self, query: Query, name: str) -> frozenset[int] | None:
        clues = self._clues[name]
        if not clues:
            return None
        index_of, edges = self.sets.graph.index_of, query.edges
        fitting: list[frozenset[int]] = []
        barred: list[frozenset[int]] = []
        for at, to_object, known, negated in clues:
            edge = edges[at]
            found = known[index_of(edge.object if to_object else edge.subject)]
            (barred if negated else fitting).append(found)
        fitting.sort(key=len)
        least = fitting[0] if fitting else self.whole(name)
        return least.intersection(*fitting[1:]).difference(*barred)

    def first(
        self, partial: Solution, domains: Domains, barred: tuple[str, int]
    ) -> Solution | None:
        """Return one solution in which a variable is not what it must not be; None if none is."""
        name = _smallest(domains)
        rest = domains.copy()
        nodes = rest.pop(name)
        taken = self._taken(partial, name)
        if name == barred[0]:
            taken.append(barred[1])
        for node in self.whole(name) if nodes is None else nodes:
            if node in taken:
                continue
            if not rest:
                return {**partial, name: node}
            narrowed = self._narrowed(rest, name, node)
            if narrowed is not None:
                found = self.first({**partial, name: node}, narrowed, barred)
                if found is not None:
                    return found
        return None

    def extend(self, partial: Solution, domains: Domains) -> Iterator[Solution]:
        """Yield the solutions that extend a partial one, given what is left for the rest."""
        if not domains:
            yield dict(partial)
            return
        name = _smallest(domains)
        rest = domains.copy()
        nodes = rest.pop(name)
        taken = self._taken(partial, name)
        for node in self.whole(name) if nodes is None else nodes:
            if node in taken:
                continue
            if not rest:
                yield {**partial, name: node}
            elif (narrowed := self._narrowed(rest, name, node)) is not None:
                yield from self.extend({**partial, name: node}, narrowed)

    def _taken(self, partial: Solution, name: str) -> list[int]:
        """Return what a variable cannot be: what others of its category are."""
        return [partial[other] for other in self._peers[name] if other in partial]

    def _narrowed(self, domains: Domains, name: str, node: int) -> Domains | None:
        """Return the domains once a variable is bound; None where one is left with nothing."""
        narrowed = domains.copy()
        for link in self._links[name]:
            other = link.other
            if other not in narrowed:
                continue
            before = narrowed[other]
            left = link.narrowed(self.whole(other) if before is None else before, node)
            if not left:
                return None
            narrowed[other] = left
        return narrowed

    def whole(self, name: str) -> frozenset[int]:
        """Return every entity of a variable's category."""
        return self.sets.members(self.kinds[name])


def _smallest(domains: Domains) -> str:
    """Return the variable with the smallest domain: what its clues pin leaves little to try."""
    name, fewest = "", -1
    for item, nodes in domains.items():
        if nodes is not None and (fewest < 0 or len(nodes) < fewest):
            name, fewest = item, len(nodes)
    return name or next(iter(domains))
