"""The trace of a list: how the findings narrow, each member with its statements, then all."""

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.listing import member_names
from kgsynth.records import Mined, TraceStep
from kgsynth.traces.conjunction import OneStep, number
from kgsynth.traces.narrow import Passage


def write_list(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning of a list: a step for each member between the first and the last."""
    told = OneStep(mined, question, graph, seed)
    order = {name: at for at, name in enumerate(member_names(mined, told.lex))}
    members = sorted(mined.answers, key=lambda curie: order[told.lex.say(curie)])
    first = told.narrowing()
    for curie in members:
        first.cite(told.facts.of(curie, "has_phenotype", told.found[0]))
    count = number(len(members))
    return (
        first.step(told.pick("conclusions", "left", n=count)),
        *(_member(told, curie) for curie in members),
        _close(told, members, question.answer, count),
    )


def _member(told: OneStep, curie: str) -> TraceStep:
    """Return the step that holds one member against every finding."""
    passage, name = Passage(), told.lex.say(curie)
    passage.mention(curie, *told.found)
    passage.say(told.pick("member", "one", d=name, f=told.lex.finds(told.found)))
    told.cite(passage, curie)
    return passage.step(told.pick("conclusions", "member", d=name))


def _close(told: OneStep, members: list[str], answer: str, count: str) -> TraceStep:
    """Return the step that names all members, with one statement for each finding of each."""
    passage = Passage()
    slots = {"n": count, "f": told.lex.finds(told.found), "all": answer}
    passage.say(told.pick("close", "all", **slots))
    passage.mention(*members, *told.found)
    for curie in members:
        passage.cite(told.facts.of(curie, "has_phenotype", told.found[0]))
    told.tell_rival(passage, members)
    return passage.step(answer)
