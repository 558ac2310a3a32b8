"""Any OBO file becomes what its manifest says: relations, definitions, mappings, categories."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.obo import load
from tests.sources.conftest import Write

HEART = """format-version: 1.2
data-version: uberon/releases/2024-01-18/uberon.obo

[Term]
id: UBERON:0000948
name: heart
is_a: UBERON:0000062 ! organ
relationship: BFO:0000050 UBERON:0001009 ! part of circulatory system
relationship: RO:0002254 UBERON:0004139 {gci_filler="NCBITaxon:8782", gci_relation="part_of"}
relationship: RO:0002202 UBERON:0004139 {gci_filler="NCBITaxon:7742", gci_relation="part_of"}
relationship: RO:0002178 UBERON:0001009 {maxCardinality="0"}
intersection_of: UBERON:0000062 ! organ
intersection_of: BFO:0000050 UBERON:0001009 ! part of circulatory system
intersection_of: RO:0002216 GO:0008015 ! capable of part of circulation

[Term]
id: UBERON:0000062
name: organ

[Term]
id: http://purl.obolibrary.org/obo/UBERON_0001009
name: circulatory system
union_of: UBERON:0000948
union_of: UBERON:0000062

[Term]
id: GO:0008015
name: blood circulation
is_a: GO:0008150

[Term]
id: GO:0008150
name: biological_process

[Term]
id: NBO:0000313
name: behavior

[Typedef]
id: RO:0002178
name: supplies
is_a: RO:0002170 ! connected to

[Typedef]
id: RO:0002216
name: capable of part of

[Typedef]
id: RO:0002254
name: has developmental contribution from
"""

SETTINGS = {
    "category": "AnatomicalEntity",
    "own": ["UBERON"],
    "taxa": ["NCBITaxon:7742"],
}


def read(source: Write, text: str, settings: Mapping[str, object] | None = None) -> SourceData:
    manifest = replace(read_manifest("obo"), settings=SETTINGS if settings is None else settings)
    return load((source("a.obo", text),), manifest)


def said(data: SourceData) -> list[tuple[str, str, str, bool, str, str]]:
    names = ("subject", "predicate", "object", "negated", "code", "modifier")
    columns = [data.statements[name].to_pylist() for name in names]
    return [(s, p, o, n, c or "", m or "") for s, p, o, n, c, m in zip(*columns, strict=True)]


def test_relations_and_definitions_become_statements_once(source: Write) -> None:
    heart, circulation = "UBERON:0000948", "UBERON:0001009"
    bound = "gci_filler=NCBITaxon:7742; gci_relation=part_of"
    data = read(source, HEART)
    assert said(data) == [
        (heart, "subclass_of", "UBERON:0000062", False, "", ""),
        ("GO:0008015", "subclass_of", "GO:0008150", False, "", ""),
        (heart, "part_of", circulation, False, "BFO:0000050", ""),
        (heart, "develops_from", "UBERON:0004139", False, "RO:0002202", bound),
        (heart, "related_to", circulation, True, "RO:0002178 supplies", "maxCardinality=0"),
        (
            *(heart, "related_to", "GO:0008015", False),
            *("logical definition: RO:0002216 capable of part of", ""),
        ),
        (heart, "subclass_of", circulation, False, "union", ""),
        ("UBERON:0000062", "subclass_of", circulation, False, "union", ""),
    ]
    counts = [(t.unit, t.read, t.loaded, t.merged, t.rejected) for t in data.tallies]
    assert counts == [
        ("terms", 6, 6, 0, 0),
        ("is_a links", 2, 2, 0, 0),
        ("relationships", 4, 3, 0, 1),
        ("parts of definitions", 3, 1, 2, 0),
        ("members of unions", 2, 2, 0, 0),
    ]
    assert data.rejections.codes == ["other_taxon"]  # what holds in birds says nothing of man


def test_imported_terms_keep_the_category_of_their_own(source: Write) -> None:
    data = read(source, HEART)
    kinds = dict(zip(*(data.entities[n].to_pylist() for n in ("id", "category")), strict=True))
    assert kinds == {
        "UBERON:0000948": "AnatomicalEntity",
        "UBERON:0000062": "AnatomicalEntity",
        "UBERON:0001009": "AnatomicalEntity",  # spelled as an address
        "GO:0008015": "BiologicalProcess",
        "GO:0008150": "BiologicalProcess",
        "NBO:0000313": "BiologicalProcess",
    }


def test_namespaces_and_prefixes_name_categories(source: Write) -> None:
    text = HEART.replace("name: organ\n", "name: organ\nnamespace: parts\n")
    settings = {"namespaces": {"parts": "Device"}, "prefixes": {"NBO": "Procedure"}}
    kinds = read(source, text, settings).entities["category"].to_pylist()
    assert kinds == [
        *("AnatomicalEntity", "Device", "AnatomicalEntity"),
        *("BiologicalProcess", "BiologicalProcess", "Procedure"),
    ]


def test_a_file_of_ones_own_needs_no_manifest(source: Write) -> None:
    text = "format-version: 1.4\n\n[Term]\nid: MYLAB:0001\nname: thing\nis_a: MYLAB:0002\n"
    data = read(source, text, {"xrefs": {}})
    assert data.entities.select(["id", "category"]).to_pylist() == [
        {"id": "MYLAB:0001", "category": "OntologyClass"}
    ]
    assert said(data) == [("MYLAB:0001", "subclass_of", "MYLAB:0002", False, "", "")]


def test_a_link_to_a_class_of_elsewhere_only_says_the_category(source: Write) -> None:
    term = "[Term]\nid: http://identifiers.org/hgnc/10001\nname: RGS5\nis_a: SO:0000704\n"
    text = f"format-version: 1.2\n\n{term}"
    data = read(source, text, {"category": "OntologyClass", "categories": {"SO:0000704": "Gene"}})
    entity = data.entities.to_pylist()[0]
    assert (entity["id"], entity["category"]) == ("HGNC:10001", "Gene")
    assert len(data.statements) == 0
    assert data.tallies[1].merged == 1


XREFS = """format-version: 1.2

