"""Comparisons on the default graph: which of two diseases begins earlier, and errors found."""

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.forgery import conclude
from kgsynth.checks.inject import INJECTORS, measure
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.comparison import mine_comparisons
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, Rejection, Row
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.template import write_trace

SETTINGS = CheckSettings()


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


@pytest.fixture(scope="module")
def rows(graph: KnowledgeGraph) -> list[Row]:
    stream = mine_comparisons(graph, MiningSettings(hops=1), 0, 100)
    found = []
    for mined in islice((item for item in stream if isinstance(item, Mined)), 50):
        question = word_question(mined, graph, 0)
        assert not isinstance(question, Rejection)
        trace = write_trace(mined, question, graph, 0)
        found.append(assemble_row(mined, question, trace, graph, 0))
    return found


def codes(row: Row, graph: KnowledgeGraph) -> set[str]:
    return {finding.code for finding in check_row(row, graph, SETTINGS).findings}


def test_every_comparison_passes_every_check(rows: list[Row], graph: KnowledgeGraph) -> None:
    assert [row.id for row in rows if codes(row, graph)] == []


def test_the_answer_is_one_of_the_two_named_first_or_second_by_lot(rows: list[Row]) -> None:
    places = {row.query.among.index(row.answers[0].id) for row in rows}
    assert places == {0, 1}


def test_both_ends_are_asked_for(rows: list[Row]) -> None:
    asked = {row.provenance.template.partition("/")[0] for row in rows}
    assert asked == {"comparison-earlier", "comparison-later"}


def test_the_query_names_both_in_every_language(rows: list[Row]) -> None:
    for row in rows:
        for curie in row.query.among:
            assert f"'{curie}'" in row.cypher
            assert curie in row.sparql


def test_errors_are_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    rates = measure(rows, graph, SETTINGS)
    assert rates["clean"].detected == 0
    for name in set(INJECTORS) - {"broken_order"}:  # either disease may come first
        assert rates[name].detected >= 0.97 * rates[name].injected, name


def test_the_opposite_question_is_wrong(rows: list[Row], graph: KnowledgeGraph) -> None:
    row = rows[0]
    swap = {"earlier": "later", "later": "earlier"}
    question = re.sub(r"\bearlier|\blater", lambda match: swap[match[0]], row.question)
    prompt = row.prompt.replace(row.question, question)
    found = codes(replace(row, question=question, prompt=prompt), graph)
    assert "wrong_comparison" in found


def test_an_order_turned_round_is_found(rows: list[Row], graph: KnowledgeGraph) -> None:
    row, swap = rows[0], {"before": "after", "after": "before"}
    last = row.trace[-1]
    text = " ".join(swap.get(word, word) for word in last.text.split(" "))
    spoiled = conclude(replace(row, trace=(*row.trace[:-1], replace(last, text=text))))
    assert "wrong_comparison" in codes(spoiled, graph)
