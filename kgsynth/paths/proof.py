"""The proof of a mined query: for each step, the ways left after each clue and the nearest rivals.

Computed again from the accepted clues, not remembered from the search.
"""

import numpy as np

from kgsynth.paths.bits import Int32, Int64, count, lowest_bit
from kgsynth.paths.clues import fails
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.program import FINDINGS, Program
from kgsynth.paths.tables import Tables
from kgsynth.paths.walks import MOST_RIVALS, rival_ends

#: Rivals that a row tells of.
NEAREST = 10


@entry
def prove_first(
    t: Tables, disease: np.int64, clues: Int32, left: Int64, rivals: Int32, masks: Int64
) -> np.int64:
    """Count the diseases left after each clue of the first step and find the nearest rivals.

    Args:
        t: The tables.
        disease: The pinned disease.
        clues: shape (k,); its clues in order.
        left: shape (k,); receives the counts.
        rivals: shape (NEAREST,); receives the nodes that fail the fewest clues, fewest first.
        masks: shape (NEAREST,); receives the failed clues as bits.

    Returns:
        The number of rivals.
    """
    k = len(clues)
    met = np.zeros(len(t.disease_node), np.int64)  # the clues that each disease meets, as bits
    shared = t.everyone.copy()
    for c in range(k):
        row = t.liberal[t.term_number[clues[c]]]
        shared &= row
        left[c] = count(shared)
        for w in range(len(row)):
            word = row[w]
            while word:
                met[64 * w + lowest_bit(word)] |= 1 << c
                word &= word - np.uint64(1)
    found = np.int64(0)
    for most in range(k, 0, -1):
        for number in range(len(met)):
            node = t.disease_node[number]
            if met[number] and node != disease and _ones(met[number]) == most:
                rivals[found], masks[found] = node, (1 << k) - 1 & ~met[number]
                found += 1
                if found == NEAREST:
                    return found
    return found


@entry
def prove_later(
    p: Program,
    t: Tables,
    v: Int32,
    a: np.int64,
    b: np.int64,
    clues: Int32,
    left: Int64,
    rivals: Int32,
    masks: Int64,
) -> np.int64:
    """Do the same for a step from variable ``a`` to ``b``; a class is one clue of a finding."""
    ends = np.empty(MOST_RIVALS, np.int32)
    sure = np.empty(MOST_RIVALS, np.bool_)
    size = rival_ends(p, v, a, b, ends, sure)
    k = len(clues)
    failed = np.zeros(size, np.int64)
    for r in range(size):
        for c in range(k):
            if _fails(p, t, b, clues[c], ends[r]):
                failed[r] |= 1 << c
    for c in range(k):
        left[c] = 1
        for r in range(size):
            left[c] += failed[r] & ((1 << (c + 1)) - 1) == 0
    found = np.int64(0)
    for most in range(k + 1):
        for r in range(size):
            if _ones(failed[r]) != most or _listed(rivals, found, ends[r]):
                continue
            rivals[found], masks[found] = ends[r], failed[r]
            found += 1
            if found == NEAREST:
                return found
    return found


@kernel
def _fails(p: Program, t: Tables, b: np.int64, clue: np.int64, node: np.int64) -> bool:
    if p.pins[b] == FINDINGS:
        return fails(t, t.liberal, clue, node)
    for k in range(t.ancestors_indptr[node], t.ancestors_indptr[node + 1]):
        if t.ancestors[k] == clue:
            return False
    return True


@kernel
def _ones(mask: np.int64) -> np.int64:
    total = np.int64(0)
    while mask:
        mask &= mask - 1
        total += 1
    return total


@kernel
def _listed(rivals: Int32, found: np.int64, node: np.int64) -> bool:
    for i in range(found):  # noqa: SIM110
        if rivals[i] == node:
            return True
    return False
