"""Rows of the edge table as `Edge` records, decoded fast.

Making Python objects of a nested Arrow value costs far more than reading it: the evidence of a
statement is decoded from dictionary-coded columns, which are made once (90 ms, 13 MB for 340,000).
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
        self._table = table
        self._cells = [cell_of(table.column(name).chunk(0)) for name in _FIELDS]
        lists = table.column("evidence").chunk(0)
        self._offsets: NDArray[np.int32] = lists.offsets.to_numpy()
        # `values` and not `flatten()`: offsets count from the start of the child array.
        self._structs = lists.values
        self._read = 0

    def edge(self, row: int) -> Edge:
        """Return the statement in one row."""
        self._read += 1
        if self._read > _OFTEN and len(self._structs) <= _FEW:
            return self._coded.edge(row)
        # Of its fields only qualifiers may be null; they stand for "".
        values: list[Any] = ["" if (value := cell(row)) is None else value for cell in self._cells]
        start, end = int(self._offsets[row]), int(self._offsets[row + 1])
        evidence = [
            Evidence(*(one[name] or "" for name in Evidence.__dataclass_fields__))
            for one in self._structs.slice(start, end - start).to_pylist()
        ]
        values.append(tuple(evidence))
        return Edge(*values)

    @functools.cached_property
    def _coded(self) -> "_Coded":
        return _Coded(self._table)


class _Coded:
    """The edge table with words that stand in many rows as codes."""

    def __init__(self, table: pa.Table) -> None:
        columns = {name: table.column(name).chunk(0) for name in _FIELDS}
        self._ids, self._subjects, self._objects, *self._flags = [
            cell_of(columns[name])
            for name in ("id", "subject", "object", "negated", "contested", "redundant")
        ]
        self._words = [
            (words, codes.data)
            for name in ("predicate", "frequency", "onset", "sex")
            for words, codes in [_coded(columns[name])]
        ]
        lists = table.column("evidence").chunk(0)
        parts = [_coded(lists.values.field(name)) for name in Evidence.__dataclass_fields__]
        self._evidence = [words for words, _ in parts]
        #: The codes of all evidences, one after the other; where those of each row begin.
        self._codes = np.stack([codes for _, codes in parts], axis=1)
        self._at = lists.offsets.to_numpy().data
        #: Evidences by the codes of their fields: many statements have the same.
        self._known: Memo[tuple[int, ...], Evidence] = Memo(self._decode)

    def edge(self, row: int) -> Edge:
        """Return the statement in one row."""
        predicate, frequency, onset, sex = [words[codes[row]] for words, codes in self._words]
        negated, contested, redundant = [flag(row) for flag in self._flags]
        known, codes = self._known, self._codes[self._at[row] : self._at[row + 1]].tolist()
        return Edge(
            self._ids(row),
            self._subjects(row),
            predicate,
            self._objects(row),
            negated,
            contested,
            redundant,
            frequency,
            onset,
            sex,
            tuple([known[tuple(one)] for one in codes]),
        )

    def _decode(self, codes: tuple[int, ...]) -> Evidence:
        return Evidence(*[words[code] for words, code in zip(self._evidence, codes, strict=True)])


def _coded(column: pa.Array) -> tuple[list[str], NDArray[np.int32]]:
    """Return the words of a column and the code of each row; a null is "", the last word."""
    coded = column.dictionary_encode()
    codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy()
    return [*coded.dictionary.to_pylist(), ""], codes
