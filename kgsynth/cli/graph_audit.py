"""``kgsynth graph audit``: what is in a graph, what is wrong with it, what it can be asked."""

import json
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli import set_verbosity
from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph
from kgsynth.errors import UsageError
from kgsynth.progress import harmless
from kgsynth.resources import data_file

if TYPE_CHECKING:
    from kgsynth.graph.audit import Audit
    from kgsynth.graph.store import KnowledgeGraph
    from kgsynth.paths.capacity import Capacity


@click.command(
    epilog="""\b
Examples:
  kgsynth graph audit
  kgsynth graph audit --page audit.html
  kgsynth graph audit --no-capacity --limit contested=500 --limit refused=any
  kgsynth graph audit --limits my-limits.toml --json
"""
)
@click.option(
    "--limit",
    "given",
    metavar="NAME=VALUE",
    multiple=True,
    help='The most that may be found of a measure, or "any"; may be repeated.',
)
@click.option(
    "--limits",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A TOML file of limits in place of the default ones.",
)
@click.option(
    "--capacity/--no-capacity", default=True, show_default=True,
    help="Count the questions that the graph can be asked.",
)  # fmt: skip
@click.option(
    "--margin",
    "margins",
    type=click.IntRange(1, 3),
    multiple=True,
    default=(1, 2),
    show_default=True,
    help="Clues that every rival must fail; may be repeated.",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the audit as an HTML page with plots, too; it needs no network.",
)
@GRAPH
@JSON
@VERBOSE
def audit(
    given: tuple[str, ...],
    file: Path | None,
    capacity: bool,
    margins: tuple[int, ...],
    page: Path | None,
    folder: Path,
    as_json: bool,
    verbose: int,
) -> int:
    """Count what is in a graph and what is wrong with it; exit with 1 where a limit is broken."""
    set_verbosity(verbose)
    limits = {**read_limits(file), **dict(_pair(one) for one in given)}
    opened = open_graph(folder)
    from kgsynth.graph.audit import audit as run_audit

    found = run_audit(opened, limits, datetime.now(UTC).date())
    counted = _capacity(opened, margins) if capacity else []
    if page is not None:
        _write_page(page, found, counted)
    if as_json:
        _print_json(found, counted)
    else:
        from kgsynth.cli.graph_audit_views import print_audit

        print_audit(found, counted)
    for measure in found.broken:
        line = (
            f"limit broken: {measure.name} is {measure.found:,}, at most {measure.limit:,.0f} is "
            f"allowed: {measure.title}"
            + (f" ({'; '.join(measure.examples[:2])} …)" if measure.examples else "")
        )
        click.echo(harmless(line), err=True)
    return 1 if found.broken else 0


def read_limits(file: Path | None) -> dict[str, Any]:
    """Return limits by name, from a file or those that come with kgsynth.

    Raises:
        UsageError: If the file cannot be read or is no TOML.
    """
    place = file or data_file("templates", "audit", "limits.toml")
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"{place}: no limits can be read from it: {reason}") from None


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name or not value:
        raise UsageError(f"--limit {text!r}: expected NAME=VALUE, such as cycles=0")
    return name.strip(), value.strip()


def _capacity(graph: "KnowledgeGraph", margins: tuple[int, ...]) -> "list[Capacity]":
    from kgsynth.paths.capacity import count_capacity
    from kgsynth.paths.spines import load_spines
    from kgsynth.progress import progress_bar

    with progress_bar("count questions", len(load_spines(None, graph)) * len(margins)) as show:
        return count_capacity(graph, None, margins, show)


def _print_json(found: "Audit", counted: "list[Capacity]") -> None:
    broken = [measure.name for measure in found.broken]
    value = {**asdict(found), "capacity": [asdict(one) for one in counted], "broken": broken}
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _write_page(page: Path, found: "Audit", counted: "list[Capacity]") -> None:
    from kgsynth.cli.audit_page import make_page

    try:
        page.write_text(make_page(found, counted), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{page}: cannot be written: {error.strerror or error}") from None
    click.echo(f"page written to {page}", err=True)
