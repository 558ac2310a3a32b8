"""Rows of the edge table as `Edge` records, decoded fast.

Making Python objects of a nested Arrow value costs far more than reading it: the evidence of a
statement is decoded from dictionary-coded columns, which are made once (70 ms, 8 MB for 340,000).
The first few are read as they stand, 20 µs each, and so is every one of a graph of millions, where
those columns would take seconds and gigabytes.
"""

import functools
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.graph.cells import cell_of
from kgsynth.memo import Memo
from kgsynth.records import Edge, Evidence

#: The fields of an edge before its evidence, in their order.
_FIELDS = tuple(name for name in Edge.__dataclass_fields__ if name != "evidence")

#: Up to so many evidences are coded, once so many statements were read.
_FEW, _OFTEN = 1 << 21, 500


class Statements:
    """The edge table of a graph folder, read by row."""

    def __init__(self, table: pa.Table) -> None:
        self._cells = [cell_of(table.column(name).chunk(0)) for name in _FIELDS]
        lists = table.column("evidence").chunk(0)
        self._offsets: NDArray[np.int32] = lists.offsets.to_numpy()
        # `values` and not `flatten()`: offsets count from the start of the child array.
        self._structs = lists.values
        self._read = 0
        #: Evidences by the codes of their fields: many statements have the same.
        self._known: Memo[tuple[int, ...], Evidence] = Memo(self._decode)

    @functools.cached_property
    def _coded(self) -> tuple[list[list[str]], NDArray[np.int32]]:
        """The words of each field, and the code of each field of each evidence."""
        every, codes = [], []
        for name in Evidence.__dataclass_fields__:
            coded = self._structs.field(name).dictionary_encode()
            # A null gets the last code, which stands for "".
            every.append([*coded.dictionary.to_pylist(), ""])
            codes.append(coded.indices.fill_null(len(coded.dictionary)).to_numpy())
        return every, np.stack(codes, axis=1)

    def edge(self, row: int) -> Edge:
        """Return the statement in one row."""
        # Of its fields only qualifiers may be null; they stand for "".
        values: list[Any] = ["" if (value := cell(row)) is None else value for cell in self._cells]
        values.append(self.evidence(row))
        return Edge(*values)

    def evidence(self, row: int) -> tuple[Evidence, ...]:
        """Return the evidence of the statement in one row."""
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        self._read += 1
        if self._read <= _OFTEN or len(self._structs) > _FEW:
            return tuple(
                Evidence(*(one[name] or "" for name in Evidence.__dataclass_fields__))
                for one in self._structs.slice(start, end - start).to_pylist()
            )
        known = self._known
        return tuple([known[tuple(codes)] for codes in self._coded[1][start:end].tolist()])

    def _decode(self, codes: tuple[int, ...]) -> Evidence:
        every = self._coded[0]
        return Evidence(*[words[code] for words, code in zip(every, codes, strict=True)])
