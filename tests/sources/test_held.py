"""Files of sources are held to their checksums when a graph is built, not only when fetched."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.errors import SourceError
from kgsynth.graph.load import Loaded, load_sources, read_sources
from kgsynth.sources.cache import add_pin
from kgsynth.sources.choice import Choice, gather
from kgsynth.sources.places import Finder

# Orphadata's product 6: no checksum is known, so it is unverified until its user pins it.
GENES = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<JDBOR date="2018-07-06" version="1.2.11" dbserver="x"><DisorderList count="1">
<Disorder id="1"><OrphaNumber>324</OrphaNumber><Name lang="en">Fabry disease</Name>
<DisorderGeneAssociationList count="1"><DisorderGeneAssociation>
<Gene id="1"><Name lang="en">galactosidase alpha</Name><Symbol>GLA</Symbol>
<ExternalReferenceList count="1"><ExternalReference id="1"><Source>HGNC</Source>
<Reference>4296</Reference></ExternalReference></ExternalReferenceList></Gene>
<DisorderGeneAssociationType id="17949">
<Name lang="en">Disease-causing germline mutation(s) in</Name>
</DisorderGeneAssociationType></DisorderGeneAssociation></DisorderGeneAssociationList>
</Disorder></DisorderList></JDBOR>
"""


def cache_of(tmp_path: Path, source: str, name: str, content: bytes) -> Path:
    file = tmp_path / "cache" / source / name
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    return tmp_path / "cache"


def read(source: str, finder: Finder) -> Loaded:
    ready, _ = gather([Choice(source, asked=True)], finder)
    return read_sources(ready)[source]


def test_a_fetched_file_without_checksum_is_unverified_until_pinned(tmp_path: Path) -> None:
    cache = cache_of(tmp_path, "orphadata-genes", "en_product6.xml", GENES)
    one = read("orphadata-genes", Finder(cache=cache))
    assert one.verified == (False,)
    assert one.held[0].stops_strict
    assert one.held[0].words == (
        "orphadata-genes: en_product6.xml: no checksum to hold it to; "
        "kgsynth fetch orphadata-genes --pin notes it"
    )
    add_pin(cache, "orphadata-genes", "en_product6.xml", hashlib.sha256(GENES).hexdigest())
    pinned = read("orphadata-genes", Finder(cache=cache))
    assert pinned.verified == (True,)
    assert pinned.held[0].words == ""
    assert pinned.version == one.version  # of the file itself; a pin is no release of ours


def test_a_fetched_file_that_changed_after_it_was_pinned_is_refused(tmp_path: Path) -> None:
    cache = cache_of(tmp_path, "orphadata-genes", "en_product6.xml", GENES)
    add_pin(cache, "orphadata-genes", "en_product6.xml", "0" * 64)
    with pytest.raises(
        SourceError,
        match=r"en_product6.xml: has changed since it was fetched \(sha256 .*, expected 0{16}…\); "
        r"get it anew with kgsynth fetch orphadata-genes --again, or take it as it is with "
        r"kgsynth fetch orphadata-genes --pin$",
    ):
        read("orphadata-genes", Finder(cache=cache))


def test_a_fetched_file_that_is_not_the_one_of_the_manifest_is_refused(tmp_path: Path) -> None:
    cache = cache_of(tmp_path, "reactome", "reactome.tsv", b"identifier\tname\nR-HSA-1\tx\n")
    with pytest.raises(SourceError, match="has changed since it was fetched"):
        read("reactome", Finder(cache=cache))


@pytest.mark.parametrize("source", ["reactome", "orphadata-genes"])
def test_a_damaged_archive_in_the_cache_says_what_to_do(tmp_path: Path, source: str) -> None:
    name = {"reactome": "reactome.tsv.gz", "orphadata-genes": "en_product6.xml.gz"}[source]
    cache = cache_of(tmp_path, source, name, gzip.compress(GENES * 9)[:-20])
    with pytest.raises(
        SourceError, match=f"damaged or truncated .* kgsynth fetch {source} --again"
    ):
        read(source, Finder(cache=cache))


def test_a_damaged_plain_file_in_the_cache_says_what_to_do(tmp_path: Path) -> None:
    cache = cache_of(tmp_path, "orphadata-genes", "en_product6.xml", GENES[:500])
    with pytest.raises(SourceError, match="if the file is damaged: kgsynth fetch orphadata-genes"):
        read("orphadata-genes", Finder(cache=cache))


def test_a_users_own_file_is_read_and_said_to_be_another(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "en_product6.xml").write_bytes(GENES)
    found = read("orphadata-genes", Finder(folder, tmp_path))
    assert (found.verified, found.held[0].state) == ((False,), "unverified")
    own = load_sources(sources=[f"orphadata-genes={folder / 'en_product6.xml'}"])
    assert not own["orphadata-genes"].held[0].stops_strict  # the user named that very file


def test_the_files_that_come_with_kgsynth_are_verified() -> None:
    assert all(read("mondo", Finder()).verified)


def test_the_command_names_unverified_files_and_strict_stops_at_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "kgsynth.sources.choice.preset_sources", lambda name: ("mondo",) if name == "hpo" else ()
    )
    cache = cache_of(tmp_path, "orphadata-genes", "en_product6.xml", GENES)
    build = ["build-graph", "--source", "orphadata-genes", "--cache", str(cache)]
    build += ["--out", str(tmp_path / "graph")]
    assert run([*build, "--strict"]) == 2
    assert "error: orphadata-genes: en_product6.xml: no checksum" in capsys.readouterr().err
    assert run(build) == 0
    assert "unverified orphadata-genes: en_product6.xml: no checksum" in capsys.readouterr().out
    manifest = json.loads((tmp_path / "graph" / "manifest.json").read_text(encoding="utf-8"))
    assert {one["name"]: one["verified"] for one in manifest["sources"]} == {
        "mondo": True,
        "orphadata-genes": False,
    }
