"""Which clues of a node are near one another, so that drawing them hardly ever has to look.

Two clues are near when they are kin or children of one parent: they are not drawn together.
"""

import hashlib
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32
from kgsynth.paths.keep import kept
from kgsynth.paths.tables import Kinship, Tables
from kgsynth.paths.words import Words

_63 = np.uint64(63)


class Near(NamedTuple):
    """See `near_places`.

    Attributes:
        places: shape of a pool, uint64.
    """

    places: Bits


def near_of(graph: KnowledgeGraph, t: Tables) -> Bits:
    """Return `near_places` of a graph's pools, from the cache where they lie there."""
    name = f"near-{hashlib.sha256(t.pool.tobytes()).hexdigest()[:16]}"
    return kept(graph, name, Near, lambda: Near(near_places(t.pool, t.kin, t.words))).places


def near_places(pool: Int32, kin: Kinship, words: Words) -> Bits:
    """Return what may be near each entry of the nodes' pools, by its place in its own pool.

    Places count modulo 64. The bit of an entry's own place says whether naming it may give the
    node away whose pool it is in.

    Args:
        pool: Ragged; the clues of each node.
        kin: The closure.
        words: The words that give away.

    Returns:
        Bits, shape of `pool`.
    """
    n = int(pool[0]) - 1
    begins, terms = pool[: n + 1].astype(np.int64), pool[n + 1 :]
    owner = np.repeat(np.arange(n, dtype=np.int64), np.diff(begins))
    place = np.arange(n + 1, len(pool)) - begins[owner]
    own = np.uint64(1) << (place.astype(np.uint64) & _63)
    # Those with a parent in common are near, and one that is the parent of another.
    at, parent = _values(kin.parents, terms)
    keys = np.concatenate([owner << 32 | terms, owner[at] << 32 | parent])
    near = _together(keys, np.concatenate([np.arange(len(terms)), at]), own)
    at, above = _values(kin.ancestors, terms)
    pooled = np.zeros(n, np.bool_)
    pooled[terms] = True
    at, above = at[pooled[above]], above[pooled[above]]
    _join_kin(near, own, owner << 32 | terms, at, owner[at] << 32 | above)
    crowded = np.diff(begins)[owner] > 64
    telling = crowded | _share(words.clue, terms, words.secret, owner)
    near = np.where(telling, near | own, near & ~own)
    return np.concatenate([np.zeros(n + 1, np.uint64), near])


def _values(rows: Int32, of: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the values in some rows of a ragged table, each with the place of its row in `of`."""
    begins = rows[of].astype(np.int64)
    sizes = rows[of + 1] - begins
    at = np.repeat(np.arange(len(of)), sizes)
    first = np.cumsum(sizes) - sizes
    return at, rows[begins[at] + np.arange(len(at)) - first[at]].astype(np.int64)


def _together(keys: NDArray[np.int64], at: NDArray[np.int64], own: Bits) -> Bits:
    """Return for each entry the bits of all entries that have a key in common with it."""
    order = np.argsort(keys)
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1))
    found = np.zeros(len(own), np.uint64)
    if len(starts):
        whole = np.bitwise_or.reduceat(own[at[order]], starts)
        sizes = np.diff(starts, append=len(keys))
        many = np.repeat(sizes > 1, sizes)
        np.bitwise_or.at(found, at[order][many], np.repeat(whole, sizes)[many])
    return found


def _join_kin(
    near: Bits,
    own: Bits,
    entries: NDArray[np.int64],
    at: NDArray[np.int64],
    above: NDArray[np.int64],
) -> None:
    """Mark entries of which one is an ancestor of the other, both ways."""
    order = np.argsort(entries)
    if len(order):
        place = order[np.searchsorted(entries, above, sorter=order).clip(max=len(order) - 1)]
        hit = entries[place] == above
        np.bitwise_or.at(near, at[hit], own[place[hit]])
        np.bitwise_or.at(near, place[hit], own[at[hit]])


def _share(one: Int32, a: NDArray[Any], other: Int32, b: NDArray[Any]) -> NDArray[np.bool_]:
    """Say whether row ``a`` of a table and row ``b`` of another share a value, for many at once."""
    found = np.zeros(len(a), np.bool_)
    at, value = _values(one, a)
    owners = np.unique(b)
    whose, secret = _values(other, owners)
    known = np.sort(owners[whose] << 32 | secret)
    found[at[np.isin(b[at] << 32 | value, known)]] = True
    return found
