"""``kgsynth neo4j``: load the graph into Neo4j, and let Neo4j answer every question again."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.errors import DatabaseError, UsageError

if TYPE_CHECKING:
    from kgsynth.graph.neo4j import Login
    from kgsynth.records import Row

_EXAMPLES = """\b
Examples:
  export NEO4J_PASSWORD=...
  kgsynth neo4j load
  kgsynth neo4j verify outputs/chain-hops4-seed0 -n 500
"""
_LOAD_EXAMPLES = """\b
Examples:
  kgsynth neo4j load
  kgsynth neo4j load --graph outputs/newer --wipe --uri bolt://localhost:7687
"""
_VERIFY_EXAMPLES = """\b
Examples:
  kgsynth neo4j verify outputs/chain-hops4-seed0
  kgsynth neo4j verify outputs/chain-hops4-seed0/dataset/test.jsonl -n 500 --json
"""


@click.group(epilog=_EXAMPLES)
def neo4j() -> None:
    """Load the graph into Neo4j and verify runs there.

    The address, user and password come from the options or from NEO4J_URI, NEO4J_USERNAME and
    NEO4J_PASSWORD; the password is never printed or stored.
    """


def _login_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that every command here has; the command gets a `Login`."""
    options = (
        click.option(
            "--uri",
            envvar="NEO4J_URI",
            default="bolt://localhost:7687",
            show_default=True,
            help="The server's address.",
        ),
        click.option(
            "--user", envvar="NEO4J_USERNAME", default="neo4j", show_default=True, help="The user."
        ),
        click.option("--password", envvar="NEO4J_PASSWORD", help="Asked for where not given."),
        click.option(
            "--database", envvar="NEO4J_DATABASE", default="", help="Default: the server's own."
        ),
        click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON."),
        click.option("-v", "--verbose", count=True, help="Say what is being done."),
    )

    @functools.wraps(command)
    def with_login(*, uri: str, user: str, password: str | None, database: str, **rest: Any) -> Any:
        return command(login=_login(uri, user, password, database), **rest)

    return functools.reduce(lambda made, option: option(made), reversed(options), with_login)


@neo4j.command(epilog=_LOAD_EXAMPLES)
@click.option(
    "--graph",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph folder.",
)
@click.option("--wipe", is_flag=True, help="First remove what kgsynth loaded before, no more.")
@_login_options
def load(folder: Path, wipe: bool, login: "Login", as_json: bool, verbose: int) -> None:
    """Write the graph into Neo4j; a load that was stopped goes on where it was."""
    from kgsynth.cli import set_verbosity
    from kgsynth.cli.verifying import print_json
    from kgsynth.graph.neo4j import connect
    from kgsynth.graph.neo4j_load import load as load_graph
    from kgsynth.graph.store import KnowledgeGraph
    from kgsynth.progress import progress_bar

    set_verbosity(verbose)
    graph = KnowledgeGraph.load(folder)
    with (
        connect(login) as database,
        progress_bar("load", len(graph) + graph.n_edges) as show,
    ):
        loaded = load_graph(database, graph, wipe=wipe, on_progress=show)
    summary = {
        "fingerprint": loaded.fingerprint,
        "nodes": loaded.nodes,
        "relationships": loaded.relationships,
        "written": loaded.written,
    }
    if as_json:
        print_json(summary)
    else:
        _print_loaded(database.login.place, loaded.nodes, loaded.relationships, loaded.written)


def _print_loaded(
    place: str, nodes: dict[str, int], relationships: dict[str, int], written: int
) -> None:
    from kgsynth.progress import counts, print_table

    print_table("Nodes", ("Label", "Count"), counts(nodes))
    print_table("Relationships", ("Type", "Count"), counts(relationships))
    click.echo(f"{written:,} rows written to {place}" if written else f"all in {place} already")
    click.echo("next       kgsynth neo4j verify RUN, or paste a row's cypher_view in Neo4j Browser")


@neo4j.command(epilog=_VERIFY_EXAMPLES)
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
@_login_options
def verify(
    run: Path,
    sample: int | None,
    timeout_s: float,
    login: "Login",
    as_json: bool,
    verbose: int,
) -> None:
    """Ask Neo4j every question of a run, and compare the complete answer sets.

    Each row's own Cypher is replayed, read only. Exit code 1 if any answer set differs.
    """
    from kgsynth.cli import set_verbosity
    from kgsynth.cli.verifying import report, rows_to_verify
    from kgsynth.graph.neo4j import connect
    from kgsynth.graph.neo4j_load import loaded_fingerprint
    from kgsynth.graph.neo4j_replay import replay
    from kgsynth.progress import progress_bar

    set_verbosity(verbose)
    rows = rows_to_verify(run, sample)
    differing = []
    with connect(login) as database, progress_bar("verify", len(rows)) as show:
        _refuse_another_graph(rows, loaded_fingerprint(database), database.login.place)
        for done, row in enumerate(rows, start=1):
            expected = tuple(answer.id for answer in row.answers)
            result = replay(database, row.id, row.cypher, expected, timeout_s)
            if not result.agrees:
                differing.append(result)
            show(done, f"{len(differing)} differ")
    report("Neo4j", len(rows), differing, as_json)


def _refuse_another_graph(rows: "list[Row]", loaded: str, place: str) -> None:
    """Refuse to compare answers over two graphs, which would say nothing about either."""
    from kgsynth.cli.verifying import graphs_of

    made_from = graphs_of(rows)
    if not loaded:
        raise DatabaseError(f"{place} holds no complete graph; run `kgsynth neo4j load` first")
    if made_from != [loaded]:
        raise DatabaseError(
            f"{place} holds the graph {loaded[:19]}, the rows were made from "
            f"{', '.join(text[:19] for text in made_from)}; load that graph with "
            "`kgsynth neo4j load --graph DIR --wipe`"
        )


def _login(uri: str, user: str, password: str | None, database: str) -> "Login":
    from kgsynth.graph.neo4j import Login

    if password is None:
        if not sys.stdin.isatty():
            raise UsageError("no password for Neo4j; set NEO4J_PASSWORD or give --password")
        password = click.prompt(f"password of {user} at {uri}", hide_input=True, err=True)
    return Login(uri, user, password, database)
