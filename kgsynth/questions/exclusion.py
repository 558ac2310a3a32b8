"""Exclusions in words: which disorder has these findings, but not that one?"""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.conjunction import say_target, word_conjunction
from kgsynth.records import Mined, Rejection


def word_exclusion(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return an exclusion as a question; see `word_conjunction`."""
    return word_conjunction(mined, graph, seed, "exclusion", say_target)
