"""Mining in blocks: spine after spine, clues are drawn until all rules hold or the draws are spent.

The order of the tests is by price. A spine that fails gets the code of the test that its best draw
got to, so that a run can say where the rest went.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64
from kgsynth.paths.clues import below, draw_first, draw_later, find_fit
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.kinship import adds_honestly, begins_honestly, gives_away, kin
from kgsynth.paths.program import CLASS, FINDINGS, Program
from kgsynth.paths.scratch import MOST_CLUES, Rivals, Room, Scratch, Walk
from kgsynth.paths.tables import Tables
from kgsynth.paths.walks import pins_nothing, rival_ends

#: What became of a spine, in the order of the tests.
ACCEPTED, SEVERAL_WAYS, HUB, NO_FIRST_CLUES, SHORTCUT, LEAK, NO_CLASS, NO_LATER_CLUES, SKIPPABLE = (
    range(9)
)

#: Clue sets kept for the first step of each disease, and how often one is drawn for them.
KEPT_SETS, SET_DRAWS = 8, 24


@entry
def enumerate_spines(
    p: Program,
    t: Tables,
    starts: Int32,
    links: NDArray[np.bool_],
    walk: Walk,
    fill: bool,
    out: Int32,
) -> np.int64:
    """Enumerate the fit spines of a template: individual entities, honest hops (rules G, H).

    Args:
        p: The spine template.
        t: The tables.
        starts: The nodes that the first variable may be.
        links: shape of ``p.strict``; whether a leg's statement may be walked.
        walk: Scratch.
        fill: Whether to write the spines, or only count them.
        out: shape (count, nv); receives the spines.

    Returns:
        The number of spines.
    """
    nv = len(p.pins)
    found = np.int64(0)
    for start in starts:
        walk.node[0] = start
        level = np.int64(1)
        walk.at[1], walk.end[1] = p.strict[start], p.strict[start + 1]
        while level > 0:
            link = walk.at[level]
            if link == walk.end[level]:
                level -= 1
                continue
            node = p.strict[link]
            walk.at[level] += 1
            if not (links[link] and t.variable[node] and adds_honestly(t, walk.node, level, node)):
                continue
            walk.node[level] = node
            if level < nv - 1:
                row = level * p.n + node
                level += 1
                walk.at[level], walk.end[level] = p.strict[row], p.strict[row + 1]
            else:
                if fill:
                    for i in range(nv):
                        out[found, i] = walk.node[i]
                found += 1
    return found


@entry
def mine_block(
    p: Program,
    t: Tables,
    s: Scratch,
    spines: Int32,
    seeds: Bits,
    draws: np.int64,
    most_first: np.int64,
    most_later: np.int64,
    first_sets: Int32,
    first_counts: Int64,
    status: Int64,
    clues: Int32,
) -> None:
    """Draw clues for a block of spines.

    Args:
        p: The spine template.
        t: The tables.
        s: Scratch.
        spines: shape (m, nv); nodes.
        seeds: shape (m,); one seed a spine.
        draws: Clue sets tried for a spine.
        most_first: Clues that the first step may have.
        most_later: Clues that a later step may have.
        first_sets: shape (nd, KEPT_SETS, MOST_CLUES); clue sets of first steps, kept over calls.
        first_counts: shape (nd,); how many are kept, -1 where none was drawn yet.
        status: shape (m,); receives the codes.
        clues: shape (m, nv, MOST_CLUES); receives the clues, the far anchor first, -1 after the
            last; the class of the target is its only clue.
    """
    for i in range(len(spines)):
        status[i] = _mine(
            p, t, s.walk, s.rivals, s.room, spines[i], seeds[i], draws, most_first, most_later,
            first_sets, first_counts, clues[i],
        )  # fmt: skip


@kernel
def _mine(
    p: Program,
    t: Tables,
    walk: Walk,
    rivals: Rivals,
    room: Room,
    v: Int32,
    seed: np.uint64,
    draws: np.int64,
    most_first: np.int64,
    most_later: np.int64,
    first_sets: Int32,
    first_counts: Int64,
    clues: Int32,
) -> np.int64:
    """Draw clues for one spine; return its code."""
    code = _find_rivals(p, v, walk, rivals)
    if code != ACCEPTED:
        return code
    last = len(v) - 1
    n_classes = np.int64(0)
    if p.pins[last] == CLASS and rivals.ways[last] > 0:
        n_classes = _find_classes(p, t, v, rivals, room)
        if n_classes == 0:
            return NO_CLASS
    n_sets = _first_sets(t, v[0], p.margins[0], most_first, first_sets, first_counts, room)
    if n_sets == 0:
        return NO_FIRST_CLUES
    if not _find_fit_clues(p, t, v, rivals, room):
        return NO_LATER_CLUES
    room.state[0] = seed
    sets = first_sets[t.sets.number[v[0]]]
    for c in range(n_sets):
        room.tested[c] = -1
    furthest = np.int64(0)
    for _ in range(draws):
        c = below(room.state, n_sets)
        if room.tested[c] < 0:
            room.tested[c] = _first_fits(t, v, sets[c], room.sets[c])
        code = np.int64(room.tested[c])
        if code == ACCEPTED:
            code = _draw(p, t, walk, rivals, room, v, room.sets[c], n_classes, most_later, clues)
        if code == ACCEPTED:
            return code
        furthest = max(furthest, code)
    return furthest


@kernel
def _find_rivals(p: Program, v: Int32, walk: Walk, rivals: Rivals) -> np.int64:
    """Cut the spine into steps and collect each step's rivals; -1 for a variable without clues."""
    last = len(v) - 1
    start = np.int64(0)
    rivals.ways[:] = -1
    for j in range(1, last + 1):
        pin = p.pins[j]
        if pin != FINDINGS and j < last:
            continue
        found = rival_ends(p, v, start, j, walk, rivals.ends[j], rivals.sure[j])
        if found < 0:
            return HUB
        if found > 0 and pin != FINDINGS and pin != CLASS:
            return SEVERAL_WAYS
        if found == 0 and p.by_class and j == last:
            return NO_CLASS
        if found > 0:
            rivals.ways[j] = found
            start = j
    return ACCEPTED


