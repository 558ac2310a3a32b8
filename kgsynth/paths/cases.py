"""Drawing cases: findings of a disease, each of which speaks against one of the nearest rivals."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64, count
from kgsynth.paths.clues import below, few, fill_all, fits_set, take
from kgsynth.paths.conjoin import hopeful
from kgsynth.paths.desk import Desk, fold, lay_out, order_clues
from kgsynth.paths.holders import find_nearest
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.tables import Tables

#: Findings that a case has.
FEWEST_CLUES, MOST_CLUES = 4, 7

#: The fewest rivals that a case needs near it, and how many findings one must share to come near.
FEWEST_RIVALS, SHARED = 3, 2

#: Clue sets that are tried before a disease is given up for this turn.
TRIES = 6

#: Why none of them is a case.
NO_CLUES, NOT_ROBUST, FEW_RIVALS, SPARE_CLUE = range(0, -4, -1)


@entry
def draw_cases(
    t: Tables,
    desk: Desk,
    sex: NDArray[np.int8],
    diseases: Int32,
    seeds: Bits,
    margin: np.int64,
    rivals: Int32,
    masks: Int32,
    clues: Int32,
    sizes: Int64,
) -> None:
    """Draw one case for each disease, its most widespread finding first.

    Args:
        t: The tables.
        desk: Scratch.
        sex: shape (n,); 1 for a finding of women only, 2 for one of men only, else 0.
        diseases: shape (m,); the nodes to tell cases of.
        seeds: shape (m,); one seed each.
        margin: How many clues every other disease must fail.
        rivals: shape (NEAREST,); scratch.
        masks: shape (NEAREST,); scratch.
        clues: shape (m, at least 7); receives the findings.
        sizes: shape (m,); receives how many there are, or why no try is a case.
    """
    for i in range(len(diseases)):
        size = hopeful(t, desk, diseases[i], margin)
        desk.state[0] = seeds[i]
        sizes[i] = NOT_ROBUST
        for _ in range(TRIES if size else 0):
            k = _draw(t, desk, sex, size, clues[i])
            sizes[i] = NO_CLUES if k < FEWEST_CLUES else _judge(
                t, desk, clues[i], k, margin, rivals, masks
            )  # fmt: skip
            if sizes[i] > 0:
                order_clues(t, clues[i], np.int64(0), k)
            if sizes[i] > 0 or k < FEWEST_CLUES:
                break


@kernel
def _draw(t: Tables, desk: Desk, sex: NDArray[np.int8], size: np.int64, chosen: Int32) -> np.int64:
    """Draw four to seven findings that one patient can have, none of them kin or siblings."""
    for i in range(size):
        desk.pool[i] = desk.whole[i]
    wanted = FEWEST_CLUES + below(desk.state, np.int64(MOST_CLUES - FEWEST_CLUES + 1))
    k, sexes = np.int64(0), np.int8(0)
    while size > 0 and k < wanted:
        # The better of two: the pool lists typical, specific findings first.
        at = min(below(desk.state, size), below(desk.state, size))
        clue = np.int64(t.pool[take(desk.pool, size, at)])
        size -= 1
        if sexes | sex[clue] < 3 and fits_set(t.kin, chosen, k, clue):
            chosen[k] = clue
            k += 1
            sexes |= sex[clue]
    return k


@kernel
def _judge(
    t: Tables,
    desk: Desk,
    clues: Int32,
    k: np.int64,
    margin: np.int64,
    rivals: Int32,
    masks: Int32,
) -> np.int64:
    """Hold a case to the rules U, R and D; return its size, or which of them it breaks."""
    fill_all(t.sets, desk.miss, k)
    for c in range(k):
        lay_out(t.sets, desk, np.int64(c), np.int64(clues[c]), False)
        fold(desk.miss, desk.loose[c], k - 1)
    if few(desk.miss[margin - 1]) > 1:
        return np.int64(NOT_ROBUST)
    if count(desk.miss[k - SHARED]) <= FEWEST_RIVALS:  # the disease itself is among them
        return np.int64(FEW_RIVALS)
    find_nearest(t.sets, desk, k, rivals, masks)
    against = np.int64(0)
    for r in range(len(rivals)):
        if rivals[r] >= 0:
            against |= masks[r]
    return k if against == (np.int64(1) << k) - 1 else np.int64(SPARE_CLUE)
