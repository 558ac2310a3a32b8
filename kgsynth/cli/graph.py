"""``kgsynth graph info|show|find``: ways to look into a graph."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from kgsynth.cli import set_verbosity
from kgsynth.cli.graph_audit import audit
from kgsynth.cli.graph_clique import clique
from kgsynth.cli.graph_export import export
from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph
from kgsynth.cli.graph_rare import rare


@click.group(
    epilog="""\b
Examples:
  kgsynth graph info
  kgsynth graph find fabri disease
  kgsynth graph show MONDO:0010526
"""
)
def graph() -> None:
    """Look at the graph: what is in it, one entity, or entities by name."""


@graph.command(
    epilog="""\b
Examples:
  kgsynth graph info
  kgsynth graph info --graph outputs/graph --json
"""
)
@GRAPH
@JSON
@VERBOSE
def info(folder: Path, as_json: bool, verbose: int) -> None:
    """Print what a graph holds: counts, sources, licenses, hubs."""
    set_verbosity(verbose)
    manifest = open_graph(folder).manifest
    if as_json:
        click.echo(json.dumps(manifest, indent=2, ensure_ascii=False))
        return
    from kgsynth.cli.graph_views import print_info

    print_info(folder, manifest)


@graph.command(
    epilog="""\b
Examples:
  kgsynth graph show MONDO:0010526
  kgsynth graph show OMIM:301500 -n 50
  kgsynth graph show Orphanet_324 --json
"""
)
@click.argument("entity", metavar="ID")
@click.option(
    "-n",
    "count",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    help="Statements of each predicate; the others are counted.",
)
@GRAPH
@JSON
@VERBOSE
def show(entity: str, count: int, folder: Path, as_json: bool, verbose: int) -> None:
    """Print one entity: names, ids, and its statements with who says so.

    ID may be an id that was merged into another, in any spelling: OMIM:301500, Orphanet_324.
    """
    set_verbosity(verbose)
    opened = open_graph(folder)
    # Imported here and below, so that `--help` loads nothing.
    from kgsynth.graph.neighbourhood import describe

    found = describe(opened, opened.resolve(entity), count)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
        return
    from kgsynth.cli.graph_views import print_entity

    print_entity(found)


@graph.command(
    epilog="""\b
Examples:
  kgsynth graph find Fabry
  kgsynth graph find hyperkalemic paralisis
  kgsynth graph find seizure -n 3 --json
"""
)
@click.argument("text", nargs=-1, required=True)
@click.option(
    "-n", "count", type=click.IntRange(min=1), default=10, show_default=True, help="How many."
)
@GRAPH
@JSON
@VERBOSE
def find(text: tuple[str, ...], count: int, folder: Path, as_json: bool, verbose: int) -> None:
    """Find entities by name, synonym or id; a typo or two does no harm."""
    from kgsynth.errors import UnknownEntityError

    set_verbosity(verbose)
    wanted = " ".join(text)
    matches = open_graph(folder).find(wanted, count)
    if as_json:
        click.echo(json.dumps([asdict(match) for match in matches], indent=2, ensure_ascii=False))
        return
    if not matches:
        raise UnknownEntityError(
            f"nothing in {folder} is called {wanted!r}; every word must occur in a name or "
            "synonym, so try fewer words"
        )
    from kgsynth.cli.graph_views import print_matches

    print_matches(matches)


@graph.command(
    epilog="""\b
Examples:
  kgsynth graph capacity
  kgsynth graph capacity --hops 4 --margin 1 --margin 2 --json
"""
)
@GRAPH
@click.option("--hops", type=int, help="Only templates of so many hops. [default: all]")
@click.option(
    "--margin",
    "margins",
    type=click.IntRange(1, 3),
    multiple=True,
    default=(1, 2),
    show_default=True,
    help="Clues that every rival must fail; may be repeated.",
)
@JSON
@VERBOSE
def capacity(
    folder: Path, hops: int | None, margins: tuple[int, ...], as_json: bool, verbose: int
) -> None:
    """Count the valid questions that a graph holds, by template and margin."""
    set_verbosity(verbose)
    opened = open_graph(folder)
    from kgsynth.paths.capacity import count_capacity
    from kgsynth.paths.spines import load_spines
    from kgsynth.progress import print_table, progress_bar

    total = len(load_spines(hops, opened)) * len(margins)
    with progress_bar("count", total) as show:
        found = count_capacity(opened, hops, margins, show)
    if as_json:
        click.echo(json.dumps([asdict(item) for item in found], indent=2))
        return
    print_table(
        f"{folder}: questions that keep every rule",
        ("template", "hops", "margin", "fit spines", "valid", "share %", "diseases", "answers"),
        [
            (c.template, c.hops, c.margin, c.fit, c.valid, 100 * c.valid / max(c.fit, 1),
             c.diseases, c.answers)
            for c in found
        ],
    )  # fmt: skip


for _command in (audit, clique, rare, export):
    graph.add_command(_command)
