"""HPO's gene file gives gene–disease pairs and nothing else."""

from kgsynth.sources.base import SourceData
from kgsynth.sources.files import read_manifest
from kgsynth.sources.hpo_genes import COLUMNS, load
from tests.sources.conftest import Write

NAMES = "\t".join(COLUMNS) + "\n"
# GLA and Fabry disease, twice because of two findings; SCN4A and its paralyses.
ROWS = (
    "2717\tGLA\tHP:0001250\tSeizure\t-\tOMIM:301500\n"
    "2717\tGLA\tHP:0001297\tStroke\tHP:0040283\tOMIM:301500\n"
    "6329\tSCN4A\tHP:0003768\tPeriodic paralysis\t-\tORPHA:682\n"
)


def read(source: Write, rows: str) -> SourceData:
    return load((source("genes_to_phenotype.txt", NAMES + rows),), read_manifest("hpo-genes"))


def test_each_pair_stands_once_and_no_finding_is_joined(source: Write) -> None:
    data = read(source, ROWS)
    columns = ["subject", "predicate", "object", "line"]
    assert [tuple(row.values()) for row in data.statements.select(columns).to_pylist()] == [
        ("NCBIGene:2717", "gene_associated_with_condition", "OMIM:301500", 2),
        ("NCBIGene:6329", "gene_associated_with_condition", "ORPHA:682", 4),
    ]
    assert data.entities.select(["id", "name", "category"]).to_pylist() == [
        {"id": "NCBIGene:2717", "name": "GLA", "category": "Gene"},
        {"id": "NCBIGene:6329", "name": "SCN4A", "category": "Gene"},
    ]
    (tally,) = data.tallies
    assert (tally.read, tally.loaded, tally.merged, tally.rejected) == (3, 2, 1, 0)


def test_a_gene_without_symbol_has_no_name(source: Write) -> None:
    data = read(source, "10108\t-\tHP:0001250\tSeizure\t-\tOMIM:176270\n")
    assert data.entities["name"].to_pylist() == [None]


def test_wrong_rows_are_rejected_with_their_line(source: Write) -> None:
    data = read(source, "x y\tGLA\tHP:1\ta\t-\tOMIM:1\n" + ROWS + "1\tA1BG\tHP:1\ta\t-\tnone\n1\n")
    assert sorted(
        (place.rpartition(":")[2], code)
        for place, code in zip(data.rejections.places, data.rejections.codes, strict=True)
    ) == [("2", "bad_identifier"), ("6", "bad_identifier"), ("7", "column_count")]
    assert data.tallies[0].rejected == 3
