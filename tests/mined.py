"""Mined chains with real ids: one of each spine template, and some that pass a disease unpinned.

They lie in ``tests/data/mined.jsonl``, taken from runs of the default graph of HPO 2025-01-16.
"""

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined

FILE = Path(__file__).parent / "data" / "mined.jsonl"


@cache
def mined_chains() -> tuple[Mined, ...]:
    """Return the chains, in the order of the file."""
    adapter = TypeAdapter(Mined)
    return tuple(adapter.validate_json(line) for line in FILE.read_bytes().splitlines())


def worded(mined: Mined, graph: KnowledgeGraph, seed: int = 0) -> Question:
    """Return a chain in words; it is an error if it gives something away."""
    question = word_question(mined, graph, seed)
    assert isinstance(question, Question), question
    return question


def name_of(mined: Mined) -> str:
    """Return what a parametrized test shows: the template and the first id."""
    return f"{mined.template}-{mined.bindings[0].id}"
