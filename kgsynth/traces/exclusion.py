"""The trace of an exclusion: what the findings leave, what the others have, and who denies it."""

from dataclasses import replace

from kgsynth.graph.index import CONTESTED, WEAK
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.base import Question
from kgsynth.questions.grammar import agree
from kgsynth.records import Edge, Mined, TraceStep
from kgsynth.traces.conjunction import OneStep, number
from kgsynth.traces.facts import IMPLIES_ANCESTOR, Fact
from kgsynth.traces.narrow import Passage

#: Other disorders with all the findings that a trace tells of.
MOST_DOUBLES = 2


def write_exclusion(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return the reasoning of an exclusion, two steps; see `template.write_trace`."""
    told = OneStep(mined, question, graph, seed)
    (answer,) = mined.answers
    first = told.narrowing()
    first.mention(answer)
    told.cite(first, answer)
    left = told.proof.candidates[len(told.found) - 1]
    last = Passage()
    last.mention(answer)
    for at, double in enumerate(_doubles(told, answer)):
        _tell_double(told, last, double, "more" if at else "one")
    _tell_denial(told, last, answer)
    return (
        first.step(told.pick("conclusions", "left", n=number(left))),
        last.step(question.answer),
    )


def _doubles(told: OneStep, answer: str) -> list[str]:
    """Return others that have all the findings and surely something that is denied."""
    query = told.mined.query
    positive = tuple(edge for edge in query.edges if not edge.negated)
    same = told.graph.answers(replace(query, edges=positive))
    fit = [
        double
        for double in same
        if double != answer
        and told.is_another(double, (answer,))
        and any(told.holds(double, term) for term in told.denied)
    ]
    # A catalog name with its commas is told only where there is no plainer one.
    plain = [double for double in fit if told.tellable(double, (answer,))]
    return plain[:MOST_DOUBLES] or fit[:1]


def _tell_double(told: OneStep, passage: Passage, double: str, state: str) -> None:
    """Say that a double has on record what the answer lacks."""
    held = [term for term in told.denied if told.holds(double, term)]
    slots = {"rival": told.lex.say(double), "t": told.lex.finds(held)}
    passage.say(told.pick("double", state, **slots))
    passage.mention(double, *held)
    for term in held:
        passage.cite(told.facts.of(double, "has_phenotype", term))


def _tell_denial(told: OneStep, passage: Passage, answer: str) -> None:
    """Say who states that the answer lacks what it is asked to be without."""
    denials = [denial_of(told.graph, answer, term) for term in told.denied]
    for edge, fact in denials:
        passage.cite(fact)
        passage.mention(edge.object)
    passage.mention(*told.denied)
    said = [told.lex.say(term) for term in told.denied]
    general = list(dict.fromkeys(edge.object for edge, _ in denials))
    state = "stated" if general == told.denied else "implied"
    names = dict.fromkeys(told.word("sources", edge.evidence[0].source) for edge, _ in denials)
    stated = [told.lex.say(term) for term in general]
    slots = {
        "d": told.lex.say(answer),
        "t": told.lex.finds(told.denied),
        "is": agree(said, "is", "are"),
        "p": told.lex.finds(general),
        "is_p": agree(stated, "is", "are"),
        "source": " and ".join(names),
    }
    passage.say(told.pick("denied", state, **slots))


def is_firm(graph: KnowledgeGraph, edge: Edge) -> bool:
    """Say whether a denial is undisputed and rests on more than one or two patients."""
    row = graph.edge_row(edge.subject, edge.predicate, edge.object, negated=True)
    return row is not None and not graph.flags[row] & (CONTESTED | WEAK)


def denial_of(graph: KnowledgeGraph, disease: str, term: str) -> tuple[Edge, Fact]:
    """Return the firm statement that denies a finding, the nearest one, and all that it rests on.

    What is absent rules out what lies below it, since that would imply it.

    Raises:
        UnknownEntityError: If nothing denies it firmly.
    """
    own = graph.find_edge(disease, "has_phenotype", term, True)
    if own is not None and is_firm(graph, own):
        return own, Fact((own,), term, "")
    above = graph.ancestors(term)
    found = [
        (len(path), edge.object, edge, path)
        for edge in graph.edges_of(disease, "has_phenotype", negated=True)
        if edge.object in above and is_firm(graph, edge)
        for path in [graph.subclass_path(term, edge.object)]
    ]
    _, stated, edge, path = min(found, key=lambda item: item[:2])
    return edge, Fact((edge, *path), stated, IMPLIES_ANCESTOR)
