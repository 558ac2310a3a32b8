"""The end of a run: from the journal to the dataset, the rejections and the record."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kgsynth.admission import Counts
from kgsynth.datasets.card import About, sources_of
from kgsynth.datasets.coverage import CoverageCount
from kgsynth.datasets.files import FOLDER, write_bytes
from kgsynth.datasets.splits import Splits, assign_splits
from kgsynth.datasets.tally import Tally
from kgsynth.datasets.totals import totals_of
from kgsynth.datasets.write import write_dataset
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.make_row import dump_barren, dump_rejection, parse_rejection
from kgsynth.pairs import lone_half, part_whole
from kgsynth.paths.found import Barren
from kgsynth.quotas import wanted
from kgsynth.runs import Entry, RunFolder


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run came to: the record that ``run.json`` holds, and the tally of its rows."""

    record: dict[str, Any]
    tally: Tally


def finish_run(
    graph: KnowledgeGraph, run: RunFolder, counts: Counts, command: str, seconds: float
) -> Finished:
    """Write dataset, card, rejections and record of a run, and drop its journal.

    The first rows in mining order are taken, whatever order they were finished in; what was mined
    after the last of them does not count.
    """
    entries = sorted(run.entries())
    rows, last, lone = _chosen(counts, entries)
    splits = assign_splits([entry.keys.split(" ") for entry in rows])
    about = About(run.folder.name, command, sources_of(graph.manifest))
    quotas, bodies = wanted(run.record["settings"], graph), [entry.body for entry in rows]
    places = [entry.seq for entry in rows]
    totals = totals_of(zip(places, bodies, strict=True), counts.portions, graph, quotas)
    cover = CoverageCount(graph, quotas, totals.covered).result()
    write_dataset(run.folder / FOLDER, bodies, splits, about, totals.tally, cover)
    rejected: Counter[tuple[str, str]] = Counter()
    left = _rejections(graph, counts, [*entries, *lone], last, rejected)
    write_bytes(run.folder / "rejected.jsonl", left)
    record = _record(run, counts, rows, splits, rejected, seconds)
    run.write_record(state="done", **record, coverage=cover.as_dict())
    run.journal.unlink(missing_ok=True)
    return Finished(run.record, totals.tally)


def _chosen(counts: Counts, entries: list[Entry]) -> tuple[list[Entry], list[int], list[Entry]]:
    """Return the rows that count, the place of each part's last one, and rejected halves of pairs.

    A part that lacks rows has no last one.
    """
    rows: list[Entry] = []
    lone: list[Entry] = []
    last = [_NEVER] * len(counts.parts)
    for at, part in enumerate(counts.parts):
        own = [entry for entry in entries if entry.part == at and entry.kind == "row"]
        own, halves = part_whole(own)
        lone += (half._replace(kind="rejected", body=_lone(half)) for half in halves)
        rows += own[: part.settings.n]
        if len(own) >= part.settings.n:
            last[at] = own[part.settings.n - 1].seq
    return sorted(rows), last, lone


def _lone(half: Entry) -> bytes:
    return dump_rejection(lone_half(half))


def _rejections(
    graph: KnowledgeGraph,
    counts: Counts,
    entries: list[Entry],
    last: list[int],
    rejected: Counter[tuple[str, str]],
) -> Iterator[bytes]:
    for seq, part, item in counts.kept:
        if seq > last[part]:
            continue
        if isinstance(item, Barren):
            for code, line in dump_barren(item, graph):
                rejected["paths", code] += 1
                yield line + b"\n"
        else:
            rejected[item.stage, item.code] += 1
            yield dump_rejection(item) + b"\n"
    for entry in entries:
        if entry.kind == "rejected" and entry.seq <= last[entry.part]:
            rejection = parse_rejection(entry.body)
            rejected[rejection.stage, rejection.code] += 1
            yield entry.body + b"\n"


#: The place of the last row of a part that has too few.
_NEVER = 2**62

#: The stages of a run in order, as ``run.json`` counts them.
STAGES = ("paths", "selection", "splits", "questions", "traces", "checks", "distinct")


def _record(
    run: RunFolder,
    counts: Counts,
    rows: list[Entry],
    splits: Splits,
    rejected: Counter[tuple[str, str]],
    seconds: float,
) -> dict[str, Any]:
    """Return the counts of every stage; what goes in comes out or is rejected."""
    going = len(rows) + sum(rejected.values())
    stages = {}
    for stage in STAGES:
        codes = {code: n for (name, code), n in sorted(rejected.items()) if name == stage}
        left = going - sum(codes.values())
        stages[stage] = {"in": going, "out": left, "rejected": codes}
        going = left
    return {
        "counts": stages,
        "rows": len(rows),
        "parts": _parts(counts, rows),
        "splits": dict(splits.counts),
        "timings_s": {"total": round(seconds, 2)},
        "difficulty": [
            {"part": part.label, **gate.as_dict()}
            for part, gate in zip(counts.parts, counts.gates, strict=True)
            if gate is not None
        ],
    } | ({"wording": counts.wording} if counts.wording else {})


def _parts(counts: Counts, rows: list[Entry]) -> list[dict[str, Any]]:
    """Return what each kind was asked for and gave."""
    asked: dict[str, int] = {}
    gave: Counter[str] = Counter(counts.parts[row.part].label for row in rows)
    for part in counts.parts:
        asked[part.label] = part.rows
    return [{"part": label, "asked": n, "rows": gave[label]} for label, n in asked.items()]
