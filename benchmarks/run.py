"""Run the benchmarks, print a table, write ``outputs/bench.json``: ``make bench``.

python -m benchmarks.run [NAME ...] [--rounds 5] [--out outputs/bench.json]
"""

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.measure import BenchmarkError, Result, Setting, run_process

#: Benchmarks in the order in which they run, as modules with a function `measure`.
BENCHMARKS: dict[str, str] = {
    "startup": "benchmarks.startup",
    "obo": "benchmarks.obo",
    "rdf": "benchmarks.rdf",
    "build": "benchmarks.build",
    "mine": "benchmarks.mine",
    "conjunctions": "benchmarks.conjunctions",
    "generate": "benchmarks.generate",
    "stages": "benchmarks.stages",
    "peers": "benchmarks.peers",
    "scale": "benchmarks.scale",
    "mine-scale": "benchmarks.mine_scale",
}

#: Those that are given the default graph.
ON_A_GRAPH = frozenset({"mine", "conjunctions", "generate", "stages", "peers"})

#: Those that take minutes and gigabytes: they run only where they are named.
ONLY_BY_NAME = frozenset({"scale", "mine-scale"})


def main() -> int:
    """Run what was asked for; return 1 if a goal was missed or a command failed."""
    arguments = _parse()
    results: list[Result] = []
    failed = False
    with tempfile.TemporaryDirectory(prefix="kgsynth-bench-") as scratch:
        graph = Path(scratch) / "graph"
        setting = Setting(Path(scratch), arguments.rounds, graph)
        for name in arguments.names:
            print(f"running {name} …", file=sys.stderr)
            try:
                if name in ON_A_GRAPH and not graph.exists():
                    run_process(setting.kgsynth("build-graph", "--out", str(graph)))
                results.extend(_measure(name, setting))
            except BenchmarkError as error:
                print(f"{name}: {error}", file=sys.stderr)
                failed = True
    _print_table(results)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(result), ensure_ascii=False) for result in results]
    arguments.out.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    return int(failed or any(result.met is False for result in results))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each side (default 5)")
    parser.add_argument("--out", type=Path, default=Path("outputs/bench.json"))
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(BENCHMARKS))
    if unknown or arguments.rounds < 1:
        wrong = f"unknown benchmark {unknown[0]!r}" if unknown else "--rounds must be at least 1"
        parser.error(f"{wrong}; known: {', '.join(BENCHMARKS)}")
    arguments.names = arguments.names or [name for name in BENCHMARKS if name not in ONLY_BY_NAME]
    return arguments


def _measure(name: str, setting: Setting) -> Iterator[Result]:
    """Give one benchmark a folder of its own and run it."""
    folder = setting.scratch / name
    folder.mkdir()
    module = importlib.import_module(BENCHMARKS[name])
    yield from module.measure(Setting(folder, setting.rounds, setting.graph, setting.python))


def _print_table(results: list[Result]) -> None:
    from rich.console import Console
    from rich.table import Table

    title = f"kgsynth, Python {platform.python_version()}, {os.cpu_count()} cores"
    table = Table(title=title, title_justify="left", title_style="bold")
    for header in (
        "what",
        "median",
        "unit",
        "runs",
        "peer",
        "peer's",
        "times better",
        "goal",
        "met",
    ):
        numeric = header in ("median", "peer's", "times better")
        table.add_column(header, justify="right" if numeric else "left")
    if remarks := any(result.remark for result in results):
        table.add_column("of the peer's")
    for result in results:
        met = "" if result.met is None else "yes" if result.met else "NO"
        spread = f"{_number(result.spread[0])}–{_number(result.spread[1])}"
        table.add_row(
            *(result.name, _number(result.value), result.unit, spread, result.peer),
            *(_number(result.peer_value), _number(result.ratio), result.goal, met),
            *((result.remark,) if remarks else ()),
        )
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
