"""``kgsynth check FILE``: hold every sentence of a dataset against the graph."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli import set_verbosity
from kgsynth.errors import RunError
from kgsynth.progress import harmless

if TYPE_CHECKING:
    from kgsynth.checks import CheckSettings
    from kgsynth.checks.batch import Checked, Line

_EPILOG = """\b
Examples:
  kgsynth check outputs/chain-hops4-seed0
  kgsynth check outputs/chain-hops4-seed0/dataset/test.jsonl --show 3
  kgsynth check rows.jsonl --graph outputs/graph --json > report.json
"""

#: From this many rows on, several processes are faster than one.
MANY = 500


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--graph",
    type=click.Path(path_type=Path),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph that the rows must follow from.",
)
@click.option("--margin", type=click.IntRange(1, 3), help="Instead of the run's margin, or 2.")
@click.option(
    "--show",
    "shown",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many rows with findings to list.",
)
@click.option("--processes", type=click.IntRange(min=1), help="Default: two when rows are many.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
@click.option("-v", "--verbose", count=True, help="Show log lines; twice for more.")
def check(
    file: Path,
    graph: Path,
    margin: int | None,
    shown: int,
    processes: int | None,
    as_json: bool,
    verbose: int,
) -> int:
    """Recompute everything that a dataset claims, from the graph and the text alone.

    FILE is a .jsonl file of rows, a run folder or its dataset folder. Exit code 1 where a row
    does not hold; a line that is no row is one more finding, and the rest goes on.
    """
    from kgsynth.checks.batch import check_lines
    from kgsynth.datasets.files import split_files
    from kgsynth.progress import progress_bar

    set_verbosity(verbose)
    files = list(split_files(file).values())
    total = sum(1 for _ in _lines(files))
    if not total:
        raise RunError(f"{file} holds no rows; expected one JSON object a line")
    workers = processes or (min(2, os.cpu_count() or 1) if total >= MANY else 1)
    report = _Report()
    with progress_bar("check", total) as show:
        for checked in check_lines(_lines(files), graph, _settings(file, margin), workers):
            report.add(checked)
            show(report.rows, f"{report.rows - report.accepted} with findings")
    click.echo(json.dumps(report.as_json(), indent=1)) if as_json else report.print(shown)
    return 0 if report.accepted == report.rows else 1


def _lines(files: Iterable[Path]) -> "Iterator[Line]":
    from kgsynth.checks.batch import Line

    for file in files:
        with file.open("rb") as handle:
            for number, content in enumerate(handle, start=1):
                if content.strip():
                    yield Line(f"{file}:{number}", content)


def _settings(file: Path, margin: int | None) -> "CheckSettings":
    """Return what the run promised, as its ``run.json`` tells, where one lies near the rows."""
    from kgsynth.checks import CheckSettings
    from kgsynth.records import LONE

    asked: dict[str, Any] = {"margin": margin, "lone_margin": margin} if margin else {}
    for folder in (file, file.parent, file.parent.parent):
        record = folder / "run.json"
        if record.is_file():
            told = _told(record)
            known = {key: told[key] for key in CheckSettings.__slots__ if key in told}
            if not told.get("margin"):  # a mix: each kind has its own
                known.pop("margin", None)
            elif told.get("kind") in LONE or told.get("mix"):
                known["lone_margin"] = told["margin"]
            return CheckSettings(**(known | asked))
    return CheckSettings(**asked)


def _told(record: Path) -> dict[str, Any]:
    try:
        settings = json.loads(record.read_text(encoding="utf-8"))["settings"]
        return dict(settings)
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(
            f"{record}: no record of a run ({error}); expected the file that "
            "`kgsynth generate` writes"
        ) from error


class _Report:
    """What the checks found, counted."""

    def __init__(self) -> None:
        self.rows = self.accepted = 0
        self.findings: Counter[tuple[str, str]] = Counter()
        self.failures: list[Checked] = []
        self.checks: Counter[str] = Counter()

    def add(self, checked: "Checked") -> None:
        """Count one row."""
        verdict = checked.verdict
        self.rows += 1
        self.accepted += verdict.accepted
        self.checks.update(verdict.checks)
        # One row counts once for a code, however often it is found in it.
        self.findings.update({(item.code, item.severity) for item in verdict.findings})
        if verdict.findings:
            self.failures.append(checked)

    def print(self, shown: int) -> None:
        """Print the table of codes and the first failures."""
        from kgsynth.progress import print_table

        if self.findings:
            rows: list[tuple[object, ...]] = [
                (_stage(code), code, severity, count, _meaning(code))
                for (code, severity), count in sorted(self.findings.items(), key=_order)
            ]
            print_table("Findings", ("check", "code", "severity", "rows", "meaning"), rows)
        for checked in self.failures[:shown]:
            for item in checked.verdict.findings:
                where = f" step {item.step + 1}" if item.step >= 0 else ""
                click.echo(harmless(f"{checked.place}:{where} {item.code}: {item.message}"))
        ran = ", ".join(f"{name} {count:,}" for name, count in self.checks.items())
        click.echo(f"checks that ran: {ran}")
        click.echo(f"{self.accepted:,} of {self.rows:,} rows hold")

    def as_json(self) -> dict[str, Any]:
        """Return the whole report."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "checks": dict(self.checks),
            "findings": [
                {"check": _stage(code), "code": code, "severity": severity, "rows": count}
                for (code, severity), count in sorted(self.findings.items(), key=_order)
            ],
            "failures": [_failure(checked) for checked in self.failures],
        }


def _failure(checked: "Checked") -> dict[str, Any]:
    from dataclasses import asdict

    file, _, line = checked.place.rpartition(":")
    found = [asdict(item) for item in checked.verdict.findings]
    return {"file": file, "line": int(line), "id": checked.id, "findings": found}


def _stage(code: str) -> str:
    from kgsynth.checks import CODES

    return next(stage for stage, codes in CODES.items() if code in codes)


def _meaning(code: str) -> str:
    from kgsynth.checks import CODES

    return CODES[_stage(code)][code]


def _order(item: tuple[tuple[str, str], int]) -> tuple[int, str]:
    return -item[1], item[0][0]
