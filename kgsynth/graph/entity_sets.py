"""Sets of entities that queries are solved by, each worked out once: neighbours, closures, shares.

Most sets are frozen sets of indices: nearly all are small, and so is what they are cut down to.
Those who have a term, which may be half of a category, are Python integers as bitsets too (bit
``i`` is the entity with index ``i``): made from those of the term's children, and cut and counted
whole. A look into a large integer copies it.
"""

import functools
from collections.abc import Iterable
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.bitsets import pack, pack_few, places, unpack
from kgsynth.graph.index import CONTESTED
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import Memo

#: The columns of an edge's ends.
_ENDS = ("subject", "object")

#: Which statements count: predicate, direction, and whether contested and weaker ones do.
_Sense = tuple[str, Direction, bool]


class Fit(NamedTuple):
    """Which entities fit a clue, whatever entity it names.

    Attributes:
        predicate: What the clue says.
        category: Of whom.
        admit: Whether contested and weaker statements count.
        to_object: Whether it names the object of a statement and asks for subjects.
    """

    predicate: str
    category: str
    admit: bool
    to_object: bool


#: What the bitsets of one sense may take together; there are a dozen senses, few of them large.
_MOST_BYTES = 48 << 20

#: How many entities the sets of one kind of clue may hold together.
_MOST_HELD = 1 << 20