@kernel
def _first_sets(
    t: Tables,
    disease: np.int64,
    margin: np.int64,
    most: np.int64,
    sets: Int32,
    counts: Int64,
    room: Room,
) -> np.int64:
    """Draw the clue sets of a disease once; they depend on the disease alone. Return how many."""
    number = t.sets.number[disease]
    if number < 0:
        return 0
    if counts[number] < 0:
        counts[number] = 0
        room.state[0] = np.uint64(disease)
        for _ in range(SET_DRAWS):
            row = sets[number, counts[number]]
            k = draw_first(t, disease, margin, most, row, room)
            if k:
                row[k:] = -1
                counts[number] += 1
                if counts[number] == KEPT_SETS:
                    break
    return counts[number]


@kernel
def _first_fits(t: Tables, v: Int32, chosen: Int32, clues: Int32) -> np.int64:
    """Test the first step's clues against the rest of the spine, and put the far anchor first.

    The far anchor is the most widespread clue that keeps the spine honest; the others follow, the
    most widespread first.
    """
    k = np.int64(0)
    for clue in chosen:
        clues[k] = -1
        if clue >= 0:
            if kin(t.kin, clue, v[len(v) - 1]):
                return SHORTCUT
            for j in range(1, len(v)):
                if gives_away(t.words, clue, v[j]):
                    return LEAK
            at = k  # insertion sort: least informative, that is most widespread, first
            while at > 0 and t.information[clue] < t.information[clues[at - 1]]:
                clues[at] = clues[at - 1]
                at -= 1
            clues[at] = clue
        k += 1
    for c in range(k):
        anchor = clues[c]
        if anchor >= 0 and begins_honestly(t, anchor, v):
            for i in range(c, 0, -1):
                clues[i] = clues[i - 1]
            clues[0] = anchor
            return ACCEPTED
    return SHORTCUT


