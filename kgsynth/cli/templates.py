"""``kgsynth templates``: typed paths that a graph can ask about."""

import json
from pathlib import Path

import click

from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph
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
@click.option("--hops", type=click.IntRange(1, 6), default=4, show_default=True, help="Edges.")
@click.option("--top", type=click.IntRange(1), default=40, show_default=True, help="Paths tried.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    default=1000,
    show_default=True,
    help="Spines mined of each.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(1),
    default=60,
    show_default=True,
    help="CPU time after which no further path is tried.",
)
@JSON
@VERBOSE
def suggest(
    folder: Path, hops: int, top: int, sample: int, seconds: float, as_json: bool, verbose: int
) -> None:
    """Print typed paths of a graph as templates, those that give most questions first.

    They are found from its categories, predicates and directions, so a graph of any make has
    some; those that travel with kgsynth are left out. The templates go to standard output, a
    summary of what they give to standard error.
    """
    from kgsynth.cli import set_verbosity

    set_verbosity(verbose)
    graph = open_graph(folder)
    from kgsynth.paths.suggest import suggest as find
    from kgsynth.progress import print_table, progress_bar

    with progress_bar("mine samples", top) as show:
        found = find(graph, hops, top, sample, show, seconds)
    if not found:
        raise GoalError(
            f"{folder}: no path of {hops} hops gives a question beside those of kgsynth"
        )
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], indent=1))
        return
    print_table(
        f"{folder}: {len(found)} templates of {hops} hops",
        ("template", "questions", "answers", "valid", "fit"),
        [
            (one.spine.name, one.expected, one.answers, f"{one.valid:,} of {one.tried:,}", one.fit)
            for one in found
        ],
        stderr=True,
    )
    click.echo("\n\n".join(one.toml() for one in found))
