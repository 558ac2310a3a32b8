"""``kgsynth generate --hops 4`` as a whole process: 10,000 rows, and a first and a later 100.

*Cold* is a machine that never ran kgsynth: no compiled kernel and no compiled Python file, its
own or a dependency's. Every row is written by the template writer and passes the checker.
"""

import os
from collections.abc import Iterator
from itertools import count

from benchmarks.measure import Result, Run, Setting, alternate, at_most, run_process

_RUNS = count()


def measure(setting: Setting) -> Iterator[Result]:
    """Measure the three sizes; each run has a folder and a seed of its own."""
    yield from _compare(setting, "generate -n 100, cold", 100, 10.0, cold=True)
    _generate(setting, 10, cold=False)  # compiles what the checkout lacks
    yield from _compare(setting, "generate -n 100, warm", 100, 2.0)
    (default,) = alternate(setting.rounds, lambda: _generate(setting, 1000))
    goal, met = at_most(default.peak_mb, 600, "MB")
    yield Result(
        "generate (1,000 rows), peak memory",
        default.peak_mb,
        "MB",
        goal=goal,
        met=met,
        spread=(min(run.peak_mb for run in default.runs), default.peak_mb),
    )
    yield from _compare(setting, f"generate -n 10,000, {os.cpu_count()} cores", 10_000, 5.0)


def _compare(
    setting: Setting, name: str, rows: int, goal_s: float, *, cold: bool = False
) -> Iterator[Result]:
    (side,) = alternate(setting.rounds, lambda: _generate(setting, rows, cold=cold))
    goal, met = at_most(side.seconds, goal_s, "s")
    yield Result(name, side.seconds, "s", goal=goal, met=met, spread=side.spread)


def _generate(setting: Setting, rows: int, *, cold: bool = False) -> Run:
    """Run the command once, into a new folder."""
    number = next(_RUNS)
    folder = setting.scratch / f"run{number}"
    fresh = {
        "NUMBA_CACHE_DIR": str(folder / "numba"),
        "PYTHONPYCACHEPREFIX": str(folder / "pycache"),
    }
    command = setting.kgsynth(
        *("generate", "--hops", "4", "-n", str(rows), "--seed", str(number)),
        *("--graph", str(setting.graph), "--out", str(folder / "out")),
    )
    return run_process(command, fresh if cold else None)
