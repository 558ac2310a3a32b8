"""Drawing findings that all hang on one disease, until together they pin it; see `desk`."""

import numpy as np

from kgsynth.paths.bits import Bits, Int32, Int64
from kgsynth.paths.clues import below, few, fill_all, fits_set, place_bit, take
from kgsynth.paths.desk import Desk, fold, lay_out, order_clues, settle
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.kinship import gives_away
from kgsynth.paths.tables import Sets, Tables


@entry
def draw_conjunctions(
    t: Tables,
    desk: Desk,
    diseases: Int32,
    seeds: Bits,
    margin: np.int64,
    most: np.int64,
    draws: np.int64,
    clues: Int32,
    sizes: Int64,
) -> None:
    """Draw one minimal conjunction of findings for each disease, the most widespread first.

    Args:
        t: The tables.
        desk: Scratch.
        diseases: shape (m,); the nodes to pin.
        seeds: shape (m,); one seed each.
        margin: How many clues every other disease must fail.
        most: How many clues there may be.
        draws: Sets tried for each.
        clues: shape (m, MOST_CLUES); receives the findings.
        sizes: shape (m,); receives how many there are, 0 where no draw did.
    """
    known, size = np.int64(-1), np.int64(0)
    for i in range(len(diseases)):
        if diseases[i] != known:
            known = diseases[i]
            size = hopeful(t, desk, known, margin)
        desk.state[0] = seeds[i]
        sizes[i] = 0
        for _ in range(draws if size else 0):
            k = _draw(t, desk, np.int64(t.pool[known]), size, margin, most, clues[i])
            if k > 0:
                order_clues(t, clues[i], np.int64(0), k)
                sizes[i] = k
                break


@kernel
def hopeful(t: Tables, desk: Desk, disease: np.int64, margin: np.int64) -> np.int64:
    """Find the findings to draw from; return how many, or 0 where all together pin nothing."""
    size, left = np.int64(0), np.int64(2)
    fill_all(t.sets, desk.miss, margin)
    begin = t.pool[disease]
    for i in range(begin, t.pool[disease + 1]):
        if not (desk.near[i] & place_bit(i - begin) and gives_away(t.words, t.pool[i], disease)):
            desk.whole[size] = i
            size += 1
            if left > 1:
                fold(desk.miss, t.sets.liberal[t.sets.row[t.pool[i]]], margin - 1)
                left = few(desk.miss[margin - 1])
    return size if left == 1 else np.int64(0)


@kernel
def _draw(
    t: Tables,
    desk: Desk,
    begin: np.int64,
    size: np.int64,
    margin: np.int64,
    most: np.int64,
    chosen: Int32,
) -> np.int64:
    """Draw findings until every other disease fails enough of them; return how many, or 0."""
    for i in range(size):
        desk.pool[i] = desk.whole[i]
    fill_all(t.sets, desk.miss, margin + 1)
    k, places = np.int64(0), np.uint64(0)
    while size > 0 and k < most:
        # The better of two: the pool lists typical, specific findings first.
        at = min(below(desk.state, size), below(desk.state, size))
        i = take(desk.pool, size, at)
        size -= 1
        if desk.near[i] & places and not fits_set(t.kin, chosen, k, t.pool[i]):
            continue
        row = t.sets.liberal[t.sets.row[t.pool[i]]]
        if not fold(desk.miss, row, margin):
            continue
        places |= place_bit(i - begin)
        chosen[k] = t.pool[i]
        k += 1
        if k >= margin and k > 1 and few(desk.miss[margin - 1]) == 1:
            return _prune(t.sets, desk, margin, chosen, k)
    return 0


@kernel
def _prune(sets: Sets, desk: Desk, margin: np.int64, chosen: Int32, k: np.int64) -> np.int64:
    """Drop spare clues; return how many stay, or 0 where one is spare only beyond dispute."""
    for c in range(k):
        lay_out(sets, desk, c, chosen[c], False)
    return settle(sets, desk, chosen, k, np.int64(0), np.int64(1), margin)
