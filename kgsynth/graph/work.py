"""What the later steps of building a graph look at together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from kgsynth.graph.columns import Bool, Int32, Int64, find
from kgsynth.graph.identity import Identity
from kgsynth.graph.load import Loaded
from kgsynth.graph.nodes import Descriptions
from kgsynth.graph.stated import Statements
from kgsynth.graph.unite import Edges


@dataclass
class Work:
    """Everything that is known once the edges are made; rows of nodes and edges are final.

    Attributes:
        sources: What the graph is made from.
        identity: What every id stands for.
        described: The descriptions of each node.
        columns: The columns of the node table that come from descriptions alone.
        kinds: Category of every id (index, -1 unknown), and the names of the categories.
        statements: All statements that became edges.
        edges: The edges, in the order of the table.
    """

    sources: dict[str, Loaded]
    identity: Identity
    described: Descriptions
    columns: dict[str, pa.Array]
    kinds: tuple[Int32, list[str]]
    statements: Statements
    edges: Edges

    def node_of(self, codes: Int64) -> Int64:
        """Return the rows of the node table of leading ids."""
        rows: Int64 = self._rows[codes]
        return rows

    @cached_property
    def _rows(self) -> Int64:
        """How many nodes come before each id: the row of those that are nodes."""
        is_node = np.zeros(len(self.identity.ids) + 1, dtype=np.int64)
        is_node[self.described.codes + 1] = 1
        return np.cumsum(is_node)

    def is_predicate(self, predicate: str) -> Bool:
        """Return which edges have a predicate."""
        names = self.statements.predicates
        found: Bool = self.edges.predicate == (names.index(predicate) if predicate in names else -1)
        return found

    def is_kind(self, codes: Int64, kind: str) -> Bool:
        """Return which of the leading ids have a category."""
        kinds, names = self.kinds
        found: Bool = kinds[codes] == (names.index(kind) if kind in names else -2)
        return found

    def rows_of(self, column: pa.ChunkedArray) -> Int64:
        """Return the node rows of ids; -1 for those that are no node."""
        codes = find(column, self.identity.ids)
        leads = self.identity.target[codes]
        return np.where((codes >= 0) & self.identity.known[leads], self.node_of(leads), -1)
