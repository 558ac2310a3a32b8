"""``kgsynth robustness RUN``: which questions still stand with other annotations."""

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kgsynth.cli import set_verbosity
from kgsynth.errors import GoalError, UsageError

if TYPE_CHECKING:
    from kgsynth.graph.store import KnowledgeGraph

_EPILOG = """\b
Examples:
  kgsynth robustness outputs/chain-hops4-seed0 --drop 5%
  kgsynth robustness outputs/chain-hops4-seed0 --source orphapackets=../data
  kgsynth robustness RUN --graph outputs/omim --against outputs/graph --at-least 95%
"""

_SHARE = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(%?)")


@click.command(epilog=_EPILOG)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--graph",
    "graph_folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("outputs/graph"),
    show_default=True,
    help="The graph that the run was made from; not needed with --against.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, file_okay=False),
    help="Judge in this other graph, which may call entities by other ids.",
)
@click.option(
    "--source",
    "named",
    metavar="NAME[=PATH]",
    multiple=True,
    help="Judge in the default graph with this source added, or read from another file.",
)
@click.option("--drop", metavar="SHARE", help="Judge without so many of the annotations: 5%.")
@click.option(
    "--predicate",
    "predicates",
    multiple=True,
    default=("has_phenotype",),
    show_default=True,
    help="Which statements --drop draws from; may be repeated.",
)
@click.option(
    "--rounds", type=click.IntRange(1), default=1, show_default=True, help="Draws of --drop."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides what is dropped.")
@click.option(
    "--at-least",
    metavar="SHARE",
    help="Exit code 1 where a smaller share of the questions holds: 95%.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
@click.option("-v", "--verbose", count=True, help="Show log lines; twice for more.")
def robustness(**options: Any) -> None:
    """Count the questions that break when annotations are added or taken away.

    RUN is a run folder, its dataset folder, or a .jsonl file of rows. A question holds where its
    query has the same answers as before; the tables say by kind and margin what became of the
    others, and how many of the steps still have one way to walk them.
    """
    set_verbosity(options["verbose"])
    ways = [name for name in ("against", "named", "drop") if options[name]]
    if len(ways) != 1:
        raise UsageError("expected one of --against GRAPH, --source NAME, --drop SHARE")
    share = share_of("--drop", options["drop"]) if options["drop"] else 0.0
    least = share_of("--at-least", options["at_least"]) if options["at_least"] else 0.0
    if options["rounds"] > 1 and not options["drop"]:
        raise UsageError("--rounds are draws of --drop; the other ways give the same each time")
    # Imported here, so that `--help` loads nothing.
    from kgsynth.datasets.files import iter_rows
    from kgsynth.datasets.robustness import measure

    rows = list(iter_rows(options["run"]))
    if not rows:
        raise UsageError(f"{options['run']}: holds no row")
    with tempfile.TemporaryDirectory() as folder:
        found = measure(rows, _graphs(options, share, rows[0].provenance.graph, Path(folder)))
    told = {"run": str(options["run"]), "rounds": options["rounds"]} | found.as_dict()
    if options["as_json"]:
        click.echo(json.dumps(told, indent=1))
    else:
        _print(told)
    if found.share < least:
        raise GoalError(
            f"{options['run']}: {found.share:.1%} of the questions hold, asked for are {least:.1%}"
        )


def share_of(option: str, text: str) -> float:
    """Read a share: ``5%`` or ``0.05``.

    Raises:
        UsageError: If it cannot be read or is above 1.
    """
    match = _SHARE.fullmatch(text.strip())
    share = float(match[1]) / (100 if match[2] else 1) if match else 2.0
    if share > 1:
        raise UsageError(f"{option} {text!r}: not a share; expected such as 5% or 0.05")
    return share


def _graphs(
    options: dict[str, Any], share: float, fingerprint: str, folder: Path
) -> "Iterator[KnowledgeGraph]":
    """Yield the graphs that the rows are judged in, one after the other."""
    from kgsynth.graph.store import KnowledgeGraph
    from kgsynth.graph.thinned import thin
    from kgsynth.seeding import derive_seed

    if options["against"]:
        yield KnowledgeGraph.load(options["against"])
        return
    graph = KnowledgeGraph.load(options["graph_folder"])
    if graph.fingerprint != fingerprint:
        raise UsageError(
            f"{options['graph_folder']}: the graph is {graph.fingerprint}, the run was made from "
            f"{fingerprint}; name that graph's folder with --graph"
        )
    if options["named"]:
        _build(graph, options["named"], folder)
        yield KnowledgeGraph.load(folder)
        return
    known = set(graph.predicates)
    for predicate in options["predicates"]:
        if predicate not in known:
            raise UsageError(
                f"--predicate {predicate}: the graph has no such statement; it has "
                f"{', '.join(sorted(known))}"
            )
    for turn in range(options["rounds"]):
        seed = derive_seed(options["seed"], "robustness", str(turn))
        yield thin(graph, share, seed, options["predicates"])


def _build(graph: "KnowledgeGraph", named: tuple[str, ...], folder: Path) -> None:
    """Build the default graph with more sources into a folder."""
    from kgsynth.graph.build import build
    from kgsynth.graph.load import read_sources
    from kgsynth.graph.write import Writer
    from kgsynth.resources import cache_home
    from kgsynth.sources.choice import choose, gather
    from kgsynth.sources.places import Finder

    sources = graph.manifest["sources"]
    packaged = all(str(one.get("file")).startswith(("package:", "bundled:")) for one in sources)
    default = {choice.name for choice in choose(None, ())}
    if not packaged or {one["name"] for one in sources} != default:
        raise UsageError(
            "--source adds to the default graph, and this run was made from another one; build "
            "that with the source added, by `kgsynth build-graph`, and name it with --against"
        )
    ready, _ = gather(choose(None, named), Finder(None, cache_home()), strict=True)
    with Writer(folder) as writer:
        made = build(read_sources(ready), on_part=writer.begin)
        writer.finish(made)


def _print(told: dict[str, Any]) -> None:
    from kgsynth.datasets.robustness import OUTCOMES
    from kgsynth.progress import print_table

    questions, steps = told["questions"], told["steps"]
    seen = [code for code in OUTCOMES if code == "holds" or any(one[code] for one in questions)]
    lines: list[tuple[object, ...]] = [
        (f"{one['kind']}, {one['form']}", one["margin"], f"{one['rows']:,}",
         *(f"{100 * one[code] / one['rows']:.1f}" for code in (*seen, "right")))
        for one in questions
    ]  # fmt: skip
    print_table(
        f"{told['run']}: {told['share']:.1%} hold; of 100",
        ("questions", "margin", "rows", *(code.replace("_", " ") for code in seen), "right"),
        lines,
    )
    if steps:
        print_table(
            "steps with clues",
            ("step", "ends at", "margin", "steps", "still one way", "clues kept"),
            [
                (one["place"], one["ends_at"], one["margin"], f"{one['steps']:,}",
                 f"{one['unique'] / one['steps']:.1%}", f"{one['kept'] / one['steps']:.1%}")
                for one in steps
            ],
        )  # fmt: skip
