"""Intersections in words: which disorder has all of these findings?"""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.conjunction import say_target, word_conjunction
from kgsynth.records import Mined, Rejection


def word_intersection(mined: Mined, graph: KnowledgeGraph, seed: int) -> Question | Rejection:
    """Return an intersection as a question; see `word_conjunction`."""
    return word_conjunction(mined, graph, seed, "intersection", say_target)
