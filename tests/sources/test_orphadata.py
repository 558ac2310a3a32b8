"""Orphadata's XML: two real excerpts of product 6, and products 1, 4 and 9 after their schema.

The fixtures of products 1, 4 and 9 were written by hand after the published schema; no file of
them has been in hand, and the manifests say so.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgsynth.errors import SourceError
from kgsynth.sources import orphadata
from kgsynth.sources.base import NOT_WRONG, Loader, SourceData, SourceFile
from kgsynth.sources.manifests import read_manifest

HEAD = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<JDBOR date="2025-12-09 07:07:31">'
NAME = '<Name lang="en">{}</Name>'.format


def disorder(content: str, code: str = "324", name: str = "Fabry disease") -> str:
    kind = f'<DisorderType id="21394">{NAME("Disease")}</DisorderType>'
    group = f'<DisorderGroup id="36547">{NAME("Disorder")}</DisorderGroup>'
    head = f"<OrphaCode>{code}</OrphaCode>{NAME(name)}{kind}{group}"
    return f'<Disorder id="1">{head}{content}</Disorder>'


def product(*disorders: str) -> str:
    return (
        f'{HEAD}<DisorderList count="{len(disorders)}">{"".join(disorders)}</DisorderList></JDBOR>'
    )


def mapping(source: str, code: str, relation: str, state: str = "Validated") -> str:
    return (
        f"<ExternalReference><Source>{source}</Source><Reference>{code}</Reference>"
        f"<DisorderMappingRelation>{NAME(relation)}</DisorderMappingRelation>"
        f"<DisorderMappingValidationStatus>{NAME(state)}</DisorderMappingValidationStatus>"
        "</ExternalReference>"
    )


def association(kind: str, state: str = "Assessed", papers: str = "") -> str:
    return (
        f"<DisorderGeneAssociation><SourceOfValidation>{papers}</SourceOfValidation>"
        f'<Gene id="1">{NAME("galactosidase alpha")}<Symbol>GLA</Symbol>'
        "<SynonymList><Synonym>GALA</Synonym></SynonymList><ExternalReferenceList>"
        "<ExternalReference><Source>HGNC</Source><Reference>4296</Reference></ExternalReference>"
        "<ExternalReference><Source>Ensembl</Source><Reference>ENSG00000102393</Reference>"
        "</ExternalReference><ExternalReference><Source>SwissProt</Source>"
        "<Reference>P06280</Reference></ExternalReference><ExternalReference>"
        "<Source>Genatlas</Source><Reference>GLA</Reference></ExternalReference>"
        "</ExternalReferenceList></Gene>"
        f"<DisorderGeneAssociationType>{NAME(kind)}</DisorderGeneAssociationType>"
        f"<DisorderGeneAssociationStatus>{NAME(state)}</DisorderGeneAssociationStatus>"
        "</DisorderGeneAssociation>"
    )


def finding(term: str, often: str, criterion: str = "") -> str:
    mark = f"<DiagnosticCriteria>{NAME(criterion)}</DiagnosticCriteria>" if criterion else ""
    return (
        f"<HPODisorderAssociation><HPO><HPOId>{term}</HPOId><HPOTerm>x</HPOTerm></HPO>"
        f"<HPOFrequency>{NAME(often)}</HPOFrequency>{mark}</HPODisorderAssociation>"
    )


def prevalence(kind: str, share: str, place: str) -> str:
    return (
        f"<Prevalence><PrevalenceType>{NAME(kind)}</PrevalenceType>"
        f"<PrevalenceClass>{NAME(share)}</PrevalenceClass><ValMoy>0.0</ValMoy>"
        f"<PrevalenceGeographic>{NAME(place)}</PrevalenceGeographic></Prevalence>"
    )


GENES = product(
    disorder(
        f'<DisorderGeneAssociationList count="1">'
        f"{association('Disease-causing germline mutation(s) in', papers='1[PMID]_2[PMID]')}"
        "</DisorderGeneAssociationList>"
    )
)
MAPPINGS = product(
    disorder(
        "<SynonymList><Synonym>Anderson-Fabry disease</Synonym></SynonymList>"
        "<ExternalReferenceList>"
        + mapping("OMIM", "301500", "E (Exact mapping: the two concepts are equivalent)")
        + mapping(
            "MONDO", "10526", "E (Exact mapping: …)".replace("…", "the same"), "Not yet validated"
        )
        + mapping("ICD-10", "E75.2", "NTBT (narrower)")
        + mapping("Klingon", "1", "E (Exact)")
        + "</ExternalReferenceList>"
    )
)
PHENOTYPES = (
    f'{HEAD}<HPODisorderSetStatusList count="1"><HPODisorderSetStatus id="1">'
    + disorder(
        "<HPODisorderAssociationList>"
        + finding("HP:0001071", "Very frequent (99-80%)", "Pathognomonic sign")
        + finding("HP:0001249", "Excluded (0%)")
        + finding("HP:0000365", "Occasional (29-5%)", "Exclusion criterion")
        + "</HPODisorderAssociationList>"
    )
    + "<Source>1[PMID]</Source><ValidationStatus>y</ValidationStatus><Online>y</Online>"
    "<ValidationDate>2016-06-01 00:00:00.0</ValidationDate></HPODisorderSetStatus>"
    "</HPODisorderSetStatusList></JDBOR>"
)
PREVALENCE = product(
    disorder(
        "<PrevalenceList>"
        + prevalence("Prevalence at birth", "1-9 / 100 000", "Worldwide")
        + prevalence("Point prevalence", "1-5 / 10 000", "Europe")
        + prevalence("Cases/families", "", "Worldwide")
        + "</PrevalenceList>"
    )
)
AGES = product(
    disorder(
        f"<AverageAgeOfOnsetList><AverageAgeOfOnset>{NAME('Childhood')}</AverageAgeOfOnset>"
        f"</AverageAgeOfOnsetList><TypeOfInheritanceList><TypeOfInheritance>"
        f"{NAME('X-linked recessive')}</TypeOfInheritance></TypeOfInheritanceList>"
    )
)
PRODUCTS: dict[str, tuple[Loader, str]] = {
    "orphadata-genes": (orphadata.load_genes, GENES),
    "orphadata-mappings": (orphadata.load_mappings, MAPPINGS),
    "orphadata-phenotypes": (orphadata.load_phenotypes, PHENOTYPES),
    "orphadata-prevalence": (orphadata.load_prevalence, PREVALENCE),
}

Read = Callable[..., SourceData]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a product from text or bytes."""

    def load(name: str, *contents: str | bytes) -> SourceData:
        files = []
        roles = ("", "") if name != "orphadata-prevalence" else ("prevalence", "ages")
        for role, content in zip(roles, contents, strict=False):
            file = tmp_path / f"{name}-{role}.xml"
            raw = content if isinstance(content, bytes) else content.encode("iso-8859-1", "replace")
            file.write_bytes(raw)
            files.append(SourceFile(file, role=role))
        data = PRODUCTS[name][0](tuple(files), read_manifest(name))
        assert sum(one.rejected for one in data.tallies) == len(data.rejections)
        return data

    return load


