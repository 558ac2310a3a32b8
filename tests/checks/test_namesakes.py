"""A disease and a finding of one name: the words before a mention say which of them is meant."""

from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.checks import CheckSettings
from kgsynth.checks.base import Context
from kgsynth.checks.claims import claims_of
from kgsynth.graph.store import KnowledgeGraph
from tests.factories import make_row

#: The finding and the disease that are called aplasia cutis congenita; a kind of the finding.
FINDING, KIND = "HP:0001057", "HP:0004471"
CLASS = "The only kind of aplasia cutis congenita recorded for aplasia cutis congenita is {}."


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


@pytest.fixture(scope="module")
def disease(graph: KnowledgeGraph) -> str:
    """The disease of that name."""
    called = Context.of(make_row(), graph, CheckSettings()).gazetteer.called(
        "aplasia cutis congenita"
    )
    (found,) = (one for one in called if graph.node(one).category == "Disease")
    return found


def claimed(graph: KnowledgeGraph, text: str, *cited: str) -> set[tuple[str, str, str]]:
    row = make_row()
    row = replace(row, trace=(replace(row.trace[0], text=text, entities=cited),))
    context = Context.of(row, graph, CheckSettings())
    return {c[:3] for c in claims_of(context, text, frozenset(cited))}


def test_what_is_recorded_for_a_namesake_is_no_kind_of_finding(
    graph: KnowledgeGraph, disease: str
) -> None:
    text = CLASS.format("aplasia cutis congenita over the scalp vertex")
    said = claimed(graph, text, FINDING, KIND, disease)
    assert (disease, "has_phenotype", KIND) in said
    assert not any(predicate == "subclass_of" for _, predicate, _ in said)


def test_a_gene_is_associated_with_the_disease_of_the_name(
    graph: KnowledgeGraph, disease: str
) -> None:
    gene = graph.neighbours(disease, "gene_associated_with_condition", "inverse")[0]
    text = f"{graph.node(gene).name} is associated with aplasia cutis congenita."
    said = claimed(graph, text, FINDING, disease, gene)
    assert said == {(gene, "gene_associated_with_condition", disease)}
