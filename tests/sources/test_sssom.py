"""Mapping sets in SSSOM: what a row says, what the metadata says, and the real files of Mondo."""

from pathlib import Path

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_file, read_manifest
from kgsynth.sources.sssom import load
from tests.sources.conftest import Write

HEAD = """# curie_map:
#   MONDO: http://purl.obolibrary.org/obo/MONDO_
#   Orphanet: http://www.orpha.net/ORDO/Orphanet_
#   mim: https://omim.org/entry/
# mapping_set_version: http://purl.obolibrary.org/obo/mondo/releases/2026-08-04/x.sssom.tsv
"""
NAMES = "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\n"
# Hyperkalemic periodic paralysis.
GOOD = "MONDO:0008224\tHYPP\tskos:exactMatch\tOrphanet:682\tsemapv:ManualMappingCuration\n"


def read(source: Write, *rows: str, head: str = HEAD, names: str = NAMES) -> SourceData:
    file = source("x.sssom.tsv", head + names + "".join(rows))
    return load((file,), read_manifest("sssom"))


def test_a_row_becomes_a_mapping_spelled_the_house_way(source: Write) -> None:
    data = read(source, GOOD)
    assert data.version == "2026-08-04"
    assert data.mappings.to_pylist() == [
        {
            "subject": "MONDO:0008224",
            "object": "ORPHA:682",
            "predicate": "exact",
            "justification": "semapv:ManualMappingCuration",
            "line": 7,
            "file": None,
        }
    ]


@pytest.mark.parametrize(
    ("predicate", "meaning"),
    [
        ("skos:exactMatch", "exact"),
        ("skos:closeMatch", "close"),
        ("skos:broadMatch", "broad"),
        ("skos:narrowMatch", "narrow"),
        ("skos:relatedMatch", "related"),
        ("oboInOwl:hasDbXref", "related"),
        ("owl:equivalentClass", "exact"),
        ("rdfs:subClassOf", "broad"),
        ("http://www.w3.org/2004/02/skos/core#exactMatch", "exact"),
    ],
)
def test_the_predicate_says_how_near_the_two_are(
    source: Write, predicate: str, meaning: str
) -> None:
    data = read(source, GOOD.replace("skos:exactMatch", predicate))
    assert data.mappings["predicate"].to_pylist() == [meaning]


@pytest.mark.parametrize(
    ("text", "curie"),
    [
        ("mim:170500", "OMIM:170500"),
        ("https://omim.org/entry/170500", "OMIM:170500"),
        ("mesh:D020513", "MESH:D020513"),
        ("GARD:6779", "GARD:0006779"),
        ("MYLAB:17", "MYLAB:17"),
    ],
)
def test_an_object_may_be_spelled_in_any_way(source: Write, text: str, curie: str) -> None:
    data = read(source, GOOD.replace("Orphanet:682", text))
    assert data.mappings["object"].to_pylist() == [curie]


def test_a_denied_mapping_is_kept_as_different(source: Write) -> None:
    names = NAMES.rstrip("\n") + "\tpredicate_modifier\n"
    rows = [GOOD.rstrip("\n") + "\tNot\n", GOOD.replace("682", "683").rstrip("\n") + "\t\n"]
    data = read(source, *rows, names=names)
    assert data.mappings["predicate"].to_pylist() == ["different", "exact"]


def test_a_repeated_mapping_counts_as_merged(source: Write) -> None:
    (tally,) = read(source, GOOD, GOOD).tallies
    assert (tally.read, tally.loaded, tally.merged, tally.rejected) == (2, 1, 1, 0)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (GOOD.replace("Orphanet:682", "hyperkalemia"), "bad_identifier"),
        (GOOD.replace("Orphanet:682", ""), "bad_identifier"),
        (GOOD.replace("Orphanet:682", "sssom:NoTermFound"), "no_partner"),
        (GOOD.replace("skos:exactMatch", "skos:sortOf"), "unknown_predicate"),
        (GOOD.replace("\tHYPP", ""), "column_count"),
    ],
)
def test_a_wrong_row_is_rejected_with_its_line(source: Write, bad: str, code: str) -> None:
    data = read(source, GOOD, bad)
    assert data.rejections.codes == [code]
    assert data.rejections.places[0].endswith("x.sssom.tsv:8")
    assert len(data.mappings) == 1


@pytest.mark.parametrize(
    ("head", "names", "message"),
    [
        (HEAD, "subject_id\tobject_id\n", ":6: no column 'predicate_id'"),
        (HEAD, NAMES.replace("\t", ","), ":6: no column 'subject_id'"),
        (HEAD, NAMES.replace("subject_label", "object_id"), ":6: a column name stands twice"),
        ("# curie_map: [\n", NAMES, "the metadata in the comment lines is no YAML"),
        ("# a: *b\n", NAMES, "the metadata in the comment lines is no YAML"),
    ],
)
def test_a_file_that_is_no_mapping_set_is_refused(
    source: Write, head: str, names: str, message: str
) -> None:
    with pytest.raises(SourceError) as error:
        read(source, GOOD, head=head, names=names)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_metadata_is_optional_and_windows_line_ends_are_fine(source: Write) -> None:
    data = load(
        (source("crlf.sssom.tsv", (NAMES + GOOD).replace("\n", "\r\n")),), read_manifest("sssom")
    )
    assert data.mappings["object"].to_pylist() == ["ORPHA:682"]
    assert data.mappings["justification"].to_pylist() == ["semapv:ManualMappingCuration"]


@pytest.mark.parametrize(
    ("name", "file", "rows", "predicate"),
    [
        ("mondo-omim", "mondo_exactmatch_omim", 10_045, "exact"),
        ("mondo-orphanet", "mondo_exactmatch_orphanet", 9_785, "exact"),
        ("mondo-doid", "mondo_exactmatch_doid", 11_966, "exact"),
        ("mondo-mesh", "mondo_exactmatch_mesh", 8_181, "exact"),
        ("mondo-gard", "mondo_hasdbxref_gard", 15_947, "related"),
    ],
)
def test_every_row_of_mondos_files_is_a_mapping(
    shared_data: Path, name: str, file: str, rows: int, predicate: str
) -> None:
    source = read_file(shared_data / "mondo" / f"{file}.sssom.tsv.gz")
    data = load((source,), read_manifest(name))
    assert data.version == "2026-08-04"
    (tally,) = data.tallies
    assert (tally.read, tally.loaded, tally.merged, tally.rejected) == (rows, rows, 0, 0)
    assert set(data.mappings["predicate"].to_pylist()) == {predicate}
    assert set(data.mappings["justification"].to_pylist()) == {"semapv:ManualMappingCuration"}
    prefixes = {one.partition(":")[0] for one in data.mappings["object"].to_pylist()}
    assert prefixes == {{"orphanet": "ORPHA"}.get(name[6:], name[6:].upper())}
