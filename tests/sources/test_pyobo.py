"""What pyobo can load: without pyobo one line that names the command; with it, a real ontology."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.errors import MissingExtraError, SourceError, UsageError
from kgsynth.sources.base import Manifest, SourceFile
from kgsynth.sources.files import read_manifest
from kgsynth.sources.pyobo_source import load

needs_pyobo = pytest.mark.skipif(
    importlib.util.find_spec("pyobo") is None, reason="pyobo is not installed"
)
ONTOLOGY = """format-version: 1.2
data-version: 2026-01-01
ontology: mondo

[Term]
id: MONDO:0000001
name: disease

[Term]
id: MONDO:0010526
name: Fabry disease
synonym: "Anderson-Fabry disease" EXACT []
is_a: MONDO:0000001
"""


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manifest:
    """Return the manifest for the prefix ``mondo``, with a cache of its own."""
    monkeypatch.setenv("KGSYNTH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PYSTOW_HOME", str(tmp_path / "pystow"))
    known = read_manifest("pyobo")
    return replace(known, settings={**known.settings, "own_name": "mondo"})


def test_without_pyobo_the_command_to_install_it_is_named(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyobo", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'kgsynth\[pyobo\]'"):
        load((), manifest)


def test_a_prefix_is_needed(manifest: Manifest) -> None:
    with pytest.raises(UsageError, match="--source pyobo:drugbank"):
        load((), replace(manifest, settings={}))


def test_what_pyobo_made_before_is_read_from_the_cache(manifest: Manifest, tmp_path: Path) -> None:
    file = tmp_path / "cache" / "pyobo" / "mondo.obo"
    file.parent.mkdir(parents=True)
    file.write_text(ONTOLOGY, encoding="utf-8")
    data = load((), manifest)
    assert data.version == "2026-01-01"
    assert [row["category"] for row in data.entities.to_pylist()] == ["Disease", "Disease"]
    assert data.statements["predicate"].to_pylist() == ["subclass_of"]


@pytest.mark.real
@needs_pyobo
def test_pyobo_reads_a_file_and_kgsynth_what_pyobo_makes_of_it(
    manifest: Manifest, tmp_path: Path
) -> None:
    file = tmp_path / "tiny.obo"
    file.write_text(ONTOLOGY, encoding="utf-8")
    data = load((SourceFile(file),), manifest)
    assert data.entities["id"].to_pylist() == ["MONDO:0000001", "MONDO:0010526"]
    assert data.entities["synonyms"].to_pylist() == [[], ["Anderson-Fabry disease"]]
    assert str(data.files[0].file).startswith(str(tmp_path / "cache"))


@pytest.mark.real
@needs_pyobo
def test_what_pyobo_cannot_read_is_one_line(manifest: Manifest, tmp_path: Path) -> None:
    file = tmp_path / "bad.obo"
    file.write_text("garbage\nno obo\n", encoding="utf-8")
    with pytest.raises(SourceError, match="pyobo cannot load 'mondo'") as error:
        load((SourceFile(file),), manifest)
    assert "\n" not in str(error.value)
    assert not list((tmp_path / "cache").rglob("*mondo*"))
