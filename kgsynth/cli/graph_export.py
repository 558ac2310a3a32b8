"""``kgsynth graph export``: the graph in a format that others read."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli import set_verbosity
from kgsynth.cli.graph_options import GRAPH, JSON, VERBOSE, open_graph
from kgsynth.graph.views import VIEWS

if TYPE_CHECKING:
    from kgsynth.graph.views.base import Written

_EPILOG = "\b\nFormats:\n" + "".join(f"  {name:<10} {line}\n" for name, (_, line) in VIEWS.items())
_EXAMPLES = """\n\b
Examples:
  kgsynth graph export --to kgx-tsv
  kgsynth graph export --to graphml --around MONDO:0010526 --radius 2 --out outputs/fabry
"""


@click.command("export", epilog=_EPILOG + _EXAMPLES)
@click.option("--to", "name", required=True, metavar="FORMAT", help=f"{', '.join(VIEWS)}.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to.  [default: GRAPH-FORMAT, beside the graph]",
)
@click.option(
    "--around",
    "ids",
    metavar="ID",
    multiple=True,
    help="Only what lies around it; may be repeated.",
)
@click.option(
    "--radius",
    type=click.IntRange(0, 10),
    default=1,
    show_default=True,
    help="How many edges away from --around.",
)
@GRAPH
@JSON
@VERBOSE
def export(
    name: str,
    out: Path | None,
    ids: tuple[str, ...],
    radius: int,
    folder: Path,
    as_json: bool,
    verbose: int,
) -> None:
    """Write the graph, or what lies around some entities, in a format that others read.

    Says what the format cannot hold and how often that happened. Files appear when they are
    complete. KGX files are read back by `kgsynth build-graph --source kgx=FOLDER`.
    """
    set_verbosity(verbose)
    graph = open_graph(folder)
    from kgsynth.graph.views.base import part_of, write_view
    from kgsynth.progress import progress_bar

    part = part_of(graph, ids, radius)
    out = out or folder.with_name(f"{folder.name}-{name}")
    with progress_bar("write", len(part) + part.edges().num_rows) as show:
        written = write_view(name, part, out, lambda done: show(done, ""))
    if as_json:
        click.echo(json.dumps(_summary(name, out, written), indent=2, ensure_ascii=False))
        return
    for file in written.files:
        click.echo(f"{file}: {file.stat().st_size:,} bytes")
    click.echo(", ".join(f"{count:,} {what}" for what, count in written.records.items()))
    for what, count in written.losses.items():
        click.echo(f"not held: {what}: {count:,}")
    for remark in written.remarks:
        click.echo(f"note: {remark}")


def _summary(name: str, out: Path, written: "Written") -> dict[str, object]:
    return {
        "format": name,
        "folder": str(out),
        "files": [str(file) for file in written.files],
        "records": written.records,
        "losses": written.losses,
        "remarks": list(written.remarks),
    }
