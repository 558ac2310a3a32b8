"""``kgsynth cases FILE``: hold a graph against published patients."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli import set_verbosity
from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph
from kgsynth.progress import harmless

if TYPE_CHECKING:
    from kgsynth.graph.cases import CaseReport
    from kgsynth.graph.store import KnowledgeGraph
    from kgsynth.sources.phenopackets import Cases

#: How many rejections and differences are listed; the others are counted.
_LISTED = 10

_EPILOG = """\b
Examples:
  kgsynth cases phenopackets.tar.xz
  kgsynth cases phenopackets.tar.xz --index phenopackets_index.tsv -n 20
  kgsynth cases patient.json --graph outputs/graph --json
  kgsynth cases phenopackets.tar.xz --run outputs/differential-hops1-seed0
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@GRAPH
@click.option(
    "--index",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A table of the cases that they must agree with.",
)
@click.option(
    "--run",
    "rows",
    type=click.Path(path_type=Path),
    help="A run, or a file of rows: say what the patients tell of its clues instead.",
)
@click.option(
    "-n",
    "shown",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many cases to list, the worst ranked first.",
)
@JSON
@VERBOSE
def cases(
    file: Path,
    folder: Path,
    index: Path | None,
    rows: Path | None,
    shown: int,
    as_json: bool,
    verbose: int,
) -> int:
    """Say what the graph knows of published patients: GA4GH phenopackets.

    FILE is an archive or folder of phenopackets, or one of them. Cases are never read into a
    graph; this only counts how many diseases it has, how many of the findings it records for
    them, and at which rank the true disease comes when diseases are ordered by how many of the
    findings they record. Exit code 1 where the cases differ from the index.

    With --run: for each row of kind differential, intersection or exclusion whose disease has
    patients, how many of these have each clue, and how many are said to lack it.
    """
    set_verbosity(verbose)
    from kgsynth.graph.cases import report_cases, summary
    from kgsynth.sources.phenopacket_index import differences
    from kgsynth.sources.phenopackets import read_cases
    from kgsynth.sources.source_file import SourceFile

    graph = open_graph(folder)
    read = read_cases(SourceFile(file))
    differing = differences(read, SourceFile(index)) if index else ()
    if rows is not None:
        _consistency(graph, read, rows, shown, as_json=as_json)
        return 1 if differing else 0
    reports = list(report_cases(graph, read.cases))
    counts = summary(reports)
    if as_json:
        click.echo(json.dumps(_as_json(read, counts, reports, differing), indent=1))
    else:
        _print(read, counts, sorted(reports, key=_worst_first)[:shown], differing)
    return 1 if differing else 0


def _consistency(
    graph: "KnowledgeGraph", read: "Cases", run: Path, shown: int, *, as_json: bool
) -> None:
    """Print what patients tell of the clues of a run."""
    from kgsynth.datasets.consistency import by_disease, clues_in_cases, summarize
    from kgsynth.datasets.files import iter_rows, read_rows

    rows = list(iter_rows(run) if run.is_dir() else read_rows(run))
    clues = list(clues_in_cases(graph, by_disease(graph, read.cases), rows))
    counts = summarize(clues, Counter(row.kind for row in rows))
    if as_json:
        clues_told = [asdict(one) | {"silent": one.silent} for one in clues]
        click.echo(json.dumps({"kinds": counts, "clues": clues_told}, indent=1))
        return
    from kgsynth.progress import print_table

    if not counts:
        click.echo(f"{run}: no row of these kinds has a disease with patients there")
    for one in counts:
        print_table(f"{one['kind']}: clues that say {one['clues_say']}", _HEAD, _lines(one))
    worst = sorted(
        (one for one in clues if one.against), key=lambda one: -abs(one.present - one.absent)
    )
    listed: list[tuple[object, ...]] = [
        (one.row, graph.node(one.disease).name, graph.node(one.term).name, one.present, one.absent)
        for one in worst[:shown]
    ]
    if listed:
        print_table("Most against", ("row", "disease", "clue", "present", "absent"), listed)


_HEAD = ("", "number", "share")


def _lines(counts: dict[str, Any]) -> list[tuple[object, ...]]:
    lines = [
        ("rows", counts["rows"], 0),
        ("whose disease has patients", counts["rows_with_cases"], counts["rows"]),
        ("their clues", counts["clues"], 0),
        ("that patients tell of", counts["clues_told"], counts["clues"]),
        ("that most of those speak against", counts["clues_against"], counts["clues_told"]),
        ("clues in patients", counts["in_cases"], 0),
        ("present", counts["present"], counts["in_cases"]),
        ("said to be absent", counts["absent"], counts["in_cases"]),
        ("not told", counts["silent"], counts["in_cases"]),
    ]
    return [(what, f"{n:,}", f"{n / of:.1%}" if of else "") for what, n, of in lines]


def _worst_first(report: "CaseReport") -> tuple[int, str]:
    return -report.worst_rank, report.case


def _as_json(
    read: "Cases",
    counts: dict[str, int],
    reports: "list[CaseReport]",
    differing: tuple[str, ...],
) -> dict[str, object]:
    return {
        **counts,
        "read": [asdict(tally) for tally in read.tallies],
        "rejected": [
            {"place": place, "code": code, "detail": detail}
            for place, code, detail in _rejected(read)
        ],
        "differences": list(differing),
        "reports": [asdict(report) for report in reports],
    }


def _rejected(read: "Cases") -> Iterator[tuple[str, str, str]]:
    found = read.rejections
    return zip(found.places, found.codes, found.details, strict=True)


def _print(
    read: "Cases",
    counts: dict[str, int],
    worst: "list[CaseReport]",
    differing: tuple[str, ...],
) -> None:
    from kgsynth.progress import print_table

    print_table("Cases", ("", "number", "share"), _rows(counts))
    listed: list[tuple[object, ...]] = [
        (
            one.case,
            one.name or "not in the graph",
            f"{one.recorded}/{one.observed}",
            one.contradicted,
            one.worst_rank or "",
        )
        for one in worst
    ]
    if listed:
        print_table("Ranked last", ("case", "disease", "recorded", "denied", "rank"), listed)
    for tally in read.tallies:
        if tally.rejected:
            click.echo(f"{tally.unit}: {tally.rejected:,} of {tally.read:,} could not be read")
    for place, code, detail in islice(_rejected(read), _LISTED):
        click.echo(harmless(f"{place}: {code}: {detail}"))
    for line in differing[:_LISTED]:
        click.echo(f"differs from the index: {line}")
    if len(differing) > _LISTED:
        click.echo(f"and {len(differing) - _LISTED:,} more differences")


def _rows(counts: dict[str, int]) -> list[tuple[object, ...]]:
    """Return the lines of the table: what is counted, how many, and the share of what."""
    terms = counts["observed"] - counts["unknown"]
    rows: list[tuple[str, int, int]] = [
        ("cases", counts["cases"], 0),
        ("whose disease the graph has", counts["diseases_known"], counts["cases"]),
        ("findings seen", counts["observed"], 0),
        ("that are terms of the graph", terms, counts["observed"]),
        ("recorded for the disease", counts["recorded"], terms),
        ("denied for the disease", counts["contradicted"], terms),
        ("findings absent", counts["denied"], 0),
        ("recorded for the disease all the same", counts["expected"], counts["denied"]),
    ]
    tops = [key for key in counts if key.startswith("top_")]
    rows += [
        (f"true disease among the first {key[4:]}", counts[key], counts["cases"]) for key in tops
    ]
    return [(what, f"{n:,}", f"{n / of:.1%}" if of else "") for what, n, of in rows]
