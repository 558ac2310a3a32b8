"""Question and reasoning in a model's words, kept only if they say what the graph says.

A row comes in as the template writer worded it. The model words it anew from the cited facts; the
caller's check decides. A wording that is turned down is asked for again, with the reasons, and
after the last attempt the row keeps the template's words or is rejected, as the settings say. The
ledger counts every way that a row can take.

The feed through the engine has no batches: a completion is checked as soon as it is there, and its
row's retry waits in the same queue as everybody's first attempt.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from kgsynth.engines.base import Completion, Engine, Prompt
from kgsynth.engines.feed import Feed
from kgsynth.errors import EngineError, UsageError
from kgsynth.ledger import Ledger
from kgsynth.records import Finding, Rejection, Row, Verdict
from kgsynth.traces.parse import parse_wording
from kgsynth.traces.prompt import Plan, plan_row, write_prompt

Check = Callable[[Row], Verdict]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What happens to a wording that is turned down, and how work is laid out.

    Attributes:
        max_retries: Attempts after the first; 0 to 10.
        fallback: When no attempt passed: keep the template's words, or reject the row.
        in_order: Yield rows in the order of the input (within a sort window), so that a replay
            takes the same rows; else each as soon as it is done.
        sort_window: Rows that are sorted together, so that neighbours share the beginning of
            their prompts; 1 keeps the order of the input. At least 1.
        wanted: Rows that the caller will take before it stops; no more are in work at a time than
            are still wanted. 0 for all there are.
        drain_s: After Ctrl-C, seconds to wait for what the engine has in hand.
    """

    max_retries: int = 2
    fallback: Literal["template", "reject"] = "template"
    in_order: bool = True
    sort_window: int = 64
    wanted: int = 0
    drain_s: float = 5.0

    def __post_init__(self) -> None:
        if not 0 <= self.max_retries <= 10:
            raise UsageError(f"max_retries is {self.max_retries!r}; expected 0 to 10")
        if self.sort_window < 1:
            raise UsageError(f"sort_window is {self.sort_window!r}; expected 1 or more")


@dataclass(frozen=True, slots=True)
class _Job:
    """One attempt at one row; `place` is where the row stands in the output."""

    place: int
    plan: Plan
    attempt: int
    prompt: Prompt

    @property
    def row(self) -> Row:
        return self.plan.row


@dataclass(frozen=True, slots=True)
class _TurnedDown:
    """Why a wording does not do, for the record and for the next attempt."""

    rejection: Rejection
    findings: tuple[Finding, ...]


def write_with_model(
    rows: Iterable[Row], engine: Engine, check: Check, settings: ModelSettings, ledger: Ledger
) -> Iterator[Row | Rejection]:
    """Word rows with a model.

    Each row that is taken from the input gives one row or one rejection, unless the caller stops
    early. What the ledger already holds is not asked for again.

    Args:
        rows: Rows as the template writer worded them; read as far ahead as keeps the engine busy.
        engine: An engine that was not started; it is started if needed and stopped at the end.
        check: The checker, bound to the graph.
        settings: Retries, fallback and layout.
        ledger: The run's ledger, open.

    Yields:
        Rows in the model's words with ``provenance.writer="model"``, rows in the template's
        words where those are the fallback, or rejections of stage ``traces`` (unreadable) or
        ``checks`` (untrue); see `kgsynth.traces.parse` for the codes of the first.

    Raises:
        EngineError: If the engine does not start, or stops; all completions so far are kept.
        RunError: If the ledger cannot be written.
    """
    with Feed(engine) as feed:
        writer = _Writer(feed, engine, check, settings, ledger)
        try:
            yield from writer.run(_sorted_windows(rows, settings.sort_window))
        except (KeyboardInterrupt, EngineError):
            writer.drain()
            raise


def _sorted_windows(rows: Iterable[Row], size: int) -> Iterator[Row]:
    """Yield rows sorted, some at a time, by the entities that their prompts begin with."""
    source = iter(rows)
    while window := list(islice(source, size)):
        yield from sorted(window, key=lambda row: [binding.id for binding in row.bindings])


