"""Which clues of a pool are near one another, against what the definition says of every pair."""

import random

import numpy as np
import pytest

from kgsynth.paths.bits import Int32, close, marks, ragged
from kgsynth.paths.nearness import near_places
from kgsynth.paths.tables import Kinship
from kgsynth.paths.words import Words

NODES, WORDS = 150, 40


def table(rows: list[list[int]]) -> Int32:
    indptr = np.cumsum([0, *map(len, rows)])
    return ragged(indptr, np.array([value for row in rows for value in row], np.int64))


def ancestors(parents: list[list[int]], node: int) -> set[int]:
    return {up for one in parents[node] for up in (one, *ancestors(parents, one))}


@pytest.mark.parametrize("largest", [12, 100])
def test_each_pair_is_marked_as_it_is(largest: int) -> None:
    rng = random.Random(largest)
    parents = [sorted(rng.sample(range(at), min(at, rng.choice((0, 1, 2))))) for at in range(NODES)]
    above = [ancestors(parents, node) for node in range(NODES)]
    pools = [rng.sample(range(NODES), rng.randint(0, largest)) for _ in range(NODES)]
    clue, secret = (
        [sorted(rng.sample(range(WORDS), rng.randint(0, 2))) for _ in range(NODES)]
        for _ in range(2)
    )
    up = table(parents)
    kin = Kinship(close(up), marks(close(up)), up)
    words = Words(table(clue), table(secret), marks(table(clue)), marks(table(secret)))
    near = near_places(table(pools), kin, words)[NODES + 1 :].tolist()
    for node, pool in enumerate(pools):
        for place, one in enumerate(pool):
            others = {
                at & 63
                for at, other in enumerate(pool)
                if at != place
                and (
                    other in above[one]
                    or one in above[other]
                    or not set(parents[one]).isdisjoint(parents[other])
                )
            }
            if len(pool) > 64 or not set(clue[one]).isdisjoint(secret[node]):
                others.add(place & 63)
            assert {bit for bit in range(64) if near[0] >> bit & 1} == others
            near.pop(0)
    assert not near
