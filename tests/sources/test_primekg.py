"""Graphs in PrimeKG's layout: both directions, ids without prefix, words that deny."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceData, SourceFile
from kgsynth.sources.files import read_manifest
from kgsynth.sources.primekg import COLUMNS, load
from tests.sources.real_files import FOLDER

HEAD = ",".join(COLUMNS) + "\n"
FABRY = ("27", "10526", "disease", "Fabry disease", "MONDO")
GLA = ("5", "2717", "gene/protein", "GLA", "NCBI")
PAIN = ("9", "12531", "effect/phenotype", "Pain", "HPO")
DRUG = ("14", "DB00103", "drug", "Agalsidase, beta", "DrugBank")
SKIN = ("20", "2097", "anatomy", "skin of body", "UBERON")
GROUP = ("30", "13924_12592", "disease", "osteogenesis imperfecta", "MONDO_grouped")
Ends = tuple[str, str, str, str, str]
Read = Callable[[str], SourceData]


def rows(relation: str, display: str, x: Ends, y: Ends) -> str:
    """Return a relation as the file has it: there and back."""
    ends = ([*x, *y], [*y, *x])
    cells = ([relation, display, *both] for both in ends)
    return "".join(",".join(f'"{c}"' if "," in c else c for c in row) + "\n" for row in cells)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that reads a text as the file of edges."""

    def load_text(text: str) -> SourceData:
        file = tmp_path / "kg.csv"
        file.write_text(text, encoding="utf-8")
        return load((SourceFile(file),), read_manifest("primekg"))

    return load_text


def said(data: SourceData) -> list[tuple[str, str, str, bool]]:
    return [
        (row["subject"], row["predicate"], row["object"], row["negated"])
        for row in data.statements.to_pylist()
    ]


@pytest.mark.parametrize(
    ("relation", "display", "x", "y", "expected"),
    [
        ("disease_phenotype_positive", "phenotype present", FABRY, PAIN,
         ("MONDO:0010526", "has_phenotype", "HP:0012531", False)),
        ("disease_phenotype_negative", "phenotype absent", PAIN, FABRY,
         ("MONDO:0010526", "has_phenotype", "HP:0012531", True)),
        ("disease_protein", "associated with", FABRY, GLA,
         ("NCBIGene:2717", "gene_associated_with_condition", "MONDO:0010526", False)),
        ("indication", "indication", DRUG, FABRY,
         ("DrugBank:DB00103", "treats", "MONDO:0010526", False)),
        ("contraindication", "contraindication", FABRY, DRUG,
         ("DrugBank:DB00103", "contraindicated_in", "MONDO:0010526", False)),
        ("off-label use", "off-label use", DRUG, FABRY,
         ("DrugBank:DB00103", "applied_to_treat", "MONDO:0010526", False)),
        ("drug_effect", "side effect", DRUG, PAIN,
         ("DrugBank:DB00103", "has_side_effect", "HP:0012531", False)),
        ("drug_protein", "target", DRUG, GLA,
         ("DrugBank:DB00103", "physically_interacts_with", "NCBIGene:2717", False)),
        ("anatomy_protein_absent", "expression absent", SKIN, GLA,
         ("NCBIGene:2717", "expressed_in", "UBERON:0002097", True)),
        ("disease_disease", "parent-child", FABRY, GROUP,
         ("MONDO:0010526", "related_to", "PRIMEKG:30", False)),
    ],
)  # fmt: skip
def test_each_relation_is_read_once_and_from_its_subject(
    read: Read, relation: str, display: str, x: Ends, y: Ends, expected: tuple[str, str, str, bool]
) -> None:
    data = read(HEAD + rows(relation, display, x, y))
    assert said(data) == [expected]
    tally = data.tallies[0]
    assert (tally.read, tally.loaded, tally.merged, tally.rejected) == (2, 1, 1, 0)
    assert data.statements["code"].to_pylist() == [display]


def test_relations_joined_through_a_disease_are_left_out(read: Read) -> None:
    text = rows("phenotype_protein", "associated with", PAIN, GLA)
    data = read(HEAD + text + rows("indication", "indication", DRUG, FABRY))
    assert data.rejections.codes == ["derived_relation"] * 2
    assert len(data.statements) == 1


def test_a_group_of_classes_is_no_class(read: Read) -> None:
    data = read(HEAD + rows("disease_phenotype_positive", "phenotype present", GROUP, PAIN))
    assert data.flags.to_pylist() == [{"entity": "PRIMEKG:30", "flag": "group"}]
    found = [(m["object"], m["predicate"]) for m in data.mappings.to_pylist()]
    assert found == [("MONDO:0013924", "narrow"), ("MONDO:0012592", "narrow")]


def test_an_unknown_relation_goes_by_its_own_words_and_direction(read: Read) -> None:
    data = read(HEAD + rows("drug_gene/protein", "decreases activity of", DRUG, GLA))
    assert said(data) == [("DrugBank:DB00103", "decreases_activity_of", "NCBIGene:2717", False)]


def test_where_the_direction_is_lost_the_ends_are_only_related(read: Read) -> None:
    other = ("6", "2629", "gene/protein", "GBA1", "NCBI")
    data = read(HEAD + rows("gene/protein_gene/protein", "positively regulates", GLA, other))
    assert said(data) == [("NCBIGene:2629", "related_to", "NCBIGene:2717", False)]


def test_rows_without_an_id_are_rejected(read: Read) -> None:
    bad = ("8", "", "gene/protein", "?", "NCBI")
    text = rows("disease_protein", "associated with", FABRY, bad)
    data = read(HEAD + text + rows("indication", "indication", DRUG, FABRY))
    assert data.rejections.codes == ["bad_identifier"] * 2


def test_another_table_is_refused(read: Read) -> None:
    with pytest.raises(SourceError, match="column 'display_relation' is missing"):
        read("relation,x_id\na,b\n")


def test_the_file_in_both_directions_is_half_as_many_edges() -> None:
    file = FOLDER / "derived" / "drugmechdb_primekg_style.csv.gz"
    if not file.is_file():
        pytest.skip("the folder of real data has no drugmechdb_primekg_style.csv")
    data = load((SourceFile(file),), read_manifest("primekg"))
    rows_, nodes = data.tallies
    # Two rows repeat others in every column, and one pair stands for two edges that differ in
    # their direction only, which the file does not give.
    assert (rows_.read, rows_.loaded, rows_.merged, rows_.rejected) == (15_856, 7_926, 7_930, 0)
    assert (nodes.read, nodes.loaded) == (3_998, 3_998)
    assert "MESH:D010129" in data.entities["id"].to_pylist()
    assert "GO:0006954" in data.entities["id"].to_pylist()
