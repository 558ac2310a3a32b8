"""Differential questions in words: a case as a clinician tells it, then the question.

The wording lies in ``templates/questions/differential.toml``: which part of the case a finding
belongs to, how the patient is introduced, the variants of each sentence.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.answers import answer_of
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.cases import TELL_ONSET, case_words, onsets_of, parts_of, sex_of
from kgsynth.questions.grammar import agree, sentence
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.rivals import told_rivals
from kgsynth.records import Edge, Mined, Rejection
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng

#: How many ways to say it are tried before a stem that gives something away is rejected.
TRIES = 8

#: Rivals that the reasoning tells of, at least.
FEWEST_TOLD = 3


@cache
def differential_words() -> dict[str, Any]:
    """Return the wording in ``templates/questions/differential.toml``."""
    file = data_file("templates", "questions", "differential.toml")
    return tomllib.loads(file.read_text("utf-8"))


def word_differential(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return the case in words, or a rejection.

    Args:
        mined: What `paths.differential` yields.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.

    Returns:
        The question; or a rejection: ``leak`` if every wording gives the answer away,
        ``unclear_name``, ``few_rivals``.
    """
    name = question_id(mined.query, "open")
    lex, rng = lexicon(graph), derive_rng(seed, "questions", name)
    (answer,) = mined.answers
    if lex.say(answer).count(", ") > 1:
        detail = f"{lex.say(answer)!r} would read as a list"
        return Rejection(name, "questions", "unclear_name", detail, mined.query)
    if len(told_rivals(mined, graph)) < FEWEST_TOLD:
        detail = "too few of the nearest rivals are fit to be told as a diagnosis"
        return Rejection(name, "questions", "few_rivals", detail, mined.query)
    leak = ""
    for _ in range(TRIES):
        variant, stem, told = _stem(mined, graph, rng)
        leak = lex.leaked(stem, [answer])
        if not leak:
            return Question(
                id=name,
                kind="differential",
                form="open",
                template=f"{mined.template}/{variant}",
                question=stem,
                prompt=f"{stem}\n\n{differential_words()['prompt']}",
                answer=lex.say(answer),
                answers=(answer_of(answer, graph),),
                told=told,
            )
    return Rejection(name, "questions", "leak", f"the stem gives {leak!r} away", mined.query)


def _stem(
    mined: Mined, graph: KnowledgeGraph, rng: np.random.Generator
) -> tuple[str, str, tuple[Edge, ...]]:
    """Return the variants drawn, such as ``1.0.2``, the stem, and what it tells of the patient."""
    words, lex = differential_words(), lexicon(graph)
    who, told = _who(mined, graph, rng)
    drawn, said = list[str](), list[str]()
    for part, findings in parts_of([edge.object for edge in mined.query.edges], graph, rng):
        variants = words["more" if said else "first"][part]
        at = int(rng.integers(len(variants)))
        names = [lex.say(one) for one in findings]
        slots = {"who": who, "Who": sentence(who), "finds": lex.finds(findings)}
        slots["are"] = agree(names[:1], "is", "are")
        said.append(variants[at].format(**slots))
        drawn.append(str(at))
    asks = words["ask"]["variants"]
    at = int(rng.integers(len(asks)))
    return ".".join([*drawn, str(at)]), " ".join([*said, asks[at]]), told


def _who(
    mined: Mined, graph: KnowledgeGraph, rng: np.random.Generator
) -> tuple[str, tuple[Edge, ...]]:
    """Return how the patient is introduced, and the statement of the onset that this tells."""
    words, disease = differential_words()["who"], mined.answers[0]
    person = words[sex_of(disease, [edge.object for edge in mined.query.edges], graph) or "plain"]
    told = onsets_of(disease, graph, [edge.object for edge in mined.query.edges])
    if not told or rng.random() >= TELL_ONSET:
        return str(person), ()
    variants: Sequence[str] = words["since"]
    onset = told[int(rng.integers(len(told)))]
    when = case_words()["when"][onset.object]
    return variants[int(rng.integers(len(variants)))].format(person=person, when=when), (onset,)
