"""Mining in blocks: spine after spine, clues are drawn until all rules hold or the draws are spent.

The order of the tests is by price. A spine that fails gets the code of the test that its best draw
got to, so that a run can say where the rest went.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64, in_sorted
from kgsynth.paths.clues import (
    MOST_CLUES,
    below,
    draw_first,
    draw_later,
    gives_away,
    kin,
)
from kgsynth.paths.jit import allocating, entry, kernel
from kgsynth.paths.program import CLASS, FINDINGS, Program
from kgsynth.paths.tables import Tables
from kgsynth.paths.walks import MOST_RIVALS, is_honest, joins, pins_nothing, rival_ends

#: What became of a spine, in the order of the tests.
ACCEPTED, SEVERAL_WAYS, HUB, NO_FIRST_CLUES, SHORTCUT, LEAK, NO_CLASS, NO_LATER_CLUES, SKIPPABLE = (
    range(9)
)

#: Clue sets kept for the first step of each disease, and how often one is drawn for them.
KEPT_SETS, SET_DRAWS = 8, 24


@entry
def enumerate_spines(
    p: Program, t: Tables, starts: Int32, links: NDArray[np.bool_], fill: bool, out: Int32
) -> np.int64:
    """Enumerate the fit spines of a template: individual entities, honest hops (rules G, H).

    Args:
        p: The spine template.
        t: The tables.
        starts: The nodes that the first variable may be.
        links: shape of ``p.strict``; whether a leg's statement may be walked.
        fill: Whether to write the spines, or only count them.
        out: shape (count, nv); receives the spines.

    Returns:
        The number of spines.
    """
    nv = len(p.pins)
    walk = np.empty(nv, np.int32)
    at = np.zeros(nv, np.int64)
    found = np.int64(0)
    for start in starts:
        walk[0] = start
        level = np.int64(1)
        at[1] = p.strict_ptr[0, start]
        while level > 0:
            if at[level] == p.strict_ptr[level - 1, walk[level - 1] + 1]:
                level -= 1
                continue
            link = at[level]
            node = p.strict[link]
            at[level] += 1
            if not links[link] or not t.variable[node] or not _adds(t, walk, level, node):
                continue
            walk[level] = node
            if level < nv - 1:
                level += 1
                at[level] = p.strict_ptr[level - 1, node]
            else:
                if fill:
                    out[found] = walk
                found += 1
    return found


@kernel
def _adds(t: Tables, walk: Int32, level: np.int64, node: np.int64) -> bool:
    """Say whether a spine stays honest with one more node."""
    for i in range(level):
        if kin(t, walk[i], node) or (i < level - 1 and joins(t, walk[i], node)):
            return False
    return True


@entry
def mine_block(
    p: Program,
    t: Tables,
    spines: Int32,
    seeds: Bits,
    draws: np.int64,
    most_first: np.int64,
    most_later: np.int64,
    first_sets: Int32,
    first_counts: Int64,
    status: Int64,
    clues: Int32,
    n_clues: Int64,
    classes: Int32,
) -> None:
    """Draw clues for a block of spines.

    Args:
        p: The spine template.
        t: The tables.
        spines: shape (m, nv); nodes.
        seeds: shape (m,); one seed a spine.
        draws: Clue sets tried for a spine.
        most_first: Clues that the first step may have.
        most_later: Clues that a later step may have.
        first_sets: shape (nd, KEPT_SETS, MOST_CLUES); clue sets of first steps, kept over calls.
        first_counts: shape (nd,); how many are kept, -1 where none was drawn yet.
        status: shape (m,); receives the codes.
        clues: shape (m, nv, MOST_CLUES); receives the clues, the far anchor first.
        n_clues: shape (m, nv); receives how many.
        classes: shape (m,); receives the class of the target, or -1.
    """
    nv = len(p.pins)
    longest = np.int64(1)
    for node in range(len(t.pool_indptr) - 1):
        longest = max(longest, t.pool_indptr[node + 1] - t.pool_indptr[node])
    work = np.empty(longest, np.int32)
    miss = np.zeros((4, t.liberal.shape[1]), np.uint64)
    ends = np.empty((nv, MOST_RIVALS), np.int32)
    sure = np.empty((nv, MOST_RIVALS), np.bool_)
    n_rivals = np.empty(nv, np.int64)
    state = np.empty(1, np.uint64)
    classes_of = np.empty(len(t.members), np.int32)
    for i in range(len(spines)):
        v = spines[i]
        classes[i] = -1
        status[i] = _rivals(p, v, ends, sure, n_rivals)
        if status[i] != ACCEPTED:
            continue
        fit = classes_of[:0]
        if p.pins[nv - 1] == CLASS:
            rivals = n_rivals[nv - 1]
            size = _fit_classes(
                t, v[nv - 1], ends[nv - 1, :rivals], sure[nv - 1, :rivals], classes_of
            )
            if size == 0:
                status[i] = NO_CLASS
                continue
            fit = classes_of[:size]
        state[0] = seeds[i]
        _keep_first_sets(t, v[0], p.margins[0], most_first, first_sets, first_counts, miss, work)
        furthest = np.int64(NO_FIRST_CLUES)
        for _ in range(draws):
            code = _draw(
                p, t, v, most_later, first_sets, first_counts, ends, sure, n_rivals, fit, state,
                work, clues[i], n_clues[i], classes[i : i + 1],
            )  # fmt: skip
            if code == ACCEPTED:
                furthest = code
                break
            furthest = max(furthest, code)
        status[i] = furthest


@allocating
def _rivals(
    p: Program, v: Int32, ends: Int32, sure: NDArray[np.bool_], n_rivals: Int64
) -> np.int64:
    """Cut the spine into steps and collect each step's rivals; -1 for a variable without clues."""
    nv = len(p.pins)
    n_rivals[:] = -1
    start = np.int64(0)
    for j in range(1, nv):
        if p.pins[j] != FINDINGS and j < nv - 1:
            continue
        found = rival_ends(p, v, start, j, ends[j], sure[j])
        if found < 0:
            return HUB
        if found > 0 and p.pins[j] != FINDINGS and p.pins[j] != CLASS:
            return SEVERAL_WAYS
        if found == 0 and p.pins[j] == CLASS:
            return NO_CLASS
        if found > 0:
            n_rivals[j] = found
            start = j
    return ACCEPTED


