"""Mining four-hop chains on one core, in processor time; compiling is left out.

Two things are counted: questions with all that a row needs (proof, records), as ``generate`` mines
them, and valid chains by the kernels alone, over every fit spine of a template.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from benchmarks.measure import Result, Setting, at_least

GOAL_RATE = 5_000.0
QUESTIONS = 20_000

#: Valid chains a second, by what they end in and margin.
GOALS: dict[tuple[str, str, int], float] = {
    ("chain-dgdp", "a finding", 1): 50_000.0,
    ("chain-dgdp", "a finding", 2): 20_000.0,
    ("chain-dgdi", "inheritance", 1): 150_000.0,
    ("chain-dgdi", "inheritance", 2): 80_000.0,
}
#: A pass over the spines that end in a mode of inheritance takes milliseconds: many are timed.
PASSES = {"chain-dgdp": 1, "chain-dgdi": 20}


def measure(setting: Setting) -> Iterator[Result]:
    """Measure the miner as ``generate`` uses it, and the kernels alone."""
    from kgsynth.graph.store import KnowledgeGraph

    graph = KnowledgeGraph.load(setting.graph)
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    try:
        if cores:
            os.sched_setaffinity(0, {min(cores)})
        yield _result(
            "mine four-hop chains, one core",
            _rates(setting, lambda seed: _mining_rate(graph, seed)),
            GOAL_RATE,
            "questions/s",
        )
        for (name, end, margin), goal in GOALS.items():
            yield _result(
                f"valid four-hop chains to {end}, margin {margin}, one core",
                _rates(setting, _kernel_rate(graph, name, margin)),
                goal,
                "chains/s",
            )
    finally:
        if cores:
            os.sched_setaffinity(0, cores)


def _rates(setting: Setting, rate: Callable[[int], float]) -> list[float]:
    """Return a rate for each round; the first one compiles, or loads what is compiled."""
    return [rate(seed) for seed in range(setting.rounds + 1)][1:]


def _result(name: str, rates: list[float], goal: float, unit: str) -> Result:
    rate = statistics.median(rates)
    words, met = at_least(rate, goal, unit)
    return Result(name, rate, unit, goal=words, met=met, spread=(min(rates), max(rates)))


def _mining_rate(graph: Any, seed: int) -> float:
    from kgsynth.paths.chain import mine_paths
    from kgsynth.paths.settings import MiningSettings
    from kgsynth.records import Mined

    stream = mine_paths(graph, MiningSettings(hops=4), seed, QUESTIONS)
    started = time.process_time()
    mined = sum(1 for _ in islice((item for item in stream if isinstance(item, Mined)), QUESTIONS))
    return mined / (time.process_time() - started)


def _kernel_rate(graph: Any, name: str, margin: int) -> Callable[[int], float]:
    """Return what tries all fit spines of a template, clues of first steps drawn anew each time."""
    from kgsynth.paths import mining
    from kgsynth.paths.chain import Miner
    from kgsynth.paths.settings import MiningSettings
    from kgsynth.paths.spines import load_spines

    settings = MiningSettings(hops=4, margin=margin)
    spine = next(spine for spine in load_spines(4, graph) if spine.name == name)

    def rate(seed: int) -> float:
        miner = Miner(graph, settings, seed)
        lodes = [miner.lode(spine) for _ in range(PASSES[name])]
        started = time.process_time()
        valid = sum(int((miner.try_all(lode) == mining.ACCEPTED).sum()) for lode in lodes)
        return valid / (time.process_time() - started)

    return rate
