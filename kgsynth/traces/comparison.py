"""The reasoning of comparisons: what is recorded of either disease, and which comes first."""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.comparison import PERIODS
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import join_list
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import Edge, Mined, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import Fact
from kgsynth.traces.narrow import Passage
from kgsynth.traces.sentences import Sentences


def write_comparison(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return a step for each disease in the order of the question, and one that compares them."""
    words = Sentences("comparison", derive_rng(seed, "traces", question.id))
    lex, order = lexicon(graph), mined.template.partition("-")[2]
    onsets = {curie: _onsets(curie, graph) for curie in mined.query.among}
    steps = []
    for place, curie in zip(("first", "second"), mined.query.among, strict=True):
        passage = _passage(curie, onsets[curie])
        said = join_list([lex.say(edge.object) for edge in onsets[curie]])
        slots = {"d": lex.say(curie), "o": said}
        passage.say(words.pick("recorded", place, **slots))
        steps.append(passage.step(words.pick("concludes", "recorded", **slots)))
    (answer,) = mined.answers
    (other,) = (curie for curie in mined.query.among if curie != answer)
    near, far = onsets[answer], onsets[other]
    ends = (near[-1], far[0]) if order == "earlier" else (near[0], far[-1])
    passage = _passage(answer, [ends[0]])
    passage.cite(Fact((ends[1],), ends[1].object, ""))
    passage.mention(ends[1].object)
    x, y = (lex.say(edge.object) for edge in ends)
    passage.say(words.pick("order", order, d=lex.say(answer), x=x, y=y))
    return *steps, passage.step(question.answer)


def _onsets(disease: str, graph: KnowledgeGraph) -> list[Edge]:
    """Return the statements of a disease's onset, the earliest first."""
    edges = [e for e in graph.edges_of(disease, "has_attribute") if e.object in PERIODS]
    return sorted(edges, key=lambda edge: (PERIODS[edge.object][::-1], edge.object))


def _passage(disease: str, edges: list[Edge]) -> Passage:
    passage = Passage()
    passage.mention(disease, *(edge.object for edge in edges))
    for edge in edges:
        passage.cite(Fact((edge,), edge.object, ""))
    return passage
