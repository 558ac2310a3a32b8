"""Hold a run against the rules: ``python -m tests.twin RUN [--graph DIR] [-n N]``.

Prints how many rows break each rule, with examples, and exits 1 where any does.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from tests.twin.graph import read_graph
from tests.twin.rules import violations
from tests.twin.run import read_splits, run_faults
from tests.twin.steps import Margins

EXAMPLES = 3


def main(arguments: list[str] | None = None) -> int:
    """Check the rows of a run and the run itself; return 0 where all is sound, else 1."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    graph = read_graph(options.graph)
    splits = read_splits(options.run)
    rows = [row for part in splits.values() for row in part][: options.n or None]
    margins = None
    if options.margin:
        margins = Margins(options.margin, options.later, options.elsewhere)
    counts: Counter[str] = Counter()
    sound = 0
    for row in rows:
        found = violations(graph, row, margins, pathognomonic=options.pathognomonic)
        sound += not found
        for rule in {each.partition(":")[0] for each in found}:
            counts[rule] += 1
            if counts[rule] <= EXAMPLES:
                example = next(each for each in found if each.startswith(f"{rule}:"))
                sys.stdout.write(f"{row['id']}  {example}\n")
    faults = run_faults(graph, splits)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    seconds = time.monotonic() - started
    for rule, count in sorted(counts.items()):
        sys.stdout.write(f"{count:7,} rows break {rule}\n")
    sys.stdout.write(f"{sound:,} of {len(rows):,} rows are sound ({seconds:.1f} s)\n")
    return 0 if rows and sound == len(rows) and not faults else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.twin", description=__doc__)
    parser.add_argument("run", type=Path, help="a run folder, or one .jsonl file of rows")
    parser.add_argument("--graph", type=Path, default=Path("outputs/graph"))
    parser.add_argument("-n", type=int, default=0, help="only the first N rows")
    parser.add_argument("--margin", type=int, help="[default: that of the kind of question]")
    parser.add_argument("--later", type=int, default=Margins.later)
    parser.add_argument("--elsewhere", type=int, default=Margins.elsewhere)
    parser.add_argument("--pathognomonic", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
