"""Reading and writing rows."""

import time
from pathlib import Path

import pytest

from kgsynth.datasets.files import (
    dump_row,
    iter_rows,
    parse_row,
    read_rows,
    split_files,
    write_bytes,
    write_rows,
)
from kgsynth.errors import RunError, UsageError
from tests.factories import CHAINS, make_row, make_rows

ROWS = [make_row(chain) for chain in CHAINS]


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    assert write_rows(tmp_path / "deep" / "train.jsonl", ROWS) == 2
    assert list(read_rows(tmp_path / "deep" / "train.jsonl")) == ROWS


def test_a_written_file_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_rows(tmp_path / "train.jsonl", ROWS)
    assert [file.name for file in tmp_path.iterdir()] == ["train.jsonl"]


def test_a_write_that_breaks_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "train.jsonl"
    file.write_bytes(b"old")

    def parts() -> "list[bytes]":
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_bytes(file, (part for _ in range(1) for part in parts()))
    assert [(name.name, name.read_bytes()) for name in tmp_path.iterdir()] == [
        ("train.jsonl", b"old")
    ]


def test_a_full_disk_is_one_clear_error() -> None:
    if not Path("/dev/full").exists():  # pragma: no cover
        pytest.fail("this machine has no /dev/full")
    with pytest.raises(RunError, match=r"cannot write /dev/full/train\.jsonl"):
        write_rows(Path("/dev/full/train.jsonl"), ROWS)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"{", "eof while parsing"),
        (b"[]", "an object"),
        (dump_row(ROWS[0])[:-1] + b',"extra":1}', "extra: unexpected"),
        (dump_row(ROWS[0]).replace(b'"hops":4', b'"hops":"four"'), "hops: input should be"),
        (dump_row(ROWS[0]).replace(b'"hops":4,', b""), "hops: field required"),
        (b"\xff\xfe\x00", "invalid"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(tmp_path: Path, line: bytes, complaint: str) -> None:
    file = tmp_path / "train.jsonl"
    file.write_bytes(dump_row(ROWS[0]) + b"\n" + line + b"\n")
    with pytest.raises(RunError) as caught:
        list(read_rows(file))
    assert f"{file}:2: expected a row of kgsynth" in str(caught.value)
    assert complaint in str(caught.value).lower()
    assert "\n" not in str(caught.value)


def test_a_run_is_named_by_its_folder_its_dataset_or_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "dataset"
    write_rows(folder / "test.jsonl", ROWS[1:])
    write_rows(folder / "train.jsonl", ROWS[:1])
    assert list(split_files(tmp_path / "run")) == ["train", "test"]
    assert list(iter_rows(tmp_path / "run")) == ROWS
    assert list(iter_rows(folder, "test")) == ROWS[1:]
    assert list(iter_rows(folder / "train.jsonl")) == ROWS[:1]


def test_a_missing_split_names_those_that_exist(tmp_path: Path) -> None:
    write_rows(tmp_path / "dataset" / "train.jsonl", ROWS)
    with pytest.raises(UsageError, match=r"no split 'tset' in .*; it has train"):
        list(iter_rows(tmp_path, "tset"))


def test_a_missing_run_names_the_runs_beside_it(tmp_path: Path) -> None:
    write_rows(tmp_path / "chain-hops4-seed0" / "dataset" / "train.jsonl", ROWS)
    with pytest.raises(RunError, match=r"runs there: .*chain-hops4-seed0"):
        split_files(tmp_path / "chain-hops4-seed1")


def test_an_unfinished_run_says_how_to_continue_it(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    with pytest.raises(RunError, match="repeat its `kgsynth generate` command"):
        split_files(tmp_path)


def test_a_thousand_rows_are_written_in_well_under_a_second(tmp_path: Path) -> None:
    rows = make_rows(1000)
    parse_row(dump_row(rows[0]))
    start = time.process_time()
    write_rows(tmp_path / "train.jsonl", rows)
    assert time.process_time() - start < 1