@kernel
def _find_fit_clues(p: Program, t: Tables, v: Int32, rivals: Rivals, room: Room) -> bool:
    """Find what later steps may draw from; say whether each may hope."""
    for j in range(1, len(v)):
        if p.pins[j] == FINDINGS and rivals.ways[j] >= 0:
            room.n_fit[j] = find_fit(
                t, v[j], rivals.ends[j, : rivals.ways[j]], p.margins[j], room.fit[j],
                room.lacks[j],
            )  # fmt: skip
            if room.n_fit[j] == 0:
                return False
    return True


@kernel
def _draw(
    p: Program,
    t: Tables,
    walk: Walk,
    rivals: Rivals,
    room: Room,
    v: Int32,
    first: Int32,
    n_classes: np.int64,
    most_later: np.int64,
    clues: Int32,
) -> np.int64:
    """Draw the clues of the later steps and the class of the target; return the code."""
    nv = len(p.pins)
    clues[:] = -1
    n_used = np.int64(0)
    while n_used < MOST_CLUES and first[n_used] >= 0:
        clues[0, n_used] = room.used[n_used] = first[n_used]
        n_used += 1
    for j in range(1, nv):
        size = rivals.ways[j]
        if p.pins[j] != FINDINGS or size < 0:
            continue
        k = draw_later(
            t, v, room.fit[j, : room.n_fit[j]], room.lacks[j], n_used, rivals.ends[j, :size],
            rivals.sure[j, :size], p.margins[j], most_later, clues[j], room,
        )  # fmt: skip
        if k == 0:
            return NO_LATER_CLUES
        clues[j, k:] = -1
        for c in range(k):
            room.used[n_used + c] = clues[j, c]
        n_used += k
    class_ = _wider(p, room.classes[:n_classes], room.state) if n_classes else np.int64(-1)
    # A later cut leaves a smaller part, with fewer conditions: if this pins nothing, none does.
    if nv > 1 and not pins_nothing(p, t, np.int64(1), clues, class_, walk, room.shared):
        return SKIPPABLE
    if n_classes:
        clues[nv - 1, 0] = class_
    return ACCEPTED


@kernel
def _find_classes(p: Program, t: Tables, v: Int32, rivals: Rivals, room: Room) -> np.int64:
    """Collect the labels that the target has and none of its rivals; return how many.

    There is one only where a rival is ruled out beyond dispute, else the label would be spare.
    """
    last = len(v) - 1
    room.clock[0] += 1
    now = room.clock[0]
    disputed = True
    for r in range(rivals.ways[last]):
        disputed = disputed and not rivals.sure[last, r]
        other = rivals.ends[last, r]
        room.stamp[other] = now
        for k in range(p.labels[other], p.labels[other + 1]):
            room.stamp[p.labels[k]] = now
    size = np.int64(0)
    if disputed:
        return size
    for k in range(p.sure_labels[v[last]], p.sure_labels[v[last] + 1]):
        label = p.sure_labels[k]
        if p.holders[label] > 1 and room.stamp[label] != now and _may_name(p, t, label, v):
            room.classes[size] = label
            size += 1
    return size


@kernel
def _may_name(p: Program, t: Tables, label: np.int64, v: Int32) -> bool:
    """Say whether naming a label gives nothing away; a class that is asked within may."""
    if p.by_class:
        return True
    for i in range(len(v)):
        if kin(t.kin, label, v[i]) or gives_away(t.words, label, v[i]):
            return False
    return True


@kernel
def _wider(p: Program, fit: Int32, state: Bits) -> np.int64:
    """Return the wider of two labels drawn at random."""
    one, other = fit[below(state, len(fit))], fit[below(state, len(fit))]
    return np.int64(one if p.holders[one] >= p.holders[other] else other)
