"""What stands between two nodes of a spine: kinship, statements, and words that give away."""

import numpy as np

from kgsynth.paths.bits import Int32, has, in_row, share_any
from kgsynth.paths.jit import kernel
from kgsynth.paths.tables import Kinship, Tables
from kgsynth.paths.words import Words


@kernel
def kin(h: Kinship, a: np.int64, b: np.int64) -> bool:
    """Say whether two nodes are equal, or one lies above the other."""
    one, other = np.int64(a), np.int64(b)  # of one type, or each pair of types is compiled
    return one == other or _above(h, one, other) or _above(h, other, one)


@kernel
def _above(h: Kinship, a: np.int64, b: np.int64) -> bool:
    """Say whether ``b`` is a proper ancestor of ``a``."""
    marked = (h.marks[a] >> np.uint64(b & 63)) & np.uint64(1) != np.uint64(0)
    return marked and in_row(h.ancestors, a, b)


@kernel
def related(h: Kinship, a: np.int64, b: np.int64) -> bool:
    """Say whether two terms are kin, or children of one parent."""
    return kin(h, a, b) or share_any(h.parents, np.int64(a), h.parents, np.int64(b))


@kernel
def gives_away(words: Words, clue: np.int64, secret: np.int64) -> bool:
    """Say whether naming a clue would put a secret word of a node into the stem (rule L)."""
    if words.clue_marks[clue] & words.secret_marks[secret] == np.uint64(0):
        return False
    return share_any(words.clue, np.int64(clue), words.secret, np.int64(secret))


@kernel
def joins(t: Tables, a: np.int64, b: np.int64) -> bool:
    """Say whether any statement joins two nodes, asserted, denied or by closure."""
    if t.joined[a + 1] - t.joined[a] > t.joined[b + 1] - t.joined[b]:
        a, b = b, a  # a short row is searched sooner, and both say the same
    return (
        in_row(t.joined, np.int64(a), np.int64(b)) or _joins_below(t, a, b) or _joins_below(t, b, a)
    )


@kernel
def _joins_below(t: Tables, a: np.int64, term: np.int64) -> bool:
    """Say whether a node is joined to something below a term."""
    number, row = t.sets.number[a], t.sets.row[term]
    if number >= 0 and row >= 0:
        return has(t.sets.liberal[row], number)
    if t.members[term] == 0 or t.sets.number[term] >= 0:
        return False  # nothing below it, or below it lie its own kinds, not what it implies
    if t.roots[term] & ~t.joined_roots[a]:
        return False  # all that is joined to it lies in other hierarchies
    for k in range(t.joined[a], t.joined[a + 1]):
        if in_row(t.kin.ancestors, np.int64(t.joined[k]), np.int64(term)):
            return True
    return False


@kernel
def adds_honestly(t: Tables, walk: Int32, size: np.int64, node: np.int64) -> bool:
    """Say whether a spine of ``size`` nodes stays honest with one more at its end (rule H).

    Nodes of a spine are no kin, and no statement joins two that are not neighbours.
    """
    for i in range(size):
        if kin(t.kin, walk[i], node) or (i < size - 1 and joins(t, walk[i], node)):
            return False
    return True


@kernel
def begins_honestly(t: Tables, anchor: np.int64, walk: Int32) -> bool:
    """Say whether an honest spine stays so with the far anchor before its first node (rule H)."""
    for i in range(len(walk)):
        if kin(t.kin, anchor, walk[i]) or (i > 0 and joins(t, anchor, walk[i])):
            return False
    return True
