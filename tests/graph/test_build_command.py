"""``kgsynth build-graph`` as a user meets it: bad files, a bad target, the same bytes twice."""

import gzip
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kgsynth.cli import run
from kgsynth.graph.folder import FORMAT
from kgsynth.sources import hpo_genes, hpoa

OBO = (
    "format-version: 1.2\ndata-version: hp/releases/2026-01-01\n\n"
    "[Term]\nid: HP:0000118\nname: Phenotypic abnormality\n\n"
    "[Term]\nid: HP:0001250\nname: Seizure\nis_a: HP:0000118\n"
)
HPOA = (
    "#version: 2026-01-02\n"
    + "\t".join(hpoa.COLUMNS)
    + "\nOMIM:607208\tDravet syndrome\t\tHP:0001250\tPMID:1\tPCS\t\t3/10\t\t\tP\tHPO:x\n"
)
GENES = "\t".join(hpo_genes.COLUMNS) + "\n6323\tSCN1A\tHP:0001250\tSeizure\t-\tOMIM:607208\n"


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name, text in (("hpo", OBO), ("hpoa", HPOA), ("hpo-genes", GENES)):
        found[name] = tmp_path / f"{name}.txt"
        found[name].write_text(text, encoding="utf-8")
    return found


def arguments(files: dict[str, Path], out: Path, *more: str) -> list[str]:
    sources = [part for name, file in files.items() for part in ("--source", f"{name}={file}")]
    return ["build-graph", *sources, "--out", str(out), *more]


def manifest(out: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return found


def test_a_users_files_take_the_place_of_the_packaged_ones(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "phenotype.hpoa.gz"
    packed.write_bytes(gzip.compress(HPOA.encode()))
    out = tmp_path / "graph"
    assert run(arguments({**files, "hpoa": packed}, out, "--json")) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["by_predicate"]["has_phenotype"] == 1
    assert summary["versions"]["hpo"] == "v2026-01-01"
    sources = {source["name"]: source for source in manifest(out)["sources"]}
    assert sources["hpoa"]["version"] == "v2026-01-02"
    assert sources["hpoa"]["file"] == str(packed)
    for source in sources.values():
        assert all(source[key] for key in ("sha256", "license", "citation", "url"))
    names = {"manifest.json", "rejected.jsonl", "index"}
    names |= {f"{name}.parquet" for name in ("nodes", "edges", "merges")}
    assert {file.name for file in out.iterdir()} == names


def test_the_summary_is_readable(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments(files, tmp_path / "graph", "-v")) == 0
    printed = capsys.readouterr()
    for words in ("has_phenotype", "contested pairs", "Best connected", "rejected.jsonl"):
        assert words in printed.out
    assert "merging twins" in printed.err


BAD_FILES = [
    (b"", "the file is empty"),
    (b"<!DOCTYPE html><html>503</html>", "the file is a web page"),
    (b"\x7fELF\x02\x01\x01\x00\x00", "the file is binary"),
    (gzip.compress(HPOA.encode() * 99, mtime=0)[:-20], "damaged or truncated archive"),
    (HPOA.encode().replace(b"database_id", b"disease"), "expected the column names"),
    (HPOA.partition("\n")[2].partition("\n")[2].encode(), "expected the column names"),
]


@pytest.mark.parametrize(("content", "message"), BAD_FILES)
def test_a_bad_file_ends_in_one_line_and_the_graph_that_was_there_stays(
    files: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    message: str,
) -> None:
    out = tmp_path / "graph"
    out.mkdir()
    (out / "manifest.json").write_text('{"format": 1}')
    bad = tmp_path / "bad.hpoa"
    bad.write_bytes(content)
    assert run(arguments({**files, "hpoa": bad}, out)) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: {bad}")
    assert message in error
    assert error.count("\n") == 1
    assert manifest(out) == {"format": 1}
    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith(".")) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--source", "hpoa=/no/such/file"], "/no/such/file: no such file"),
        (["--source", "hppo=x"], "unknown source 'hppo'"),
        (["--source", "hpoa="], "expected a file or folder after '='"),
        (["--source", f"mondo={__file__}"], "is made of 3 files"),
        (["--preset", "mechanisms"], "unknown preset 'mechanisms'; did you mean 'mechanism'?"),
        (["--source", "hpoa=a", "--source", "hpoa=b"], "--source hpoa is given twice"),
        (["--source", "hpoa:mine=a"], "is a source and no format"),
        (["--from", "/no/such/folder"], "/no/such/folder: no such folder"),
    ],
)
def test_a_wrong_option_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    assert run(["build-graph", *options, "--out", str(tmp_path / "graph")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not (tmp_path / "graph").exists()


def test_strict_stops_at_the_first_wrong_row_and_writes_nothing(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files["hpoa"].write_text(HPOA + HPOA.splitlines()[-1].replace("\tP\t", "\tX\t") + "\nshort\n")
    out = tmp_path / "graph"
    assert run(arguments(files, out, "--strict")) == 2
    error = capsys.readouterr().err
    assert f"{files['hpoa']}:4" in error or f"{files['hpoa']}:5" in error
    assert "more wrong rows; without --strict they are left out" in error
    assert not out.exists()
    assert run(arguments(files, out)) == 0
    lines = (out / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    codes = [json.loads(line)["code"] for line in lines]
    assert {"unknown_aspect", "column_count"} <= set(codes)


def test_a_folder_of_something_else_is_not_touched(
    files: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("mine")
    assert run(arguments(files, other)) == 2
    assert "something else than a graph" in capsys.readouterr().err
    assert (other / "chapter.txt").read_text() == "mine"
    assert run(arguments(files, other / "chapter.txt")) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_half_written_graph_is_replaced(files: dict[str, Path], tmp_path: Path) -> None:
    out = tmp_path / "graph"
    out.mkdir()
    (out / "nodes.parquet").write_bytes(b"PAR1")
    assert run(arguments(files, out)) == 0
    assert manifest(out)["format"] == FORMAT


def test_the_same_files_give_the_same_bytes_in_every_process(
    files: dict[str, Path], tmp_path: Path
) -> None:
    contents = []
    for number in (1, 2):
        out = tmp_path / str(number)
        command = [sys.executable, "-m", "kgsynth", *arguments(files, out)]
        environment = {**os.environ, "PYTHONHASHSEED": str(number)}
        subprocess.run(command, check=True, capture_output=True, env=environment)
        contents.append(
            {
                str(file.relative_to(out)): file.read_bytes()
                for file in sorted(out.rglob("*"))
                if file.is_file()
            }
        )
    assert contents[0] == contents[1]
    assert len(contents[0]) > 10


def test_a_full_disk_is_one_line_and_leaves_nothing_behind(
    files: dict[str, Path], tmp_path: Path
) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    out = tmp_path / "full" / "graph"
    command = [sys.executable, "-m", "kgsynth", *arguments(files, out)]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {out}")
    assert done.stderr.count("\n") == 1
    assert list((tmp_path / "full").iterdir()) == []
