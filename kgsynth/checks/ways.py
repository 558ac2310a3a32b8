"""The ways to walk one step, by the clues that each fails: what rules S, R and M look at."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

#: Up to so many clues entities are counted by arrays of bytes.
_FEW = 8

_NONE: NDArray[np.uint8] = np.zeros(0, np.uint8)


class Ways:
    """The ways to walk one step, by the clues that they satisfy; see `of_all` and `of_walks`.

    Which clues an entity fails is a number with bit ``c`` set for clue ``c``, in order. Ways and
    rivals are counted by it: the rules ask for nothing else.

    Attributes:
        fitting: For each clue, in order, who fits it, denial aside.
        bound: Where the accepted way ends.
        walked: Whether the accepted way is among the ways.
        passed: Where the ways lead on from.
    """

    def __init__(
        self,
        fitting: Sequence[frozenset[int]],
        negated: int,
        whole: frozenset[int] | None,
        bound: int,
        walked: bool,
    ) -> None:
        self.fitting = fitting
        self.bound = bound
        self.walked = walked
        self.passed: Sequence[int] = ()
        # In a first step: every entity of its category.
        self._whole = whole
        #: What an entity fails that is in none of the sets.
        self.none = ((1 << len(fitting)) - 1) ^ negated
        self._fails: dict[int, int] = {}
        self._ways: dict[int, int] = {}
        self._rivals: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    @classmethod
    def of_all(
        cls,
        fitting: Sequence[frozenset[int]],
        negated: int,
        whole: frozenset[int],
        bound: int,
        accepted: Iterable[int],
        arrays: Sequence[NDArray[np.intp]] = (),
        scratch: NDArray[np.uint8] = _NONE,
    ) -> "Ways":
        """Return the ways of a step that may end at any entity of a category.

        Args:
            fitting: Who of the category is recorded with what each clue asks, or denies.
            negated: Which clues are denied, as bits.
            whole: Every entity of the category.
            bound: Where the accepted way ends.
            accepted: What is no rival.
            arrays: The sets of `fitting` as arrays, if they are at hand.
            scratch: shape (n_nodes,), all 0 before and after.
        """
        ways = cls(fitting, negated, whole, bound, bound in whole)
        none = ways.none
        if arrays and len(arrays) <= _FEW:
            met = count_together(arrays, scratch)
        else:
            met = count_one_by_one(fitting)
        ways._ways = counts = {none ^ places: number for places, number in met.items()}
        counts[none] = counts.get(none, 0) + len(whole) - sum(met.values())
        ways._rivals = ways._ends = rivals = counts.copy()
        for node in accepted:
            if node in whole:
                rivals[ways._failed(node)] -= 1
        return ways

    @classmethod
    def of_walks(
        cls,
        fitting: Sequence[frozenset[int]],
        negated: int,
        walks: Sequence[tuple[int, ...]],
        bound: tuple[int, ...],
        passed: Sequence[int],
    ) -> "Ways":
        """Return the ways of a later step, given every walk, the accepted one, what they pass."""
        end = bound[-1]
        ways = cls(fitting, negated, None, end, bound in walks)
        ways.passed = passed
        none, clues = ways.none, [(1 << place, nodes) for place, nodes in enumerate(fitting)]
        fails, every, ends = ways._fails, ways._ways, ways._ends
        for walk in walks:
            node = walk[-1]
            failed = fails.get(node)
            if failed is None:
                failed = none
                for bit, nodes in clues:
                    if node in nodes:
                        failed ^= bit
                fails[node] = failed
                if node != end:
                    ends[failed] = ends.get(failed, 0) + 1
            every[failed] = every.get(failed, 0) + 1
        ways._rivals = every
        if ways.walked:
            ways._rivals = every.copy()
            ways._rivals[fails[end]] -= 1
        return ways

    def fails(self, node: int) -> int:
        """Return the clues that an entity fails, as bits: bit c for clue c, in order."""
        known = self._fails.get(node)
        return self._failed(node) if known is None else known

    def _failed(self, node: int) -> int:
        failed = self.none
        for place, nodes in enumerate(self.fitting):
            if node in nodes:
                failed ^= 1 << place
        return failed

    def reaches(self, node: int) -> bool:
        """Say whether a way ends at an entity, clues aside."""
        return node in (self._fails if self._whole is None else self._whole)

    def left(self, order: Iterable[int]) -> tuple[int, ...]:
        """Return how many ways satisfy the first clue, the first two, and so on, in an order."""
        counts, left = [], self._ways
        for place in order:
            bit = 1 << place
            left = {failed: ways for failed, ways in left.items() if not failed & bit}
            counts.append(sum(left.values()))
        return tuple(counts)

    def rivals_within(self, limit: int) -> int:
        """Return how many rivals fail at most `limit` clues."""
        return sum(self._by_number(self._rivals)[: limit + 1]) if limit >= 0 else 0

    def needed(self, limit: int) -> int:
        """Return the clues without which a rival fails at most `limit`, as bits."""
        found = 0
        for failed, number in self._rivals.items():
            if number and (many := failed.bit_count()) <= limit + 1:
                found |= failed if many > limit else -1
        return found

    def ends(self) -> list[int]:
        """Return at how many entities rivals end that fail no clue, one, two, and so on."""
        return self._by_number(self._ends)

    def _by_number(self, counts: dict[int, int]) -> list[int]:
        found = [0] * (len(self.fitting) + 1)
        for failed, number in counts.items():
            found[failed.bit_count()] += number
        return found


def count_together(sets: Sequence[NDArray[np.intp]], scratch: NDArray[np.uint8]) -> dict[int, int]:
    """Return how many entities are in which of some sets; those in none are left out.

    Args:
        sets: At most eight, of entities' indices.
        scratch: shape (n_nodes,), all 0 before and after.

    Returns:
        Numbers of entities by the places of the sets that they are in, as bits.

    Example:
        >>> pair = [np.array([1, 2], np.intp), np.array([2, 3, 4], np.intp)]
        >>> count_together(pair, np.zeros(5, np.uint8))
        {1: 1, 2: 2, 3: 1}
    """
    for place, nodes in enumerate(sets):
        if place:
            scratch[nodes] |= 1 << place
        else:
            scratch[nodes] = 1
    every = np.concatenate(sets)
    counts = np.bincount(scratch[every]).tolist()
    scratch[every] = 0
    # An entity was counted once for each set that it is in.
    return {at: n // at.bit_count() for at, n in enumerate(counts) if n}


def count_one_by_one(sets: Sequence[Iterable[int]]) -> dict[int, int]:
    """Return what `count_together` does, of any number of sets."""
    places: dict[int, int] = {}
    for place, nodes in enumerate(sets):
        for node in nodes:
            places[node] = places.get(node, 0) | 1 << place
    return dict(Counter(places.values()))