def rows(data: SourceData, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in data.statements.to_pylist()]


# ---- product 6 ---------------------------------------------------------------------------------


def test_a_gene_link_cites_each_of_its_publications(read: Read) -> None:
    data = read("orphadata-genes", GENES)
    assert rows(data, "subject", "predicate", "object", "reference") == [
        ("HGNC:4296", predicate, "ORPHA:324", paper)
        for predicate in ("gene_associated_with_condition", "causes")
        for paper in ("PMID:1", "PMID:2")
    ]
    assert data.version == "2025-12-09"


def test_a_gene_keeps_its_other_ids_by_what_they_are(read: Read) -> None:
    found = read("orphadata-genes", GENES).mappings.to_pylist()
    assert [(row["object"], row["predicate"]) for row in found] == [
        ("ENSEMBL:ENSG00000102393", "exact"),
        ("UniProtKB:P06280", "related"),  # a protein is not its gene
    ]


def test_a_link_that_nobody_assessed_causes_nothing(read: Read) -> None:
    link = association("Disease-causing germline mutation(s) in", "Not yet assessed")
    content = f"<DisorderGeneAssociationList>{link}</DisorderGeneAssociationList>"
    data = read("orphadata-genes", product(disorder(content)))
    assert rows(data, "predicate", "modifier") == [
        ("gene_associated_with_condition", "not yet assessed")
    ]


