"""What a row of ``generate --hops 4`` costs, stage by stage: CPU time of one process, in µs.

Seconds on the clock say how busy a machine is; CPU time of one process says what the code costs.
The first half of the questions fills the tables that a run fills too; the second half counts.
"""

import functools
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from benchmarks.measure import Result, Setting, at_most
from kgsynth.admission import Counts, admitted
from kgsynth.checks import check_row
from kgsynth.datasets.totals import Totals
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.light import collect_garbage_less_often
from kgsynth.make_row import check_settings, entry_of, word
from kgsynth.paths.found import record_of
from kgsynth.records import Mined, Row
from kgsynth.runs import RunSettings

#: How many questions are looked at; the goal for word, check, write and count together.
QUESTIONS, GOAL_US = 3000, 1000

T = TypeVar("T")


class _Clock:
    """CPU time by stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def of(self, stage: str, work: Callable[[], T]) -> T:
        """Do some work of a stage."""
        started = time.process_time()
        done = work()
        self.spent[stage] = self.spent.get(stage, 0.0) + time.process_time() - started
        return done


def measure(setting: Setting) -> Iterator[Result]:
    """Yield µs a row by stage, and of all stages but mining."""
    collect_garbage_less_often()
    graph = KnowledgeGraph.load(setting.graph)
    settings = RunSettings("chain", "open", 4, QUESTIONS, 0, graph.fingerprint)
    jobs = admitted(graph, settings, Counts.of(settings, graph))
    half = QUESTIONS // 2
    warm = [record_of(job.mined, graph) for job in islice(jobs, half)]  # compiles the kernels, too
    clock = _Clock()
    found = clock.of("mine", lambda: list(islice(jobs, half)))
    mined = clock.of("assemble", lambda: [record_of(job.mined, graph) for job in found])
    _rows(graph, settings, warm, _Clock())
    _rows(graph, settings, mined, clock)
    each = {stage: spent / max(1, len(mined)) * 1e6 for stage, spent in clock.spent.items()}
    for stage, cost in each.items():
        yield Result(f"a row of four hops, {stage}", cost, "us CPU")
    whole = sum(cost for stage, cost in each.items() if stage != "mine")
    goal, met = at_most(whole, GOAL_US, "us CPU")
    yield Result("a row of four hops, all but mining", whole, "us CPU", goal=goal, met=met)


def _rows(graph: KnowledgeGraph, settings: RunSettings, mined: list[Mined], clock: _Clock) -> None:
    """Word, check, write and count questions as a run does."""
    totals, checks = Totals(), check_settings(settings)
    for number, one in enumerate(mined):
        row = clock.of("word", functools.partial(word, one, graph, settings))
        if not isinstance(row, Row):
            continue
        clock.of("check", functools.partial(check_row, row, graph, checks))
        clock.of("count", functools.partial(totals.add, number, row, graph, ()))
        clock.of("write", functools.partial(entry_of, number, 0, row, graph))
