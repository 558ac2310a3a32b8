"""Mining four-hop chains on one core: accepted questions a second, compilation left out."""

import os
import statistics
import time
from collections.abc import Iterator
from itertools import islice

from benchmarks.measure import Result, Setting, at_least

GOAL_RATE = 5_000.0
QUESTIONS = 20_000


def measure(setting: Setting) -> Iterator[Result]:
    """Measure the miner as `generate` uses it: proofs assembled, rejections yielded as well."""
    rates = []
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    try:
        if cores:
            os.sched_setaffinity(0, {min(cores)})
        for seed in range(setting.rounds + 1):
            rates.append(_rate(setting, seed))
    finally:
        if cores:
            os.sched_setaffinity(0, cores)
    rates = rates[1:]  # the first round compiles, or loads what is compiled
    rate = statistics.median(rates)
    goal, met = at_least(rate, GOAL_RATE, "questions/s")
    yield Result(
        name="mine four-hop chains, one core",
        value=rate,
        unit="questions/s",
        goal=goal,
        met=met,
        spread=(min(rates), max(rates)),
    )


def _rate(setting: Setting, seed: int) -> float:
    from kgsynth.graph.store import KnowledgeGraph
    from kgsynth.paths.chain import mine_paths
    from kgsynth.paths.settings import MiningSettings
    from kgsynth.records import Mined

    graph = KnowledgeGraph.load(setting.graph)
    stream = mine_paths(graph, MiningSettings(hops=4), seed, QUESTIONS)
    started = time.perf_counter()
    mined = sum(1 for _ in islice((item for item in stream if isinstance(item, Mined)), QUESTIONS))
    return mined / (time.perf_counter() - started)
