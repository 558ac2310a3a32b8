"""Rows counted by portions come to what they come to one by one."""

from itertools import pairwise

from kgsynth.datasets.coverage import CoverageCount
from kgsynth.datasets.files import dump_row
from kgsynth.datasets.tally import Tally
from kgsynth.datasets.totals import Totals, totals_of
from kgsynth.graph.example import example_graph
from tests.factories import make_rows

GRAPH, ROWS = example_graph(), make_rows(12)
LINES = [(place, dump_row(row)) for place, row in enumerate(ROWS)]


def portions(*bounds: int) -> list[Totals]:
    found = []
    for first, last in pairwise(bounds):
        found.append(Totals())
        for place in range(first, last):
            found[-1].add(place, ROWS[place], GRAPH, ())
    return found


def test_portions_come_to_what_all_rows_come_to() -> None:
    tally, cover = Tally(), CoverageCount(GRAPH)
    for row in ROWS:
        tally.add(row)
        cover.add(row)
    for made in ([], portions(0, 12), portions(0, 5, 9), portions(3, 3, 7, 12)):
        found = totals_of(LINES, made, GRAPH, ())
        assert (found.tally, found.covered) == (tally, cover.counts)
        assert CoverageCount(GRAPH, (), found.covered).result() == cover.result()


def test_a_portion_of_which_a_row_is_left_out_is_counted_again() -> None:
    found = totals_of(LINES[1:], portions(0, 5, 12), GRAPH, ())
    assert found == totals_of(LINES[1:], [], GRAPH, ())
    assert found.tally.rows == 11
