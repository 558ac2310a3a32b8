"""How hard a question is: the parts, the score made of them, and what it may not tell."""

import dataclasses
import math

import pytest

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.difficulty import difficulty_of, score_bounds, score_of, words_of
from kgsynth.questions.wording import word_question
from kgsynth.records import (
    Binding,
    Difficulty,
    Mined,
    ProofStep,
    Query,
    QueryEdge,
    Rival,
    Variable,
)
from tests.mined import mined_chains, name_of

#: Marfan syndrome, and what is recorded for it: ectopia lentis, aortic root aneurysm.
MARFAN, LENS, AORTA = "MONDO:0007947", "HP:0001083", "HP:0002616"
#: Loeys-Dietz syndrome 1, which is like Marfan syndrome, and cystic fibrosis, which is not.
LOEYS_DIETZ, CYSTIC_FIBROSIS = "MONDO:0012212", "MONDO:0009061"

PLAIN = Difficulty(
    score=0.0, hops=4, clues=6, candidates=64, information_bits=6.0, search_bits=5.0, closeness=0.5
)


def findings(*terms: str, left: tuple[int, ...], fails: int) -> Mined:
    """Return a question of one step: which disease has these findings?"""
    edges = tuple(QueryEdge("?d", "has_phenotype", term) for term in terms)
    rivals = (Rival(CYSTIC_FIBROSIS, tuple(range(fails))),)
    step = ProofStep(("?d",), tuple(range(len(terms))), left, fails, rivals)
    query = Query("?d", (Variable("?d", "Disease"),), edges, ())
    return Mined("intersection-d", query, (Binding("?d", MARFAN),), (step,), (MARFAN,))


def asked_of(disease: str, proposed: str, answers: tuple[str, ...]) -> Mined:
    """Return a dual: does a disease have a finding?"""
    query = Query(
        "?p",
        (Variable("?p", "PhenotypicFeature"),),
        (QueryEdge(disease, "has_phenotype", "?p"),),
        (),
    )
    step = ProofStep(("?p",), (), (), 0, ())
    return Mined("dual-disease", query, (Binding("?p", LENS),), (step,), answers, proposed, "kgp-1")


def compared(other: str) -> Mined:
    """Return a comparison of Marfan syndrome with another disease, by congenital onset."""
    edge = QueryEdge("?d", "has_attribute", "HP:0003577")
    query = Query("?d", (Variable("?d", "Disease"),), (edge,), (), (MARFAN, other))
    step = ProofStep(("?d",), (0,), (1,), 1, (Rival(other, (0,)),))
    return Mined("comparison-earlier", query, (Binding("?d", MARFAN),), (step,), (MARFAN,))


def test_the_score_is_made_of_the_recorded_parts_alone() -> None:
    # 0.3 * 3/5 + 0.45 * 5/10 + 0.1 * 6/12 + 0.15 * 0.5
    assert score_of(PLAIN) == pytest.approx(0.18 + 0.225 + 0.05 + 0.075)
    guessed = dataclasses.replace(PLAIN, chance=0.25, overlap=0.5)
    assert score_of(guessed) == pytest.approx(0.53 * 0.875 * 0.75, abs=1e-4)


@pytest.mark.parametrize(
    "harder",
    [
        dataclasses.replace(PLAIN, hops=5),
        dataclasses.replace(PLAIN, search_bits=6.0),
        dataclasses.replace(PLAIN, information_bits=5.0),
        dataclasses.replace(PLAIN, closeness=0.6),
    ],
)
def test_each_part_makes_a_question_harder(harder: Difficulty) -> None:
    assert score_of(harder) > score_of(PLAIN)


@pytest.mark.parametrize(
    "easier", [dataclasses.replace(PLAIN, overlap=0.2), dataclasses.replace(PLAIN, chance=0.5)]
)
def test_names_and_guesses_make_a_question_easier(easier: Difficulty) -> None:
    assert score_of(easier) < score_of(PLAIN)


def test_no_part_takes_the_score_out_of_its_range() -> None:
    most = Difficulty(0.0, 40, 9, 10**6, 0.0, (), 99.0, 1.0)
    assert (score_of(most), score_of(Difficulty(0.0, 1, 1, 1, 40.0))) == (1.0, 0.0)


