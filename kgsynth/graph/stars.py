"""Which ids are one entity: stars of exact mappings, never chains.

Every id may join the entity of one other id, its *center*; a center joins nothing. The rule, over
the set of all pairs that any source states as exact, whatever the order of sources and rows:

1. Authorities are ranked. An id looks at its partners of better rank and, of those, only at the
   ones of the best-ranked authority. It joins its partner where that partner is a center.
2. Where several partners of that authority claim the id, or several ids of one authority claim
   the same center, at most one pair holds: that of the only one that some source describes, else
   that of the only one whose name is the other's; else none.
3. An id whose partner has joined something else joins nothing: A = B and B = C make no A = C.

So each member of an entity was mapped to its center by a statement of its own, and no entity has
two ids of one authority.
"""

from collections.abc import Callable

import numpy as np

from kgsynth.graph.columns import Bool, Int32, Int64, firsts

#: Says whether two ids (as codes) bear the same main name.
SameName = Callable[[int, int], bool]


def centers(pairs: Int64, rank: Int32, described: Bool, same_name: SameName) -> Int64:
    """Return the center of every id; a center is its own.

    Args:
        pairs: shape (n, 2), distinct; codes of two ids of different rank, the better one first.
        rank: shape (n_ids,); the rank of each id's authority, 0 the best. Two authorities never
            share a rank.
        described: shape (n_ids,); whether some source describes the id.
        same_name: Asked only where rule 2 needs it.

    Returns:
        shape (n_ids,).
    """
    center: Int64 = np.arange(len(rank))
    level = rank[pairs[:, 1]]
    for one in np.unique(level).tolist():  # the best authority first: its partners are settled
        best = _best_partners(pairs[level == one], rank)
        chosen = _one_of(best[:, [1, 0]], described, same_name)  # one partner for each id
        chosen = chosen[center[chosen[:, 1]] == chosen[:, 1]]
        chosen = _one_of(chosen[:, [1, 0]], described, same_name)  # one id for each partner
        center[chosen[:, 1]] = chosen[:, 0]
    return center


def _best_partners(pairs: Int64, rank: Int32) -> Int64:
    """Return the pairs with partners of the best authority that each second id has."""
    order = np.lexsort((rank[pairs[:, 0]], pairs[:, 1]))
    pairs = pairs[order]
    starts = np.flatnonzero(firsts(pairs[:, 1]))
    best = np.repeat(rank[pairs[starts, 0]], np.diff(np.append(starts, len(pairs))))
    found: Int64 = pairs[rank[pairs[:, 0]] == best]
    return found


def _one_of(pairs: Int64, described: Bool, same_name: SameName) -> Int64:
    """Return one pair at most for each first id: see rule 2."""
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    starts = np.flatnonzero(firsts(pairs[:, 0]))
    sizes = np.diff(np.append(starts, len(pairs)))
    single = np.repeat(sizes == 1, sizes)
    kept = [pairs[single]]
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        claim = _choose(pairs[start : start + size], described, same_name)
        if claim is not None:
            kept.append(claim[None])
    return np.concatenate(kept)


def _choose(claims: Int64, described: Bool, same_name: SameName) -> Int64 | None:
    known = claims[described[claims[:, 1]]]
    if len(known) > 1:
        known = known[[same_name(one, other) for one, other in known.tolist()]]
    return known[0] if len(known) == 1 else None
