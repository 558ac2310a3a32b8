"""The ids of a graph: from place to text and back, without a dictionary of all of a large graph."""

import functools
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

#: Up to so many ids are kept as a dictionary once they are asked for often; more are searched,
#: at 10 µs each.
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

    def _often(self) -> bool:
        """Count a question; say whether making a dictionary pays by now."""
        self._asked += 1
        return self._asked > _OFTEN and len(self) <= _FEW

    def __len__(self) -> int:
        return len(self._column)

    def __getitem__(self, place: int) -> str:
        """Return the id at a place."""
        if self._often():
            return self._texts[place]
        return str(self._column[place])

    def find(self, text: str) -> int | None:
        """Return the place of an id, None where there is none."""
        if self._often():
            return self._places.get(text)
        key = text.encode("utf-8", "surrogatepass")
        place = bisect_left(self._packed, key)
        return place if place < len(self) and self._packed[place] == key else None

    def beginning(self, prefix: str) -> range:
        """Return the places of all ids that begin so."""
        key = prefix.encode("utf-8", "surrogatepass")
        # No byte of UTF-8 is 0xff, so this sorts behind every text that begins so.
        return range(bisect_left(self._packed, key), bisect_left(self._packed, key + b"\xff"))

    @functools.cached_property
    def _texts(self) -> list[str]:
        texts: list[str] = self._column.to_pylist()
        return texts

    @functools.cached_property
    def _places(self) -> dict[str, int]:
        return {text: place for place, text in enumerate(self._texts)}

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
