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
        # Every other form that occurs in the files at hand.
        ("DECIPHER:1", "DECIPHER:1"),
        ("DOID:0050120", "DOID:0050120"),
        ("http://purl.obolibrary.org/obo/DOID_8718", "DOID:8718"),
        ("MESH:D004194", "MESH:D004194"),
        ("mesh:C579932", "MESH:C579932"),
        ("MSH:D003924", "MESH:D003924"),
        ("https://meshb.nlm.nih.gov/record/ui?ui=D018285", "MESH:D018285"),
        ("DB:DB00002", "DrugBank:DB00002"),
        ("https://go.drugbank.com/drugs/DB02362", "DrugBank:DB02362"),
        ("UniProt:P00533", "UniProtKB:P00533"),
        ("InterPro:IPR000719", "InterPro:IPR000719"),
        ("Pfam:PF00069", "Pfam:PF00069"),
        ("taxonomy:562", "NCBITaxon:562"),
        ("NCBITaxon:9606", "NCBITaxon:9606"),
        ("ncbitaxon:9606", "NCBITaxon:9606"),
        ("reactome:R-HSA-109581", "REACT:R-HSA-109581"),
        ("REACT:R-HSA-109581", "REACT:R-HSA-109581"),
        ("SCTID:764811001", "SNOMEDCT:764811001"),
        ("UMLS:C0338070", "UMLS:C0338070"),
        ("NCIT:C3274", "NCIT:C3274"),
        ("NCI:C3274", "NCIT:C3274"),
        ("NCI2004_11_17:C3274", "NCIT:C3274"),
        ("ICD9CM_2006:608.2", "ICD9CM:608.2"),
        ("ICD-10:Q21.1", "ICD10WHO:Q21.1"),
        ("ICD10CM:E75.2", "ICD10CM:E75.2"),
        ("ICD10WHO:E75.2", "ICD10WHO:E75.2"),
        ("ICDO:8000/3", "ICDO:8000/3"),
        ("OMIM:PS118220", "OMIMPS:118220"),
        ("https://omim.org/entry/278000", "OMIM:278000"),
        ("http://www.omim.org/entry/105650", "OMIM:105650"),
        ("http://www.ncbi.nlm.nih.gov/omim/215150", "OMIM:215150"),
        ("http://www.orpha.net/consor/cgi-bin/OC_Exp.php?Expert=709", "ORPHA:709"),
        ("https://rarediseases.info.nih.gov/diseases/6038", "GARD:0006038"),
        ("hgnc:HGNC:3603", "HGNC:3603"),
        ("https://identifiers.org/hgnc:3603", "HGNC:3603"),
        ("NCBIGENE:2717", "NCBIGene:2717"),
        ("http://identifiers.org/ncbigene/476255", "NCBIGene:476255"),
        ("http://purl.obolibrary.org/obo/NCBIGene_3172", "NCBIGene:3172"),
        ("obo:IAO_0000700", "IAO:0000700"),
        ("OBO:SEPIO_0000081", "SEPIO:0000081"),
        ("PMCID:PMC1312421", "PMC:PMC1312421"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/15084813", "PMID:15084813"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=15744041", "PMID:15744041"),
        ("orcid:0000-0002-0736-9199", "ORCID:0000-0002-0736-9199"),
        ("MEDGEN:137828", "MEDGEN:137828"),
        ("NANDO:2200157", "NANDO:2200157"),
        ("NORD:1888", "NORD:1888"),
        ("pw:0000001", "PW:0000001"),
        ("CHR:9606-chr7", "CHR:9606-chr7"),
        ("KEGG_COMPOUND:C00001", "KEGG:C00001"),
        ("https://drugs.ncats.io/drug/9842X06Q6M", "UNII:9842X06Q6M"),
        ("http://www.wikidata.org/entity/Q90573458", "Wikidata:Q90573458"),
        ("https://pubchem.ncbi.nlm.nih.gov/compound/59768", "PubChem:59768"),
        ("EC:2.3.3.1", "EC:2.3.3.1"),
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
    assert own_curie("http://purl.obolibrary.org/obo/IDO_0000664") == "IDO:0000664"
    assert own_curie("Orphanet_324") == "ORPHA:324"  # Fabry disease


@pytest.mark.parametrize("text", ["part_of", "part_of x", "seizure", "https://example.org/x:1", ""])
def test_what_is_no_curie_is_no_identifier_of_a_file_either(text: str) -> None:
    with pytest.raises(IdentifierError):
        own_curie(text)
