"""Files that travel with kgsynth are found in a checkout, in a wheel, and missed by name."""

from pathlib import Path

import pytest

from kgsynth import resources
from kgsynth.resources import ResourceError, data_file


def test_the_checkout_has_the_bundled_tables() -> None:
    assert data_file("ontologies", "bundled", "mondo_terms.tsv.gz").is_file()


def test_a_wheel_keeps_its_own_files_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "kgsynth" / "_data" / "ontologies"
    beside = tmp_path / "ontologies"
    for folder in (inside, beside):
        folder.mkdir(parents=True)
        (folder / "mondo.toml").write_text(folder.name)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "kgsynth")
    assert data_file("ontologies", "mondo.toml") == inside / "mondo.toml"


def test_a_missing_file_is_named_with_what_to_do() -> None:
    with pytest.raises(ResourceError, match=r"nothing\.toml is missing; .* install kgsynth again"):
        data_file("ontologies", "nothing.toml")


def test_a_missing_folder_is_named_with_the_places_looked_at() -> None:
    with pytest.raises(ResourceError, match="folder 'nothing' of kgsynth is missing; looked for"):
        data_file("nothing", "x.toml")