def test_the_real_excerpts_are_read_whole(shared_data: Path) -> None:
    manifest = read_manifest("orphadata-genes")
    germline, without = (
        orphadata.load_genes((SourceFile(shared_data / "orphanet" / name),), manifest)
        for name in ("product6-orph-germline.xml.gz", "product6-orph-no-variant.xml.gz")
    )
    ends = ("HGNC:30497", "ORPHA:938475")
    assert rows(germline, "subject", "object", "predicate") == [
        (*ends, "gene_associated_with_condition"),
        (*ends, "causes"),
    ]
    assert germline.version == "2018-07-01"
    assert without.rejections.codes == ["gene_without_hgnc"]
    assert set(without.rejections.codes) <= NOT_WRONG


# ---- product 1 ---------------------------------------------------------------------------------


def test_mappings_keep_relation_and_state(read: Read) -> None:
    data = read("orphadata-mappings", MAPPINGS)
    found = data.mappings.to_pylist()
    assert [(row["object"], row["predicate"], row["justification"]) for row in found] == [
        ("OMIM:301500", "exact", "semapv:ManualMappingCuration"),
        ("MONDO:0010526", "close", None),  # not yet validated; filled up to seven digits
        ("ICD10WHO:E75.2", "broad", "semapv:ManualMappingCuration"),
    ]
    assert data.rejections.codes == ["unknown_reference"]
    (entity,) = data.entities.to_pylist()
    assert entity["synonyms"] == ["Anderson-Fabry disease"]


def test_a_disorder_that_moved_is_replaced_and_no_entity(read: Read) -> None:
    def moved(root: str, target: str) -> str:
        return (
            "<DisorderDisorderAssociationList><DisorderDisorderAssociation>"
            f"{target}{root}<DisorderDisorderAssociationType>{NAME('Moved to')}"
            "</DisorderDisorderAssociationType></DisorderDisorderAssociation>"
            "</DisorderDisorderAssociationList><ExternalReferenceList>"
            f"{mapping('OMIM', '174500', 'E (Exact)')}</ExternalReferenceList>"
            "<DisorderFlagList><DisorderFlag><Value>8192</Value><Label>Inactive</Label>"
            "</DisorderFlag></DisorderFlagList>"
        )

    old = moved(
        '<RootDisorder cycle="true"/>',
        "<TargetDisorder><OrphaCode>988</OrphaCode></TargetDisorder>",
    )
    new = disorder("<ExternalReferenceList/>", "988", "Tibial hemimelia")
    data = read("orphadata-mappings", product(disorder(old, "2950", "Old name"), new))
    assert data.replaced == {"ORPHA:2950": ("ORPHA:988",)}
    assert data.entities["id"].to_pylist() == ["ORPHA:988"]
    assert data.flags.to_pylist() == []
    assert data.rejections.codes == ["obsolete_term"]


# ---- products 4 and 9 --------------------------------------------------------------------------


def test_criteria_and_dates_of_findings_are_kept(read: Read) -> None:
    data = read("orphadata-phenotypes", PHENOTYPES)
    assert rows(data, "object", "negated", "frequency", "modifier", "date") == [
        ("HP:0001071", False, "HP:0040281", "pathognomonic sign", "2016-06-01"),
        ("HP:0001249", True, "HP:0040285", "", "2016-06-01"),
        ("HP:0000365", True, "HP:0040283", "exclusion criterion", "2016-06-01"),
    ]


