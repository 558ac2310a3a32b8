"""A dataset opens in Hugging Face's reader as it is, and its card tells what is in it."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kgsynth.datasets.card import About, Source, sources_of
from kgsynth.datasets.files import content_hash, dump_row, iter_rows
from kgsynth.datasets.formats import FORMATS, export_run
from kgsynth.datasets.splits import split_rows
from kgsynth.datasets.write import write_dataset
from kgsynth.records import Row
from tests.factories import CHAINS, make_row, make_rows

datasets = pytest.importorskip("datasets", reason="needs the package datasets")

SIZES = {"GeneticInheritance": 41, "PhenotypicFeature": 18_385}
HPOA = Source(
    name="hpoa",
    version="v2025-01-16",
    license="HPO",
    title="HPO annotations",
    license_url="https://hpo.jax.org/license",
    citation="Gargano MA et al. The Human Phenotype Ontology in 2024.",
    url="https://hpo.jax.org/data/annotations",
)
UNUSED = Source("orphanet", "v2025-06", "CC BY 4.0", "Orphadata", citation="Orphadata: INSERM.")
ABOUT = About("demo", "kgsynth generate --hops 4", (HPOA, UNUSED), "2026-11-21")


def written(run: Path, rows: list[Row]) -> Path:
    folder = run / "dataset"
    write_dataset(folder, [dump_row(row) for row in rows], split_rows(rows, SIZES), ABOUT)
    return folder


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`load_dataset` with a cache of its own and without progress bars."""
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    datasets.disable_progress_bars()
    return lambda *given, **named: datasets.load_dataset(
        *given, cache_dir=str(tmp_path / "cache"), **named
    )


def test_a_dataset_comes_back_from_load_dataset_as_it_was_written(
    tmp_path: Path, load: Any
) -> None:
    rows = [make_row(chain) for chain in CHAINS] + make_rows(28)
    folder = written(tmp_path / "demo", rows)
    loaded = load(str(folder))
    assert {split: len(loaded[split]) for split in loaded} == {
        "train": 24,
        "validation": 3,
        "test": 3,
    }
    for split in loaded:
        expected = [json.loads(dump_row(row)) for row in iter_rows(folder, split)]
        assert list(loaded[split]) == expected


def test_features_are_the_same_for_ten_rows_and_for_a_thousand(tmp_path: Path, load: Any) -> None:
    few = written(tmp_path / "few", make_rows(10))
    many = written(tmp_path / "many", make_rows(1000))
    assert load(str(few))["train"].features == load(str(many))["train"].features
    bare = [load("json", data_files=str(folder / "train.jsonl"))["train"] for folder in (few, many)]
    assert bare[0].features == bare[1].features


def test_a_version_is_a_text_and_never_a_time(tmp_path: Path, load: Any) -> None:
    folder = written(tmp_path / "demo", make_rows(10))
    for loaded in (load(str(folder)), load("json", data_files=str(folder / "train.jsonl"))):
        evidence = loaded["train"].features["edges"].feature["evidence"].feature
        assert evidence["version"] == datasets.Value("string")
        assert loaded["train"][0]["edges"][0]["evidence"][0]["version"] == "v2025-01-16"


def test_two_runs_of_the_same_size_are_never_taken_for_one(tmp_path: Path, load: Any) -> None:
    # The reader's cache goes by the folder's name and the card's metadata, not by its content.
    for name, rows in (("one", make_rows(30)), ("two", make_rows(60)[30:])):
        folder = written(tmp_path / name, rows)
        exported, _ = export_run(tmp_path / name, "trl-sft")
        ids = [row.id for row in iter_rows(folder, "train")]
        assert list(load(str(folder))["train"]["id"]) == ids
        assert list(load(str(exported))["train"]["id"]) == ids


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_opens_with_declared_features(name: str, tmp_path: Path, load: Any) -> None:
    written(tmp_path / "demo", [replace(row, answers=()) for row in make_rows(30)])
    folder, counts = export_run(tmp_path / "demo", name)
    loaded = load(str(folder))
    assert folder == tmp_path / "demo" / name
    assert counts == {"train": 24, "validation": 3, "test": 3}
    assert {split: len(loaded[split]) for split in loaded} == counts
    if name == "trl-grpo":
        assert loaded["train"].features["aliases"] == datasets.List(datasets.Value("string"))


def test_the_card_names_the_sources_touched_and_no_other(tmp_path: Path) -> None:
    card = (written(tmp_path, make_rows(20)) / "README.md").read_text()
    assert "[HPO annotations](https://hpo.jax.org/data/annotations) | v2025-01-16 |" in card
    assert "hpo-genes | v2025-01-16 | see the source" in card  # touched, and not described
    assert "Orphadata" not in card
    assert "- Gargano MA et al." in card


def test_the_card_states_counts_and_limits(tmp_path: Path) -> None:
    card = (written(tmp_path, make_rows(20)) / "README.md").read_text()
    for line in (
        "20 medical questions around rare diseases: 20 chain questions of 4 hops (open).",
        "| train | 16 |",
        "| GeneticInheritance | 20 |",
        "| Disease | 41 |",
        "    0.6-0.7      20  ########################################",
        "| chain, open, 4 hops | 0.62 | 0.62 | 0.62 | 0.62 | 0.62 | 0.62 | 0.62 |",
        "1 different answers; the commonest is 'Autosomal recessive inheritance' (100.0% of rows).",
        "**Not medical advice.**",
        "*as recorded in*",
        "    kgsynth generate --hops 4",
    ):
        assert line in card


def test_a_dataset_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, two = (written(tmp_path / name, make_rows(30)) for name in ("one", "two"))
    files = sorted(file.name for file in one.iterdir())
    assert files == ["README.md", "croissant.json", "test.jsonl", "train.jsonl", "validation.jsonl"]
    assert [(one / file).read_bytes() for file in files] == [
        (two / file).read_bytes() for file in files
    ]


def test_a_split_that_lost_its_rows_loses_its_file(tmp_path: Path, load: Any) -> None:
    written(tmp_path, make_rows(10))
    folder = written(tmp_path, make_rows(1))
    assert [file.name for file in folder.glob("*.jsonl")] == ["train.jsonl"]
    assert list(load(str(folder))) == ["train"]


def test_croissant_declares_each_file_with_its_checksum(tmp_path: Path) -> None:
    folder = written(tmp_path, make_rows(10))
    croissant = json.loads((folder / "croissant.json").read_text())
    for file in croissant["distribution"]:
        content = (folder / file["contentUrl"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert file["contentSize"] == f"{len(content)} B"
    card = (folder / "README.md").read_text()
    assert content_hash(folder / file["name"] for file in croissant["distribution"]) in card
    fields = {field["name"]: field["dataType"] for field in croissant["recordSet"][0]["field"]}
    assert fields["train/question"] == "sc:Text"
    assert fields["train/hops"] == "sc:Integer"
    assert croissant["datePublished"] == "2026-11-21"


def test_sources_are_read_from_a_graph_manifest() -> None:
    manifest = {"sources": [{"name": "hpo", "version": "v1", "license": "HPO", "sha256": "0"}]}
    assert sources_of(manifest) == (Source("hpo", "v1", "HPO"),)
