"""Graphs in KGX: the real test files of KGX itself, and what real graphs do beside the format."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.biolink_classes import most_specific
from kgsynth.sources.files import read_manifest
from kgsynth.sources.kgx import load
from tests.sources.real_files import FOLDER

Read = Callable[..., SourceData]

NODES = (
    "id\tcategory\tname\n"
    "MONDO:1\tbiolink:Disease\tone\n"
    "HP:0000002\tbiolink:PhenotypicFeature\ttwo\n"
)
EDGES = "subject\tpredicate\tobject\tnegated\nMONDO:1\tbiolink:has_phenotype\tHP:0000002\t\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes files and reads them as one graph."""

    def load_texts(*texts: str) -> SourceData:
        files = []
        for number, text in enumerate(texts):
            file = tmp_path / f"part{number}"
            file.write_text(text, encoding="utf-8", newline="")
            files.append(SourceFile(file))
        return load(tuple(files), read_manifest("kgx"))

    return load_texts


def real(*names: str) -> SourceData:
    files = [FOLDER / "kgx" / name for name in names]
    if not all(file.is_file() for file in files):
        pytest.skip(f"the folder of real data has no {names[0]}")
    return load(tuple(SourceFile(file) for file in files), read_manifest("kgx"))


def counts(data: SourceData) -> dict[str, tuple[int, int, int, int]]:
    return {one.unit: (one.read, one.loaded, one.merged, one.rejected) for one in data.tallies}


def said(data: SourceData) -> list[tuple[Any, ...]]:
    names = ("subject", "predicate", "object", "negated")
    return [tuple(row[name] for name in names) for row in data.statements.to_pylist()]


# ---- real files ------------------------------------------------------------------------------


def test_short_rows_are_filled_up_and_repeated_ones_merged() -> None:
    data = real("graph_nodes.tsv.gz", "graph_edges.tsv.gz")
    assert counts(data) == {"nodes": (534, 512, 22, 0), "edges": (539, 531, 8, 0)}
    assert data.rejections.codes == []
    named = {row["id"]: row["name"] for row in data.entities.to_pylist()}
    assert named["GO:0005576"] == "extracellular region"  # 3 of 4 cells


def test_who_says_it_first_stands_in_the_evidence() -> None:
    data = real("graph_nodes.tsv.gz", "graph_edges.tsv.gz")
    first = data.statements.to_pylist()[0]
    assert data.credits[first["credit"]].source == "string|biogrid"


def test_without_a_node_file_nodes_are_made_of_ids() -> None:
    data = real("monarch-tiny_edges.tsv.gz")
    assert counts(data) == {"edges": (500, 450, 50, 0), "nodes made of ids": (315, 315, 0, 0)}
    kinds = Counter(row["category"] for row in data.entities.to_pylist())
    assert set(kinds) == {"Gene", "PhenotypicFeature"}
    assert data.credits[0].source == "pombase"
    assert data.statements["reference"][0].as_py() == "PMID:12565827"
    # A gene has no phenotype here: that is said of diseases.
    assert set(data.statements["predicate"].to_pylist()) == {"associated_with"}


def test_json_lines_and_a_whole_document_say_the_same() -> None:
    lines, document = real("valid_nodes.jsonl.gz", "valid_edges.jsonl.gz"), real("valid.json.gz")
    assert counts(document) == {"nodes": (15, 7, 8, 0), "edges": (5, 5, 0, 0)}
    assert sorted(said(lines)) == sorted(said(document))
    assert sorted(lines.entities["id"].to_pylist()) == sorted(document.entities["id"].to_pylist())
    (match,) = document.mappings.to_pylist()
    assert match["subject"].endswith(":10429502")
    assert match["object"].endswith(":CHEMBL1940557")
    assert "16|A-Methyl Prednisolone" in document.entities["name"].to_pylist()


def test_columns_of_other_vocabularies_are_left_alone() -> None:
    data = real("chebi_kgx_tsv_nodes.tsv.gz", "chebi_kgx_tsv_edges.tsv.gz")
    assert counts(data) == {"nodes": (9, 9, 0, 0), "edges": (9, 9, 0, 0)}
    first = data.entities.to_pylist()[0]
    assert first["synonyms"][1] == "GGTI 2133 free base"
    assert first["definition"].startswith("An N-acyl-L-amino acid")


# ---- the format ------------------------------------------------------------------------------


def test_an_inverse_predicate_turns_its_ends(read: Read) -> None:
    data = read(NODES, EDGES.replace("has_phenotype", "superclass_of"))
    assert said(data) == [("HP:0000002", "subclass_of", "MONDO:1", False)]