[Term]
id: MONDO:0010526
name: Fabry disease
subset: rare
subset: otar
xref: Orphanet:324 {source="MONDO:equivalentTo"}
xref: DOID:14499 {source="MONDO:relatedTo"}
xref: NCIT:C84701
xref: GARD:6400
xref: PMID:1234 "Europe PMC"
xref: https://en.wikipedia.org/wiki/Fabry_disease
xref: Nowhere:217
xref: broken
equivalent_to: OMIM:301500
property_value: skos:broadMatch "ICD10CM:E75.2" xsd:string
property_value: skos:exactMatch "GARD:6400" xsd:string
property_value: seeAlso "x" xsd:string
"""


def test_cross_references_say_what_they_are(source: Write) -> None:
    rare = {"rare": {"signal": "rare_subset", "value": 0.5}}
    data = read(source, XREFS, {"xrefs": {}, "subsets": rare})
    columns = ("object", "predicate", "justification", "line")
    rows = list(zip(*(data.mappings[name].to_pylist() for name in columns), strict=True))
    assert rows == [
        ("OMIM:301500", "exact", "owl:equivalentClass", 16),
        ("ICD10CM:E75.2", "broad", None, 17),
        ("GARD:0006400", "exact", None, 18),
        ("ORPHA:324", "exact", "oboInOwl:hasDbXref", 8),
        ("DOID:14499", "related", "oboInOwl:hasDbXref", 9),
        ("NCIT:C84701", "related", "oboInOwl:hasDbXref", 10),
    ]
    codes = ["reference", "reference", "unknown_prefix", "bad_identifier", "unused_subset"]
    assert data.rejections.codes == codes
    assert data.signals.to_pylist() == [
        {"entity": "MONDO:0010526", "signal": "rare_subset", "value": 0.5, "detail": "subset rare"}
    ]
    xrefs = data.tallies[-2]
    assert (xrefs.unit, xrefs.read, xrefs.loaded, xrefs.merged) == ("xrefs", 8, 3, 1)


def test_a_manifest_decides_what_plain_cross_references_are(source: Write) -> None:
    settings = {"xrefs": {"default": "close", "prefixes": {"NCIT": "exact", "GARD": ""}}}
    data = read(source, XREFS.replace("property_value: skos", "comment: skos"), settings)
    kinds = dict(zip(*(data.mappings[n].to_pylist() for n in ("object", "predicate")), strict=True))
    assert kinds["NCIT:C84701"] == "exact"
    assert "GARD:0006400" not in kinds


def test_stanzas_of_equivalents_are_no_terms(source: Write) -> None:
    text = (
        "format-version: 1.2\n\n[Term]\nid: ADRENAL:GLAND\nequivalent_to: MONDO:0021227\n"
        "\n[Term]\nid: DOID:14499\nequivalent_to: MONDO:0010526\n"
        "\n[Term]\nid: MONDO:0010526\nequivalent_to: Orphanet:324\n"
    )
    data = read(source, text, {"xrefs": {"leads": "MONDO"}})
    assert len(data.entities) == 0
    rows = data.mappings.select(["subject", "object"]).to_pylist()
    assert rows == [
        {"subject": "MONDO:0010526", "object": "DOID:14499"},
        {"subject": "MONDO:0010526", "object": "ORPHA:324"},
    ]
    assert data.rejections.codes == ["unknown_prefix"]
    assert "ADRENAL" in data.rejections.details[0]


def test_two_spellings_of_one_id_are_one_term(source: Write) -> None:
    text = "format-version: 1.2\n\n[Term]\nid: HGNC:1\nname: A\n\n[Term]\nid: hgnc:1\nname: B\n"
    data = read(source, text, {})
    assert data.entities["name"].to_pylist() == ["A"]
    assert data.rejections.codes == ["duplicate_id"]
    assert (data.tallies[0].read, data.tallies[0].rejected) == (2, 1)


@pytest.mark.parametrize(
    ("clause", "code"),
    [
        ("relationship: part_of", "bad_link"),
        ("relationship: part_of UBERON:1 UBERON:2", "bad_link"),
        ("relationship: part_of nowhere", "bad_identifier"),
        ("intersection_of: a b c", "bad_link"),
        ("is_a: nothing here", "bad_identifier"),
        ('is_a: HP:1 HP:2 {source="x"}', "bad_link"),
        ("alt_id: nobody", "bad_identifier"),
    ],
)
def test_a_broken_clause_is_rejected_and_counted(source: Write, clause: str, code: str) -> None:
    data = read(source, f"format-version: 1.2\n\n[Term]\nid: UBERON:9\nname: x\n{clause}\n")
    assert data.rejections.codes == [code]
    assert data.rejections.places[0].endswith("a.obo:6")
    assert len(data.statements) == 0


def test_relations_left_out_by_the_manifest_are_counted(source: Write) -> None:
    data = read(source, HEART, {"predicates": {"BFO:0000050": "", "supplies": "caused_by"}})
    assert data.rejections.codes.count("ignored_relation") == 2
    turned = [row for row in said(data) if row[1] == "causes"]
    assert turned[0][:4] == ("UBERON:0001009", "causes", "UBERON:0000948", True)


def test_markup_and_hard_spaces_are_taken_off(source: Write) -> None:
    text = (
        "format-version: 1.2\n\n[Term]\nid: UBERON:9\nname: a\u00a0b\n"
        "def: \"The <a href='x'>B complex</a>\\, p &lt; 3 &amp; 2 < 4.\" []\n"
        'synonym: "c\u00a0d" EXACT []\n'
    )
    term = read(source, text).entities.to_pylist()[0]
    assert (term["name"], term["synonyms"]) == ("a b", ["c d"])
    assert term["definition"] == "The B complex, p < 3 & 2 < 4."
