"""The graph as people use it in a notebook, against plain dictionaries and sets."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kgsynth.errors import UnknownEntityError
from kgsynth.graph import ids as ids_module
from kgsynth.graph.adjacency import Csr, make_adjacency, make_csr
from kgsynth.graph.example import FABRY, example_graph
from kgsynth.graph.ids import Ids
from kgsynth.graph.lexicon import COLUMNS, Lexicon, words, write_lexicon
from kgsynth.graph.store import KnowledgeGraph

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.integers(0, 9)), max_size=40)


@given(PAIRS, st.integers(0, 9), st.integers(0, 3))
def test_the_adjacency_is_that_of_plain_sets(
    edges: list[tuple[int, int, int]], start: int, radius: int
) -> None:
    edges = sorted(set(edges))
    tails, kinds, heads = (
        (np.array(column, dtype=np.int32) for column in zip(*edges, strict=True))
        if edges
        else (np.zeros(0, dtype=np.int32),) * 3
    )
    near = make_adjacency(tails, heads, kinds, ("p", "q"), 10)
    for kind in range(4):
        rows = np.flatnonzero(kinds == kind).astype(np.int32)
        for way, ends in (("forward", (tails, heads)), ("inverse", (heads, tails))):
            expected = make_csr(ends[0][rows], ends[1][rows], rows, 10)
            got = near.csr("pq"[kind // 2], way, bool(kind % 2))  # type: ignore[arg-type]
            for name in Csr._fields:
                assert getattr(got, name).tolist() == getattr(expected, name).tolist()
    reached = {start}
    for _ in range(radius):
        reached |= {b for a, _, b in edges if a in reached} | {
            a for a, _, b in edges if b in reached
        }
    found = near.reach(np.array([start]), radius)
    assert found.tolist() == sorted(reached)
    inside = [row for row, (a, _, b) in enumerate(edges) if a in reached and b in reached]
    assert near.between(found).tolist() == inside


def test_an_unsorted_table_is_refused() -> None:
    with pytest.raises(ValueError, match="not sorted"):
        make_adjacency(*(np.array([1, 0], dtype=np.int32),) * 3, ("p",), 2)


@given(st.lists(TEXTS, min_size=1, unique=True), TEXTS)
def test_ids_are_found_by_searching_as_by_dictionary(texts: list[str], other: str) -> None:
    texts.sort()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ids_module, "_FEW", 0)
        ids = Ids(pa.array(texts))
        for text in (*texts, other):
            assert ids.find(text) == (texts.index(text) if text in texts else None)
        assert [ids[place] for place in range(len(ids))] == texts
        begun = [at for at, text in enumerate(texts) if text.startswith(other)]
        assert list(ids.beginning(other)) == begun


@given(st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=3)), min_size=1, max_size=8))
@example([("℡ İ ŉ ﬃ ǅ", ["TEL", "O'Neill’s", "α_β"])])
def test_the_lexicon_splits_as_words_does(tmp_path_factory, rows) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("lexicon")
    names, synonyms = [name for name, _ in rows], [others for _, others in rows]
    nodes = pa.table(
        {"name": pa.array(names), "synonyms": pa.array(synonyms, pa.list_(pa.string()))}
    )
    write_lexicon(folder, nodes)
    lexicon = Lexicon(folder)
    spellings = [*names, *(text for others in synonyms for text in others)]
    expected: dict[str, set[int]] = {}
    for place, text in enumerate(spellings):
        for word in words(text):
            expected.setdefault(word, set()).add(place)
        assert lexicon.spelling(nodes, place) == text
        assert lexicon.sizes[place] == len(words(text))
    assert lexicon.vocabulary.to_pylist() == sorted(expected)
    assert {word: set(lexicon.having(at).tolist()) for at, word in enumerate(sorted(expected))} == (
        expected
    )
    assert len(lexicon.bases) == len(COLUMNS) + 1


@pytest.mark.parametrize("spelling", [FABRY, "omim:301500", "Orphanet_324", "ORPHA:324"])
def test_a_node_answers_to_any_of_its_ids(spelling: str) -> None:
    assert example_graph().node(spelling).name == "Fabry disease"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("MONDO:0010527", "did you mean MONDO:0010526"),
        ("Fabri", "did you mean MONDO:0010526"),
        ("xqzt", "try `kgsynth graph find TEXT`"),
    ],
)
def test_an_unknown_id_is_answered_with_likely_ones(text: str, hint: str) -> None:
    for look in (KnowledgeGraph.node, KnowledgeGraph.neighbours, KnowledgeGraph.subgraph):
        with pytest.raises(UnknownEntityError, match="no entity") as caught:
            look(example_graph(), text)
        assert hint in str(caught.value)


def test_neighbours_go_both_ways_without_a_predicate() -> None:
    graph = example_graph()
    near = graph.neighbours("HP:0001014")
    assert near == ["HP:0000118", FABRY]
    assert graph.neighbours("HP:0001014", direction="inverse") == [FABRY]
    assert graph.neighbours("HP:0001014", "has_phenotype") == []
    assert graph.neighbours("HP:0001014", "has_phenotype", "inverse") == [FABRY]


def test_a_subgraph_holds_its_edges_and_shows_itself() -> None:
    graph = example_graph()
    part = graph.subgraph([FABRY], radius=1, predicates=["has_phenotype"])
    assert part.ids == ("HP:0000083", "HP:0001014", "HP:0003401", FABRY)
    assert {edge.object for edge in part.edges()} == set(part.ids[:3])
    assert [node.id for node in part.nodes()] == list(part.ids)
    assert "Fabry disease" in part._repr_html_()
    assert len(graph.subgraph([])) == 0
    assert len(graph.subgraph(FABRY, radius=9)) == len(graph)


def test_the_default_graph_opens_and_finds_in_milliseconds(default_graph: Path) -> None:
    graph = KnowledgeGraph.load(default_graph)
    assert graph.adjacency.nbytes <= 16 * graph.n_edges
    subjects = graph.edges()["subject"].to_pylist()
    first = graph.index_of(subjects[0])
    assert subjects.count(subjects[0]) == int(np.diff(graph.adjacency.starts)[first])


def test_nodes_show_themselves_with_names_as_text() -> None:
    shown = example_graph().node(FABRY)._repr_html_()
    assert "<b>Fabry disease</b>" in shown
    assert "OMIM:301500" in shown
    assert "<i>" not in replace(example_graph().node(FABRY), name="<i>x")._repr_html_()
