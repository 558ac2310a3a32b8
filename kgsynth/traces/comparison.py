"""The reasoning of comparisons: what is recorded of either disease, and which has more of it."""

from typing import NamedTuple

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import once_each
from kgsynth.paths.onsets import PERIODS
from kgsynth.paths.prevalences import Class, classes_of
from kgsynth.questions.base import Question
from kgsynth.questions.comparison import measured
from kgsynth.questions.grammar import article, join_list, number_word
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.records import Edge, Mined, TraceStep
from kgsynth.seeding import derive_rng
from kgsynth.traces.facts import Fact
from kgsynth.traces.narrow import Passage
from kgsynth.traces.sentences import Sentences

_PLACES = ("first", "second")


def write_comparison(
    mined: Mined, question: Question, graph: KnowledgeGraph, seed: int
) -> tuple[TraceStep, ...]:
    """Return a step for each disease in the order of the question, and one that compares them."""
    words = Sentences("comparison", derive_rng(seed, "traces", question.id))
    order = mined.template.partition("-")[2]
    if mined.query.order:
        return _counted(mined, question, graph, words, order)
    return _valued(mined, question, graph, words, order)


# ---- terms: onset and prevalence -----------------------------------------------------------


class _Terms(NamedTuple):
    """The terms of a disease, the earliest or rarest first, and how each is said."""

    edges: list[Edge]
    said: list[str]


def _valued(
    mined: Mined, question: Question, graph: KnowledgeGraph, words: Sentences, order: str
) -> tuple[TraceStep, ...]:
    lex = lexicon(graph)
    terms = {curie: _terms(mined, curie, graph) for curie in mined.query.among}
    concludes = "recorded" if order in ("earlier", "later") else "frequent"
    steps = []
    for place, curie in zip(_PLACES, mined.query.among, strict=True):
        edges, said = terms[curie]
        passage = _passage(curie, edges)
        slots = {"d": lex.say(curie), "o": join_list(said)}
        passage.say(words.pick("recorded", place, **slots))
        steps.append(passage.step(words.pick("concludes", concludes, **slots)))
    (answer,) = mined.answers
    (other,) = (curie for curie in mined.query.among if curie != answer)
    own, others = (-1, 0) if order in ("earlier", "rarer") else (0, -1)
    near, far = terms[answer], terms[other]
    passage = _passage(answer, [near.edges[own]])
    passage.cite(Fact((far.edges[others],), far.edges[others].object, ""))
    passage.mention(far.edges[others].object)
    slots = {"d": lex.say(answer), "x": near.said[own], "y": far.said[others]}
    passage.say(words.pick("order", order, **slots))
    return *steps, passage.step(question.answer)


def _terms(mined: Mined, disease: str, graph: KnowledgeGraph) -> _Terms:
    """Return the terms of a disease that are of the sort which the query asks for."""
    asked, lex = mined.query.edges[0].object, lexicon(graph)
    edges = graph.edges_of(disease, "has_attribute")
    if asked in PERIODS:
        told = [edge for edge in edges if edge.object in PERIODS]
        told.sort(key=lambda edge: (PERIODS[edge.object][::-1], edge.object))
        return _Terms(told, [lex.say(edge.object) for edge in told])
    classes = known_classes(graph)
    kind = classes[asked][:2]
    told = [e for e in edges if e.object in classes and classes[e.object][:2] == kind]
    told.sort(key=lambda edge: classes[edge.object])
    return _Terms(told, [_with_article(lex, edge.object) for edge in told])


def _with_article(lex: Lexicon, term: str) -> str:
    said = lex.say(term)
    return f"{article(said)} {said}" if measured(said) else said


@once_each
def known_classes(graph: KnowledgeGraph) -> dict[str, Class]:
    """Return the classes of prevalence of a graph, read once."""
    return classes_of(graph)


# ---- counts: genes -------------------------------------------------------------------------


def _counted(
    mined: Mined, question: Question, graph: KnowledgeGraph, words: Sentences, order: str
) -> tuple[TraceStep, ...]:
    lex = lexicon(graph)
    (counted,) = mined.query.edges
    genes = {curie: _causes(counted.predicate, curie, graph) for curie in mined.query.among}
    said = {curie: _genes(len(edges)) for curie, edges in genes.items()}
    steps = []
    for place, curie in zip(_PLACES, mined.query.among, strict=True):
        names = join_list([lex.say(edge.subject) for edge in genes[curie]])
        passage = _gene_passage(curie, genes[curie])
        slots = {"d": lex.say(curie), "n": said[curie], "g": names}
        passage.say(words.pick("recorded", f"{place}_genes", **slots))
        steps.append(passage.step(words.pick("concludes", "genes", **slots)))
    (answer,) = mined.answers
    (other,) = (curie for curie in mined.query.among if curie != answer)
    passage = _gene_passage(answer, genes[answer])
    passage.cite(Fact(tuple(genes[other]), other, ""))
    slots = {"d": lex.say(answer), "n": said[answer], "m": number_word(len(genes[other]))}
    passage.say(words.pick("order", order, **slots))
    return *steps, passage.step(question.answer)


def _causes(predicate: str, disease: str, graph: KnowledgeGraph) -> list[Edge]:
    """Return the undisputed statements of what causes a disease, by the names of the genes."""
    genes = graph.neighbours(disease, predicate, "inverse")
    found = (graph.find_edge(gene, predicate, disease) for gene in genes)
    sure = [edge for edge in found if edge is not None and not edge.contested]
    return sorted(sure, key=lambda edge: lexicon(graph).say(edge.subject))


def _genes(count: int) -> str:
    return f"{number_word(count)} {'gene' if count == 1 else 'genes'}"


def _gene_passage(disease: str, edges: list[Edge]) -> Passage:
    passage = Passage()
    passage.mention(disease, *(edge.subject for edge in edges))
    passage.cite(Fact(tuple(edges), disease, ""))
    return passage


def _passage(disease: str, edges: list[Edge]) -> Passage:
    passage = Passage()
    passage.mention(disease, *(edge.object for edge in edges))
    for edge in edges:
        passage.cite(Fact((edge,), edge.object, ""))
    return passage
