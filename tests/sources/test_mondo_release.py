"""A release of Mondo: small tables by hand, and the real ones row for row."""

from collections import Counter
from pathlib import Path

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import mondo_release as release
from kgsynth.sources import mondo_tables
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.files import read_manifest
from kgsynth.sources.mondo_grain import Ancestors, Grain
from kgsynth.sources.places import Finder

# Neurofibromatosis type 1 (HGNC:7765 is NF1) and its familial spinal form.
EDGES = """urn:1\tMONDO:0008078\tbiolink:subclass_of\tMONDO:0018975\trdfs:subClassOf\tx.json
urn:2\tMONDO:0018975\tbiolink:related_to\thttp://identifiers.org/hgnc/7765\tRO:0004003\tx.json
"""
LABELS = """MONDO:0018975\t"neurofibromatosis\u00a0type 1"\t1\t0\t0\t0\t0\t0
MONDO:0008078\t"neurofibromatosis, familial ""spinal"" form"\t1\t0\t0\t0\t0\t0
MONDO:0005070\t"neoplasm"\t1\t0\t0\t0\t0\t0
MONDO:0000002\t"obsolete something"\t1\t0\t0\t0\t0\t0
MONDO:1015379\t"healed fracture, non-human animal"\t0\t1\t0\t0\t0\t0
http://identifiers.org/hgnc/7765\t"NF1"\t0\t0\t0\t0\t0\t0
GO:0006505\t"GPI anchor metabolic process"\t0\t0\t0\t0\t0\t0
"""
SUBSETS = """MONDO:0018975\trare\tdiseases
MONDO:0018975\tomim\tdiseases
MONDO:0008078\tomim\tdiseases
MONDO:0005070\tdisease_grouping\tdiseases
"""
XREFS = 'MONDO:0018975\t"Orphanet:636"\nMONDO:0018975\t"SCTID:92824003"\nMONDO:0018975\t"XYZ:1"\n'
TAGS = """<owl:Class rdf:about="http://purl.obolibrary.org/obo/MONDO_0008078">
<mondo:should_conform_to rdf:resource="http://x/mondo/patterns/OMIM_phenotypic_series.yaml"/>
"""


def head(columns: tuple[str, ...]) -> str:
    return "\t".join(columns) + "\n"


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, str]:
    return {
        "edges": head(mondo_tables.EDGES) + EDGES,
        "labels": head(mondo_tables.LABELS) + LABELS,
        "subsets": head(mondo_tables.SUBSETS) + SUBSETS,
        "xrefs": head(mondo_tables.XREFS) + XREFS,
        "tags": TAGS,
        "synonyms": head(mondo_tables.SYNONYMS)
        + "MONDO:0018975\tx\tVon Recklinghausen\u00a0disease|\n",
    }


def read(folder: Path, parts: dict[str, str]) -> SourceData:
    files = []
    for role, text in parts.items():
        file = folder / f"{role}.txt"
        file.write_text(text, encoding="utf-8")
        files.append(SourceFile(file, role=role))
    return release.load(tuple(files), read_manifest("mondo-release"))


def test_classes_and_genes_are_named(tmp_path: Path, parts: dict[str, str]) -> None:
    data = read(tmp_path, parts)
    rows = data.entities.select(["id", "name", "category", "synonyms"]).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        ("MONDO:0018975", "neurofibromatosis type 1", "Disease", ["Von Recklinghausen disease"]),
        ("MONDO:0008078", 'neurofibromatosis, familial "spinal" form', "Disease", []),
        ("MONDO:0005070", "neoplasm", "Disease", []),
        ("HGNC:7765", "NF1", "Gene", []),
    ]


def test_what_a_gene_link_means_stands_in_its_relation(
    tmp_path: Path, parts: dict[str, str]
) -> None:
    data = read(tmp_path, parts)
    names = ("subject", "predicate", "object", "code", "line")
    assert [tuple(row[name] for name in names) for row in data.statements.to_pylist()] == [
        ("MONDO:0008078", "subclass_of", "MONDO:0018975", "rdfs:subClassOf", 2),
        ("HGNC:7765", "causes", "MONDO:0018975", "RO:0004003", 3),
        ("HGNC:7765", "gene_associated_with_condition", "MONDO:0018975", "RO:0004003", 3),
    ]


def test_what_is_left_out_is_named(tmp_path: Path, parts: dict[str, str]) -> None:
    data = read(tmp_path, parts)
    places = [place.rpartition("/")[2] for place in data.rejections.places]
    assert list(zip(places, data.rejections.codes, strict=True)) == [
        ("labels.txt:5", "obsolete_term"),
        ("labels.txt:6", "other_species"),
        ("labels.txt:8", "imported_term"),
        ("xrefs.txt:4", "unknown_prefix"),
    ]


