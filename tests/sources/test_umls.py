"""The Metathesaurus: rows of a few concepts, laid out as the reference manual has them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.files import read_manifest
from kgsynth.sources.umls import load


def row(*cells: str, width: int) -> str:
    return "|".join([*cells, *[""] * (width - len(cells))]) + "|\n"


def atom(
    cui: str, text: str, sab: str, tty: str, code: str, ts: str = "P", *, suppress: str = "N",
    lat: str = "ENG",
) -> str:  # fmt: skip
    return row(
        cui, lat, ts, "L1", "PF", "S1", "Y", "A1", "", "", "", sab, tty, code, text, "0", suppress,
        width=18,
    )  # fmt: skip


def relation(
    cui1: str, rel: str, cui2: str, rela: str = "", sab: str = "SNOMEDCT_US", suppress: str = "N"
) -> str:
    return row(
        cui1, "A1", "AUI", rel, cui2, "A2", "AUI", rela, "R1", "", sab, sab, "", "", suppress,
        width=16,
    )  # fmt: skip


FABRY, PAIN, STORAGE, DRUG = "C0002986", "C0030193", "C0085078", "C1170181"
CONCEPTS = (
    atom(FABRY, "Fabry's disease", "SNOMEDCT_US", "SY", "16652001", "S")
    + atom(FABRY, "Fabry Disease", "MSH", "MH", "D000795")
    + atom(FABRY, "FABRY DISEASE", "OMIM", "PT", "301500")
    + atom(FABRY, "FD", "OMIM", "ACR", "301500", "S")
    + atom(FABRY, "Morbus Fabry", "MSHGER", "MH", "D000795", lat="GER")
    + atom(FABRY, "Fabry's disease (old)", "SNOMEDCT_US", "OAP", "1", suppress="O")
    + atom(PAIN, "Pain", "MSH", "MH", "D010146")
    + atom(PAIN, "Pain", "SNOMEDCT_US", "PT", "22253000")
    + atom(STORAGE, "Lysosomal Storage Diseases", "MSH", "MH", "D016464")
    + atom(STORAGE, "Lysosomal storage", "MSH", "ET", "D000001")
    + atom(DRUG, "agalsidase beta", "HPO", "PT", "HP:0000001")
)
TYPES = (
    row(FABRY, "T047", "B2.2.1.2.1", "Disease or Syndrome", "AT1", "256", width=6)
    + row(PAIN, "T184", "A2.2.2", "Sign or Symptom", "AT2", "256", width=6)
    + row(STORAGE, "T047", "B2.2.1.2.1", "Disease or Syndrome", "AT3", "256", width=6)
    + row(DRUG, "T116", "A1.4.1.2.1.7", "Amino Acid, Peptide, or Protein", "AT4", "", width=6)
    + row(DRUG, "T121", "A1.4.1.1.1", "Pharmacologic Substance", "AT5", "", width=6)
)
RELATIONS = (
    relation(STORAGE, "CHD", FABRY, "isa")  # Fabry is a storage disease
    + relation(FABRY, "PAR", STORAGE, "inverse_isa")  # the same, the other way round
    + relation(STORAGE, "CHD", FABRY, sab="MSH")
    + relation(FABRY, "RO", DRUG, "may_treat")  # the drug may treat Fabry
    + relation(DRUG, "RO", FABRY, "may_be_treated_by")
    + relation(PAIN, "RO", FABRY, "has_manifestation", "OMIM")  # Fabry has manifestation pain
    + relation(FABRY, "SY", FABRY)
    + relation(FABRY, "RQ", PAIN)
    + relation(FABRY, "PAR", STORAGE, "inverse_isa", suppress="O")
    + relation(FABRY, "PAR", FABRY, "inverse_isa")
)
ATTRIBUTES = "".join(
    row(FABRY, "L1", "S1", "A1", "AUI", "C8", "AT9", "", name, "NCI", value, "N", width=13)
    for name, value in (("OMIM_Number", "301500"), ("DATE", "1999"))
)

Read = Callable[..., SourceData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes the files given by role and reads them."""

    def load_texts(settings: dict[str, Any] | None = None, **texts: str) -> SourceData:
        from dataclasses import replace

        files = []
        for role, text in texts.items():
            file = tmp_path / f"{role}.RRF"
            file.write_text(text, encoding="utf-8")
            files.append(SourceFile(file, role=role))
        manifest = read_manifest("umls")
        return load(
            tuple(files), replace(manifest, settings={**manifest.settings, **(settings or {})})
        )

    return load_texts


