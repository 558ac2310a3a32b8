"""A graph of Monarch's size: built, opened, and walked. Minutes and gigabytes, so only by name.

The graph is made up by `benchmarks.synthetic`. It is built twice in processes of their own: from
columns in memory (`build` and `write_graph` alone), and as a user does it, from files in KGX on top
of the default sources.
"""

import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measure import Result, Run, Setting, alternate, at_most, run_process

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

#: Seconds, gigabytes (2**30 bytes), seconds, bytes, milliseconds.
GOAL_BUILD, GOAL_PEAK, GOAL_OPEN, GOAL_BYTES, GOAL_REACH = 600.0, 6.0, 0.5, 16.0, 1.0
#: An entity with so many edges is a hub.
HUB = 1000
NODES, HUBS = 2000, 100

_OPEN = """
import sys, time
from kgsynth.light import keep_pandas_out
keep_pandas_out()
from kgsynth.graph.store import KnowledgeGraph
started = time.perf_counter()
graph = KnowledgeGraph.load(sys.argv[1])
graph.node("MONDO:0000005")
graph.neighbours("MONDO:0000005")
open(sys.argv[2], "w").write(str(time.perf_counter() - started))
"""


def measure(setting: Setting) -> Iterator[Result]:
    """Build the graph once; open it in fresh processes; walk it in this one."""
    folder = setting.scratch / "large"
    built = run_process([setting.python, "-m", "benchmarks.synthetic_build", str(folder)])
    goal, met = at_most(built.seconds, GOAL_BUILD, "s")
    yield _once("build 1.3 M nodes, 12 M edges", built.seconds, "s", goal, met)
    peak = built.peak_mb * 1e6 / 2**30
    goal, met = at_most(peak, GOAL_PEAK, "GiB")
    yield _once("build of it, peak memory", peak, "GiB", goal, met)
    yield from _from_files(setting)
    clock = setting.scratch / "seconds"

    def opened() -> Run:
        run_process([sys.executable, "-c", _OPEN, str(folder), str(clock)])
        return Run(float(clock.read_text()), 0.0)

    side = alternate(setting.rounds, opened)[0]
    goal, met = at_most(side.seconds, GOAL_OPEN, "s")
    yield Result("open it, look at one entity", side.seconds, "s", goal=goal, met=met,
                 spread=side.spread)  # fmt: skip
    from kgsynth.graph.store import KnowledgeGraph

    yield from _walk(KnowledgeGraph.load(folder))


def _from_files(setting: Setting) -> Iterator[Result]:
    files, out = setting.scratch / "kgx", setting.scratch / "from-files"
    run_process([setting.python, "-m", "benchmarks.synthetic", str(files)])
    built = run_process(
        setting.kgsynth("build-graph", "--source", f"kgx={files}", "--out", str(out))
    )
    goal, met = at_most(built.seconds, GOAL_BUILD, "s")
    yield _once("build-graph --source kgx of it", built.seconds, "s", goal, met)
    peak = built.peak_mb * 1e6 / 2**30
    goal, met = at_most(peak, GOAL_PEAK, "GiB")
    yield _once("build-graph --source kgx of it, peak", peak, "GiB", goal, met)
    for folder in (files, out):
        shutil.rmtree(folder)


def _walk(graph: "KnowledgeGraph") -> Iterator[Result]:
    near, degrees = graph.adjacency, graph.adjacency.degrees()
    each = near.nbytes / graph.n_edges
    goal, met = at_most(each, GOAL_BYTES, "bytes")
    yield _once("adjacency of an edge", each, "bytes", goal, met)
    random = np.random.default_rng(0)
    for what, chosen, count in (
        ("random nodes", np.arange(len(graph)), NODES),
        (f"hubs of {HUB:,} edges or more", np.flatnonzero(degrees >= HUB), HUBS),
    ):
        times = []
        for node in random.choice(chosen, count):
            started = time.perf_counter()
            near.reach(np.array([node]), 2)
            times.append(1e3 * (time.perf_counter() - started))
        median = statistics.median(times)
        goal, met = at_most(median, GOAL_REACH, "ms")
        if what != "random nodes":  # reported, without a goal
            yield Result(f"two hops around {what}", median, "ms", spread=(min(times), max(times)))
            continue
        yield Result(f"two hops around {what}", median, "ms", goal=goal, met=met,
                     spread=(min(times), max(times)))  # fmt: skip


def _once(name: str, value: float, unit: str, goal: str, met: bool) -> Result:
    return Result(name, value, unit, goal=goal, met=met, spread=(value, value))
