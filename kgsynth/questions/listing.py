"""Lists in words: which disorders have all of these findings?

The answer is an English list in alphabetical order, "A, B and C". A list with a name that would
read as two ("deafness and myopia", "ataxia, type 2") is not asked for, nor one of which two members
go by the same name.
"""

import re
from collections import Counter

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question, question_id
from kgsynth.questions.conjunction import word_conjunction
from kgsynth.questions.grammar import join_list
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.records import Mined, Rejection

_RUNS_ON = re.compile(r"[,;]|\b(?:and|or)\b", re.IGNORECASE)


def word_list(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return a list as a question, or a rejection ``awkward_answer``; see `word_conjunction`."""
    names = member_names(mined, lexicon(graph))
    awkward = [name for name in names if _RUNS_ON.search(name)] or _shared_names(mined, graph)
    if awkward:
        name = question_id(mined.query, "open")
        detail = f"{awkward[0]!r} cannot stand in a list of names"
        return Rejection(name, "questions", "awkward_answer", detail, mined.query)
    return word_conjunction(mined, graph, seed, "list", _say_all)


def member_names(mined: Mined, lex: Lexicon) -> list[str]:
    """Return what the members are called, in alphabetical order."""
    return sorted((lex.say(curie) for curie in mined.answers), key=lambda name: name.casefold())


def _shared_names(mined: Mined, graph: KnowledgeGraph) -> list[str]:
    """Return the names that mean two members alike, one's name and another's synonym."""
    called = Counter(
        name
        for curie in mined.answers
        for name in {surface.casefold() for surface in graph.surfaces(curie)}
    )
    return [name for name in member_names(mined, lexicon(graph)) if called[name.casefold()] > 1]


def _say_all(mined: Mined, lex: Lexicon) -> str:
    return join_list(member_names(mined, lex))
