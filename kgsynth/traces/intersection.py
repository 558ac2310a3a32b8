"""The trace of an intersection: each finding leaves fewer disorders, until one is left."""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.records import Mined, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.conjunction import OneStep
from kgsynth.traces.narrow import Narrower
from kgsynth.traces.said import Words


def write_intersection(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning of an intersection, one step; see `template.write_trace`."""
    words = Words(derive_rng(seed, "traces", "narrow", question.id))
    (proof,) = mined.steps
    passage = Narrower(mined, graph, words).first(proof, mined.query.target)
    OneStep(mined, question, graph, seed).tell_rival(passage, mined.answers)
    return (passage.step(question.answer),)
