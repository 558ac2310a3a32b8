"""Options that say nearly the same are found, and those that do not are left alone."""

import pytest

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.alike import names_of, sense


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Facial paresis, bilateral", "Bilateral facial muscle weakness", True),
        ("Facial palsy", "Unilateral facial palsy", True),
        ("Renal hypoplasia", "Small kidneys", True),
        ("Right ventricular hypertrophy", "Left ventricular hypertrophy", False),
        ("Short stature", "Tall stature", False),
    ],
)
def test_a_name_says_the_same_in_other_words(one: str, other: str, alike: bool) -> None:
    assert (sense(one) == sense(other)) is alike


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("HP:0001349", "HP:0430025", True),  # facial diplegia; bilateral facial palsy
        ("HP:0012210", "HP:0000077", True),  # one entry of UMLS: abnormal renal morphology, kidney
        ("HP:0001349", "HP:0001350", False),  # facial diplegia; slurred speech
    ],
)
def test_findings_of_the_default_graph(
    one: str, other: str, alike: bool, graph: KnowledgeGraph
) -> None:
    assert names_of(graph).alike(one, other) is alike
    assert names_of(graph).alike(other, one) is alike


def test_terms_with_one_entry_elsewhere_are_near_matches_with_that_entry_as_evidence(
    graph: KnowledgeGraph,
) -> None:
    edge = graph.find_edge("HP:0000077", "close_match", "HP:0012210")
    assert edge is not None
    assert {one.reference for one in edge.evidence} == {"SNOMEDCT:44513007", "UMLS:C0266292"}
