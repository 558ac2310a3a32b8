"""What the commands that replay a run in another engine have in common."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.errors import GoalError, RunError
from kgsynth.progress import harmless

if TYPE_CHECKING:
    from kgsynth.graph.replay import Replay
    from kgsynth.records import Row

_MOST_SHOWN = 20


def rows_to_verify(run: Path, sample: int | None) -> "list[Row]":
    """Return the rows of a run, or as many of them, spread out.

    Raises:
        RunError: If there are none.
    """
    from kgsynth.datasets.files import iter_rows

    rows = list(iter_rows(run))
    if not rows:
        raise RunError(f"{run}: there are no rows to verify")
    if sample is None or sample >= len(rows):
        return rows
    return [rows[at * len(rows) // sample] for at in range(sample)]


def graphs_of(rows: "Sequence[Row]") -> list[str]:
    """Return the fingerprints of the graphs that rows were made from, sorted."""
    return sorted({row.provenance.graph for row in rows})


def report(engine: str, total: int, differing: "Sequence[Replay]", as_json: bool) -> None:
    """Say how many rows agree and which do not.

    Args:
        engine: Its name, for messages.
        total: How many rows were replayed.
        differing: Those that differ.
        as_json: Print JSON.

    Raises:
        GoalError: If any row differs.
    """
    if as_json:
        found = [
            {"id": item.id, "expected": item.expected, "found": item.found, "problem": item.problem}
            for item in differing
        ]
        print_json({"rows": total, "agree": total - len(differing), "differ": found})
    else:
        for item in differing[:_MOST_SHOWN]:
            click.echo(harmless(f"differs    {item}"))
        click.echo(f"verified   {total - len(differing):,} of {total:,} rows agree")
    if differing:
        raise GoalError(f"{engine} does not agree with {len(differing):,} of {total:,} rows")


def print_json(summary: object) -> None:
    """Print a summary as JSON."""
    import json

    click.echo(json.dumps(summary, indent=2, ensure_ascii=False))
