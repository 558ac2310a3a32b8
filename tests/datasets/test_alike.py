"""The quick search for what is alike, beside one that compares each set with all others."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.datasets.alike import FIRST, GROWTH, AlikeIndex, jaccard

SETS = st.lists(st.frozensets(st.sampled_from("abcdefghij"), max_size=8), max_size=30)


def first_alike(earlier: list[frozenset[str]], members: frozenset[str], limit: float) -> int | None:
    """Do what the index does, the slow and obvious way."""
    for at, one in enumerate(earlier):
        either = one | members
        if either and len(one & members) / len(either) >= limit - 1e-9:
            return at
    return None


def same_as_slow(sets: list[frozenset[str]], limit: float) -> bool:
    index, kept = AlikeIndex(limit), list[frozenset[str]]()
    for members in sets:
        if index.find(members) != first_alike(kept, members, limit):
            return False
        index.add(members)
        kept.append(members)
    return len(index) == len(sets)


@given(sets=SETS, limit=st.sampled_from([0.1, 1 / 3, 0.5, 0.6, 0.75, 0.8, 0.9, 1.0]))
def test_the_index_finds_what_a_comparison_with_all_finds(
    sets: list[frozenset[str]], limit: float
) -> None:
    assert same_as_slow(sets, limit)


@pytest.mark.parametrize("limit", [0.5, 0.7, 0.85])
def test_it_does_so_after_members_are_counted_anew(limit: float) -> None:
    draw = random.Random(7)
    words = [f"w{at}" for at in range(60)]
    sets = [
        frozenset(words[int(60 * draw.random() ** 3)] for _ in range(draw.randint(3, 14)))
        for _ in range(FIRST * GROWTH + 40)
    ]
    assert same_as_slow(sets, limit)


def test_rounding_does_not_part_what_is_just_alike() -> None:
    index = AlikeIndex(0.8)
    index.add(frozenset(map(str, range(28))))
    assert index.find(frozenset(map(str, range(35)))) == 0  # 28 / 35 is 0.8


def test_an_empty_set_is_like_nothing() -> None:
    assert jaccard(frozenset(), frozenset()) == 0.0


@pytest.mark.parametrize("limit", [0.0, 1.1, float("nan")])
def test_what_is_no_likeness_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="not a likeness"):
        AlikeIndex(limit)
