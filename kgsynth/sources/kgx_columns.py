"""Columns of the edges of a KGX graph, as codes: a large graph has ten million rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.sources.frequency import Frequency, parse_frequency
from kgsynth.sources.kgx_read import Records

Int32 = NDArray[np.int32]


@dataclass
class Column:
    """One column of all edges: codes, and the words they stand for."""

    codes: Int32
    words: pa.Array

    def texts(self) -> list[str]:
        """Return the words."""
        texts: list[str] = self.words.to_pylist()
        return texts

    def mapped(self, values: Sequence[Any], kind: Any) -> NDArray[Any]:
        """Return a value of numpy's type `kind` for each row."""
        found: NDArray[Any] = np.array(values, dtype=kind)[self.codes]
        return found


def join_column(blocks: list[Records], name: str) -> Column:
    """Return a column of all blocks; blocks without it, or a column without a value, are blank."""
    kind = pa.dictionary(pa.int32(), pa.string())
    if not any(name in block.table.column_names for block in blocks):
        size = sum(len(block.lines) for block in blocks)
        # One number seen many times: an absent column takes no memory.
        return Column(np.broadcast_to(np.zeros(1, dtype=np.int32), (size,)), pa.array([""]))
    blank = pa.array([""], pa.string())
    chunks = []
    for block in blocks:
        if name in block.table.column_names:
            chunks += block.table[name].cast(kind).chunks
        else:
            zeros = pa.array(np.zeros(len(block.lines), dtype=np.int32))
            chunks.append(pa.DictionaryArray.from_arrays(zeros, blank))
    joined = pa.chunked_array(chunks, kind).unify_dictionaries()
    codes = np.concatenate([chunk.indices.to_numpy() for chunk in joined.chunks])
    words = joined.chunk(0).dictionary
    if len(words) == 1 and words[0].as_py():  # one value everywhere is a value all the same
        words = pa.concat_arrays([words, blank])
    return Column(codes.astype(np.int32, copy=False), words)


def frequency(text: str) -> Frequency:
    """Return what a frequency says in numbers; nothing where it is only words."""
    try:
        return parse_frequency(text)
    except ValueError:
        return Frequency()  # kept as given; it only says nothing in numbers


def share_of(text: str, whole: int) -> float:
    """Return a number as a share of `whole`; not a number where it is none."""
    try:
        found = float(text) / whole
    except ValueError:
        return float("nan")
    return found if 0 <= found <= 1 else float("nan")
