"""Comparisons on the default graph: which of two diseases begins earlier, and errors found."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest

from kgsynth.checks.forgery import conclude
from kgsynth.checks.inject import INJECTORS, measure
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.gene_counts import ASSOCIATED, CAUSES, GeneCounts
from kgsynth.paths.measures import Measure, Neighbours
from kgsynth.paths.onsets import Onsets, recorded_onsets
from kgsynth.paths.prevalences import Prevalences, Recorded, recorded_prevalences
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.tables import make_tables
from kgsynth.records import Edge, Row
from tests.kinds import SETTINGS, codes, rows_of


@pytest.fixture(scope="module")
def rows(graph: KnowledgeGraph) -> list[Row]:
    return list(islice(rows_of(graph, "comparison"), 50))


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


onsets, prevalences = cache(recorded_onsets), cache(recorded_prevalences)


def onset_side(graph: KnowledgeGraph, one: int, other: int) -> int:
    own, theirs = (onsets(graph)[disease] for disease in (one, other))
    if not own.sources & theirs.sources:
        return 0
    return (theirs.last + 2 <= own.first) - (own.last + 2 <= theirs.first)


def prevalence_side(graph: KnowledgeGraph, one: int, other: int) -> int:
    own, theirs = (prevalences(graph)[disease] for disease in (one, other))
    sides = set()
    for key in own.keys() & theirs.keys():
        if own[key].sources & theirs[key].sources:
            sides.add(
                own[key].least >= 5 * theirs[key].most or -(theirs[key].least >= 5 * own[key].most)
            )
    return sum(sides) if len(sides - {0}) == 1 else 0


def gene_side(graph: KnowledgeGraph, one: int, other: int) -> int:
    def genes(disease: int, *predicates: str) -> list[Edge]:
        curie = graph.id_of(disease)
        every = (edge for name in predicates for edge in graph.edges_of(curie, name, "inverse"))
        return [edge for edge in every if graph.node(edge.subject).category == "Gene"]

    def more(rich: int, poor: int) -> bool:
        sure, few_sure = (
            len({edge.subject for edge in genes(each, CAUSES) if not edge.contested})
            for each in (rich, poor)
        )
        few = len({edge.subject for edge in genes(poor, CAUSES, ASSOCIATED)})
        by_source: dict[str, set[str]] = {}
        for edge in genes(rich, CAUSES, ASSOCIATED):
            for told in edge.evidence:
                by_source.setdefault(told.source, set()).add(edge.subject)
        of_all = [
            {told.source for told in e.evidence} for d in (rich, poor) for e in genes(d, CAUSES)
        ]
        clear = sure >= max(2 * few, few + 3) and few <= few_sure
        return clear and bool(set.intersection(*of_all)) and min(map(len, by_source.values())) > few

    return more(one, other) - more(other, one)


@pytest.mark.parametrize(
    ("make", "side"),
    [(Onsets, onset_side), (Prevalences, prevalence_side), (GeneCounts, gene_side)],
)
def test_sides_are_those_of_the_recorded_values(
    make: Callable[[KnowledgeGraph], Measure],
    side: Callable[[KnowledgeGraph, int, int], int],
    graph: KnowledgeGraph,
) -> None:
    measure = make(graph)
    lots = random.Random(5)
    for one in lots.sample(measure.fit.tolist(), 6):
        found = measure.sides(one)
        for at in lots.sample(range(len(found)), 30) + np.flatnonzero(found)[:10].tolist():
            assert found[at] == side(graph, one, int(measure.fit[at]))


def test_neighbours_are_those_that_share_most_and_lie_apart(graph: KnowledgeGraph) -> None:
    tables = make_tables(graph, MiningSettings(hops=1))
    measure = GeneCounts(graph)
    near = Neighbours(tables, measure)
    for one in random.Random(6).sample(measure.fit.tolist(), 5):
        pool = tables.pool[tables.pool[one] : tables.pool[one + 1]].tolist()
        terms = [{graph.id_of(clue), *graph.descendants(graph.id_of(clue))} for clue in pool]
        kin = graph.ancestors(graph.id_of(one)) | graph.descendants(graph.id_of(one))
        sides = measure.sides(one)
        shared = {}
        for at in np.flatnonzero(sides).tolist():
            other = graph.id_of(int(measure.fit[at]))
            held = set(graph.neighbours(other, "has_phenotype"))
            count = sum(not held.isdisjoint(term) for term in terms)
            if count >= 2 and other not in kin and not graph.node(other).is_group:
                shared[other] = count
        wanted = sorted(shared, key=lambda other: (-shared[other], graph.index_of(other)))[:20]
        assert [graph.id_of(other) for other in near.near(one)] == wanted


NONE = Recorded(-1, -1, (), frozenset())


def test_prevalences_compare_like_with_like_clearly_apart(graph: KnowledgeGraph) -> None:
    known = Prevalences(graph)
    worldwide = ("Point prevalence", "Worldwide")
    spans = recorded_prevalences(graph)
    fit = set(known.fit.tolist())
    spans = {disease: span for disease, span in spans.items() if disease in fit}
    rare = next(d for d, s in spans.items() if s.get(worldwide, NONE).most == 1)
    common = next(d for d, s in spans.items() if s.get(worldwide, NONE).least == 100)
    next_rarest = next(d for d, s in spans.items() if s.get(worldwide, NONE).least == 1)
    europe = next(d for d, s in spans.items() if ("Point prevalence", "Europe") in s)
    sides = dict(zip(known.fit.tolist(), known.sides(rare).tolist(), strict=True))
    assert [sides[common], sides[next_rarest], sides[europe]] == [
        -1,
        0,
        0,
    ]  # next: neighbouring classes
    assert known.sides(common)[known.fit.searchsorted(rare)] == 1
