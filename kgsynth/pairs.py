"""Pairs of questions: those of a `dual` are kept together, or neither of them.

The two halves of a pair follow one another in mining order, and a key of their journal entries
names the pair. Half a pair is no row: what becomes of its counterpart decides.
"""

from collections import Counter
from collections.abc import Sequence

from kgsynth.records import Rejection
from kgsynth.runs import Entry

#: Kinds whose questions come in pairs.
PAIRED = frozenset({"dual"})


def even(kind: str, rows: int) -> int:
    """Return how many rows a part gives: of a paired kind an even number, one more if need be.

    Example:
        >>> even("dual", 5), even("dual", 4), even("chain", 5)
        (6, 4, 5)
    """
    return rows + rows % 2 if kind in PAIRED else rows


def pair_of(keys: str) -> str:
    """Return the pair that the keys of an entry name, or ""."""
    return next((key for key in keys.split(" ") if key.startswith("~")), "")


class Halves:
    """The pairs of which one question is there."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def rows(self, keys: str) -> int:
        """Return how many rows one more counts for: none, where it is the first half of a pair."""
        pair = pair_of(keys)
        if not pair:
            return 1
        if pair in self._open:
            self._open.discard(pair)
            return 2
        self._open.add(pair)
        return 0


def part_whole(rows: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Return the rows of one part that stand alone or with their counterpart; and lone halves."""
    found = Counter(pair for row in rows if (pair := pair_of(row.keys)))
    lone = [row for row in rows if found.get(pair_of(row.keys)) == 1]
    kept = set(lone)
    return [row for row in rows if row not in kept], lone


def lone_half(row: Entry) -> Rejection:
    """Return why half a pair is no row."""
    name = f"question {row.seq}"
    return Rejection(name, "distinct", "lone_half", "its counterpart was turned down")
