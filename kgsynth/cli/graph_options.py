"""What the commands that look at a graph have in common: options, and how a graph is opened."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

GRAPH = click.option(
    "--graph",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph folder.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
VERBOSE = click.option("-v", "--verbose", count=True, help="Show log lines; twice for more.")


def open_graph(folder: Path) -> "KnowledgeGraph":
    """Open a graph folder, without what pyarrow would load on the side."""
    # Imported here, so that `--help` loads nothing.
    from kgsynth.light import keep_pandas_out

    keep_pandas_out()
    from kgsynth.graph.store import KnowledgeGraph

    return KnowledgeGraph.load(folder)
