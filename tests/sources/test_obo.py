"""An ontology in OBO format becomes entities and subclass statements."""

from dataclasses import replace

from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.obo import load
from tests.sources.conftest import Write

HEAD = "format-version: 1.2\ndata-version: hp/releases/2025-01-16\n"

SEIZURE = """
[Term]
id: HP:0000118
name: Phenotypic abnormality

[Term]
id: HP:0001250
name: Seizure
alt_id: HP:0002279
def: "A \\"sudden\\" change." [PMID:1]
synonym: "Fits" EXACT layperson []
synonym: "Epileptic seizure" EXACT []
synonym: "Spell" RELATED []
is_a: HP:0000118 ! Phenotypic abnormality

[Term]
id: HP:0010819
name: obsolete Atonic seizure
is_obsolete: true
replaced_by: HP:0001250

[Term]
id: HP:0000490
name: obsolete Lost
is_obsolete: true
consider: HP:0001250

[Term]
id: HP:0003593
name: Infantile onset
is_a: HP:0003674

[Term]
id: HP:0003674
name: Onset
is_a: HP:0031797

[Term]
id: HP:0031797
name: Clinical course
"""


def read(source: Write, text: str) -> SourceData:
    return load((source("hp.obo", text),), read_manifest("hpo"))


def test_a_term_keeps_what_its_stanza_says(source: Write) -> None:
    data = read(source, HEAD + SEIZURE)
    assert data.version == "2025-01-16"
    assert data.entities.to_pylist()[1] == {
        "id": "HP:0001250",
        "name": "Seizure",
        "category": "PhenotypicFeature",
        "synonyms": ["Fits", "Epileptic seizure"],
        "lay": ["Fits"],
        "related_synonyms": ["Spell"],
        "alt_ids": ["HP:0002279"],
        "definition": 'A "sudden" change.',
    }


def test_the_more_specific_branch_names_the_category(source: Write) -> None:
    data = read(source, HEAD + SEIZURE)
    kinds = dict(
        zip(data.entities["id"].to_pylist(), data.entities["category"].to_pylist(), strict=True)
    )
    assert kinds["HP:0003593"] == "Onset"  # under Clinical course as well
    assert kinds["HP:0031797"] == "ClinicalCourse"


def test_is_a_becomes_a_statement_with_its_line(source: Write) -> None:
    rows = read(source, HEAD + SEIZURE).statements.select(["subject", "object", "line"])
    assert rows.to_pylist()[0] == {"subject": "HP:0001250", "object": "HP:0000118", "line": 16}
    assert len(rows) == 3


def test_obsolete_terms_are_replaced_or_rejected(source: Write) -> None:
    data = read(source, HEAD + SEIZURE)
    assert data.replaced == {"HP:0010819": ("HP:0001250",), "HP:0000490": ()}
    assert data.rejections.codes == ["obsolete_term"]
    terms = data.tallies[0]
    assert (terms.read, terms.loaded, terms.merged, terms.rejected) == (7, 5, 1, 1)


def test_an_unterminated_quote_is_rejected_and_the_rest_goes_on(source: Write) -> None:
    broken = SEIZURE.replace('"Fits" EXACT', '"Fits EXACT').replace('change."', "change.")
    data = read(source, HEAD + broken)
    assert data.rejections.codes == ["unterminated_quote", "unterminated_quote", "obsolete_term"]
    assert data.rejections.places[0].endswith("hp.obo:13")
    seizure = data.entities.to_pylist()[1]
    assert seizure["synonyms"] == ["Epileptic seizure"]
    assert seizure["definition"] is None


def test_a_manifest_decides_the_categories(source: Write) -> None:
    manifest = replace(read_manifest("hpo"), settings={"category": "OntologyClass"})
    data = load((source("a.obo", HEAD + SEIZURE),), manifest)
    assert set(data.entities["category"].to_pylist()) == {"OntologyClass"}
