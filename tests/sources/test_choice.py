"""Which sources are loaded: presets, names, folders, and what is said of those left out."""

from pathlib import Path

import pytest

from kgsynth.errors import KgsynthError, SourceError, UsageError
from kgsynth.sources.choice import choose, gather, preset_sources
from kgsynth.sources.places import Finder

DEFAULT = ["hpo", "hpoa", "hpo-genes", "mondo", "orphanet"]


def names(*sources: str, preset: str | None = None) -> list[str]:
    return [one.name for one in choose(preset, sources)]


def finder(folder: Path, cache: Path | None = None) -> Finder:
    return Finder(folder, cache or folder / "no-cache")


def test_without_options_five_sources_are_read_in_their_order() -> None:
    assert names() == DEFAULT
    assert names("reactome") == [*DEFAULT, "reactome"]
    assert names("hpoa=x.hpoa") == DEFAULT
    assert names("kgx:mine=a", "kgx:yours=b", "pyobo:chebi")[5:] == [
        "kgx:mine",
        "kgx:yours",
        "pyobo:chebi",
    ]


def test_a_preset_holds_the_smaller_ones() -> None:
    small, middle, large = map(preset_sources, ("hpo", "rare-disease", "mechanism"))
    assert set(small) < set(middle) < set(large) < set(preset_sources("everything-open"))


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("reactom", "unknown source 'reactom'; did you mean 'reactome'"),
        ("zzz", "unknown source 'zzz'; known: automaxo"),
        ("kgx", "a format needs a file or folder: kgx=PATH"),
        ("kgx:=x", "unknown source 'kgx:'"),
        ("hpo:mine=x", "is a source and no format"),
        ("pyobo", "expected a prefix and no path: pyobo:PREFIX"),
        ("pyobo:chebi=x", "expected a prefix and no path"),
        ("hpo=", "expected a file or folder after '='"),
        ("", "unknown source ''"),
    ],
)
def test_a_wrong_name_is_answered_with_what_to_write(source: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        names(source)
    assert message in str(error.value)


def test_files_are_found_by_name_at_any_depth_packed_or_not(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "er" / "reactome.tsv.xz"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x")
    ready, absent = gather(choose(None, ["reactome"]), finder(tmp_path))
    assert absent == []
    assert ready[-1].found.files[0].file == file
    (file.parent / "reactome.tsv").write_bytes(b"x")  # the plain one of two in one folder
    ready, _ = gather(choose(None, ["reactome"]), finder(tmp_path))
    assert ready[-1].found.files[0].file.name == "reactome.tsv"
    (tmp_path / "reactome.tsv").write_bytes(b"x")
    with pytest.raises(SourceError, match="two files for source 'reactome'"):
        gather(choose(None, ["reactome"]), finder(tmp_path))


def test_what_lies_in_the_cache_is_found_after_the_folder(tmp_path: Path) -> None:
    cached = tmp_path / "cache" / "reactome" / "reactome.tsv.gz"
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"x")
    folder = tmp_path / "data"
    folder.mkdir()
    chosen = choose(None, ["reactome"])
    ready, _ = gather(chosen, finder(folder, tmp_path / "cache"))
    assert ready[-1].found.items[0].state == "cached"
    (folder / "reactome.tsv").write_bytes(b"x")
    ready, _ = gather(chosen, finder(folder, tmp_path / "cache"))
    assert ready[-1].found.items[0].state == "folder"


def test_an_absent_source_of_a_preset_is_left_out_and_named(tmp_path: Path) -> None:
    chosen = choose("mechanism")
    ready, absent = gather(chosen, finder(tmp_path))
    assert [one.name for one in ready] == DEFAULT  # the excerpts stand in
    said = {one.name: one.advice for one in absent}
    assert said["reactome"].startswith("run kgsynth fetch reactome")
    assert said["orphapackets"].startswith("name the folder of the data with --from")
    with pytest.raises(SourceError, match="not found"):
        gather(chosen, finder(tmp_path), strict=True)


def test_an_absent_source_that_was_asked_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"'reactome': reactome\.tsv not found; run kgsynth fetch"
    ):
        gather(choose(None, ["reactome"]), finder(tmp_path))


def test_the_excerpt_is_left_out_where_the_whole_source_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "orphapackets.json.tar").write_bytes(b"x")
    ready, _ = gather(choose("rare-disease"), finder(tmp_path))
    assert "orphanet" not in [one.name for one in ready]
    ready, _ = gather(choose("rare-disease", ["orphanet"]), finder(tmp_path))
    assert {"orphanet", "orphapackets"} <= {one.name for one in ready}


def test_an_unpacked_archive_may_be_given_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "ORPHApacket_558.json").write_bytes(b"{}")
    ready, _ = gather(choose(None, [f"orphapackets={tmp_path}"]), Finder(cache=tmp_path))
    packets = next(one for one in ready if one.name == "orphapackets")
    assert packets.found.files[0].file == tmp_path


@pytest.mark.parametrize("source", ["kgx={}", "mondo-release={}", "reactome={}/absent"])
def test_an_empty_folder_is_one_line(tmp_path: Path, source: str) -> None:
    with pytest.raises(KgsynthError) as error:
        gather(choose(None, [source.format(tmp_path)]), Finder(cache=tmp_path))
    assert "\n" not in str(error.value)
