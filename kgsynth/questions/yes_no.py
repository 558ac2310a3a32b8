"""Yes-or-no questions: an answer is proposed, and is right in half of them."""

import re
from dataclasses import replace

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions import REGISTERS
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.choice import wrong_options
from kgsynth.questions.forms import FormSettings, form_words
from kgsynth.questions.lay import speech
from kgsynth.questions.registers import register_words
from kgsynth.records import Candidate, Mined, Rejection
from kgsynth.seeding import derive_rng

#: A stem's last sentence that tells to name something: "Name the gene associated with it."
_NAME = re.compile(r"(?:(?<=[.?!] )|^)Name ((?:the|this|that) [^?!]*)\.$")


def make_yes_no(
    question: Question, mined: Mined, graph: KnowledgeGraph, seed: int, settings: FormSettings
) -> Question | Rejection:
    """Return an open question with a proposed answer, right or wrong by lot.

    A wrong one must be there in either case, so that what is rejected says nothing of the answer.

    Args:
        question: The open question.
        mined: Its query with the proof.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides what is proposed.
        settings: For which reasons a proposal may be wrong.

    Returns:
        The question, or a rejection: ``few_distractors`` or ``guessable``; see `make_choice`.
    """
    name = question_id(mined.query, "yes_no")
    rng = derive_rng(seed, "yes_no", name)
    wrong = wrong_options(question, mined, graph, settings, 1, rng)
    if isinstance(wrong, Rejection):
        return wrong
    right = bool(derive_rng(seed, "yes_no", "right", name).integers(2))
    proposed = mined.bound[mined.query.target] if right else wrong[0].id
    table = form_words()["yes_no"]
    plain = question.register == REGISTERS[0]
    ways = table["propose"] if plain else register_words(question.register)["yes_no"]["propose"]
    said = speech(graph, question.register).named(proposed)
    asked = ways[int(rng.integers(len(ways)))].format(x=said)
    stem = f"{_as_question(question.question)} {asked}"
    return replace(
        question,
        id=name,
        form="yes_no",
        question=stem,
        prompt=table["prompt"].format(stem=stem),
        answer="yes" if right else "no",
        candidate=Candidate(proposed, graph.node(proposed).name),
    )


def _as_question(stem: str) -> str:
    """Return a stem that asks, where it ends by telling to name something.

    Example:
        >>> _as_question("A patient has fever. Name this disorder.")
        'A patient has fever. What is this disorder?'
    """
    return _NAME.sub(r"What is \1?", stem)
