"""Cells read out of buffers are what Arrow itself says."""

import pyarrow as pa
import pytest

from kgsynth.graph.cells import cell_of

COLUMNS = {
    "texts": pa.array(["a", "", "é", "\U0001f9ec"]),
    "texts with nulls": pa.array([None, "b", None, "", "d"]),
    "only nulls": pa.array([None, None], pa.string()),
    "large texts": pa.array(["a", None], pa.large_string()),
    "lists": pa.array([["a", "bé"], [], ["c"]]),
    "lists with nulls in them": pa.array([["a", None], [], ["c"]]),
    "lists and nulls": pa.array([["a"], None]),
    "empty lists": pa.array([[], []], pa.list_(pa.string())),
    "flags": pa.array([True, False, True] * 5),
    "flags with nulls": pa.array([True, None]),
    "numbers": pa.array([0.5, None, 0.1]),
    "short numbers": pa.array([0.1, None, 3.0], pa.float32()),
    "numbers without nulls": pa.array([0.1, 0.25], pa.float32()),
    "whole numbers": pa.array([1, None]),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_cell_is_what_arrow_says(name: str) -> None:
    column = COLUMNS[name]
    for part in (column, column.slice(1)):
        cell = cell_of(part)
        assert [cell(row) for row in range(len(part))] == part.to_pylist()
        assert [type(cell(row)) for row in range(len(part))] == [*map(type, part.to_pylist())]


def test_an_empty_column_opens() -> None:
    for type_ in (pa.string(), pa.list_(pa.string()), pa.bool_(), pa.float32()):
        assert callable(cell_of(pa.array([], type_)))
