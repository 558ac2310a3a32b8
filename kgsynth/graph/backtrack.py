"""The search for the solutions of a query: depth first, the variable with fewest values first."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from kgsynth.graph.bitsets import unpack
from kgsynth.graph.entity_sets import EntitySets
from kgsynth.graph.pattern import is_join
from kgsynth.memo import Memo
from kgsynth.records import Query

#: Entity indices by variable.
Solution = dict[str, int]


class _Link(NamedTuple):
    """One end of a query edge between two variables: where it leads from a variable.

    Attributes:
        other: The variable that it leads to.
        near: What of that variable's category an edge joins to an entity.
        negated: Whether the other must not be among them.
    """

    other: str
    near: Memo[int, frozenset[int]]
    negated: bool


class Search(NamedTuple):
    """A search for the solutions of one query, depth first."""

    sets: EntitySets
    links: dict[str, list[_Link]]
    kinds: dict[str, str]

    @classmethod
    def of(cls, sets: EntitySets, query: Query, admit: bool) -> "Search":
        """Return a search for the solutions of a query."""
        kinds = {item.name: item.category for item in query.variables}
        links: dict[str, list[_Link]] = {name: [] for name in kinds}
        for edge in query.edges:
            if is_join(edge):
                sense = admit != edge.negated
                one, other = edge.subject, edge.object
                forward = sets.table(edge.predicate, "forward", sense, kinds[other])
                inverse = sets.table(edge.predicate, "inverse", sense, kinds[one])
                links[one].append(_Link(other, forward, edge.negated))
                links[other].append(_Link(one, inverse, edge.negated))
        return cls(sets, links, kinds)

    def first(
        self,
        partial: Solution,
        domains: dict[str, frozenset[int] | None],
        barred: tuple[str, int],
    ) -> Solution | None:
        """Return one solution in which a variable is not what it must not be; None if none is."""
        name = _smallest(domains)
        rest = domains.copy()
        nodes = rest.pop(name)
        taken = self._taken(partial, name)
        if name == barred[0]:
            taken.add(barred[1])
        for node in self._whole(name) if nodes is None else nodes:
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

    def extend(
        self, partial: Solution, domains: dict[str, frozenset[int] | None]
    ) -> Iterator[Solution]:
        """Yield the solutions that extend a partial one, given what is left for the rest."""
        if not domains:
            yield dict(partial)
            return
        name = _smallest(domains)
        rest = domains.copy()
        nodes = rest.pop(name)
        taken = self._taken(partial, name)
        for node in self._whole(name) if nodes is None else nodes:
            if node in taken:
                continue
            if not rest:
                yield {**partial, name: node}
            elif (narrowed := self._narrowed(rest, name, node)) is not None:
                yield from self.extend({**partial, name: node}, narrowed)

    def _taken(self, partial: Solution, name: str) -> set[int]:
        """Return what a variable cannot be: what others of its category are."""
        kinds, kind = self.kinds, self.kinds[name]
        return {node for key, node in partial.items() if kinds[key] == kind}

    def _narrowed(
        self, domains: dict[str, frozenset[int] | None], name: str, node: int
    ) -> dict[str, frozenset[int] | None] | None:
        """Return the domains once a variable is bound; None where one is left with nothing."""
        narrowed = domains.copy()
        for other, near, negated in self.links[name]:
            if other not in narrowed:
                continue
            before = narrowed[other]
            if negated:
                left = (self._whole(other) if before is None else before) - near[node]
            elif before is None:
                left = near[node]
            else:
                left = before & near[node]
            if not left:
                return None
            narrowed[other] = left
        return narrowed

    def _whole(self, name: str) -> frozenset[int]:
        return unpack(self.sets.domain(self.kinds[name]))


def _smallest(domains: dict[str, frozenset[int] | None]) -> str:
    """Return the variable with the smallest domain: what its clues pin leaves little to try."""
    name, fewest = "", math.inf
    for item, nodes in domains.items():
        size = math.inf if nodes is None else len(nodes)
        if not name or size < fewest:
            name, fewest = item, size
    return name
