"""The rules of other miners, written anew in ``benchmarks/``: what they give is in the graph."""

from random import Random

import pytest

from benchmarks.peer_rules import RULES, Knots
from benchmarks.peers import judge
from kgsynth.graph.example import example_graph


@pytest.fixture(scope="module")
def knots() -> Knots:
    return Knots(example_graph())


@pytest.mark.parametrize("name", sorted(set(RULES) - {"DeepDive walk, k = 7"}))
def test_a_walk_rests_on_statements_and_asks_for_what_it_does_not_name(
    name: str, knots: Knots
) -> None:
    graph, draw = example_graph(), Random(0)
    knots.joined = knots.joined[:40]
    walks = [walk for walk in (RULES[name](knots, draw) for _ in range(60)) if walk]

    assert walks
    for walk in walks:
        assert walk.answer not in walk.named
        assert walk.spine[0] in walk.named
        assert walk.spine[-1] == walk.answer
        for subject, predicate, object_ in walk.edges:
            assert object_ in graph.csr(predicate).of(subject)


def test_what_is_valid_is_unique(knots: Knots) -> None:
    graph, draw = example_graph(), Random(1)
    tries = [RULES[name](knots, draw) for name in ("BetaE 2i", "GraphWalker walk, k = 2") * 30]
    verdicts = [judge(graph, knots, walk) for walk in tries if walk]

    assert {unique for unique, _, _ in verdicts} == {False, True}
    assert all(unique for unique, _, valid in verdicts if valid)
