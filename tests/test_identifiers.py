"""One spelling for every identifier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import PREFIXES, normalize_curie, own_curie, prefix_of


@pytest.mark.parametrize(
    ("spelled", "curie"),
    [
        ("ORPHA:558", "ORPHA:558"),
        ("Orphanet:558", "ORPHA:558"),
        ("orphanet:558", "ORPHA:558"),
        ("ORDO:558", "ORPHA:558"),
        ("Orphanet_558", "ORPHA:558"),
        ("http://www.orpha.net/ORDO/Orphanet_558", "ORPHA:558"),
        ("GARD:6038", "GARD:0006038"),
        ("GARD:0006038", "GARD:0006038"),
        ("hgnc:3603", "HGNC:3603"),
        ("HGNC:HGNC:3603", "HGNC:3603"),
        ("http://identifiers.org/hgnc/3603", "HGNC:3603"),
        (
            "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:3603",
            "HGNC:3603",
        ),
        ("http://purl.obolibrary.org/obo/MONDO_0005148", "MONDO:0005148"),
        ("OMIMPS:PS118220", "OMIMPS:118220"),
        ("https://omim.org/phenotypicSeries/PS118220", "OMIMPS:118220"),
        ("MIM:154700", "OMIM:154700"),
        (" HP:0000118 ", "HP:0000118"),
        ("PMID: 31675180", "PMID:31675180"),
        ("SNOMEDCT_US_2025_09_01:80258006", "SNOMEDCT:80258006"),
        ("SNOMEDCT_US:204962002", "SNOMEDCT:204962002"),
        ("UMLS_CUI:C0263591", "UMLS:C0263591"),
        ("http://linkedlifedata.com/resource/umls/id/C0000744", "UMLS:C0000744"),
        ("http://snomed.info/id/16652001", "SNOMEDCT:16652001"),
        ("http://oncotree.mskcc.org/api/tumorTypes/search/code/ACC", "ONCOTREE:ACC"),
        ("http://purl.uniprot.org/geneid/238", "NCBIGene:238"),
        ("https://civicdb.org/links/gene/1", "civic.gid:1"),
        ("http://purl.obolibrary.org/obo/civic.gid#fusion", "civic.gid:fusion"),
        ("http://identifiers.org/mesh/D004194", "MESH:D004194"),
    ],
)
def test_every_spelling_of_an_identifier_is_one(spelled: str, curie: str) -> None:
    assert normalize_curie(spelled) == curie
    assert normalize_curie(curie) == curie


@pytest.mark.parametrize("text", ["", "HP", "HP:", ":1", "seizure", "XYZ:1", "1:2", "HP:0 1"])
def test_what_is_no_identifier_is_never_passed_through(text: str) -> None:
    with pytest.raises(IdentifierError):
        normalize_curie(text)


@given(st.sampled_from(sorted(PREFIXES)), st.integers(1, 10**7))
def test_a_normal_identifier_stays(prefix: str, number: int) -> None:
    curie = normalize_curie(f"{prefix}:{number:07d}")
    assert prefix_of(curie) == prefix
    assert normalize_curie(curie) == curie
    assert normalize_curie(curie.lower()) == curie


@given(st.text())
def test_any_text_is_an_identifier_or_an_error(text: str) -> None:
    try:
        curie = normalize_curie(text)
    except IdentifierError:
        return
    assert prefix_of(curie) in PREFIXES


def test_a_file_may_declare_a_prefix_of_its_own() -> None:
    assert own_curie("MYLAB:0001") == "MYLAB:0001"
    assert own_curie("Orphanet_324") == "ORPHA:324"  # Fabry disease


@pytest.mark.parametrize("text", ["part_of x", "seizure", "https://example.org/x:1", ""])
def test_what_is_no_curie_is_no_identifier_of_a_file_either(text: str) -> None:
    with pytest.raises(IdentifierError):
        own_curie(text)
