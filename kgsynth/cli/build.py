"""``kgsynth build-graph``: from ontology files to a graph folder."""

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli.complete import complete_preset, complete_source
from kgsynth.errors import SourceError
from kgsynth.light import keep_pandas_out

if TYPE_CHECKING:
    from kgsynth.graph.build import Graph
    from kgsynth.graph.load import Loaded
    from kgsynth.sources.choice import Absent

# Numbers of glibc's mallopt(3).
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8

#: A process larger than this gives memory back between two steps.
_LARGE_KB = 1_500_000

_EXAMPLES = """\b
Examples:
  kgsynth build-graph
  kgsynth build-graph --source hpoa=phenotype.hpoa.gz --out outputs/newer
  kgsynth build-graph --preset mechanism --from ../data
  kgsynth build-graph --source reactome --source kgx:mine=my-graph/
  kgsynth build-graph --lead Disease=OMIM
"""


@click.command("build-graph", epilog=_EXAMPLES)
@click.option(
    "--preset",
    metavar="NAME",
    shell_complete=complete_preset,
    help="Which sources: hpo (default, no network), rare-disease, mechanism, everything-open.",
)
@click.option(
    "--source",
    "named",
    metavar="NAME[=PATH]",
    multiple=True,
    shell_complete=complete_source,
    help="Add a source, or read one from this file or folder (plain, gzip, bzip2 or xz) in place "
    "of its own: hpoa=phenotype.hpoa. A format takes a name of yours: kgx:mine=PATH. "
    "May be repeated.",
)
@click.option(
    "--from",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="A folder in which files of sources are looked for by name, at any depth.",
)
@click.option(
    "--cache",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where fetched files lie [default: $KGSYNTH_CACHE, else the user's cache folder].",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph folder. A graph that lies there stays until the new one is complete.",
)
@click.option(
    "--lead",
    metavar="CATEGORY=AUTHORITY,…",
    default="",
    help="Whose ids lead where several are the same entity: Disease=OMIM,Gene=HGNC. "
    "[default: MONDO, and HGNC where its own file is loaded]",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Stop at wrong rows, absent sources and files that no checksum vouches for.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-v", "--verbose", count=True, help="Say what is being done.")
def build_graph(
    preset: str | None,
    named: tuple[str, ...],
    folder: Path | None,
    cache: Path | None,
    out: Path,
    lead: str,
    strict: bool,
    as_json: bool,
    verbose: int,
) -> None:
    """Build the medical knowledge graph.

    Without options: the Human Phenotype Ontology with its disease annotations and gene pairs,
    Mondo's exact mappings and Orphanet's gene associations, all from this machine.
    """
    _prepare_process()
    from kgsynth.graph.build import build
    from kgsynth.graph.leads import parse_leads
    from kgsynth.graph.load import read_sources
    from kgsynth.graph.write import Writer
    from kgsynth.resources import cache_home
    from kgsynth.sources.choice import choose, gather
    from kgsynth.sources.places import Finder

    def say(step: str) -> None:
        _give_back()
        if verbose or sys.stderr.isatty():
            click.echo(f"{step} ...", err=True)

    leads = parse_leads(lead)
    ready, absent = gather(
        choose(preset, named), Finder(folder, cache or cache_home()), strict=strict
    )
    with Writer(out) as writer:
        sources = read_sources(ready, say)
        if strict:
            _stop_at_unverified(sources)
        graph = build(sources, say, leads, writer.begin, use_up=True)
        if strict:
            _stop_at_wrong_rows(graph)
        say("writing")
        manifest = writer.finish(graph)
    if as_json:
        import json

        click.echo(json.dumps(_summary(graph, manifest, out, absent), indent=2, ensure_ascii=False))
    else:
        from kgsynth.cli.build_summary import print_summary

        print_summary(_summary(graph, manifest, out, absent))


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
        library.mallopt(_M_MMAP_THRESHOLD, 1 << 25)  # larger ones go back: no holes
        library.mallopt(_M_TRIM_THRESHOLD, 1 << 30)
        library.mallopt(_M_ARENA_MAX, 1)  # else what one thread freed, no other can use again


def _give_back() -> None:
    """Give memory between objects that live on back to the system, where that is gigabytes."""
    import ctypes
    import resource

    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < _LARGE_KB:
        return
    with contextlib.suppress(OSError, AttributeError):  # not glibc
        ctypes.CDLL(None).malloc_trim(0)


def _stop_at_unverified(sources: "dict[str, Loaded]") -> None:
    for one in sources.values():
        for file in one.held:
            if file.stops_strict:
                raise SourceError(f"{file.words}; without --strict it is read and named")


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


def _summary(
    graph: "Graph", manifest: dict[str, Any], out: Path, absent: "list[Absent]"
) -> dict[str, Any]:
    from collections import Counter

    codes = Counter(code for part in graph.rejections.values() for code in part.codes)
    return {
        "out": str(out),
        "fingerprint": manifest["fingerprint"],
        "versions": {source["name"]: source["version"] for source in manifest["sources"]},
        **manifest["counts"],
        "rejected": dict(sorted(codes.items())),
        "unverified": [
            {"source": file.source, "file": file.name, "state": file.state, "advice": file.words}
            for one in graph.sources.values()
            for file in one.held
            if file.words
        ],
        "left_out": [
            {"source": one.name, "missing": one.missing, "advice": one.advice} for one in absent
        ],
    }
