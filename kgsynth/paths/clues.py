"""Drawing the clues of a step: enough that every rival fails the margin, and none spare.

Clues are drawn at random from a disease's pool, kept while they rule something out, and then
pruned: rule R is tested liberally (contested statements let a rival pass), rule M strictly.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, count_word, has, in_sorted, share_any
from kgsynth.paths.jit import allocating, kernel
from kgsynth.paths.tables import Tables

#: Most clues that any step may have.
MOST_CLUES = 8


@kernel
def random(state: Bits) -> np.uint64:
    """Return the next 64 random bits (SplitMix64; Steele, Lea and Flood, OOPSLA 2014)."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    z = state[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel
def below(state: Bits, n: np.int64) -> np.int64:
    """Return a random integer in [0, n)."""
    return np.int64(random(state) % np.uint64(n))


@kernel
def related(t: Tables, a: np.int64, b: np.int64) -> bool:
    """Say whether two terms are equal, kin, or children of one parent."""
    return (
        a == b
        or in_sorted(t.ancestors_indptr, t.ancestors, a, b)
        or in_sorted(t.ancestors_indptr, t.ancestors, b, a)
        or share_any(t.parents_indptr, t.parents, a, t.parents_indptr, t.parents, b)
    )


@kernel
def kin(t: Tables, a: np.int64, b: np.int64) -> bool:
    """Say whether two nodes are equal, or one lies above the other."""
    return (
        a == b
        or in_sorted(t.ancestors_indptr, t.ancestors, a, b)
        or in_sorted(t.ancestors_indptr, t.ancestors, b, a)
    )


@kernel
def gives_away(t: Tables, clue: np.int64, secret: np.int64) -> bool:
    """Say whether naming a clue would put a secret word of a node into the stem (rule L)."""
    return share_any(
        t.clue_words_indptr, t.clue_words, clue, t.secret_words_indptr, t.secret_words, secret
    )


@kernel
def fits_set(t: Tables, chosen: Int32, k: np.int64, clue: np.int64) -> bool:
    """Say whether a clue adds something of its own to those chosen."""
    for i in range(k):  # noqa: SIM110  kernels have no generators
        if related(t, chosen[i], clue):
            return False
    return True


@kernel
def left(
    t: Tables, bits: Bits, clues: Int32, k: np.int64, skip: np.int64, margin: np.int64, miss: Bits
) -> np.int64:
    """Return how many diseases fail fewer than ``margin`` of the clues, at most 2.

    ``miss[j]`` holds the diseases that fail at most ``j`` of the clues seen so far; the clue at
    position ``skip`` is left out (-1: none).
    """
    words = bits.shape[1]
    for w in range(words):
        for j in range(margin):
            miss[j, w] = t.everyone[w]
    for c in range(k):
        if c == skip:
            continue
        row = bits[t.term_number[clues[c]]]
        for w in range(words):
            for j in range(margin - 1, 0, -1):
                miss[j, w] = (miss[j, w] & row[w]) | miss[j - 1, w]
            miss[0, w] &= row[w]
    total = np.int64(0)
    for w in range(words):
        total += count_word(miss[margin - 1, w])
        if total > 1:
            return 2
    return total


@kernel
def narrow(miss: Bits, row: Bits, margin: np.int64) -> bool:
    """Let one more clue narrow the sets; say whether it changes any of them."""
    changed = False
    for w in range(len(row)):
        for j in range(margin - 1, -1, -1):
            before = miss[j, w]
            miss[j, w] &= row[w]
            if j > 0:
                miss[j, w] |= miss[j - 1, w]
            changed = changed or miss[j, w] != before
    return changed


@kernel
def is_sole(bits: Bits) -> bool:
    """Say whether a set has at most one member."""
    total = np.int64(0)
    for w in range(len(bits)):
        total += count_word(bits[w])
        if total > 1:
            return False
    return True


@kernel
def take(work: Int32, size: np.int64, at: np.int64) -> np.int64:
    """Take one item out of the first ``size``, keeping the order of the rest."""
    item = work[at]
    for i in range(at, size - 1):
        work[i] = work[i + 1]
    return np.int64(item)


@kernel
def draw_first(
    t: Tables,
    disease: np.int64,
    margin: np.int64,
    most: np.int64,
    state: Bits,
    chosen: Int32,
    miss: Bits,
    work: Int32,
) -> np.int64:
    """Draw findings that pin a disease among all diseases.

    Args:
        t: The tables.
        disease: The node to pin.
        margin: How many clues every other disease must fail.
        most: How many clues there may be.
        state: Random state; moves on.
        chosen: Receives the clues.
        miss: Scratch, shape (margin, words).
        work: Scratch, as long as the largest pool.

    Returns:
        The number of clues, or 0 where none of this draw do.
    """
    start = t.pool_indptr[disease]
    size = t.pool_indptr[disease + 1] - start
    for i in range(size):
        work[i] = t.pool[start + i]
    left(t, t.liberal, chosen, 0, -1, margin, miss)
    k = np.int64(0)
    while size > 0 and k < most:
        # The better of two: the pool lists typical, specific findings first.
        clue = take(work, size, min(below(state, size), below(state, size)))
        size -= 1
        if gives_away(t, clue, disease) or not fits_set(t, chosen, k, clue):
            continue
        if not narrow(miss, t.liberal[t.term_number[clue]], margin):
            continue
        chosen[k] = clue
        k += 1
        if k > margin - 1 and k > 1 and is_sole(miss[margin - 1]):
            return prune_first(t, margin, chosen, k, miss)
    return 0


