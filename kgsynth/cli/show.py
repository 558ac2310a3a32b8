"""``kgsynth show RUN``: a few rows, as a person would want to read them."""

import functools
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli import set_verbosity
from kgsynth.errors import UsageError
from kgsynth.records import Row

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

_EPILOG = """\b
Examples:
  kgsynth show outputs/chain-hops4-seed0
  kgsynth show outputs/chain-hops4-seed0 -n 1 --split test
  kgsynth show outputs/chain-hops4-seed0 --id kgs:3f2a --json
"""


@click.command(epilog=_EPILOG)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "-n", "count", type=click.IntRange(min=1), default=3, show_default=True, help="How many rows."
)
@click.option(
    "--id",
    "ids",
    multiple=True,
    metavar="ID",
    help="Only this row; the beginning of its id is enough. May be repeated.",
)
@click.option("--split", metavar="SPLIT", help="Only from train, validation or test.")
@click.option(
    "--graph",
    "graph_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The graph that the run was made from; it names the rivals.  "
    "[default: outputs/graph, where it is that graph]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the rows as a JSON list.")
@click.option("-v", "--verbose", count=True, help="Show log lines; twice for more.")
def show(
    run: Path,
    count: int,
    ids: tuple[str, ...],
    split: str | None,
    graph_folder: Path | None,
    as_json: bool,
    verbose: int,
) -> None:
    """Read a few rows: question, answer, proof, reasoning, citations.

    RUN is a run folder, its dataset folder, or a .jsonl file of rows. The proof shows how many
    ways to walk a step each clue leaves, the nearest rivals, and which clues rule each out.
    """
    # Imported here, so that `--help` loads nothing.
    from kgsynth.datasets.files import dump_row, iter_rows

    set_verbosity(verbose)
    rows = _with_ids(iter_rows(run, split), ids) if ids else islice(iter_rows(run, split), count)
    if as_json:
        click.echo("[" + ",\n ".join(dump_row(row).decode() for row in rows) + "]")
        return
    from kgsynth.cli.rows import print_row, terminal

    console = terminal()
    for row in rows:
        print_row(console, row, _rival_names(row, graph_folder))


def _rival_names(row: Row, folder: Path | None) -> dict[str, str]:
    """Return the names of a row's rivals from its graph; none where that graph is not at hand."""
    chosen = folder or Path("outputs/graph")
    if folder is None and not (chosen / "manifest.json").is_file():
        return {}
    graph = _opened(chosen)
    if graph.fingerprint != row.provenance.graph:
        if folder is None:
            return {}
        raise UsageError(
            f"{chosen}: the graph is {graph.fingerprint}, the row was made from "
            f"{row.provenance.graph}; name that graph's folder, or leave out --graph"
        )
    rivals = {rival.id for step in row.steps for rival in step.rivals}
    return {rival: graph.node(rival).name for rival in rivals if rival in graph}


@functools.cache
def _opened(folder: Path) -> "KnowledgeGraph":
    from kgsynth.graph.store import KnowledgeGraph

    return KnowledgeGraph.load(folder)


def _with_ids(rows: Iterator[Row], ids: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows whose ids begin with one of `ids`; complain of one that none has."""
    wanted = {one if ":" in one else f"kgs:{one}" for one in ids}
    missing = set(wanted)
    for row in rows:
        matched = {one for one in wanted if row.id.startswith(one)}
        if matched:
            missing -= matched
            yield row
    if missing:
        raise UsageError(
            f"no row has the id {min(missing)!r}; ids stand in the field `id` of a row"
        )
