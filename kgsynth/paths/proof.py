"""The proof of mined queries: for each step, the ways left after each clue and the nearest rivals.

Computed again from the accepted clues, not remembered from the search.
"""

import numpy as np

from kgsynth.paths.bits import Bits, Int32, count_word, in_row, lowest_bit
from kgsynth.paths.clues import fails, fill_all
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.program import FINDINGS, Program
from kgsynth.paths.scratch import MOST_CLUES, Rivals, Walk
from kgsynth.paths.tables import Sets, Tables
from kgsynth.paths.walks import rival_ends

#: Rivals that a row tells of.
NEAREST = 10


@entry
def prove_block(
    p: Program,
    t: Tables,
    walk: Walk,
    ways: Rivals,
    met: Int32,
    miss: Bits,
    spines: Int32,
    clues: Int32,
    left: Int32,
    rivals: Int32,
    masks: Int32,
) -> None:
    """Count what every clue leaves, and find the rivals that fail the fewest clues.

    Args:
        p: The spine template.
        t: The tables.
        walk: Scratch.
        ways: Scratch.
        met: shape (MOST_RIVALS,); scratch.
        miss: shape (MOST_CLUES + 1, words), uint64; scratch.
        spines: shape (m, nv); nodes.
        clues: shape (m, nv, MOST_CLUES); the clues of each variable, -1 after the last.
        left: shape of ``clues``; receives the ways left after each clue.
        rivals: shape (m, nv, NEAREST); receives the nodes of the nearest rivals, -1 after the last.
        masks: shape of ``rivals``; receives the failed clues as bits.
    """
    for i in range(len(spines)):
        start = np.int64(0)
        for j in range(len(p.pins)):
            rivals[i, j, :] = -1
            k = np.int64(0)
            while k < MOST_CLUES and clues[i, j, k] >= 0:
                k += 1
            if k and j == 0:
                _prove_first(
                    t.sets, spines[i, 0], clues[i, 0, :k], miss, left[i, 0], rivals[i, 0],
                    masks[i, 0],
                )  # fmt: skip
            elif k:
                _prove_later(
                    p, t, walk, ways, met, spines[i], start, j, clues[i, j, :k], left[i, j],
                    rivals[i, j], masks[i, j],
                )  # fmt: skip
                start = j


@kernel
def _prove_first(
    sets: Sets,
    disease: np.int64,
    clues: Int32,
    miss: Bits,
    left: Int32,
    rivals: Int32,
    masks: Int32,
) -> None:
    """Do so for the first step, whose rivals are all diseases."""
    k = len(clues)
    fill_all(sets, miss, k)
    for c in range(k):
        row = sets.liberal[sets.row[clues[c]]]
        size = np.int64(0)
        for w in range(len(row)):
            for j in range(k - 1, 0, -1):
                miss[j, w] = (miss[j, w] & row[w]) | miss[j - 1, w]
            miss[0, w] &= row[w]
            size += count_word(miss[0, w])
        left[c] = size
    found, own = np.int64(0), sets.number[disease]
    for failed in range(k):  # those that fail exactly so many clues
        for w in range(miss.shape[1]):
            word = miss[failed, w] & ~miss[failed - 1, w] if failed else miss[0, w]
            while word:
                member = 64 * w + lowest_bit(word)
                word &= word - np.uint64(1)
                if member != own:
                    rivals[found] = sets.node[member]
                    masks[found] = _failed(sets, clues, rivals[found])
                    found += 1
                    if found == NEAREST:
                        return


@kernel
def _failed(sets: Sets, clues: Int32, node: np.int64) -> np.int64:
    """Return the clues that a disease lacks, as bits."""
    mask = np.int64(0)
    for c in range(len(clues)):
        if fails(sets, sets.liberal, clues[c], node):
            mask |= 1 << c
    return mask


@kernel
def _prove_later(
    p: Program,
    t: Tables,
    walk: Walk,
    ways: Rivals,
    met: Int32,
    v: Int32,
    a: np.int64,
    b: np.int64,
    clues: Int32,
    left: Int32,
    rivals: Int32,
    masks: Int32,
) -> None:
    """Do so for a step from variable ``a`` to ``b``; a label is one clue of the target."""
    size = rival_ends(p, v, a, b, walk, ways.ends[b], ways.sure[b])
    k = len(clues)
    left[:k] = 1
    for r in range(size):
        node = ways.ends[b, r]
        if p.pins[b] == FINDINGS:
            met[r] = _failed(t.sets, clues, node)
        else:
            met[r] = 0 if in_row(p.labels, node, clues[0]) else 1
        for c in range(k):
            left[c] += met[r] & ((1 << (c + 1)) - 1) == 0
    found = np.int64(0)
    for failed in range(k + 1):
        for r in range(size):
            if _ones(met[r]) == failed and not _listed(rivals, found, ways.ends[b, r]):
                rivals[found], masks[found] = ways.ends[b, r], met[r]
                found += 1
                if found == NEAREST:
                    return


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
