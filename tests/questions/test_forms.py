"""Forms: options and proposals are fit, tempting, balanced, and the same for the same seed."""

from collections import Counter
from dataclasses import replace
from itertools import islice

import pytest

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import mine_paths
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions.alike import likeness
from kgsynth.questions.base import Question
from kgsynth.questions.forms import KEYS, FormSettings
from kgsynth.questions.reasons import Trial, records_of
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, QueryEdge, Rejection
from tests import kinds


@pytest.fixture(scope="module")
def mined(graph: KnowledgeGraph) -> list[Mined]:
    found: list[Mined] = []
    for hops in (2, 3, 4):
        stream = mine_paths(graph, MiningSettings(hops=hops), 0, 100)
        found += islice((item for item in stream if isinstance(item, Mined)), 30)
    return found


def asked(
    mined: list[Mined], graph: KnowledgeGraph, form: str, settings: FormSettings | None = None
) -> list[tuple[Mined, Question]]:
    how = settings or FormSettings()
    made = [
        (m, word_question(m, graph, 0, form, how)) for m in kinds.asked(mined, graph, form, how)
    ]
    return [(m, question) for m, question in made if isinstance(question, Question)]


@pytest.fixture(scope="module")
def chosen(mined: list[Mined], graph: KnowledgeGraph) -> list[tuple[Mined, Question]]:
    return asked(mined, graph, "choice")


def test_too_few_or_too_many_options_are_refused() -> None:
    for number in (1, 11):
        with pytest.raises(UsageError, match="expected 2 to 10"):
            FormSettings(options=number)


@pytest.mark.parametrize("number", [2, 5])
def test_a_choice_has_so_many_options_one_of_them_right(
    number: int, mined: list[Mined], graph: KnowledgeGraph
) -> None:
    made = asked(mined, graph, "choice", FormSettings(number))
    assert len(made) >= 8
    for item, question in made:
        assert [option.key for option in question.options] == list(KEYS[:number])
        (right,) = [option for option in question.options if option.correct]
        assert (right.key, right.text) == (question.answer_key, question.answer)
        assert right.id == item.bound[item.query.target]
        assert question.final == f"{right.key}) {right.text}"
        assert len({option.text.casefold() for option in question.options}) == number
        for option in question.options:
            assert f"\n{option.key}) {option.text}\n" in question.prompt


def test_options_are_of_one_category_and_no_kin(
    chosen: list[tuple[Mined, Question]], graph: KnowledgeGraph
) -> None:
    records = records_of(graph)
    for _, question in chosen:
        places = [graph.index_of(option.id) for option in question.options]
        assert len({graph.category_of(place) for place in places}) == 1
        kin = [records.kin(a, b) for i, a in enumerate(places) for b in places[:i]]
        assert not any(kin)
        assert not any(graph.node(option.id).is_group for option in question.options)


def test_each_wrong_option_fails_as_many_edges_as_the_margin(
    chosen: list[tuple[Mined, Question]],
) -> None:
    for item, question in chosen:
        for option in question.options:
            if option.correct:
                assert option.reasons == ()
                continue
            assert len(option.reasons) >= max(1, item.steps[-1].margin)
            for reason in option.reasons:
                edge = item.query.edges[reason.clue]
                assert item.query.target in (edge.subject, edge.object)
                assert bool(reason.edges) == (reason.reason != "not_recorded")


def test_without_silence_only_what_is_recorded_speaks_against_an_option(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    made = asked(mined, graph, "choice", FormSettings(not_recorded=False))
    said = {r.reason for _, question in made for o in question.options for r in o.reasons}
    assert "not_recorded" not in said
    assert "other_value" in said


def test_the_same_seed_asks_the_same_and_the_right_one_stands_anywhere(
    chosen: list[tuple[Mined, Question]], mined: list[Mined], graph: KnowledgeGraph
) -> None:
    assert chosen == asked(mined, graph, "choice")
    keys = Counter(question.answer_key for _, question in chosen)
    assert set(keys) == set("ABCD")
    assert max(keys.values()) < 0.6 * len(chosen)


def test_a_proposal_is_right_in_about_half_of_the_questions(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    made = asked(mined, graph, "yes_no")
    right = 0
    for item, question in made:
        assert question.candidate.name == graph.node(question.candidate.id).name
        proposed = question.candidate.id == item.bound[item.query.target]
        assert question.answer == ("yes" if proposed else "no")
        assert question.question in question.prompt
        assert question.options == ()
        right += proposed
    assert 0.3 < right / len(made) < 0.7


def test_where_nothing_is_wrong_for_a_recorded_reason_the_question_is_rejected(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    codes = Counter(
        made.code
        for item in mined
        if isinstance(made := word_question(item, graph, 0, "choice"), Rejection)
    )
    assert {"few_distractors", "guessable"} <= set(codes)
    assert set(codes) <= {"few_distractors", "guessable", "leak"}


def test_a_disorder_reached_over_another_gene_does_not_fail_the_hop(graph: KnowledgeGraph) -> None:
    # Both genes of the first disorder lead on, so an option of either is reached.
    stream = mine_paths(graph, MiningSettings(hops=3), 0, 200)
    for item in (m for m in stream if isinstance(m, Mined)):
        trial = Trial(item, graph)
        first = graph.index_of(item.bound["?d1"])
        genes = trial.records.near("gene_associated_with_condition", first, "inverse")
        if len(genes) > 1:
            ends = [
                trial.records.near("gene_associated_with_condition", gene, "forward")
                for gene in genes
            ]
            assert trial.reached == frozenset().union(*ends) - {first}
            return
    pytest.fail("no disorder with several genes was mined")


def test_a_denial_of_a_more_general_finding_is_a_reason(graph: KnowledgeGraph) -> None:
    records = records_of(graph)
    every = graph.edges()
    for edge in every.filter(every.column("negated")).to_pylist():
        if not edge["contested"] and not edge["weak"]:
            below = sorted(graph.descendants(edge["object"]))
            disease = graph.index_of(edge["subject"])
            free = [c for c in below if graph.index_of(c) not in records.findings(disease)]
            if free:
                asked_for = QueryEdge("?d", "has_phenotype", free[0])
                reason = records.reason(asked_for, 3, disease, graph.index_of(free[0]))
                assert reason is not None
                assert (reason.reason, reason.clue) == ("denied", 3)
                assert edge["id"] in reason.edges
                return
    pytest.fail("the graph denies nothing")


def test_a_forbidden_finding_that_is_recorded_is_a_reason(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    item = mined[0]
    disease = graph.index_of(item.bound["?d1"])
    clue = next(e for e in item.query.edges if e.predicate == "has_phenotype")
    term = graph.index_of(clue.object)
    records = records_of(graph)
    forbidden = replace(clue, negated=True)
    assert not records.holds(forbidden, disease, term)
    reason = records.reason(forbidden, 0, disease, term)
    assert reason is not None
    assert reason.reason == "other_value"
    assert reason.edges


def test_likeness_is_the_share_of_letters_in_threes() -> None:
    assert likeness("ptosis", "ptosis") == 1.0
    assert likeness("short ribs", "short neck") > likeness("short ribs", "ptosis")
