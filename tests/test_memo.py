"""A memory forgets all at once rather than grow, and keeps nothing of what failed."""

import gc
import itertools
import weakref
from collections.abc import Callable

import pytest

from kgsynth.memo import Memo, once_each


def test_a_value_is_worked_out_once() -> None:
    asked: list[int] = []

    def square(number: int) -> int:
        asked.append(number)
        return number * number

    memo = Memo(square)
    assert [memo[3], memo[3], memo[4]] == [9, 9, 16]
    assert asked == [3, 4]


def test_no_more_is_held_than_was_said() -> None:
    memo: Memo[int, int] = Memo(lambda number: -number, most=8)
    for number in range(100):
        assert memo[number] == -number
        assert len(memo) <= 8


def test_what_is_kept_unasked_counts_as_well() -> None:
    memo: Memo[int, int] = Memo(lambda number: -number, most=8)
    for number in range(100):
        assert memo.keep(number, number) == memo[number] == number
        assert len(memo) <= 8


def test_large_values_are_forgotten_sooner() -> None:
    memo: Memo[int, range] = Memo(range, most=100, size=len)
    for number in range(30):
        assert len(memo[number]) == number
        assert sum(map(len, memo.values())) < 100 + 30


def test_what_fails_is_asked_again() -> None:
    memo: Memo[str, int] = Memo(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            memo["seven"]
    assert not memo


class Thing:
    """What something is worked out for."""


def test_each_object_has_its_own_value_and_takes_it_along() -> None:
    numbers = itertools.count(1)
    number_of = once_each(lambda _: next(numbers))
    one, other = Thing(), Thing()
    assert [number_of(thing) for thing in (one, one, other, one, other, other)] == [
        1,
        1,
        2,
        1,
        2,
        2,
    ]
    gone = weakref.ref(other)
    del other
    gc.collect()
    assert gone() is None
    assert number_of(Thing()) == 3
    assert number_of(one) == 1


def test_a_value_may_hold_on_to_its_object() -> None:
    itself = once_each(lambda thing: [thing])
    thing = Thing()
    assert itself(thing) == [thing]
    gone = weakref.ref(thing)
    del thing
    gc.collect()
    assert gone() is None


def test_functions_of_one_name_do_not_share_values() -> None:
    def length_of(own: list[int]) -> Callable[[Thing], int]:
        return once_each(lambda _: len(own))

    thing = Thing()
    assert [length_of(own)(thing) for own in ([7], [7, 8])] == [1, 2]
