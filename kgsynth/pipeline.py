"""The whole line: graph → paths → questions → traces → checks → dataset, in one run folder.

Mining stays in this process; wording and checking, which cost more, are spread over processes in
portions that come back in order, so a run gives the same bytes on one core and on many.
"""

import functools
import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.base import gazetteer_of
from kgsynth.datasets.files import dump_row
from kgsynth.datasets.splits import SplitGate, row_keys
from kgsynth.engines.base import Engine
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.ledger import Ledger
from kgsynth.light import keep_pandas_out
from kgsynth.paths import MINERS
from kgsynth.paths.settings import MiningSettings
from kgsynth.progress import OnProgress
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.wording import word_question
from kgsynth.records import LONE, Mined, Rejection, Row
from kgsynth.registry import load
from kgsynth.runs import Entry, RunFolder, RunSettings
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.model import ModelSettings, write_with_model
from kgsynth.traces.template import write_trace

#: Questions that a process gets at a time, and portions that wait for each process.
PORTION, WAITING = 32, 3

#: Portions that are done before more processes start.
FIRST = 2

#: From so many rows on, starting more processes pays.
MANY_ROWS = 400

#: How many more rows the splits make room for than are asked for: some fail a check.
SLACK = 1.3
#: The same for forms, whose options turn down what they would give away.
SLACK_OF_FORM = {"choice": 6.0, "yes_no": 3.0}

#: A mined question with its place in mining order.
Job = tuple[int, Mined]


@dataclass(slots=True)
class Counts:
    """How far a run has come; `finish` counts the stages from what is kept.

    Attributes:
        accepted: Rows that passed every check.
        kept: Rejections in the order in which they fell, with the place of the next question.
        wording: What a model's ledger counted; empty where templates wrote.
    """

    accepted: int = 0
    kept: list[tuple[int, Rejection]] = field(default_factory=list)
    wording: dict[str, dict[str, int]] = field(default_factory=dict)

    def reject(self, seq: int, rejection: Rejection) -> None:
        """Keep a rejection for ``rejected.jsonl``."""
        self.kept.append((seq, rejection))


def mining_settings(settings: RunSettings) -> MiningSettings:
    """Return what the miner is asked for in a run."""
    return MiningSettings(
        hops=settings.hops,
        margin=settings.margin,
        min_rarity=settings.min_rarity,
        template=settings.template,
    )


def check_settings(settings: RunSettings) -> CheckSettings:
    """Return what the checker holds the rows of a run to."""
    mining = mining_settings(settings)
    return CheckSettings(
        margin=mining.margin,
        min_information_bits=mining.min_information_bits,
        min_frequency=mining.min_frequency,
        lone_margin=mining.margin if settings.kind in LONE else 1,
    )


def run_template(
    graph: KnowledgeGraph, run: RunFolder, processes: int, on_progress: OnProgress
) -> Counts:
    """Generate rows in the template writer's words until the run has enough, into its journal.

    Args:
        graph: The graph.
        run: The run; what its journal holds already is not done again.
        processes: Processes for wording and checking; 1 does all in this one.
        on_progress: Called with the number of accepted rows.

    Returns:
        The counts, of earlier parts of the run too.
    """
    counts = Counts()
    done = {entry.seq: entry.kind for entry in run.entries()}
    jobs = admitted(graph, run.settings, counts)
    with run.journal.open("ab", buffering=0) as journal:
        for entry in _finish_all(graph, run.settings, jobs, done, processes):
            if isinstance(entry, Entry):
                journal.write(entry.line())
                kind = entry.kind
            else:
                kind = done[entry]
            counts.accepted += kind == "row"
            on_progress(counts.accepted, "")
            if counts.accepted >= run.settings.n:
                break
    return counts