class _Writer:
    """The state between engine and output: who waits, who runs, who is done."""

    def __init__(
        self, feed: Feed, engine: Engine, check: Check, settings: ModelSettings, ledger: Ledger
    ) -> None:
        self._feed = feed
        self._engine = engine
        self._check = check
        self._settings = settings
        self._ledger = ledger
        self._waiting: deque[_Job] = deque()
        self._running: dict[str, _Job] = {}
        self._done: dict[int, Row | Rejection] = {}
        self._exhausted = False
        self._taken = 0
        self._given = 0
        self._accepted = 0

    def run(self, rows: Iterator[Row]) -> Iterator[Row | Rejection]:
        """Feed, take and hand out until nothing is left."""
        while True:
            self._fill(rows)
            yield from self._ready()
            if self._running:
                completion = self._feed.take()
                job = self._running.pop(completion.prompt_id)
                self._ledger.record(completion, job.row.id, job.attempt)
                self._read(job, completion)
            elif self._exhausted and not self._waiting and not self._done:
                return

    def drain(self) -> None:
        """Write down what the engine still finishes; nothing is read or handed out."""
        for completion in self._feed.drain(self._settings.drain_s):
            job = self._running[completion.prompt_id]
            self._ledger.record(completion, job.row.id, job.attempt)

    def _fill(self, rows: Iterator[Row]) -> None:
        """Give the engine work: retries before new rows."""
        while self._feed.room:
            if not self._waiting:
                if self._exhausted or self._taken - self._given >= self._most_open:
                    return
                self._take_in(rows)
            else:
                self._send(self._waiting.popleft())

    @property
    def _most_open(self) -> int:
        """How many rows may be in work: bounds what waits behind one slow row."""
        most = max(4 * self._engine.capacity, self._settings.sort_window)
        if self._settings.wanted:
            most = min(most, max(1, self._settings.wanted - self._accepted))
        return most

    def _take_in(self, rows: Iterator[Row]) -> None:
        row = next(rows, None)
        if row is None:
            self._exhausted = True
            return
        self._enqueue(self._taken, plan_row(row), 0, ())
        self._taken += 1

    def _enqueue(self, place: int, plan: Plan, attempt: int, findings: Iterable[Finding]) -> None:
        prompt = write_prompt(plan, attempt, tuple(findings))
        self._waiting.append(_Job(place, plan, attempt, prompt))

    def _send(self, job: _Job) -> None:
        known = self._ledger.completion(job.prompt.id)
        if known is not None:
            self._read(job, known)
            return
        self._ledger.sent(job.prompt.id, job.row.id, job.attempt)
        self._running[job.prompt.id] = job
        self._feed.submit(job.prompt)

    def _read(self, job: _Job, completion: Completion) -> None:
        """Parse and check a completion; keep the row, ask again, or give up."""
        judged = self._judged(job.plan, completion)
        if isinstance(judged, Row):
            self._ledger.judge(job.prompt.id, "kept")
            self._settle(job, "kept" if job.attempt == 0 else "kept_after_retry", judged)
            return
        code = judged.rejection.code
        self._ledger.judge(job.prompt.id, code)
        # A prompt that the engine refuses is refused again.
        if job.attempt < self._settings.max_retries and code != "engine_refused":
            self._enqueue(job.place, job.plan, job.attempt + 1, judged.findings)
        else:
            self._give_up(job, judged.rejection)

    def _judged(self, plan: Plan, completion: Completion) -> Row | _TurnedDown:
        row = parse_wording(plan, completion)
        if isinstance(row, Rejection):
            return _TurnedDown(row, (Finding(row.code, message=row.detail),))
        verdict = self._check(row)
        if not verdict.accepted:
            return _TurnedDown(_rejected(row, verdict), verdict.findings)
        provenance = replace(
            row.provenance, writer="model", model=self._engine.model, sampling=self._engine.sampling
        )
        return replace(row, verdict=verdict, provenance=provenance)

    def _give_up(self, job: _Job, rejection: Rejection) -> None:
        if self._settings.fallback == "reject":
            self._settle(job, "rejected", rejection)
            return
        row = job.row if job.row.verdict.checks else replace(job.row, verdict=self._check(job.row))
        if row.verdict.accepted:
            self._settle(job, "template", row)
        else:
            self._settle(job, "rejected", _rejected(row, row.verdict))

    def _settle(self, job: _Job, outcome: str, result: Row | Rejection) -> None:
        self._ledger.settle(job.row.id, outcome, job.attempt + 1)
        self._done[job.place] = result

    def _ready(self) -> Iterator[Row | Rejection]:
        places = self._in_order() if self._settings.in_order else iter(sorted(self._done))
        for place in places:
            self._given += 1
            result = self._done.pop(place)
            self._accepted += isinstance(result, Row)
            yield result

    def _in_order(self) -> Iterator[int]:
        while self._given in self._done:
            yield self._given


def _rejected(row: Row, verdict: Verdict) -> Rejection:
    """Turn a verdict into a rejection under the code of its first error."""
    errors = [finding for finding in verdict.findings if finding.severity == "error"]
    code = errors[0].code if errors else "not_accepted"
    counted = Counter(finding.code for finding in errors)
    detail = errors[0].message if errors else "the checker did not accept the wording"
    if len(errors) > 1:
        detail += f" (all: {', '.join(f'{name} {n}' for name, n in sorted(counted.items()))})"
    return Rejection(row.id, "checks", code, detail, row.query)
