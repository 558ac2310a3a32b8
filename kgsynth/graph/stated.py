"""All statements of all sources as columns: from their gathering until edges are written."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.graph.columns import Bool, Int32, Int64
from kgsynth.sources.base import Credit

#: What tells two evidences of one source apart.
SAID = ("reference", "code", "frequency")
TEXTS = (*SAID, "onset", "sex", "modifier", "date")


@dataclass
class Statements:
    """All statements of all sources as columns, resolved to entities.

    Attributes:
        subject: shape (n,), int64; the code of the leading id.
        object: shape (n,), int64; likewise.
        predicate: shape (n,), int32; index into `predicates`.
        predicates: Names of the predicates, ascending.
        negated: shape (n,).
        source: shape (n,), int32; index into `sources`.
        sources: Who says it, ascending: sources, and those whose word they pass on.
        texts: ``reference``, ``code`` …: codes, in integers of any size, and the values that
            they stand for, ascending.
        numbers: ``affected``, ``examined`` (-1: not given), ``share_low`` (NaN: not given).
        read: How many there were before any was rejected.
    """

    subject: Int64
    object: Int64
    predicate: Int32
    predicates: list[str]
    negated: Bool
    source: Int32
    sources: list[Credit]
    texts: dict[str, tuple[NDArray[Any], pa.Array]]
    numbers: dict[str, NDArray[np.float64]]
    read: int

    def __len__(self) -> int:
        return len(self.source)

    def forget_ends(self) -> None:
        """Let go of what edges have too: of ten million statements half a gigabyte."""
        self.subject = self.object = np.zeros(0, dtype=np.int64)
        self.predicate, self.negated = np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.bool_)

    def keep(self, rows: Bool) -> None:
        """Drop all other rows."""
        self.subject, self.object = self.subject[rows], self.object[rows]
        self.predicate, self.negated = self.predicate[rows], self.negated[rows]
        self.source = self.source[rows]
        self.texts = {name: (codes[rows], words) for name, (codes, words) in self.texts.items()}
        self.numbers = {name: values[rows] for name, values in self.numbers.items()}