def run_model(
    graph: KnowledgeGraph,
    run: RunFolder,
    engine: Engine,
    ledger: Ledger,
    on_progress: OnProgress,
) -> Counts:
    """Generate rows in a model's words until the run has enough, into its journal.

    The journal is kept by question: what it holds is not asked for again. See `run_template`.

    Raises:
        EngineError: If the engine does not start or stops; the journal keeps what is done.
    """
    counts = Counts()
    settings = run.settings
    done = {entry.seq: entry.kind for entry in run.entries()}
    counts.accepted = sum(kind == "row" for kind in done.values())
    places: dict[str, int] = {}
    with run.journal.open("ab", buffering=0) as journal:

        def templates() -> Iterator[Row]:
            for seq, mined in admitted(graph, settings, counts):
                if seq in done:
                    continue
                worded = word(mined, graph, settings)
                if isinstance(worded, Rejection):
                    journal.write(_entry(seq, worded, graph).line())
                    continue
                places[worded.id] = seq
                yield worded

        if counts.accepted >= settings.n:
            return counts
        check = functools.partial(check_row, graph=graph, settings=check_settings(settings))
        how = ModelSettings(
            max_retries=settings.max_retries,
            fallback=_fallback(settings),
            wanted=settings.n - counts.accepted,
        )
        for item in write_with_model(templates(), engine, check, how, ledger):
            entry = _entry(places[item.id], item, graph)
            journal.write(entry.line())
            counts.accepted += entry.kind == "row"
            on_progress(counts.accepted, "")
            if counts.accepted >= settings.n:
                break
    counts.wording = ledger.counts()
    return counts


def _fallback(settings: RunSettings) -> Literal["template", "reject"]:
    return "reject" if settings.fallback == "reject" else "template"


def admitted(graph: KnowledgeGraph, settings: RunSettings, counts: Counts) -> Iterator[Job]:
    """Yield mined questions in order, numbered; the splits must have room for them."""
    gate = SplitGate(
        max(1, int(settings.n * SLACK_OF_FORM.get(settings.form, SLACK))), category_sizes(graph)
    )

    def refuse(mined: Mined) -> Rejection | None:
        code = gate.admit(mined)
        return _refused(mined, code) if code.startswith("split_") else None

    mining = mining_settings(settings)
    seq = 0
    mine = load(MINERS, settings.kind, "miner of questions of kind")
    for item in mine(graph, mining, settings.seed, settings.n, refuse):
        if isinstance(item, Rejection):
            counts.reject(seq, item)
            continue
        yield seq, item
        seq += 1


def _refused(mined: Mined, code: str) -> Rejection:
    ids = ",".join(binding.id for binding in mined.bindings)
    detail = "shares an edge or its answer with rows of another split, or its split is full"
    return Rejection(f"{mined.template}:{ids}", "splits", code, detail, mined.query)


@functools.lru_cache(maxsize=4)
def category_sizes(graph: KnowledgeGraph) -> dict[str, int]:
    """Return how many entities the graph has of each category."""
    column = graph.column("category")
    return {item["values"]: item["counts"] for item in column.value_counts().to_pylist()}


# ---- one question --------------------------------------------------------------------------


def word(mined: Mined, graph: KnowledgeGraph, settings: RunSettings) -> Row | Rejection:
    """Return a mined question in the template writer's words, not checked yet."""
    form = FormSettings(settings.options, settings.not_recorded)
    seed = settings.seed
    question = word_question(mined, graph, seed, settings.form, form)
    if isinstance(question, Rejection):
        return question
    return assemble_row(mined, question, write_trace(mined, question, graph, seed), graph, seed)


def finish(mined: Mined, graph: KnowledgeGraph, settings: RunSettings) -> Row | Rejection:
    """Word and check one question; what fails a check is rejected with its first code."""
    row = word(mined, graph, settings)
    if isinstance(row, Rejection):
        return row
    verdict = check_row(row, graph, check_settings(settings))
    if verdict.accepted:
        return replace(row, verdict=verdict)
    errors = [finding for finding in verdict.findings if finding.severity == "error"]
    code = errors[0].code if errors else "not_checked"
    detail = "; ".join(f"{finding.code}: {finding.message}" for finding in errors[:3])
    return Rejection(row.id, "checks", code, detail, row.query)


