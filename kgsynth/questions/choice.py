"""Questions with options: the right one and others that are wrong for recorded reasons."""

from dataclasses import replace

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.distractors import Chooser, Distractor
from kgsynth.questions.forms import KEYS, FormSettings, form_words
from kgsynth.records import Mined, Option, Rejection
from kgsynth.seeding import derive_rng


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
        The question, or a rejection: ``few_distractors`` where not enough entities are wrong for
        recorded reasons, ``guessable`` where too many questions would have its answer.
    """
    name = question_id(mined.query, "choice")
    rng = derive_rng(seed, "choice", name)
    chooser = Chooser(mined, question.question, graph, settings)
    wrong = chooser.choose(settings.options - 1, rng)
    if len(wrong) < settings.options - 1:
        detail = f"{len(wrong)} wrong options, expected {settings.options - 1}"
        return Rejection(name, "questions", "few_distractors", detail, mined.query)
    if chooser.is_guessable(wrong, rng):
        detail = f"{question.answer!r} is asked for more often than the other options"
        return Rejection(name, "questions", "guessable", detail, mined.query)
    at = int(derive_rng(seed, "choice", "place", name).integers(settings.options))
    rest = iter([wrong[int(i)] for i in rng.permutation(len(wrong))])
    right = mined.bound[mined.query.target]
    options = tuple(
        Option(KEYS[place], question.answer, right, True, ())
        if place == at
        else _wrong(KEYS[place], next(rest), graph)
        for place in range(settings.options)
    )
    return replace(
        question,
        id=name,
        form="choice",
        prompt=choice_prompt(question, options),
        answer_key=KEYS[at],
        options=options,
    )


def choice_prompt(question: Question, options: tuple[Option, ...]) -> str:
    """Return the stem, the options, a line each, and how to answer."""
    table = form_words()["choice"]
    line: str = table["option"]
    listed = "\n".join(line.format(key=option.key, text=option.text) for option in options)
    prompt: str = table["prompt"]
    return prompt.format(stem=question.question, options=listed)


def _wrong(key: str, one: Distractor, graph: KnowledgeGraph) -> Option:
    return Option(key, one.text, graph.id_of(one.node), False, one.reasons)
