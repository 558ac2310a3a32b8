"""What a run goes on with: as hard as asked for, no query twice, no near duplicates."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.admission import Counts, admitted
from kgsynth.datasets.asked import facts_of, query_key
from kgsynth.datasets.files import dump_row
from kgsynth.datasets.sameness import Limits, WordingGate, stem_of
from kgsynth.graph.example import example_graph
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.make_row import parse_rejection
from kgsynth.paths.found import record_of
from kgsynth.pipeline import _distinct
from kgsynth.questions.difficulty import difficulty_of
from kgsynth.records import Rejection
from kgsynth.runs import Entry, RunSettings
from tests.factories import make_row

PLAIN = RunSettings("differential", "open", 1, 4, 0, "sha256:0")
ROW = make_row()


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


def test_only_questions_in_the_range_are_worded_and_the_others_counted(
    graph: KnowledgeGraph,
) -> None:
    settings = replace(PLAIN, n=10, difficulty="0.15..0.2")
    counts = Counts.of(settings, graph)
    jobs = list(itertools.islice(admitted(graph, settings, counts), 10))
    scores = [difficulty_of(record_of(job.mined, graph), graph).score for job in jobs]
    assert all(0.15 <= score <= 0.2 for score in scores)
    (gate,) = counts.gates
    assert gate is not None
    kept = [item for _, _, item in counts.kept if isinstance(item, Rejection)]
    turned_down = [item for item in kept if item.code in ("too_easy", "too_hard")]
    assert gate.judged == gate.passed + len(turned_down)
    assert {rejection.stage for rejection in turned_down} == {"selection"}
    assert gate.lowest < 0.15
    assert gate.highest > 0.2


def test_no_two_questions_of_a_run_share_most_of_their_facts(graph: KnowledgeGraph) -> None:
    settings = replace(PLAIN, n=200, max_overlap=0.3)
    counts = Counts.of(settings, graph)
    jobs = list(itertools.islice(admitted(graph, settings, counts), 60))
    mined = [record_of(job.mined, graph) for job in jobs]
    facts = [facts_of(one) for one in mined]
    assert len({query_key(one) for one in mined}) == 60
    assert all(
        len(one & other) / len(one | other) < 0.3 for one, other in itertools.combinations(facts, 2)
    )


def entry(seq: int, question: str, part: int = 0) -> Entry:
    return Entry(seq, part, "row", "", dump_row(replace(ROW, question=question)))


def test_a_stem_is_read_from_a_written_row_whatever_stands_in_it() -> None:
    stem = 'Is "question":"no" a \\ trap,\nor which disorder has Sjögren\'s "dry" eyes?'
    assert stem_of(dump_row(replace(ROW, question=stem))) == stem


def test_a_row_of_nearly_the_same_words_becomes_a_rejection() -> None:
    counts, gate = Counts.of(PLAIN, example_graph()), WordingGate(Limits(words=0.8))
    stem = "Which recorded disorder has aniridia, ascites and a small spleen?"
    first, again = entry(0, stem), entry(1, stem.replace("Which", "What"))
    assert _distinct(first, gate, counts, example_graph()) == first
    found = _distinct(again, gate, counts, example_graph())
    assert (found.seq, found.kind) == (1, "rejected")
    rejection = parse_rejection(found.body)
    assert (rejection.stage, rejection.code) == ("distinct", "near_duplicate")
    assert Entry.parse(found.line()) == found


def test_a_row_that_nobody_needs_is_not_compared() -> None:
    counts, gate = Counts.of(replace(PLAIN, n=1), example_graph()), WordingGate(Limits())
    counts.accept(0)
    for seq in range(2):
        late = entry(seq, "Which disorder has aniridia?")
        assert _distinct(late, gate, counts, example_graph()) == late


def test_the_two_questions_of_a_dual_may_be_alike() -> None:
    counts = Counts.of(replace(PLAIN, kind="dual", form="yes_no"), example_graph())
    gate = WordingGate(Limits())
    for seq in range(2):
        one = entry(seq, "Does Marfan syndrome have ectopia lentis?")
        assert _distinct(one, gate, counts, example_graph()) == one