class EntitySets:
    """The sets of one graph."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph
        # A set of entities takes a bit for each of the graph: as many are held as fit into memory.
        most = max(64, _MOST_BYTES // (len(graph) // 8 + 1))
        self._domains: dict[str, int] = {}
        self._read: Memo[tuple[str, Direction], tuple[memoryview, ...]] = Memo(self._open)
        #: By the entity that a clue names: who fits it, as a set and as an array. Where no dispute
        #: touches them, the sets of both readings are the same objects.
        self.fitting: Memo[Fit, Memo[int, frozenset[int]]] = Memo(self._table_of_fitting)
        self.listed: Memo[Fit, Memo[int, NDArray[np.intp]]] = Memo(self._table_of_listed)
        #: shape (n_nodes,), all 0: to be marked for a moment.
        self.scratch = np.zeros(len(graph), np.uint8)
        self._members: Memo[str, frozenset[int]] = Memo(lambda kind: unpack(self.domain(kind)))
        self._above: Memo[int, frozenset[int]] = Memo(self._find_above, 1 << 15)
        self._below: Memo[int, tuple[int, ...]] = Memo(self._find_below, 1 << 15)
        # Tables by predicate, direction and whether disputes are admitted; each by entity.
        self._near: Memo[_Sense, Memo[int, frozenset[int]]] = Memo(
            lambda sense: Memo(functools.partial(self._find_near, sense), 1 << 15)
        )
        self._joined: Memo[_Sense, Memo[int, frozenset[int]]] = Memo(self._table_of_joined)
        self._kin = Memo(self._table_of_kin)
        self._stated_kin: Memo[tuple[str, Direction, bool, str], Memo[int, frozenset[int]]] = Memo(
            lambda key: self._of_kind(self._near[key[:3]], key[3])
        )
        self._holders: Memo[_Sense, Memo[int, int]] = Memo(
            lambda sense: Memo(functools.partial(self._find_holders, sense), most)
        )
        self._held: Memo[_Sense, Memo[int, frozenset[int]]] = Memo(
            lambda sense: Memo(functools.partial(self._find_held, sense), 1 << 13)
        )

    # ---- sets of entities ------------------------------------------------------------------

    def domain(self, category: str) -> int:
        """Return the bitset of every entity of a category, groups included."""
        if not self._domains:
            self._domains = {name: pack(self.codes == code) for name, code in self._code_of.items()}
        return self._domains.get(category, 0)

    def members(self, category: str) -> frozenset[int]:
        """Return every entity of a category, groups included."""
        return self._members[category]

    def above(self, node: int) -> frozenset[int]:
        """Return an entity's proper ancestors."""
        return self._above[node]

    def _find_above(self, node: int) -> frozenset[int]:
        at, near, _ = self._read["subclass_of", "forward"]
        parents = near[at[node] : at[node + 1]].tolist()
        return frozenset(parents).union(*[self._above[parent] for parent in parents])

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
        return stronger or node in self.disputed

    @functools.cached_property
    def disputed(self) -> frozenset[int]:
        """Both ends of every contested statement, and what is above them."""
        edges = self.graph.edges()
        rows = np.flatnonzero(self.graph.flags & CONTESTED)
        ends = {
            self.graph.index_of(edges.column(e)[int(row)].as_py()) for row in rows for e in _ENDS
        }
        return frozenset(ends).union(*(self.above(node) for node in ends))

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
        at, near, rows = self._read[predicate, direction]
        mine = slice(at[node], at[node + 1])
        if admit:
            return frozenset(near[mine].tolist())
        flags = self.graph.flags
        pairs = zip(near[mine].tolist(), rows[mine].tolist(), strict=True)
        return frozenset([one for one, row in pairs if not flags[row] & CONTESTED])

    def _open(self, key: tuple[str, Direction]) -> tuple[memoryview, ...]:
        """Return the parts of an adjacency, to be read a few numbers at a time."""
        return tuple(part.data for part in self.graph.csr(*key))

    def holders(self, predicate: str, constant: int, admit: bool = True) -> int:
        """Return the bitset of subjects ``x`` for which ``x predicate constant`` holds."""
        return self._holders[predicate, "inverse", admit][constant]

    def _table_of_fitting(self, key: Fit) -> Memo[int, frozenset[int]]:
        if not key.to_object:
            # The closure rules are about a named object; a variable one is asserted, and for a
            # finding the most specific.
            return self.table(key.predicate, "forward", key.admit, key.category)
        listed = self.listed[key]

        def find(node: int) -> frozenset[int]:
            if not key.admit and not self._differs(key.predicate, node):
                return self.fitting[key._replace(admit=True)][node]
            return frozenset(listed[node].tolist())

        return Memo(find, _MOST_HELD, len)

    def _table_of_listed(self, key: Fit) -> Memo[int, NDArray[np.intp]]:
        if not key.to_object:
            known = self.fitting[key]
            return Memo(lambda node: np.array([*known[node]], np.intp), _MOST_HELD, len)
        category = self.codes == self._code_of.get(key.category, -1)

        def find(node: int) -> NDArray[np.intp]:
            if not key.admit and not self._differs(key.predicate, node):
                return self.listed[key._replace(admit=True)][node]
            nodes = places(self.holders(key.predicate, node, key.admit))
            found: NDArray[np.intp] = nodes[category[nodes]]
            return found

        return Memo(find, _MOST_HELD, len)

    def _differs(self, predicate: str, constant: int) -> bool:
        """Say whether a dispute changes who holds something."""
        sure = self.holders(predicate, constant, False)
        return sure is not self.holders(predicate, constant, True)

    def holding(self, predicate: str, admit: bool = True) -> Memo[int, frozenset[int]]:
        """Return what `held` gives, by subject."""
        return self._held[predicate, "forward", admit]

    def held(self, predicate: str, subject: int, admit: bool = True) -> frozenset[int]:
        """Return the constants ``t`` for which ``subject predicate t`` holds."""
        return self._held[predicate, "forward", admit][subject]

    def holds(self, predicate: str, subject: int, constant: int) -> bool:
        """Say whether ``subject predicate constant`` holds, disputed statements left out."""
        if predicate == "has_phenotype":  # a set of all findings of a disease costs more
            return bool(self.holders(predicate, constant, False) >> subject & 1)
        return constant in self.held(predicate, subject, False)

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
        return self._of_kind(self._joined[key[:3]], key[3])

    def _of_kind(
        self, table: Memo[int, frozenset[int]], category: str
    ) -> Memo[int, frozenset[int]]:
        return Memo(lambda node: self.of_category(table[node], category), 1 << 15)

    def stated(
        self, predicate: str, direction: Direction, admit: bool, category: str
    ) -> Memo[int, frozenset[int]]:
        """Return what statements join to an entity, of one category, the most specific or not."""
        return self._stated_kin[predicate, direction, admit, category]

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
        others = self.near("has_phenotype", node, direction, not admit)
        return near.difference(*[self.above(term) for term in others])

    def _find_holders(self, sense: "_Sense", node: int) -> int:
        predicate, direction, admit = sense
        if admit:
            return self._close(predicate, node, direction, admit)
        every = self._holders[predicate, direction, True][node]
        if not self._is_touched(predicate, node):
            return every
        sure = self._close(predicate, node, direction, admit)
        # Equal sets are the same object, so that a look tells that no dispute matters.
        return every if sure == every else sure

    def _close(self, predicate: str, node: int, direction: Direction, admit: bool) -> int:
        if predicate not in ("has_phenotype", "subclass_of"):
            return self._pack(self.near(predicate, node, direction, admit))
        at, near, _ = self._read["subclass_of", "inverse"]
        children = near[at[node] : at[node + 1]].tolist()
        below = predicate == "subclass_of"
        bits = self._pack(children if below else self._stated(predicate, node, direction, admit))
        known = self._holders[predicate, direction, admit]
        for child in children:
            bits |= known[child]
        return bits

    def _find_held(self, sense: "_Sense", node: int) -> frozenset[int]:
        predicate, direction, admit = sense
        if not admit and not self._is_touched(predicate, node):
            return self._held[predicate, direction, True][node]
        if predicate == "subclass_of":
            return self.above(node)
        near = self.near(predicate, node, direction, admit)
        if predicate == "has_phenotype":
            return near.union(*[self.above(term) for term in near])
        return near

    def _pack(self, nodes: Iterable[int]) -> int:
        chosen = list(nodes)
        if len(chosen) < 8:
            return pack_few(chosen)
        mask = np.zeros(len(self.graph), dtype=bool)
        mask[chosen] = True
        return pack(mask)

    def of_category(self, nodes: frozenset[int], category: str) -> frozenset[int]:
        """Return those of some entities that are of a category; the same set where all are."""
        column = self._categories
        kept = frozenset([node for node in nodes if column[node] == category])
        return nodes if len(kept) == len(nodes) else kept

    @functools.cached_property
    def _code_of(self) -> dict[str, int]:
        return {name: code for code, name in enumerate(sorted(set(self._categories)))}

    @functools.cached_property
    def codes(self) -> NDArray[np.int16]:
        """The category of each entity as a number, by the order of their names."""
        code_of = self._code_of
        return np.array([code_of[name] for name in self._categories], np.int16)

    @functools.cached_property
    def _categories(self) -> list[str]:
        return cast("list[str]", self.graph.column("category").to_pylist())
