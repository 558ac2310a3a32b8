"""The ids of a graph: from place to text and back, without a dictionary of all of a large graph."""

import functools
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from kgsynth.memo import Memo

#: So many ids are held in a dictionary at most; half as many, all at once when they are asked for
#: often; others are searched, at 10 µs each.
_FEW = 1 << 18
_OFTEN = 1000


class Ids:
    """Ids in ascending order.

    Args:
        column: Strings, ascending, without null.
    """

    def __init__(self, column: pa.Array) -> None:
        self._column = column
        self._asked = 0
        #: The place of an id, None where there is none; the id at a place.
        self.places: Memo[str, int | None] = Memo(self._find, _FEW)
        self.texts: Memo[int, str] = Memo(self._text, _FEW)

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, place: int) -> str:
        """Return the id at a place."""
        return self.texts[place]

    def find(self, text: str) -> int | None:
        """Return the place of an id, None where there is none."""
        return self.places[text]

    def _text(self, place: int) -> str:
        """Return the id at a place that was not asked for before."""
        self._ask()
        return str(self._column[place])

    def _find(self, text: str) -> int | None:
        """Return the place of an id that was not asked for before."""
        self._ask()
        key = text.encode("utf-8", "surrogatepass")
        place = bisect_left(self._packed, key)
        return place if place < len(self) and self._packed[place] == key else None

    def _ask(self) -> None:
        """Count an id that was not known; fill the dictionaries once that pays."""
        self._asked += 1
        if self._asked == _OFTEN and len(self) <= _FEW // 2:
            texts = self._column.to_pylist()
            self.texts.update(enumerate(texts))
            self.places.update(zip(texts, range(len(texts)), strict=True))

    def beginning(self, prefix: str) -> range:
        """Return the places of all ids that begin so."""
        key = prefix.encode("utf-8", "surrogatepass")
        # No byte of UTF-8 is 0xff, so this sorts behind every text that begins so.
        return range(bisect_left(self._packed, key), bisect_left(self._packed, key + b"\xff"))

    @functools.cached_property
    def _packed(self) -> "_Packed":
        return _Packed(self._column)


class _Packed(Sequence[bytes]):
    """A string column as bytes, one value at a time: they sort as the strings do."""

    def __init__(self, column: pa.Array) -> None:
        _, offsets, data = column.buffers()
        self._length = len(column)
        self._offsets = np.frombuffer(offsets, dtype=np.int32)[column.offset :]
        self._data = memoryview(data) if data is not None else memoryview(b"")

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]
        return bytes(self._data[self._offsets[place] : self._offsets[place + 1]])
