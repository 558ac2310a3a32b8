"""The whole line: graph → paths → questions → traces → checks → dataset, in one run folder.

Mining stays in this process; wording and checking, which cost more, are spread over processes in
portions that come back in order, so a run gives the same bytes on one core and on many.
"""

import contextlib
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from kgsynth.admission import Counts, Job, admitted, limits_of, paced
from kgsynth.checks import check_row
from kgsynth.datasets.sameness import WordingGate, stem_of
from kgsynth.datasets.totals import Totals
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.make_row import check_settings, entry_of, word
from kgsynth.pairs import pair_of
from kgsynth.paths.found import record_of
from kgsynth.progress import OnProgress
from kgsynth.quotas import wanted
from kgsynth.records import Rejection, Row, Verdict
from kgsynth.runs import Entry, RunFolder, RunSettings
from kgsynth.workers import Work, finish_all

if TYPE_CHECKING:
    from kgsynth.engines.base import Engine
    from kgsynth.ledger import Ledger


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
    counts = Counts.of(run.settings, graph)
    settings = tuple(part.settings for part in counts.parts)
    done = {entry.seq: _Done.of(entry) for entry in run.entries()}
    wording = WordingGate(limits_of(run.settings))
    work = Work(graph, settings, wanted(run.record["settings"], graph))
    entries = finish_all(work, paced(graph, run.settings, counts), done, processes)
    with run.journal.open("ab", buffering=0) as journal, contextlib.closing(entries):
        for entry in entries:
            if isinstance(entry, Totals):
                counts.portions.append(entry)
                continue
            if isinstance(entry, Entry):
                judged = _distinct(entry, wording, counts, graph)
                journal.write(judged.line())
                part, kind, keys = judged.part, judged.kind, judged.keys
            else:
                part, kind, stem, keys = done[entry]
                if stem and _is_compared(counts, part):
                    wording.refuse("", stem)
            if kind == "row":
                counts.accept(part, keys)
            on_progress(counts.total, "")
            if counts.is_done:
                break
    return counts


class _Done(NamedTuple):
    """What is kept in mind of a question that the journal holds; the stem only of rows."""

    part: int
    kind: str
    stem: str
    keys: str

    @classmethod
    def of(cls, entry: Entry) -> "_Done":
        stem = stem_of(entry.body) if entry.kind == "row" else ""
        return cls(entry.part, entry.kind, stem, pair_of(entry.keys))


def _is_compared(counts: Counts, part: int) -> bool:
    """Say whether a part's next row is compared with earlier ones.

    One that its part has no need of is not: how many there are of those is by chance. Nor is a
    `dual`, whose two questions are to be alike.
    """
    return not counts.has_enough(part) and counts.parts[part].settings.kind != "dual"


def _distinct(entry: Entry, gate: WordingGate, counts: Counts, graph: KnowledgeGraph) -> Entry:
    """Return the entry, or its rejection where an earlier row has nearly the same words."""
    if entry.kind != "row" or not _is_compared(counts, entry.part):
        return entry
    refused = gate.refuse(f"question {entry.seq}", stem_of(entry.body))
    return entry_of(entry.seq, entry.part, refused, graph) if refused else entry


def run_model(
    graph: KnowledgeGraph,
    run: RunFolder,
    engine: "Engine",
    ledger: "Ledger",
    on_progress: OnProgress,
) -> Counts:
    """Generate rows in a model's words until the run has enough, into its journal.

    The journal is kept by question: what it holds is not asked for again. See `run_template`.

    Raises:
        EngineError: If the engine does not start or stops; the journal keeps what is done.
    """
    from kgsynth.traces.model import ModelSettings, write_with_model

    counts = Counts.of(run.settings, graph)
    wording = WordingGate(limits_of(run.settings))
    done = set()
    for entry in run.entries():
        done.add(entry.seq)
        if entry.kind == "row":
            counts.accept(entry.part, entry.keys)
            wording.refuse("", stem_of(entry.body))
    if counts.is_done:
        return counts
    jobs = (job for job in admitted(graph, run.settings, counts) if job.seq not in done)
    desk = _Desk(counts, jobs)
    with run.journal.open("ab", buffering=0) as journal:

        def templates() -> Iterator[Row]:
            for job in desk.jobs():
                worded = word(record_of(job.mined, graph), graph, counts.parts[job.part].settings)
                if isinstance(worded, Row) and not worded.pair:
                    worded = wording.refuse(worded.id, worded.question) or worded
                if isinstance(worded, Rejection):
                    journal.write(entry_of(job.seq, job.part, worded, graph).line())
                else:
                    desk.open(worded.id, job)
                    yield worded

        def check(row: Row) -> Verdict:
            settings = counts.parts[desk.job(row.id).part].settings
            return check_row(row, graph, check_settings(settings))

        how = ModelSettings(
            max_retries=run.settings.max_retries,
            fallback=_fallback(run.settings),
            wanted=run.settings.n - counts.total,
        )
        for item in write_with_model(templates(), engine, check, how, ledger):
            job = desk.close(item.id)
            entry = entry_of(job.seq, job.part, item, graph)
            journal.write(entry.line())
            if entry.kind == "row":
                counts.accept(job.part, entry.keys)
            on_progress(counts.total, "")
            if counts.is_done:
                break
    counts.wording = ledger.counts()
    return counts


def _fallback(settings: RunSettings) -> Literal["template", "reject"]:
    return "reject" if settings.fallback == "reject" else "template"


class _Desk:
    """Hands questions to the model: no more of a part than it lacks, as long as another lacks some.

    What a part has no need of now waits, since a wording may still be turned down.
    """

    def __init__(self, counts: Counts, jobs: Iterator[Job]) -> None:
        self._counts = counts
        self._fresh = jobs
        self._waiting: list[deque[Job]] = [deque() for _ in counts.parts]
        self._open = [0] * len(counts.parts)
        self._jobs: dict[str, Job] = {}

    def jobs(self) -> Iterator[Job]:
        """Yield questions until none is left."""
        while (job := self._next()) is not None:
            yield job

    def open(self, row_id: str, job: Job) -> None:
        """Note that a question is being worded."""
        self._jobs[row_id] = job
        self._open[job.part] += 1

    def job(self, row_id: str) -> Job:
        """Return the question of a row."""
        return self._jobs[row_id]

    def close(self, row_id: str) -> Job:
        """Return the question of a row that is done."""
        job = self._jobs.pop(row_id)
        self._open[job.part] -= 1
        return job

    def _lacks(self, part: int) -> bool:
        counts = self._counts
        return counts.accepted[part] + self._open[part] < counts.parts[part].settings.n

    def _next(self) -> Job | None:
        parts = range(len(self._open))
        for part in parts:
            if self._waiting[part] and self._lacks(part):
                return self._waiting[part].popleft()
        # Where all that is lacking is being worded, the engine is kept busy with more.
        anybody = not any(self._lacks(part) and not self._counts.dry[part] for part in parts)
        for job in self._fresh:
            if anybody or self._lacks(job.part):
                return job
            self._waiting[job.part].append(job)
            anybody = not any(self._lacks(part) and not self._counts.dry[part] for part in parts)
        return next((jobs.popleft() for jobs in self._waiting if jobs), None)
