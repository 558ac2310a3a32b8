"""Duals on the default graph: pairs of opposite answers, and errors that are found in them."""

from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from kgsynth.checks.inject import INJECTORS, measure
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Candidate, Row
from tests.kinds import SETTINGS, codes, rows_of


@pytest.fixture(scope="module")
def rows(graph: KnowledgeGraph) -> list[Row]:
    return list(islice(rows_of(graph, "dual", "yes_no"), 60))


def test_every_dual_passes_every_check(rows: list[Row], graph: KnowledgeGraph) -> None:
    assert [row.id for row in rows if codes(row, graph)] == []


def test_a_pair_has_one_yes_and_one_no_and_one_thing_in_common(rows: list[Row]) -> None:
    pairs = {row.pair: [other for other in rows if other.pair == row.pair] for row in rows}
    assert len(pairs) == len(rows) / 2
    for both in pairs.values():
        assert sorted(row.answer for row in both) == ["no", "yes"]
        named = {(row.query.edges[0].subject, row.candidate.id) for row in both}
        assert len({pair[0] for pair in named}) + len({pair[1] for pair in named}) == 3


def test_both_sorts_of_pairs_occur(rows: list[Row]) -> None:
    sorts = Counter(row.provenance.template.partition("/")[0] for row in rows)
    assert set(sorts) == {"dual-disease", "dual-finding"}


def test_no_two_rows_are_the_same_question(rows: list[Row]) -> None:
    assert len({row.id for row in rows}) == len({row.question for row in rows}) == len(rows)


def test_errors_are_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    rates = measure(rows, graph, SETTINGS)
    assert rates["clean"].detected == 0
    for name in INJECTORS:
        assert rates[name].detected >= 0.97 * rates[name].injected, name


def test_the_opposite_answer_is_wrong(rows: list[Row], graph: KnowledgeGraph) -> None:
    for row in rows[:4]:
        other = "no" if row.answer == "yes" else "yes"
        assert "wrong_answer" in codes(replace(row, answer=other), graph)


def test_what_is_only_not_recorded_is_no_proposal(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = next(row for row in rows if row.answer == "no")
    held = graph.neighbours(row.query.edges[0].subject, "has_phenotype")
    node = graph.node(next(o for o in ("HP:0001166", "HP:0000501") if o not in held))
    assert "wrong_pair" in codes(replace(row, candidate=Candidate(node.id, node.name)), graph)


def test_a_made_up_number_of_patients_is_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = next(row for row in rows if "none of " in row.reasoning)
    last = row.trace[-1]
    text = last.text.replace("none of ", "none of 9")
    spoiled = replace(row, trace=(*row.trace[:-1], replace(last, text=text)))
    assert "wrong_number" in codes(spoiled, graph)


def test_a_dual_needs_its_pair(rows: list[Row], graph: KnowledgeGraph) -> None:
    assert "wrong_form" in codes(replace(rows[0], pair=""), graph)
