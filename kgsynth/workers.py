"""Wording and checking on several processes: portions that come back in order."""

import gc
import multiprocessing
import os
import sys
from collections import deque
from collections.abc import Container, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from kgsynth import vocabulary
from kgsynth.admission import Job
from kgsynth.checks.base import gazetteer_of
from kgsynth.datasets.coverage import Wanted
from kgsynth.datasets.totals import Totals
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.light import keep_pandas_out
from kgsynth.make_row import entry_of, finish
from kgsynth.paths.found import record_of
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Row
from kgsynth.runs import Entry, RunSettings

#: Questions that a process gets at a time, and portions that wait for each process.
PORTION, WAITING = 32, 3

#: Portions that are done before more processes start.
FIRST = 2

#: From so many rows on, starting more processes pays.
MANY_ROWS = 400

#: The settings of each part of a run.
Settings = Sequence[RunSettings]

#: What comes of a portion: an entry for each of its questions, and what its rows come to.
Made = tuple[list[Entry], Totals]


class Work(NamedTuple):
    """What every process is to know.

    Attributes:
        graph: The graph.
        settings: Those of each part of the run.
        wanted: The quotas of the run.
    """

    graph: KnowledgeGraph
    settings: Settings
    wanted: Sequence[Wanted] = ()

    def finish(self, job: Job, totals: Totals) -> Entry:
        """Word and check one question, and count its row."""
        mined = record_of(job.mined, self.graph)
        item = finish(mined, self.graph, self.settings[job.part])
        if isinstance(item, Row):
            totals.add(job.seq, item, self.graph, self.wanted)
        return entry_of(job.seq, job.part, item, self.graph)


def finish_all(
    work: Work, jobs: Iterator[Job | None], done: Container[int], processes: int
) -> Generator[Entry | int | Totals, None, None]:
    """Yield an entry for each job in order, or the place of one that was done before.

    Behind those of a portion follows what its new rows come to.

    Args:
        work: What is to be done with a job.
        jobs: Mined questions; None where it takes long to find the next one.
        done: The places of what needs not be done again.
        processes: Processes for wording and checking; 1 does all in this one.
    """
    _speak(work.settings)
    portions = _with_tables(work.graph, _portions(jobs))
    many = processes > 1 and sum(one.n for one in work.settings) >= MANY_ROWS
    # The first are done here in any case: that fills the tables which forked processes share.
    for portion in islice(portions, FIRST if many else None):
        totals = Totals()
        for job in portion:
            yield job.seq if job.seq in done else work.finish(job, totals)
        yield totals
    if many:
        with _pool(work, processes) as pool:
            yield from _spread(portions, done, pool, processes * WAITING)


def _with_tables(graph: KnowledgeGraph, portions: Iterator[list[Job]]) -> Iterator[list[Job]]:
    """Yield portions; what words and checks look up is made while the first one is mined.

    Half of compiling kernels, and of reading their tables, leaves the interpreter to others.
    """
    with ThreadPoolExecutor(1) as pool:
        ready = pool.submit(_prepare, graph)
        first = next(portions, [])
        ready.result()
    if first:
        yield first
    yield from portions


def _speak(settings: Settings) -> None:
    """Take the words of the run's own templates."""
    vocabulary.speak(next((one.template for one in settings if one.template), ""))


def _prepare(graph: KnowledgeGraph) -> None:
    gazetteer_of(graph)
    lexicon(graph).prepare()
    graph.find_statement_rows()


@contextmanager
def _pool(work: Work, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes: copies of this one where the system has that, else ones that read anew."""
    _STATE["work"] = work
    # A million objects that live as long as the run: no need for a collection to look at them, nor
    # to copy the pages that they share.
    gc.freeze()
    if sys.platform == "linux":
        context = multiprocessing.get_context("fork")
        pool = ProcessPoolExecutor(processes, context, _join)
    else:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(processes, context, _start, (work.graph.folder, *work[1:]))
    try:
        with pool:
            yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _STATE.clear()
        gc.unfreeze()


def _spread(
    portions: Iterator[list[Job]], done: Container[int], pool: ProcessPoolExecutor, most: int
) -> Iterator[Entry | int | Totals]:
    waiting: deque[tuple[list[Job], Future[Made]]] = deque()
    try:
        for portion in portions:
            if portion:
                fresh = [job for job in portion if job.seq not in done]
                waiting.append((portion, pool.submit(_work, fresh)))
            if waiting and (len(waiting) >= most or not portion):
                yield from _merge(*waiting.popleft())
        while waiting:
            yield from _merge(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _portions(jobs: Iterator[Job | None]) -> Iterator[list[Job]]:
    """Yield jobs in portions; where none comes for a while, what there is, and be it nothing."""
    portion: list[Job] = []
    for job in jobs:
        if job is not None:
            portion.append(job)
        if job is None or len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion


def _merge(portion: list[Job], future: "Future[Made]") -> Iterator[Entry | int | Totals]:
    made, totals = future.result()
    entries = {entry.seq: entry for entry in made}
    for job in portion:
        yield entries.get(job.seq, job.seq)
    yield totals


_STATE: dict[str, Work] = {}


def _join() -> None:
    """Leave Ctrl-C to the parent, and end with it even where it is killed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _start(folder: Path, settings: Settings, wanted: Sequence[Wanted]) -> None:
    """Open the graph in a process that shares nothing."""
    _join()
    keep_pandas_out()
    graph = KnowledgeGraph.load(folder)
    gazetteer_of(graph)
    _speak(settings)
    gc.freeze()
    _STATE["work"] = Work(graph, settings, wanted)


def _work(jobs: list[Job]) -> Made:
    totals = Totals()
    return [_STATE["work"].finish(job, totals) for job in jobs], totals
