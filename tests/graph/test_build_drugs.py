"""Drugs in the graph: disputed treatments are contested, and only findings weigh findings."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from kgsynth.graph.build import Graph, Loaded, build
from kgsynth.graph.views.kgx import edge_records
from kgsynth.sources import drugcentral, drugmechdb, hpoa, indications, maxo, obo
from kgsynth.sources.files import read_manifest
from kgsynth.sources.source_file import SourceFile
from tests.sources.conftest import Write
from tests.sources.test_drug_tables import ACTIONS
from tests.sources.test_drugmechdb import PATHS
from tests.sources.test_hpoa import GOOD, HEAD, NAMES
from tests.sources.test_obo import HEAD as OBO_HEAD
from tests.sources.test_obo import SEIZURE

INDICATIONS = "\t".join(indications.COLUMNS) + "\n" + (
    "MESH:D015464\tDB00619\tCML (ph+)\tImatinib\tNOT\t2\t1\n"
    "MESH:D015464\tDB01254\tCML (ph+)\tDasatinib\tDM\t2\t1\n"
)  # fmt: skip
DRUGS = "\t".join(drugcentral.COLUMNS) + "\n1423\timatinib\ta kinase inhibitor\t\t\t\t\n"


@pytest.fixture
def source(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> SourceFile:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return SourceFile(tmp_path / name)

    return write


@pytest.fixture
def graph(source: Write) -> Graph:
    said = {
        "hpo": (obo.load, OBO_HEAD + SEIZURE),
        "hpoa": (hpoa.load, HEAD + NAMES + GOOD),
        "drugcentral": (drugcentral.load, DRUGS),
        "indications": (indications.load, INDICATIONS),
        "drugmechdb": (drugmechdb.load, PATHS),
    }
    loaded = {}
    for name, (load, text) in said.items():
        manifest = read_manifest(name)
        loaded[name] = Loaded(manifest, load((source(name, text),), manifest), (name,))
    return build(loaded)


def edges(graph: Graph, predicate: str) -> dict[tuple[str, str, bool], dict[str, Any]]:
    rows = graph.edges.filter(pa.compute.equal(graph.edges["predicate"], predicate)).to_pylist()
    return {(row["subject"], row["object"], row["negated"]): row for row in rows}


def test_a_drug_of_three_authorities_is_one_entity(graph: Graph) -> None:
    rows = {row["id"]: row for row in graph.nodes.to_pylist()}
    imatinib = rows["MESH:D000068877"]
    assert sorted(imatinib["equivalent_ids"]) == ["DrugBank:DB00619", "DrugCentral:1423"]
    assert imatinib["definition"] == "a kinase inhibitor"


def test_a_treatment_asserted_and_denied_is_contested_and_keeps_all_evidence(graph: Graph) -> None:
    treats = edges(graph, "treats")
    yes = treats["MESH:D000068877", "MESH:D015464", False]
    no = treats["MESH:D000068877", "MESH:D015464", True]
    assert yes["contested"]
    assert no["contested"]
    assert {one["source"] for one in yes["evidence"]} == {"drugmechdb"}
    assert len(yes["evidence"]) == 2  # two paths
    assert {one["source"] for one in no["evidence"]} == {"indications"}
    assert not treats["DrugBank:DB01254", "MESH:D015464", False]["contested"]


def test_what_is_no_finding_does_not_weigh_findings(graph: Graph) -> None:
    assert edges(graph, "located_in")  # of a disease that has no finding
    diseases = {subject for subject, _, _ in edges(graph, "has_phenotype")}
    assert graph.counts["annotated_diseases"] == len(diseases)


def test_what_only_a_machine_proposed_is_contested_and_no_question_rests_on_it(
    source: Write,
) -> None:
    # Celiac disease: a diet that a machine proposed; Bardet-Biedl syndrome 1: one of a curator.
    head, first, second, _ = ACTIONS.splitlines(keepends=True)
    second = second.replace("lack of observed response", "treats")
    every, machine = source("m.tsv", head + first + second), source("a.tsv", head + second)
    files = SourceFile(every.file, role="annotations"), SourceFile(machine.file, role="machine")
    manifest = read_manifest("maxo-annotations")
    hpo = read_manifest("hpo")
    graph = build(
        {
            "hpo": Loaded(hpo, obo.load((source("hp.obo", OBO_HEAD + SEIZURE),), hpo), ("hp.obo",)),
            "maxo-annotations": Loaded(manifest, maxo.load(files, manifest), ("m.tsv", "a.tsv")),
        }
    )
    marks = {key[1]: row["contested"] for key, row in edges(graph, "treats").items()}
    assert marks == {"MONDO:0005130": True, "MONDO:0008854": False}
    assert "machine" in graph.settings["contested"]
    records = edge_records(graph.edges)
    made = {
        (row["has_evidence"][0], row["knowledge_level"], row["agent_type"])
        for row in records.to_pylist()
        if row["predicate"] == "biolink:treats"
    }
    assert made == {
        ("PCS automaxo", "not_provided", "text_mining_agent"),
        ("TAS", "knowledge_assertion", "manual_agent"),
    }
