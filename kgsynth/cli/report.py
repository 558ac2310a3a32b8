"""``kgsynth report RUN``: what a run holds, how hard it is, what its options give away."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kgsynth.cli import set_verbosity
from kgsynth.errors import UsageError

if TYPE_CHECKING:
    from kgsynth.datasets.coverage import Coverage, Wanted
    from kgsynth.datasets.report import Report
    from kgsynth.graph.store import KnowledgeGraph

_EPILOG = """\b
Examples:
  kgsynth report outputs/chain-hops4-choice-seed0
  kgsynth report outputs/chain-hops4-choice-seed0 --page report.html
  kgsynth report outputs/chain-hops4-choice-seed0 --json
"""

#: Of a long table so many lines are printed.
MOST = 12


@click.command(epilog=_EPILOG)
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--graph",
    "graph_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The graph that the run was made from; it names the specialties.  "
    "[default: outputs/graph, where it is that graph]",
)
@click.option(
    "--page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report as an HTML page with plots, too; it needs no network.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("-v", "--verbose", count=True, help="Show log lines; twice for more.")
def report(
    run: Path, graph_folder: Path | None, page: Path | None, as_json: bool, verbose: int
) -> None:
    """Report on a run: counts, coverage, difficulty, reasons, and what guessers reach.

    RUN is a run folder, its dataset folder, or a .jsonl file of rows. The guessers see only the
    options of a question; one that does better than chance says that the options give something
    away.
    """
    # Imported here, so that `--help` loads nothing.
    from kgsynth.datasets.files import iter_rows
    from kgsynth.datasets.report import make_report

    set_verbosity(verbose)
    rows = list(iter_rows(run))
    if not rows:
        raise UsageError(f"{run}: holds no row")
    graph = _graph(rows[0].provenance.graph, graph_folder)
    made = make_report(rows, graph, _rejected(run), wanted=_wanted(run, graph))
    if page is not None:
        _write_page(page, run, made)
    if as_json:
        click.echo(json.dumps(made.as_dict(), indent=1))
    else:
        _print(run, made)


def _graph(fingerprint: str, folder: Path | None) -> "KnowledgeGraph | None":
    """Return the graph of a run; None where it is not at hand and nobody named it."""
    chosen = folder or Path("outputs/graph")
    if folder is None and not (chosen / "manifest.json").is_file():
        return None
    from kgsynth.graph.store import KnowledgeGraph

    graph = KnowledgeGraph.load(chosen)
    if graph.fingerprint == fingerprint:
        return graph
    if folder is None:
        return None
    raise UsageError(
        f"{chosen}: the graph is {graph.fingerprint}, the run was made from {fingerprint}; "
        "name that graph's folder, or leave out --graph"
    )


def _wanted(run: Path, graph: "KnowledgeGraph | None") -> "list[Wanted]":
    """Return the quotas of a run, from its record where there is one."""
    if graph is None or not (run / "run.json").is_file():
        return []
    from kgsynth.quotas import wanted
    from kgsynth.runs import read_record

    return wanted(read_record(run)["settings"], graph)


def _rejected(run: Path) -> dict[str, int]:
    """Return a run's rejections by stage and code, from its record where there is one."""
    file = run / "run.json"
    if not file.is_file():
        return {}
    try:
        stages = json.loads(file.read_text(encoding="utf-8")).get("counts", {})
        return {
            f"{stage}: {code}": count
            for stage, counts in stages.items()
            for code, count in counts["rejected"].items()
        }
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise UsageError(f"{file}: is not the record of a run ({error})") from None


def _print(run: Path, made: "Report") -> None:
    from kgsynth.progress import print_table

    click.echo(f"{run}: {made.rows:,} rows: {_listed(made.kinds)}")
    for title, counts in _tables(made).items():
        if counts:
            items = list(counts.items())
            shown: list[tuple[object, ...]] = [
                (name, f"{n:,}", f"{n / made.rows:.1%}") for name, n in items[:MOST]
            ]
            more = f", {len(items) - MOST} more" if len(items) > MOST else ""
            print_table(f"{title}{more}", ("what", "count", "of rows"), shown)
    _print_quantiles(made)
    if made.coverage is not None:
        _print_coverage(made.coverage)
    if made.yes >= 0:
        click.echo(f"proposals that are right: {made.yes:.1%}")
    if made.guesses:
        print_table(
            "who sees only the options",
            ("guesser", "right", "95 % interval", "chance", ""),
            [
                (g.name, f"{g.accuracy:.1%}", f"{g.low:.1%} to {g.high:.1%}", f"{g.chance:.1%}",
                 "telling" if g.is_telling else "")
                for g in made.guesses
            ],
        )  # fmt: skip


def _print_quantiles(made: "Report") -> None:
    """Print the scores below which so many of the rows of each kind lie."""
    from kgsynth.datasets.tally import QUANTILES
    from kgsynth.progress import print_table

    shares = (f"{share:.0%}" for share in QUANTILES[1:-1])
    print_table(
        "difficulty: so many rows are no harder than",
        ("rows", "easiest", *shares, "hardest"),
        [(what, *(f"{one:.2f}" for one in at)) for what, at in made.quantiles.items()],
    )


def _print_coverage(cover: "Coverage") -> None:
    """Print what of the graph the rows cover, and what falls short."""
    (asked, known), (rare, all_rare) = cover.diseases, cover.rare
    click.echo(
        f"covers {asked:,} of {known:,} diseases with findings, {rare:,} of {all_rare:,} that a "
        f"source calls rare; {cover.rare_rows:,} rows have one of these"
    )
    for text, wanted, got in cover.quotas:
        click.echo(f"quota {text}: {got:,} of {wanted:,} rows")
    for line in cover.shortfalls:
        click.echo(f"falls short: {line}")


def _tables(made: "Report") -> dict[str, Mapping[str, int]]:
    """Return what is counted, under its title."""
    bars = len(made.difficulty)
    specialties = made.coverage.specialties if made.coverage is not None else ()
    difficulty = {
        f"{at / bars:.1f} to {(at + 1) / bars:.1f}": count
        for at, count in enumerate(made.difficulty)
        if count
    }
    return {
        "spine templates": made.templates,
        "answers by category": made.answers,
        "different entities on the way": made.entities,
        "different entities named": made.named,
        "specialties (branches of findings)": {one.name: one.rows for one in specialties},
        "query edges by predicate": made.predicates,
        "difficulty": difficulty,
        "keys of the right option": made.keys,
        "wrong options by their best reason": made.options,
        "reasons against wrong options": made.reasons,
        "went no further": made.rejected,
    }


def _listed(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{name} {count:,}" for name, count in counts.items())


def _write_page(file: Path, run: Path, made: "Report") -> None:
    from kgsynth.cli.report_page import make_page

    try:
        file.write_text(make_page(run, made, _tables(made)), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None
    click.echo(f"page: {file}", err=True)
