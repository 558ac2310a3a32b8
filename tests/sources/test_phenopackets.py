"""Phenopackets: published patients become cases, and never facts of a graph."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgsynth.cli import run
from kgsynth.errors import SourceError
from kgsynth.graph.cases import report_cases, summary
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.sources import SOURCES
from kgsynth.sources.base import SourceFile
from kgsynth.sources.phenopacket_index import INDEX_COLUMNS, differences
from kgsynth.sources.phenopackets import Case, Cases, read_cases


def term(curie: str, **more: object) -> dict[str, object]:
    return {"type": {"id": curie, "label": ""}, **more}


#: A patient with Fabry disease.
FABRY: dict[str, Any] = {
    "id": "patient_1",
    "subject": {
        "id": "1",
        "sex": "MALE",
        "timeAtLastEncounter": {"age": {"iso8601duration": "P34Y"}},
    },
    "phenotypicFeatures": [
        term("HP:0001071"),  # angiokeratoma corporis diffusum
        term("HP:0001249", excluded=True),  # intellectual disability
        term("HP:0001071"),
    ],
    "diseases": [
        {
            "term": {"id": "OMIM:301500"},
            "onset": {"ontologyClass": {"id": "HP:0011463"}},
        }
    ],
    "interpretations": [
        {
            "diagnosis": {
                "disease": {"id": "OMIM:301500"},
                "genomicInterpretations": [
                    {
                        "interpretationStatus": "CAUSATIVE",
                        "variantInterpretation": {
                            "variationDescriptor": {
                                "geneContext": {"valueId": "HGNC:4296", "symbol": "GLA"},
                                "expressions": [
                                    {"syntax": "hgvs.g", "value": "NC_000023.11:g.1A>G"},
                                    {"syntax": "hgvs.c", "value": "NM_000169.3:c.644A>G"},
                                ],
                            }
                        },
                    },
                    {"interpretationStatus": "REJECTED"},
                ],
            }
        }
    ],
    "metaData": {"externalReferences": [{"id": "PMID:1"}]},
}


def pack(folder: Path, **named: object) -> SourceFile:
    file = folder / "cases.tar"
    with tarfile.open(file, "w") as tar:
        for name, content in named.items():
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            info = tarfile.TarInfo(f"{name}.json")
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
    return SourceFile(file)


def test_a_patient_becomes_a_case(tmp_path: Path) -> None:
    read = read_cases(pack(tmp_path, a=FABRY))
    assert read.cases == (
        Case(
            id="patient_1",
            file="a.json",
            diseases=("OMIM:301500",),
            sex="male",
            age="P34Y",
            onset="HP:0011463",
            observed=("HP:0001071",),
            excluded=("HP:0001249",),
            genes=("HGNC:4296",),
            variants=("NM_000169.3:c.644A>G",),
            references=("PMID:1",),
        ),
    )
    counts = [(one.unit, one.read, one.loaded, one.merged) for one in read.tallies]
    assert counts == [("cases", 1, 1, 0), ("findings", 3, 2, 1)]


def test_one_file_is_a_case_too(tmp_path: Path) -> None:
    file = tmp_path / "patient.json"
    file.write_text(json.dumps(FABRY), encoding="utf-8")
    assert len(read_cases(SourceFile(file)).cases) == 1


def test_no_source_of_a_graph_reads_phenopackets() -> None:
    assert not [name for name in SOURCES if "phenopacket" in name + SOURCES[name]]


def test_a_denial_that_cannot_be_read_is_no_finding(tmp_path: Path) -> None:
    features = [term("HP:0001249", excluded="true"), term("HP:0001071")]
    read = read_cases(pack(tmp_path, a={**FABRY, "phenotypicFeatures": features}))
    assert read.cases[0].observed == ("HP:0001071",)
    assert read.rejections.codes == ["bad_shape"]
    assert read.tallies[1].rejected == 1


def test_version_one_says_negated(tmp_path: Path) -> None:
    features = [term("HP:0001249", negated=True)]
    read = read_cases(pack(tmp_path, a={**FABRY, "phenotypicFeatures": features}))
    assert (read.cases[0].observed, read.cases[0].excluded) == ((), ("HP:0001249",))


def test_a_disease_that_was_ruled_out_is_no_diagnosis(tmp_path: Path) -> None:
    ruled_out = {"term": {"id": "OMIM:154700"}, "excluded": True}  # Marfan syndrome
    read = read_cases(pack(tmp_path, a={**FABRY, "diseases": [ruled_out]}))
    assert read.cases[0].diseases == ("OMIM:301500",)


def test_weeks_of_gestation_are_an_age(tmp_path: Path) -> None:
    before = {"sex": "FEMALE", "timeAtLastEncounter": {"gestationalAge": {"weeks": 20, "days": 3}}}
    assert read_cases(pack(tmp_path, a={**FABRY, "subject": before})).cases[0].age == "G20w3d"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "bad_json"),
        (b"[" * 100_000, "bad_json"),
        ([], "bad_shape"),
        ({}, "no_diagnosis"),
        ({**FABRY, "diseases": {"term": {}}}, "bad_shape"),
        ({**FABRY, "diseases": [{"term": {"id": "Fabry"}}]}, "bad_identifier"),
        ({**FABRY, "subject": [1]}, "bad_shape"),
    ],
)
def test_a_bad_member_is_rejected_by_name_and_the_rest_goes_on(
    tmp_path: Path, content: object, code: str
) -> None:
    source = pack(tmp_path, good=FABRY, bad=content)
    read = read_cases(source)
    assert len(read.cases) == 1
    assert read.rejections.codes == [code]
    assert read.rejections.places == [f"{source.file}:bad.json"]


JUNK = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["id", "type", "term", "age"]), inner, max_size=2),
    ),
    max_leaves=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(field=st.sampled_from(sorted(FABRY)), junk=JUNK)
def test_wrong_types_anywhere_reject_a_case_or_a_finding(
    tmp_path: Path, field: str, junk: object
) -> None:
    read = read_cases(pack(tmp_path, good=FABRY, bad={**FABRY, field: junk}))
    assert read.cases[0].id == "patient_1"
    assert sum(one.rejected for one in read.tallies) == len(read.rejections)


def test_an_archive_without_cases_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no phenopacket that can be read") as caught:
        read_cases(pack(tmp_path, bad=b"{"))
    assert "\n" not in str(caught.value)


def test_an_index_that_differs_is_told_case_by_case(tmp_path: Path) -> None:
    row = ("a.json", "PMID:1", "", "OMIM:301500", "", "", "", "7", "1")
    file = tmp_path / "index.tsv"
    missing = ("b.json", *row[1:])
    lines = ("\t".join(one) for one in (INDEX_COLUMNS, row, missing))
    file.write_text("\n".join(lines), encoding="utf-8")
    assert differences(read_cases(pack(tmp_path, a=FABRY)), SourceFile(file)) == (
        "b.json: in the index, and not read",
        "a.json: observed is '1', the index says '7'",
    )


@pytest.mark.parametrize("content", ["a\tb\n", "\t".join(INDEX_COLUMNS) + "\nx\n"])
def test_an_index_of_another_form_is_one_line(tmp_path: Path, content: str) -> None:
    file = tmp_path / "index.tsv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=r"index\.tsv:\d: expected"):
        differences(read_cases(pack(tmp_path, a=FABRY)), SourceFile(file))


# ---- the real cases ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(shared_data: Path) -> Cases:
    return read_cases(SourceFile(shared_data / "phenopackets" / "phenopackets_open.tar.xz"))


def test_every_real_case_and_finding_is_accounted_for(real: Cases) -> None:
    cases, findings = real.tallies
    assert (cases.read, cases.loaded) == (200, 200)
    assert (findings.read, findings.rejected) == (3811, 0)
    assert sum(len(case.excluded) for case in real.cases) == 1767
    assert all(case.genes and case.variants for case in real.cases)


def test_the_index_agrees(real: Cases, shared_data: Path) -> None:
    index = shared_data / "phenopackets" / "phenopackets_open_index.tsv.gz"
    assert differences(real, SourceFile(index)) == ()


def test_a_graph_is_held_against_the_real_cases(real: Cases, default_graph: Path) -> None:
    reports = list(report_cases(KnowledgeGraph.load(default_graph), real.cases))
    counts = summary(reports)
    # The index counts as many cases whose disease is in phenotype.hpoa.
    assert (counts["cases"], counts["diseases_known"]) == (200, 140)
    assert counts["observed"] - counts["unknown"] > 2000
    assert counts["recorded"] > 900
    assert counts["top_1"] <= counts["top_10"] <= counts["top_100"] <= 140
    assert all(one.recorded + one.unknown <= one.observed for one in reports)


def test_the_command_counts_and_prints(
    default_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = pack(tmp_path, a=FABRY, bad=b"{")
    words = ["cases", str(source.file), "--graph", str(default_graph)]
    assert run(words) == 0
    printed = capsys.readouterr().out
    assert "Fabry disease" in printed
    assert "cases: 1 of 2 could not be read" in printed
    assert run([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (report,) = told["reports"]
    assert (report["disease"], report["recorded"]) == ("MONDO:0010526", 1)
    assert [one["code"] for one in told["rejected"]] == ["bad_json"]


def test_the_command_ends_in_one_line_where_there_is_no_archive(
    default_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cases", str(tmp_path / "absent.tar"), "--graph", str(default_graph)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
