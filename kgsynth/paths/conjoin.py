"""Conjunctions of findings that all hang on one disease: drawing them, and proving them.

A clue is a finding that a disease has, or one that it is denied to have. A denied clue rules a
disease out only by what is recorded of it without dispute: read *loosely* (rules U and R) it holds
for whoever has no undisputed record of the finding, read *tightly* (rule M) for whoever has none.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32, Int64, count, has, lowest_bit
from kgsynth.paths.clues import below, few, fill_all, fits_set, place_bit, take
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.kinship import gives_away
from kgsynth.paths.nearness import near_of
from kgsynth.paths.proof import NEAREST
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
def fold_all(sets: Sets, rows: Bits, k: np.int64, miss: Bits, margin: np.int64) -> np.int64:
    """Let k clues narrow fresh sets; return how many fail fewer than ``margin`` of them."""
    fill_all(sets, miss, margin + 1)
    for c in range(k):
        fold(miss, rows[c], margin)
    return count(miss[margin - 1])


@kernel
def _prune(sets: Sets, desk: Desk, margin: np.int64, chosen: Int32, k: np.int64) -> np.int64:
    """Drop spare clues; return how many stay, or 0 where one is spare only beyond dispute."""
    for c in range(k):
        lay_out(sets, desk, c, chosen[c], False)
    return settle(sets, desk, chosen, k, np.int64(0), np.int64(1), margin)


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


# ---- the proof -------------------------------------------------------------------------------


@entry
def prove_conjunctions(
    t: Tables,
    desk: Desk,
    clues: Int32,
    sizes: Int64,
    positives: Int64,
    left: Int32,
    rivals: Int32,
    masks: Int32,
    members: Int32,
) -> None:
    """Count what each clue leaves, list who is left, and find who fails the fewest clues.

    Args:
        t: The tables.
        desk: Scratch.
        clues: shape (m, MOST_CLUES); the findings, those denied last.
        sizes: shape (m,); how many clues there are.
        positives: shape (m,); how many of them are not denied.
        left: shape of ``clues``; receives the diseases left after each clue.
        rivals: shape (m, NEAREST); receives the nearest others, -1 after the last.
        masks: shape of ``rivals``; receives the clues that each fails, as bits.
        members: shape (m, most members); receives who is left, ascending by node, -1 after.
    """
    for i in range(len(clues)):
        k = sizes[i]
        for c in range(k):
            lay_out(t.sets, desk, c, clues[i, c], c >= positives[i])
        fill_all(t.sets, desk.miss, k)
        for c in range(k):
            fold(desk.miss, desk.loose[c], k - 1)
            left[i, c] = count(desk.miss[0])
        _list_members(t.sets, desk.miss[0], members[i])
        find_nearest(t.sets, desk, k, rivals[i], masks[i])


# ---- answers in batch ------------------------------------------------------------------------


def digest_of(sets: Sets) -> Bits:
    """Return which words of each row hold anybody, as bits: shape (nt, words / 64 rounded up).

    Most findings are those of few diseases: rows whose digests share nothing share nobody.
    """
    filled = sets.liberal != 0
    padding = -filled.shape[1] % 64
    padded = np.pad(filled, ((0, 0), (0, padding)))
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


@entry
def answer_conjunctions(
    sets: Sets, digest: Bits, queries: Int32, sizes: Int64, members: Int32
) -> None:
    """Find who has all of some findings, for many queries at once.

    Args:
        sets: The sets.
        digest: Of the sets, see `digest_of`.
        queries: shape (m, k); findings that somebody has.
        sizes: shape (m,); receives how many diseases have all of them, by closure.
        members: shape (m, most); receives them, ascending by node, as many as there is room for.
    """
    for i in range(len(queries)):
        size = np.int64(0)
        for part in range(digest.shape[1]):
            common = ~np.uint64(0)
            for c in range(queries.shape[1]):
                common &= digest[sets.row[queries[i, c]], part]
            while common:
                w = 64 * part + lowest_bit(common)
                common &= common - np.uint64(1)
                word = ~np.uint64(0)
                for c in range(queries.shape[1]):
                    word &= sets.liberal[sets.row[queries[i, c]], w]
                while word:
                    if size < members.shape[1]:
                        members[i, size] = sets.node[64 * w + lowest_bit(word)]
                    size += 1
                    word &= word - np.uint64(1)
        sizes[i] = size


@kernel
def _list_members(sets: Sets, left: Bits, members: Int32) -> None:
    members[:] = -1
    found = np.int64(0)
    for w in range(len(left)):
        word = left[w]
        while word and found < len(members):
            members[found] = sets.node[64 * w + lowest_bit(word)]
            found += 1
            word &= word - np.uint64(1)


@kernel
def find_nearest(sets: Sets, desk: Desk, k: np.int64, rivals: Int32, masks: Int32) -> None:
    """Find who fails the fewest clues and at least one: those for whom all hold are answers."""
    rivals[:] = -1
    found = np.int64(0)
    for failed in range(1, k):
        for w in range(desk.miss.shape[1]):
            word = desk.miss[failed, w] & ~desk.miss[failed - 1, w]
            while word:
                number = 64 * w + lowest_bit(word)
                word &= word - np.uint64(1)
                rivals[found] = sets.node[number]
                masks[found] = 0
                for c in range(k):
                    if not has(desk.loose[c], number):
                        masks[found] |= 1 << c
                found += 1
                if found == NEAREST:
                    return
