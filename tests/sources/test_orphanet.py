"""The bundled Orphanet tables: types of disorder, prevalence, and what genes do."""

import hashlib
import importlib.util
import lzma
from pathlib import Path
from types import ModuleType
from typing import Any

import pyarrow.compute as pc
import pytest

from kgsynth.errors import SourceError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources import orphanet
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.files import locate, read_file, read_manifest

CHECKOUT = Path(__file__).resolve().parents[2]
DISORDERS = b"id\ttype\tprevalence\tprevalence_type\tgeography\n"
GENES = b"id\tsymbol\thgnc\tassociation\n"


@pytest.fixture(scope="module")
def data() -> SourceData:
    manifest = read_manifest("orphanet")
    files = [locate(place) for place in manifest.files]
    return orphanet.load(tuple(read_file(file) for file in files if file), manifest)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    file = CHECKOUT / "scripts" / "bundle_orphanet.py"
    spec = importlib.util.spec_from_file_location("bundle_orphanet", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(file.parent))
        spec.loader.exec_module(module)
    return module


LINK = b"ORPHA:324\tGLA\tHGNC:4296\tRole in the phenotype of\n"  # GLA, Fabry disease
ROW = b"ORPHA:324\tDisease\t\t\t\n"


def load(disorders: bytes = ROW, genes: bytes = LINK) -> SourceData:
    files = (
        SourceFile(Path("disorders.tsv.gz"), DISORDERS + disorders, ""),
        SourceFile(Path("genes.tsv.gz"), GENES + genes, ""),
    )
    return orphanet.load(files, read_manifest("orphanet"))


def said_of(data: SourceData, gene: str, disorder: str) -> set[tuple[str, str]]:
    return {
        (row["predicate"], row["code"])
        for row in data.statements.to_pylist()
        if (row["subject"], row["object"]) == (gene, disorder)
    }


def test_a_germline_cause_is_also_an_association(data: SourceData) -> None:
    code = "Disease-causing germline mutation(s) in"
    # FBN1 and Marfan syndrome type 1
    assert said_of(data, "HGNC:3603", "ORPHA:284963") == {
        ("causes", code),
        ("gene_associated_with_condition", code),
    }


def test_a_modifier_never_causes() -> None:
    # SMN2 modifies proximal spinal muscular atrophy type 1
    code = "Modifying germline mutation in"
    data = load(ROW, f"ORPHA:83330\tSMN2\tHGNC:11118\t{code}\n".encode())
    assert said_of(data, "HGNC:11118", "ORPHA:83330") == {
        ("contributes_to", code),
        ("gene_associated_with_condition", code),
    }


@pytest.mark.parametrize(
    "code", ["Disease-causing somatic mutation(s) in", "Part of a fusion gene in"]
)
def test_somatic_and_fusion_links_are_only_associations(code: str) -> None:
    data = load(ROW, f"ORPHA:521\tABL1\tHGNC:76\t{code}\n".encode())  # chronic myeloid leukemia
    assert said_of(data, "HGNC:76", "ORPHA:521") == {("gene_associated_with_condition", code)}


def test_every_gene_link_is_loaded_or_rejected_with_its_line(data: SourceData) -> None:
    links = data.tallies[1]
    assert (links.unit, links.rejected) == ("gene links", 2)
    assert data.rejections.codes == ["gene_without_hgnc"] * 2
    assert all("DHS6S1" in detail for detail in data.rejections.details)
    said = data.statements.filter(pc.is_null(data.statements["file"]))
    assert links.loaded == len(set(said["line"].to_pylist()))


def test_a_prevalence_is_a_statement_with_type_and_place() -> None:
    rows = (
        b"ORPHA:324\tDisease\t1-5 / 10 000\tPoint prevalence\tEurope\n"
        b"ORPHA:355\tDisease\t<1 / 1 000 000\tAnnual incidence\tUnited States\n"
        b"ORPHA:2\tDisease\t\t\t\n"
    )
    data = load(rows, LINK)
    said = data.statements.filter(pc.equal(data.statements["predicate"], "has_attribute"))
    keys = ("subject", "object", "reference", "line", "file")
    assert [tuple(row[key] for key in keys) for row in said.to_pylist()] == [
        ("ORPHA:324", "KGSYNTH:PointPrevalenceEurope1to5in10000", "ORPHA:324", 2, 0),
        (
            "ORPHA:355",
            "KGSYNTH:AnnualIncidenceUnitedStatesBelow1in1000000",
            "ORPHA:355",
            3,
            0,
        ),
    ]
    named = {row["id"]: row["name"] for row in data.entities.to_pylist()}
    assert named["KGSYNTH:PointPrevalenceEurope1to5in10000"] == (
        "Point prevalence of 1-5 in 10,000 in Europe"
    )
    assert named["KGSYNTH:AnnualIncidenceUnitedStatesBelow1in1000000"] == (
        "Annual incidence below 1 in 1,000,000 in the United States"
    )


