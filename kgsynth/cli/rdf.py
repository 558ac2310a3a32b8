"""``kgsynth rdf``: let an RDF engine answer every question again."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli.graph_options import GRAPH
from kgsynth.errors import GraphError

if TYPE_CHECKING:
    from kgsynth.records import Row

_EXAMPLES = """\b
Examples:
  kgsynth rdf verify outputs/chain-hops4-seed0
  kgsynth graph export --to turtle
"""
_VERIFY_EXAMPLES = """\b
Examples:
  kgsynth rdf verify outputs/chain-hops4-seed0
  kgsynth rdf verify outputs/chain-hops4-seed0/dataset/test.jsonl -n 500 --json
"""


@click.group(epilog=_EXAMPLES)
def rdf() -> None:
    """Verify runs in SPARQL; `kgsynth graph export` writes the graph as RDF."""


@rdf.command(epilog=_VERIFY_EXAMPLES)
@click.argument("run", type=click.Path(path_type=Path))
@click.option("-n", "sample", type=click.IntRange(min=1), help="Only this many rows, spread out.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0.1),
    default=30.0,
    show_default=True,
    help="Seconds that one question may take.",
)
@GRAPH
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-v", "--verbose", count=True, help="Say what is being done.")
def verify(
    run: Path,
    sample: int | None,
    timeout_s: float,
    folder: Path,
    as_json: bool,
    verbose: int,
) -> None:
    """Ask an RDF engine every question of a run, and compare the complete answer sets.

    Each row's own SPARQL is replayed by Oxigraph, in memory, on the graph as triples; no server is
    needed. Exit code 1 if any answer set differs.
    """
    from kgsynth.cli import set_verbosity
    from kgsynth.cli.verifying import report, rows_to_verify
    from kgsynth.graph.rdf_replay import RdfReplayer
    from kgsynth.progress import progress_bar

    set_verbosity(verbose)
    rows = rows_to_verify(run, sample)
    _refuse_another_graph(rows, folder)
    differing = []
    with RdfReplayer(folder) as engine, progress_bar("verify", len(rows)) as show:
        opened = engine.opened
        for done, row in enumerate(rows, start=1):
            expected = tuple(answer.id for answer in row.answers)
            result = engine.replay(row.id, row.sparql, expected, timeout_s)
            if not result.agrees:
                differing.append(result)
            show(done, f"{len(differing)} differ")
    if not as_json:
        click.echo(
            f"store      {opened.triples:,} triples in {opened.seconds:.1f} s, "
            f"{opened.peak_mb:,.0f} MB at most"
        )
    report("the RDF engine", len(rows), differing, as_json)


def _refuse_another_graph(rows: "list[Row]", folder: Path) -> None:
    """Refuse to compare answers over two graphs, which would say nothing about either."""
    from kgsynth.cli.graph_options import open_graph
    from kgsynth.cli.verifying import graphs_of

    fingerprint, made_from = open_graph(folder).fingerprint, graphs_of(rows)
    if made_from != [fingerprint]:
        raise GraphError(
            f"{folder} holds the graph {fingerprint[:19]}, the rows were made from "
            f"{', '.join(text[:19] for text in made_from)}; name that graph with --graph DIR"
        )
