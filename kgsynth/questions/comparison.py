"""Comparison questions in words: of two named diseases, which has more or less of a value?"""

import re
import tomllib
from functools import cache
from typing import Any

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.answers import answer_of
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.grammar import sentence
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Mined
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng

_CLASS = re.compile(r"(?P<type>[a-z ]+?) (?:of|below|above) [\d-]+ in [\d,]+ (?P<place>.+)")


@cache
def comparison_words() -> dict[str, Any]:
    """Return the wording in ``templates/questions/comparison.toml``."""
    file = data_file("templates", "questions", "comparison.toml")
    return tomllib.loads(file.read_text("utf-8"))


def measured(name: str) -> str:
    """Return of which type and place a class of prevalence is; "" for anything else.

    Example:
        >>> measured("point prevalence of 1-5 in 10,000 in Europe")
        'point prevalence in Europe'
    """
    match = _CLASS.fullmatch(name)
    return f"{match['type']} {match['place']}" if match else ""


def measure_of(mined: Mined, graph: KnowledgeGraph) -> str:
    """Return the type and place of prevalence that a comparison is by, "" for another measure."""
    term = mined.query.edges[0].object
    return "" if term.startswith("?") else measured(lexicon(graph).say(term))


def word_comparison(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question:
    """Return the question in words; the miner has seen to it that both names are clear.

    Args:
        mined: What `paths.comparison` yields.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.
    """
    name, lex = question_id(mined.query, "open"), lexicon(graph)
    names = [lex.say(curie) for curie in mined.query.among]
    rng = derive_rng(seed, "questions", name)
    order = mined.template.partition("-")[2]
    variants = comparison_words()[order]
    at = int(rng.integers(len(variants)))
    slots = {"a": names[0], "b": names[1], "A": sentence(names[0])}
    stem = variants[at].format(**slots, p=measure_of(mined, graph))
    return Question(
        id=name,
        kind="comparison",
        form="open",
        template=f"{mined.template}/{at}",
        question=stem,
        prompt=comparison_words()["prompt"].format(stem=stem),
        answer=lex.say(mined.answers[0]),
        answers=tuple(answer_of(curie, graph) for curie in mined.answers),
    )
