"""Does the difficulty score say how hard a solver finds a question?

python -m benchmarks.difficulty RUN ... --graph DIR [-n 300]

The solver is simple and forgetful: it takes the findings of a step as a bag, knows only half of
them, and ranks everybody whom the step could lead to by how many of those they have. Its effort
is log2 of the right one's rank (ties shared out), the mean over every half, added up over the
steps. For each run the quantiles of score and effort are printed, and Spearman's correlation of
the two. A `dual` and a `comparison` have no findings to weigh, and only their scores are shown.
"""

import argparse
import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kgsynth.datasets.files import iter_rows
from kgsynth.datasets.robustness import step_query
from kgsynth.graph.answers import Solver, unpack
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row

_SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


def effort(row: Row, graph: KnowledgeGraph, solver: Solver) -> float:
    """Return the effort of the forgetful solver, in bits."""
    return sum(
        _effort_of_step(row, place, graph, solver)
        for place, step in enumerate(row.steps)
        if step.clues
    )


def _effort_of_step(row: Row, place: int, graph: KnowledgeGraph, solver: Solver) -> float:
    step = row.steps[place]
    bound = {one.variable: one.id for one in row.bindings}
    right = graph.index_of(bound[step.variables[-1]])
    reached = _reached(row, place, solver)
    has = np.array(
        [
            [solver.clue(row.query.edges[index]) >> node & 1 for node in reached]
            if len(reached) < 64
            else _bits(solver.clue(row.query.edges[index]), len(graph))[reached]
            for index in step.clues
        ],
        np.int16,
    )
    own = reached.index(right)
    half = max(1, len(step.clues) // 2)
    ranks = [
        _rank(has[list(known)].sum(0), own)
        for known in itertools.combinations(range(len(step.clues)), half)
    ]
    return float(np.mean(np.log2(ranks)))


def _reached(row: Row, place: int, solver: Solver) -> list[int]:
    """Return where a step can lead to, its clues aside."""
    query = step_query(row, place, clues=False)
    if not query.edges:
        return sorted(unpack(solver.domain(query.variables[-1].category)))
    found = {one[query.target] for one in solver.solutions(query)}
    bound = {one.variable: one.id for one in row.bindings}
    return sorted(found | {solver.graph.index_of(bound[query.target])})


def _bits(bits: int, size: int) -> NDArray[np.uint8]:
    bits &= (1 << size) - 1
    raw = np.frombuffer(bits.to_bytes((size + 7) // 8, "little"), np.uint8)
    return np.unpackbits(raw, bitorder="little")[:size]


def _rank(points: NDArray[np.int16], own: int) -> float:
    """Return the rank of one by points, from 1; who has as many shares the ranks."""
    better = int((points > points[own]).sum())
    return better + (int((points == points[own]).sum()) + 1) / 2


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the rank correlation of two series, ties by their mean rank; 0 where one is constant.

    Example:
        >>> round(spearman([1, 2, 2, 4], [10, 30, 30, 20]), 3)
        0.333
    """
    a, b = _ranked(one), _ranked(other)
    return float(np.corrcoef(a, b)[0, 1]) if a.std() and b.std() else 0.0


def _ranked(values: Sequence[float]) -> NDArray[np.float64]:
    _, place, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts - 1) / 2)[place], np.float64)


def main() -> int:
    """Print a line for each run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--graph", type=Path, default=Path("outputs/graph"))
    parser.add_argument("-n", type=int, default=300, help="rows that the solver looks at")
    asked = parser.parse_args()
    graph = KnowledgeGraph.load(asked.graph)
    solver = Solver.of(graph)
    for run in asked.runs:
        rows = list(iter_rows(run))
        _show(f"{run.name} score", [row.difficulty.score for row in rows])
        seen = [row for row in rows if row.kind not in ("dual", "comparison")][: asked.n]
        if seen:
            bits = [effort(row, graph, solver) for row in seen]
            _show("  effort, bits", bits)
            told = spearman([row.difficulty.score for row in seen], bits)
            print(f"  rank correlation of the two over {len(seen)} rows: {told:.2f}")
    return 0


def _show(what: str, values: Sequence[float]) -> None:
    at = np.quantile(values, _SHARES)
    print(f"{what}: " + ", ".join(f"{one:.2f}" for one in at))


if __name__ == "__main__":
    raise SystemExit(main())
