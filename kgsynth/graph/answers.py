"""Which entities answer a query: exactly, completely, and in plain Python.

The second engine beside the miner's kernels: it shares no code with them, so that a mistake would
have to be made twice to go unseen. Sets of entities are Python integers used as bitsets (bit ``i``
is the entity with index ``i``); an intersection over 40,000 entities takes about a microsecond.

What a query edge means is the table of the contract: a finding holds by closure over
``subclass_of``; a variable finding is a most specific one; ``subclass_of`` a constant is at any
distance; everything else is asserted. A *contested* statement (asserted and denied) and a *weaker*
one ("associated" where the query says "causes") count as `admit` says: True reads the query so
that as many solutions as possible stand, False so that as few do.
"""

import functools
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.index import CONTESTED, WEAK
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import Memo
from kgsynth.records import Edge, Query, QueryEdge, Variable

#: The columns of an edge's ends.
_ENDS = ("subject", "object")

Solution = dict[str, int]

#: Which statements count: predicate, direction, and whether contested and weaker ones do.
_Sense = tuple[str, Direction, bool]

#: What the sets of one sense may take together; there are a dozen senses, of which few are large.
_MOST_BYTES = 48 << 20


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


def members(bits: int) -> Iterator[int]:
    """Yield the indices that a bitset holds, ascending.

    Example:
        >>> list(members(0b1010))
        [1, 3]
    """
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def unpack(bits: int) -> frozenset[int]:
    """Return the indices that a bitset holds; fast for large sets too.

    Example:
        >>> sorted(unpack(0b1010))
        [1, 3]
    """
    if bits.bit_count() < 16:
        return frozenset(members(bits))
    raw = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), np.uint8)
    return frozenset(np.flatnonzero(np.unpackbits(raw, bitorder="little")).tolist())


