"""From query, question and trace to the row: every statement and entity used, and the scores."""

import functools
from collections.abc import Iterable
from itertools import chain

from kgsynth import __version__
from kgsynth.graph.cypher import to_cypher, to_cypher_view
from kgsynth.graph.sparql import to_sparql
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.paths.focus import called_rare
from kgsynth.questions.base import Question
from kgsynth.questions.difficulty import difficulty_of, hops_of
from kgsynth.records import (
    NOT_CHECKED,
    Edge,
    EntityRef,
    Mined,
    Node,
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
    shelf = _shelf(graph)
    known = shelf.edges
    edges = tuple([known[edge] for edge in _once([step.edges for step in trace])])
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
        edges=edges,
        entities=_entities(mined, trace, edges, shelf),
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
    worth = _shelf(graph).worth
    edges = mined.query.edges
    named = [edge.subject for edge in edges if edge.subject[:1] != "?" and worth[edge.subject][0]]
    ids = [*[binding.id for binding in mined.bindings], *mined.answers, *dict.fromkeys(named)]
    entity = max(ids, key=worth.__getitem__)
    return Rarity(round(worth[entity][1], 4), entity)


class _Shelf:
    """What rows of one graph take from it, made once each."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        facts, rare = facts_of(graph), called_rare(graph)
        self.edges: Memo[str, RowEdge] = Memo(lambda one: _row_edge(facts.edge(one)))
        self.entities: Memo[str, EntityRef] = Memo(lambda one: _entity(graph.node(one)))
        #: Whether a source calls an entity rare, and its score.
        self.worth: Memo[str, tuple[bool, float]] = Memo(
            lambda one: (bool(rare[graph.index_of(one)]), graph.node(one).rarity_score or 0.0)
        )


@once_each
def _shelf(graph: KnowledgeGraph) -> _Shelf:
    return _Shelf(graph)


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


def _entity(node: Node) -> EntityRef:
    return EntityRef(node.id, node.name, node.category)


def _once(parts: Iterable[Iterable[str]]) -> dict[str, None]:
    """Return ids once each, in the order in which they come."""
    return dict.fromkeys(chain.from_iterable(parts))


def _entities(
    mined: Mined, trace: Iterable[TraceStep], edges: Iterable[RowEdge], shelf: _Shelf
) -> tuple[EntityRef, ...]:
    """Return every entity used: of the query, of the text, and of the statements cited."""
    bound, query = mined.bound, mined.query
    walked = [bound.get(name, name) for name in query.spine]
    asked = [end for edge in query.edges for end in (edge.subject, edge.object) if end[:1] != "?"]
    told = [step.entities for step in trace]
    ends = [end for edge in edges for end in (edge.subject, edge.object)]
    known = shelf.entities
    return tuple([known[curie] for curie in _once([walked, asked, *told, ends])])


def _provenance(
    question: Question, edges: Iterable[RowEdge], graph: KnowledgeGraph, seed: int
) -> Provenance:
    told = {(e.source, e.version, e.license) for edge in edges for e in edge.evidence}
    sources, licenses = _from(frozenset(told))
    return Provenance(
        writer="template",
        model="",
        sampling="",
        seed=seed,
        graph=graph.fingerprint,
        kgsynth=__version__,
        template=question.template,
        sources=sources,
        licenses=licenses,
        register=question.register,
    )


@functools.lru_cache(maxsize=1024)
def _from(told: frozenset[tuple[str, str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sources and the licenses of some evidence, in alphabetical order."""
    sources = {f"{source}@{version}" for source, version, _ in told}
    return tuple(sorted(sources)), tuple(sorted({license_ for _, _, license_ in told}))
