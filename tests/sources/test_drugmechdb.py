"""DrugMechDB: every link once a path, direction kept, names and labels of one id put in order."""

from collections import Counter
from pathlib import Path

import pytest

from kgsynth.biolink import PREDICATES, active
from kgsynth.sources.base import SourceData
from kgsynth.sources.drugmechdb import load
from kgsynth.sources.files import read_manifest
from kgsynth.sources.source_file import SourceFile
from tests.sources.conftest import Write
from tests.sources.real_files import assert_pinned, real_files

# Imatinib and chronic myeloid leukemia, as the database has it; the second path is made up.
PATHS = """---
# DB00619_MESH_D015464_1.yaml
directed: true
graph:
  _id: DB00619_MESH_D015464_1
  disease: CML (ph+)
  disease_mesh: MESH:D015464
  drug: imatinib
  drug_mesh: MESH:D000068877
  drugbank: DB:DB00619
links:
  - key: decreases activity of
    source: MESH:D000068877
    target: UniProt:P00519
  - key: causes
    source: UniProt:P00519
    target: MESH:D015464
  - key: causes
    source: UniProt:P00519
    target: MESH:D015464
  - key: location of
    source: UBERON:0002371
    target: MESH:D015464
multigraph: true
nodes:
  - id: MESH:D000068877
    label: Drug
    name: Imatinib
  - id: UniProt:P00519
    label: Protein
    name: BCR/ABL
  - id: UBERON:0002371
    label: GrossAnatomicalStructure
    name: "bone\u00a0marrow"
  - id: MESH:D015464
    label: Disease
    name: CML (ph+)
    alt_names: [chronic myelogenous leukemia]
    alt_ids: [MESH:D015466]
references:
  - https://go.drugbank.com/drugs/DB00619
---
directed: true
graph:
  _id: DB00619_MESH_D015464_2
  disease_mesh: MESH:D015464
  drug_mesh: MESH:D000068877,MESH:C097613
  drugbank: DB:DB00619
links:
  - key: treats
    source: GO:0006915
    target: MESH:D015464
  - key: positively correlated with
    source: MESH:D015464
    target: GO:0006915
nodes:
  - id: MESH:D000068877
    label: ChemicalSubstance
    name: imatinib
  - id: GO:0006915
    label: BiologicalProcess
    name: apoptosis
  - id: MESH:D015464
    label: Disease
    name: CML
"""


def read(source: Write, text: str) -> SourceData:
    return load((source("paths.yaml", text),), read_manifest("drugmechdb"))


def stated(data: SourceData) -> list[tuple[str, str, str]]:
    columns = data.statements.select(["subject", "predicate", "object"]).to_pylist()
    return [tuple(row.values()) for row in columns]


def tally(data: SourceData, unit: str) -> tuple[int, int, int, int]:
    one = next(each for each in data.tallies if each.unit == unit)
    return one.read, one.loaded, one.merged, one.rejected


def test_a_path_becomes_its_links_and_an_indication(source: Write) -> None:
    data = read(source, PATHS)
    assert stated(data) == [
        ("MESH:D000068877", "decreases_activity_of", "UniProtKB:P00519"),
        ("UniProtKB:P00519", "causes", "MESH:D015464"),
        ("MESH:D015464", "located_in", "UBERON:0002371"),  # a passive name is turned round
        ("GO:0006915", "ameliorates_condition", "MESH:D015464"),  # no process treats
        ("MESH:D015464", "positively_correlated_with", "GO:0006915"),
        ("MESH:D000068877", "treats", "MESH:D015464"),
        ("MESH:D000068877", "treats", "MESH:D015464"),
    ]
    assert tally(data, "links") == (6, 5, 1, 0)
    assert tally(data, "indications") == (2, 2, 0, 0)


def test_evidence_cites_the_path_and_keeps_the_word_of_the_source(source: Write) -> None:
    rows = read(source, PATHS).statements.select(["reference", "code", "line"]).to_pylist()
    assert [tuple(row.values()) for row in rows[:3]] == [
        ("DrugMechDB:DB00619_MESH_D015464_1", "", 12),
        ("DrugMechDB:DB00619_MESH_D015464_1", "", 15),
        ("DrugMechDB:DB00619_MESH_D015464_1", "location of", 21),
    ]
    assert rows[3]["code"] == "treats"
    assert rows[5]["code"] == "indication"


def test_names_labels_and_ids_of_one_entity_are_put_in_order(source: Write) -> None:
    rows = {row["id"]: row for row in read(source, PATHS).entities.to_pylist()}
    assert {curie: row["category"] for curie, row in rows.items()} == {
        "MESH:D000068877": "Drug",  # a mere substance in the second path
        "UniProtKB:P00519": "Protein",
        "UBERON:0002371": "AnatomicalEntity",
        "MESH:D015464": "Disease",
        "GO:0006915": "BiologicalProcess",
    }
    assert rows["UBERON:0002371"]["name"] == "bone marrow"
    leukemia = rows["MESH:D015464"]
    assert leukemia["name"] == "CML (ph+)"
    assert leukemia["synonyms"] == ["chronic myelogenous leukemia"]
    assert leukemia["related_synonyms"] == ["CML"]


def test_a_name_of_two_ids_is_nobodys_synonym(source: Write) -> None:
    other = PATHS.replace("name: apoptosis", "name: chronic myelogenous leukemia")
    rows = {row["id"]: row for row in read(source, other).entities.to_pylist()}
    assert rows["MESH:D015464"]["synonyms"] == []
    assert "chronic myelogenous leukemia" in rows["MESH:D015464"]["related_synonyms"]


