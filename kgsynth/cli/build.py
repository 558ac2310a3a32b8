"""``kgsynth build-graph``: from ontology files to a graph folder."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.errors import SourceError, UsageError
from kgsynth.light import keep_pandas_out

if TYPE_CHECKING:
    from kgsynth.graph.build import Graph

# Numbers of glibc's mallopt(3).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3

_EXAMPLES = """\b
Examples:
  kgsynth build-graph
  kgsynth build-graph --source hpoa=phenotype.hpoa.gz --out outputs/newer
"""


@click.command("build-graph", epilog=_EXAMPLES)
@click.option(
    "--source",
    "overrides",
    metavar="NAME=PATH",
    multiple=True,
    help="Read this file (plain, gzip or xz) in place of the one that comes with kgsynth: "
    "hpo=hp.obo, hpoa=phenotype.hpoa, hpo-genes=genes_to_phenotype.txt. May be repeated.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph folder. A graph that lies there stays until the new one is complete.",
)
@click.option("--strict", is_flag=True, help="Stop at wrong rows instead of leaving them out.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-v", "--verbose", count=True, help="Say what is being done.")
def build_graph(
    overrides: tuple[str, ...], out: Path, strict: bool, as_json: bool, verbose: int
) -> None:
    """Build the medical knowledge graph.

    Without options: the Human Phenotype Ontology with its disease annotations and gene pairs,
    Mondo's exact mappings and Orphanet's gene associations, all from this machine.
    """
    files = dict(_override(text) for text in overrides)
    _prepare_process()
    from kgsynth.graph.build import build, load_sources
    from kgsynth.graph.write import write_graph

    def say(step: str) -> None:
        if verbose or sys.stderr.isatty():
            click.echo(f"{step} ...", err=True)

    graph = build(load_sources(files, say), say)
    if strict:
        _stop_at_wrong_rows(graph)
    say("writing")
    manifest = write_graph(graph, out)
    if as_json:
        import json

        click.echo(json.dumps(_summary(graph, manifest, out), indent=2, ensure_ascii=False))
    else:
        from kgsynth.cli.build_summary import print_summary

        print_summary(_summary(graph, manifest, out))


def _override(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not equals or not path:
        raise UsageError(
            f"--source {text!r}: expected NAME=PATH, for example hpoa=phenotype.hpoa; the other "
            "sources are read anyway"
        )
    return name, Path(path)


def _prepare_process() -> None:
    """Set the process up for one short, large piece of work, where it is only that."""
    if "pyarrow" in sys.modules:  # a notebook or a test: not ours to change
        return
    _keep_memory()
    keep_pandas_out()


def _keep_memory() -> None:
    """Let freed memory be used again instead of going back to the system and coming in anew.

    The tables are made of arrays of many megabytes, and new pages cost as much time as the work
    on them. Cycles of references, which the collector would look for, are not made.
    """
    import ctypes
    import gc
    import os

    gc.disable()
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    with contextlib.suppress(OSError, AttributeError):  # not glibc
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_THRESHOLD, 1 << 30)
        library.mallopt(_M_TRIM_THRESHOLD, 1 << 30)


def _stop_at_wrong_rows(graph: "Graph") -> None:
    from kgsynth.sources.base import NOT_WRONG

    wrong = [
        f"{place}: {detail} ({code})"
        for part in graph.rejections.values()
        for place, code, detail in zip(part.places, part.codes, part.details, strict=True)
        if code not in NOT_WRONG
    ]
    if wrong:
        more = f"; {len(wrong) - 1} more wrong rows" if len(wrong) > 1 else ""
        raise SourceError(f"{wrong[0]}{more}; without --strict they are left out and listed")


def _summary(graph: "Graph", manifest: dict[str, Any], out: Path) -> dict[str, Any]:
    from collections import Counter

    codes = Counter(code for part in graph.rejections.values() for code in part.codes)
    return {
        "out": str(out),
        "fingerprint": manifest["fingerprint"],
        "versions": {source["name"]: source["version"] for source in manifest["sources"]},
        **manifest["counts"],
        "rejected": dict(sorted(codes.items())),
    }
