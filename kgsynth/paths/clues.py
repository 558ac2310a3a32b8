"""Drawing the clues of a later step: enough that every rival fails the margin, and none spare.

Clues are drawn at random from a disease's pool, kept while they rule something out, and then
pruned: rule R is tested liberally (contested statements let a rival pass), rule M strictly. The
clues of the first step, whose rivals are all diseases, are drawn in `conjoin`.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, count_word, has
from kgsynth.paths.jit import kernel
from kgsynth.paths.kinship import gives_away, kin, related
from kgsynth.paths.scratch import Rivals, Room
from kgsynth.paths.tables import Kinship, Sets, Tables

#: What is known of a clue of a later step.
UNSEEN, FIT, UNFIT = range(3)


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
        if related(h, clue, chosen[i]):
            return False
    return True


@kernel
def take(items: Int32, size: np.int64, at: np.int64) -> np.int64:
    """Take one item out of the first ``size``, keeping the order of the rest."""
    item = np.int64(items[at])
    for i in range(at, size - 1):
        items[i] = items[i + 1]
    return item


@kernel
def place_bit(place: np.int64) -> np.uint64:
    """Return the bit of a place in a pool, see `nearness.near_places`."""
    return np.uint64(1) << np.uint64(place & 63)


# ---- sets of all diseases -----------------------------------------------------------------------


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
def few(bits: Bits) -> np.int64:
    """Return the size of a set, at most 2."""
    total = np.int64(0)
    for w in range(len(bits)):
        if bits[w]:
            total += count_word(bits[w])
            if total > 1:
                return 2
    return total


# ---- later steps: against the few other ends -------------------------------------------------


@kernel
def fails(sets: Sets, bits: Bits, clue: np.int64, node: np.int64) -> bool:
    """Say whether a disease lacks a finding, by closure."""
    number = sets.number[node]
    return number < 0 or not has(bits[sets.row[clue]], number)


@kernel
def _discreet(t: Tables, clue: np.int64, secrets: Int32) -> bool:
    for i in range(len(secrets)):
        if kin(t.kin, clue, secrets[i]) or gives_away(t.words, clue, secrets[i]):
            return False
    return True


@kernel
def _rules_out(
    t: Tables, j: np.int64, row: np.int64, secrets: Int32, rivals: Rivals, room: Room
) -> bool:
    """Say whether a clue of a later step rules a rival out and gives nothing away.

    It is looked up once; ``room.lacks`` then says which rivals lack the clue.
    """
    if room.looked[j, row] == UNSEEN:
        clue = np.int64(room.fit[j, row])
        useful = False
        for r in range(rivals.ways[j]):
            lacks = fails(t.sets, t.sets.liberal, clue, rivals.ends[j, r])
            room.lacks[j, row, r] = lacks
            useful = useful or lacks
        room.looked[j, row] = FIT if useful and _discreet(t, clue, secrets) else UNFIT
    return room.looked[j, row] == FIT


@kernel
def lay_out_pool(t: Tables, node: np.int64, j: np.int64, room: Room) -> None:
    """Lay out the findings that a later step may draw from, none of them looked at yet."""
    begin = t.pool[node]
    room.n_fit[j] = t.pool[node + 1] - begin
    for i in range(room.n_fit[j]):
        room.fit[j, i] = t.pool[begin + i]
        room.looked[j, i] = UNSEEN


@kernel
def can_pin(
    t: Tables, j: np.int64, margin: np.int64, secrets: Int32, rivals: Rivals, room: Room
) -> bool:
    """Say whether all clues of a later step together rule every rival out."""
    for r in range(rivals.ways[j]):
        room.lacking[r] = 0
    for row in range(room.n_fit[j]):
        if _rules_out(t, j, np.int64(row), secrets, rivals, room):
            for r in range(rivals.ways[j]):
                room.lacking[r] += room.lacks[j, row, r]
    for r in range(rivals.ways[j]):  # noqa: SIM110
        if room.lacking[r] < margin:
            return False
    return True


@kernel
def draw_later(
    t: Tables,
    j: np.int64,
    margin: np.int64,
    most: np.int64,
    secrets: Int32,
    target: np.int64,
    n_used: np.int64,
    rivals: Rivals,
    room: Room,
    chosen: Int32,
) -> np.int64:
    """Draw findings that pin a disease among the few other ends of a step.

    Args:
        t: The tables.
        j: The variable where the step ends.
        margin: How many clues every rival must fail.
        most: How many clues there may be.
        secrets: Nodes that no clue may give away or be kin of …
        target: … and another one, or -1.
        n_used: How many clues of ``room.used`` earlier steps have.
        rivals: The other ways to walk the step.
        room: Scratch; its random state moves on.
        chosen: Receives the clues.

    Returns:
        The number of clues, or 0 where none of this draw do.
    """
    size, ways = room.n_fit[j], rivals.ways[j]
    for i in range(size):
        room.pool[i] = i
    for r in range(ways):
        room.lacking[r] = 0
    k = np.int64(0)
    while size > 0 and k < most:
        row = take(room.pool, size, below(room.state, size))
        size -= 1
        if not _rules_out(t, j, row, secrets, rivals, room):
            continue
        useful = False
        for r in range(ways):
            useful = useful or (room.lacks[j, row, r] and room.lacking[r] < margin)
        clue = np.int64(room.fit[j, row])
        if (
            not useful
            or not fits_set(t.kin, chosen, k, clue)
            or not fits_set(t.kin, room.used, n_used, clue)
            or (target >= 0 and (kin(t.kin, clue, target) or gives_away(t.words, clue, target)))
        ):
            continue
        chosen[k] = clue
        k += 1
        done = True
        for r in range(ways):
            room.lacking[r] += room.lacks[j, row, r]
            done = done and room.lacking[r] >= margin
        if done:
            ends, sure = rivals.ends[j, :ways], rivals.sure[j, :ways]
            return _prune_later(t.sets, ends, sure, margin, chosen, k)
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
        if _rules_out_all(sets, sets.liberal, rivals, sure, np.int64(0), margin, chosen, k, c):
            take(chosen, k, c)
            k -= 1
    for c in range(k):
        if _rules_out_all(sets, sets.strict, rivals, sure, np.int64(1), margin, chosen, k, c):
            return 0
    return k


@kernel
def _rules_out_all(
    sets: Sets,
    bits: Bits,
    rivals: Int32,
    sure: NDArray[np.bool_],
    only_sure: np.int64,
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
