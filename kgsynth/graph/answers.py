"""Which entities answer a query: exactly, completely, and in plain Python.

The second engine beside the miner's kernels: it shares no code with them, so that a mistake would
have to be made twice to go unseen. What it is made of: `entity_sets`, and the search in
`backtrack`.

What a query edge means is the table of the contract: a finding holds by closure over
``subclass_of``; a variable finding is a most specific one; ``subclass_of`` a constant is at any
distance; everything else is asserted. A *contested* statement (asserted and denied) and a *weaker*
one ("associated" where the query says "causes") count as `admit` says: True reads the query so
that as many solutions as possible stand, False so that as few do.
"""

import functools
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from kgsynth.graph.backtrack import Search, Solution
from kgsynth.graph.bitsets import members, pack_few, unpack
from kgsynth.graph.entity_facts import EntityFacts
from kgsynth.graph.stencil import Shape, shape_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo
from kgsynth.records import Query, QueryEdge

__all__ = ["Solver", "answers", "is_clue", "members", "solutions", "unpack"]


def answers(graph: KnowledgeGraph, query: Query, admit_contested: bool = True) -> tuple[str, ...]:
    """Return the complete answer set of a query.

    Args:
        graph: Where to look.
        query: Connected; variables of one category stand for different entities.
        admit_contested: Whether contested and weaker statements count towards an answer (and
            never against one). False gives the answers that no dispute touches.

    Returns:
        The ids that the target can stand for, sorted.

    Raises:
        UnknownEntityError: If the query names an entity that the graph does not have.
    """
    solver = Solver.of(graph)
    found = {solution[query.target] for solution in solver.solutions(query, admit_contested)}
    return tuple(sorted(graph.id_of(index) for index in found))


def solutions(
    graph: KnowledgeGraph, query: Query, admit_contested: bool = True
) -> Iterator[dict[str, str]]:
    """Yield every solution of a query: node ids by variable; see `answers`."""
    for solution in Solver.of(graph).solutions(query, admit_contested):
        yield {name: graph.id_of(index) for name, index in solution.items()}


#: How many solutions are looked at before one is looked for.
_SOME = 8


class Solver(EntityFacts):
    """One graph with the sets that queries are solved by, each computed once."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        super().__init__(graph)
        self._searches: Memo[tuple[Shape, bool], Search] = Memo(
            lambda key: Search(self, key[0].query, key[1]), 1024
        )
        self._parts: Memo[tuple[Shape, bool, int, tuple[str, ...]], Search] = Memo(
            lambda key: Search(self, key[0].query, *key[1:]), 1024
        )

    @staticmethod
    @functools.lru_cache(maxsize=8)
    def of(graph: KnowledgeGraph) -> "Solver":
        """Return the solver of a graph, the same one each time."""
        return Solver(graph)

    def clue(self, edge: QueryEdge, admit: bool = True) -> int:
        """Return the bitset for which an edge between a variable and a constant holds.

        A negated edge holds where no positive statement makes it hold; the complement is over
        every index, so intersect it with a domain.
        """
        sense = admit != edge.negated
        if edge.subject.startswith("?"):
            bits = self.holders(edge.predicate, self.graph.index_of(edge.object), sense)
        else:
            # The closure rules are about a named object; a variable one is asserted, and for a
            # finding the most specific.
            named = self.graph.index_of(edge.subject)
            bits = pack_few(self.joined(edge.predicate, named, "forward", sense))
        return ~bits if edge.negated else bits

    def solutions(self, query: Query, admit: bool = True) -> Iterator[Solution]:
        """Yield every solution of a query: entity indices by variable, each solution once."""
        if query.order:
            ranked = self._ranked(query, admit)
            yield from (one for one in self._matches(query, admit) if one[query.target] in ranked)
        else:
            yield from self._matches(query, admit)

    def _ranked(self, query: Query, admit: bool) -> set[int]:
        """Return what the target can be where most or fewest are counted; see `records.Query`."""
        many, sure = (self._counted(query, sense) for sense in (True, False))
        most = query.order == "most"
        # What speaks for an entity, and what the others have against it.
        own, others = (many, sure) if most == admit else (sure, many)
        return {
            one
            for one in many
            if all(
                own[one] >= others[other] if most else own[one] <= others[other]
                for other in many
                if other != one
            )
        }

    def _counted(self, query: Query, admit: bool) -> Counter[int]:
        """Return how many entities the counted variable can be for each one of the target."""
        found = {(s[query.target], s[query.counted]) for s in self._matches(query, admit)}
        return Counter(target for target, _ in found)

    def _matches(self, query: Query, admit: bool) -> Iterator[Solution]:
        """Yield every solution of the pattern of a query."""
        search = self._searches[shape_of(query)[0], admit]
        domains = search.domains(query)
        if None in domains.values() or all(domains.values()):
            yield from search.extend({}, domains)

    def fixed(self, query: Query, cut: int, names: tuple[str, ...], admit: bool) -> list[str]:
        """Return the variables of a part that have one value only, sorted; all if it has none.

        Where a query pins nothing, its first few solutions show that. For each variable that is the
        same in all of them, one more is looked for in which it is something else.

        Args:
            query: The whole query.
            cut: The place of the edge that is cut.
            names: The variables that are left.
            admit: Whether contested and weaker statements count.
        """
        search = self._parts[shape_of(query)[0], admit, cut, names]
        domains = search.domains(query)
        open_ = set(domains)
        if None not in domains.values() and not all(domains.values()):
            return sorted(open_)
        some = search.extend({}, domains)
        first = next(some, None)
        if first is None:
            return sorted(open_)
        for other in islice(some, _SOME):
            open_ = {name for name in open_ if other[name] == first[name]}
            if not open_:
                return []
        fixed: list[str] = []
        while open_:
            name = open_.pop()
            found = search.first({}, domains, (name, first[name]))
            if found is None:
                fixed.append(name)
            else:
                open_ = {item for item in open_ if found[item] == first[item]}
        return sorted(fixed)


def is_clue(edge: QueryEdge) -> bool:
    """Say whether an edge hangs a named entity on a variable (rather than join two variables)."""
    return edge.subject[:1] != "?" or edge.object[:1] != "?"
