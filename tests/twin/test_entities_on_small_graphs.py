"""Rules L, I and G are each broken once, by one change to a sound question, and speak."""

from collections.abc import Callable

import pytest

from tests.twin.graph import Graph
from tests.twin.rules import broken_rules, violations
from tests.twin.small import (
    BECKER,
    DOMINANT,
    FATIGUE,
    HAS,
    HYPER,
    MODE,
    MYOPATHY,
    RECESSIVE,
    SCN4A,
    bindings,
    make_edge,
    make_graph,
    make_node,
    make_row,
)
from tests.twin.steps import Margins

MALIGNANT = make_node(HYPER) | {"id": "MONDO:0005070", "name": "neoplasm"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("In hyperkalemic periodic paralysis, what is it?", "the name of an intermediate"),
        ("In Gamstorp disease, what is it?", "a synonym"),
        ("In HYPP, what is it?", "an acronym"),
        ("In SCN4A carriers, what is it?", "a gene symbol"),
        ("In OMIM:170500, what is it?", "an identifier"),
        ("In a periodic disorder, what is it?", "a distinctive word"),
        ("Is it autosomal recessive inheritance?", "the answer"),
        ("Is it recessive?", "a distinctive word of the answer"),
    ],
)
def test_leak_free_the_stem_names_nothing_hidden(text: str, what: str) -> None:
    graph = make_graph(nodes=[make_node(HYPER, equivalent_ids=["OMIM:170500"])])
    assert broken_rules(graph, make_row(question=text)) == {"L"}, what


@pytest.mark.parametrize(
    "text",
    [
        "By which mode of inheritance is it passed on?",
        "A disorder with hypps and attacks as recorded; is the ar mode in question?",
        "What of the classics?",
    ],
)
def test_leak_free_what_is_asked_and_other_words_are_no_leak(text: str) -> None:
    assert broken_rules(make_graph(), make_row(question=text)) == set()


def test_leak_free_words_that_a_hundred_names_share_are_not_distinctive() -> None:
    many = [make_node(HYPER) | {"id": f"MONDO:{at}", "synonyms": []} for at in range(101)]
    graph = make_graph(nodes=many)
    assert broken_rules(graph, make_row(question="In a periodic disorder, what is it?")) == set()


def test_informative_a_clue_of_few_bits_is_none() -> None:
    graph = make_graph(nodes=[make_node(FATIGUE, information_content=2.9)])
    assert broken_rules(graph, make_row()) == {"I"}


@pytest.mark.parametrize(
    ("share", "broken"),
    [("2/10", {"I"}), ("3/10", set()), ("HP:0040283", {"I"}), ("17%", {"I"}), ("", set())],
)
def test_informative_a_finding_of_few_patients_is_no_clue(share: str, broken: set[str]) -> None:
    graph = make_graph([make_edge((MYOPATHY, HAS, FATIGUE), share=share)])
    assert broken_rules(graph, make_row()) == broken


def test_informative_one_first_clue_is_allowed_only_when_asked_for() -> None:
    row = make_row()
    del row["query"]["edges"][1]
    margins = Margins(disease=1)
    assert broken_rules(make_graph(), row, margins=margins) == {"I", "M"}
    assert broken_rules(make_graph(), row, margins=margins, pathognomonic=True) == {"M"}


@pytest.mark.parametrize(
    "change",
    [
        lambda: make_graph(nodes=[make_node(MYOPATHY, is_group=True)]),
        lambda: make_graph(nodes=[make_node(MYOPATHY, name="Myopathy, susceptibility to")]),
        lambda: make_graph(
            [make_edge((MYOPATHY, "subclass_of", MALIGNANT["id"]))], nodes=[MALIGNANT]
        ),
    ],
)
def test_right_grain_groups_susceptibilities_and_neoplasms_are_no_answers(
    change: Callable[[], Graph],
) -> None:
    assert broken_rules(change(), make_row()) == {"G"}


def test_right_grain_a_somatic_disease_is_none() -> None:
    somatic = make_node(DOMINANT) | {"id": "HP:0001442", "name": "Typified by somatic mosaicism"}
    graph = make_graph([make_edge((HYPER, MODE, "HP:0001442"))], nodes=[somatic])
    assert broken_rules(graph, make_row()) == {"G"}


def test_right_grain_the_solution_rests_on_no_contested_edge() -> None:
    contested = make_edge((MYOPATHY, HAS, FATIGUE), contested=True)
    graph = make_graph([contested], without=[(MYOPATHY, HAS, FATIGUE)])
    assert "G" in broken_rules(graph, make_row())


def test_a_binding_that_solves_nothing_is_said() -> None:
    row = make_row(bindings=bindings(d1=BECKER, g=SCN4A, d2=MYOPATHY, m=RECESSIVE))
    assert "G" in broken_rules(make_graph(), row)


def test_an_unknown_entity_is_said() -> None:
    row = make_row(bindings=bindings(d1="MONDO:404", g=SCN4A, d2=MYOPATHY, m=RECESSIVE))
    assert violations(make_graph(), row) == ["solution: not in the graph: ['MONDO:404']"]
