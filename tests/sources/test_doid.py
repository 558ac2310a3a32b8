"""The Disease Ontology's reports: parents by name, cells in quotes."""

from collections import Counter

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData
from kgsynth.sources.doid import load
from kgsynth.sources.files import read_manifest
from kgsynth.sources.quoted import unquoted
from kgsynth.sources.source_file import SourceFile
from tests.sources.conftest import Write
from tests.sources.real_files import assert_pinned, real_files

TERMS = (
    "id\tlabel\tsubClassOf\n"
    '"DOID:14499"\t"Fabry disease"\t"sphingolipidosis"\n'
    '"DOID:14499"\t"Fabry disease"\t"X-linked disease"\n'
    '"DOID:1927"\t"sphingolipidosis"\t"disease"\n'
    '"DOID:0050735"\t"X-linked disease"\t"disease"\n'
)
XREFS = (
    "id\tlabel\txref\n"
    '"DOID:14499"\t"Fabry disease"\t"MIM:301500"\n'
    '"DOID:14499"\t"Fabry disease"\t"ORDO:324"\n'
    '"DOID:14499"\t"Fabry disease"\t"SNOMEDCT_US_2025_09_01:16652001"\n'
    '"DOID:4"\t"disease"\t"MESH:D004194"\n'
)


def read(source: Write, terms: str = TERMS, xrefs: str = XREFS) -> SourceData:
    files = [source("HumanDO.tsv", terms), source("allXREFinDO.tsv", xrefs)]
    named = [SourceFile(one.file, role=role) for one, role in zip(files, ROLES, strict=True)]
    return load(tuple(named), read_manifest("doid"))


ROLES = ("terms", "xrefs")


def test_parents_are_found_by_their_names(source: Write) -> None:
    data = read(source)
    links = data.statements.select(["subject", "object", "line"]).to_pylist()
    assert [tuple(row.values()) for row in links] == [
        ("DOID:14499", "DOID:1927", 2),
        ("DOID:14499", "DOID:0050735", 3),
        ("DOID:1927", "DOID:4", 4),
        ("DOID:0050735", "DOID:4", 5),
    ]
    assert data.entities["name"].to_pylist()[-1] == "disease"  # the root, in the other table only


def test_cross_references_are_related(source: Write) -> None:
    rows = read(source).mappings.to_pylist()
    assert {(row["object"], row["predicate"]) for row in rows} == {
        ("OMIM:301500", "related"),
        ("ORPHA:324", "related"),
        ("SNOMEDCT:16652001", "related"),
        ("MESH:D004194", "related"),
    }


def test_a_parent_that_is_nobody_or_two_is_rejected(source: Write) -> None:
    terms = TERMS + '"DOID:1"\t"disease"\t"ghost"\n"x"\t"y"\t"z"\n"DOID:2"\t"left open\t"disease"\n'
    data = read(source, terms)
    assert Counter(data.rejections.codes) == {
        "unterminated_quote": 1,
        "bad_identifier": 1,
        "ambiguous_parent": 2,  # DOID:1 and DOID:4 are both called "disease"
        "unknown_parent": 1,
    }
    rows = data.tallies[0]
    assert (rows.read, rows.loaded, rows.merged, rows.rejected) == (7, 2, 0, 5)


def test_terms_alone_are_enough(source: Write) -> None:
    data = load((source("HumanDO.tsv", TERMS),), read_manifest("doid"))
    assert data.rejections.codes == ["unknown_parent", "unknown_parent"]
    assert len(data.mappings) == 0


def test_a_table_without_identifiers_is_refused(source: Write) -> None:
    with pytest.raises(SourceError, match="no row has an identifier"):
        read(source, "id\tlabel\tsubClassOf\n1\ta\tb\n")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"a"', "a"),
        ('"a"@en', "a"),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#int>', "1"),
        ('"a ""b"" c"', 'a "b" c'),
        ("<http://x.org/y>", "http://x.org/y"),
        ("<5 years", "<5 years"),
        ("", ""),
    ],
)
def test_cells_are_unquoted(cell: str, text: str) -> None:
    assert unquoted(cell) == text


def test_every_row_of_the_reports_is_accounted_for() -> None:
    assert_pinned("doid")
    data = load(*real_files("doid"))
    counts = {t.unit: (t.read, t.loaded, t.merged, t.rejected) for t in data.tallies}
    assert counts == {"rows": (12296, 12296, 0, 0), "xrefs": (39264, 39263, 1, 0)}
    assert len(data.entities) == 12247
    assert not len(data.rejections)
    assert not any('"' in name for name in data.entities["name"].to_pylist())
