"""Many lines at once: read, check, and tell where each came from, on one process or several."""

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kgsynth import vocabulary
from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.base import gazetteer_of
from kgsynth.checks.parse import UnreadableRowError, read_row
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Finding, Verdict

#: Lines that one process gets at a time, and how many such portions wait for each process.
PORTION, WAITING = 64, 3


class Line(NamedTuple):
    """One line of a dataset: where it stands (``file:line``) and its bytes."""

    place: str
    content: bytes


class Checked(NamedTuple):
    """What became of a line; `id` is "" where it is no row."""

    place: str
    id: str
    verdict: Verdict


def check_line(line: Line, graph: KnowledgeGraph, settings: CheckSettings) -> Checked:
    """Check one line; one that is no row is a finding, not an error."""
    try:
        row = read_row(line.content)
    except UnreadableRowError as error:
        finding = Finding("unreadable", message=str(error))
        return Checked(line.place, "", Verdict(False, "high", ("parse",), (finding,), ()))
    return Checked(line.place, row.id, check_row(row, graph, settings))


def check_lines(
    lines: Iterable[Line], folder: Path, settings: CheckSettings, processes: int = 1
) -> Iterator[Checked]:
    """Yield what became of each line, in order.

    Args:
        lines: Any number; only a few portions are held at a time.
        folder: The graph folder.
        settings: What the rows are held to.
        processes: 1 works in this process.

    Raises:
        GraphError: If the graph cannot be read.
    """
    _start(folder, settings)
    results = _in_turn(lines) if processes <= 1 else _at_once(lines, folder, settings, processes)
    seen: dict[str, str] = {}
    for checked in results:
        first = seen.setdefault(checked.id, checked.place) if checked.id else checked.place
        yield checked if first == checked.place else _twice(checked, first)


def _twice(checked: Checked, first: str) -> Checked:
    finding = Finding("duplicate_row", message=f"the same question stands at {first}")
    verdict = checked.verdict
    findings = (*verdict.findings, finding)
    risk = "medium" if verdict.risk in ("none", "low") else verdict.risk
    return checked._replace(
        verdict=Verdict(False, risk, verdict.checks, findings, verdict.step_labels)
    )


#: The graph and settings of this process; a worker gets them once, when it starts.
_STATE: dict[str, tuple[KnowledgeGraph, CheckSettings]] = {}


def _start(folder: Path, settings: CheckSettings) -> None:
    graph = KnowledgeGraph.load(folder)
    gazetteer_of(graph)
    vocabulary.speak(settings.template)
    _STATE["here"] = (graph, settings)
    # A million small objects that live to the end; without this each collection visits them all.
    gc.freeze()


def _portion(lines: list[Line]) -> list[Checked]:
    graph, settings = _STATE["here"]
    return [check_line(line, graph, settings) for line in lines]


def _in_turn(lines: Iterable[Line]) -> Iterator[Checked]:
    for line in lines:
        yield from _portion([line])


def _at_once(
    lines: Iterable[Line], folder: Path, settings: CheckSettings, processes: int
) -> Iterator[Checked]:
    # Forked workers share the graph and its index of names; elsewhere each reads its own.
    if sys.platform == "linux":
        pool = multiprocessing.get_context("fork").Pool(processes)
    else:
        pool = multiprocessing.get_context("spawn").Pool(processes, _start, (folder, settings))
    source = iter(lines)
    waiting = deque(
        pool.apply_async(_portion, (portion,))
        for portion in islice(_portions(source), processes * WAITING)
    )
    with pool:
        while waiting:
            yield from waiting.popleft().get()
            waiting.extend(pool.apply_async(_portion, (p,)) for p in islice(_portions(source), 1))


def _portions(source: Iterator[Line]) -> Iterator[list[Line]]:
    while portion := list(islice(source, PORTION)):
        yield portion
