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
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.index import CONTESTED, WEAK
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.records import Edge, Query, QueryEdge, Variable

#: The columns of an edge's ends.
_ENDS = ("subject", "object")

Solution = dict[str, int]


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
        self._domains: dict[str, int] = {}
        self._bits: dict[tuple[str, int, Direction, bool], int] = {}
        self._specific: dict[tuple[int, Direction, bool], frozenset[int]] = {}
        self._single: dict[tuple[QueryEdge, str, bool], frozenset[int]] = {}
        self._rows: dict[int, dict[int, int]] = {}
        self._above: dict[int, int] = {}
        self._below: dict[int, tuple[int, ...]] = {}
        self._near: dict[tuple[str, int, Direction, bool], frozenset[int]] = {}

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
        if node not in self._above:
            near = self.near("subclass_of", node, "forward")
            bits = 0
            for parent in near:
                bits |= self.above(parent) | (1 << parent)
            self._above[node] = bits
        return self._above[node]

    def below(self, node: int) -> tuple[int, ...]:
        """Return an entity's proper descendants, ascending."""
        if node not in self._below:
            seen, stack = set[int](), [node]
            while stack:
                fresh = self.near("subclass_of", stack.pop(), "inverse") - seen
                seen |= fresh
                stack.extend(fresh)
            self._below[node] = tuple(sorted(seen))
        return self._below[node]

    def near(
        self, predicate: str, node: int, direction: Direction, admit: bool = True
    ) -> frozenset[int]:
        """Return an entity's neighbours by asserted positive statements of one predicate.

        With `admit`, contested and weaker statements count; without, neither does.
        """
        admit = admit or not self._is_touched(predicate, node)
        key = (predicate, node, direction, admit)
        found = self._near.get(key)
        if found is None:
            found = self._near[key] = self._read_near(*key)
        return found

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
        return self._cached(predicate, constant, "inverse", admit)

    def held(self, predicate: str, subject: int, admit: bool = True) -> int:
        """Return the bitset of constants ``t`` for which ``subject predicate t`` holds."""
        return self._cached(predicate, subject, "forward", admit)

    def joined(
        self, predicate: str, node: int, direction: Direction, admit: bool = True
    ) -> frozenset[int]:
        """Return the entities that a statement between two *variables* joins to one."""
        if predicate != "has_phenotype":
            return self.near(predicate, node, direction, admit)
        admit = admit or not self._is_touched(predicate, node)
        key = (node, direction, admit)
        found = self._specific.get(key)
        if found is None:
            found = self._specific[key] = self._most_specific(*key)
        return found

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

    def _cached(self, predicate: str, node: int, direction: Direction, admit: bool) -> int:
        admit = admit or not self._is_touched(predicate, node)
        key = (predicate, node, direction, admit)
        found = self._bits.get(key)
        if found is None:
            found = self._bits[key] = self._close(*key)
        return found

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
        start = self.graph.index_of(disease)
        if start not in self._rows:
            csr = self.graph.csr("has_phenotype")
            rows = zip(csr.of(start).tolist(), csr.rows_of(start).tolist(), strict=True)
            self._rows[start] = dict(rows)
        row = self._rows[start].get(self.graph.index_of(term))
        share = math.nan if row is None else float(self._shares[row])
        return 1.0 if math.isnan(share) else share

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
        clues = [e for e in query.edges if variable.name in (e.subject, e.object) and is_clue(e)]
        if not clues:
            return None
        if len(clues) > 1:
            bits = functools.reduce(int.__and__, (self.clue(edge, admit) for edge in clues))
            return unpack(bits & self.domain(variable.category))
        # A single clue, such as a class of findings, leaves much and comes again and again.
        key = (replace(clues[0], subject="?"), variable.category, admit)
        if clues[0].subject != variable.name:
            key = (replace(clues[0], object="?"), variable.category, admit)
        found = self._single.get(key)
        if found is None:
            bits = self.clue(clues[0], admit) & self.domain(variable.category)
            found = self._single[key] = unpack(bits)
        return found

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
        domains = {item.name: self.pinned(query, item, admit) for item in query.variables}
        links: dict[str, list[_Link]] = {item.name: [] for item in query.variables}
        for edge in query.edges:
            if not is_clue(edge):
                links[edge.subject].append(_Link(edge.object, edge, "forward"))
                links[edge.object].append(_Link(edge.subject, edge, "inverse"))
        kinds = {item.name: item.category for item in query.variables}
        if None in domains.values() or all(domains.values()):
            yield from _Search(self, links, kinds, admit).extend({}, domains)

    def of_category(self, nodes: frozenset[int], category: str) -> frozenset[int]:
        """Return those of some entities that are of a category."""
        column = self._categories
        return frozenset(node for node in nodes if column[node] == category)

    @functools.cached_property
    def _categories(self) -> list[str]:
        return cast("list[str]", self.graph.column("category").to_pylist())


class _Link(NamedTuple):
    """One end of a query edge between two variables: where it leads from a variable."""

    other: str
    edge: QueryEdge
    direction: Direction


class _Search(NamedTuple):
    """A search for the solutions of one query, depth first."""

    solver: Solver
    links: dict[str, list[_Link]]
    kinds: dict[str, str]
    admit: bool

    def extend(
        self, partial: Solution, domains: dict[str, frozenset[int] | None]
    ) -> Iterator[Solution]:
        """Yield the solutions that extend a partial one, given what is left for the rest."""
        if not domains:
            yield dict(partial)
            return
        # Smallest domain first: a variable that its clues pin leaves little to try.
        name = min(domains, key=lambda item: _size(domains[item]))
        rest = {key: nodes for key, nodes in domains.items() if key != name}
        nodes = domains[name]
        kind = self.kinds[name]
        taken = {node for key, node in partial.items() if self.kinds[key] == kind}
        for node in self._whole(name) if nodes is None else nodes:
            if node in taken:
                continue
            narrowed = self._narrowed(rest, name, node)
            if narrowed is not None:
                partial[name] = node
                yield from self.extend(partial, narrowed)
        partial.pop(name, None)

    def _narrowed(
        self, domains: dict[str, frozenset[int] | None], name: str, node: int
    ) -> dict[str, frozenset[int] | None] | None:
        """Return the domains once a variable is bound; None where one is left with nothing."""
        narrowed = dict(domains)
        for other, edge, direction in self.links[name]:
            if other not in narrowed:
                continue
            near = self.solver.joined(edge.predicate, node, direction, self.admit != edge.negated)
            before = narrowed[other]
            if edge.negated:
                left = (self._whole(other) if before is None else before) - near
            elif before is None:
                left = self.solver.of_category(near, self.kinds[other])
            else:
                left = before & near
            if not left:
                return None
            narrowed[other] = left
        return narrowed

    def _whole(self, name: str) -> frozenset[int]:
        return unpack(self.solver.domain(self.kinds[name]))


def _size(nodes: frozenset[int] | None) -> float:
    return math.inf if nodes is None else len(nodes)


def is_clue(edge: QueryEdge) -> bool:
    """Say whether an edge hangs a named entity on a variable (rather than join two variables)."""
    return not (edge.subject.startswith("?") and edge.object.startswith("?"))


def _pack(mask: np.ndarray) -> int:
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def _pack_few(nodes: Iterable[int]) -> int:
    bits = 0
    for node in nodes:
        bits |= 1 << node
    return bits
