"""Translations stand beside the nodes; lay terms join them."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from kgsynth.graph.build import build
from kgsynth.graph.load import load_sources
from kgsynth.graph.names import FILE, read_translations
from kgsynth.graph.neighbourhood import describe
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.write import write_graph

LAY = (
    "?term\t?term_label\t?layperson\n"
    '<http://purl.obolibrary.org/obo/HP_0001250>\t"Seizure"\t"The falling sickness"\n'
    '<http://purl.obolibrary.org/obo/HP_0001250>\t"Seizure"\t"Seizure"\n'
    '<http://purl.obolibrary.org/obo/HP_0010819>\t"Atonic seizure"\t"Drop attack"\n'
    '<http://purl.obolibrary.org/obo/HP_9999999>\t"Nothing"\t"Nothing"\n'
)
GERMAN = (
    "subject_id\ttranslation_language\tpredicate_id\ttranslation_value\ttranslation_status\n"
    "HP:0001250\tde\trdfs:label\tKrampfanfall\tOFFICIAL\n"
    "HP:0001250\tde\toboInOwl:hasExactSynonym\tAnfall\tOFFICIAL\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph of HPO with two of its names in German and four that patients use."""
    here = tmp_path_factory.mktemp("names")
    (here / "layperson-synonyms.tsv").write_text(LAY, encoding="utf-8")
    (here / "hp-de.babelon.tsv").write_text(GERMAN, encoding="utf-8")
    made = load_sources(sources=["hp-lay", "hp-translations"], folder=here)
    graph = build(made)
    assert graph.rejections["graph"].codes.count("name_without_term") == 1
    write_graph(graph, here / "graph")
    return here / "graph"


def test_translations_are_a_table_of_their_own(folder: Path) -> None:
    rows = pq.read_table(folder / FILE).to_pylist()
    assert [(row["id"], row["language"], row["name"], row["kind"]) for row in rows] == [
        ("HP:0001250", "de", "Krampfanfall", "label"),
        ("HP:0001250", "de", "Anfall", "synonym"),
    ]
    assert read_translations(folder, "HP:0000001") == []


def test_an_entity_is_described_with_them(folder: Path) -> None:
    found = describe(KnowledgeGraph.load(folder), "HP:0001250")
    assert found.translations == (("de", "Krampfanfall"), ("de", "Anfall"))
    assert found.lay[-2:] == ("The falling sickness", "Seizure")
    assert found.node.synonyms[-1] == "The falling sickness"  # "Seizure" is its name


def test_a_graph_without_translations_has_no_such_file(tmp_path: Path) -> None:
    assert read_translations(tmp_path, "HP:0001250") == []
