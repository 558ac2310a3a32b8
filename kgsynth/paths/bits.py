"""Sets of diseases as bit sets, and the closure over ``subclass_of``: kernels without choices."""

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
def in_sorted(indptr: Int64, indices: Int32, row: np.int64, value: np.int64) -> bool:
    """Say whether the ascending row of a ragged table holds a value."""
    low, high = indptr[row], indptr[row + 1]
    while low < high:
        middle = (low + high) >> 1
        if indices[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low < indptr[row + 1] and indices[low] == value


@kernel
def share_any(
    ptr_a: Int64, idx_a: Int32, a: np.int64, ptr_b: Int64, idx_b: Int32, b: np.int64
) -> bool:
    """Say whether two ascending rows have a value in common."""
    i, j = ptr_a[a], ptr_b[b]
    while i < ptr_a[a + 1] and j < ptr_b[b + 1]:
        if idx_a[i] == idx_b[j]:
            return True
        if idx_a[i] < idx_b[j]:
            i += 1
        else:
            j += 1
    return False


@entry
def close(up_ptr: Int64, up_idx: Int32, out_ptr: Int64) -> Int32:
    """Return the proper ancestors of every node, ascending, and fill their ``indptr``.

    A walk per node with a stamp for what was seen; a cycle ends where it began.
    """
    n = len(up_ptr) - 1
    seen = np.full(n, -1, np.int32)
    stack = np.empty(n, np.int32)
    out = np.empty(max(len(up_idx) * 8, 1024), np.int32)
    size = 0
    for node in range(n):
        start, top = size, 1
        stack[0] = node
        seen[node] = node
        while top:
            top -= 1
            at = stack[top]
            for k in range(up_ptr[at], up_ptr[at + 1]):
                near = up_idx[k]
                if seen[near] != node:
                    seen[near] = node
                    stack[top] = near
                    top += 1
                    if size == len(out):
                        out = np.concatenate((out, np.empty(len(out), np.int32)))
                    out[size] = near
                    size += 1
        out[start:size].sort()
        out_ptr[node + 1] = size
    return out[:size].copy()


@entry
def fill_bits(
    bits: Bits, members: Int32, terms: Int32, row_of: Int32, anc_ptr: Int64, anc: Int32
) -> None:
    """Set the bit of every member in the row of its term and of all the term's ancestors."""
    for i in range(len(members)):
        term = terms[i]
        if row_of[term] >= 0:
            add(bits[row_of[term]], members[i])
        for k in range(anc_ptr[term], anc_ptr[term + 1]):
            if row_of[anc[k]] >= 0:
                add(bits[row_of[anc[k]]], members[i])