def test_every_class_of_the_table_has_an_id_and_a_name_of_its_own(data: SourceData) -> None:
    classes = [row for row in data.entities.to_pylist() if row["category"] == "ClinicalAttribute"]
    assert len(classes) == len({one["id"] for one in classes}) == len({o["name"] for o in classes})
    assert all(normalize_curie(one["id"]) == one["id"] for one in classes)


def test_categories_and_clinical_groups_are_flagged_and_diseases_are_not() -> None:
    rows = (
        b"ORPHA:324\tDisease\t\t\t\nORPHA:68347\tCategory\t\t\t\nORPHA:206\tClinical group\t\t\t\n"
    )
    flags = load(rows, LINK).flags
    assert flags.to_pylist() == [
        {"entity": "ORPHA:68347", "flag": "category"},
        {"entity": "ORPHA:206", "flag": "group"},
    ]


def test_the_rarest_class_is_worth_one_and_unknown_prevalence_is_no_signal() -> None:
    rows = (
        b"ORPHA:1\tDisease\t<1 / 1 000 000\tPoint prevalence\tWorldwide\nORPHA:2\tDisease\t\t\t\n"
    )
    signals = load(rows, LINK).signals
    assert signals.to_pylist() == [
        {
            "entity": "ORPHA:1",
            "signal": "prevalence",
            "value": 1.0,
            "detail": "Point prevalence <1 / 1 000 000 (Worldwide)",
        }
    ]


def test_an_unknown_association_type_is_refused_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"genes\.tsv\.gz:2: unknown association type 'Cures'"):
        load(ROW, b"ORPHA:324\tGLA\tHGNC:4296\tCures\n")


def test_an_unknown_prevalence_class_is_refused_with_its_line() -> None:
    with pytest.raises(SourceError, match=r"disorders\.tsv\.gz:2: unknown prevalence class '1'"):
        load(
            b"ORPHA:1\tDisease\t1\tPoint prevalence\tWorldwide\n",
            LINK,
        )


def prevalence(kind: str, place: str, share: str) -> dict[str, Any]:
    return {
        "Prevalence": {
            "PrevalenceType": kind,
            "PrevalenceGeographic": place,
            "PrevalenceClass": share,
        }
    }


@pytest.mark.parametrize(
    ("recorded", "best"),
    [
        ([], ("", "", "")),
        (
            [
                prevalence("Prevalence at birth", "Worldwide", "1-9 / 100 000"),
                prevalence("Point prevalence", "Finland", "1-5 / 10 000"),
            ],
            ("1-5 / 10 000", "Point prevalence", "Finland"),
        ),
        (
            [
                prevalence("Point prevalence", "Finland", "1-5 / 10 000"),
                prevalence("Point prevalence", "Europe", "1-9 / 100 000"),
            ],
            ("1-9 / 100 000", "Point prevalence", "Europe"),
        ),
        (
            [
                prevalence("Point prevalence", "Worldwide", "Unknown"),
                prevalence("Annual incidence", "Specific population", "1-9 / 100 000"),
                prevalence("Annual incidence", "Japan", "<1 / 1 000 000"),
            ],
            ("<1 / 1 000 000", "Annual incidence", "Japan"),
        ),
        (
            [
                prevalence("Point prevalence", "Europe", "<1 / 1 000 000"),
                prevalence("Point prevalence", "Europe", "1-9 / 1 000 000"),
            ],
            ("1-9 / 1 000 000", "Point prevalence", "Europe"),
        ),
    ],
)
def test_prevalence_is_chosen_by_type_then_place_then_caution(
    script: ModuleType, recorded: list[dict[str, Any]], best: tuple[str, str, str]
) -> None:
    assert script.best_prevalence({"Prevalences": recorded}) == best


def test_a_single_prevalence_may_be_a_dict_in_place_of_a_list(script: ModuleType) -> None:
    packet = {"Prevalences": prevalence("Point prevalence", "Europe", "1-5 / 10 000")}
    assert script.best_prevalence(packet) == ("1-5 / 10 000", "Point prevalence", "Europe")


def test_references_of_a_gene_may_be_wrapped_or_not(script: ModuleType) -> None:
    reference = {"Source": "HGNC", "Reference": "4296"}
    gene = {"Symbol": "GLA", "DisorderGeneAssociationType": "Role in the phenotype of"}
    for given in (reference, [reference], [{"ExternalReference": reference}]):
        packet = {"Genes": [{"Gene": {**gene, "ExternalReferences": given}}]}
        assert list(script.gene_links(packet)) == [("GLA", "HGNC:4296", "Role in the phenotype of")]


def test_the_manifest_pins_the_archive_that_the_tables_were_made_from(shared_data: Path) -> None:
    inputs: Any = read_manifest("orphanet").settings["inputs"]
    packed = (shared_data / "orphanet" / "orphapackets.json.tar.xz").read_bytes()
    assert hashlib.sha256(lzma.decompress(packed)).hexdigest() == inputs[0]["sha256"]
