"""Room that kernels work in, made once: a kernel that makes arrays compiles and runs slowly."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.paths.bits import Bits, Int32, Int64
from kgsynth.paths.program import Program
from kgsynth.paths.tables import Tables

#: Most clues that any step may have, and the most sets of them that a first step chooses from.
MOST_CLUES, KEPT_SETS = 8, 8

#: A step with more rivals than this is not mined: it runs over a hub.
MOST_RIVALS = 1024


class Walk(NamedTuple):
    """What a walk over a spine of nv variables keeps; every array is that long, or one longer.

    Attributes:
        at, end: int64; where each level's row is read, and where it ends.
        order, source: int64; the variables as walked, and the neighbour each is reached from.
        node: int32; the node at each level, or of each variable.
        one: int32; the first value that each variable took.
        two: bool; whether it took another.
        budget: shape (1,), int64; walks that are left.
    """

    at: Int64
    end: Int64
    order: Int64
    source: Int64
    node: Int32
    one: Int32
    two: NDArray[np.bool_]
    budget: Int64


class Rivals(NamedTuple):
    """The other ways to walk the step that ends at each variable.

    Attributes:
        ways: shape (nv,), int64; how many, -1 for a variable without clues.
        ends: shape (nv, MOST_RIVALS); where they end.
        sure: shape (nv, MOST_RIVALS); whether each rests on no contested statement.
    """

    ways: Int64
    ends: Int32
    sure: NDArray[np.bool_]


class Room(NamedTuple):
    """What drawing clues keeps.

    Attributes:
        state: shape (1,), uint64; the random state.
        shared: shape (words,), uint64; who has all of some clues.
        pool: shape (largest pool,); clues still to draw.
        fit: shape (nv, largest pool); the clues that each variable may have …
        n_fit: shape (nv,), int64; … how many they are …
        looked: shape (nv, largest pool), int8; … and what is known of each, see `clues`.
        lacks: shape (nv, largest pool, MOST_RIVALS); whether a rival lacks such a clue.
        lacking: shape (MOST_RIVALS,), int64; how many of the chosen clues a rival lacks.
        tested: shape (KEPT_SETS,), int64; which clues of each first set may be the far anchor, -1
            where it was not tested yet.
        classes: The labels that the target may be told by.
        used: The clues of earlier steps …
        n_used: shape (1,), int64; … and how many the first step has.
        stem: shape (nv,); a spine without its target.
        stamp: shape (n,), int32; the time when a label was last seen at an end of the last step,
            and one more where it was seen at several …
        clock: shape (1,), int32; … and what time it is.
    """

    state: Bits
    shared: Bits
    pool: Int32
    fit: Int32
    n_fit: Int64
    looked: NDArray[np.int8]
    lacks: NDArray[np.bool_]
    lacking: Int64
    tested: Int64
    classes: Int32
    used: Int32
    n_used: Int64
    stem: Int32
    stamp: Int32
    clock: Int32


class Scratch(NamedTuple):
    """All of it."""

    walk: Walk
    rivals: Rivals
    room: Room


def make_scratch(p: Program, t: Tables) -> Scratch:
    """Return room for the spines of a template."""
    n, nv = p.n, len(p.pins)
    longest = max(1, int(np.diff(t.pool[: n + 1]).max(initial=0)))
    most_labels = max(1, int(np.diff(p.labels[: n + 1]).max(initial=0)))
    words = t.sets.liberal.shape[1]
    kinds = (np.int64, np.int64, np.int64, np.int64, np.int32, np.int32, np.bool_)
    arrays: list[Any] = [np.zeros(nv + 1, kind) for kind in kinds]
    walk = Walk(*[*arrays, np.zeros(1, np.int64)])
    rivals = Rivals(
        np.zeros(nv, np.int64),
        np.zeros((nv, MOST_RIVALS), np.int32),
        np.zeros((nv, MOST_RIVALS), np.bool_),
    )
    room = Room(
        np.zeros(1, np.uint64), np.zeros(words, np.uint64), np.zeros(longest, np.int32),
        np.zeros((nv, longest), np.int32), np.zeros(nv, np.int64),
        np.zeros((nv, longest), np.int8), np.zeros((nv, longest, MOST_RIVALS), np.bool_),
        np.zeros(MOST_RIVALS, np.int64),
        np.zeros(KEPT_SETS, np.int64), np.zeros(most_labels, np.int32),
        np.zeros(nv * MOST_CLUES, np.int32), np.zeros(1, np.int64), np.zeros(nv, np.int32),
        np.zeros(n, np.int32), np.zeros(1, np.int32),
    )  # fmt: skip
    return Scratch(walk, rivals, room)
