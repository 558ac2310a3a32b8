"""How consistent differentials are with published patients, which no graph was made from.

    python scripts/cases_differential.py RUN phenopackets.tar.xz [--graph DIR]

For every row of a run of kind `differential` whose answer, or a rival told of, has patients in the
archive, it counts what these patients bear out: findings given as clues that were seen, or looked
for and absent; and findings that "are not recorded" for a rival and yet were seen in its patients.
Nothing is gated; a patient need not have every finding of the disease.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.sources.phenopackets import Case, read_cases
from kgsynth.sources.source_file import SourceFile


def main(arguments: list[str] | None = None) -> int:
    """Print the counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("run", type=Path, help="a run folder of kind differential")
    parser.add_argument("cases", type=Path, help="an archive or folder of phenopackets")
    parser.add_argument("--graph", type=Path, default=Path("outputs/graph"))
    options = parser.parse_args(arguments)
    graph = KnowledgeGraph.load(options.graph)
    patients = by_disease(graph, read_cases(SourceFile(options.cases)).cases)
    counts: Counter[str] = Counter()
    for file in sorted((options.run / "dataset").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            counts.update(row_counts(graph, patients, json.loads(line)))
    shares = {
        "clues_seen_of_those_looked_for": _share(counts, "clue_seen", "clue_absent"),
        "lacking_absent_of_those_looked_for": _share(counts, "lacking_absent", "lacking_seen"),
    }
    sys.stdout.write(json.dumps(dict(sorted(counts.items())) | shares, indent=1) + "\n")
    return 0


def by_disease(graph: KnowledgeGraph, cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the patients of each disease of the graph, by their first known diagnosis."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        for disease in case.diseases:
            try:
                found.setdefault(graph.resolve(disease), []).append(case)
            except UnknownEntityError:
                continue
            break
    return found


def row_counts(
    graph: KnowledgeGraph, patients: dict[str, list[Case]], row: dict[str, Any]
) -> Counter[str]:
    """Return what the patients of a row's answer and rivals bear out.

    Counted per statement: a finding is *seen* where most patients in whom it was looked for have
    it or a more specific one, *absent* where most have not, *silent* where no patient tells.
    """
    counts = Counter(rows=1)
    terms = [edge["object"] for edge in row["query"]["edges"]]
    (answer,) = (one["id"] for one in row["answers"])
    if answer in patients:
        counts["rows_with_patients"] += 1
        seen = [_told(graph, patients[answer], term) for term in terms]
        counts.update(f"clue_{one}" for one in seen)
        counts["rows_no_clue_against"] += "absent" not in seen
    told = {entity for step in row["trace"][:-1] for entity in step["entities"]}
    for rival in row["steps"][0]["rivals"]:
        if rival["id"] in patients and rival["id"] in told:
            counts["rivals_with_patients"] += 1
            for at in rival["fails"]:
                if terms[at] in told:
                    counts[f"lacking_{_told(graph, patients[rival['id']], terms[at])}"] += 1
    return counts


def _told(graph: KnowledgeGraph, cases: list[Case], term: str) -> str:
    below = graph.descendants(term) | {term}
    above = graph.ancestors(term) | {term}
    seen = sum(not below.isdisjoint(case.observed) for case in cases)
    absent = sum(
        below.isdisjoint(case.observed) and not above.isdisjoint(case.excluded) for case in cases
    )
    if not seen and not absent:
        return "silent"
    return "seen" if seen >= absent else "absent"


def _share(counts: Counter[str], one: str, other: str) -> float:
    both = counts[one] + counts[other]
    return round(counts[one] / both, 4) if both else 0.0


if __name__ == "__main__":
    sys.exit(main())
