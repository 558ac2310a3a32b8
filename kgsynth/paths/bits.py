"""Sets of diseases as bit sets, and the closure over ``subclass_of``: kernels without choices."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.jit import entry, kernel

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bits = NDArray[np.uint64]

_M1 = np.uint64(0x5555555555555555)
_M2 = np.uint64(0x3333333333333333)
_M4 = np.uint64(0x0F0F0F0F0F0F0F0F)
_H01 = np.uint64(0x0101010101010101)


@kernel
def count_word(x: np.uint64) -> np.int64:
    """Return how many bits of a word are set (Hacker's Delight, figure 5-2)."""
    x = x - ((x >> np.uint64(1)) & _M1)
    x = (x & _M2) + ((x >> np.uint64(2)) & _M2)
    x = (x + (x >> np.uint64(4))) & _M4
    return np.int64((x * _H01) >> np.uint64(56))


@kernel
def lowest_bit(x: np.uint64) -> np.int64:
    """Return the position of the lowest set bit of a word that is not zero."""
    return count_word((x & (~x + np.uint64(1))) - np.uint64(1))


@kernel
def count(bits: Bits) -> np.int64:
    """Return how many bits of a set are set."""
    total = np.int64(0)
    for i in range(len(bits)):
        total += count_word(bits[i])
    return total


@kernel
def has(bits: Bits, member: np.int64) -> bool:
    """Say whether a member is in a set."""
    return (bits[member >> 6] >> np.uint64(member & 63)) & np.uint64(1) != np.uint64(0)


@kernel
def add(bits: Bits, member: np.int64) -> None:
    """Put a member into a set."""
    bits[member >> 6] |= np.uint64(1) << np.uint64(member & 63)


@kernel
def in_row(rows: Int32, row: np.int64, value: np.int64) -> bool:
    """Say whether an ascending row of a ragged table (see `ragged`) holds a value."""
    low, high = np.int64(rows[row]), np.int64(rows[row + 1])
    end = high
    while low < high:
        middle = (low + high) >> 1
        if rows[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low < end and rows[low] == value


@kernel
def share_any(one: Int32, a: np.int64, other: Int32, b: np.int64) -> bool:
    """Say whether row ``a`` of one ragged table and row ``b`` of another have a value in common."""
    i, j = np.int64(one[a]), np.int64(other[b])
    end_i, end_j = np.int64(one[a + 1]), np.int64(other[b + 1])
    while i < end_i and j < end_j:
        if one[i] == other[j]:
            return True
        if one[i] < other[j]:
            i += 1
        else:
            j += 1
    return False


def ragged(indptr: NDArray[Any], indices: NDArray[Any]) -> Int32:
    """Return rows of different lengths as one array: where each row begins, then all rows.

    Row ``r`` is ``rows[rows[r]:rows[r + 1]]``. One array where two are usual, because machine
    code is made for every array that a kernel is handed.

    Args:
        indptr: shape (n + 1,); row ``r`` is ``indices[indptr[r]:indptr[r + 1]]``.
        indices: shape (indptr[n],).
    """
    return np.concatenate([indptr + len(indptr), indices]).astype(np.int32)


def any_of(rows: Int32, bits: Bits) -> Bits:
    """Return the bits of all values in each row of a ragged table, together.

    Args:
        rows: The table.
        bits: shape (largest value + 1,), uint64; the bits of each value.
    """
    begins = rows[: rows[0]].astype(np.int64)
    found = np.zeros(len(begins) - 1, np.uint64)
    filled = np.diff(begins) > 0
    if filled.any():
        values = bits[rows[begins[0] :]]
        found[filled] = np.bitwise_or.reduceat(values, (begins[:-1] - begins[0])[filled])
    return found


def marks(rows: Int32) -> Bits:
    """Return which values each row of a ragged table holds, modulo 64, as bits: shape (rows,)."""
    top = int(rows[rows[0] :].max(initial=0))
    return any_of(rows, np.uint64(1) << (np.arange(top + 1) & 63).astype(np.uint64))


@entry
def walk_up(up: Int32, seen: Int32, stack: Int32, out: Int64, fill: bool) -> np.int64:
    """Collect the proper ancestors of every node as numbers ``node << 32 | ancestor``.

    A walk per node with a stamp for what was seen; a cycle ends where it began.

    Args:
        up: The parents of every node, ragged; ``up[0] - 1`` nodes.
        seen: shape (n,); scratch, not any node number.
        stack: shape (n,); scratch.
        out: Receives the pairs.
        fill: Whether to write the pairs, or only count them.

    Returns:
        The number of pairs.
    """
    size = np.int64(0)
    for node in range(up[0] - 1):
        top = np.int64(1)
        stack[0] = node
        seen[node] = node
        while top > 0:
            top -= 1
            at = stack[top]
            for k in range(up[at], up[at + 1]):
                near = up[k]
                if seen[near] != node:
                    seen[near] = node
                    stack[top] = near
                    top += 1
                    if fill:
                        out[size] = np.int64(node) << 32 | near
                    size += 1
    return size


def close(up: Int32) -> Int32:
    """Return the proper ancestors of every node, ascending; both tables are ragged."""
    n = int(up[0]) - 1
    seen, stack = np.full(n, -1, np.int32), np.empty(n, np.int32)
    pairs = np.empty(walk_up(up, seen, stack, np.empty(0, np.int64), False), np.int64)
    seen[:] = -1
    walk_up(up, seen, stack, pairs, True)
    pairs.sort()
    indptr = np.searchsorted(pairs, np.arange(n + 1, dtype=np.int64) << 32)
    return ragged(indptr, pairs & 0xFFFFFFFF)


@entry
def fill_bits(bits: Bits, members: Int32, terms: Int32, row_of: Int32, ancestors: Int32) -> None:
    """Set the bit of every member in the row of its term and of all the term's ancestors."""
    for i in range(len(members)):
        term = terms[i]
        if row_of[term] >= 0:
            add(bits[row_of[term]], members[i])
        for k in range(ancestors[term], ancestors[term + 1]):
            row = row_of[ancestors[k]]
            if row >= 0:
                add(bits[row], members[i])
