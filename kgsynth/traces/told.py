"""What a trace adds where a vignette tells more than the findings: that the onset fits the age.

A statement that the stem tells beyond the query is said and cited in the step that finds the
disease of the case. Where a case is told, that step also says of a finding how often it is seen.
"""

from dataclasses import replace

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question, clues_of
from kgsynth.questions.cases import statements
from kgsynth.questions.grammar import agree
from kgsynth.questions.lexicon import lexicon
from kgsynth.questions.shares import WORDS, share_word
from kgsynth.records import Mined, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.sentences import Sentences

#: Kinds whose traces say by themselves what a case tells, or that tell no case.
_OWN = frozenset({"differential", "list", "dual", "comparison"})

#: Findings of which is said how often they are seen.
MOST_TYPICAL = 2


def add_told(
    steps: tuple[TraceStep, ...],
    mined: Mined,
    question: Question,
    graph: KnowledgeGraph,
    seed: int,
) -> tuple[TraceStep, ...]:
    """Return a trace in which the step of the case's disease says what the stem tells of it.

    Args:
        steps: The trace.
        mined: The query with its proof.
        question: The question; one in a clinician's words tells nothing more.
        graph: The graph.
        seed: The seed of the run; with the question it decides the wording.
    """
    if mined.kind in _OWN or question.register == "clinician":
        return steps
    variable = mined.query.variables[0]
    if variable.category != "Disease":
        return steps
    at = 0 if mined.query.spine else len(steps) - 1
    words = Sentences("differential", derive_rng(seed, "traces", "told", question.id))
    disease = mined.bound[variable.name]
    step = _typical(steps[at], words, disease, clues_of(mined, variable.name), graph)
    for edge in question.told:
        slots = {"d": lexicon(graph).say(disease), "o": lexicon(graph).say(edge.object)}
        text = f"{step.text} {words.pick('onset', 'fits', **slots)}"
        step = _with(replace(step, text=text), (edge.id,), (disease, edge.object))
    return *steps[:at], step, *steps[at + 1 :]


def _typical(
    step: TraceStep, words: Sentences, disease: str, clues: list[str], graph: KnowledgeGraph
) -> TraceStep:
    """Say of one or two findings how often they are seen, the most frequent first."""
    lex, grouped = lexicon(graph), dict[str, list[str]]()
    for edge in statements(disease, clues, graph):
        if (word := share_word(edge)) and edge.id in step.edges:
            grouped.setdefault(word, []).append(edge.object)
    word = next((word for word in WORDS if word in grouped), "")
    if not word:
        return step
    told = grouped[word][:MOST_TYPICAL]
    slots = {"d": lex.say(disease), "f": lex.finds(told)}
    slots["is"] = agree([lex.say(one) for one in told], "is", "are")
    text = f"{step.text} {words.pick('share', word, **slots)}"
    return _with(replace(step, text=text), (), (disease, *told))


def _with(step: TraceStep, edges: tuple[str, ...], entities: tuple[str, ...]) -> TraceStep:
    """Return a step that cites and mentions more."""
    return replace(
        step,
        edges=tuple(dict.fromkeys((*step.edges, *edges))),
        entities=tuple(dict.fromkeys((*step.entities, *entities))),
    )
