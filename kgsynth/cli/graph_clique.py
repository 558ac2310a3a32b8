"""``kgsynth graph clique``: where sources disagree about which ids are the same."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli import set_verbosity
from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph

if TYPE_CHECKING:
    from kgsynth.graph.cliques import Clique


@click.command(
    epilog="""\b
Examples:
  kgsynth graph clique
  kgsynth graph clique -n 50
  kgsynth graph clique --graph outputs/graph --json
"""
)
@click.option(
    "-n", "count", type=click.IntRange(min=1), default=10, show_default=True, help="How many."
)
@GRAPH
@JSON
@VERBOSE
def clique(count: int, folder: Path, as_json: bool, verbose: int) -> None:
    """List ids that exact mappings tie together and that were not all merged, the worst first.

    A merge is refused where it would join two ids of one authority, or rest on a chain of
    mappings of several sources.
    """
    set_verbosity(verbose)
    opened = open_graph(folder)
    from kgsynth.graph.cliques import cliques

    found = cliques(opened)
    if as_json:
        value = {"cliques": len(found), "shown": [asdict(one) for one in found[:count]]}
        click.echo(json.dumps(value, indent=2, ensure_ascii=False))
        return
    _print(folder, found, count)


def _print(folder: Path, found: "list[Clique]", count: int) -> None:
    from rich.table import Table
    from rich.text import Text

    from kgsynth.cli.rows import print_trimmed, terminal
    from kgsynth.graph.twins import REASONS

    console = terminal()
    if not found:
        print_trimmed(console, Text(f"{folder}: no mapping was refused"))
        return
    entities = sum(one.entities for one in found)
    print_trimmed(
        console,
        Text(f"{folder}: {len(found):,} cliques with a refused mapping, {entities:,} entities"),
    )
    for one in found[:count]:
        doubled = f"; two or more ids of {', '.join(one.doubled)}" if one.doubled else ""
        title = f"{one.entities} entities, {len(one.members)} ids{doubled}"
        table = Table(title=title, title_justify="left", box=None, show_header=False)
        last = ""
        for member in one.members:
            unfit = f" ({', '.join(member.unfit)})" if member.unfit else ""
            same = member.entity == last and member.entity
            name = "same" if same else f"{member.name}{unfit}" if member.entity else "not described"
            table.add_row(Text(member.id), Text(name))
            last = member.entity
        said = {
            f"{row.subject} = {row.object}": f"{row.source}: {REASONS.get(row.reason, row.reason)}"
            for row in one.refused
        }
        for pair, why in said.items():
            table.add_row(Text(f"  refused {pair}", style="dim"), Text(why, style="dim"))
        print_trimmed(console, table)
    if len(found) > count:
        print_trimmed(console, Text(f"and {len(found) - count:,} more; `-n {len(found)}`"))