@kernel
def prune_first(t: Tables, margin: np.int64, chosen: Int32, k: np.int64, miss: Bits) -> np.int64:
    """Drop spare clues; return how many stay, or 0 where one is spare only beyond dispute."""
    c = k - 1
    while c >= 0:
        if left(t, t.liberal, chosen, k, c, margin, miss) == 1:
            take(chosen, k, c)
            k -= 1
        c -= 1
    if k < 2:
        return 0
    for c in range(k):
        if left(t, t.strict, chosen, k, c, margin, miss) < 2:
            return 0
    return k


@kernel
def fails(t: Tables, bits: Bits, clue: np.int64, node: np.int64) -> bool:
    """Say whether a disease lacks a finding, by closure."""
    number = t.disease_number[node]
    return number < 0 or not has(bits[t.term_number[clue]], number)


@allocating
def draw_later(
    t: Tables,
    node: np.int64,
    secrets: Int32,
    used: Int32,
    n_used: np.int64,
    rivals: Int32,
    sure: NDArray[np.bool_],
    margin: np.int64,
    most: np.int64,
    state: Bits,
    chosen: Int32,
    work: Int32,
) -> np.int64:
    """Draw findings that pin a disease among the few other ends of a step.

    Args:
        t: The tables.
        node: The disease where the step ends.
        secrets: Nodes that no clue may give away or be kin of.
        used: Clues of earlier steps …
        n_used: … and how many.
        rivals: Where the other ways to walk the step end.
        sure: Whether each such way rests on no contested statement.
        margin: How many clues every rival must fail.
        most: How many clues there may be.
        state: Random state; moves on.
        chosen: Receives the clues.
        work: Scratch, as long as the largest pool.

    Returns:
        The number of clues, or 0 where none of this draw do.
    """
    start = t.pool_indptr[node]
    size = t.pool_indptr[node + 1] - start
    for i in range(size):
        work[i] = t.pool[start + i]
    lacking = np.zeros(len(rivals), np.int64)
    k = np.int64(0)
    while size > 0 and k < most:
        clue = take(work, size, below(state, size))
        size -= 1
        if not fits_set(t, chosen, k, clue) or not fits_set(t, used, n_used, clue):
            continue
        if not _discreet(t, clue, secrets):
            continue
        useful = False
        for r in range(len(rivals)):
            useful = useful or (lacking[r] < margin and fails(t, t.liberal, clue, rivals[r]))
        if not useful:
            continue
        chosen[k] = clue
        k += 1
        done = True
        for r in range(len(rivals)):
            lacking[r] += fails(t, t.liberal, clue, rivals[r])
            done = done and lacking[r] >= margin
        if done:
            return prune_later(t, rivals, sure, margin, chosen, k)
    return 0


@kernel
def _discreet(t: Tables, clue: np.int64, secrets: Int32) -> bool:
    for i in range(len(secrets)):
        if kin(t, clue, secrets[i]) or gives_away(t, clue, secrets[i]):
            return False
    return True


@kernel
def prune_later(
    t: Tables,
    rivals: Int32,
    sure: NDArray[np.bool_],
    margin: np.int64,
    chosen: Int32,
    k: np.int64,
) -> np.int64:
    """Drop spare clues; return how many stay, or 0 where one is spare only beyond dispute."""
    c = k - 1
    while c >= 0:
        if least_failed(t, t.liberal, rivals, sure, False, chosen, k, c) >= margin:
            take(chosen, k, c)
            k -= 1
        c -= 1
    for c in range(k):
        if least_failed(t, t.strict, rivals, sure, True, chosen, k, c) >= margin:
            return 0
    return k


@kernel
def least_failed(
    t: Tables,
    bits: Bits,
    rivals: Int32,
    sure: NDArray[np.bool_],
    only_sure: bool,
    clues: Int32,
    k: np.int64,
    skip: np.int64,
) -> np.int64:
    """Return the fewest clues that any rival fails, one clue left out; large without rivals."""
    least = np.int64(1 << 30)
    for r in range(len(rivals)):
        if only_sure and not sure[r]:
            continue
        lacking = np.int64(0)
        for c in range(k):
            if c != skip:
                lacking += fails(t, bits, clues[c], rivals[r])
        least = min(least, lacking)
    return least
