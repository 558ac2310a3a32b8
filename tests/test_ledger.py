"""The ledger loses no request and counts none twice, however a run ends."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kgsynth.engines.base import Completion
from kgsynth.errors import RunError
from kgsynth.ledger import Ledger

ONE = Completion("p1", 'text "quoted"\n\u2028 é \ud83d', "stop", 10, 5)
TWO = Completion("p2", "", "error", detail="too long")


def opened(folder: Path, model: str = "m") -> Ledger:
    return Ledger(folder, model=model, sampling="t=0")


def test_what_is_recorded_comes_back_as_it_was(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.sent("p1", "row1", 0)
        ledger.record(ONE, "row1", 0)
        ledger.record(TWO, "row1", 1)
        assert ledger.completion("p1") == ONE
    with opened(tmp_path) as ledger:
        assert [ledger.completion(p) for p in ("p1", "p2", "p3")] == [ONE, TWO, None]
        assert ledger.counts()["requests"] == {"done": 2}
        assert ledger.counts()["tokens"] == {"in": 10, "out": 5}


def test_the_same_completion_is_kept_once(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.record(ONE, "row1", 0)
        ledger.record(Completion("p1", "other", "stop"), "row1", 0)
        assert ledger.completion("p1") == ONE
    assert len((tmp_path / "completions.jsonl").read_text().splitlines()) == 1


def test_a_line_names_row_attempt_and_model(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.record(TWO, "row1", 1)
    entry = json.loads((tmp_path / "completions.jsonl").read_text())
    assert (entry["row_id"], entry["attempt"], entry["model"], entry["sampling"]) == (
        "row1",
        1,
        "m",
        "t=0",
    )


def test_half_a_line_is_cut_off_and_asked_for_again(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.record(ONE, "row1", 0)
        ledger.record(TWO, "row2", 0)
    file = tmp_path / "completions.jsonl"
    file.write_bytes(file.read_bytes()[:-9])
    with opened(tmp_path) as ledger:
        assert (ledger.completion("p1"), ledger.completion("p2")) == (ONE, None)
        ledger.record(TWO, "row2", 0)
        assert ledger.completion("p2") == TWO
    assert [json.loads(line)["prompt_id"] for line in file.read_text().splitlines()] == ["p1", "p2"]


def test_a_lost_table_is_made_again_from_the_completions(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.record(ONE, "row1", 0)
    for file in tmp_path.glob("ledger.sqlite*"):
        file.unlink()
    with opened(tmp_path) as ledger:
        assert ledger.completion("p1") == ONE
        assert ledger.counts()["requests"] == {"done": 1}


def test_outcomes_count_a_question_once(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.record(ONE, "row1", 0)
        ledger.judge("p1", "malformed_json")
        ledger.settle("row1", "template", 3)
        ledger.settle("row1", "kept_after_retry", 2)
        assert ledger.counts()["outcomes"] == {"kept_after_retry": 1}
        assert ledger.counts()["wordings"] == {"malformed_json": 1}


def test_a_ledger_of_another_model_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(RunError, match="was made with model 'm', not 'n'"):
        opened(tmp_path, "n")


def test_two_writers_of_one_run_are_refused(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(RunError, match="another process is writing this run"):
        opened(tmp_path)


def test_a_damaged_table_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"<html>" * 200)
    with pytest.raises(RunError, match=r"ledger\.sqlite: file is not a database; .*delete this"):
        opened(tmp_path)


def test_a_damaged_line_is_shown(tmp_path: Path) -> None:
    (tmp_path / "completions.jsonl").write_text("<html>\n")
    with pytest.raises(RunError, match="a line is no recorded completion: b'<html>"):
        opened(tmp_path)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(RunError, match="expected a folder to write to"):
        opened(tmp_path / "run")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line_and_nothing_recorded_is_lost(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        ledger.record(ONE, "row1", 0)
        kept = ledger._lines
        with Path("/dev/full").open("r+b", buffering=0) as full:
            ledger._lines = full
            with pytest.raises(RunError, match=r"No space left on device.*nothing recorded so far"):
                ledger.record(TWO, "row2", 0)
        ledger._lines = kept
        assert ledger.completion("p1") == ONE


RUN = """
import sys
import time
from pathlib import Path
from kgsynth.engines.scripted import ScriptedEngine
from kgsynth.ledger import Ledger
from kgsynth.traces.model import ModelSettings, write_with_model
from tests.worded import ACCEPTED, rows_of_their_own, speaking

rows = rows_of_their_own(100)
good = speaking(rows)._script

def stumble(prompt):
    time.sleep(0.002)
    return "{" if int(prompt.id[-1], 16) % 4 == 0 else good(prompt)

with Ledger(Path(sys.argv[1]), model="m", sampling="") as ledger:
    engine = ScriptedEngine(stumble, model="m")
    for row in write_with_model(rows, engine, lambda row: ACCEPTED, ModelSettings(), ledger):
        print(row.id, row.question, flush=True)
"""


def test_a_run_killed_at_any_moment_goes_on_without_a_lost_or_doubled_record(
    tmp_path: Path,
) -> None:
    whole = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path / "whole")],
        capture_output=True,
        text=True,
        check=True,
    )
    killed = 0
    for wait in (0.0, 0.05):
        killed += kill_after_first_line(tmp_path / "killed", wait)
    resumed = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path / "killed")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert killed
    assert resumed.stdout == whole.stdout
    lines = {run: completions(tmp_path / run) for run in ("whole", "killed")}
    assert lines["whole"] == lines["killed"]
    with closing(sqlite3.connect(tmp_path / "killed" / "ledger.sqlite")) as table:
        states = dict(table.execute("SELECT state, count(*) FROM requests GROUP BY 1"))
    assert states == {"done": len(lines["whole"])}


def kill_after_first_line(folder: Path, wait: float) -> int:
    """Start a run, kill it -9 shortly after its first row; return whether it was still running."""
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert run.stdout is not None
    run.stdout.readline()
    time.sleep(wait)
    os.kill(run.pid, signal.SIGKILL)
    run.stdout.close()
    return int(run.wait() == -signal.SIGKILL)


def completions(folder: Path) -> list[str]:
    """Return a run's completions in one order; the same prompt twice would show."""
    return sorted((folder / "completions.jsonl").read_text().splitlines())
