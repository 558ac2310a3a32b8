"""Rules U, S, R, M, N and H are each broken once, by one change to a sound question, and speak."""

from typing import Any

import pytest

from tests.twin.rules import broken_rules, violations
from tests.twin.small import (
    BECKER,
    CLCN1,
    DOMINANT,
    EYELID,
    FATIGUE,
    FETAL,
    HAS,
    HYPER,
    LINK,
    MODE,
    MYOPATHY,
    PARAMYOTONIA,
    PTOSIS,
    RECESSIVE,
    SCN4A,
    WEAKNESS,
    bindings,
    make_edge,
    make_graph,
    make_node,
    make_row,
    query_edge,
    with_clue,
)
from tests.twin.steps import Margins


def test_the_sound_question_breaks_nothing() -> None:
    assert violations(make_graph(), make_row()) == []


def test_unique_a_second_mode_of_the_last_disease_is_a_second_answer() -> None:
    graph = make_graph([make_edge((MYOPATHY, MODE, DOMINANT))])
    assert {"U", "S"} <= broken_rules(graph, make_row())


def test_unique_a_contested_mode_is_a_second_answer_too() -> None:
    graph = make_graph([make_edge((MYOPATHY, MODE, DOMINANT), contested=True)])
    assert {"U", "S"} <= broken_rules(graph, make_row())


def test_unique_the_row_must_list_all_answers_and_no_other() -> None:
    assert broken_rules(make_graph(), make_row(answers=[{"id": DOMINANT}])) == {"U"}


def test_stepwise_two_genes_to_one_disease_are_two_ways() -> None:
    links = [make_edge((CLCN1, LINK, disease)) for disease in (HYPER, MYOPATHY)]
    assert broken_rules(make_graph(links), make_row()) >= {"S", "R"}


@pytest.mark.parametrize("contested", [False, True])
def test_robust_a_rival_that_fails_one_clue_is_too_near(contested: bool) -> None:
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS), contested=contested)])
    assert broken_rules(graph, make_row()) == {"R"}
    assert broken_rules(graph, make_row(), margins=Margins(disease=1)) >= {"M"}


def test_robust_a_rival_by_a_descendant_of_the_clue_counts() -> None:
    row = make_row()
    row["query"]["edges"][4]["object"] = EYELID
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS))])
    assert broken_rules(graph, row) == {"R"}


def test_robust_a_group_is_a_rival_too() -> None:
    group = make_node(PARAMYOTONIA, is_group=True)
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS))], nodes=[group])
    assert broken_rules(graph, make_row()) == {"R"}


def test_robust_one_clue_cannot_keep_a_margin_of_two() -> None:
    row = make_row()
    del row["query"]["edges"][1]
    assert broken_rules(make_graph(), row) == {"R", "I"}


def test_minimal_a_third_clue_that_no_rival_needs_is_spare() -> None:
    graph = make_graph([make_edge((MYOPATHY, HAS, FETAL)), make_edge((BECKER, HAS, FETAL))])
    assert broken_rules(graph, with_clue(query_edge("?d2", HAS, FETAL))) == {"M"}


@pytest.mark.parametrize(("contested", "broken"), [(False, set()), (True, {"M"})])
def test_minimal_a_contested_finding_of_a_rival_makes_no_clue_needed(
    contested: bool, broken: set[str]
) -> None:
    # Two rivals of the gene, each of which meets another one of three clues.
    first, second = "MONDO:0010821", "MONDO:0013620"
    facts = [(MYOPATHY, HAS, FETAL), (BECKER, HAS, FETAL), (first, HAS, PTOSIS)]
    facts += [(SCN4A, LINK, first), (SCN4A, LINK, second)]
    edges = [*map(make_edge, facts), make_edge((second, HAS, FETAL), contested=contested)]
    nodes = [make_node(PARAMYOTONIA) | {"id": rival} for rival in (first, second)]
    graph = make_graph(edges, nodes=nodes)
    assert broken_rules(graph, with_clue(query_edge("?d2", HAS, FETAL))) == broken


def test_no_skipping_clues_that_pin_the_last_disease_alone_skip_the_gene() -> None:
    graph = make_graph(without=[(BECKER, HAS, FATIGUE)])
    assert broken_rules(graph, make_row()) == {"N"}


def test_no_skipping_a_contested_finding_gives_no_second_candidate() -> None:
    contested = make_edge((BECKER, HAS, FATIGUE), contested=True)
    graph = make_graph([contested], without=[(BECKER, HAS, FATIGUE)])
    assert broken_rules(graph, make_row()) == {"N"}


def test_no_skipping_another_candidate_with_the_same_mode_still_pins_the_answer() -> None:
    graph = make_graph([make_edge((BECKER, MODE, RECESSIVE))], without=[(BECKER, MODE, DOMINANT)])
    assert broken_rules(graph, make_row()) == {"N"}


def test_honest_as_many_spine_edges_as_hops() -> None:
    assert "H" in broken_rules(make_graph(), make_row(hops=5))


@pytest.mark.parametrize(
    "chord",
    [
        make_edge((HYPER, MODE, RECESSIVE)),
        make_edge((HYPER, MODE, RECESSIVE), contested=True),
        make_edge((MYOPATHY, HAS, WEAKNESS)),
        make_edge((SCN4A, "related_to", RECESSIVE)),
    ],
)
def test_honest_no_edge_joins_entities_that_are_not_neighbours(chord: dict[str, Any]) -> None:
    assert "H" in broken_rules(make_graph([chord]), make_row())


def test_honest_a_finding_below_the_far_anchor_is_a_chord() -> None:
    graph = make_graph(
        [make_edge((FETAL, "subclass_of", WEAKNESS)), make_edge((MYOPATHY, HAS, FETAL))]
    )
    assert "H" in broken_rules(graph, make_row())


def test_honest_a_subtype_is_kin() -> None:
    graph = make_graph([make_edge((MYOPATHY, "subclass_of", HYPER))])
    assert broken_rules(graph, make_row()) == {"H"}


def test_honest_two_records_with_one_identifier_are_twins() -> None:
    twins = [make_node(d, equivalent_ids=["OMIM:170500"]) for d in (HYPER, MYOPATHY)]
    assert broken_rules(make_graph(nodes=twins), make_row()) == {"H"}


def test_honest_variables_of_one_category_are_different_entities() -> None:
    row = make_row(bindings=bindings(d1=HYPER, g=SCN4A, d2=HYPER, m=DOMINANT))
    assert "H" in broken_rules(make_graph(), row)
