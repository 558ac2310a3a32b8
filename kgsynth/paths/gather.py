"""Drawing conjunctions that a few diseases share: the complete list is the answer."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64, count, count_word, has, lowest_bit
from kgsynth.paths.clues import below, fill_all, fits_set, take
from kgsynth.paths.desk import Desk, fold, lay_out, order_clues, settle
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.kinship import gives_away, kin
from kgsynth.paths.tables import Tables

#: How many answers a list has.
FEWEST, MOST_MEMBERS = 2, 10


@entry
def draw_lists(
    t: Tables,
    desk: Desk,
    typical: Bits,
    listable: NDArray[np.bool_],
    diseases: Int32,
    seeds: Bits,
    margin: np.int64,
    most: np.int64,
    draws: np.int64,
    clues: Int32,
    sizes: Int64,
    met: Int32,
) -> None:
    """Draw for each disease one minimal conjunction that it shares with one to nine others.

    Args:
        t: The tables.
        desk: Scratch.
        typical: shape of the bit sets; who has a finding often enough for a clue (rule I).
        listable: shape (n,); whose name can stand in a list, and who is individual (rule G).
        diseases: shape (m,); the nodes to begin with.
        seeds: shape (m,); one seed each.
        margin: How many clues everybody else must fail.
        most: How many clues there may be.
        draws: Sets tried for each.
        clues: shape (m, MOST_CLUES); receives the findings.
        sizes: shape (m,); receives how many there are, 0 where no draw did.
        met: shape (MOST_MEMBERS,); scratch.
    """
    for i in range(len(diseases)):
        desk.state[0] = seeds[i]
        sizes[i] = 0
        for _ in range(draws):
            k = _draw(t, desk, typical, listable, diseases[i], margin, most, clues[i], met)
            if k > 0:
                order_clues(t, clues[i], np.int64(0), k)
                sizes[i] = k
                break


@kernel
def _draw(
    t: Tables,
    desk: Desk,
    typical: Bits,
    listable: NDArray[np.bool_],
    disease: np.int64,
    margin: np.int64,
    most: np.int64,
    chosen: Int32,
    met: Int32,
) -> np.int64:
    """Draw findings until few enough diseases are left; return how many, or 0."""
    size = np.int64(0)
    for i in range(t.pool[disease], t.pool[disease + 1]):
        desk.pool[size] = t.pool[i]
        size += 1
    fill_all(t.sets, desk.miss, margin + 1)
    k, wanted = np.int64(0), margin + 1 + below(desk.state, np.int64(2))
    least = FEWEST + below(desk.state, np.int64(4))  # or nearly all lists would be of two
    while size > 0 and k < most:
        clue = take(desk.pool, size, below(desk.state, size))
        size -= 1
        row = t.sets.row[clue]
        # A finding that somebody disputes would make the list depend on who is right.
        if desk.disputed[row] or _left_with(desk.miss[0], t.sets.liberal[row]) < least:
            continue
        if not fits_set(t.kin, chosen, k, clue) or gives_away(t.words, clue, disease):
            continue
        if not fold(desk.miss, t.sets.liberal[row], margin):
            continue
        lay_out(t.sets, desk, k, clue, False)
        chosen[k] = clue
        k += 1
        left = count(desk.miss[margin - 1])
        if k >= wanted and left <= MOST_MEMBERS and left == count(desk.miss[0]):
            k = settle(t.sets, desk, chosen, k, np.int64(0), left, margin)
            fit = k > 0 and _are_fit(t, desk, typical, listable, chosen, k, margin, met)
            return k if fit else np.int64(0)
    return 0


@kernel
def _left_with(left: Bits, row: Bits) -> np.int64:
    size = np.int64(0)
    for w in range(len(row)):
        size += count_word(left[w] & row[w])
    return size


@kernel
def _are_fit(
    t: Tables,
    desk: Desk,
    typical: Bits,
    listable: NDArray[np.bool_],
    clues: Int32,
    k: np.int64,
    margin: np.int64,
    met: Int32,
) -> bool:
    """Say whether every member is listable, no other's kin, typical, and given away by no clue."""
    found, sets = np.int64(0), t.sets
    for w in range(desk.miss.shape[1]):
        word = desk.miss[margin - 1, w]
        while word:
            number = 64 * w + lowest_bit(word)
            word &= word - np.uint64(1)
            node = sets.node[number]
            if not listable[node]:
                return False
            for c in range(k):
                if not has(typical[sets.row[clues[c]]], number):
                    return False
                if gives_away(t.words, clues[c], node):
                    return False
            for i in range(found):
                if kin(t.kin, node, met[i]):
                    return False
            met[found] = node
            found += 1
    return True
