"""Differentials on the default graph: cases that hold, and errors that are found in them."""

import re
from dataclasses import replace
from itertools import islice

import pytest

from kgsynth.checks.forgery import conclude
from kgsynth.checks.inject import INJECTORS, measure
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.differential import mine_differentials
from kgsynth.paths.settings import MiningSettings
from kgsynth.records import Row
from tests.kinds import SETTINGS, codes, rows_of


@pytest.fixture(scope="module")
def rows(graph: KnowledgeGraph) -> list[Row]:
    return list(islice(rows_of(graph, "differential"), 40))


def test_every_case_passes_every_check(rows: list[Row], graph: KnowledgeGraph) -> None:
    assert [row.id for row in rows if codes(row, graph)] == []


def test_a_case_has_four_to_seven_findings_and_three_to_five_rivals_told(rows: list[Row]) -> None:
    for row in rows:
        assert 4 <= len(row.query.edges) <= 7
        assert 3 <= len(row.trace) - 1 <= 5


def test_the_same_seed_draws_the_same_cases(graph: KnowledgeGraph) -> None:
    once, again = (
        list(islice(mine_differentials(graph, MiningSettings(hops=1), 7, 100), 20))
        for _ in range(2)
    )
    assert once == again


def test_errors_are_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    rates = measure(rows, graph, SETTINGS)
    assert rates["clean"].detected == 0
    for name in INJECTORS:
        rate = rates[name]
        # A parent of a finding that both disorders have is no error, only less said.
        least = {"granularity": 0.7, "wrong_entity": 0.95}.get(name, 0.97)
        assert rate.detected >= least * rate.injected, name


def test_a_made_up_age_is_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = next(row for row in rows if "began in" in row.question)
    question = re.sub(r"began in \w+", "began late in life", row.question)
    prompt = row.prompt.replace(row.question, question)
    assert "wrong_case" in codes(replace(row, question=question, prompt=prompt), graph)


def test_a_made_up_share_is_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = next(row for row in rows if "in many patients" in row.trace[-1].text)
    last = row.trace[-1]
    text = last.text.replace("in many patients", "in nearly all patients")
    spoiled = conclude(replace(row, trace=(*row.trace[:-1], replace(last, text=text))))
    assert codes(spoiled, graph) == {"wrong_share"}


def test_a_made_up_onset_is_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = next(row for row in rows if " onset" in row.trace[-1].text)
    last = row.trace[-1]
    text = re.sub(r"recorded with [\w ]+? onset", "recorded with embryonal onset", last.text)
    spoiled = conclude(replace(row, trace=(*row.trace[:-1], replace(last, text=text))))
    assert "unsupported_claim" in codes(spoiled, graph)


def test_too_few_rivals_are_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = rows[0]
    spoiled = conclude(replace(row, trace=(row.trace[0], row.trace[-1])))
    assert "untold_rival" in codes(spoiled, graph)


def test_a_clue_that_fails_no_listed_rival_is_spare(rows: list[Row], graph: KnowledgeGraph) -> None:
    step = rows[0].steps[0]
    clue = step.rivals[0].fails[0]
    kept = tuple(rival for rival in step.rivals if clue not in rival.fails)
    spoiled = replace(rows[0], steps=(replace(step, rivals=kept),))
    assert "spare_clue" in codes(spoiled, graph)
