"""Between Arrow's columns and numpy's integers: the few conversions that the builder needs."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]


def encode(columns: Sequence[pa.ChunkedArray | pa.Array]) -> tuple[Int32, pa.Array]:
    """Return string columns, one behind the other, as codes of one sorted vocabulary.

    Args:
        columns: Strings, plain or dictionary-encoded; null counts as "".

    Returns:
        codes: shape (total rows,), int32.
        values: The distinct strings, ascending; code order is therefore string order.
    """
    parts = [_dictionary(column) for column in columns]
    words = [part.dictionary for part in parts]
    values = pc.unique(pa.concat_arrays([*words, pa.array([""], pa.string())]))
    values = values.take(pc.sort_indices(values))
    blank = int(pc.index(values, "").as_py())
    codes = [_recode(part, values, blank) for part in parts]
    return (np.concatenate(codes) if codes else np.zeros(0, np.int32)), values


def narrow(codes: NDArray[Any], limit: int) -> NDArray[Any]:
    """Return codes in the smallest integers that hold them and `limit`."""
    kind = next(kind for kind in (np.int8, np.int16, np.int32) if limit <= np.iinfo(kind).max)
    found: NDArray[Any] = codes.astype(kind, copy=False)
    return found


def _dictionary(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    if isinstance(column, pa.ChunkedArray):
        column = (
            column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column
        ).combine_chunks()
        if isinstance(column, pa.ChunkedArray):  # no chunk at all
            column = pa.array([], column.type)
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    if encoded.dictionary.type != pa.string():
        encoded = pa.DictionaryArray.from_arrays(
            encoded.indices, encoded.dictionary.cast(pa.string())
        )
    return encoded


def _recode(part: pa.DictionaryArray, values: pa.Array, blank: int) -> Int32:
    place = pc.index_in(part.dictionary, value_set=values)
    codes = place.take(part.indices).fill_null(blank)
    found: Int32 = codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return found


def find(column: pa.ChunkedArray | pa.Array, values: pa.Array) -> Int32:
    """Return where each string of a column stands in `values`; -1 where it does not."""
    if not len(column):  # of a table that a source does not have; `values` would be hashed for it
        return np.zeros(0, dtype=np.int32)
    part = _dictionary(column)
    codes = pc.index_in(part.dictionary, value_set=values).take(part.indices).fill_null(-1)
    found: Int32 = codes.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return found


def decode(codes: NDArray[Any], values: pa.Array) -> pa.Array:
    """Return the strings that codes stand for; null where a code is negative."""
    if len(codes) and codes.min() < 0:
        return values.take(pa.array(codes, mask=codes < 0))
    return values.take(pa.array(codes))


def lists(owners: Int64, texts: pa.Array, size: int) -> pa.Array:
    """Return a list column of `size` rows from `texts`, whose `owners` ascend."""
    offsets = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(owners, minlength=size), out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), texts)


def numbers(column: pa.ChunkedArray, fill: float) -> NDArray[Any]:
    """Return a numeric or boolean column as numpy, null as `fill`."""
    array: NDArray[Any] = column.fill_null(fill).to_numpy()
    return array


def firsts(keys: NDArray[Any]) -> Bool:
    """Return which of the sorted `keys` differ from the one before."""
    marks = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=marks[1:])
    return marks


def concat(tables: Iterable[pa.Table], name: str) -> list[pa.ChunkedArray]:
    """Return one column of several tables."""
    return [table[name] for table in tables]
