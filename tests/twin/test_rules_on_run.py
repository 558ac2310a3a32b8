"""What the command generates obeys every rule, says the twin, which shares no code with it."""

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.twin.graph import Graph, read_graph
from tests.twin.rules import broken_rules, violations
from tests.twin.run import read_splits, run_faults

HERE = Path(__file__).resolve().parent
KGSYNTH = Path(sys.executable).parent / "kgsynth"
ROWS = 20
Row = dict[str, Any]


@pytest.fixture(scope="session")
def twin_graph(default_graph: Path) -> Graph:
    return read_graph(default_graph)


@pytest.mark.parametrize("hops", [2, 3, 4, 5])
def test_generated_rows_obey_every_rule(
    hops: int, default_graph: Path, twin_graph: Graph, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    command = [str(KGSYNTH), "generate", "--hops", str(hops), "-n", str(ROWS)]
    command += ["--graph", str(default_graph), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    splits = read_splits(out)
    rows = [row for part in splits.values() for row in part]
    assert len(rows) == ROWS
    assert run_faults(twin_graph, splits) == []
    assert {row["id"]: violations(twin_graph, row) for row in rows} == {
        row["id"]: [] for row in rows
    }
    for row in rows[:5]:
        assert_every_clue_counts(twin_graph, row)


def without_edge(row: Row, at: int) -> Row:
    """Return a row that asks for one thing less; its own proof does not fit any more."""
    query = row["query"]
    edges = [edge for index, edge in enumerate(query["edges"]) if index != at]
    return {**row, "query": {**query, "edges": edges}}


def with_edge(row: Row, edge: dict[str, Any]) -> Row:
    """Return a row that asks for one thing more."""
    query = row["query"]
    return {**row, "query": {**query, "edges": [*query["edges"], edge]}}


def spare_clues(graph: Graph, row: Row) -> list[dict[str, Any]]:
    """Return the recorded findings of the first disease that are no clues yet."""
    disease = next(each["id"] for each in row["bindings"] if each["variable"] == "?d1")
    named = {edge["object"] for edge in row["query"]["edges"]}
    spare = graph.links("has_phenotype", "tight")[disease] - named
    clue = {"subject": "?d1", "predicate": "has_phenotype", "negated": False}
    return [{**clue, "object": finding} for finding in sorted(spare)]


def assert_every_clue_counts(graph: Graph, row: Row) -> None:
    """The twin sees that a real row is too weak with a clue less, not minimal with one more."""
    for step in row["steps"]:
        # Without its only clue a step would be cut otherwise; the far anchor is on the spine.
        several = step["clues"] if len(step["clues"]) > 1 else []
        for clue in several:
            if row["query"]["edges"][clue]["object"] != row["query"]["spine"][0]:
                assert broken_rules(graph, without_edge(row, clue)) & {"U", "S", "R"}
    for spare in spare_clues(graph, row)[:1]:
        assert "M" in broken_rules(graph, with_edge(row, spare))


def test_the_twin_imports_nothing_of_what_it_checks() -> None:
    imported = set()
    for file in HERE.glob("*.py"):
        for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in part.names}
            elif isinstance(part, ast.ImportFrom):
                imported.add(str(part.module).partition(".")[0])
    assert "kgsynth" not in imported