@pytest.mark.parametrize("mined", mined_chains(), ids=name_of)
def test_the_parts_of_a_chain_are_those_of_its_proof(mined: Mined, graph: KnowledgeGraph) -> None:
    found = difficulty_of(mined, graph)
    clues = [mined.query.edges[index].object for step in mined.steps for index in step.clues]
    left = [step.candidates for step in mined.steps if step.candidates]
    halves = [math.log2(step[: len(step) // 2 or 1][-1]) for step in left]
    bits = [graph.node(clue).information_content or 0.0 for clue in clues]
    assert found.hops == len(mined.query.spine) - 1
    assert found.clues == len(clues)
    assert found.left == tuple(count for step in left for count in step)
    assert found.candidates == max(step[0] for step in left)
    assert found.search_bits == pytest.approx(sum(halves), abs=1e-4)
    assert found.information_bits == pytest.approx(sum(bits) / len(bits), abs=1e-4)
    assert found.score == score_of(found)


def test_more_ways_halfway_and_nearer_rivals_are_harder(graph: KnowledgeGraph) -> None:
    easy = difficulty_of(findings(LENS, AORTA, left=(4, 1), fails=2), graph)
    many = difficulty_of(findings(LENS, AORTA, left=(400, 1), fails=2), graph)
    near = difficulty_of(findings(LENS, AORTA, left=(4, 1), fails=1), graph)
    assert easy.score < near.score < many.score
    assert (easy.closeness, near.closeness) == (0.0, 0.5)


def test_a_dual_misleads_who_knows_only_how_common_the_finding_is(graph: KnowledgeGraph) -> None:
    listed = (LENS, AORTA)
    yes = difficulty_of(asked_of(MARFAN, LENS, listed), graph)
    no = difficulty_of(asked_of(MARFAN, LENS, (AORTA,)), graph)
    assert yes.closeness == pytest.approx(1 - no.closeness, abs=1e-4)
    assert (yes.chance, yes.candidates, yes.search_bits, yes.left) == (0.5, 2, 1.0, ())


def test_like_diseases_are_harder_to_compare(graph: KnowledgeGraph) -> None:
    near, far = (difficulty_of(compared(one), graph) for one in (LOEYS_DIETZ, CYSTIC_FIBROSIS))
    assert near.closeness > far.closeness
    assert near.score > far.score
    assert near.chance == 0.5


def test_a_name_that_is_half_given_makes_a_question_easier(graph: KnowledgeGraph) -> None:
    assert words_of("Aortic root aneurysm") == {"aorti", "root", "aneur"}
    mined = findings(AORTA, LENS, left=(40, 1), fails=1)
    # Familial thoracic aortic aneurysm and aortic dissection: two of its words are in a clue.
    aortic = dataclasses.replace(
        mined, answers=("MONDO:0019625",), bindings=(Binding("?d", "MONDO:0019625"),)
    )
    assert difficulty_of(aortic, graph).overlap > difficulty_of(mined, graph).overlap == 0.0


def test_a_proposal_does_not_change_how_hard_a_question_is(graph: KnowledgeGraph) -> None:
    mined = findings(LENS, AORTA, left=(4, 1), fails=1)
    open_, asked = difficulty_of(mined, graph), difficulty_of(mined, graph, "yes_no")
    assert asked == dataclasses.replace(open_, chance=0.5, score=asked.score)
    assert asked.score < open_.score


def test_what_will_be_asked_with_options_lies_within_its_bounds(graph: KnowledgeGraph) -> None:
    values = [
        one for one in mined_chains() if one.template in ("chain-di", "chain-dgdi", "chain-dgdp")
    ]
    asked = [(m, word_question(m, graph, seed, "choice")) for m in values for seed in range(9)]
    made = [(one, question) for one, question in asked if isinstance(question, Question)]
    assert made
    for mined, question in made:
        low, high = score_bounds(mined, graph, "choice", 4)
        found = difficulty_of(mined, graph, "choice", question.options)
        assert low <= found.score <= high
        assert found.chance == 0.25


def test_an_open_question_has_its_score_before_it_is_worded(graph: KnowledgeGraph) -> None:
    for mined in mined_chains():
        score = difficulty_of(mined, graph).score
        assert score_bounds(mined, graph) == (score, score)
