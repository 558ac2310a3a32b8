"""The bundled MONDO tables: made from the release, small, and read without loss."""

import gzip
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kgsynth.errors import SourceError
from kgsynth.resources import data_folder
from kgsynth.sources import mondo
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.files import locate, read_file, read_manifest

CHECKOUT = Path(__file__).resolve().parents[2]
BUNDLED = data_folder("ontologies") / "bundled"
FABRY = "MONDO:0010526"
MARFAN = "MONDO:0007947"


@pytest.fixture(scope="module")
def data() -> SourceData:
    manifest = read_manifest("mondo")
    files = [locate(place) for place in manifest.files]
    return mondo.load(tuple(read_file(file) for file in files if file), manifest)


def flags_of(data: SourceData, term: str) -> set[str]:
    return {row["flag"] for row in data.flags.to_pylist() if row["entity"] == term}


def ancestors_of(data: SourceData, term: str) -> set[str]:
    parents: dict[str, list[str]] = {}
    for row in data.statements.to_pylist():
        parents.setdefault(row["subject"], []).append(row["object"])
    found: set[str] = set()
    todo = [term]
    while todo:
        for parent in parents.get(todo.pop(), ()):
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found


def test_twins_of_fabry_disease_are_its_omim_and_orphanet_records(data: SourceData) -> None:
    twins = {row["object"] for row in data.mappings.to_pylist() if row["subject"] == FABRY}
    assert twins == {"OMIM:301500", "ORPHA:324"}


def test_no_record_is_the_exact_twin_of_two_classes(data: SourceData) -> None:
    objects = data.mappings["object"].to_pylist()
    assert len(objects) == len(set(objects))


def test_every_mapped_class_and_every_parent_is_an_entity(data: SourceData) -> None:
    known = set(data.entities["id"].to_pylist())
    assert set(data.mappings["subject"].to_pylist()) <= known
    assert set(data.statements["object"].to_pylist()) <= known
    assert set(data.statements["subject"].to_pylist()) <= known


def test_is_a_has_no_cycle(data: SourceData) -> None:
    import networkx

    links = data.statements.select(["subject", "object"]).to_pylist()
    graph = networkx.DiGraph((row["subject"], row["object"]) for row in links)
    assert networkx.is_directed_acyclic_graph(graph)


@pytest.mark.parametrize(
    "term",
    [
        FABRY,
        MARFAN,
        "MONDO:0009061",  # cystic fibrosis, although one OMIM entry lies below it
        "MONDO:0007739",  # Huntington disease, although its juvenile form lies below it
        "MONDO:0007113",  # Angelman syndrome, although its causes are classes below it
        "MONDO:0008224",  # hyperkalemic periodic paralysis
    ],
)
def test_individual_diseases_have_no_flag(data: SourceData, term: str) -> None:
    assert flags_of(data, term) == set()


@pytest.mark.parametrize(
    ("term", "flag"),
    [
        ("MONDO:0018772", "series"),  # Joubert syndrome
        ("MONDO:0018772", "group"),
        ("MONDO:0800468", "group"),  # SCN4A-related channelopathy, annotated only below
        ("MONDO:0001056", "neoplasm"),  # gastric cancer
        ("MONDO:0008612", "predisposition"),  # tuberous sclerosis 1
        ("MONDO:0007783", "susceptibility"),  # malignant hyperthermia, susceptibility to, 1
        ("MONDO:0011311", "obsolete"),  # obsolete glaucoma 1, open angle, F
    ],
)
def test_classes_that_are_no_answer_say_why(data: SourceData, term: str, flag: str) -> None:
    assert flag in flags_of(data, term)


def test_neoplasms_are_told_by_descent_and_not_by_name(data: SourceData) -> None:
    # Ollier disease names no tumor and is one; a coloboma ends like one and is none.
    ollier = "MONDO:0008145"
    assert "MONDO:0005070" in ancestors_of(data, ollier)
    assert "neoplasm" in flags_of(data, ollier)
    assert "neoplasm" not in flags_of(data, "MONDO:0012397")


def test_every_row_is_counted_once(data: SourceData) -> None:
    assert [(tally.unit, tally.read) for tally in data.tallies] == [
        ("terms", len(data.entities)),
        ("is_a links", len(data.statements)),
        ("exact matches", len(data.mappings)),
    ]


def test_labels_and_synonyms_are_clean_text(data: SourceData) -> None:
    names = data.entities["name"].to_pylist()
    names += [name for part in data.entities["synonyms"].to_pylist() for name in part]
    assert [name for name in names if name != name.strip() or not name or name[0] == '"'] == []


def test_a_table_with_other_columns_is_refused_by_name() -> None:
    manifest = read_manifest("mondo")
    odd = SourceFile(Path("mondo_terms.tsv.gz"), b"id\tname\nMONDO:1\tx\n", "")
    with pytest.raises(SourceError, match=r"mondo_terms\.tsv\.gz:1: expected the column names"):
        mondo.load((odd, odd, odd), manifest)


def test_a_short_row_is_rejected_with_its_line() -> None:
    tables = (
        b"id\tlabel\trare\tunfit\tsynonyms\nMONDO:0010526\tFabry disease\nMONDO:1\tx\t\t\t\n",
        b"child\tparent\nMONDO:0010526\tMONDO:1\n",
        b"mondo\texact\nMONDO:0010526\tOMIM:301500\n",
    )
    files = tuple(SourceFile(Path(f"{at}.tsv"), text, "") for at, text in enumerate(tables))
    data = mondo.load(files, read_manifest("mondo"))
    assert data.rejections.places == ["0.tsv:2"]
    assert data.rejections.codes == ["column_count"]
    assert data.tallies[0].rejected == 1


def test_all_bundled_tables_together_stay_under_a_megabyte() -> None:
    assert sum(file.stat().st_size for file in BUNDLED.iterdir()) < 1_000_000


def test_the_manifest_pins_the_files_that_the_tables_were_made_from(shared_data: Path) -> None:
    inputs: Any = read_manifest("mondo").settings["inputs"]
    for part in inputs:
        name = Path(part["path"]).name
        (packed,) = (
            file
            for file in (shared_data / "mondo").iterdir()
            if file.name in (f"{name}.gz", name.replace(".tsv", "-2023-08.tsv") + ".gz")
        )
        assert hashlib.sha256(gzip.decompress(packed.read_bytes())).hexdigest() == part["sha256"]


def test_the_scripts_make_the_same_tables_again(shared_data: Path, tmp_path: Path) -> None:
    for script in ("bundle_mondo.py", "bundle_orphanet.py"):
        command = [sys.executable, f"scripts/{script}", str(shared_data), str(tmp_path)]
        subprocess.run(command, check=True, cwd=CHECKOUT)
    # Unpacked, because other versions of zlib pack the same text into other bytes.
    made = {file.name: gzip.decompress(file.read_bytes()) for file in tmp_path.iterdir()}
    kept = {file.name: gzip.decompress(file.read_bytes()) for file in BUNDLED.iterdir()}
    assert made == kept