def tally(data: SourceData, unit: str) -> tuple[int, int, int, int]:
    one = next(one for one in data.tallies if one.unit == unit)
    return one.read, one.loaded, one.merged, one.rejected


def test_a_concept_gets_the_best_name_and_the_others_as_synonyms(read: Read) -> None:
    data = read(concepts=CONCEPTS, types=TYPES)
    fabry = next(e for e in data.entities.to_pylist() if e["id"] == f"UMLS:{FABRY}")
    assert fabry["name"] == "FABRY DISEASE"  # OMIM's preferred term stands before MeSH's heading
    assert fabry["synonyms"] == ["Fabry Disease", "Fabry's disease"]
    assert fabry["related_synonyms"] == ["FD"]


def test_semantic_types_give_the_category(read: Read) -> None:
    data = read(concepts=CONCEPTS, types=TYPES)
    found = {e["id"].removeprefix("UMLS:"): e["category"] for e in data.entities.to_pylist()}
    expected = {FABRY: "Disease", PAIN: "PhenotypicFeature", STORAGE: "Disease", DRUG: "Drug"}
    assert found == expected


def test_every_atom_is_accounted_for(read: Read) -> None:
    data = read(concepts=CONCEPTS)
    assert tally(data, "atoms") == (11, 8, 1, 2)
    assert {*zip(data.rejections.codes, data.rejections.details, strict=True)} == {
        (
            "not_chosen",
            "in other languages than the manifest names: 1 rows, the first of them here",
        ),
        (
            "suppressed",
            "obsolete or suppressed by the Metathesaurus: 1 rows, the first of them here",
        ),
    }
    assert [place.rpartition(":")[2] for place in data.rejections.places] == ["5", "6"]


def test_relations_are_read_from_the_second_concept_to_the_first(read: Read) -> None:
    data = read(concepts=CONCEPTS, relations=RELATIONS)
    said = {
        (s["subject"][5:], s["predicate"], s["object"][5:], data.credits[s["credit"]].source)
        for s in data.statements.to_pylist()
    }
    assert said == {
        (FABRY, "subclass_of", STORAGE, "SNOMEDCT_US"),
        (FABRY, "subclass_of", STORAGE, "MSH"),
        (DRUG, "treats", FABRY, "SNOMEDCT_US"),
        (FABRY, "has_phenotype", PAIN, "OMIM"),
    }


def test_both_directions_of_a_relation_are_one_statement(read: Read) -> None:
    data = read(concepts=CONCEPTS, relations=RELATIONS)
    assert tally(data, "relations") == (10, 4, 2, 4)
    assert sorted(data.rejections.codes)[-4:] == [
        "suppressed",
        "suppressed",
        "unmapped_relation",
        "unmapped_relation",
    ]
    assert data.statements["line"].to_pylist() == [1, 3, 4, 6]


def test_only_one_to_one_codes_are_exact(read: Read) -> None:
    data = read(concepts=CONCEPTS)
    found = {(m["subject"][5:], m["object"]): m["predicate"] for m in data.mappings.to_pylist()}
    assert found[FABRY, "OMIM:301500"] == "exact"
    assert found[FABRY, "MESH:D000795"] == "exact"
    assert found[STORAGE, "MESH:D016464"] == "related"  # the concept has two codes of MeSH
    assert found[DRUG, "HP:0000001"] == "exact"  # the code keeps its prefix


def test_attributes_name_other_ids_that_are_never_merged(read: Read) -> None:
    data = read(concepts=CONCEPTS, attributes=ATTRIBUTES)
    last = data.mappings.to_pylist()[-1]
    assert (last["object"], last["predicate"]) == ("OMIM:301500", "close")
    assert tally(data, "attributes") == (2, 1, 0, 1)


def test_the_manifest_chooses_vocabularies_and_languages(read: Read) -> None:
    chosen = {"vocabularies": ["MSH", "MSHGER"], "languages": ["ENG", "GER"]}
    data = read(chosen, concepts=CONCEPTS)
    assert tally(data, "atoms") == (11, 5, 0, 6)
    assert "UMLS:C1170181" not in data.entities["id"].to_pylist()


def test_a_table_of_another_layout_is_refused(read: Read) -> None:
    with pytest.raises(SourceError, match="18 cells that each end with a bar"):
        read(concepts="id\tname\nC1\tFabry\n")


def test_without_concepts_nothing_is_read(read: Read) -> None:
    with pytest.raises(SourceError, match=r"MRCONSO\.RRF is missing"):
        read(types=TYPES)
