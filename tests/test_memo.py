"""A memory forgets all at once rather than grow, and keeps nothing of what failed."""

import pytest

from kgsynth.memo import Memo


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


def test_what_fails_is_asked_again() -> None:
    memo: Memo[str, int] = Memo(int)
    for _ in range(2):
        with pytest.raises(ValueError, match="invalid literal"):
            memo["seven"]
    assert not memo