def test_what_characterizes_diseases_is_none_and_animals_are_no_patients(
    tmp_path: Path, parts: dict[str, str]
) -> None:
    parts["labels"] += 'MONDO:0700063\t"complete"\t1\t0\t0\t0\t0\t0\n'
    parts["labels"] += (
        'MONDO:0024497\t"tumor grade 3 or 4, general grading system"\t1\t0\t0\t0\t0\t0\n'
    )
    parts["labels"] += 'MONDO:0025510\t"pythiosis, non-human animal"\t1\t0\t0\t0\t0\t0\n'
    data = read(tmp_path, parts)
    rows = data.entities.select(["id", "category"]).to_pylist()
    assert [row["category"] for row in rows if row["id"] in ("MONDO:0700063", "MONDO:0024497")] == [
        "ClinicalAttribute",
        "ClinicalAttribute",
    ]
    assert "MONDO:0024497" not in data.flags["entity"].to_pylist()  # no tumor is a grade of one
    assert "MONDO:0025510" not in [row["id"] for row in rows]
    assert data.rejections.codes.count("other_species") == 2


def test_cross_references_are_related_mappings(tmp_path: Path, parts: dict[str, str]) -> None:
    found = read(tmp_path, parts).mappings.to_pylist()
    assert [(row["object"], row["predicate"], row["line"]) for row in found] == [
        ("ORPHA:636", "related", 2),
        ("SNOMEDCT:92824003", "related", 3),
    ]


def test_flags_come_from_subsets_tags_and_labels(tmp_path: Path, parts: dict[str, str]) -> None:
    data = read(tmp_path, parts)
    assert [tuple(row.values()) for row in data.flags.to_pylist()] == [
        ("MONDO:0008078", "series"),
        ("MONDO:0005070", "group"),
        ("MONDO:0005070", "neoplasm"),
        ("MONDO:0000002", "obsolete"),
    ]
    assert data.signals["entity"].to_pylist() == ["MONDO:0018975"]


@pytest.mark.parametrize("role", ["edges", "labels", "subsets"])
def test_a_release_without_a_needed_file_is_refused(
    tmp_path: Path, parts: dict[str, str], role: str
) -> None:
    del parts[role]
    with pytest.raises(SourceError, match=f"no file of the role '{role}'"):
        read(tmp_path, parts)


@pytest.mark.parametrize("role", ["tags", "edges", "labels", "xrefs"])
def test_a_file_of_another_kind_is_refused(
    tmp_path: Path, parts: dict[str, str], role: str
) -> None:
    parts[role] = "id,name\n1,2\n"
    with pytest.raises(SourceError, match=rf"{role}\.txt"):
        read(tmp_path, parts)


def test_an_unknown_relation_is_rejected(tmp_path: Path, parts: dict[str, str]) -> None:
    parts["edges"] += EDGES.splitlines()[0].replace("rdfs:subClassOf", "RO:9") + "\n"
    assert "unknown_relation" in read(tmp_path, parts).rejections.codes


def test_a_circle_of_classes_does_no_harm() -> None:
    above = Ancestors({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["b"]})
    assert above("a") == {"a", "b", "c"}
    assert above("d") == {"a", "b", "c"}


def test_two_members_with_records_make_a_class_a_possible_group() -> None:
    # Cystic fibrosis has one such class below it, retinitis pigmentosa ninety.
    parents = {"rp1": {"rp"}, "rp2": {"rp"}, "one": {"cf"}, "stage": {"rp1"}}
    labels = {name: name for name in ("rp", "rp1", "rp2", "cf", "one", "stage")}
    omim = {"rp", "rp1", "rp2", "cf", "one"}
    grain = Grain(labels, parents, {}, set(), set(), omim, omim)
    assert {name: grain.reasons(name) for name in labels} == {
        "rp": ["members"],
        "rp1": [],
        "rp2": [],
        "cf": [],
        "one": [],
        "stage": [],
    }


def test_every_row_of_the_real_files_is_accounted_for(shared_data: Path) -> None:
    manifest = read_manifest("mondo-release")
    found = Finder(shared_data).find(manifest)
    assert not found.missing
    data = release.load(found.files, manifest)
    read_rows = {tally.unit: tally.read for tally in data.tallies}
    assert read_rows == {
        "classes": 63_169,
        "subset members": 116_704,
        "links": 29_913,
        "lists of synonyms": 16_610,
        "nodes": 18_966,
        "cross-references": 137_093,
        "tagged classes": 4_598,
    }
    assert len(data.rejections) == sum(tally.rejected for tally in data.tallies)
    predicates = Counter(data.statements["predicate"].to_pylist())
    assert predicates == {
        "subclass_of": 28_842,
        "causes": 1_071,
        "gene_associated_with_condition": 1_071,
    }
    names = data.entities["name"].to_pylist()
    assert not [name for name in names if name and ("\u00a0" in name or name.startswith('"'))]
