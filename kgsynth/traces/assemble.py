"""From query, question and trace to the row: every statement and entity used, and the scores."""

from collections.abc import Iterable

from kgsynth import __version__
from kgsynth.graph.cypher import to_cypher, to_cypher_view
from kgsynth.graph.sparql import to_sparql
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.focus import rare_ones
from kgsynth.questions.base import Question
from kgsynth.questions.difficulty import difficulty_of, hops_of
from kgsynth.records import (
    NOT_CHECKED,
    Edge,
    EntityRef,
    Mined,
    Provenance,
    Rarity,
    Row,
    RowEdge,
    TraceStep,
)
from kgsynth.traces.facts import facts_of
from kgsynth.traces.template import reasoning_text


def assemble_row(
    mined: Mined,
    question: Question,
    trace: tuple[TraceStep, ...],
    graph: KnowledgeGraph,
    seed: int,
) -> Row:
    """Return the row of a question; its verdict says that it is not checked yet.

    Args:
        mined: The query with its proof.
        question: The query in words.
        trace: The reasoning by the template writer.
        graph: The graph that all three come from.
        seed: The seed of the run.
    """
    edges = _edges(trace, graph)
    return Row(
        id=question.id,
        kind=question.kind,
        form=question.form,
        hops=hops_of(mined.query),
        prompt=question.prompt,
        question=question.question,
        answer=question.answer,
        answer_key=question.answer_key,
        answers=question.answers,
        options=question.options,
        candidate=question.candidate,
        pair=mined.pair,
        query=mined.query,
        bindings=mined.bindings,
        steps=mined.steps,
        cypher=to_cypher(mined.query),
        cypher_view=to_cypher_view(mined.query, mined.bindings),
        sparql=to_sparql(mined.query),
        edges=tuple(_row_edge(edge) for edge in edges),
        entities=_entities(mined, trace, edges, graph),
        trace=trace,
        reasoning=reasoning_text(trace, question.final),
        verdict=NOT_CHECKED,
        difficulty=difficulty_of(mined, graph, question.form, question.options),
        rarity=rarity_of(mined, graph),
        provenance=_provenance(question, edges, graph, seed),
    )


def rarity_of(mined: Mined, graph: KnowledgeGraph) -> Rarity:
    """Return the rarest entity of a question: of those that a source calls rare, if there are any.

    Looked at are what it binds and asks for, and the diseases that it names; where none has a score
    it is the first one and 0.
    """
    rare = rare_ones(mined, graph)
    ids = [*(binding.id for binding in mined.bindings), *mined.answers, *rare]
    scores = [(curie in rare, graph.node(curie).rarity_score or 0.0, curie) for curie in ids]
    _, score, entity = max(scores, key=lambda one: one[:2])
    return Rarity(round(score, 4), entity)


def _edges(trace: Iterable[TraceStep], graph: KnowledgeGraph) -> list[Edge]:
    """Return every statement that a trace cites, once each, in the order of the text."""
    known = facts_of(graph).edge
    return [known(edge) for edge in dict.fromkeys(e for step in trace for e in step.edges)]


def _row_edge(edge: Edge) -> RowEdge:
    return RowEdge(
        edge.id,
        edge.subject,
        edge.predicate,
        edge.object,
        edge.negated,
        edge.frequency,
        edge.onset,
        edge.sex,
        edge.evidence,
    )


def _entities(
    mined: Mined, trace: Iterable[TraceStep], edges: Iterable[Edge], graph: KnowledgeGraph
) -> tuple[EntityRef, ...]:
    """Return every entity used: of the query, of the text, and of the statements cited."""
    bound = mined.bound
    used = dict.fromkeys(bound.get(name, name) for name in mined.query.spine)
    for edge in mined.query.edges:
        used.update(dict.fromkeys(e for e in (edge.subject, edge.object) if e[:1] != "?"))
    used.update(dict.fromkeys(entity for step in trace for entity in step.entities))
    used.update(dict.fromkeys(end for e in edges for end in (e.subject, e.object)))
    nodes = [graph.node(curie) for curie in used]
    return tuple(EntityRef(node.id, node.name, node.category) for node in nodes)


def _provenance(
    question: Question, edges: Iterable[Edge], graph: KnowledgeGraph, seed: int
) -> Provenance:
    evidence = [item for edge in edges for item in edge.evidence]
    return Provenance(
        writer="template",
        model="",
        sampling="",
        seed=seed,
        graph=graph.fingerprint,
        kgsynth=__version__,
        template=question.template,
        sources=tuple(sorted({f"{e.source}@{e.version}" for e in evidence})),
        licenses=tuple(sorted({e.license for e in evidence})),
        register=question.register,
    )
