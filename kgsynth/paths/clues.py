"""Drawing the clues of a step: enough that every rival fails the margin, and none spare.

Clues are drawn at random from a disease's pool, kept while they rule something out, and then
pruned: rule R is tested liberally (contested statements let a rival pass), rule M strictly.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, count_word, has
from kgsynth.paths.jit import kernel
from kgsynth.paths.kinship import gives_away, kin, related
from kgsynth.paths.scratch import Room
from kgsynth.paths.tables import Kinship, Sets, Tables


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
    """Return a random integer in [0, n), for n below 2^32 (Lemire, TOMACS 2019)."""
    return np.int64(((random(state) >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@kernel
def fits_set(h: Kinship, chosen: Int32, k: np.int64, clue: np.int64) -> bool:
    """Say whether a clue adds something of its own to those chosen."""
    for i in range(k):  # noqa: SIM110  kernels have no generators
        if related(h, chosen[i], clue):
            return False
    return True


@kernel
def take(items: Int32, size: np.int64, at: np.int64) -> np.int64:
    """Take one item out of the first ``size``, keeping the order of the rest."""
    item = np.int64(items[at])
    for i in range(at, size - 1):
        items[i] = items[i + 1]
    return item


# ---- the first step: against all diseases ----------------------------------------------------


@kernel
def fill_all(sets: Sets, miss: Bits, margin: np.int64) -> None:
    """Fill the first ``margin`` sets with all diseases."""
    size = len(sets.node)
    for j in range(margin):
        for w in range(miss.shape[1]):
            miss[j, w] = ~np.uint64(0)
        if size & 63:
            miss[j, miss.shape[1] - 1] = (np.uint64(1) << np.uint64(size & 63)) - np.uint64(1)


@kernel
def left(
    sets: Sets,
    bits: Bits,
    clues: Int32,
    k: np.int64,
    skip: np.int64,
    margin: np.int64,
    miss: Bits,
) -> np.int64:
    """Return how many diseases fail fewer than ``margin`` of the clues, at most 2.

    ``miss[j]`` holds the diseases that fail at most ``j`` of the clues seen so far; the clue at
    position ``skip`` is left out (-1: none).
    """
    fill_all(sets, miss, margin)
    for c in range(k):
        if c != skip:
            row = bits[sets.row[clues[c]]]
            for w in range(len(row)):
                for j in range(margin - 1, 0, -1):
                    miss[j, w] = (miss[j, w] & row[w]) | miss[j - 1, w]
                miss[0, w] &= row[w]
    return few(miss[margin - 1])


@kernel
def few(bits: Bits) -> np.int64:
    """Return the size of a set, at most 2."""
    total = np.int64(0)
    for w in range(len(bits)):
        if bits[w]:
            total += count_word(bits[w])
            if total > 1:
                return 2
    return total


@kernel
def narrow(miss: Bits, row: Bits, margin: np.int64) -> bool:
    """Let one more clue narrow the sets; say whether it changes any of them."""
    changed = np.uint64(0)
    for w in range(len(row)):
        for j in range(margin - 1, -1, -1):
            before = miss[j, w]
            after = before & row[w]
            if j > 0:
                after |= miss[j - 1, w]
            miss[j, w] = after
            changed |= before ^ after
    return changed != np.uint64(0)


@kernel
def draw_first(
    t: Tables, disease: np.int64, margin: np.int64, most: np.int64, chosen: Int32, room: Room
) -> np.int64:
    """Draw findings that pin a disease among all diseases.

    Args:
        t: The tables.
        disease: The node to pin.
        margin: How many clues every other disease must fail.
        most: How many clues there may be.
        chosen: Receives the clues.
        room: Scratch; its random state moves on.

    Returns:
        The number of clues, or 0 where none of this draw do.
    """
    size = np.int64(0)
    for i in range(t.pool[disease], t.pool[disease + 1]):
        room.pool[size] = t.pool[i]
        size += 1
    fill_all(t.sets, room.miss, margin)
    k = np.int64(0)
    while size > 0 and k < most:
        # The better of two: the pool lists typical, specific findings first.
        clue = take(room.pool, size, min(below(room.state, size), below(room.state, size)))
        size -= 1
        if gives_away(t.words, clue, disease) or not fits_set(t.kin, chosen, k, clue):
            continue
        if not narrow(room.miss, t.sets.liberal[t.sets.row[clue]], margin):
            continue
        chosen[k] = clue
        k += 1
        if k > margin - 1 and k > 1 and few(room.miss[margin - 1]) < 2:
            return _prune_first(t.sets, margin, chosen, k, room.miss)
    return 0


@kernel
def _prune_first(sets: Sets, margin: np.int64, chosen: Int32, k: np.int64, miss: Bits) -> np.int64:
    """Drop spare clues; return how many stay, or 0 where one is spare only beyond dispute."""
    for c in range(k - 1, -1, -1):
        if left(sets, sets.liberal, chosen, k, c, margin, miss) == 1:
            take(chosen, k, c)
            k -= 1
    if k < 2:
        return 0
    for c in range(k):
        if left(sets, sets.strict, chosen, k, c, margin, miss) < 2:
            return 0
    return k


# ---- later steps: against the few other ends -------------------------------------------------


@kernel
def fails(sets: Sets, bits: Bits, clue: np.int64, node: np.int64) -> bool:
    """Say whether a disease lacks a finding, by closure."""
    number = sets.number[node]
    return number < 0 or not has(bits[sets.row[clue]], number)


@kernel
def find_fit(
    t: Tables,
    node: np.int64,
    rivals: Int32,
    margin: np.int64,
    fit: Int32,
    lacks: NDArray[np.bool_],
) -> np.int64:
    """Find the clues of a later step's end that rule a rival out.

    Args:
        t: The tables.
        node: The disease where the step ends.
        rivals: shape (r,); where the other ways to walk the step end.
        margin: How many clues every rival must fail.
        fit: Receives the clues.
        lacks: shape (largest pool, MOST_RIVALS); receives whether a rival lacks such a clue.

    Returns:
        How many there are, or 0 where all of them together do not rule every rival out.
    """
    size = np.int64(0)
    for i in range(t.pool[node], t.pool[node + 1]):
        clue = t.pool[i]
        useful = False
        for r in range(len(rivals)):
            lacks[size, r] = fails(t.sets, t.sets.liberal, clue, rivals[r])
            useful = useful or lacks[size, r]
        if useful:
            fit[size] = clue
            size += 1
    for r in range(len(rivals)):
        lacking = np.int64(0)
        for c in range(size):
            lacking += lacks[c, r]
        if lacking < margin:
            return 0
    return size


@kernel
def _discreet(t: Tables, clue: np.int64, secrets: Int32) -> bool:
    for i in range(len(secrets)):
        if kin(t.kin, clue, secrets[i]) or gives_away(t.words, clue, secrets[i]):
            return False
    return True


@kernel
def draw_later(
    t: Tables,
    secrets: Int32,
    fit: Int32,
    lacks: NDArray[np.bool_],
    n_used: np.int64,
    rivals: Int32,
    sure: NDArray[np.bool_],
    margin: np.int64,
    most: np.int64,
    chosen: Int32,
    room: Room,
) -> np.int64:
    """Draw findings that pin a disease among the few other ends of a step.

    Args:
        t: The tables.
        secrets: Nodes that no clue may give away or be kin of.
        fit: shape (m,); the clues to draw from.
        lacks: shape (m, r); whether a rival lacks such a clue.
        n_used: How many clues of ``room.used`` earlier steps have.
        rivals: shape (r,); where the other ways to walk the step end.
        sure: shape (r,); whether each such way rests on no contested statement.
        margin: How many clues every rival must fail.
        most: How many clues there may be.
        chosen: Receives the clues.
        room: Scratch; its random state moves on.

    Returns:
        The number of clues, or 0 where none of this draw do.
    """
    size = len(fit)
    for i in range(size):
        room.pool[i] = i
    for r in range(len(rivals)):
        room.lacking[r] = 0
    k = np.int64(0)
    while size > 0 and k < most:
        row = take(room.pool, size, below(room.state, size))
        size -= 1
        useful = False
        for r in range(len(rivals)):
            useful = useful or (lacks[row, r] and room.lacking[r] < margin)
        if not useful:
            continue
        if not (
            fits_set(t.kin, chosen, k, fit[row])
            and fits_set(t.kin, room.used, n_used, fit[row])
            and _discreet(t, fit[row], secrets)
        ):
            continue
        chosen[k] = fit[row]
        k += 1
        done = True
        for r in range(len(rivals)):
            room.lacking[r] += lacks[row, r]
            done = done and room.lacking[r] >= margin
        if done:
            return _prune_later(t.sets, rivals, sure, margin, chosen, k)
    return 0


@kernel
def _prune_later(
    sets: Sets,
    rivals: Int32,
    sure: NDArray[np.bool_],
    margin: np.int64,
    chosen: Int32,
    k: np.int64,
) -> np.int64:
    """Drop spare clues; return how many stay, or 0 where one is spare only beyond dispute."""
    for c in range(k - 1, -1, -1):
        if _rules_out_all(sets, sets.liberal, rivals, sure, False, margin, chosen, k, c):
            take(chosen, k, c)
            k -= 1
    for c in range(k):
        if _rules_out_all(sets, sets.strict, rivals, sure, True, margin, chosen, k, c):
            return 0
    return k


@kernel
def _rules_out_all(
    sets: Sets,
    bits: Bits,
    rivals: Int32,
    sure: NDArray[np.bool_],
    only_sure: bool,
    margin: np.int64,
    clues: Int32,
    k: np.int64,
    skip: np.int64,
) -> bool:
    """Say whether every rival fails the margin with one clue left out."""
    for r in range(len(rivals)):
        if only_sure and not sure[r]:
            continue
        lacking = np.int64(0)
        for c in range(k):
            if c != skip:
                lacking += fails(sets, bits, clues[c], rivals[r])
        if lacking < margin:
            return False
    return True