def _entry(seq: int, item: Row | Rejection, graph: KnowledgeGraph) -> Entry:
    if isinstance(item, Row):
        keys = " ".join(row_keys(item, category_sizes(graph)))
        return Entry(seq, "row", keys, dump_row(item))
    return Entry(seq, "rejected", "", dump_rejection(item))


@functools.cache
def _rejections() -> TypeAdapter[Rejection]:
    return TypeAdapter(Rejection)


def dump_rejection(rejection: Rejection) -> bytes:
    """Return a rejection as one line of JSON; the query only where there is one."""
    return _rejections().dump_json(rejection, exclude_none=True)


def parse_rejection(line: bytes) -> Rejection:
    """Read what `dump_rejection` wrote."""
    return _rejections().validate_json(line)


# ---- many questions ------------------------------------------------------------------------


def _finish_all(
    graph: KnowledgeGraph,
    settings: RunSettings,
    jobs: Iterator[Job],
    done: dict[int, str],
    processes: int,
) -> Iterator[Entry | int]:
    """Yield an entry for each job in order, or the place of one that was done before."""
    portions = _with_tables(graph, _portions(jobs))
    many = processes > 1 and settings.n >= MANY_ROWS
    # The first are done here in any case: that fills the tables which forked processes share.
    for portion in islice(portions, FIRST if many else None):
        for seq, mined in portion:
            yield seq if seq in done else _entry(seq, finish(mined, graph, settings), graph)
    if many:
        with _pool(graph, settings, processes) as pool:
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


def _prepare(graph: KnowledgeGraph) -> None:
    gazetteer_of(graph)
    lexicon(graph).prepare()
    graph.find_statement_rows()


@contextmanager
def _pool(
    graph: KnowledgeGraph, settings: RunSettings, processes: int
) -> Iterator[ProcessPoolExecutor]:
    """Start processes: copies of this one where the system has that, else ones that read anew."""
    _STATE["work"] = (graph, settings)
    # A million objects that live as long as the run: no need for a collection to look at them, nor
    # to copy the pages that they share.
    gc.freeze()
    if sys.platform == "linux":
        context = multiprocessing.get_context("fork")
        pool = ProcessPoolExecutor(processes, context, _leave_interrupts)
    else:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(processes, context, _start, (graph.folder, settings))
    try:
        with pool:
            yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _STATE.clear()
        gc.unfreeze()


def _spread(
    portions: Iterator[list[Job]], done: dict[int, str], pool: ProcessPoolExecutor, most: int
) -> Iterator[Entry | int]:
    waiting: deque[tuple[list[Job], Future[list[Entry]]]] = deque()
    try:
        for portion in portions:
            fresh = [job for job in portion if job[0] not in done]
            waiting.append((portion, pool.submit(_work, fresh)))
            if len(waiting) >= most:
                yield from _merge(*waiting.popleft())
        while waiting:
            yield from _merge(*waiting.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _portions(jobs: Iterator[Job]) -> Iterator[list[Job]]:
    while portion := list(islice(jobs, PORTION)):
        yield portion


def _merge(portion: list[Job], future: "Future[list[Entry]]") -> Iterator[Entry | int]:
    entries = {entry.seq: entry for entry in future.result()}
    for seq, _ in portion:
        yield entries.get(seq, seq)


_STATE: dict[str, tuple[KnowledgeGraph, RunSettings]] = {}


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the parent."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _start(folder: Path, settings: RunSettings) -> None:
    """Open the graph in a process that shares nothing."""
    _leave_interrupts()
    keep_pandas_out()
    graph = KnowledgeGraph.load(folder)
    gazetteer_of(graph)
    gc.freeze()
    _STATE["work"] = (graph, settings)


def _work(jobs: list[Job]) -> list[Entry]:
    graph, settings = _STATE["work"]
    return [_entry(seq, finish(mined, graph, settings), graph) for seq, mined in jobs]
