"""Questions with options: the right one and others that are wrong for recorded reasons."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.distractors import Chooser, asks_for_value
from kgsynth.questions.forms import KEYS, FormSettings, form_words
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.standing import Standing
from kgsynth.records import Mined, Option, OptionReason, Rejection
from kgsynth.seeding import derive_rng


class Wrong(NamedTuple):
    """A wrong option, how it is said, and why it is wrong."""

    id: str
    text: str
    reasons: tuple[OptionReason, ...]


def make_choice(
    question: Question, mined: Mined, graph: KnowledgeGraph, seed: int, settings: FormSettings
) -> Question | Rejection:
    """Return an open question with options.

    Args:
        question: The open question.
        mined: Its query with the proof.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides options and positions.
        settings: How many options, and for which reasons they may be wrong.

    Returns:
        The question, or a rejection: ``few_distractors`` where it is in no block, or its own words
        tell that an option of the block is wrong, or not enough values are wrong for recorded
        reasons; ``guessable`` where too many questions would have its value for an answer.
    """
    name = question_id(mined.query, "choice")
    rng = derive_rng(seed, "choice", name)
    wrong = wrong_options(question, mined, graph, settings, settings.options - 1, rng)
    if isinstance(wrong, Rejection):
        return wrong
    right = Option("", question.answer, mined.bound[mined.query.target], True, ())
    mixed = [right, *(Option("", text, curie, False, why) for curie, text, why in wrong)]
    placed = zip(KEYS, rng.permutation(len(mixed)).tolist(), strict=False)
    options = tuple(replace(mixed[at], key=key) for key, at in placed)
    return replace(
        question,
        id=name,
        form="choice",
        prompt=choice_prompt(question, options),
        answer_key=next(option.key for option in options if option.correct),
        options=options,
    )


def wrong_options(
    question: Question,
    mined: Mined,
    graph: KnowledgeGraph,
    settings: FormSettings,
    count: int,
    rng: np.random.Generator,
) -> list[Wrong] | Rejection:
    """Return so many wrong options of an open question, or why there are none.

    Those of a question of a block are the answers of the others; see `make_choice`.
    """
    name = question_id(mined.query, question.form)
    if asks_for_value(mined, graph):
        chooser = Chooser(mined, question.question, graph, settings)
        chosen = chooser.choose(count, rng)
        if len(chosen) == count and chooser.is_guessable(chosen, rng):
            detail = f"{question.answer!r} is asked for more often than the other options"
            return Rejection(name, "questions", "guessable", detail, mined.query)
        wrong = [Wrong(one.id, one.text, one.reasons) for one in chosen]
    else:
        standing = Standing(mined, question.question, graph, settings)
        nodes = [graph.index_of(curie) for curie in mined.options if curie != standing.id]
        against = [(graph.id_of(node), standing.against(node)) for node in nodes]
        wrong = [Wrong(one, lexicon(graph).say(one), why) for one, why in against if why]
    if len(wrong) < count:
        detail = f"{len(wrong)} wrong options, expected {count}"
        return Rejection(name, "questions", "few_distractors", detail, mined.query)
    return wrong


def choice_prompt(question: Question, options: tuple[Option, ...]) -> str:
    """Return the stem, the options, a line each, and how to answer."""
    table = form_words()["choice"]
    line: str = table["option"]
    listed = "\n".join(line.format(key=option.key, text=option.text) for option in options)
    prompt: str = table["prompt"]
    return prompt.format(stem=question.question, options=listed)
