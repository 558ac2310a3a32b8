"""Walking a spine's legs: the rivals of a step, and whether a part of a question pins anything."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, has, in_row, lowest_bit
from kgsynth.paths.clues import few
from kgsynth.paths.jit import kernel
from kgsynth.paths.program import FINDINGS, Program
from kgsynth.paths.scratch import MOST_RIVALS, Walk
from kgsynth.paths.tables import Sets, Tables

#: Walks tried before a part of a question counts as pinning its variables.
MOST_WALKS = 100_000


@kernel
def rival_ends(
    p: Program,
    v: Int32,
    a: np.int64,
    b: np.int64,
    walk: Walk,
    ends: Int32,
    sure: NDArray[np.bool_],
) -> np.int64:
    """Collect where the other ways to walk from variable ``a`` to variable ``b`` end.

    Args:
        p: The spine template.
        v: The accepted nodes of all variables.
        a: The variable where the step starts.
        b: The variable where it ends.
        walk: Scratch.
        ends: Receives the last node of each other way, contested statements included.
        sure: Receives whether the way rests on no contested statement.

    Returns:
        The number of other ways, or -1 where there are more than `MOST_RIVALS`.
    """
    depth = b - a
    walk.node[0] = v[a]
    walk.at[1] = p.liberal[a * p.n + v[a]]
    walk.end[1] = p.liberal[a * p.n + v[a] + 1]
    level, found = np.int64(1), np.int64(0)
    while level > 0:
        if walk.at[level] == walk.end[level]:
            level -= 1
            continue
        node = p.liberal[walk.at[level]]
        walk.at[level] += 1
        if _met(v, a, walk.node, level, node):
            continue
        walk.node[level] = node
        if level < depth:
            row = (a + level) * p.n + node
            level += 1
            walk.at[level], walk.end[level] = p.liberal[row], p.liberal[row + 1]
        elif not _same(walk.node, v, a, depth):
            if found == MOST_RIVALS:
                return -1
            ends[found] = node
            sure[found] = _is_sure(p, walk.node, a, depth)
            found += 1
    return found


@kernel
def _met(v: Int32, a: np.int64, walk: Int32, level: np.int64, node: np.int64) -> bool:
    """Say whether a node stands already for an earlier variable."""
    for i in range(a):
        if v[i] == node:
            return True
    for i in range(level):  # noqa: SIM110
        if walk[i] == node:
            return True
    return False


@kernel
def _same(walk: Int32, v: Int32, a: np.int64, depth: np.int64) -> bool:
    for i in range(depth + 1):  # noqa: SIM110
        if walk[i] != v[a + i]:
            return False
    return True


@kernel
def _is_sure(p: Program, walk: Int32, a: np.int64, depth: np.int64) -> bool:
    for i in range(depth):
        following = np.int64(walk[i + 1])
        if not in_row(p.strict, (a + i) * p.n + walk[i], following):
            return False
    return True


@kernel
def pins_nothing(
    p: Program,
    t: Tables,
    first: np.int64,
    clues: Int32,
    class_: np.int64,
    walk: Walk,
    shared: Bits,
) -> bool:
    """Say whether the part of a question from variable ``first`` on pins none of its variables.

    Rule N: with the spine cut before ``first``, each variable of the part that holds the target
    must still have two values or more. Contested statements do not count as values.

    Args:
        p: The spine template.
        t: The tables.
        first: The first variable of the part.
        clues: shape (nv, MOST_CLUES); the clues of each variable, -1 after the last.
        class_: The class that the target lies in, or -1.
        walk: Scratch.
        shared: Scratch.
    """
    nv = len(p.pins)
    if first == nv - 1 and class_ >= 0:
        return p.holders[class_] > 1
    pivot = _pivot(p, first, clues, class_)
    size = _order(first, pivot, nv, walk)
    for i in range(nv):
        walk.one[i] = -1
        walk.two[i] = False
    walk.budget[0] = MOST_WALKS
    beside_target = p.by_class and pivot == nv - 2 and class_ >= 0
    if clues[pivot, 0] < 0 and not beside_target:
        for i in range(p.members[pivot], p.members[pivot + 1]):
            if (
                pivot == nv - 1
                and class_ >= 0
                and not in_row(p.sure_labels, np.int64(p.members[i]), class_)
            ):
                continue
            if _walk_part(p, t, size, p.members[i], clues, class_, walk):
                return True
        return False
    _share(t, clues[pivot], class_ if beside_target else -1, shared)
    if few(shared) < 2:
        return False
    for w in range(len(shared)):
        word = shared[w]
        while word:
            node = np.int64(t.sets.node[64 * w + lowest_bit(word)])
            word &= word - np.uint64(1)
            if _walk_part(p, t, size, node, clues, class_, walk):
                return True
    return False


@kernel
def _pivot(p: Program, first: np.int64, clues: Int32, class_: np.int64) -> np.int64:
    """Return the variable to walk from: one with clues, for few values."""
    nv = len(p.pins)
    for pivot in range(first, nv):
        if clues[pivot, 0] >= 0:
            return pivot
    if class_ < 0:
        return first
    return nv - 2 if p.by_class and nv - 2 >= first else nv - 1


@kernel
def _share(t: Tables, clues: Int32, class_: np.int64, shared: Bits) -> None:
    """Fill a set with the diseases that surely have all clues, and something of a class."""
    for w in range(len(shared)):
        shared[w] = ~np.uint64(0) if class_ < 0 else t.sets.strict[t.sets.row[class_], w]
    for clue in clues:
        if clue < 0:
            return
        row = t.sets.row[clue]
        for w in range(len(shared)):
            shared[w] &= t.sets.strict[row, w]


@kernel
def _order(first: np.int64, pivot: np.int64, nv: np.int64, walk: Walk) -> np.int64:
    """Order the variables as walked, from the pivot left, then right; return how many."""
    size = np.int64(0)
    for v in range(pivot, first - 1, -1):
        walk.order[size], walk.source[size] = v, v + 1
        size += 1
    for v in range(pivot + 1, nv):
        walk.order[size], walk.source[size] = v, v - 1
        size += 1
    return size


@kernel
def _enter(p: Program, walk: Walk, level: np.int64) -> None:
    """Note where the strict neighbours of a level's source lie, towards its variable."""
    var, source = walk.order[level], walk.source[level]
    if source < var:
        row = source * p.n + walk.node[source]
        walk.at[level], walk.end[level] = p.strict[row], p.strict[row + 1]
    else:
        row = var * p.n + walk.node[source]
        walk.at[level], walk.end[level] = p.back[row], p.back[row + 1]


