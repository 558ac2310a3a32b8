"""What must hold of a run as a whole: no row twice, and splits that share nothing.

Splits share no spine edge in either direction, no path of entities, and no answer whose category
has more than a hundred members (the few modes of inheritance cannot be kept apart). Nor does one
offer what is an answer in another, unless within a class.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

from tests.twin.dual import pair_faults
from tests.twin.graph import IS_A, Graph

SMALL_CATEGORY = 100
Row = dict[str, Any]
Splits = Mapping[str, Sequence[Row]]


def read_splits(run: Path) -> dict[str, list[Row]]:
    """Read the rows of a run folder by split, or of one JSON Lines file as one split."""
    files = sorted((run / "dataset").glob("*.jsonl")) if run.is_dir() else [run]
    return {file.stem: _read(file) for file in files}


def _read(file: Path) -> list[Row]:
    text = file.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def run_faults(graph: Graph, splits: Splits) -> list[str]:
    """Return what is wrong with a run as a whole."""
    rows = [row for part in splits.values() for row in part]
    return [*_repeated(splits), *_shared(graph, splits), *pair_faults(rows)]


def walked(row: Row) -> tuple[str, ...]:
    """Return the entities of a row's spine, the far anchor first."""
    bound = {each["variable"]: each["id"] for each in row["bindings"]}
    return tuple(bound.get(name, name) for name in row["query"]["spine"])


def _repeated(splits: Splits) -> Iterator[str]:
    rows = [row for part in splits.values() for row in part]
    # The far anchor is a clue; the same walk from another clue is the same walk.
    keys = {
        "the id": lambda row: row["id"],
        "the stem": lambda row: row["question"],
        "the spine": lambda row: walked(row)[1:] or _asked(row),
    }
    for what, key in keys.items():
        for value, count in Counter(map(key, rows)).items():
            if count > 1:
                yield f"run: {count} rows have {what} {value}"


def _asked(row: Row) -> tuple[object, ...]:
    """Return what a question without a spine asks: of whom, by which clues, what it names."""
    bound = tuple(each["id"] for each in row["bindings"])
    clues = sorted(tuple(sorted(edge.items())) for edge in row["query"]["edges"])
    return bound, tuple(clues), row["candidate"]["id"], frozenset(row["query"]["among"])


def _shared(graph: Graph, splits: Splits) -> Iterator[str]:
    edges = {name: _spine_edges(rows) for name, rows in splits.items()}
    answers = {name: _answers(graph, rows) for name, rows in splits.items()}
    for one, other in combinations(sorted(splits), 2):
        if both := edges[one] & edges[other]:
            yield f"run: {one} and {other} share {len(both)} spine edges, such as {min(both)}"
        if same := answers[one] & answers[other]:
            yield f"run: {one} and {other} share {len(same)} answers, such as {min(same)}"
    for one, rows in splits.items():
        elsewhere = set().union(*(found for name, found in answers.items() if name != one))
        if known := _offered(rows) & elsewhere:
            yield f"run: {one} offers {len(known)} answers of other splits, such as {min(known)}"


def _spine_edges(rows: Sequence[Row]) -> set[tuple[str, ...]]:
    """Return the pairs of neighbours on the spines, whichever way they are walked."""
    return {tuple(sorted(pair)) for row in rows for pair in pairwise(walked(row))}


def _answers(graph: Graph, rows: Sequence[Row]) -> set[str]:
    # A dual lists all findings of a disease; it is about the one that it binds.
    listed = [row["bindings"] if row["kind"] == "dual" else row["answers"] for row in rows]
    answers = {answer["id"] for part in listed for answer in part}
    sizes = {name: len(members) for name, members in graph.in_category.items()}
    return {each for each in answers if sizes[graph.nodes[each]["category"]] > SMALL_CATEGORY}


def _offered(rows: Sequence[Row]) -> set[str]:
    """Return what rows offer or propose, those aside that ask within a class."""
    found: set[str] = set()
    for row in rows:
        classes = [e for e in row["query"]["edges"] if e["predicate"] == IS_A]
        if row["kind"] != "dual" and all(e["subject"] != row["query"]["target"] for e in classes):
            found |= {row["candidate"]["id"], *(each["id"] for each in row["options"])}
    return found
