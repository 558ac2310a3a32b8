"""``kgsynth templates``: typed paths that a graph can ask about."""

from pathlib import Path

import click

from kgsynth.cli.graph_options import GRAPH, VERBOSE, open_graph
from kgsynth.errors import GoalError

_EXAMPLES = """\b
Examples:
  kgsynth templates suggest --hops 4
  kgsynth templates suggest --graph outputs/mine --hops 3 > mine.toml
  kgsynth generate --graph outputs/mine --template mine.toml --hops 3
"""


@click.group("templates", epilog=_EXAMPLES)
def templates() -> None:
    """Find typed paths that a graph can ask about."""


@templates.command("suggest", epilog=_EXAMPLES)
@GRAPH
@click.option("--hops", type=click.IntRange(2, 6), default=4, show_default=True, help="Edges.")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Paths tried.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=2000,
    show_default=True,
    help="Spines mined of each.",
)
@VERBOSE
def suggest(folder: Path, hops: int, top: int, sample: int, verbose: int) -> None:
    """Print typed paths of a graph as templates, those that give most questions first.

    They are found from its categories, predicates and directions, so a graph of any make has
    some; those that travel with kgsynth are left out.
    """
    from kgsynth.cli import set_verbosity

    set_verbosity(verbose)
    graph = open_graph(folder)
    from kgsynth.paths.suggest import suggest as find
    from kgsynth.progress import progress_bar

    with progress_bar("mine samples", top) as show:
        found = find(graph, hops, top, sample, show)
    if not found:
        raise GoalError(
            f"{folder}: no path of {hops} hops gives a question beside those of kgsynth"
        )
    click.echo("\n\n".join(one.toml() for one in found))
