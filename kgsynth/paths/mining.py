"""Mining in blocks: spine after spine, clues are drawn until all rules hold or the draws are spent.

The order of the tests is by price. A spine that fails gets the code of the test that its best draw
got to, so that a run can say where the rest went.
"""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64
from kgsynth.paths.clues import below, can_pin, draw_later, lay_out_pool
from kgsynth.paths.jit import entry, kernel
from kgsynth.paths.kinship import adds_honestly, begins_honestly, gives_away, joins, kin
from kgsynth.paths.program import CLASS, FINDINGS, Program
from kgsynth.paths.scratch import MOST_CLUES, Rivals, Room, Scratch, Walk
from kgsynth.paths.tables import Tables
from kgsynth.paths.walks import pins_nothing, rival_ends

#: What became of a spine, in the order of the tests.
ACCEPTED, SEVERAL_WAYS, HUB, NO_FIRST_CLUES, SHORTCUT, LEAK, NO_CLASS, NO_LATER_CLUES, SKIPPABLE = (
    range(9)
)


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
        spines: shape (m, nv); nodes. What neighbours that differ in their target only have in
            common is worked out once.
        seeds: shape (m,); one seed a spine.
        draws: Clue sets tried for a spine.
        most_later: Clues that a later step may have.
        first_sets: shape (nd, KEPT_SETS, MOST_CLUES); clue sets of first steps, the most
            widespread clue first, -1 after the last.
        first_counts: shape (nd,); how many there are.
        status: shape (m,); receives the codes.
        clues: shape (m, nv, MOST_CLUES); receives the clues, the far anchor first, -1 after the
            last; the class of the target is its only clue.
    """
    begun = np.int64(ACCEPTED)
    for i in range(len(spines)):
        v = spines[i]
        number = t.sets.number[v[0]]
        if number < 0 or first_counts[number] == 0:
            status[i] = NO_FIRST_CLUES
            continue
        if i == 0 or _begins_anew(spines[i - 1], v):
            begun = _begin(p, t, s.walk, s.rivals, s.room, v)
        status[i] = begun
        if begun == ACCEPTED:
            status[i] = _end(
                p, t, s.walk, s.rivals, s.room, v, seeds[i], draws, most_later,
                first_sets[number, : first_counts[number]], clues[i],
            )  # fmt: skip


@kernel
def _begins_anew(before: Int32, v: Int32) -> bool:
    """Say whether two spines differ before their target."""
    for j in range(len(v) - 1):
        if before[j] != v[j]:
            return True
    return len(v) == 1


# ---- what spines have in common that differ in their target only -------------------------------


@kernel
def _begin(p: Program, t: Tables, walk: Walk, rivals: Rivals, room: Room, v: Int32) -> np.int64:
    """Cut the spine into steps, collect each step's rivals and the clues that it may have.

    The number of rivals is -1 for a variable without clues. For a target that no findings pin, the
    ways are all ways to walk the last step, the spine's own among them. Returns the code.
    """
    last = len(v) - 1
    rivals.ways[:] = -1
    room.tested[:] = -1
    for j in range(1, last):
        if p.pins[j] == FINDINGS and not _find_rivals(p, v, np.int64(j), walk, rivals):
            return HUB
    if last > 0 and p.pins[last] != FINDINGS:
        for j in range(last):
            room.stem[j] = v[j]
        room.stem[last] = -1
        if not _find_rivals(p, room.stem, last, walk, rivals):
            return HUB
        several = rivals.ways[last] > 1
        if several and p.pins[last] != CLASS:
            return SEVERAL_WAYS
        if not several and p.by_class:
            return NO_CLASS
        if several and not _count_labels(p, rivals, room, last):
            return NO_CLASS
    for j in range(1, last):
        if rivals.ways[j] > 0:
            lay_out_pool(t, v[j], np.int64(j), room)
    return ACCEPTED


@kernel
def _find_rivals(p: Program, v: Int32, end: np.int64, walk: Walk, rivals: Rivals) -> bool:
    """Collect the rivals of the step that ends at a variable; say whether there is room for all."""
    start = np.int64(0)
    for j in range(1, end):
        if rivals.ways[j] > 0:
            start = np.int64(j)
    found = rival_ends(p, v, start, end, walk, rivals.ends[end], rivals.sure[end])
    if found > 0:
        rivals.ways[end] = found
    return found >= 0


@kernel
def _count_labels(p: Program, rivals: Rivals, room: Room, last: np.int64) -> bool:
    """Note which labels one way to walk the last step ends at, and which several do.

    Returns:
        Whether another way is beyond dispute: else a label would be spare.
    """
    room.clock[0] += 2
    once, sure = room.clock[0], np.int64(0)
    for r in range(rivals.ways[last]):
        sure += rivals.sure[last, r]
        end = rivals.ends[last, r]
        room.stamp[end] = once + (room.stamp[end] >= once)
        for k in range(p.labels[end], p.labels[end + 1]):
            label = p.labels[k]
            room.stamp[label] = once + (room.stamp[label] >= once)
    return sure > 1


@kernel
def _first_fits(t: Tables, v: Int32, chosen: Int32) -> np.int64:
    """Test the first step's clues against a spine without its target.

    Returns:
        Those of them that may be the far anchor, as bits, or a code below zero.
    """
    anchors = np.int64(0)
    for c in range(MOST_CLUES):
        if chosen[c] < 0:
            break
        clue = np.int64(chosen[c])
        for j in range(1, len(v)):
            if gives_away(t.words, clue, v[j]):
                return np.int64(-LEAK)
        if begins_honestly(t, clue, v):
            anchors |= np.int64(1) << c
    return anchors if anchors else np.int64(-SHORTCUT)


# ---- what is a spine's own ---------------------------------------------------------------------


@kernel
def _end(
    p: Program,
    t: Tables,
    walk: Walk,
    rivals: Rivals,
    room: Room,
    v: Int32,
    seed: np.uint64,
    draws: np.int64,
    most_later: np.int64,
    sets: Int32,
    clues: Int32,
) -> np.int64:
    """Draw clues for one spine; return its code."""
    last = len(v) - 1
    n_classes = np.int64(0)
    if p.pins[last] == CLASS and rivals.ways[last] > 1:
        n_classes = _find_classes(p, t, v, room)
        if n_classes == 0:
            return NO_CLASS
    if p.pins[last] == FINDINGS and last > 0:
        rivals.ways[last] = -1
        if not _find_rivals(p, v, last, walk, rivals):
            return HUB
        lay_out_pool(t, v[last], last, room)
    room.state[0] = seed
    c = below(room.state, len(sets))
    furthest = np.int64(0)
    for _ in range(draws):
        code = _set_out(t, v, sets[c], c, room, clues)
        if code == ACCEPTED:
            code = _draw(p, t, walk, rivals, room, v, n_classes, most_later, clues)
            if code == ACCEPTED:
                return code
        furthest = max(furthest, code)
        c = c + 1 if c + 1 < len(sets) else np.int64(0)
    return furthest


@kernel
def _set_out(t: Tables, v: Int32, chosen: Int32, c: np.int64, room: Room, clues: Int32) -> np.int64:
    """Write the first step's clues, the far anchor first; return the code.

    The far anchor is the most widespread clue that keeps the spine honest; the others follow, the
    most widespread first.
    """
    last = len(v) - 1
    if room.tested[c] == -1:
        room.tested[c] = _first_fits(t, v[: max(last, 1)], chosen)
    anchors, target = room.tested[c], v[last]
    if anchors < 0:
        return np.int64(-anchors)
    k, anchor = np.int64(0), np.int64(-1)
    while k < MOST_CLUES and chosen[k] >= 0:
        clue = np.int64(chosen[k])
        if last > 0:
            if kin(t.kin, clue, target):
                return np.int64(SHORTCUT)
            if gives_away(t.words, clue, target):
                return np.int64(LEAK)
        if anchor < 0 and anchors >> k & 1 and (last == 0 or not joins(t, clue, target)):
            anchor = k
        k += 1
    if anchor < 0:
        return np.int64(SHORTCUT)
    clues[:] = -1
    clues[0, 0] = room.used[0] = chosen[anchor]
    at = np.int64(1)
    for i in range(k):
        if i != anchor:
            clues[0, at] = room.used[at] = chosen[i]
            at += 1
    room.n_used[0] = k
    return np.int64(ACCEPTED)


@kernel
def _draw(
    p: Program,
    t: Tables,
    walk: Walk,
    rivals: Rivals,
    room: Room,
    v: Int32,
    n_classes: np.int64,
    most_later: np.int64,
    clues: Int32,
) -> np.int64:
    """Draw the clues of the later steps and the class of the target; return the code."""
    nv = len(v)
    n_used = room.n_used[0]
    for j in range(1, nv):
        if p.pins[j] != FINDINGS or rivals.ways[j] < 0:
            continue
        # What is found out of a clue before the target holds for all targets.
        inner = j < nv - 1
        secrets, target = v[: nv - 1] if inner else v, v[nv - 1] if inner else np.int32(-1)
        k = draw_later(
            t,
            np.int64(j),
            p.margins[j],
            most_later,
            secrets,
            target,
            n_used,
            rivals,
            room,
            clues[j],
        )
        if k == 0:
            if not can_pin(t, np.int64(j), p.margins[j], secrets, rivals, room):
                room.n_fit[j] = 0  # no draw will ever do
            return NO_LATER_CLUES
        clues[j, k:] = -1
        for c in range(k):
            room.used[n_used + c] = clues[j, c]
        n_used += k
    class_ = _wider(p, room.classes[:n_classes], room.state) if n_classes else np.int64(-1)
    for i in range(n_used):
        if room.used[i] == class_:
            return NO_CLASS  # what tells an earlier variable does not tell the target too
    # A later cut leaves a smaller part, with fewer conditions: if this pins nothing, none does.
    if nv > 1 and not pins_nothing(p, t, np.int64(1), clues, class_, walk, room.shared):
        return SKIPPABLE
    if n_classes:
        clues[nv - 1, 0] = class_
    return ACCEPTED


@kernel
def _find_classes(p: Program, t: Tables, v: Int32, room: Room) -> np.int64:
    """Collect the labels that the target has and none of its rivals; return how many."""
    size, target = np.int64(0), v[len(v) - 1]
    for k in range(p.sure_labels[target], p.sure_labels[target + 1]):
        label = np.int64(p.sure_labels[k])
        if (
            room.stamp[label] == room.clock[0]
            and p.holders[label] > 1
            and _may_name(p, t, label, v)
        ):
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
