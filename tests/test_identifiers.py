"""One spelling for every identifier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import PREFIXES, normalize_curie, prefix_of


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
