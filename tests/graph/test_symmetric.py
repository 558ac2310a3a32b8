"""A symmetric statement is stored once and read both ways, as Cypher and SPARQL read it."""

from pathlib import Path

import pytest

from kgsynth.graph.answers import answers
from kgsynth.records import Query, QueryEdge, Variable
from tests.real.small_world import World

PROCESS, PAIN, DISEASE = "GO:0006954", "MESH:D010146", "MONDO:0007179"
ENTITIES = {PROCESS: "BiologicalProcess", PAIN: "Disease", DISEASE: "Disease"}
STRONG, WEAK = "positively_correlated_with", "correlated_with"
FACTS = frozenset({(PROCESS, STRONG, PAIN), (DISEASE, WEAK, PROCESS)})


@pytest.mark.parametrize(
    ("subject", "predicate", "object_", "expected"),
    [
        ("?d", STRONG, PROCESS, {PAIN, DISEASE}),  # the weaker statement admits a rival
        (PROCESS, STRONG, "?d", {PAIN, DISEASE}),
        ("?d", WEAK, PROCESS, {DISEASE}),
        (PROCESS, WEAK, "?d", {DISEASE}),
    ],
)
def test_both_directions_give_the_same_answers(
    tmp_path: Path, subject: str, predicate: str, object_: str, expected: set[str]
) -> None:
    graph = World(ENTITIES, FACTS, frozenset(), frozenset()).graph(tmp_path)
    edge = QueryEdge(subject, predicate, object_)
    query = Query("?d", (Variable("?d", "Disease"),), (edge,), (PROCESS, "?d"))
    assert set(answers(graph, query)) == expected