def test_only_a_single_mesh_id_is_the_exact_one(source: Write) -> None:
    rows = read(source, PATHS).mappings.select(["subject", "object", "predicate"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("MESH:D000068877", "DrugBank:DB00619", "exact"),
        ("MESH:D015464", "MESH:D015466", "close"),
        ("MESH:D000068877", "DrugBank:DB00619", "close"),
        ("MESH:C097613", "DrugBank:DB00619", "close"),
    ]  # fmt: skip


def test_a_symmetric_link_keeps_the_direction_in_which_it_came_first(source: Write) -> None:
    turned = """  - key: positively correlated with
    source: GO:0006915
    target: MESH:D015464
"""
    text = PATHS.replace("multigraph: true\n", turned + "multigraph: true\n").replace(
        "  - id: UBERON:0002371\n", "  - id: GO:0006915\n    label: BiologicalProcess\n"
        "    name: apoptosis\n  - id: UBERON:0002371\n",
    )  # fmt: skip
    ends = [one for one in stated(read(source, text)) if one[1] == "positively_correlated_with"]
    assert ends == [("GO:0006915", "positively_correlated_with", "MESH:D015464")] * 2


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("links:\n  - key: treats", "links: {}\nother:\n  - key: treats", "bad_path"),
        ("  _id: DB00619_MESH_D015464_2", "  id: x", "bad_path"),
        ("DB00619_MESH_D015464_2", "DB00619_MESH_D015464_1", "duplicate"),
        ("id: GO:0006915", "id: 6915", "bad_identifier"),
        ("source: GO:0006915", "source: GO:1", "no_such_node"),
        ("key: treats", "other: treats", "unknown_relation"),
        ("  disease_mesh: MESH:D015464\n  drug_mesh", "  drug_mesh", "no_such_node"),
        ("drugbank: DB:DB00619", "drugbank: DB:B0619", "bad_identifier"),
        ("  - key: treats", "  - key: [treats", "bad_yaml"),
        ("  - key: treats", "  - key: " + "[" * 100_000, "bad_yaml"),
        ("  - key: treats", "  - key: " + "- " * 100_000, "bad_yaml"),
        ("name: apoptosis", "name: &a apoptosis\n    more: *a", "bad_yaml"),
        ("name: apoptosis", "name: \x07", "bad_yaml"),
        ("---\ndirected", "---\n- 1\n---\ndirected", "bad_path"),
    ],
)  # fmt: skip
def test_a_broken_path_costs_only_itself(source: Write, old: str, new: str, code: str) -> None:
    assert PATHS.count(old) >= 1
    head, _, tail = PATHS.rpartition(old)
    data = read(source, head + new + tail)
    assert code in data.rejections.codes
    assert ("MESH:D000068877", "decreases_activity_of", "UniProtKB:P00519") in stated(data)
    assert all(str(tally) for tally in data.tallies)


def test_a_list_of_paths_and_a_folder_of_them_read_alike(source: Write, tmp_path: Path) -> None:
    first, second = (part for part in PATHS.split("---\n") if part)
    indented = ["- " + part.strip().replace("\n", "\n  ") + "\n" for part in (first, second)]
    folder = tmp_path / "paths"
    folder.mkdir()
    for name, part in (("a.yaml", first), ("b.yaml", second), ("README.md", "no path")):
        (folder / name).write_text(part, encoding="utf-8")
    whole = read(source, PATHS)
    listed = read(
        source, "".join(indented).replace("- # DB", "# DB", 1).replace("\n  dir", "\n- dir", 1)
    )
    filed = load((SourceFile(folder, role="paths"),), read_manifest("drugmechdb"))
    assert stated(listed) == stated(filed) == stated(whole)
    assert filed.entities.equals(whole.entities)


# ---- the real file -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> SourceData:
    files, manifest = real_files("drugmechdb")
    return load(files, manifest)


def test_the_real_file_is_the_pinned_one() -> None:
    assert_pinned("drugmechdb")


def test_every_path_node_and_link_of_the_real_file_is_accounted_for(real: SourceData) -> None:
    assert tally(real, "paths") == (3220, 3220, 0, 0)
    assert tally(real, "links") == (21102, 21079, 23, 0)
    assert tally(real, "nodes")[0] == 21578
    assert tally(real, "ids with two categories")[0] == 58
    assert set(real.rejections.codes) == {"bad_identifier"}  # five drugs: DB:B02362, DB:DB010473


def test_half_of_the_relations_have_other_names_today(real: SourceData) -> None:
    """All 61 names of the file lead to relations of the table; none of them is passive."""
    assert set(real.statements["predicate"].to_pylist()) <= set(PREDICATES)
    former = {code for code in real.statements["code"].to_pylist() if code} - {"indication"}
    assert {"affects risk for", "molecularly interacts with", "caused by"} <= former
    assert all(not active(name)[1] for name in set(real.statements["predicate"].to_pylist()))


def test_no_byte_order_mark_or_odd_blank_is_left_in_the_real_file(real: SourceData) -> None:
    texts = [*real.entities["id"].to_pylist(), *real.entities["name"].to_pylist()]
    assert not [text for text in texts if "\ufeff" in text or "\xa0" in text]
    assert "REACT:R-HSA-416476" in texts


def test_the_real_file_has_506_diseases_and_1291_drugs(real: SourceData) -> None:
    treated = [
        (row["subject"], row["object"])
        for row in real.statements.to_pylist()
        if row["code"] == "indication"
    ]
    assert len({disease for _, disease in treated}) == 506
    kinds = dict(
        zip(real.entities["id"].to_pylist(), real.entities["category"].to_pylist(), strict=True)
    )
    assert Counter(kinds[drug] for drug, _ in treated) == {"Drug": 3220}
    assert Counter(kinds.get(disease, "HP") for _, disease in treated) == {"Disease": 3220}
