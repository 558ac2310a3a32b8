"""Single cells of Arrow columns as Python values, a few times faster than a scalar's ``as_py``.

Rows are decoded one by one when they are first asked for, and a question asks for dozens. What a
cell needs of its column (offsets, bytes) is looked up once, when the column is opened.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

#: Returns the value in one row.
Cell = Callable[[int], Any]


def cell_of(column: pa.Array) -> Cell:
    """Return what reads single cells of a column.

    Texts, lists of texts, numbers and flags are read out of their buffers; whatever else a column
    holds, Arrow reads. The values are those of ``column[row].as_py()`` either way.

    Example:
        >>> [cell_of(pa.array(["a", None, "é"]))(row) for row in range(3)]
        ['a', None, 'é']
        >>> cell_of(pa.array([["a", "b"], []]))(0)
        ['a', 'b']
    """
    if pa.types.is_string(column.type):
        return _text_of(column)
    if pa.types.is_float32(column.type) or pa.types.is_float64(column.type):
        return _number_of(column)
    if not column.null_count and len(column):
        if pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type):
            return _texts_of(column)
        if pa.types.is_boolean(column.type):
            flag: Cell = column.to_numpy(zero_copy_only=False).data.__getitem__
            return flag
    return lambda row: column[row].as_py()


def _text_of(column: pa.Array) -> Cell:
    valid, offsets, data = column.buffers()
    at, held = np.frombuffer(offsets, np.int32).data, memoryview(data or b"")
    first = column.offset

    def text(row: int) -> str:
        place = first + row
        return str(held[at[place] : at[place + 1]], "utf-8")

    if not column.null_count:
        return text
    bits = memoryview(valid)

    def text_or_none(row: int) -> str | None:
        place = first + row
        return text(row) if bits[place >> 3] >> (place & 7) & 1 else None

    return text_or_none


def _number_of(column: pa.Array) -> Cell:
    valid, data = column.buffers()
    wide = np.float64 if pa.types.is_float64(column.type) else np.float32
    held, first = np.frombuffer(data or b"", wide).data, column.offset
    if not column.null_count:
        return lambda row: held[first + row]
    bits = memoryview(valid)

    def number_or_none(row: int) -> float | None:
        place = first + row
        return held[place] if bits[place >> 3] >> (place & 7) & 1 else None

    return number_or_none


def _texts_of(column: pa.Array) -> Cell:
    # `values` and not `flatten()`: offsets count from the start of the child array.
    at, text = column.offsets.to_numpy().data, _text_of(column.values)
    return lambda row: [text(place) for place in range(at[row], at[row + 1])]
