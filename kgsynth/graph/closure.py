"""What follows from ``subclass_of``: circles, ancestors, and which diseases lie under a term.

Sets of diseases are rows of bits: one 64-bit word holds 64 diseases, so the union of two sets is
a handful of machine instructions.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.columns import Bool, Int64

Bits = NDArray[np.uint64]


def circles(children: Int64, parents: Int64) -> Bool:
    """Return which edges lie on a circle.

    Args:
        children: shape (n,); node codes.
        parents: shape (n,); node codes.

    Returns:
        shape (n,), bool; True where child and parent reach each other.

    Note:
        Nodes that nothing is below are peeled off, layer by layer, from both ends; what is left
        are circles and what joins them, usually nothing.
    """
    alive = np.ones(len(children), dtype=np.bool_)
    while True:
        rows = np.flatnonzero(alive)
        good = np.isin(children[rows], parents[rows]) & np.isin(parents[rows], children[rows])
        if good.all():
            break
        alive[rows[~good]] = False
    rows = np.flatnonzero(alive)
    if len(rows):
        part = _strong_parts(children[rows].tolist(), parents[rows].tolist())
        alive[rows] = [
            part[a] == part[b]
            for a, b in zip(children[rows].tolist(), parents[rows].tolist(), strict=True)
        ]
    return alive


def _strong_parts(children: list[int], parents: list[int]) -> dict[int, int]:
    """Return for each node which set of nodes that all reach each other it belongs to.

    Source:
        R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972);
        without recursion, one pass over nodes and edges.
    """
    above: dict[int, list[int]] = {}
    for child, parent in zip(children, parents, strict=True):
        above.setdefault(child, []).append(parent)
    found: dict[int, int] = {}  # when a node was first seen
    low: dict[int, int] = {}  # the earliest node that it reaches and that is still open
    part: dict[int, int] = {}
    opened: list[int] = []
    for start in above:
        if start in found:
            continue
        found[start] = low[start] = len(found)
        opened.append(start)
        work = [(start, iter(above[start]))]
        while work:
            node, others = work[-1]
            for other in others:
                if other not in found:
                    found[other] = low[other] = len(found)
                    opened.append(other)
                    work.append((other, iter(above.get(other, ()))))
                    break
                if other not in part:
                    low[node] = min(low[node], found[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == found[node]:
                    while node not in part:
                        part[opened.pop()] = found[node]
    return part


def levels(children: Int64, parents: Int64, size: int) -> list[Int64]:
    """Return edge rows in layers, so that everything below a child comes in an earlier layer.

    Args:
        children: shape (n,); nodes in [0, size).
        parents: shape (n,); nodes in [0, size). The edges form no circle.
        size: Number of nodes.
    """
    height = np.zeros(size, dtype=np.int64)
    for _ in range(size + 1):
        higher = height.copy()
        np.maximum.at(higher, parents, height[children] + 1)
        if np.array_equal(higher, height):
            break
        height = higher
    order = np.lexsort((parents, height[children]))
    cuts = np.flatnonzero(np.diff(height[children][order])) + 1
    return [part for part in np.split(order, cuts) if len(part)]


def at_or_above(children: Int64, parents: Int64, starts: Int64) -> Bool:
    """Return which edges begin at a node that some start is, or lies below.

    Args:
        children: shape (n,); node codes.
        parents: shape (n,); node codes.
        starts: Node codes.

    Returns:
        shape (n,), bool. Sets raised from the starts flow over these edges and no others.
    """
    size = int(max((part.max() for part in (children, parents, starts) if len(part)), default=-1))
    marks = np.zeros(size + 1, dtype=np.bool_)
    marks[starts] = True
    while len(fresh := np.flatnonzero(marks[children] & ~marks[parents])):
        marks[parents[fresh]] = True
    used: Bool = marks[children]
    return used


class Hierarchy:
    """The ``subclass_of`` edges of one ontology, ready to carry sets up and down.

    Attributes:
        terms: shape (n_terms,), ascending node codes of everything in the hierarchy.
    """

    def __init__(self, children: Int64, parents: Int64, others: Int64) -> None:
        """Take the edges, and further terms that may have none.

        Args:
            children: Node codes.
            parents: Node codes.
            others: Node codes of terms, with or without an edge.
        """
        self.terms = np.unique(np.concatenate((children, parents, others)))
        self.children = np.searchsorted(self.terms, children)
        self.parents = np.searchsorted(self.terms, parents)
        self._layers = levels(self.children, self.parents, len(self.terms))

    def place(self, codes: Int64) -> Int64:
        """Return the rows of node codes; all must be terms."""
        return np.searchsorted(self.terms, codes)

    def raise_sets(self, sets: Bits) -> Bits:
        """Return, for each term, the union of the sets at the term and at all its descendants.

        Args:
            sets: shape (n_terms, words).
        """
        out = sets.copy()
        for layer in self._layers:
            _unite(out, self.parents[layer], self.children[layer])
        return out

    def lower_sets(self, sets: Bits) -> Bits:
        """Return, for each term, the union of the sets at the term and at all its ancestors."""
        out = sets.copy()
        for layer in reversed(self._layers):
            order = layer[np.argsort(self.children[layer], kind="stable")]
            _unite(out, self.children[order], self.parents[order])
        return out

    def below(self, raised: Bits) -> Bits:
        """Return, for each term, the union of the raised sets of its children only."""
        out = np.zeros_like(raised)
        order = np.argsort(self.parents, kind="stable")
        parents, children = self.parents[order], self.children[order]
        for part in np.array_split(np.arange(len(order)), max(1, len(order) // 4096)):
            _unite_from(out, raised, parents[part], children[part])
        return out


def _unite(sets: Bits, into: Int64, of: Int64) -> None:
    """Add the sets at `of` to those at `into`, which ascends, in place."""
    _unite_from(sets, sets, into, of)


def _unite_from(sets: Bits, given: Bits, into: Int64, of: Int64) -> None:
    if not len(into):
        return
    starts = np.flatnonzero(np.concatenate(([True], into[1:] != into[:-1])))
    sets[into[starts]] |= np.bitwise_or.reduceat(given[of], starts, axis=0)


def bit_sets(rows: Int64, members: Int64, n_rows: int, n_members: int) -> Bits:
    """Return sets as bits: member ``m`` is in the set of row ``r`` for each pair given.

    Returns:
        shape (n_rows, ceil(n_members / 64)), uint64.
    """
    words = (n_members + 63) // 64
    sets = np.zeros(n_rows * words, dtype=np.uint64)
    place = rows * words + (members >> 6)
    np.bitwise_or.at(sets, place, np.uint64(1) << (members & 63).astype(np.uint64))
    return sets.reshape(n_rows, words)


def has_member(sets: Bits, rows: Int64, members: Int64) -> Bool:
    """Return, for each pair, whether the member is in the set of the row."""
    words = sets[rows, members >> 6]
    hits: Bool = ((words >> (members & 63).astype(np.uint64)) & np.uint64(1)).astype(np.bool_)
    return hits


def sizes(sets: Bits) -> Int64:
    """Return how many members each set has: shape (n_rows,), int64."""
    if hasattr(np, "bitwise_count"):  # numpy 2
        counted: Int64 = np.bitwise_count(sets).sum(axis=1, dtype=np.int64)
        return counted
    # In pieces, because one byte a member for all terms at once would be a lot of memory.
    parts = np.array_split(sets, max(1, len(sets) // 2048))
    return np.concatenate([np.unpackbits(p.view(np.uint8), axis=1).sum(1, np.int64) for p in parts])