@kernel
def _walk_part(
    p: Program,
    t: Tables,
    size: np.int64,
    start: np.int64,
    clues: Int32,
    class_: np.int64,
    walk: Walk,
) -> bool:
    """Walk all solutions of a part from one value of its pivot; say whether all have two values."""
    for i in range(len(p.pins)):
        walk.node[i] = -1
    walk.node[walk.order[0]] = start
    if size == 1:
        return _note(size, walk)
    level = np.int64(1)
    _enter(p, walk, level)
    while level > 0:
        walk.budget[0] -= 1
        if walk.budget[0] < 0:
            return False
        var = walk.order[level]
        walk.node[var] = -1
        if walk.at[level] == walk.end[level]:
            level -= 1
            continue
        node = p.strict[walk.at[level]] if walk.source[level] < var else p.back[walk.at[level]]
        walk.at[level] += 1
        if not _allowed(p, t, var, node, walk.node, clues, class_):
            continue
        walk.node[var] = node
        if level < size - 1:
            level += 1
            _enter(p, walk, level)
        elif _note(size, walk):
            return True
    return False


@kernel
def _allowed(
    p: Program,
    t: Tables,
    var: np.int64,
    node: np.int64,
    value: Int32,
    clues: Int32,
    class_: np.int64,
) -> bool:
    nv = len(p.pins)
    for i in range(nv):
        if value[i] == node:
            return False
    if class_ >= 0 and var == nv - 1:
        return in_row(p.sure_labels, np.int64(node), class_)
    return p.pins[var] != FINDINGS or _has_all(t.sets, clues[var], node)


@kernel
def _has_all(sets: Sets, clues: Int32, node: np.int64) -> bool:
    """Say whether a node surely has all clues."""
    number = sets.number[node]
    for clue in clues:
        if clue < 0:
            return True
        if number < 0 or not has(sets.strict[sets.row[clue]], number):
            return False
    return True


@kernel
def _note(size: np.int64, walk: Walk) -> bool:
    """Note one solution; say whether every variable has shown two values."""
    full = True
    for i in range(size):
        var = walk.order[i]
        if walk.one[var] == -1:
            walk.one[var] = walk.node[var]
        elif walk.one[var] != walk.node[var]:
            walk.two[var] = True
        full = full and walk.two[var]
    return full