class Solver:
    """One graph with the sets that queries are solved by, each computed once."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        # A set of entities takes a bit for each of the graph: as many are held as fit into memory.
        most = max(64, _MOST_BYTES // (len(graph) // 8 + 1))
        self._domains: dict[str, int] = {}
        self._single: Memo[tuple[QueryEdge, str, bool], frozenset[int]] = Memo(self._alone, 1024)
        self._rows: Memo[int, dict[int, int]] = Memo(self._rows_of, 4096)
        self._above: Memo[int, int] = Memo(self._find_above, 2 * most)
        self._below: Memo[int, tuple[int, ...]] = Memo(self._find_below, 1 << 15)
        # Tables by predicate, direction and whether disputes are admitted; each by entity.
        self._near: Memo[_Sense, Memo[int, frozenset[int]]] = Memo(
            lambda sense: Memo(functools.partial(self._find_near, sense), 1 << 15)
        )
        self._joined: Memo[_Sense, Memo[int, frozenset[int]]] = Memo(self._table_of_joined)
        self._kin = Memo(self._table_of_kin)
        self._closed: Memo[_Sense, Memo[int, int]] = Memo(
            lambda sense: Memo(functools.partial(self._find_closed, sense), most)
        )

    @staticmethod
    @functools.lru_cache(maxsize=8)
    def of(graph: KnowledgeGraph) -> "Solver":
        """Return the solver of a graph, the same one each time."""
        return Solver(graph)

    # ---- sets of entities ------------------------------------------------------------------

    def domain(self, category: str) -> int:
        """Return the bitset of every entity of a category, groups included."""
        if not self._domains:
            column = np.array(self._categories)
            for name in set(self._categories):
                self._domains[name] = _pack(column == name)
        return self._domains.get(category, 0)

    def above(self, node: int) -> int:
        """Return the bitset of an entity's proper ancestors."""
        return self._above[node]

    def _find_above(self, node: int) -> int:
        bits = 0
        for parent in self.near("subclass_of", node, "forward"):
            bits |= self._above[parent] | (1 << parent)
        return bits

    def below(self, node: int) -> tuple[int, ...]:
        """Return an entity's proper descendants, ascending."""
        return self._below[node]

    def _find_below(self, node: int) -> tuple[int, ...]:
        seen, stack = set[int](), [node]
        while stack:
            fresh = self.near("subclass_of", stack.pop(), "inverse") - seen
            seen |= fresh
            stack.extend(fresh)
        return tuple(sorted(seen))

    def near(
        self, predicate: str, node: int, direction: Direction, admit: bool = True
    ) -> frozenset[int]:
        """Return an entity's neighbours by asserted positive statements of one predicate.

        With `admit`, contested and weaker statements count; without, neither does.
        """
        return self._near[predicate, direction, admit][node]

    def _find_near(self, sense: "_Sense", node: int) -> frozenset[int]:
        predicate, direction, admit = sense
        if not admit and not self._is_touched(predicate, node):
            return self._near[predicate, direction, True][node]
        return self._read_near(predicate, node, direction, admit)

    def _is_touched(self, predicate: str, node: int) -> bool:
        """Say whether a dispute can change an entity's sets; for nearly all it cannot."""
        stronger = predicate in PREDICATES and bool(PREDICATES[predicate].weaker)
        return stronger or node in self._disputed

    @functools.cached_property
    def _disputed(self) -> frozenset[int]:
        """Both ends of every contested statement, and what is above them."""
        edges = self.graph.edges()
        rows = np.flatnonzero(self.graph.flags & CONTESTED)
        ends = {
            self.graph.index_of(edges.column(e)[int(row)].as_py()) for row in rows for e in _ENDS
        }
        above = functools.reduce(int.__or__, (self.above(node) for node in ends), 0)
        return unpack(above) | ends

    def _read_near(
        self, predicate: str, node: int, direction: Direction, admit: bool
    ) -> frozenset[int]:
        known = PREDICATES.get(predicate)
        if known is not None and known.symmetric:  # stored one way round, read both ways
            found = self._stated(predicate, node, "forward", admit)
            found |= self._stated(predicate, node, "inverse", admit)
        else:
            found = self._stated(predicate, node, direction, admit)
        weaker = known.weaker if known is not None and admit else ""
        return found | self.near(weaker, node, direction) if weaker else found

    def _stated(
        self, predicate: str, node: int, direction: Direction, admit: bool
    ) -> frozenset[int]:
        csr = self.graph.csr(predicate, direction)
        near = csr.of(node)
        if not admit:
            near = near[(self.graph.flags[csr.rows_of(node)] & CONTESTED) == 0]
        return frozenset(near.tolist())

    def holders(self, predicate: str, constant: int, admit: bool = True) -> int:
        """Return the bitset of subjects ``x`` for which ``x predicate constant`` holds."""
        return self._closed[predicate, "inverse", admit][constant]

    def held(self, predicate: str, subject: int, admit: bool = True) -> int:
        """Return the bitset of constants ``t`` for which ``subject predicate t`` holds."""
        return self._closed[predicate, "forward", admit][subject]

    def joined(
        self, predicate: str, node: int, direction: Direction, admit: bool = True
    ) -> frozenset[int]:
        """Return the entities that a statement between two *variables* joins to one."""
        return self._joined[predicate, direction, admit][node]

    def joined_of(
        self, predicate: str, node: int, direction: Direction, admit: bool, category: str
    ) -> frozenset[int]:
        """Return those of what is `joined` to an entity that are of one category."""
        return self._kin[predicate, direction, admit, category][node]

    def table(
        self, predicate: str, direction: Direction, admit: bool, category: str
    ) -> Memo[int, frozenset[int]]:
        """Return what `joined_of` gives, by entity."""
        return self._kin[predicate, direction, admit, category]

    def _table_of_kin(self, key: tuple[str, Direction, bool, str]) -> Memo[int, frozenset[int]]:
        table, category = self._joined[key[:3]], key[3]
        return Memo(lambda node: self.of_category(table[node], category), 1 << 15)

    def _table_of_joined(self, sense: "_Sense") -> Memo[int, frozenset[int]]:
        if sense[0] != "has_phenotype":
            return self._near[sense]
        return Memo(functools.partial(self._find_specific, sense), 1 << 15)

    def _find_specific(self, sense: "_Sense", node: int) -> frozenset[int]:
        predicate, direction, admit = sense
        if not admit and not self._is_touched(predicate, node):
            return self._joined[predicate, direction, True][node]
        return self._most_specific(node, direction, admit)

    def _most_specific(self, node: int, direction: Direction, admit: bool) -> frozenset[int]:
        near = self.near("has_phenotype", node, direction, admit)
        if direction == "inverse":
            return frozenset(
                d for d in near if node in self.joined("has_phenotype", d, "forward", admit)
            )
        # A dispute never rules a solution out when it is admitted, and always does when it is not.
        covered = 0
        for term in self.near("has_phenotype", node, direction, not admit):
            covered |= self.above(term)
        return frozenset(term for term in near if not covered >> term & 1)

    def _find_closed(self, sense: "_Sense", node: int) -> int:
        predicate, direction, admit = sense
        if not admit and not self._is_touched(predicate, node):
            return self._closed[predicate, direction, True][node]
        return self._close(predicate, node, direction, admit)

    def _close(self, predicate: str, node: int, direction: Direction, admit: bool) -> int:
        if predicate == "subclass_of":
            return self.above(node) if direction == "forward" else self._pack(self.below(node))
        near = self.near(predicate, node, direction, admit)
        if predicate != "has_phenotype":
            return self._pack(near)
        if direction == "forward":
            return functools.reduce(
                lambda bits, term: bits | self.above(term), near, _pack_few(near)
            )
        under = (self.near(predicate, term, direction, admit) for term in self.below(node))
        return self._pack(near.union(*under))

    def _pack(self, nodes: Iterable[int]) -> int:
        chosen = list(nodes)
        if len(chosen) < 32:
            return _pack_few(chosen)
        mask = np.zeros(len(self.graph), dtype=bool)
        mask[chosen] = True
        return _pack(mask)

    # ---- qualifiers ------------------------------------------------------------------------

    def least_share(self, disease: str, term: str) -> float:
        """Return the least share of patients with a finding that its evidence allows, in [0, 1].

        1.0 where no evidence gives a frequency, or the statement itself is not in the graph.
        """
        row = self._rows[self.graph.index_of(disease)].get(self.graph.index_of(term))
        share = math.nan if row is None else float(self._shares[row])
        return 1.0 if math.isnan(share) else share

    def _rows_of(self, disease: int) -> dict[int, int]:
        csr = self.graph.csr("has_phenotype")
        return dict(zip(csr.of(disease).tolist(), csr.rows_of(disease).tolist(), strict=True))

    @functools.cached_property
    def _shares(self) -> NDArray[np.float32]:
        """The least share of patients by edge row; not a number where none is recorded."""
        edges = self.graph.edges()
        if "frequency_low" not in edges.column_names:
            return np.full(edges.num_rows, np.nan, np.float32)
        column = edges.column("frequency_low").combine_chunks()
        return cast("NDArray[np.float32]", column.to_numpy(zero_copy_only=False))

    def is_weak(self, edge: Edge) -> bool:
        """Say whether a denial rests only on one or two patients."""
        row = self.graph.edge_row(edge.subject, edge.predicate, edge.object, negated=edge.negated)
        return row is not None and bool(self.graph.flags[row] & WEAK)

    # ---- queries ---------------------------------------------------------------------------

    def pinned(self, query: Query, variable: Variable, admit: bool = True) -> frozenset[int] | None:
        """Return what a variable can be by its own clues alone; None where it has none."""
        found = self._pinned(query, variable, admit)
        if not query.among or variable.name != query.target:
            return found
        named = frozenset(self.graph.index_of(curie) for curie in query.among)
        return self.of_category(named, variable.category) if found is None else found & named

    def _pinned(self, query: Query, variable: Variable, admit: bool) -> frozenset[int] | None:
        clues = [e for e in query.edges if variable.name in (e.subject, e.object) and is_clue(e)]
        if not clues:
            return None
        if len(clues) > 1:
            bits = self.domain(variable.category)
            for edge in clues:
                bits &= self.clue(edge, admit)
            return unpack(bits)
        # A single clue, such as a class of findings, leaves much and comes again and again.
        return self._single[_anonymous(clues[0], variable.name), variable.category, admit]

    def _alone(self, key: tuple[QueryEdge, str, bool]) -> frozenset[int]:
        edge, category, admit = key
        return unpack(self.clue(edge, admit) & self.domain(category))

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
            bits = _pack_few(self.joined(edge.predicate, named, "forward", sense))
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
        domains = {item.name: self.pinned(query, item, admit) for item in query.variables}
        if None in domains.values() or all(domains.values()):
            yield from _Search.of(self, query, admit).extend({}, domains)

    def fixed(self, query: Query, admit: bool = True) -> list[str]:
        """Return the variables of a query that have one value only, sorted; all if it has none.

        For each variable that is still open, one more solution is looked for in which it is
        something else; where a query pins nothing, two or three solutions show that.
        """
        domains = {item.name: self.pinned(query, item, admit) for item in query.variables}
        open_ = set(domains)
        if None not in domains.values() and not all(domains.values()):
            return sorted(open_)
        search = _Search.of(self, query, admit)
        first = search.first({}, domains, ("", -1))
        fixed = []
        while first is not None and open_:
            name = open_.pop()
            other = search.first({}, domains, (name, first[name]))
            if other is None:
                fixed.append(name)
            else:
                open_ = {item for item in open_ if other[item] == first[item]}
        return sorted(open_.union(fixed))

    def of_category(self, nodes: frozenset[int], category: str) -> frozenset[int]:
        """Return those of some entities that are of a category; the same set where all are."""
        column = self._categories
        kept = frozenset([node for node in nodes if column[node] == category])
        return nodes if len(kept) == len(nodes) else kept

    @functools.cached_property
    def _categories(self) -> list[str]:
        return cast("list[str]", self.graph.column("category").to_pylist())


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


