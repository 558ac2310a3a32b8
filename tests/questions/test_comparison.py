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
from kgsynth.paths.prevalences import Prevalences, Recorded, recorded_prevalences
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


def test_three_things_are_compared_from_both_ends(rows: list[Row]) -> None:
    asked = {row.provenance.template.partition("/")[0] for row in rows}
    orders = ("earlier", "later", "rarer", "commoner", "fewer", "more")
    assert asked == {f"comparison-{order}" for order in orders}


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


#: What turns a question round: the words of either end.
OPPOSITE = {
    "earlier": "later",
    "rarer": "more common",
    "lower": "higher",
    "fewer": "more",
}
OPPOSITE |= {two: one for one, two in OPPOSITE.items()}
_EITHER = re.compile(rf"\b(?:{'|'.join(OPPOSITE)})\b")


def test_the_opposite_question_is_wrong(rows: list[Row], graph: KnowledgeGraph) -> None:
    for row in {row.provenance.template: row for row in rows}.values():
        question = _EITHER.sub(lambda match: OPPOSITE[match[0]], row.question)
        assert question != row.question
        prompt = row.prompt.replace(row.question, question)
        found = codes(replace(row, question=question, prompt=prompt), graph)
        assert "wrong_comparison" in found, question


@pytest.mark.parametrize(
    ("order", "old", "new"),
    [
        ("earlier", "before", "after"),
        ("later", "after", "before"),
        ("commoner", "higher", "lower"),
        ("rarer", "lower", "higher"),
        ("more", "more causal", "fewer causal"),
        ("fewer", "fewer causal", "more causal"),
    ],
)
def test_an_order_turned_round_is_found(
    order: str, old: str, new: str, rows: list[Row], graph: KnowledgeGraph
) -> None:
    row = next(r for r in rows if r.provenance.template.startswith(f"comparison-{order}/"))
    last = row.trace[-1]
    assert old in last.text
    text = last.text.replace(old, new)
    spoiled = conclude(replace(row, trace=(*row.trace[:-1], replace(last, text=text))))
    assert "wrong_comparison" in codes(spoiled, graph)


def test_a_wrong_class_and_a_wrong_number_of_genes_are_found(
    rows: list[Row], graph: KnowledgeGraph
) -> None:
    for order, old, new in (("rarer", " in 1", " in 11"), ("fewer", "gene", "three gene")):
        row = next(r for r in rows if r.provenance.template.startswith(f"comparison-{order}/"))
        step = next(at for at, step in enumerate(row.trace) if old in step.text)
        text = row.trace[step].text
        text = (
            re.sub(r"\w+ gene", "three gene", text) if order == "fewer" else text.replace(old, new)
        )
        trace = list(row.trace)
        trace[step] = replace(trace[step], text=text)
        assert "wrong_number" in codes(conclude(replace(row, trace=tuple(trace))), graph)


NONE = Recorded(-1, -1, (), frozenset())


def test_prevalences_compare_like_with_like_clearly_apart(graph: KnowledgeGraph) -> None:
    known = Prevalences(graph)
    worldwide = ("Point prevalence", "Worldwide")
    spans = recorded_prevalences(graph)
    rare = next(d for d, s in spans.items() if s.get(worldwide, NONE).most == 1)
    common = next(d for d, s in spans.items() if s.get(worldwide, NONE).least == 100)
    next_rarest = next(d for d, s in spans.items() if s.get(worldwide, NONE).least == 1)
    europe = next(d for d, s in spans.items() if ("Point prevalence", "Europe") in s)
    assert [known.side(rare, common), known.side(common, rare)] == [-1, 1]
    assert known.side(rare, next_rarest) == 0  # neighbouring classes
    assert known.side(rare, europe) == 0
