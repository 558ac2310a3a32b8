"""Reading rows in a terminal, exporting them, and the schema they satisfy."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.datasets.files import write_rows
from tests.factories import CHAINS, make_row, make_rows

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_rows(tmp_path / "run" / "dataset" / "train.jsonl", [make_row(one) for one in CHAINS])
    write_rows(tmp_path / "run" / "dataset" / "test.jsonl", make_rows(3))
    return tmp_path / "run"


def test_a_row_reads_well_in_eighty_plain_columns(folder: Path, capsys: Capture) -> None:
    assert run(["show", str(folder), "-n", "1"]) == 0
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    for line in (
        "  autosomal recessive inheritance",
        "  1. Hyperkalemic periodic paralysis",
        "       Episodic flaccid weakness      6",
        "       Paramyotonia congenita of Von  Episodic flaccid weakness, Myalgia",
        "  2. SCN4A, then Congenital myopathy 22A, classic",
        "    has Myotonia (30-79 %)          hpoa v2025-01-16: PMID:36090556 (PCS)",
    ):
        assert line in text.splitlines()


def test_rows_are_counted_and_chosen_by_split_and_id(folder: Path, capsys: Capture) -> None:
    def shown(*options: str) -> list[str]:
        assert run(["show", str(folder), "--json", *options]) == 0
        return [row["id"] for row in json.loads(capsys.readouterr().out)]

    ids = [row.id for row in (*(make_row(one) for one in CHAINS), *make_rows(3))]
    assert shown() == ids[:3]
    assert shown("-n", "100") == ids
    assert shown("--split", "test") == ids[2:]
    assert shown("--id", ids[4]) == [ids[4]]
    assert shown("--id", ids[1].removeprefix("kgs:")[:12]) == [ids[1]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--id", "kgs:zz"], "no row has the id 'kgs:zz'"),
        (["--split", "dev"], "no split 'dev' in"),
        (["-n", "0"], "0 is not in the range"),
    ],
)
def test_what_does_not_exist_is_said_in_one_line(
    folder: Path, capsys: Capture, options: list[str], message: str
) -> None:
    assert run(["show", str(folder), *options]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert "Traceback" not in printed.err


def test_a_missing_run_is_said_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    assert run(["show", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith("error: no dataset in ")


def test_export_says_where_and_how_many(folder: Path, capsys: Capture) -> None:
    assert run(["export", str(folder), "--to", "trl-sft"]) == 0
    assert capsys.readouterr().out == f"{folder / 'trl-sft'}: 5 examples (train 2, test 3)\n"
    assert run(["export", str(folder), "--to", "trl-grpo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["examples"] == {"train": 2, "test": 3}


def test_export_refuses_an_unknown_format(folder: Path, capsys: Capture) -> None:
    assert run(["export", str(folder), "--to", "trl"]) == 2
    assert "unknown format 'trl'; did you mean 'trl-" in capsys.readouterr().err


def test_the_schema_demands_every_field_and_allows_no_other(capsys: Capture) -> None:
    assert run(["schema", "row"]) == 0
    schema = json.loads(capsys.readouterr().out)
    row = json.loads(json.dumps(schema))
    assert row["title"] == "Row"
    records = [row, *row["$defs"].values()]
    assert all(set(one["required"]) == set(one["properties"]) for one in records)
    assert all(one["additionalProperties"] is False for one in records)
    assert "null" not in json.dumps(schema)


def test_rivals_are_named_from_the_graph_that_the_run_was_made_from(
    default_graph: Path, tmp_path: Path, capsys: Capture
) -> None:
    fingerprint = json.loads((default_graph / "manifest.json").read_text())["fingerprint"]
    row = make_row()
    made = replace(row, provenance=replace(row.provenance, graph=fingerprint))
    write_rows(tmp_path / "made.jsonl", [made])
    write_rows(tmp_path / "other.jsonl", [row])
    assert run(["show", str(tmp_path / "made.jsonl"), "--graph", str(default_graph)]) == 0
    assert "congenital myasthenic" in capsys.readouterr().out  # MONDO:0013620
    assert run(["show", str(tmp_path / "other.jsonl"), "--graph", str(default_graph)]) == 2
    assert "the row was made from sha256:0" in capsys.readouterr().err
