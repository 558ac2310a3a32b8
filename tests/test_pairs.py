"""The two questions of a dual stay together: counted as two, or not at all."""

from kgsynth.pairs import Halves, even, lone_half, pair_of, part_whole
from kgsynth.parts import _whole_pairs, parse_mix
from kgsynth.runs import Entry


def entry(seq: int, keys: str) -> Entry:
    return Entry(seq, 0, "row", keys, b"{}")


def test_an_odd_number_of_duals_is_one_more() -> None:
    assert [even("dual", n) for n in (1, 2, 5)] == [2, 2, 6]
    assert even("list", 5) == 5


def test_a_mix_takes_the_row_from_its_largest_other_part() -> None:
    shares = parse_mix("dual=0.3,list=0.5,comparison=0.2", None)
    assert _whole_pairs(10, shares) == [4, 4, 2]
    assert _whole_pairs(3, parse_mix("dual=1", None)) == [4]


def test_a_pair_counts_when_its_second_half_comes() -> None:
    halves = Halves()
    keys = ("a ~kgp:1", "b", "c ~kgp:1", "d ~kgp:2")
    assert [halves.rows(each) for each in keys] == [0, 1, 2, 0]
    assert pair_of("a ~kgp:1") == "~kgp:1"
    assert pair_of("a b") == ""


def test_half_a_pair_is_no_row_and_is_written_down() -> None:
    rows = [entry(0, "a ~kgp:1"), entry(1, "b ~kgp:1"), entry(2, "c ~kgp:2"), entry(3, "d")]
    kept, lone = part_whole(rows)
    assert [row.seq for row in kept] == [0, 1, 3]
    assert [(one.id, one.code) for one in map(lone_half, lone)] == [("question 2", "lone_half")]
