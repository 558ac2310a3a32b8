"""``kgsynth check``: exit codes, places of findings, and files that are no datasets."""

import json
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.datasets.files import write_rows
from kgsynth.records import Row


def test_good_rows_hold_on_one_process_and_on_two(
    rows: list[Row], default_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.jsonl"
    write_rows(file, rows)
    for processes in ("1", "2"):
        command = ["check", str(file), "--graph", str(default_graph), "--processes", processes]
        assert run(command) == 0
        assert capsys.readouterr().out.splitlines()[-1] == f"{len(rows)} of {len(rows)} rows hold"


def test_a_line_that_is_no_row_is_a_finding_and_the_rest_goes_on(
    rows: list[Row], default_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.jsonl"
    write_rows(file, rows[:2])
    good = file.read_bytes().splitlines()
    lines = [good[0], b"{not json", b'{"id": 1}', b"\xff\xfe", b"", good[1], good[0]]
    file.write_bytes(b"\n".join(lines) + b"\n")
    assert run(["check", str(file), "--graph", str(default_graph), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["rows"], report["accepted"]) == (6, 2)
    found = {item["line"]: {f["code"] for f in item["findings"]} for item in report["failures"]}
    assert found == {n: {"unreadable"} for n in (2, 3, 4)} | {7: {"duplicate_row"}}


@pytest.mark.parametrize("content", [None, "", "\n\n"])
def test_no_rows_is_one_clear_line(
    content: str | None, default_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.jsonl"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    assert run(["check", str(file), "--graph", str(default_graph)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "rows.jsonl" in error


def test_an_absent_graph_is_one_clear_line(
    rows: list[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rows.jsonl"
    write_rows(file, rows[:1])
    assert run(["check", str(file), "--graph", str(tmp_path / "none")]) == 2
    assert "kgsynth build-graph" in capsys.readouterr().err