def test_prevalence_and_ages_are_two_files_of_one_source(read: Read) -> None:
    data = read("orphadata-prevalence", PREVALENCE, AGES)
    (signal,) = data.signals.to_pylist()
    assert signal["detail"] == "Point prevalence 1-5 / 10 000 (Europe)"
    assert rows(data, "predicate", "object") == [
        ("has_attribute", "KGSYNTH:PrevalenceAtBirthWorldwide1to9in100000"),
        ("has_attribute", "KGSYNTH:PointPrevalenceEurope1to5in10000"),
        ("has_attribute", "HP:0011463"),
        ("has_mode_of_inheritance", "HP:0001419"),
    ]
    assert data.statements_file == data.files[1].file
    assert data.rejections.codes == ["nothing_said"]
    assert len(data.entities) == 3


def test_prevalence_alone_is_enough(read: Read) -> None:
    assert len(read("orphadata-prevalence", PREVALENCE).signals) == 1


# ---- bad input ---------------------------------------------------------------------------------

DOCTYPE = "<!DOCTYPE JDBOR [{}]>\n"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize(
    "doctype",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x SYSTEM "http://localhost/x">',
        '<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;',
        LAUGHS,
        '<!ENTITY x "harmless">',
    ],
)
def test_entities_are_refused_with_one_line(read: Read, name: str, doctype: str) -> None:
    text = PRODUCTS[name][1].replace("<JDBOR", DOCTYPE.format(doctype) + "<JDBOR", 1)
    text = text.replace("Fabry disease", "&x;" if "x " in doctype else "&l9;")
    with pytest.raises(SourceError, match="has a document type or entities") as caught:
        read(name, text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text[: len(text) // 2], r":\d+: no well-formed XML"),
        (lambda text: "", r":1: no well-formed XML"),
        (lambda text: text.replace("JDBOR", "html"), r"begins with <html>, expected <JDBOR>"),
        (lambda text: text.replace("ISO-8859-1", "no-such-code"), r"no-such-code|unknown encoding"),
        (lambda text: text.replace("List", "Lost"), r"is it Orphadata's product \d"),
        (lambda text: text.replace('lang="en"', 'lang="es"'), r"take the English file"),
        (lambda text: HEAD + "<a>" * 200_000, r"more than 100 levels deep"),
        (lambda text: text + "\x00", r"no well-formed XML"),
    ],
)
def test_a_broken_file_is_one_line(
    read: Read, name: str, spoil: Callable[[str], str], message: str
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        read(name, spoil(PRODUCTS[name][1]))
    assert "\n" not in str(caught.value)


def test_another_product_is_refused_by_name(read: Read) -> None:
    with pytest.raises(SourceError, match=r"is it Orphadata's product 6\?"):
        read("orphadata-genes", PHENOTYPES)


@pytest.mark.parametrize("name", PRODUCTS)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=st.floats(0, 1),
    length=st.integers(0, 40),
    piece=st.sampled_from([b"", b"<", b"</Disorder>", b"&amp;", b"\xff", b"<Name/>", b"\xc3\xa9"]),
)
def test_damage_anywhere_is_read_or_refused(
    read: Read, name: str, place: float, length: int, piece: bytes
) -> None:
    raw = PRODUCTS[name][1].encode("iso-8859-1", "replace")
    at = int(place * len(raw))
    message, data = "", None
    try:
        data = read(name, raw[:at] + piece + raw[at + length :])
    except SourceError as error:
        message = str(error)
    assert "\n" not in message
    assert (data is None) == bool(message)


def test_the_memory_of_a_record_is_given_back(read: Read) -> None:
    link = association("Role in the phenotype of")
    links = f"<DisorderGeneAssociationList>{link}</DisorderGeneAssociationList>"
    many = product(*(disorder(links, str(n), f"disorder {n}") for n in range(1, 2000)))
    data = read("orphadata-genes", many)
    assert [one.loaded for one in data.tallies if one.unit == "disorders"] == [1999]
    assert len(data.entities) == 2000  # and one gene


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_manifest_says_that_no_whole_file_was_in_hand(name: str) -> None:
    manifest = read_manifest(name)
    assert manifest.settings["unverified"] is True
    assert not any(part.sha256 for part in manifest.parts)
