"""What all the evidence of an edge says together: how often, in whom, and how firmly."""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.graph.columns import Bool, Int64, decode
from kgsynth.graph.stated import Statements
from kgsynth.graph.unite import Edges, evidence_of


def pooled_frequency(statements: Statements, edges: Edges) -> dict[str, pa.Array]:
    """Return what the evidences of each edge say together of how often it is seen.

    ``frequency``: where every given frequency is a count n/m, the sums of both; else the
    frequency, as given, of the evidence that allows the lowest share of patients (of two equal
    ones the first as text). ``frequency_low`` is the lowest share that any evidence allows,
    ``patients`` the sum of all n; all are null where nothing is given.
    """
    codes, words = statements.texts["frequency"]
    rows = _with_frequency(statements, edges)
    order, start = evidence_of(edges, rows)
    affected = statements.numbers["affected"][order]
    examined = statements.numbers["examined"][order]
    share = statements.numbers["share_low"][order]
    given = ~np.isnan(share)
    counted = affected >= 0
    lowest = np.minimum.reduceat(np.where(given, share, np.inf), start)
    n = np.add.reduceat(np.where(counted, affected, 0), start).astype(np.int64)
    m = np.add.reduceat(np.where(counted, examined, 0), start).astype(np.int64)
    has_count = np.logical_or.reduceat(counted, start)
    only_counts = has_count & ~np.logical_or.reduceat(given & ~counted, start)
    is_lowest = given & (share == np.repeat(lowest, np.diff(np.append(start, len(order)))))
    text = np.minimum.reduceat(np.where(is_lowest, codes[order], len(words)), start)
    sums = [
        f"{a}/{b}" for a, b in zip(n[only_counts].tolist(), m[only_counts].tolist(), strict=True)
    ]
    chosen = np.where(text < len(words), text, -1).astype(np.int64)
    chosen[only_counts] = len(words) + np.arange(len(sums))
    several = pa.concat_arrays([words, pa.array(sums, pa.string())])
    size = len(edges)
    return {
        "frequency": decode(_spread(chosen, rows, size, -1), several),
        "frequency_low": _masked(_spread(lowest.astype(np.float32), rows, size, np.inf)),
        "patients": pa.array(
            _spread(n.astype(np.int32), rows, size, 0), mask=~_spread(has_count, rows, size, False)
        ),
    }


def _with_frequency(statements: Statements, edges: Edges) -> Int64:
    """Return the edges any of whose evidence says how often: in most graphs few do."""
    said = ~np.isnan(statements.numbers["share_low"]) | (statements.numbers["affected"] >= 0)
    found: Int64 = np.flatnonzero(np.logical_or.reduceat(said[edges.order], edges.start[:-1]))
    return found


def _spread(values: NDArray[Any], rows: Int64, size: int, fill: float) -> NDArray[Any]:
    """Return a column of `size` rows, the values at their rows and `fill` elsewhere."""
    found = np.full(size, fill, dtype=values.dtype)
    found[rows] = values
    return found


def _masked(values: NDArray[np.float32]) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))


def weak_denials(statements: Statements, edges: Edges) -> Bool:
    """Return which edges are denials that rest on 0/1 and 0/2 only."""
    examined = statements.numbers["examined"][edges.order]
    few = (examined >= 1) & (examined <= 2)
    return edges.negated & np.logical_and.reduceat(few, edges.start[:-1])


def qualifier(statements: Statements, edges: Edges, name: str) -> pa.Array:
    """Return a qualifier of each edge: what its rows give, null where none or two differ.

    Two rows that are one evidence may still differ in sex or onset, so every row counts.
    """
    codes, words = statements.texts[name]
    mine = codes[edges.every]
    start = edges.every_start[:-1]
    blank = words.index("").as_py()
    low = np.minimum.reduceat(np.where(mine == blank, len(words), mine), start)
    high = np.maximum.reduceat(np.where(mine == blank, -1, mine), start)
    return decode(np.where(low == high, low, -1), words)
