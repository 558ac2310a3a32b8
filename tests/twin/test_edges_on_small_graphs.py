"""What a query edge means: denials, findings asked within a class, causes and associations."""

from typing import Any

from tests.twin.graph import Graph
from tests.twin.rules import broken_rules
from tests.twin.small import (
    BECKER,
    CLCN1,
    EYELID,
    FATIGUE,
    FETAL,
    HAS,
    HYPER,
    LINK,
    MYOPATHY,
    MYOTONIA,
    PARAMYOTONIA,
    PTOSIS,
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
    with_clue,
)


def test_denial_the_disease_itself_must_carry_it() -> None:
    row = with_clue(query_edge("?d2", HAS, FETAL, negated=True))
    assert "solution" in broken_rules(make_graph(), row)
    denied = make_edge((MYOPATHY, HAS, FETAL), negated=True)
    assert "solution" not in broken_rules(make_graph([denied]), row)


def test_denial_of_an_ancestor_denies_the_term() -> None:
    row = with_clue(query_edge("?d2", HAS, FETAL, negated=True))
    denied = make_edge((MYOPATHY, HAS, ROOT), negated=True)
    assert "solution" not in broken_rules(make_graph([denied]), row)


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
    assert not {"U", "S"} & broken_rules(graph, row)


def test_denial_does_not_rule_out_a_rival_whose_finding_is_contested() -> None:
    graph, row = exclusion(contested=True)
    assert {"U", "S"} <= broken_rules(graph, row)


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
    assert broken_rules(*eyelid_question([])) == set()


def test_the_class_asked_within_may_be_named_and_the_answer_may_not() -> None:
    graph, row = eyelid_question([])
    row["question"] = "Which abnormal eyelid morphology, or ptosis, is recorded?"
    assert broken_rules(graph, row) == {"L"}


def test_a_second_finding_of_the_class_is_a_second_answer() -> None:
    graph, row = eyelid_question([make_edge((MYOPATHY, HAS, "HP:0025553"))])
    assert {"U", "S", "R"} <= broken_rules(graph, row)


def test_a_finding_above_another_of_the_same_disease_is_not_asked_for() -> None:
    graph, row = eyelid_question([make_edge((MYOPATHY, HAS, EYELID))])
    assert broken_rules(graph, row) == set()


def test_a_contested_finding_below_hides_no_rival_above_it() -> None:
    more = [
        make_edge((MYOPATHY, HAS, "HP:0025553")),
        make_edge((FETAL, "subclass_of", "HP:0025553")),
    ]
    graph, row = eyelid_question([*more, make_edge((MYOPATHY, HAS, FETAL), contested=True)])
    assert "U" in broken_rules(graph, row)


def test_a_clue_above_the_answer_is_its_kin() -> None:
    graph, row = eyelid_question([])
    row["query"]["edges"].append(query_edge("?d2", HAS, EYELID))
    assert "L" in broken_rules(graph, row)


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
    assert broken_rules(*causal_question([])) == set()


def test_a_gene_that_is_only_associated_is_a_rival_of_one_that_causes() -> None:
    links = [make_edge((CLCN1, LINK, disease)) for disease in (HYPER, MYOPATHY)]
    assert broken_rules(*causal_question(links)) >= {"S", "R"}


def test_a_gene_that_is_only_associated_gives_no_second_candidate() -> None:
    graph, row = causal_question([])
    weaker = make_graph(
        [edge for edge in graph.edges.values() if edge["object"] != BECKER],
    )
    assert "N" in broken_rules(weaker, row)


def test_a_gene_that_is_only_associated_answers_no_causal_question() -> None:
    row = causal_question([])[1]
    assert "G" in broken_rules(make_graph(), row)


def test_fact_ids_follow_the_contract() -> None:
    assert fact_id(HYPER, HAS, MYOTONIA) == make_edge((HYPER, HAS, MYOTONIA))["id"]
    assert len(fact_id(HYPER, HAS, MYOTONIA)) == 13
