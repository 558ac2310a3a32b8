"""What is counted of the ways to walk a step, against looking at each way; on random sets."""

import random
from pathlib import Path

import numpy as np
import pytest

from kgsynth.checks.ways import Ways, count_one_by_one, count_together
from kgsynth.graph.answers import Solver, solutions
from kgsynth.records import Query, QueryEdge, Variable
from tests.paths.test_miner import random_world

WHOLE = frozenset(range(5, 60))


def random_sets(rng: random.Random, clues: int) -> list[frozenset[int]]:
    most = rng.choice((3, 12, 40))
    return [frozenset(rng.sample(sorted(WHOLE), rng.randint(1, most))) for _ in range(clues)]


def failed(sets: list[frozenset[int]], negated: int, node: int) -> set[int]:
    return {at for at, nodes in enumerate(sets) if (node in nodes) == bool(negated >> at & 1)}


def as_bits(places: set[int]) -> int:
    return sum(1 << place for place in places)


def assert_counts(
    ways: Ways, ends: list[int], rivals: list[int], sets: list[frozenset[int]], negated: int
) -> None:
    """Compare what is counted with the ways and rivals themselves, looked at one by one."""
    fails = [failed(sets, negated, end) for end in rivals]
    for limit in range(len(sets) + 1):
        assert ways.rivals_within(limit) == sum(len(places) <= limit for places in fails)
        needed = {c for c in range(len(sets)) if any(len(f - {c}) <= limit for f in fails)}
        assert ways.needed(limit) & ((1 << len(sets)) - 1) == as_bits(needed)
    order = list(range(len(sets)))
    random.Random(len(ends)).shuffle(order)
    assert ways.left(order) == tuple(
        sum(failed(sets, negated, end).isdisjoint(order[: at + 1]) for end in ends)
        for at in range(len(order))
    )
    for end in {*ends, 2}:
        assert ways.fails(end) == as_bits(failed(sets, negated, end))


@pytest.mark.parametrize("seed", range(16))
def test_a_first_step_is_counted_as_each_entity_is_looked_at(seed: int) -> None:
    rng = random.Random(seed)
    sets = random_sets(rng, rng.choice((1, 2, 3, 4, 7, 8, 9, 12)))
    negated = rng.choice((0, 0, 1, 2)) & ((1 << len(sets)) - 1)
    bound, *others = rng.sample(range(62), 3)
    accepted = [bound] if rng.random() < 0.5 else [bound, *others]
    scratch = np.zeros(64, np.uint8)
    arrays = [np.array(sorted(nodes), np.intp) for nodes in sets]
    ways = Ways.of_all(sets, negated, WHOLE, bound, accepted, arrays, scratch)
    assert not scratch.any()
    assert ways.walked == (bound in WHOLE)
    rivals = sorted(WHOLE.difference(accepted))
    assert_counts(ways, sorted(WHOLE), rivals, sets, negated)
    if len(sets) <= 8:
        assert count_together(arrays, scratch) == count_one_by_one(sets)


@pytest.mark.parametrize("seed", range(16))
def test_a_later_step_is_counted_as_each_walk_is_looked_at(seed: int) -> None:
    rng = random.Random(seed)
    sets = random_sets(rng, rng.choice((1, 2, 3)))
    walks = sorted(
        {(rng.randrange(3), rng.choice((7, 8, 9, 20))) for _ in range(rng.randint(1, 9))}
    )
    bound = rng.choice([*walks, (9, 9)])
    ways = Ways.of_walks(sets, 0, walks, bound, [])
    rivals = [end for gene, end in walks if (gene, end) != bound]
    assert_counts(ways, [end for _, end in walks], rivals, sets, 0)
    assert sum(ways.ends()) == len({end for _, end in walks} - {bound[1]})
    assert ways.reaches(bound[1]) == (bound[1] in [end for _, end in walks])


def part_of_a_chain(rng: random.Random) -> Query:
    """Return disease, gene, disease, mode, with one or two findings of the second disease."""
    has, link, mode = "has_phenotype", "gene_associated_with_condition", "has_mode_of_inheritance"
    terms = [f"HP:{rng.randint(1, 23):02}" for _ in range(rng.randint(1, 2))]
    return Query(
        "?m",
        (
            Variable("?d1", "Disease"),
            Variable("?g", "Gene"),
            Variable("?d2", "Disease"),
            Variable("?m", "GeneticInheritance"),
        ),
        (
            QueryEdge("?d1", has, "HP:03"),
            QueryEdge("?g", link, "?d1"),
            QueryEdge("?g", link, "?d2"),
            QueryEdge("?d2", mode, "?m"),
            *(QueryEdge("?d2", has, term) for term in dict.fromkeys(terms)),
        ),
        ("HP:03", "?d1", "?g", "?d2", "?m"),
    )


def test_what_a_part_pins_is_what_all_its_solutions_share(tmp_path: Path) -> None:
    world = random_world(random.Random(5))
    graph = world.graph(tmp_path)
    rng, solver, seen = random.Random(3), Solver.of(graph), set()
    for _ in range(15):
        query = part_of_a_chain(rng)
        for cut, first in ((1, 1), (2, 2), (3, 3)):
            inside = query.variables[first:]
            names = tuple(variable.name for variable in inside)
            kept = tuple(
                edge
                for at, edge in enumerate(query.edges)
                if at != cut and {edge.subject, edge.object}.intersection(names)
            )
            for admit in (False, True):
                every = list(solutions(graph, Query("?m", inside, kept, ()), admit))
                pinned = [n for n in names if len({found[n] for found in every}) < 2]
                assert solver.fixed(query, cut, names, admit) == sorted(pinned)
                seen.add(len(pinned))
    assert len(seen) > 2
