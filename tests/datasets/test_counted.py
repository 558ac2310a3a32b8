"""Rows read in part are counted as whole ones are."""

import json

import pytest

from kgsynth.datasets.counted import read_counted
from kgsynth.datasets.coverage import CoverageCount
from kgsynth.datasets.files import dump_row
from kgsynth.datasets.tally import Tally
from kgsynth.errors import RunError
from kgsynth.graph.example import example_graph
from tests.factories import make_rows


def test_a_row_read_in_part_is_counted_as_a_whole_one() -> None:
    whole, part = Tally(), Tally()
    covers = CoverageCount(example_graph()), CoverageCount(example_graph())
    for row in make_rows(12):
        counted = read_counted(dump_row(row), "row 1")
        whole.add(row)
        part.add(counted)
        covers[0].add(row)
        covers[1].add(counted)
    assert whole.rows == 12
    assert part == whole
    assert covers[1].result() == covers[0].result()


@pytest.mark.parametrize("spoil", [{"hops": "four"}, {"query": None}, {"entities": 3}])
def test_what_is_counted_has_to_be_there(spoil: dict[str, object]) -> None:
    fields = json.loads(dump_row(make_rows(1)[0])) | spoil
    with pytest.raises(RunError, match="row 7: expected a row of kgsynth"):
        read_counted(json.dumps(fields).encode(), "row 7")
    with pytest.raises(RunError, match="row 7"):
        read_counted(b"{", "row 7")
