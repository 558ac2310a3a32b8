"""Many statements become edges: one for each (subject, predicate, object, negated)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.columns import Bool, Int32, Int64, firsts, narrow
from kgsynth.graph.stated import SAID, Statements

_INT64 = 1 << 63


@dataclass
class Edges:
    """Edges with the rows of evidence behind them.

    Attributes:
        subject, object, predicate, negated: One value an edge; ordered by id, predicate, id.
        order: shape (n_evidence,), integers; statement rows, those of one edge together, evidence
            that says the same only once, by its latest date.
        start: shape (n_edges + 1,), int64; edge ``e`` owns ``order[start[e]:start[e + 1]]``.
        every: shape (n_statements,), integers; all statement rows, those of one edge together.
        every_start: shape (n_edges + 1,), int64; likewise for `every`.
    """

    subject: Int64
    object: Int64
    predicate: Int32
    negated: Bool
    order: NDArray[Any]
    start: Int64
    every: NDArray[Any]
    every_start: Int64

    def __len__(self) -> int:
        return len(self.subject)

    def forget_repetitions(self) -> None:
        """Let go of the statements that only repeat another: the qualifiers are known."""
        self.every = self.every_start = np.zeros(0, dtype=np.int64)


def unite(statements: Statements) -> Edges:
    """Return one edge for each (subject, predicate, object, negated).

    The ends of the statements are used up: the edges have them.
    """
    nodes = int(max(statements.subject.max(), statements.object.max())) + 1
    keys = statements.subject * len(statements.predicates) + statements.predicate
    keys = (keys * nodes + statements.object) * 2 + statements.negated
    said = _packed(
        [(statements.source, len(statements.sources))]
        + [(codes, len(words)) for codes, words in (statements.texts[name] for name in SAID)]
    )
    dates, days = statements.texts["date"]
    said *= len(days)
    every = np.lexsort((said - dates, keys))  # the latest first
    keys, said = keys[every], said[every]
    new_edge = firsts(keys)
    new_evidence = new_edge | firsts(said)
    every_start = np.append(np.flatnonzero(new_edge), len(every))
    order, new_edge = every[new_evidence], new_edge[new_evidence]
    start = np.append(np.flatnonzero(new_edge), len(order))
    one = order[start[:-1]]
    ends = (statements.subject[one], statements.object[one], statements.predicate[one])
    negated = statements.negated[one]
    statements.forget_ends()
    return Edges(*ends, negated, _rows(order), start, _rows(every), every_start)


def _rows(rows: Int64) -> NDArray[Any]:
    """Return row numbers in the integers that hold them."""
    return narrow(rows, len(rows)) if len(rows) < 1 << 31 else rows


def _packed(columns: list[tuple[Int32, int]]) -> Int64:
    """Return one number for each row, in the order of the columns' codes.

    Args:
        columns: Codes, and below which number they all lie.
    """
    found, size = np.zeros(len(columns[0][0]), dtype=np.int64), 1
    for codes, limit in columns:
        if size * limit >= _INT64 >> 24:  # leave room for the date
            values, found = np.unique(found, return_inverse=True)
            size = len(values)
        found, size = found * limit + codes, size * limit
    return found


def contradicted(edges: Edges) -> Bool:
    """Return which edges are asserted and denied as they stand; both of a pair."""
    same = np.ones(max(0, len(edges) - 1), dtype=np.bool_)
    for ends in (edges.subject, edges.predicate, edges.object):
        same &= ends[1:] == ends[:-1]  # a denial follows its assertion
    found = np.zeros(len(edges), dtype=np.bool_)
    found[:-1] |= same
    found[1:] |= same
    return found


def evidence_of(edges: Edges, rows: Int64) -> tuple[NDArray[Any], Int64]:
    """Return the evidence of some edges, and where that of each begins."""
    mine = np.zeros(len(edges), dtype=np.bool_)
    mine[rows] = True
    sizes = np.diff(edges.start)
    start = np.cumsum(sizes[rows]) - sizes[rows]
    return edges.order[np.repeat(mine, sizes)], start
