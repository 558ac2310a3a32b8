"""Intersections, exclusions and lists on the default graph: rows hold, errors are found."""

from dataclasses import replace
from itertools import islice

import pytest

from kgsynth.checks import check_row
from kgsynth.checks.forgery import conclude
from kgsynth.checks.inject import INJECTORS, measure
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row
from tests.kinds import SETTINGS, codes, rows_of

KINDS = ("intersection", "exclusion", "list")
#: Errors that a step of a chain may hold and these questions have no place for, or seldom.
ABSENT = {
    "invented_entity",
    "dropped_hop",
    "broken_order",
    "reversed_relation",
    "option_reason",  # open questions have no options
}
#: Errors in what a stem tells of its patient.
OF_STEMS = {"wrong_age", "wrong_sex", "wrong_often"}


@pytest.fixture(scope="module")
def rows(graph: KnowledgeGraph) -> dict[str, list[Row]]:
    return {kind: list(islice(rows_of(graph, kind), 30)) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_nearly_every_row_passes_every_check(
    kind: str, rows: dict[str, list[Row]], graph: KnowledgeGraph
) -> None:
    failed = [row.id for row in rows[kind] if not check_row(row, graph, SETTINGS).accepted]
    assert len(failed) <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_injected_error_is_found(
    kind: str, rows: dict[str, list[Row]], graph: KnowledgeGraph
) -> None:
    rates = measure(rows[kind], graph, SETTINGS)
    for name in set(INJECTORS) - ABSENT:
        rate = rates[name]
        # Not every stem tells of a patient whose age could be wrong.
        assert name in OF_STEMS or rate.injected >= 20, name
        # Another rival that lacks the same is as true as the one that was named.
        assert rate.detected >= (0.8 if name in ("wrong_entity", "granularity") else 0.97) * (
            rate.injected
        ), name


def test_a_row_of_one_step_has_one_hop_and_no_spine(rows: dict[str, list[Row]]) -> None:
    assert {(row.hops, row.query.spine) for kind in KINDS for row in rows[kind]} == {(1, ())}


def test_the_answer_of_a_list_is_all_its_names_in_order(rows: dict[str, list[Row]]) -> None:
    for row in rows["list"]:
        parts = row.answer.replace(" and ", ", ").split(", ")
        assert parts == sorted(parts, key=str.casefold)
        assert len(parts) == len(row.answers) == row.steps[0].candidates[-1]
        assert row.bindings[0].id == row.answers[0].id
        assert [answer.id for answer in row.answers] == sorted(a.id for a in row.answers)


def test_a_list_with_a_member_left_out_is_found(
    rows: dict[str, list[Row]], graph: KnowledgeGraph
) -> None:
    row = next(row for row in rows["list"] if len(row.answers) > 2)
    short = replace(row, answers=row.answers[:-1])
    assert {"wrong_answer_list", "not_unique"} <= codes(short, graph)
    *_, last = row.answer.split(" and ")
    renamed = conclude(replace(row, answer=row.answer.removesuffix(f" and {last}")))
    assert "wrong_answer" in codes(renamed, graph)


def test_a_list_without_the_step_of_a_member_is_found(
    rows: dict[str, list[Row]], graph: KnowledgeGraph
) -> None:
    row = rows["list"][0]
    for gone in range(len(row.trace) - 1):
        kept = conclude(replace(row, trace=row.trace[:gone] + row.trace[gone + 1 :]))
        assert codes(kept, graph) & {"dropped_hop", "uncovered_edge"}, gone


def test_a_wrong_answer_in_the_words_of_a_list_is_found(
    rows: dict[str, list[Row]], graph: KnowledgeGraph
) -> None:
    row = rows["list"][0]
    swapped = conclude(replace(row, answer=" and ".join(reversed(row.answer.split(" and ")))))
    assert "wrong_answer" in codes(swapped, graph)


def test_an_exclusion_denies_what_decides(
    rows: dict[str, list[Row]], graph: KnowledgeGraph
) -> None:
    for row in rows["exclusion"]:
        (denied,) = (edge for edge in row.query.edges if edge.negated)
        plain = tuple(edge for edge in row.query.edges if not edge.negated)
        assert len(graph.answers(replace(row.query, edges=plain))) > 1
        # The row cites who denies it.
        assert any(edge.negated and edge.subject == row.answers[0].id for edge in row.edges)
        assert denied.object not in {edge.object for edge in plain}


def test_who_denies_is_read(rows: dict[str, list[Row]], graph: KnowledgeGraph) -> None:
    row = next(row for row in rows["exclusion"] if "HPO's" in row.reasoning)
    steps = tuple(
        replace(step, text=step.text.replace("HPO's", "Orphanet's")) for step in row.trace
    )
    assert "unsupported_claim" in codes(conclude(replace(row, trace=steps)), graph)


def test_no_finding_alone_is_asked_for(rows: dict[str, list[Row]]) -> None:
    for kind in KINDS:
        for row in rows[kind]:
            assert sum(not edge.negated for edge in row.query.edges) >= 2
