"""Blocks: one of several questions is asked by lot, and the answers of all are its options."""

from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import mine_paths
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions.blocks import Blocks
from kgsynth.questions.difficulty_range import parse_range
from kgsynth.questions.forms import FormSettings
from kgsynth.questions.reasons import Trial
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, Rejection


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


@pytest.fixture(scope="module")
def mined(graph: KnowledgeGraph) -> list[Mined]:
    """Forty chains that end at a gene."""
    stream = mine_paths(graph, MiningSettings(hops=2), 0, 100)
    genes = (m for m in stream if isinstance(m, Mined) and m.template == "chain-dg")
    return list(islice(genes, 40))


def split_of(mined: Mined) -> str:
    """Put answers into two splits by their ids."""
    return "test" if mined.answers[0][-1] in "01234" else "train"


def grouped(
    mined: list[Mined], graph: KnowledgeGraph, seed: int = 0, form: str = "choice", wanted: str = ""
) -> tuple[list[Mined], Counter[str]]:
    """Return the questions that are asked, and why others are not."""
    how = parse_range(wanted) if wanted else None
    blocks = Blocks(graph, form, FormSettings(), seed, split_of, how)
    out = list(blocks.group(iter(mined)))
    asked = [item for item in out if isinstance(item, Mined)]
    return asked, Counter(item.code for item in out if isinstance(item, Rejection))


def test_every_question_is_asked_lends_its_answer_or_finds_no_block(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    for form, size in (("choice", 4), ("yes_no", 2)):
        asked, codes = grouped(mined, graph, form=form)
        assert asked
        assert set(codes) <= {"lent", "no_block"}
        assert codes["lent"] == (size - 1) * len(asked)
        assert len(asked) + sum(codes.values()) == len(mined)


def test_options_are_answers_of_questions_of_one_split(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    splits = {m.answers[0]: split_of(m) for m in mined}
    for item in grouped(mined, graph)[0]:
        assert len(set(item.options)) == 4
        assert item.answers[0] in item.options
        assert {splits[curie] for curie in item.options} == {split_of(item)}


def test_every_option_of_a_block_is_wrong_for_recorded_reasons(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    for item in grouped(mined, graph)[0]:
        trial = Trial(item, graph)
        for curie in set(item.options) - set(item.answers):
            assert len(trial.against(graph.index_of(curie))) >= trial.margin


def test_the_lot_alone_decides_which_question_of_a_block_is_asked(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    right: dict[tuple[str, ...], Counter[str]] = {}
    for seed in range(40):
        for item in grouped(mined[:24], graph, seed)[0]:
            right.setdefault(item.options, Counter())[item.answers[0]] += 1
    for options, counts in right.items():
        assert sum(counts.values()) == 40  # the blocks are the same for every seed
        assert set(counts) == set(options)
        assert max(counts.values()) <= 20


def test_of_a_block_every_question_is_as_hard_as_asked_for_or_none(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    free = grouped(mined, graph)[0]
    none, codes = grouped(mined, graph, wanted="0.99..1")
    assert free
    assert (none, codes["no_block"]) == ([], len(mined))
    assert grouped(mined, graph, wanted="0..1")[0] == free


def test_a_question_without_a_block_has_no_options(
    mined: list[Mined], graph: KnowledgeGraph
) -> None:
    for form in ("choice", "yes_no"):
        made = word_question(mined[0], graph, 0, form)
        assert isinstance(made, Rejection)
        assert made.code == "few_distractors"
