"""OWL in four syntaxes: what it says, what it must not do, and every quirk of the real files."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import rdf
from kgsynth.sources.base import Manifest, SourceData
from kgsynth.sources.manifests import read_manifest
from kgsynth.sources.oxigraph import Term, Triple, read_triples
from kgsynth.sources.rdf_guard import guard
from kgsynth.sources.rdf_index import OWL, Triples
from kgsynth.sources.source_file import SourceFile
from tests.sources.conftest import Write
from tests.sources.real_files import FOLDER, assert_pinned, real_files

# Cystic fibrosis (MONDO:0009061) with a link to the lung, its definition by genus and difference,
# names in three languages, and what replaces an obsolete class.
TURTLE = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix oio: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix obo: <http://purl.obolibrary.org/obo/> .

<http://purl.obolibrary.org/obo/mondo.owl> a owl:Ontology ;
    owl:versionIRI <http://purl.obolibrary.org/obo/mondo/releases/2026-08-04/mondo.owl> .

obo:RO_0004026 a owl:ObjectProperty ; rdfs:label "disease has location" .

obo:MONDO_0009061 a owl:Class ;
    rdfs:label "cystic fibrosis", "mucoviscidose"@fr ;
    oio:hasExactSynonym "CF", "mucoviscidosis"@en ;
    oio:hasRelatedSynonym "fibrocystic disease" ;
    oio:hasAlternativeId "MONDO:0000001" ;
    obo:IAO_0000115 "A disease of <i>mucus</i>." ;
    oio:hasDbXref "OMIM:219700", "Wikipedia:Cystic_fibrosis" ;
    skos:exactMatch <http://www.orpha.net/ORDO/Orphanet_586> ;
    skos:closeMatch <http://identifiers.org/mesh/D003550> ;
    oio:inSubset <http://purl.obolibrary.org/obo/mondo#rare> ;
    rdfs:subClassOf obo:MONDO_0000507 ,
        [ a owl:Restriction ; owl:onProperty obo:RO_0004026 ;
          owl:someValuesFrom obo:UBERON_0002048 ] ,
        [ a owl:Restriction ; owl:onProperty obo:RO_0004026 ;
          owl:allValuesFrom obo:UBERON_0002048 ] ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( obo:MONDO_0000700
        [ a owl:Restriction ; owl:onProperty obo:RO_0004026 ;
          owl:someValuesFrom obo:UBERON_0001264 ] ) ] .

obo:MONDO_0000507 a owl:Class ; rdfs:label "hereditary lung disease" .
obo:MONDO_0000700 a owl:Class .
obo:UBERON_0002048 a owl:Class ; rdfs:label "lung" .
obo:UBERON_0001264 a owl:Class ; rdfs:label "pancreas" .
obo:MONDO_0000002 a owl:Class ; owl:deprecated true ; obo:IAO_0100001 obo:MONDO_0009061 .
obo:MONDO_0000003 a owl:Class ; owl:deprecated true .
<https://example.org/no-id> a owl:Class ; rdfs:label "nobody" .

[] a owl:Axiom ; owl:annotatedSource obo:MONDO_0009061 ; owl:annotatedProperty rdfs:subClassOf ;
    owl:annotatedTarget obo:MONDO_0000507 ; oio:source "PMID:2570460", "MONDO:patterns" .
[] a owl:Axiom ; owl:annotatedSource obo:MONDO_0009061 ; owl:annotatedProperty oio:hasExactSynonym ;
    owl:annotatedTarget "CF" ; oio:hasSynonymType <http://purl.obolibrary.org/obo/hp#layperson> .
[] a owl:Axiom ; owl:annotatedSource obo:MONDO_0009061 ; owl:annotatedProperty obo:IAO_0000115 ;
    owl:annotatedTarget "A disease of <i>mucus</i>." ; oio:hasDbXref "PMID:1" .
"""
RDF_HEAD = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:owl="http://www.w3.org/2002/07/owl#">
"""
FLU = """<owl:Class rdf:about="http://purl.obolibrary.org/obo/MONDO_0005812">
  <rdfs:label>influenza</rdfs:label>
