"""OBO Graphs JSON: several graphs of one file become one source."""

import json
from typing import Any

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.obographs import load
from tests.sources.conftest import Write

OBO = "http://purl.obolibrary.org/obo/"

CARCINOMA: dict[str, Any] = {
    "graphs": [
        {
            "id": f"{OBO}doid.owl",
            "meta": {"version": f"{OBO}doid/releases/2018-07-05/doid.owl"},
            "nodes": [
                {
                    "id": f"{OBO}DOID_4517",
                    "type": "CLASS",
                    "lbl": "skin\u00a0carcinoma",
                    "meta": {
                        "definition": {"val": "A <b>carcinoma</b> of skin &amp; hair."},
                        "synonyms": [
                            {"pred": "hasExactSynonym", "val": "carcinoma of skin"},
                            {"pred": "hasRelatedSynonym", "val": "skin cancer"},
                        ],
                        "xrefs": [{"val": "MESH:D012878"}, {"val": "UMLS_CUI:C0699893"}],
                        "subsets": [f"{OBO}doid#rare_slim"],
                        "basicPropertyValues": [
                            {"pred": "http://www.geneontology.org/formats/oboInOwl#hasAlternativeId",
                             "val": "DOID:8965"},
                            {"pred": "http://www.w3.org/2004/02/skos/core#exactMatch",
                             "val": "https://omim.org/entry/614740"},
                        ],
                    },
                },
                {"id": f"{OBO}DOID_1", "type": "CLASS", "meta": {"deprecated": True}},
                {
                    "id": f"{OBO}DOID_2",
                    "type": "CLASS",
                    "meta": {
                        "deprecated": True,
                        "basicPropertyValues": [
                            {"pred": f"{OBO}IAO_0100001", "val": f"{OBO}DOID_4517"}
                        ],
                    },
                },
                {"id": f"{OBO}UBERON_0001062", "lbl": "anatomy"},
                {"id": f"{OBO}RO_0001025", "type": "PROPERTY", "lbl": "located in"},
                {"id": f"{OBO}doid#x", "type": "PROPERTY", "lbl": "has odd thing"},
                {"id": "http://example.org/a", "type": "CLASS"},
                "no node",
            ],
            "edges": [
                {"sub": f"{OBO}DOID_4517", "pred": "is_a", "obj": f"{OBO}DOID_305"},
                {"sub": f"{OBO}DOID_4517", "pred": "is_a", "obj": f"{OBO}DOID_305"},
                {"sub": f"{OBO}DOID_4517", "pred": f"{OBO}RO_0001025",
                 "obj": f"{OBO}UBERON_0001062"},
                {"sub": f"{OBO}DOID_4517", "pred": f"{OBO}doid#x", "obj": f"{OBO}UBERON_0001062"},
                {"sub": f"{OBO}RO_0001025", "pred": "subPropertyOf", "obj": f"{OBO}RO_1"},
                {"sub": None, "pred": "is_a", "obj": "x"},
            ],
            "logicalDefinitionAxioms": [
                {
                    "definedClassId": f"{OBO}DOID_4517",
                    "genusIds": [f"{OBO}DOID_305"],
                    "restrictions": [
                        {"propertyId": f"{OBO}RO_0001025", "fillerId": f"{OBO}UBERON_0000014"},
                        None,
                    ],
                }
            ],
        },
        {
            "nodes": [
                {"id": f"{OBO}UBERON_0001062", "type": "CLASS", "lbl": "anatomical entity"},
                {"id": f"{OBO}DOID_305", "type": "CLASS", "lbl": "carcinoma"},
            ]
        },
    ]
}  # fmt: skip


def read(source: Write, found: object) -> SourceData:
    return load((source("a.json", json.dumps(found)),), read_manifest("obographs"))


