"""Each rule of the twin is broken once, by one change to a sound question, and speaks."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.twin.graph import Graph
from tests.twin.rules import violations
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
    MYOTONIA,
    PARAMYOTONIA,
    PTOSIS,
    RECESSIVE,
    ROOT,
    SCN4A,
    WEAKNESS,
    bindings,
    fact_id,
    make_edge,
    make_graph,
    make_node,
    make_row,
    query_edge,
)
from tests.twin.steps import Margins

MALIGNANT = make_node(HYPER) | {"id": "MONDO:0005070", "name": "neoplasm"}


def rules(graph: Graph, row: dict[str, Any], **options: Any) -> set[str]:
    """Return the rules that a row breaks, its proof and trace aside."""
    found = {each.partition(":")[0] for each in violations(graph, row, **options)}
    return found - {"steps", "trace", "edges"}


def with_clue(*edges: dict[str, Any]) -> dict[str, Any]:
    row = make_row()
    row["query"]["edges"] += edges
    return row


def test_the_sound_question_breaks_nothing() -> None:
    assert violations(make_graph(), make_row()) == []


def test_unique_a_second_mode_of_the_last_disease_is_a_second_answer() -> None:
    graph = make_graph([make_edge((MYOPATHY, MODE, DOMINANT))])
    assert {"U", "S"} <= rules(graph, make_row())


def test_unique_a_contested_mode_is_a_second_answer_too() -> None:
    graph = make_graph([make_edge((MYOPATHY, MODE, DOMINANT), contested=True)])
    assert {"U", "S"} <= rules(graph, make_row())


def test_unique_the_row_must_list_all_answers_and_no_other() -> None:
    assert rules(make_graph(), make_row(answers=[{"id": DOMINANT}])) == {"U"}


def test_stepwise_two_genes_to_one_disease_are_two_ways() -> None:
    links = [make_edge((CLCN1, LINK, disease)) for disease in (HYPER, MYOPATHY)]
    assert rules(make_graph(links), make_row()) >= {"S", "R"}


@pytest.mark.parametrize("contested", [False, True])
def test_robust_a_rival_that_fails_one_clue_is_too_near(contested: bool) -> None:
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS), contested=contested)])
    assert rules(graph, make_row()) == {"R"}
    assert rules(graph, make_row(), margins=Margins(disease=1)) >= {"M"}


def test_robust_a_rival_by_a_descendant_of_the_clue_counts() -> None:
    row = make_row()
    row["query"]["edges"][4]["object"] = EYELID
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS))])
    assert rules(graph, row) == {"R"}


def test_robust_a_group_is_a_rival_too() -> None:
    group = make_node(PARAMYOTONIA, is_group=True)
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS))], nodes=[group])
    assert rules(graph, make_row()) == {"R"}


def test_robust_one_clue_cannot_keep_a_margin_of_two() -> None:
    row = make_row()
    del row["query"]["edges"][1]
    assert rules(make_graph(), row) == {"R", "I"}


def test_minimal_a_third_clue_that_no_rival_needs_is_spare() -> None:
    graph = make_graph([make_edge((MYOPATHY, HAS, FETAL)), make_edge((BECKER, HAS, FETAL))])
    assert rules(graph, with_clue(query_edge("?d2", HAS, FETAL))) == {"M"}


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
    assert rules(graph, with_clue(query_edge("?d2", HAS, FETAL))) == broken


def test_no_skipping_clues_that_pin_the_last_disease_alone_skip_the_gene() -> None:
    graph = make_graph(without=[(BECKER, HAS, FATIGUE)])
    assert rules(graph, make_row()) == {"N"}


def test_no_skipping_a_contested_finding_gives_no_second_candidate() -> None:
    contested = make_edge((BECKER, HAS, FATIGUE), contested=True)
    graph = make_graph([contested], without=[(BECKER, HAS, FATIGUE)])
    assert rules(graph, make_row()) == {"N"}


def test_no_skipping_another_candidate_with_the_same_mode_still_pins_the_answer() -> None:
    graph = make_graph([make_edge((BECKER, MODE, RECESSIVE))], without=[(BECKER, MODE, DOMINANT)])
    assert rules(graph, make_row()) == {"N"}


def test_honest_as_many_spine_edges_as_hops() -> None:
    assert "H" in rules(make_graph(), make_row(hops=5))


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
    assert "H" in rules(make_graph([chord]), make_row())


def test_honest_a_finding_below_the_far_anchor_is_a_chord() -> None:
    graph = make_graph(
        [make_edge((FETAL, "subclass_of", WEAKNESS)), make_edge((MYOPATHY, HAS, FETAL))]
    )
    assert "H" in rules(graph, make_row())


def test_honest_a_subtype_is_kin() -> None:
    graph = make_graph([make_edge((MYOPATHY, "subclass_of", HYPER))])
    assert rules(graph, make_row()) == {"H"}


def test_honest_two_records_with_one_identifier_are_twins() -> None:
    twins = [make_node(d, equivalent_ids=["OMIM:170500"]) for d in (HYPER, MYOPATHY)]
    assert rules(make_graph(nodes=twins), make_row()) == {"H"}


def test_honest_variables_of_one_category_are_different_entities() -> None:
    row = make_row(bindings=bindings(d1=HYPER, g=SCN4A, d2=HYPER, m=DOMINANT))
    assert "H" in rules(make_graph(), row)


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
    assert rules(graph, make_row(question=text)) == {"L"}, what


@pytest.mark.parametrize(
    "text",
    [
        "By which mode of inheritance is it passed on?",
        "A disorder with hypps and attacks as recorded; is the ar mode in question?",
        "What of the classics?",
    ],
)
def test_leak_free_what_is_asked_and_other_words_are_no_leak(text: str) -> None:
    assert rules(make_graph(), make_row(question=text)) == set()


def test_leak_free_words_that_a_hundred_names_share_are_not_distinctive() -> None:
    many = [make_node(HYPER) | {"id": f"MONDO:{at}", "synonyms": []} for at in range(101)]
    graph = make_graph(nodes=many)
    assert rules(graph, make_row(question="In a periodic disorder, what is it?")) == set()


def test_informative_a_clue_of_few_bits_is_none() -> None:
    graph = make_graph(nodes=[make_node(FATIGUE, information_content=2.9)])
    assert rules(graph, make_row()) == {"I"}


@pytest.mark.parametrize(
    ("share", "broken"),
    [("2/10", {"I"}), ("3/10", set()), ("HP:0040283", {"I"}), ("17%", {"I"}), ("", set())],
)
def test_informative_a_finding_of_few_patients_is_no_clue(share: str, broken: set[str]) -> None:
    graph = make_graph([make_edge((MYOPATHY, HAS, FATIGUE), share=share)])
    assert rules(graph, make_row()) == broken


def test_informative_one_first_clue_is_allowed_only_when_asked_for() -> None:
    row = make_row()
    del row["query"]["edges"][1]
    margins = Margins(disease=1)
    assert rules(make_graph(), row, margins=margins) == {"I", "M"}
    assert rules(make_graph(), row, margins=margins, pathognomonic=True) == {"M"}


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
    assert rules(change(), make_row()) == {"G"}


def test_right_grain_a_somatic_disease_is_none() -> None:
    somatic = make_node(DOMINANT) | {"id": "HP:0001442", "name": "Typified by somatic mosaicism"}
    graph = make_graph([make_edge((HYPER, MODE, "HP:0001442"))], nodes=[somatic])
    assert rules(graph, make_row()) == {"G"}


def test_right_grain_the_solution_rests_on_no_contested_edge() -> None:
    contested = make_edge((MYOPATHY, HAS, FATIGUE), contested=True)
    graph = make_graph([contested], without=[(MYOPATHY, HAS, FATIGUE)])
    assert "G" in rules(graph, make_row())


def test_a_binding_that_solves_nothing_is_said() -> None:
    row = make_row(bindings=bindings(d1=BECKER, g=SCN4A, d2=MYOPATHY, m=RECESSIVE))
    assert "G" in rules(make_graph(), row)


def test_an_unknown_entity_is_said() -> None:
    row = make_row(bindings=bindings(d1="MONDO:404", g=SCN4A, d2=MYOPATHY, m=RECESSIVE))
    assert violations(make_graph(), row) == ["solution: not in the graph: ['MONDO:404']"]


def test_denial_the_disease_itself_must_carry_it() -> None:
    row = with_clue(query_edge("?d2", HAS, FETAL, negated=True))
    assert "solution" in rules(make_graph(), row)
    denied = make_edge((MYOPATHY, HAS, FETAL), negated=True)
    assert "solution" not in rules(make_graph([denied]), row)


def test_denial_of_an_ancestor_denies_the_term() -> None:
    row = with_clue(query_edge("?d2", HAS, FETAL, negated=True))
    denied = make_edge((MYOPATHY, HAS, ROOT), negated=True)
    assert "solution" not in rules(make_graph([denied]), row)


def exclusion(*, contested: bool) -> tuple[Graph, dict[str, Any]]:
    """Return a question in which fatigue of paramyotonia is told apart by one denial only."""
    edges = [
        make_edge((MYOPATHY, HAS, FETAL), negated=True),
        make_edge((PARAMYOTONIA, HAS, PTOSIS)),
        make_edge((PARAMYOTONIA, HAS, FATIGUE)),
        make_edge((PARAMYOTONIA, HAS, FETAL), contested=contested),
    ]
    return make_graph(edges), with_clue(query_edge("?d2", HAS, FETAL, negated=True))


def test_denial_rules_out_a_rival_that_has_the_finding() -> None:
    graph, row = exclusion(contested=False)
    assert not {"U", "S"} & rules(graph, row)


def test_denial_does_not_rule_out_a_rival_whose_finding_is_contested() -> None:
    graph, row = exclusion(contested=True)
    assert {"U", "S"} <= rules(graph, row)


def eyelid_question(graph_edges: list[dict[str, Any]]) -> tuple[Graph, dict[str, Any]]:
    """Return "which eyelid finding has the other disorder?"; the answer is ptosis."""
    row = make_row(
        question="Which eyelid finding has the other disorder?",
        answers=[{"id": PTOSIS}],
        bindings=bindings(d1=HYPER, g=SCN4A, d2=MYOPATHY, p=PTOSIS),
    )
    row["query"] |= {
        "target": "?p",
        "variables": [
            *row["query"]["variables"][:3],
            {"name": "?p", "category": "PhenotypicFeature"},
        ],
        "edges": [
            *row["query"]["edges"][:4],
            query_edge("?d2", HAS, FATIGUE),
            query_edge("?d2", HAS, FETAL),
            query_edge("?d2", HAS, "?p"),
            query_edge("?p", "subclass_of", EYELID),
        ],
        "spine": [WEAKNESS, "?d1", "?g", "?d2", "?p"],
    }
    lid_lag = make_node(PTOSIS) | {"id": "HP:0025553", "name": "Lid lag"}
    edges = [
        make_edge((MYOPATHY, HAS, FETAL)),
        make_edge((BECKER, HAS, FETAL)),
        make_edge(("HP:0025553", "subclass_of", EYELID)),
        make_edge((BECKER, HAS, "HP:0025553")),
        *graph_edges,
    ]
    return make_graph(edges, nodes=[lid_lag]), row


def test_a_question_within_a_class_is_sound() -> None:
    assert rules(*eyelid_question([])) == set()


def test_the_class_asked_within_may_be_named_and_the_answer_may_not() -> None:
    graph, row = eyelid_question([])
    row["question"] = "Which abnormal eyelid morphology, or ptosis, is recorded?"
    assert rules(graph, row) == {"L"}


def test_a_second_finding_of_the_class_is_a_second_answer() -> None:
    graph, row = eyelid_question([make_edge((MYOPATHY, HAS, "HP:0025553"))])
    assert {"U", "S", "R"} <= rules(graph, row)


def test_a_finding_above_another_of_the_same_disease_is_not_asked_for() -> None:
    graph, row = eyelid_question([make_edge((MYOPATHY, HAS, EYELID))])
    assert rules(graph, row) == set()


def test_a_contested_finding_below_hides_no_rival_above_it() -> None:
    more = [
        make_edge((MYOPATHY, HAS, "HP:0025553")),
        make_edge((FETAL, "subclass_of", "HP:0025553")),
    ]
    graph, row = eyelid_question([*more, make_edge((MYOPATHY, HAS, FETAL), contested=True)])
    assert "U" in rules(graph, row)


def test_a_clue_above_the_answer_is_its_kin() -> None:
    graph, row = eyelid_question([])
    row["query"]["edges"].append(query_edge("?d2", HAS, EYELID))
    assert "L" in rules(graph, row)


def causal_question(more: list[dict[str, Any]]) -> tuple[Graph, dict[str, Any]]:
    row = make_row()
    for at in (2, 3):
        row["query"]["edges"][at]["predicate"] = "causes"
    both = [
        make_edge((gene, "causes", disease))
        for gene, disease in [
            (SCN4A, HYPER),
            (SCN4A, MYOPATHY),
            (SCN4A, PARAMYOTONIA),
            (CLCN1, BECKER),
        ]
    ]
    return make_graph([*both, *more]), row


def test_a_causal_question_is_sound() -> None:
    assert rules(*causal_question([])) == set()


def test_a_gene_that_is_only_associated_is_a_rival_of_one_that_causes() -> None:
    links = [make_edge((CLCN1, LINK, disease)) for disease in (HYPER, MYOPATHY)]
    assert rules(*causal_question(links)) >= {"S", "R"}


def test_a_gene_that_is_only_associated_gives_no_second_candidate() -> None:
    graph, row = causal_question([])
    weaker = make_graph(
        [edge for edge in graph.edges.values() if edge["object"] != BECKER],
    )
    assert "N" in rules(weaker, row)


def test_a_gene_that_is_only_associated_answers_no_causal_question() -> None:
    row = causal_question([])[1]
    assert "G" in rules(make_graph(), row)


def test_fact_ids_follow_the_contract() -> None:
    assert fact_id(HYPER, HAS, MYOTONIA) == make_edge((HYPER, HAS, MYOTONIA))["id"]
    assert len(fact_id(HYPER, HAS, MYOTONIA)) == 13