@allocating
def _keep_first_sets(
    t: Tables,
    disease: np.int64,
    margin: np.int64,
    most: np.int64,
    sets: Int32,
    counts: Int64,
    miss: Bits,
    work: Int32,
) -> None:
    """Draw the clue sets of a disease once; they depend on the disease alone."""
    number = t.disease_number[disease]
    if number < 0 or counts[number] >= 0:
        return
    counts[number] = 0
    state = np.empty(1, np.uint64)
    state[0] = np.uint64(disease)
    for _ in range(SET_DRAWS):
        at = counts[number]
        k = draw_first(t, disease, margin, most, state, sets[number, at], miss, work)
        if k:
            sets[number, at, k:] = -1
            counts[number] += 1
            if counts[number] == KEPT_SETS:
                break


@allocating
def _draw(
    p: Program,
    t: Tables,
    v: Int32,
    most_later: np.int64,
    sets: Int32,
    counts: Int64,
    ends: Int32,
    sure: NDArray[np.bool_],
    n_rivals: Int64,
    fit: Int32,
    state: Bits,
    work: Int32,
    clues: Int32,
    n_clues: Int64,
    class_: Int32,
) -> np.int64:
    nv = len(p.pins)
    number = t.disease_number[v[0]]
    if number < 0 or counts[number] <= 0:
        return NO_FIRST_CLUES
    n_clues[:] = 0
    chosen = sets[number, below(state, counts[number])]
    while n_clues[0] < MOST_CLUES and chosen[n_clues[0]] >= 0:
        clues[0, n_clues[0]] = chosen[n_clues[0]]
        n_clues[0] += 1
    code = _first_fits(t, v, clues[0], n_clues[0])
    if code != ACCEPTED:
        return code
    used = clues[0].copy()
    n_used = n_clues[0]
    for j in range(1, nv):
        if p.pins[j] != FINDINGS or n_rivals[j] < 0:
            continue
        n_clues[j] = draw_later(
            t, v[j], v, used, n_used, ends[j, : n_rivals[j]], sure[j, : n_rivals[j]],
            p.margins[j], most_later, state, clues[j], work,
        )  # fmt: skip
        if n_clues[j] == 0:
            return NO_LATER_CLUES
        if n_used + n_clues[j] > len(used):
            used = np.concatenate((used, np.empty(MOST_CLUES, np.int32)))
        used[n_used : n_used + n_clues[j]] = clues[j, : n_clues[j]]
        n_used += n_clues[j]
    class_[0] = _wider(t, fit, state) if p.pins[nv - 1] == CLASS else -1
    for j in range(1, nv):
        if not pins_nothing(p, t, j, clues, n_clues, class_[0]):
            return SKIPPABLE
    return ACCEPTED


@allocating
def _first_fits(t: Tables, v: Int32, clues: Int32, k: np.int64) -> np.int64:
    """Test the first step's clues against the rest of the spine, and put the far anchor first.

    The far anchor is the most widespread clue that keeps the spine honest; the others follow, the
    most widespread first.
    """
    target = v[len(v) - 1]
    for c in range(k):
        if kin(t, clues[c], target):
            return SHORTCUT
        for j in range(1, len(v)):
            if gives_away(t, clues[c], v[j]):
                return LEAK
    for c in range(1, k):  # insertion sort: least informative, that is most widespread, first
        at = c
        while at > 0 and t.information[clues[at]] < t.information[clues[at - 1]]:
            clues[at], clues[at - 1] = clues[at - 1], clues[at]
            at -= 1
    spine = np.empty(len(v) + 1, np.int32)
    spine[1:] = v
    for c in range(k):
        spine[0] = clues[c]
        if is_honest(t, spine):
            for i in range(c, 0, -1):
                clues[i] = clues[i - 1]
            clues[0] = spine[0]
            return ACCEPTED
    return SHORTCUT


@allocating
def _fit_classes(
    t: Tables, target: np.int64, rivals: Int32, sure: NDArray[np.bool_], fit: Int32
) -> np.int64:
    """Collect the classes that hold the target and none of the other findings; return how many.

    There is one only where a finding is ruled out beyond dispute, else the class would be spare.
    """
    if not sure.any():
        return 0
    size = 0
    for k in range(t.ancestors_indptr[target], t.ancestors_indptr[target + 1]):
        class_ = t.ancestors[k]
        if t.common_class[class_] and t.members[class_] > 1 and _holds_none(t, class_, rivals):
            fit[size] = class_
            size += 1
    return size


@kernel
def _holds_none(t: Tables, class_: np.int64, rivals: Int32) -> bool:
    for r in range(len(rivals)):
        if class_ == rivals[r] or in_sorted(t.ancestors_indptr, t.ancestors, rivals[r], class_):
            return False
    return True


@kernel
def _wider(t: Tables, fit: Int32, state: Bits) -> np.int32:
    """Return the wider of two classes drawn at random."""
    one, other = fit[below(state, len(fit))], fit[below(state, len(fit))]
    return one if t.members[one] >= t.members[other] else other
