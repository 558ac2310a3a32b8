"""The desk on which findings of one disease are laid out: for whom all of them hold, and who fails.

A clue is a finding that a disease has, or one that it is denied to have. A denied clue rules a
disease out only by what is recorded of it without dispute: read *loosely* (rules U and R) it holds
for whoever has no undisputed record of the finding, read *tightly* (rule M) for whoever has none.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32, count
from kgsynth.paths.clues import fill_all, take
from kgsynth.paths.jit import kernel
from kgsynth.paths.nearness import near_of
from kgsynth.paths.scratch import MOST_CLUES
from kgsynth.paths.tables import Sets, Tables


class Desk(NamedTuple):
    """What drawing a conjunction keeps; ``words`` is the width of a set of diseases.

    Attributes:
        state: shape (1,), uint64; the random state.
        loose: shape (MOST_CLUES, words), uint64; for whom each clue holds, read loosely.
        tight: shape (MOST_CLUES, words), uint64; the same, read tightly.
        miss: shape (MOST_CLUES + 1, words), uint64; who fails at most so many clues.
        whole: shape (largest pool,); findings to draw from, as places in `Tables.pool` …
        pool: shape (largest pool,); … and those that are not drawn yet.
        disputed: shape (nt,); whether anybody's record of a finding is contested.
        near: shape of `Tables.pool`, uint64; see `nearness.near_places`.
    """

    state: Bits
    loose: Bits
    tight: Bits
    miss: Bits
    whole: Int32
    pool: Int32
    disputed: NDArray[np.bool_]
    near: Bits


def make_desk(graph: KnowledgeGraph, t: Tables) -> Desk:
    """Return an empty desk for a graph and some tables of it."""
    n, words = len(t.variable), t.sets.liberal.shape[1]
    longest = max(1, int(np.diff(t.pool[: n + 1]).max(initial=0)))
    loose, tight = (np.zeros((MOST_CLUES, words), np.uint64) for _ in range(2))
    miss = np.zeros((MOST_CLUES + 1, words), np.uint64)
    disputed = (t.sets.liberal != t.sets.strict).any(axis=1)
    whole, pool = (np.zeros(longest, np.int32) for _ in range(2))
    return Desk(
        np.zeros(1, np.uint64), loose, tight, miss, whole, pool, disputed, near_of(graph, t)
    )


@kernel
def lay_out(sets: Sets, desk: Desk, at: np.int64, clue: np.int64, denied: bool) -> None:
    """Write for whom a clue holds, read loosely, to a place on the desk."""
    row = sets.strict[sets.row[clue]] if denied else sets.liberal[sets.row[clue]]
    for w in range(len(row)):
        desk.loose[at, w] = ~row[w] if denied else row[w]


@kernel
def _lay_out_tightly(sets: Sets, desk: Desk, at: np.int64, clue: np.int64, denied: bool) -> None:
    """Write for whom a clue holds, read tightly, next to the other reading."""
    row = sets.liberal[sets.row[clue]] if denied else sets.strict[sets.row[clue]]
    for w in range(len(row)):
        desk.tight[at, w] = ~row[w] if denied else row[w]


@kernel
def fold(miss: Bits, row: Bits, margin: np.int64) -> bool:
    """Let a clue narrow the sets of those that fail at most 0, 1, … ``margin`` clues.

    Returns:
        Whether the clue changes who fails fewer than ``margin``.
    """
    changed = np.uint64(0)
    if margin == 2:  # the default, in one pass
        for w in range(len(row)):
            none, one, two = miss[0, w], miss[1, w], miss[2, w]
            one_after = (one & row[w]) | none
            changed |= (none & ~row[w]) | (one ^ one_after)
            miss[0, w], miss[1, w], miss[2, w] = none & row[w], one_after, (two & row[w]) | one
        return changed != np.uint64(0)
    for j in range(margin, 0, -1):
        fallen = np.uint64(0)
        for w in range(len(row)):
            before = miss[j, w]
            after = (before & row[w]) | miss[j - 1, w]
            fallen |= before ^ after
            miss[j, w] = after
        if j < margin:
            changed |= fallen
    for w in range(len(row)):
        before = miss[0, w]
        changed |= before & ~row[w]
        miss[0, w] = before & row[w]
    return changed != np.uint64(0)


@kernel
def fold_all(sets: Sets, rows: Bits, k: np.int64, miss: Bits, margin: np.int64) -> np.int64:
    """Let k clues narrow fresh sets; return how many fail fewer than ``margin`` of them."""
    fill_all(sets, miss, margin + 1)
    for c in range(k):
        fold(miss, rows[c], margin)
    return count(miss[margin - 1])


@kernel
def needed(rows: Bits, k: np.int64, miss: Bits, margin: np.int64) -> np.int64:
    """Return the clues without which somebody else would fail too few, as bits (rule M).

    Dropping a clue helps whoever fails it and fails exactly ``margin`` clues; nobody fails fewer.

    Args:
        rows: shape (k or more, words); for whom each clue holds.
        k: How many clues there are.
        miss: Who fails at most 0, 1, … ``margin`` of all k.
        margin: How many clues every other disease must fail.
    """
    found, everyone = np.int64(0), (np.int64(1) << k) - 1
    for w in range(miss.shape[1]):
        word = miss[margin, w] & ~miss[margin - 1, w]
        if word:
            for c in range(k):
                if word & ~rows[c, w]:
                    found |= np.int64(1) << c
            if found == everyone:
                return found
    return found


@kernel
def settle(
    sets: Sets,
    desk: Desk,
    clues: Int32,
    k: np.int64,
    fixed: np.int64,
    wanted: np.int64,
    margin: np.int64,
) -> np.int64:
    """Drop spare clues, the last drawn first; return how many are left, or 0 where some stay spare.

    Args:
        sets: The sets.
        desk: Holds the clues' rows; ``miss`` what all of them leave, read loosely.
        clues: The clues.
        k: How many there are.
        fixed: How many of them must stay, from the first on: those that are denied.
        wanted: How many diseases the clues leave.
        margin: How many clues everybody else must fail.
    """
    everyone = (np.int64(1) << k) - 1
    kept = needed(desk.loose, k, desk.miss, margin)
    while kept != everyone:
        spare = np.int64(-1)
        for c in range(fixed, k):
            if not kept >> c & 1:
                spare = c
        if spare < 0:
            return 0
        take(clues, k, spare)
        for i in range(spare, k - 1):
            for w in range(desk.loose.shape[1]):
                desk.loose[i, w] = desk.loose[i + 1, w]
        k -= 1
        everyone >>= 1
        if k < 2 or fold_all(sets, desk.loose, k, desk.miss, margin) != wanted:
            return 0
        kept = needed(desk.loose, k, desk.miss, margin)
    disputed = False
    for c in range(k):
        disputed = disputed or desk.disputed[sets.row[clues[c]]]
    if not disputed:
        return k
    for c in range(k):
        _lay_out_tightly(sets, desk, np.int64(c), np.int64(clues[c]), c < fixed)
    if fold_all(sets, desk.tight, k, desk.miss, margin) != wanted:
        return 0
    return k if needed(desk.tight, k, desk.miss, margin) == everyone else np.int64(0)


@kernel
def order_clues(t: Tables, clues: Int32, start: np.int64, end: np.int64) -> None:
    """Put a stretch of clues in order, the least informative, that is most widespread, first.

    Ties go by number, so that a set of clues has one order only.
    """
    for i in range(start + 1, end):
        clue = clues[i]
        at = i
        while at > start and _before(t, clue, clues[at - 1]):
            clues[at] = clues[at - 1]
            at -= 1
        clues[at] = clue


@kernel
def _before(t: Tables, one: np.int64, other: np.int64) -> bool:
    if t.information[one] != t.information[other]:
        return t.information[one] < t.information[other]
    return one < other
