"""The template writer: a deterministic proof in plain clinical English, kind by kind."""

from collections.abc import Callable
from dataclasses import replace

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions import OWN_FORMS
from kgsynth.questions.base import Question
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Mined, TraceStep
from kgsynth.registry import load
from kgsynth.traces.options import closing_step
from kgsynth.traces.told import add_told

Writer = Callable[[Mined, Question, KnowledgeGraph, int], tuple[TraceStep, ...]]

#: The trace writers by kind of question, as ``module:function``, loaded on use.
WRITERS: dict[str, str] = {
    "chain": "kgsynth.traces.chain:write_chain",
    "differential": "kgsynth.traces.differential:write_differential",
    "intersection": "kgsynth.traces.intersection:write_intersection",
    "exclusion": "kgsynth.traces.exclusion:write_exclusion",
    "list": "kgsynth.traces.listing:write_list",
    "dual": "kgsynth.traces.dual:write_dual",
    "comparison": "kgsynth.traces.comparison:write_comparison",
}


def write_trace(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning that leads from what is named to the answer.

    Args:
        mined: The query with its proof.
        question: The same in words; the last step concludes its answer.
        graph: The graph that it was mined from.
        seed: The seed of the run; with the query it decides the wording.
    """
    write: Writer = load(WRITERS, mined.kind, "trace writer for questions of kind")
    if question.form == "open" or question.kind in OWN_FORMS:
        return add_told(write(mined, question, graph, seed), mined, question, graph, seed)
    target = lexicon(graph).say(mined.bound[mined.query.target])
    steps = write(mined, replace(question, answer=target), graph, seed)
    steps = add_told(steps, mined, question, graph, seed)
    return *steps, closing_step(mined, question, graph, seed)


def reasoning_text(trace: tuple[TraceStep, ...], answer: str) -> str:
    """Return a trace as one text: a line for each step, and the answer on the last."""
    return "\n".join([*(step.text for step in trace), f"Answer: {answer}"])
