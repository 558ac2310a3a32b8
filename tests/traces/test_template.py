"""Traces of the template writer, and the rows that come of them."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.sparql import to_sparql
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.lexicon import lexicon
from kgsynth.records import NOT_CHECKED, Mined, QueryEdge, Row, TraceStep
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.facts import IMPLIES_ANCESTOR, facts_of
from kgsynth.traces.sentences import Sentences
from kgsynth.traces.template import reasoning_text, write_trace
from tests.mined import mined_chains, name_of, worded

SEEDS = range(12)

chains = pytest.mark.parametrize("mined", mined_chains(), ids=name_of)


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


def trace_of(mined: Mined, graph: KnowledgeGraph, seed: int = 0) -> tuple[TraceStep, ...]:
    return write_trace(mined, worded(mined, graph, seed), graph, seed)


def row_of(mined: Mined, graph: KnowledgeGraph, seed: int = 0) -> Row:
    question = worded(mined, graph, seed)
    return assemble_row(mined, question, write_trace(mined, question, graph, seed), graph, seed)


def realized(edge: QueryEdge, mined: Mined) -> tuple[str, str, str]:
    bound = mined.bound
    return (
        bound.get(edge.subject, edge.subject),
        edge.predicate,
        bound.get(edge.object, edge.object),
    )


@chains
def test_a_trace_has_one_step_for_each_hop_and_each_step_cites(
    mined: Mined, graph: KnowledgeGraph
) -> None:
    trace = trace_of(mined, graph)
    assert len(trace) == len(mined.query.spine) - 1
    assert all(step.edges and step.entities and step.text.endswith(".") for step in trace)


@chains
def test_the_citations_cover_every_edge_of_the_query(mined: Mined, graph: KnowledgeGraph) -> None:
    cited = {edge for step in trace_of(mined, graph) for edge in step.edges}
    for edge in mined.query.edges:
        assert {e.id for e in facts_of(graph).of(*realized(edge, mined)).edges} <= cited


@chains
def test_each_step_names_what_it_lists(mined: Mined, graph: KnowledgeGraph) -> None:
    lex = lexicon(graph)
    for seed in SEEDS:
        for step in trace_of(mined, graph, seed):
            said = f"{step.text} {step.concludes}".casefold()
            ends = {
                end for e in step.edges for end in (graph.edge(e).subject, graph.edge(e).object)
            }
            for curie in step.entities:
                assert curie in ends or lex.say(curie).casefold() in said


@chains
def test_the_last_step_and_the_last_line_give_the_answer(
    mined: Mined, graph: KnowledgeGraph
) -> None:
    for seed in SEEDS:
        question = worded(mined, graph, seed)
        trace = write_trace(mined, question, graph, seed)
        assert trace[-1].concludes == question.answer
        text = reasoning_text(trace, question.answer)
        assert text.splitlines() == [*(s.text for s in trace), f"Answer: {question.answer}"]


@chains
def test_the_same_seed_writes_the_same_row(mined: Mined, graph: KnowledgeGraph) -> None:
    assert row_of(mined, graph, 5) == row_of(mined, KnowledgeGraph.load(graph.folder), 5)


@chains
def test_numbers_in_the_text_are_those_of_the_proof(mined: Mined, graph: KnowledgeGraph) -> None:
    first = mined.steps[0].candidates[0]
    said = trace_of(mined, graph)[0].text
    written = "Only " if first == 1 else f"{first:,} " if first > 10 else "disorders"
    assert written in said


@chains
def test_what_a_rival_lacks_is_not_recorded_of_it(mined: Mined, graph: KnowledgeGraph) -> None:
    for proof in mined.steps:
        for rival in proof.rivals:
            for index in rival.fails:
                edge = mined.query.edges[index]
                if edge.predicate == "has_phenotype":
                    with pytest.raises(UnknownEntityError):
                        facts_of(graph).of(rival.id, edge.predicate, edge.object)


@chains
def test_nothing_is_said_to_be_absent(mined: Mined, graph: KnowledgeGraph) -> None:
    for seed in SEEDS:
        text = " ".join(step.text for step in trace_of(mined, graph, seed))
        assert "does not have" not in text
        assert "without" not in text
        assert text.count(" not ") == text.count("not recorded with")


@chains
def test_a_row_lists_every_statement_and_entity_it_uses(
    mined: Mined, graph: KnowledgeGraph
) -> None:
    row = row_of(mined, graph)
    listed = {entity.id for entity in row.entities}
    cited = [edge for step in row.trace for edge in step.edges]
    assert [edge.id for edge in row.edges] == list(dict.fromkeys(cited))
    assert listed >= {end for edge in row.edges for end in (edge.subject, edge.object)}
    assert listed >= {entity for step in row.trace for entity in step.entities}
    assert all(edge.evidence for edge in row.edges if edge.predicate != "subclass_of")
    assert row.verdict == NOT_CHECKED
    assert (row.answer_key, row.options) == ("", ())
    assert row.sparql == to_sparql(row.query)


@chains
def test_a_row_names_the_sources_and_licenses_it_touches(
    mined: Mined, graph: KnowledgeGraph
) -> None:
    row = row_of(mined, graph, 5)
    evidence = [item for edge in row.edges for item in edge.evidence]
    assert row.provenance.sources == tuple(sorted({f"{e.source}@{e.version}" for e in evidence}))
    assert row.provenance.licenses == tuple(sorted({e.license for e in evidence}))
    assert (row.provenance.writer, row.provenance.seed) == ("template", 5)
    assert row.provenance.graph == graph.fingerprint


def test_a_finding_follows_from_a_more_specific_one(graph: KnowledgeGraph) -> None:
    # Hyperkalemic periodic paralysis is recorded with episodic flaccid weakness (HP:0003752),
    # which is a kind of muscle weakness (HP:0001324).
    fact = facts_of(graph).of("MONDO:0008224", "has_phenotype", "HP:0003752")
    assert (fact.rule, fact.stated) == ("", "HP:0003752")
    derived = facts_of(graph).of("MONDO:0008224", "has_phenotype", "HP:0003011")  # musculature
    assert derived.rule == IMPLIES_ANCESTOR
    assert derived.edges[0].predicate == "has_phenotype"
    assert derived.edges[-1].object == "HP:0003011"


def test_what_does_not_hold_is_an_error(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownEntityError, match="does not hold"):
        facts_of(graph).of("MONDO:0008224", "has_phenotype", "HP:0000337")  # broad forehead


def test_a_round_of_sentences_repeats_none_in_a_row() -> None:
    words = Sentences("differential", np.random.default_rng(3))
    said = [words.turn("rival", "next", rival="r", has="h") for _ in range(40)]
    assert all(one != other for one, other in pairwise(said))
    assert len(set(said)) == len(set(said[:5])) == 5
