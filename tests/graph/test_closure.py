"""Circles are found as a walk would find them, however many there are."""

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.graph.closure import circles

EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=1, max_size=20)


@given(EDGES)
def test_an_edge_is_on_a_circle_if_its_parent_reaches_its_child(
    edges: list[tuple[int, int]],
) -> None:
    def reaches(start: int, goal: int) -> bool:
        seen = {start}
        for _ in range(8):
            seen |= {parent for child, parent in edges if child in seen}
        return goal in seen

    children, parents = (np.array(ends, dtype=np.int64) for ends in zip(*edges, strict=True))
    expected = [reaches(parent, child) for child, parent in edges]
    assert circles(children, parents).tolist() == expected


def test_a_hundred_thousand_edges_on_circles_take_seconds_at_most() -> None:
    random = np.random.default_rng(0)
    children, parents = random.integers(0, 30_000, (2, 100_000))
    started = time.perf_counter()
    assert circles(children, parents).sum() > 50_000
    assert time.perf_counter() - started < 30
