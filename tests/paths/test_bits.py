"""Bit sets and ragged tables against plain Python sets, on random input."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.paths.bits import close, fill_bits, ragged

Parents = dict[int, set[int]]


def as_ragged(rows: list[list[int]]) -> np.ndarray:
    indptr = np.cumsum([0, *map(len, rows)])
    return ragged(indptr, np.array([value for row in rows for value in row], np.int32))


def rows_of(table: np.ndarray) -> list[list[int]]:
    begins = table[: table[0]].tolist()
    return [table[a:b].tolist() for a, b in pairwise(begins)]


def above(node: int, parents: Parents) -> set[int]:
    """Every proper ancestor; a circle ends where it began."""
    found: set[int] = set()
    stack = [node]
    while stack:
        for parent in parents[stack.pop()] - found - {node}:
            found.add(parent)
            stack.append(parent)
    return found


hierarchies = st.integers(1, 12).flatmap(
    lambda n: st.lists(st.sets(st.integers(0, n - 1), max_size=3), min_size=n, max_size=n)
)


@given(hierarchies)
def test_ragged_rows_are_read_back(rows: list[set[int]]) -> None:
    assert rows_of(as_ragged([sorted(row) for row in rows])) == [sorted(row) for row in rows]


@given(hierarchies)
def test_closure_finds_every_proper_ancestor_circles_included(rows: list[set[int]]) -> None:
    parents = dict(enumerate(rows))
    found = rows_of(close(as_ragged([sorted(row) for row in rows])))
    assert found == [sorted(above(node, parents)) for node in parents]


@given(hierarchies, st.data())
def test_a_disease_with_a_finding_has_all_its_ancestors(
    rows: list[set[int]], data: st.DataObject
) -> None:
    n = len(rows)
    parents = dict(enumerate(rows))
    pair = st.tuples(st.integers(0, 99), st.integers(0, n - 1))
    pairs = sorted(data.draw(st.sets(pair, max_size=30)))
    left_out = data.draw(st.integers(0, n - 1))  # a term without a row of its own
    row_of = np.array([-1 if term == left_out else term for term in range(n)], np.int32)
    bits = np.zeros((n, 2), np.uint64)
    members, terms = (np.array([p[i] for p in pairs], np.int32) for i in (0, 1))
    fill_bits(bits, members, terms, row_of, close(as_ragged([sorted(row) for row in rows])))
    held = [{m for m in range(128) if int(bits[t, m >> 6]) >> (m & 63) & 1} for t in range(n)]
    expected = [
        {m for m, term in pairs if t in above(term, parents) | {term}} if t != left_out else set()
        for t in range(n)
    ]
    assert held == expected


def test_an_empty_table_has_no_rows() -> None:
    assert rows_of(close(as_ragged([]))) == []