def test_graphs_are_merged_and_a_node_with_a_type_describes(source: Write) -> None:
    data = read(source, CARCINOMA)
    assert data.version == "2018-07-05"
    skin, anatomy, carcinoma = data.entities.to_pylist()
    assert skin == {
        "id": "DOID:4517",
        "name": "skin carcinoma",
        "category": "Disease",
        "synonyms": ["carcinoma of skin"],
        "lay": [],
        "related_synonyms": ["skin cancer"],
        "alt_ids": ["DOID:8965"],
        "definition": "A carcinoma of skin & hair.",
    }
    assert (anatomy["name"], anatomy["category"]) == ("anatomical entity", "AnatomicalEntity")
    assert carcinoma["id"] == "DOID:305"


def test_edges_and_definitions_are_stated_once(source: Write) -> None:
    rows = read(source, CARCINOMA).statements.to_pylist()
    found = [(row["predicate"], row["object"], row["code"] or "") for row in rows]
    assert found == [
        ("subclass_of", "DOID:305", ""),
        ("located_in", "UBERON:0001062", "RO:0001025 located in"),
        ("related_to", "UBERON:0001062", "x"),
        ("located_in", "UBERON:0000014", "logical definition: RO:0001025 located in"),
    ]


def test_every_record_is_accounted_for(source: Write) -> None:
    data = read(source, CARCINOMA)
    counts = {t.unit: (t.read, t.loaded, t.merged, t.rejected) for t in data.tallies}
    assert counts == {
        "nodes": (10, 3, 2, 5),  # one is described twice, one is replaced by another
        "edges": (6, 3, 1, 2),
        "parts of definitions": (3, 1, 1, 1),
        "matches": (1, 1, 0, 0),
        "xrefs": (2, 2, 0, 0),
    }
    assert data.rejections.codes == [
        *("property", "property", "bad_identifier", "no_id", "property_edge", "bad_link"),
        *("bad_link", "obsolete_term"),
    ]
    assert data.rejections.places[0].endswith("a.json:node 5")
    assert data.replaced == {"DOID:1": (), "DOID:2": ("DOID:4517",)}


def test_mappings_say_what_they_are(source: Write) -> None:
    rows = read(source, CARCINOMA).mappings.to_pylist()
    assert [(row["object"], row["predicate"]) for row in rows] == [
        ("OMIM:614740", "exact"),
        ("MESH:D012878", "related"),
        ("UMLS:C0699893", "related"),
    ]


def test_a_graph_that_stands_alone_is_read(source: Write) -> None:
    assert len(read(source, CARCINOMA["graphs"][1]).entities) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "no JSON"),
        ("[1, 2]", "no OBO Graphs file"),
        ('{"graphs": {}}', "no OBO Graphs file"),
        ('{"graphs": [1]}', "no OBO Graphs file"),
        ("[" * 100_000, "no JSON"),
        ('{"nodes": ', "no JSON"),
    ],
)
def test_what_is_no_obo_graphs_file_is_refused(source: Write, text: str, problem: str) -> None:
    with pytest.raises(SourceError, match=problem):
        load((source("a.json", text),), read_manifest("obographs"))


@pytest.mark.parametrize("odd", [None, 1, [], {}, "x", True])
def test_odd_values_are_passed_over(source: Write, odd: object) -> None:
    keys = ("definition", "synonyms", "xrefs", "subsets", "basicPropertyValues", "deprecated")
    node = {"id": f"{OBO}DOID_1", "type": "CLASS", "lbl": odd, "meta": dict.fromkeys(keys, odd)}
    graph = {
        "nodes": [node, {"id": odd}, {"id": f"{OBO}DOID_3", "meta": odd, "type": odd}],
        "edges": [odd, {"sub": odd, "pred": odd, "obj": odd}],
        "logicalDefinitionAxioms": [
            odd,
            {"definedClassId": f"{OBO}DOID_1", "genusIds": odd, "restrictions": [odd]},
        ],
        "meta": odd,
    }
    data = read(source, {"graphs": [odd, graph]})
    assert len(data.entities) == (1 if odd is True else 2)
