"""Dual questions in words: is a finding recorded for a disease? Asked alike for yes and no."""

import tomllib
from functools import cache
from typing import Any

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.answers import answer_of
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.grammar import agree, sentence
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Candidate, Mined, Rejection
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng

#: How many ways to say it are tried before a stem that gives something away is rejected.
TRIES = 8


@cache
def dual_words() -> dict[str, Any]:
    """Return the wording in ``templates/questions/dual.toml``."""
    return tomllib.loads(data_file("templates", "questions", "dual.toml").read_text("utf-8"))


def word_dual(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return the question in words, or a rejection ``leak``.

    The wording is drawn for the pair, so that its two questions differ in what they name only.

    Args:
        mined: What `paths.dual` yields.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the pair it decides the wording.
    """
    name = question_id(mined.query, "yes_no", mined.candidate)
    lex, rng = lexicon(graph), derive_rng(seed, "questions", mined.pair)
    disease = mined.query.edges[0].subject
    hidden = [one for one in mined.bound.values() if one != mined.candidate]
    leak, variants = "", dual_words()["variants"]
    for _ in range(TRIES):
        at = int(rng.integers(len(variants)))
        found = lex.find(mined.candidate)
        slots = {"d": lex.say(disease), "find": found, "Find": sentence(found)}
        slots["Do"] = agree([lex.say(mined.candidate)], "Does", "Do")
        stem = sentence(variants[at].format(**slots))
        leak = lex.leaked(stem, hidden, [mined.candidate])
        if not leak:
            return Question(
                id=name,
                kind="dual",
                form="yes_no",
                template=f"{mined.template}/{at}",
                question=stem,
                prompt=dual_words()["prompt"].format(stem=stem),
                answer="yes" if mined.candidate in mined.answers else "no",
                answers=tuple(answer_of(curie, graph) for curie in mined.answers),
                candidate=Candidate(mined.candidate, graph.node(mined.candidate).name),
            )
    return Rejection(name, "questions", "leak", f"the stem gives {leak!r} away", mined.query)
