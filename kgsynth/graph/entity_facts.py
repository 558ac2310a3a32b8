"""What rules ask of single entities and pairs, each worked out once for a graph."""

import functools
import math
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.entity_sets import EntitySets
from kgsynth.graph.index import WEAK
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.memo import Memo
from kgsynth.records import Edge, Node

_WAYS: tuple[Direction, ...] = ("forward", "inverse")


class Entity(NamedTuple):
    """An entity as rules look at it.

    Attributes:
        place: Its index.
        node: What the graph says of it.
        above: Its proper ancestors.
        names: Its id and those of other records of it.
    """

    place: int
    node: Node
    above: frozenset[int]
    names: frozenset[str]

    def related(self, other: "Entity") -> str:
        """Return how two different entities are kin or twins, in words; "" where they are not."""
        if other.place in self.above or self.place in other.above:
            return "is kin of"
        return "" if self.names.isdisjoint(other.names) else "is a twin of"


class EntityFacts(EntitySets):
    """The sets of one graph, and what is known of its entities.

    Attributes:
        entities: Entities by id; asking for one that the graph lacks raises `UnknownEntityError`.
        shares: By disease: the least share of patients with each finding stated of it, in [0, 1],
            that all its evidence allows; 1.0 where none gives a frequency.
        joins: By two categories: the relations that may hold of an entity of the first and one of
            the second, each with what it holds of, by the first.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        super().__init__(graph)
        self.entities: Memo[str, Entity] = Memo(self._entity)
        self.shares: Memo[int, dict[int, float]] = Memo(self._shares_of, 4096)
        self.joins: Memo[tuple[str, str], tuple[tuple[str, Memo[int, frozenset[int]]], ...]] = Memo(
            self._find_joins
        )
        self._kinds_at: Memo[tuple[str, Direction], frozenset[str]] = Memo(self._find_kinds_at)

    def _entity(self, curie: str) -> Entity:
        index, node = self.graph.index_of(curie), self.graph.node(curie)
        return Entity(index, node, self.above(index), frozenset((curie, *node.equivalent_ids)))

    def _find_joins(
        self, kinds: tuple[str, str]
    ) -> tuple[tuple[str, Memo[int, frozenset[int]]], ...]:
        fit = [name for name in self.graph.predicates if self._may_join(name, *kinds)]
        return tuple((name, self.holding(name)) for name in fit)

    def _may_join(self, name: str, subject: str, object_: str) -> bool:
        """Say whether a relation can hold of entities of two categories; kin is looked at apart."""
        known = PREDICATES.get(name)
        if known is None:
            return True
        fits = subject in (known.domain or (subject,)) and object_ in (known.range or (object_,))
        if not fits or name == "subclass_of":
            return False
        # What no statement is about holds of none; closure is over objects, of any category.
        ways: list[tuple[str, Direction, str]] = [(name, "forward", subject)]
        if name != "has_phenotype":
            ways.append((name, "inverse", object_))
        return all(kind in self._kinds_of(name, way) for name, way, kind in ways)

    def _kinds_of(self, name: str, way: Direction) -> frozenset[str]:
        """Return the categories of a relation's subjects (objects), weaker statements included."""
        known = PREDICATES[name]
        ways = _WAYS if known.symmetric else (way,)
        found = frozenset[str]().union(*[self._kinds_at[name, one] for one in ways])
        return found | self._kinds_of(known.weaker, way) if known.weaker else found

    def _find_kinds_at(self, key: tuple[str, Direction]) -> frozenset[str]:
        joined = np.flatnonzero(np.diff(self.graph.csr(*key).indptr))
        return frozenset(map(self.graph.category_of, self._samples(joined)))

    def _samples(self, nodes: NDArray[np.int64]) -> list[int]:
        """Return one of some entities for each category that there is among them."""
        _, first = np.unique(self.codes[nodes], return_index=True)
        return cast("list[int]", nodes[first].tolist())

    # ---- qualifiers ------------------------------------------------------------------------

    def least_share(self, disease: int, term: int) -> float:
        """Return the least share of patients with a finding, in [0, 1]; 1.0 where none is recorded.

        A statement about the term itself decides; without one, the best of those about its
        descendants, since each patient with one of them has the term too.
        """
        stated = self.shares[disease]
        share = stated.get(term)
        if share is not None:
            return share
        above = self._above
        return max([least for one, least in stated.items() if term in above[one]], default=1.0)

    def _shares_of(self, disease: int) -> dict[int, float]:
        at, near, rows = self._read["has_phenotype", "forward"]
        mine = slice(at[disease], at[disease + 1])
        shares = self._shares
        found = {}
        for term, row in zip(near[mine].tolist(), rows[mine].tolist(), strict=True):
            share = shares[row]
            found[term] = 1.0 if math.isnan(share) else share
        return found

    @functools.cached_property
    def _shares(self) -> memoryview:
        """The least share of patients by edge row; not a number where none is recorded."""
        edges = self.graph.edges()
        if "frequency_low" not in edges.column_names:
            return np.full(edges.num_rows, np.nan, np.float32).data
        column = edges.column("frequency_low").combine_chunks()
        return cast("NDArray[np.float32]", column.to_numpy(zero_copy_only=False)).data

    def is_weak(self, edge: Edge) -> bool:
        """Say whether a denial rests only on one or two patients."""
        row = self.graph.edge_row(edge.subject, edge.predicate, edge.object, negated=edge.negated)
        return row is not None and bool(self.graph.flags[row] & WEAK)
