"""``kgsynth graph rare``: the rarest entities of a graph, and how rarity is spread."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli import set_verbosity
from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph

if TYPE_CHECKING:
    from kgsynth.graph.rare import Rarities

#: Columns of the longest bar in a terminal.
_WIDTH = 40


@click.command(
    epilog="""\b
Examples:
  kgsynth graph rare
  kgsynth graph rare --category Disease --top 50 --json
  kgsynth graph rare --plot rarity.svg
"""
)
@click.option(
    "-n", "--top", type=click.IntRange(min=0), default=15, show_default=True, help="How many."
)
@click.option(
    "--category",
    "categories",
    multiple=True,
    help="Only entities of this category; may be repeated.  [default: Disease]",
)
@click.option(
    "--plot",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the histogram as SVG; needs kgsynth[plots].",
)
@GRAPH
@JSON
@VERBOSE
def rare(
    top: int,
    categories: tuple[str, ...],
    plot: Path | None,
    folder: Path,
    as_json: bool,
    verbose: int,
) -> None:
    """List the rarest entities and show how rarity is spread; 1 is rarest."""
    set_verbosity(verbose)
    opened = open_graph(folder)
    from kgsynth.graph.rare import rarities

    found = rarities(opened, categories or ("Disease",), top)
    if plot is not None:
        from kgsynth.cli.plots import save_bars

        title = f"Rarity of {found.scored:,} entities ({', '.join(found.categories)})"
        save_bars(plot, title, "rarity score, 1 is rarest", list(found.bars))
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False))
    else:
        _print(found)
    if plot is not None:
        click.echo(f"plot written to {plot}", err=True)


def _print(found: "Rarities") -> None:
    from rich.text import Text

    from kgsynth.cli.graph_views import make_table
    from kgsynth.cli.rows import print_trimmed, terminal

    console = terminal()
    head = f"{found.scored:,} entities have a rarity score ({', '.join(found.categories)}), "
    print_trimmed(console, Text(f"{head}{found.unscored:,} have none; median {found.median:.2f}"))
    most = max(1, *found.bars)
    step = 1 / len(found.bars)
    bars = [
        (f"{at * step:.2f}", "█" * round(count / most * _WIDTH) or ("▏" if count else ""),
         f"{count:,}")
        for at, count in enumerate(found.bars)
    ]  # fmt: skip
    print_trimmed(console, make_table("", ("from", "", "count"), bars))
    rows = [
        (f"{one.score:.2f}", one.id, one.name if one.fit else f"{one.name} [unfit as answer]",
         f"{one.statements:,}")
        for one in found.rarest
    ]  # fmt: skip
    said = {name: one.get("entities", 0) for name, one in found.recipe.get("signals", {}).items()}
    if "Disease" in found.categories and any(said.values()):
        signals = [(name.replace("_", " "), f"{count:,}") for name, count in said.items()]
        print_trimmed(console, make_table("Signals", ("of diseases", "given for"), signals))
    linked = found.recipe.get("linked", {})
    if set(found.categories) & set(linked.get("entities", ())):
        print_trimmed(console, Text(f"score: {linked['meaning']}"))
    if rows:
        print_trimmed(console, make_table("Rarest", ("score", "id", "name", "statements"), rows))
