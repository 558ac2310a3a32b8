"""Walks over ``subclass_of`` statements: all that a node reaches, a shortest way between two."""

from collections.abc import Iterator

from kgsynth.graph.adjacency import Csr


def reached(csr: Csr, start: int) -> set[int]:
    """Return the nodes that a node reaches over any number of edges, itself among them."""
    seen, stack = {start}, [start]
    while stack:
        for near in csr.of(stack.pop()).tolist():
            if near not in seen:
                seen.add(near)
                stack.append(near)
    return seen


def shortest(csr: Csr, start: int, goal: int) -> Iterator[int] | None:
    """Return the rows of the edges of a shortest way, none where both are equal.

    None: there is no way.
    """
    came: dict[int, tuple[int, int]] = {start: (-1, -1)}
    level = [start]
    while level and goal not in came:
        after = []
        for node in level:
            for near, row in zip(csr.of(node).tolist(), csr.rows_of(node).tolist(), strict=True):
                if near not in came:
                    came[near] = (node, row)
                    after.append(near)
        level = after
    return _rows_back(came, goal) if goal in came else None


def _rows_back(came: dict[int, tuple[int, int]], goal: int) -> Iterator[int]:
    rows = []
    while came[goal][0] != -1:
        goal, row = came[goal]
        rows.append(row)
    return reversed(rows)
