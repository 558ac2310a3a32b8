"""Which of many sets is like a new one: an exact search by Jaccard's measure, a few dozen µs a set.

Two sets with a Jaccard likeness of at least t share k of their rarest members: of each set all
but the t·size - k commonest need to be looked at (the prefix filter of Chaudhuri, Ganti and Kaushik
2006 and of Bayardo, Ma and Srikant 2007, made longer as by Wang, Li and Feng 2012). It holds in any
fixed order of members; how common they are is counted anew each time the number of sets has grown
fourfold, which only makes it fast. We rejected MinHash: questions of one template share half of
their words, so bands that find what is nine tenths alike would also bring up hundreds of rows that
are not, and still miss some.
"""

import math
import sys
from collections import Counter
from itertools import chain

from kgsynth.memo import Memo

#: How many sets there are when their members are first counted, and how much later each time.
FIRST, GROWTH = 64, 4

#: How many of its rarest members a set must share to be compared.
SHARED = 3

#: Against rounding: 0.8 * 35 is a little more than 28.
_EPSILON = 1e-9


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of all members of two sets that both have; 0 for two empty ones."""
    shared = len(one & other)
    either = len(one) + len(other) - shared
    return shared / either if either else 0.0


class AlikeIndex:
    """Sets of text, in the order in which they were added, and a search among them.

    Args:
        limit: The likeness from which on two sets are alike, in (0, 1]; 1: they are equal.
    """

    def __init__(self, limit: float) -> None:
        if not 0 < limit <= 1:
            raise ValueError(f"not a likeness: {limit!r}; expected above 0 and at most 1")
        self._limit = limit
        self._sets: list[frozenset[str]] = []
        # Where each member stands in the order of rarity: those not counted yet before all others.
        self._rank: Memo[str, int] = Memo(lambda _: -1 - len(self._rank), sys.maxsize)
        self._holding: dict[int, list[int]] = {}
        self._next = FIRST
        self._last: tuple[frozenset[str], list[int]] = (frozenset(), [])

    def __len__(self) -> int:
        """How many sets were added."""
        return len(self._sets)

    def find(self, members: frozenset[str]) -> int | None:
        """Return the place of the first set that is alike, or None."""
        prefix = self._prefix(members)
        holding = self._holding
        shared = Counter(chain.from_iterable([holding[one] for one in prefix if one in holding]))
        least, most = self._limit * len(members) - _EPSILON, len(members) / self._limit + _EPSILON
        needed, limit = min(SHARED, math.ceil(least)), self._limit - _EPSILON
        alike = [
            at
            for at, count in shared.items()
            if count >= needed
            and least <= len(found := self._sets[at]) <= most
            and jaccard(members, found) >= limit
        ]
        return min(alike, default=None)

    def add(self, members: frozenset[str]) -> None:
        """Keep a set for later searches."""
        self._sets.append(members)
        if len(self._sets) >= self._next:
            self._count_anew()
        else:
            self._post(len(self._sets) - 1)

    def _prefix(self, members: frozenset[str]) -> list[int]:
        """Return the rarest members, of which every set that is alike has some among its own."""
        if members is not self._last[0]:
            length = len(members) - math.ceil(self._limit * len(members) - _EPSILON) + SHARED
            rank = self._rank
            self._last = members, sorted([rank[one] for one in members])[:length]
        return self._last[1]

    def _post(self, at: int) -> None:
        for member in self._prefix(self._sets[at]):
            self._holding.setdefault(member, []).append(at)

    def _count_anew(self) -> None:
        common = Counter(chain.from_iterable(self._sets))
        self._rank.clear()
        self._rank.update(
            (one, at) for at, one in enumerate(sorted(common, key=common.__getitem__))
        )
        self._last = frozenset(), []
        self._holding = {}
        for at in range(len(self._sets)):
            self._post(at)
        self._next = GROWTH * len(self._sets)
