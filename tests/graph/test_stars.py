"""Which ids become one entity: the rule against its slow twin on random mappings."""

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from kgsynth.graph.stars import centers

# Four authorities of five ids each: 0-4 lead, 15-19 come last. Names are few, so that they meet.
SIZE, AUTHORITIES = 20, 4
Pair = tuple[int, int]


def fast(pairs: Iterable[Pair], described: set[int], names: list[int]) -> list[int]:
    array = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    rank = np.arange(SIZE, dtype=np.int32) // (SIZE // AUTHORITIES)
    known = np.isin(np.arange(SIZE), sorted(described))
    found: list[int] = centers(array, rank, known, lambda a, b: names[a] == names[b]).tolist()
    return found


def slow(pairs: Iterable[Pair], described: set[int], names: list[int]) -> list[int]:
    """The rule as its docstring words it, one id after the other."""
    center = list(range(SIZE))

    def settle(one: int, claims: list[int]) -> int | None:
        if len(claims) == 1:
            return claims[0]
        known = [other for other in claims if other in described]
        if len(known) > 1:
            known = [other for other in known if names[other] == names[one]]
        return known[0] if len(known) == 1 else None

    for level in range(AUTHORITIES):
        joins: dict[int, list[int]] = defaultdict(list)
        for one in range(level * 5, level * 5 + 5):
            partners = sorted({a for a, b in pairs if b == one})
            if not partners:
                continue
            best = min(partner // 5 for partner in partners)
            partner = settle(one, [p for p in partners if p // 5 == best])
            if partner is not None and center[partner] == partner:
                joins[partner].append(one)
        for partner, claims in joins.items():
            chosen = settle(partner, claims)
            if chosen is not None:
                center[chosen] = partner
    return center


def pair_sets() -> st.SearchStrategy[set[Pair]]:
    one = st.integers(0, SIZE - 1)
    ordered = st.tuples(one, one).map(lambda pair: (min(pair), max(pair)))
    return st.sets(ordered.filter(lambda pair: pair[0] // 5 != pair[1] // 5), max_size=30)


@given(
    pairs=pair_sets(),
    described=st.sets(st.integers(0, SIZE - 1)),
    names=st.lists(st.integers(0, 2), min_size=SIZE, max_size=SIZE),
)
@example(pairs={(0, 5), (5, 10)}, described=set(), names=[0] * SIZE)
def test_the_rule_is_its_slow_twin_and_keeps_its_promises(
    pairs: set[Pair], described: set[int], names: list[int]
) -> None:
    center = fast(pairs, described, names)
    assert center == slow(pairs, described, names)
    members: dict[int, list[int]] = defaultdict(list)
    for one, to in enumerate(center):
        assert center[to] == to
        assert one == to or (to, one) in pairs  # by a mapping of its own
        members[to].append(one // 5)
    for authorities in members.values():
        assert len(authorities) == len(set(authorities))


def test_a_chain_over_two_sources_joins_no_ends() -> None:
    # MONDO = OMIM says one source, OMIM = ORPHA another: nothing says MONDO = ORPHA.
    assert fast({(0, 5), (5, 10)}, set(range(SIZE)), [0] * SIZE)[10] == 10


def test_three_authorities_of_one_leader_are_one_entity() -> None:
    center = fast({(0, 5), (0, 10), (5, 10), (0, 15)}, set(range(SIZE)), list(range(SIZE)))
    assert [center[one] for one in (0, 5, 10, 15)] == [0, 0, 0, 0]