@pytest.mark.parametrize("text", ["True", "true", "1"])
def test_a_denial_is_one_however_it_is_spelled(read: Read, text: str) -> None:
    data = read(NODES, EDGES.replace("\t\n", f"\t{text}\n"))
    assert [row[-1] for row in said(data)] == [True]


def test_a_finding_that_no_patient_has_is_denied(read: Read) -> None:
    edges = EDGES.replace("negated", "frequency_qualifier").replace("\t\n", "\t0/7\n")
    row = read(NODES, edges).statements.to_pylist()[0]
    assert (row["negated"], row["affected"], row["examined"]) == (True, 0, 7)


def test_a_frequency_in_other_words_keeps_its_number(read: Read) -> None:
    edges = (
        "subject\tpredicate\tobject\tfrequency_qualifier\thas_percentage\n"
        "MONDO:1\tbiolink:has_phenotype\tHP:0000002\toften\t40\n"
    )
    row = read(NODES, edges).statements.to_pylist()[0]
    assert row["frequency"] == "often"
    assert row["share_low"] == pytest.approx(0.4)


def test_edges_that_are_mappings_become_mappings(read: Read) -> None:
    edges = EDGES + "MONDO:1\tbiolink:close_match\tOMIM:3\t\nMONDO:1\tskos:exactMatch\tOMIM:4\t\n"
    found = read(NODES, edges).mappings.to_pylist()
    assert [(row["object"], row["predicate"]) for row in found] == [
        ("OMIM:3", "close"),
        ("OMIM:4", "exact"),
    ]


def test_wrong_records_are_rejected_with_their_line(read: Read) -> None:
    edges = EDGES + (
        "MONDO:1\tbiolink:has_phenotype\tno id\t\n"
        "MONDO:1\tbiolink:has_phenotype\t\t\n"
        "MONDO:1\tbiolink:has_phenotype\tHP:0000002\tperhaps\n"
        "MONDO:1\tbiolink:has_phenotype\tHP:0000002\t\tmore\n"
        "\n"
        "MONDO:1\n"
    )
    data = read(NODES, edges)
    found = sorted(
        (int(place.rpartition(":")[2]), code)
        for place, code in zip(data.rejections.places, data.rejections.codes, strict=True)
    )
    assert found == [
        (3, "bad_identifier"),
        (4, "missing_value"),
        (5, "unknown_negation"),
        (6, "column_count"),
        (8, "column_count"),
    ]
    assert counts(data)["edges"] == (6, 1, 0, 5)


def test_lines_that_are_no_json_are_rejected(read: Read) -> None:
    node = json.dumps({"id": "MONDO:1", "category": ["biolink:Disease"], "name": "one"})
    data = read(f"{node}\n{{oops\n[1]\n\n{node}\n")
    assert counts(data)["nodes"] == (4, 1, 1, 2)
    assert data.rejections.codes == ["bad_json", "bad_json"]


def test_a_document_on_one_line_is_read(read: Read) -> None:
    nodes = [{"id": f"MONDO:{n}", "category": "biolink:Disease"} for n in range(3)]
    edges = [{"subject": "MONDO:0", "predicate": "biolink:subclass_of", "object": "MONDO:1"}]
    data = read(json.dumps({"meta": {"a": [1, "]"]}, "nodes": nodes, "edges": edges}))
    assert counts(data) == {"nodes": (3, 3, 0, 0), "edges": (1, 1, 0, 0)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"nodes": [{"id": "MONDO:1"}', "not JSON"),
        ('{"other": []}', "none of the lists"),
        ('{"nodes" []}', "expected ':'"),
        ('{\n"nodes": [' + '{"a":' * 5000, "not JSON"),
        ("name\tage\nx\t3\n", "not KGX"),
        ("id\tid\tcategory\nx\ty\tz\n", "two columns are called 'id'"),
        ("id\tcategory\n", "no record"),
        ("<html>\n", "web page"),
        ("", "empty"),
    ],
)
def test_what_is_no_kgx_is_refused_in_one_line(read: Read, text: str, words: str) -> None:
    with pytest.raises(SourceError, match=words) as error:
        read(text)
    assert "\n" not in str(error.value)


def test_a_stray_file_among_several_is_named(read: Read) -> None:
    data = read(NODES, EDGES, "what\tis this\n1\t2\n")
    assert data.rejections.codes == ["not_kgx"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            ["biolink:NamedThing", "biolink:Disease", "biolink:DiseaseOrPhenotypicFeature"],
            "Disease",
        ),
        (["biolink:Drug", "biolink:ChemicalEntity"], "Drug"),
        (["biolink:OntologyClass"], "OntologyClass"),
        (["biolink:Widget"], "Widget"),
        (["biolink:phenotypic_feature"], "PhenotypicFeature"),
    ],
)
def test_the_narrowest_category_counts(given: list[str], expected: str) -> None:
    assert most_specific(given) == expected
