"""What the command generates obeys every rule, says the twin, which shares no code with it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.twin.graph import Graph, read_graph
from tests.twin.rules import violations
from tests.twin.run import read_splits, run_faults

HERE = Path(__file__).resolve().parent
KGSYNTH = Path(sys.executable).parent / "kgsynth"
ROWS = 50


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


def test_the_twin_imports_nothing_of_what_it_checks() -> None:
    imported = set()
    for file in HERE.glob("*.py"):
        for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in part.names}
            elif isinstance(part, ast.ImportFrom):
                imported.add(str(part.module).partition(".")[0])
    assert "kgsynth" not in imported