</owl:Class>
"""
XML = f"{RDF_HEAD}{FLU}</rdf:RDF>\n"
JSON_LD = """[{"@id": "http://purl.obolibrary.org/obo/MONDO_0005812",
  "@type": ["http://www.w3.org/2002/07/owl#Class"],
  "http://www.w3.org/2000/01/rdf-schema#label": [{"@value": "influenza", "@language": "en"}]}]
"""
ANY = Manifest(
    "rdf", "", "", "", "", "", "", (), {"xrefs": {}, "subsets": {"rare": {"flag": "rare"}}}
)


def read(source: SourceFile, manifest: Manifest = ANY) -> SourceData:
    found = rdf.load((source,), manifest)
    for tally in found.tallies:
        assert tally.read == tally.loaded + tally.merged + tally.rejected
    assert sum(tally.rejected for tally in found.tallies) == len(found.rejections)
    return found


def real(name: str) -> SourceFile:
    if not (FOLDER / name).exists():
        pytest.skip(f"the folder of real data has no {name}")
    return SourceFile(FOLDER / name)


def counted(found: SourceData) -> dict[str, tuple[int, int, int, int]]:
    return {one.unit: (one.read, one.loaded, one.merged, one.rejected) for one in found.tallies}


# ---- what a file says ----------------------------------------------------------------------


def test_a_class_has_names_in_english_and_others_beside(source: Write) -> None:
    found = read(source("mondo.ttl", TURTLE))
    fibrosis = {row["id"]: row for row in found.entities.to_pylist()}["MONDO:0009061"]
    assert fibrosis == {
        "id": "MONDO:0009061",
        "name": "cystic fibrosis",
        "category": "Disease",
        "synonyms": ["CF", "mucoviscidosis"],
        "lay": ["CF"],
        "related_synonyms": ["fibrocystic disease", "mucoviscidose"],
        "alt_ids": ["MONDO:0000001"],
        "definition": "A disease of mucus.",
    }
    assert found.version == "2026-08-04"


def test_links_are_named_by_their_relation_and_cite(source: Write) -> None:
    found = read(source("mondo.ttl", TURTLE))
    links = [
        (row["subject"], row["predicate"], row["object"], row["code"], row["reference"])
        for row in found.statements.to_pylist()
    ]
    place = "RO:0004026 disease has location"
    assert sorted(links, key=str) == sorted(
        [
            ("MONDO:0009061", "subclass_of", "MONDO:0000507", "", "MONDO:patterns"),
            ("MONDO:0009061", "subclass_of", "MONDO:0000507", "", "PMID:2570460"),
            ("MONDO:0009061", "disease_has_location", "UBERON:0002048", place, None),
            ("MONDO:0009061", "subclass_of", "MONDO:0000700", "logical definition", None),
            (
                "MONDO:0009061",
                "disease_has_location",
                "UBERON:0001264",
                f"logical definition: {place}",
                None,
            ),
        ],
        key=str,
    )
    assert set(found.statements["line"].to_pylist()) == {12}


def test_matches_are_exact_or_not_and_xrefs_are_related(source: Write) -> None:
    found = read(source("mondo.ttl", TURTLE))
    assert [
        (row["subject"], row["predicate"], row["object"]) for row in found.mappings.to_pylist()
    ] == [
        ("MONDO:0009061", "exact", "ORPHA:586"),
        ("MONDO:0009061", "close", "MESH:D003550"),
        ("MONDO:0009061", "related", "OMIM:219700"),
    ]
    assert found.flags.to_pylist() == [{"entity": "MONDO:0009061", "flag": "rare"}]


def test_nothing_is_lost_in_silence(source: Write) -> None:
    found = read(source("mondo.ttl", TURTLE))
    assert counted(found) == {
        "classes": (8, 4, 2, 2),  # one is only mentioned, one replaced; one obsolete, one no id
        "links": (3, 2, 0, 1),
        "parts of definitions": (2, 2, 0, 0),
        "axiom annotations": (3, 2, 1, 0),
        "matches": (2, 2, 0, 0),
        "xrefs": (2, 1, 0, 1),
        "subset marks": (1, 1, 0, 0),
    }
    assert found.replaced == {"MONDO:0000002": ("MONDO:0009061",), "MONDO:0000003": ()}
    places = [place.rpartition(":")[2] for place in found.rejections.places]
    assert sorted(zip(found.rejections.codes, places, strict=True)) == [
        ("bad_identifier", "37"),
        ("obsolete_term", "36"),
        ("reference", "12"),
        ("unread_axiom", "12"),
    ]


def test_json_ld_and_xml_say_that_there_is_influenza(source: Write) -> None:
    for name, text in (("a.jsonld", JSON_LD), ("a.owl", XML)):
        (row,) = read(source(name, text)).entities.to_pylist()
        assert (row["id"], row["name"]) == ("MONDO:0005812", "influenza")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("syntax", ["xml", "nt", "json-ld"])
def test_every_syntax_says_the_same(source: Write, syntax: str) -> None:
    import rdflib

    written = rdflib.Graph().parse(data=TURTLE, format="turtle").serialize(format=syntax)
    ending = {"xml": "owl", "nt": "nt", "json-ld": "jsonld"}[syntax]
    assert said(read(source(f"a.{ending}", written))) == said(read(source("a.ttl", TURTLE)))


def said(found: SourceData) -> dict[str, object]:
    """Everything but files and lines."""
    parts: dict[str, object] = {
        name: getattr(found, name).drop_columns(["line"]).to_pylist()
        if "line" in getattr(found, name).column_names
        else getattr(found, name).to_pylist()
        for name in ("entities", "statements", "mappings", "flags", "signals")
    }
    codes = list(zip(found.rejections.codes, found.rejections.details, strict=True))
    return {**parts, "replaced": found.replaced, "tallies": found.tallies, "rejected": codes}


def test_an_association_is_a_statement_with_its_reference(source: Write) -> None:
    oban = "http://purl.org/oban/association_has_"
    found = read(
        source(
            "a.ttl",
            f"""<urn:x> <{oban}subject> <http://omim.org/entry/166400> ;
            <{oban}predicate> <http://purl.obolibrary.org/obo/RO_0002200> ;
            <{oban}object> <http://purl.obolibrary.org/obo/HP_0000006> ;
            <http://purl.org/dc/elements/1.1/source> <http://omim.org/entry/166400> .
            <urn:y> <{oban}subject> <http://omim.org/entry/166400> .""",
        )
    )
    (row,) = found.statements.to_pylist()
    assert (row["subject"], row["predicate"], row["object"], row["reference"]) == (
        *("OMIM:166400", "has_phenotype", "HP:0000006"),
        "OMIM:166400",
    )
    assert found.rejections.codes == ["unread_axiom"]