class _Search(NamedTuple):
    """A search for the solutions of one query, depth first."""

    solver: Solver
    links: dict[str, list[_Link]]
    kinds: dict[str, str]

    @classmethod
    def of(cls, solver: Solver, query: Query, admit: bool) -> "_Search":
        """Return a search for the solutions of a query."""
        kinds = {item.name: item.category for item in query.variables}
        links: dict[str, list[_Link]] = {name: [] for name in kinds}
        for edge in query.edges:
            if not is_clue(edge):
                sense = admit != edge.negated
                one, other = edge.subject, edge.object
                forward = solver.table(edge.predicate, "forward", sense, kinds[other])
                inverse = solver.table(edge.predicate, "inverse", sense, kinds[one])
                links[one].append(_Link(other, forward, edge.negated))
                links[other].append(_Link(one, inverse, edge.negated))
        return cls(solver, links, kinds)

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
        return unpack(self.solver.domain(self.kinds[name]))


def _smallest(domains: dict[str, frozenset[int] | None]) -> str:
    """Return the variable with the smallest domain: what its clues pin leaves little to try."""
    name, fewest = "", math.inf
    for item, nodes in domains.items():
        size = math.inf if nodes is None else len(nodes)
        if not name or size < fewest:
            name, fewest = item, size
    return name


def _anonymous(edge: QueryEdge, variable: str) -> QueryEdge:
    """Return an edge whose variable is called ?, so that equal ones of two queries are equal."""
    if edge.subject == variable:
        return QueryEdge("?", edge.predicate, edge.object, edge.negated)
    return QueryEdge(edge.subject, edge.predicate, "?", edge.negated)


def is_clue(edge: QueryEdge) -> bool:
    """Say whether an edge hangs a named entity on a variable (rather than join two variables)."""
    return edge.subject[:1] != "?" or edge.object[:1] != "?"


def _pack(mask: np.ndarray) -> int:
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def _pack_few(nodes: Iterable[int]) -> int:
    bits = 0
    for node in nodes:
        bits |= 1 << node
    return bits
