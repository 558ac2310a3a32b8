"""Walking a spine's legs: the rivals of a step, and whether a part of a question pins anything."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64, has, in_sorted, lowest_bit
from kgsynth.paths.clues import kin
from kgsynth.paths.jit import allocating, kernel
from kgsynth.paths.program import FINDINGS, Program
from kgsynth.paths.tables import Tables

#: A step with more rivals than this is not mined: it runs over a hub.
MOST_RIVALS = 2048

#: Walks tried before a part of a question counts as pinning its variables.
MOST_WALKS = 100_000


@allocating
def rival_ends(
    p: Program, v: Int32, a: np.int64, b: np.int64, ends: Int32, sure: NDArray[np.bool_]
) -> np.int64:
    """Collect where the other ways to walk from variable ``a`` to variable ``b`` end.

    Args:
        p: The spine template.
        v: The accepted nodes of all variables.
        a: The variable where the step starts.
        b: The variable where it ends.
        ends: Receives the last node of each other way, contested statements included.
        sure: Receives whether the way rests on no contested statement.

    Returns:
        The number of other ways, or -1 where there are more than `MOST_RIVALS`.
    """
    depth = b - a
    walk = np.empty(depth + 1, np.int32)
    at = np.zeros(depth + 1, np.int64)
    walk[0] = v[a]
    level, found = np.int64(1), np.int64(0)
    at[1] = p.liberal_ptr[a, v[a]]
    while level > 0:
        leg = a + level - 1
        if at[level] == p.liberal_ptr[leg, walk[level - 1] + 1]:
            level -= 1
            continue
        node = p.liberal[at[level]]
        at[level] += 1
        if _met(v, a, walk, level, node):
            continue
        walk[level] = node
        if level < depth:
            level += 1
            at[level] = p.liberal_ptr[leg + 1, node]
        elif not _same(walk, v, a):
            if found == MOST_RIVALS:
                return -1
            ends[found] = node
            sure[found] = _is_sure(p, walk, a)
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
def _same(walk: Int32, v: Int32, a: np.int64) -> bool:
    for i in range(len(walk)):  # noqa: SIM110
        if walk[i] != v[a + i]:
            return False
    return True


@kernel
def _is_sure(p: Program, walk: Int32, a: np.int64) -> bool:
    for i in range(len(walk) - 1):
        if not in_sorted(p.strict_ptr[a + i], p.strict, walk[i], walk[i + 1]):
            return False
    return True


@allocating
def pins_nothing(
    p: Program,
    t: Tables,
    first: np.int64,
    clues: Int32,
    n_clues: Int64,
    class_: np.int64,
) -> bool:
    """Say whether the part of a question from variable ``first`` on pins none of its variables.

    Rule N: with the spine cut before ``first``, each variable of the part that holds the target
    must still have two values or more. Contested statements do not count as values.

    Args:
        p: The spine template.
        t: The tables.
        first: The first variable of the part.
        clues: shape (nv, MOST_CLUES); the clues of each variable.
        n_clues: shape (nv,); how many.
        class_: The class that the target lies in, or -1.
    """
    nv = len(p.pins)
    if first == nv - 1 and class_ >= 0:
        return t.members[class_] > 1
    pivot = first
    while pivot < nv and n_clues[pivot] == 0:
        pivot += 1
    if pivot == nv:
        pivot = nv - 2 if class_ >= 0 and p.pins[nv - 2] == FINDINGS else first
    order, comes_from = _order(first, pivot, nv)
    one = np.full(nv, -1, np.int32)
    two = np.zeros(nv, np.bool_)
    budget = np.full(1, MOST_WALKS, np.int64)
    value = np.empty(nv, np.int32)
    at, end = np.zeros(nv, np.int64), np.zeros(nv, np.int64)
    beside_target = pivot == nv - 2 and class_ >= 0
    if n_clues[pivot] == 0 and not beside_target:
        for i in range(p.members_ptr[pivot], p.members_ptr[pivot + 1]):
            if _walk_part(
                p, t, order, comes_from, p.members[i], clues, n_clues, class_,
                one, two, budget, value, at, end,
            ):  # fmt: skip
                return True
        return False
    shared = np.empty(t.strict.shape[1], np.uint64)
    _share(t, clues[pivot], n_clues[pivot], class_ if beside_target else -1, shared)
    return _walk_all(
        p, t, order, comes_from, shared, clues, n_clues, class_, one, two, budget, value, at, end
    )


@kernel
def _share(t: Tables, clues: Int32, k: np.int64, class_: np.int64, shared: Bits) -> None:
    """Fill a set with the diseases that surely have all clues, and something of a class."""
    for w in range(len(shared)):
        shared[w] = t.everyone[w] if class_ < 0 else t.strict[t.term_number[class_], w]
    for c in range(k):
        row = t.term_number[clues[c]]
        for w in range(len(shared)):
            shared[w] &= t.strict[row, w]


@kernel
def _walk_all(
    p: Program,
    t: Tables,
    order: Int64,
    comes_from: Int64,
    shared: Bits,
    clues: Int32,
    n_clues: Int64,
    class_: np.int64,
    one: Int32,
    two: NDArray[np.bool_],
    budget: Int64,
    value: Int32,
    at: Int64,
    end: Int64,
) -> bool:
    """Walk a part from every disease of a set until all its variables have two values."""
    for w in range(len(shared)):
        word = shared[w]
        while word:
            node = t.disease_node[64 * w + lowest_bit(word)]
            word &= word - np.uint64(1)
            if _walk_part(
                p, t, order, comes_from, node, clues, n_clues, class_,
                one, two, budget, value, at, end,
            ):  # fmt: skip
                return True
    return False


@allocating
def _order(first: np.int64, pivot: np.int64, nv: np.int64) -> tuple[Int64, Int64]:
    """Return the variables as walked, from the pivot left, then right, and their sources."""
    order = np.empty(nv - first, np.int64)
    comes_from = np.empty(nv - first, np.int64)
    size = 0
    for v in range(pivot, first - 1, -1):
        order[size], comes_from[size] = v, v + 1
        size += 1
    for v in range(pivot + 1, nv):
        order[size], comes_from[size] = v, v - 1
        size += 1
    return order, comes_from


@kernel
def _span(p: Program, var: np.int64, source: np.int64, node: np.int64) -> tuple[np.int64, np.int64]:
    """Return where the strict neighbours of a node lie, towards the variable."""
    if source < var:
        return p.strict_ptr[source, node], p.strict_ptr[source, node + 1]
    return p.back_ptr[var, node], p.back_ptr[var, node + 1]


@kernel
def _walk_part(
    p: Program,
    t: Tables,
    order: Int64,
    comes_from: Int64,
    start: np.int64,
    clues: Int32,
    n_clues: Int64,
    class_: np.int64,
    one: Int32,
    two: NDArray[np.bool_],
    budget: Int64,
    value: Int32,
    at: Int64,
    end: Int64,
) -> bool:
    """Walk all solutions of a part from one value of its pivot; say whether all have two values."""
    size = len(order)
    for i in range(len(value)):
        value[i] = -1
    value[order[0]] = start
    if size == 1:
        return _note(order, value, one, two)
    level = 1
    at[1], end[1] = _span(p, order[1], comes_from[1], start)
    while level > 0:
        budget[0] -= 1
        if budget[0] < 0:
            return False
        var = order[level]
        value[var] = -1
        if at[level] == end[level]:
            level -= 1
            continue
        node = p.strict[at[level]] if comes_from[level] < var else p.back[at[level]]
        at[level] += 1
        if not _allowed(p, t, var, node, value, clues, n_clues, class_):
            continue
        value[var] = node
        if level < size - 1:
            level += 1
            near = order[level]
            at[level], end[level] = _span(p, near, comes_from[level], value[comes_from[level]])
        elif _note(order, value, one, two):
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
    n_clues: Int64,
    class_: np.int64,
) -> bool:
    for i in range(len(value)):
        if value[i] == node:
            return False
    if class_ >= 0 and var == len(p.pins) - 1:
        return in_sorted(t.ancestors_indptr, t.ancestors, node, class_)
    if p.pins[var] == FINDINGS:
        number = t.disease_number[node]
        for c in range(n_clues[var]):
            if number < 0 or not has(t.strict[t.term_number[clues[var, c]]], number):
                return False
    return True


@kernel
def _note(order: Int64, value: Int32, one: Int32, two: NDArray[np.bool_]) -> bool:
    """Note one solution; say whether every variable has shown two values."""
    full = True
    for i in range(len(order)):
        var = order[i]
        if one[var] == -1:
            one[var] = value[var]
        elif one[var] != value[var]:
            two[var] = True
        full = full and two[var]
    return full


@kernel
def is_honest(t: Tables, walk: Int32) -> bool:
    """Say whether a spine has no shortcut and no kin among its nodes (rule H).

    Args:
        t: The tables.
        walk: The nodes of the spine in order; neighbours are joined by its legs.
    """
    for i in range(len(walk)):
        for j in range(i + 1, len(walk)):
            if kin(t, walk[i], walk[j]):
                return False
            if j > i + 1 and joins(t, walk[i], walk[j]):
                return False
    return True


@kernel
def joins(t: Tables, a: np.int64, b: np.int64) -> bool:
    """Say whether any statement joins two nodes, asserted, denied or by closure."""
    if in_sorted(t.joined_indptr, t.joined, a, b):
        return True
    return _joins_below(t, a, b) or _joins_below(t, b, a)


@kernel
def _joins_below(t: Tables, a: np.int64, term: np.int64) -> bool:
    """Say whether a node is joined to something below a term."""
    if t.disease_number[a] >= 0 and t.term_number[term] >= 0:
        return has(t.liberal[t.term_number[term]], t.disease_number[a])
    if t.members[term] == 0 or t.disease_number[term] >= 0:
        return False  # nothing below it, or below it lie its own kinds, not what it implies
    for k in range(t.joined_indptr[a], t.joined_indptr[a + 1]):
        if in_sorted(t.ancestors_indptr, t.ancestors, t.joined[k], term):
            return True
    return False