def test_a_list_that_goes_round_ends(source: Write) -> None:
    text = TURTLE + (
        "obo:MONDO_0000507 owl:equivalentClass [ owl:intersectionOf _:a ] .\n"
        "_:a <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> obo:UBERON_0002048 ;\n"
        "  <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:a .\n"
    )
    assert counted(read(source("a.ttl", text)))["parts of definitions"] == (3, 3, 0, 0)


# ---- what must not happen ------------------------------------------------------------------

ENTITY = "<!DOCTYPE rdf:RDF [<!ENTITY {} >]>"
LAUGHS = (
    "<!DOCTYPE rdf:RDF ["
    + '<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
LONG = "<!DOCTYPE rdf:RDF [" + f'<!ENTITY a "{"h" * 1000}">' + "]>"
DEEP = "<owl:Class><rdfs:seeAlso>" * 50_000


def xml(doctype: str, body: str = FLU) -> str:
    head, _, rest = RDF_HEAD.partition("\n")
    return f"{head}\n{doctype}\n{rest}{body}</rdf:RDF>\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (xml(ENTITY.format('x SYSTEM "file:///etc/passwd"')), "from elsewhere"),
        (xml(ENTITY.format('% x SYSTEM "http://127.0.0.1:9/x"')), "from elsewhere"),
        (xml('<!DOCTYPE rdf:RDF SYSTEM "http://127.0.0.1:9/x.dtd">'), "from elsewhere"),
        (xml('<!DOCTYPE rdf:RDF PUBLIC "-//x" "http://127.0.0.1:9/x.dtd">'), "from elsewhere"),
        (xml(LAUGHS, FLU.replace("influenza", "&i;")), "may grow without end"),
        (xml(LONG, FLU.replace("influenza", "&a;" * 5_000)), "bytes larger"),
        (RDF_HEAD + DEEP, "nested deeper than 64"),
        (XML.replace("</rdf:RDF>", ""), "no whole XML (no element found)"),
        (XML.replace("</rdfs:label>", ""), "no whole XML (mismatched tag)"),
        (XML[: len(XML) // 2], "no whole XML"),
        ("[" * 100_000 + "]" * 100_000, "nested deeper than 64"),
        ('{"http://x.y/p":' * 2000 + "1" + "}" * 2000, "nested deeper than 64"),
        ('{"http://x.y/p":{"@list":[' * 2000 + "1" + "]}}" * 2000, "nested deeper than 64"),
        ("<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 99_999, "statements about statements"),
        ('<urn:a> <urn:b> <<( <urn:a> <urn:b> "1" )>> .', "statements about statements"),
        ('{"@context": "http://127.0.0.1:9/x", "a": 1}', "no JSON-LD"),
        ('[{"@id": "urn:a", "urn:b": [{"@value": "x"}]}, {"@id":', "no JSON-LD"),
        ('<urn:a> <urn:b> "x" .\n<urn:a> <urn:b> "x', ":2: no Turtle"),
        ("obo:HP_1 a obo:x .", ":1: no Turtle (the prefix obo: has not been declared)"),
        ('{"a": 1}', "no triples in it"),
        ("# nothing\n", "no triples in it"),
        ("Prefix(owl:=<http://www.w3.org/2002/07/owl#>)\nOntology()", "functional syntax"),
        ("Prefix: owl: <http://x>\nOntology: <http://y>", "Manchester syntax"),
        ("format-version: 1.2\n[Term]\nid: HP:1\n", "--source obo=FILE"),
        ('<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "OWL/XML"),
    ],
)
def test_harm_and_other_formats_are_refused_in_one_line(
    source: Write, text: str, message: str
) -> None:
    began = time.monotonic()
    with pytest.raises(SourceError) as error:
        read(source("bad.owl", text))
    assert message in str(error.value)
    assert "bad.owl" in str(error.value)
    assert "\n" not in str(error.value)
    assert time.monotonic() - began < 10


def test_an_entity_that_abbreviates_an_address_is_read(source: Write) -> None:
    doctype = ENTITY.format('obo "http://purl.obolibrary.org/obo/"')
    body = FLU.replace("http://purl.obolibrary.org/obo/", "&obo;")
    assert read(source("a.owl", xml(doctype, body))).entities["id"].to_pylist() == ["MONDO:0005812"]


def test_rdflib_reads_what_oxigraph_is_too_strict_for(source: Write) -> None:
    doctype = ENTITY.format("obo 'http://purl.obolibrary.org/obo/'")
    body = FLU.replace("http://purl.obolibrary.org/obo/", "&obo;")
    quoted = source("a.owl", xml(doctype, body))
    with pytest.raises(SourceError, match="no RDF/XML"):
        list(read_triples(quoted, "RDF/XML"))
    assert read(quoted).entities["id"].to_pylist() == ["MONDO:0005812"]


# ---- the real files ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["symp", "go-slim"])
def test_the_checksums_are_those_of_the_real_files(name: str) -> None:
    assert_pinned(name)


FOUR = (
    "doid/symp_import.owl.gz",
    *(f"derived/symp_import.{x}.gz" for x in ("ttl", "nt", "jsonld")),
)


def test_the_symptom_ontology_is_the_same_in_four_syntaxes() -> None:
    manifest = read_manifest("symp")
    first, *others = [said(read(real(name), manifest)) for name in FOUR]
    assert all(other == first for other in others)


def test_the_symptom_ontology_is_read_whole() -> None:
    files, manifest = real_files("symp")
    found = read(files[0], manifest)
    assert counted(found) == {
        "classes": (894, 894, 0, 0),
        "links": (895, 895, 0, 0),
        "parts of definitions": (0, 0, 0, 0),
        "axiom annotations": (417, 0, 417, 0),  # all of them say where a definition is from
        "xrefs": (541, 368, 0, 173),  # the other prefixes are UMLS's names for those of ICD-9
    }
    assert set(found.rejections.codes) == {"unknown_prefix"}
    assert found.version == "2026-07-31"
    cramp = {row["id"]: row for row in found.entities.to_pylist()}["SYMP:0000001"]
    assert (cramp["name"], cramp["synonyms"]) == ("abdominal cramp", ["stomach cramp"])


def test_the_slim_of_go_has_its_parts_and_branches() -> None:
    files, manifest = real_files("go-slim")
    found = read(files[0], manifest)
    assert counted(found)["classes"] == (147, 147, 0, 0)
    assert counted(found)["links"] == (202, 202, 0, 0)  # 146 to a class, 56 restrictions
    assert counted(found)["parts of definitions"] == (8, 0, 8, 0)  # said as links already
    assert counted(found)["axiom annotations"] == (336, 0, 336, 0)
    assert Counter(found.statements["predicate"].to_pylist()) == {
        "subclass_of": 146,
        "part_of": 47,
        "has_part": 4,
        "occurs_in": 4,
        "regulates": 1,
    }
    assert Counter(found.entities["category"].to_pylist()) == {
        "BiologicalProcess": 72,
        "MolecularActivity": 40,
        "CellularComponent": 35,
    }


def test_classes_without_a_label_are_mentioned_and_no_entities() -> None:
    found = read(real("kgx/mody.ttl.gz"))
    assert counted(found)["classes"] == (234, 116, 118, 0)
    # 177 to a class and 109 restrictions, one of them of a nameless class.
    assert counted(found)["links"] == (286, 285, 0, 1)
    assert counted(found)["parts of definitions"][0] == 93
    assert None not in found.entities["name"].to_pylist()


def test_associations_are_statements_and_nothing_is_described() -> None:
    found = read(real("kgx/hpoa_test.ttl.gz"))
    assert counted(found)["classes"] == (7, 0, 7, 0)
    assert counted(found)["links"] == (5, 5, 0, 0)
    assert set(found.statements["reference"].to_pylist()) == {
        *("OMIM:612947", "ORPHA:93262", "OMIM:166400", "OMIM:607131", "OMIM:148050")
    }


def test_classes_that_have_tags_only_can_be_flagged() -> None:
    tag = "http://purl.obolibrary.org/obo/mondo#should_conform_to"
    settings = {"tags": [tag], "subsets": {"OMIM_phenotypic_series.yaml": {"flag": "series"}}}
    manifest = Manifest("rdf", "", "", "", "", "", "", (), settings)
    found = read(real("mondo/mondo-tags.owl.gz"), manifest)
    assert counted(found)["classes"] == (4598, 0, 4598, 0)
    assert len(found.flags) > 400
    assert set(found.flags["flag"].to_pylist()) == {"series"}


def test_german_names_are_no_names_for_a_text_in_english() -> None:
    found = read(real("hpo/hp-de.babelon.owl.xz"))
    assert counted(found)["classes"] == (3488, 3488, 0, 0)
    assert set(found.entities["name"].to_pylist()) == {None}
    dysplasia = {row["id"]: row for row in found.entities.to_pylist()}["HP:0000003"]
    assert dysplasia["related_synonyms"] == ["Multizystische Nierendysplasie"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("clinvar/RCV000112698.noprefix.ttl.gz", ":1: no Turtle (the prefix foaf: has not been"),
        ("clinvar/RCV000763295.noprefix.ttl.gz", ":1: no Turtle (the prefix BNODE: has not been"),
        ("genes_pathways/civic.gid.ofn.gz", "OWL in functional syntax, which is not read"),
        ("genes_pathways/civic.gid.json.gz", "no triples in it"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(name: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read(real(name))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


REAL = (
    *FOUR,
    *("kgx/goslim_generic.owl.gz", "kgx/mody.ttl.gz", "kgx/hpoa_test.ttl.gz"),
    "mondo/mondo-tags.owl.gz",
)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("name", REAL)
def test_the_triples_are_those_that_rdflib_reads(name: str) -> None:
    import rdflib

    source = real(name)
    syntax = guard(source)
    form = {"RDF/XML": "xml", "Turtle": "turtle", "N-Triples": "nt", "JSON-LD": "json-ld"}[syntax]
    peer = rdflib.Graph().parse(data=source.data, format=form)
    theirs = {(str(_term(s)), str(p), _term(o)) for s, p, o in peer}
    ours = set(read_triples(source, syntax))
    assert len(ours) == len(theirs)
    assert _signed(ours) == _signed(theirs)


def _term(one: object) -> Term:
    from rdflib import BNode, Literal

    if isinstance(one, Literal):
        kind = str(one.datatype or "http://www.w3.org/2001/XMLSchema#string")
        if one.language:
            kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
        return str(one), one.language or "", kind
    return f"_:{one}" if isinstance(one, BNode) else str(one)


def _signed(triples: set[Triple]) -> Counter[tuple[object, ...]]:
    """Triples with nameless nodes called by all that is said of them, four steps deep."""
    about: dict[str, list[tuple[str, Term]]] = {}
    for subject, predicate, term in triples:
        about.setdefault(subject, []).append((predicate, term))
    names: dict[str, object] = {node: 0 for node in about if node.startswith("_:")}
    for _ in range(4):
        names = {
            node: hash(frozenset(Counter((p, _name(t, names)) for p, t in about[node]).items()))
            for node in names
        }
    return Counter((_name(s, names), p, _name(t, names)) for s, p, t in triples)


def _name(term: Term, names: dict[str, object]) -> object:
    return names.get(term, "_:") if isinstance(term, str) and term.startswith("_:") else term


def test_a_record_is_found_by_its_line() -> None:
    lines = dict(_lines(real(FOUR[0])))
    assert lines["http://purl.obolibrary.org/obo/SYMP_0000000"] == min(lines.values())
    assert len(set(lines.values())) == len(lines) == 894


def _lines(source: SourceFile) -> Iterator[tuple[str, int]]:
    text = source.data.decode().split("\n")
    triples = Triples(source)
    kind = "http://www.w3.org/2002/07/owl#Class"
    for one in triples.subjects("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", kind):
        assert one in text[triples.line(one) - 1]
        yield one, triples.line(one)


def test_a_folder_of_no_rdf_is_not_asked_for(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read(SourceFile(tmp_path / "absent.owl"))


# ---- relations of a file's own -------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "label", "expected"),
    [
        ("http://example.org/x#frobs", "", ("frobs", "frobs")),
        ("http://example.org/x#R0001", "is eased by!", ("is_eased_by", "R0001")),
        ("http://example.org/x/isPartlyDueTo", "", ("is_partly_due_to", "isPartlyDueTo")),
        ("http://example.org/x#treats", "", ("treats", "treats")),
        ("http://example.org/x#R2", "]) DETACH {{7*7}}", ("detach_7_7", "R2")),
        ("http://example.org/x#R3", "漢字", ("r3", "R3")),
        ("http://example.org/x#R4", "y" * 500, ("r4", "R4")),
        (f"{OWL}frobs", "frobs", ("related_to", "frobs")),
        ("http://purl.obolibrary.org/obo/RO_99", "winks", ("related_to", "RO:99 winks")),
    ],
)
def test_a_relation_that_only_the_file_knows_keeps_its_name(
    source: Write, address: str, label: str, expected: tuple[str, str]
) -> None:
    said = f' ; rdfs:label "{label}"' if label else ""
    text = f"""@prefix owl: <{OWL}> . @prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<{address}> a owl:ObjectProperty{said} .
obo:MONDO_1 a owl:Class ; rdfs:label "one" ; rdfs:subClassOf [ a owl:Restriction ;
    owl:onProperty <{address}> ; owl:someValuesFrom obo:MONDO_2 ] .
obo:MONDO_2 a owl:Class ; rdfs:label "two" .
"""
    (row,) = read(source("own.ttl", text)).statements.to_pylist()
    assert (row["predicate"], row["code"]) == expected
