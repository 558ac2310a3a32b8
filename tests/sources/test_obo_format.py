"""What the clauses of an OBO file say, and what becomes of broken ones."""

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import Rejections
from kgsynth.sources.obo_format import OboDocument, read_obo
from kgsynth.sources.obo_values import (
    Qualifier,
    Synonym,
    Text,
    Words,
    Xref,
    parse_synonym,
    parse_text,
    parse_words,
    parse_xref,
    unescape,
)
from tests.sources.conftest import Write

SMALL = """format-version: 1.2
data-version: hp/releases/2025-01-16
! a comment

[Term]
id: HP:0001250
name: Seizure
is_a: HP:0012638 {source="x"} ! Abnormal nervous system physiology

[Term] ! the second
id: HP:0007359 ! focal
name: Focal-onset
xref: UMLS:C0751495

[Typedef]
id: part_of
name: part of
"""


def read(source: Write, text: str) -> tuple[OboDocument, list[tuple[str, str, str]]]:
    rejections = Rejections()
    document = read_obo(source("a.obo", text), rejections)
    lines = [place.rpartition(":")[2] for place in rejections.places]
    return document, list(zip(lines, rejections.codes, rejections.details, strict=True))


def test_stanzas_and_clauses_keep_their_lines(source: Write) -> None:
    document, rejected = read(source, SMALL)
    assert rejected == []
    assert document.stanzas.to_pylist() == [
        {"type": "Term", "line": 5, "id": "HP:0001250"},
        {"type": "Term", "line": 10, "id": "HP:0007359"},
        {"type": "Typedef", "line": 15, "id": "part_of"},
    ]
    assert document.stanza("HP:0007359") == [
        ("id", "HP:0007359 ! focal"),
        ("name", "Focal-onset"),
        ("xref", "UMLS:C0751495"),
    ]
    assert document.of("is_a")["line"].to_pylist() == [8]
    assert document.header("data-version") == "hp/releases/2025-01-16"
    assert document.header("ontology") == ""


@pytest.mark.parametrize(
    "spelled",
    [
        SMALL.replace("\n", "\r\n"),
        "\ufeff" + SMALL,
        SMALL.rstrip("\n"),
        SMALL.replace("name: Seizure", "name: Sei\\\nzure"),
        SMALL.replace("name: Seizure", "name:   Seizure  "),
    ],
    ids=["CRLF", "BOM", "no last newline", "continued line", "spaces"],
)
def test_other_spellings_of_a_file_say_the_same(source: Write, spelled: str) -> None:
    document, rejected = read(source, spelled)
    assert rejected == []
    assert document.stanza("HP:0001250")[1] == ("name", "Seizure")
    assert document.stanzas["id"].to_pylist() == ["HP:0001250", "HP:0007359", "part_of"]


def test_lines_after_a_continued_one_keep_their_number(source: Write) -> None:
    document, _ = read(source, SMALL.replace("name: Seizure", "name: Sei\\\nzure"))
    assert document.stanzas["line"].to_pylist() == [5, 11, 16]


def test_a_repeated_id_is_rejected_with_both_lines(source: Write) -> None:
    document, rejected = read(source, SMALL + "\n[Term]\nid: HP:0001250\nname: Epilepsy\n")
    assert [row[:2] for row in rejected] == [("19", "duplicate_id")]
    assert "HP:0001250 stands already in line 5" in rejected[0][2]
    assert ("name", "Epilepsy") not in document.stanza("HP:0001250")
    assert document.stanza("part_of") == [("id", "part_of"), ("name", "part of")]


def test_a_stanza_without_id_and_a_line_without_tag_are_rejected(source: Write) -> None:
    _, rejected = read(source, SMALL + "\n[Term]\nname: nobody\nthis is no clause\nbad tag: x\n")
    assert [row[:2] for row in rejected] == [
        ("21", "no_clause"),
        ("22", "no_clause"),
        ("19", "no_id"),
    ]


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", "hello: world\n", "name\tid\n"])
def test_what_is_no_obo_file_is_refused(source: Write, text: str) -> None:
    with pytest.raises(SourceError, match="no OBO file"):
        read(source, text)


def test_escapes() -> None:
    assert unescape(r"a \"b\"\, c\: d\nand\\\W\{e\}") == 'a "b", c: d\nand\\ {e}'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("HP:0001507 ! Growth abnormality", Words("HP:0001507")),
        (
            'HP:1 {source="a, b", note="x\\"y"} ! c',
            Words("HP:1", (Qualifier("source", "a, b"), Qualifier("note", 'x"y'))),
        ),
        ("Hey! you", Words("Hey! you")),
        ("3\\{4\\} fingers", Words("3{4} fingers")),
    ],
)
def test_values_without_quotes(value: str, expected: Words) -> None:
    assert parse_words(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"Fits" EXACT layperson []', Synonym("Fits", "EXACT", "layperson")),
        (
            '"Fit \\"x\\"" RELATED [PMID:1, ISBN:2 "a [b]"] {k="v"}',
            Synonym(
                'Fit "x"',
                "RELATED",
                "",
                (Xref("PMID:1"), Xref("ISBN:2", "a [b]")),
                (Qualifier("k", "v"),),
            ),
        ),
        ('"Fits" []', Synonym("Fits", "RELATED", "")),  # no scope: RELATED by the specification
        ('"Fits" BROAD', Synonym("Fits", "BROAD", "")),
    ],
)
def test_synonyms(value: str, expected: Synonym) -> None:
    assert parse_synonym(value) == expected


def test_definitions_and_xrefs() -> None:
    assert parse_text('"A fit, sudden." [https://orcid.org/0-1, PMID:2]') == Text(
        "A fit, sudden.", (Xref("https://orcid.org/0-1"), Xref("PMID:2"))
    )
    assert parse_xref('UMLS:C1 "Seizure {not}" {source="MONDO:equivalentTo"}') == (
        Xref("UMLS:C1", "Seizure {not}"),
        (Qualifier("source", "MONDO:equivalentTo"),),
    )


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ('"never ends [PMID:1]', "the quote does not end"),
        ("no quote", "no quoted text"),
        ('"text" [PMID:1', "the bracket does not close"),
        ('"text" [] EXACT', "unexpected"),
    ],
)
def test_broken_values_say_what_is_wrong(value: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_text(value)
