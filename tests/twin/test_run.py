"""Runs that repeat themselves, or whose splits share something, are found out."""

from typing import Any

from tests.twin.graph import Graph
from tests.twin.run import run_faults
from tests.twin.small import HYPER, MYOPATHY, SCN4A, make_graph, make_node, make_row


def other_row() -> dict[str, Any]:
    """Return a row on other entities, which need not be in the graph."""
    row = make_row(id="kgs:other", question="What else?")
    row["query"]["spine"] = ["HP:0001250", *row["query"]["spine"][1:]]
    row["bindings"] = [
        {"variable": f"?{name}", "id": f"X:{name}"} for name in ("d1", "g", "d2", "m")
    ]
    return row


def many_modes() -> Graph:
    node = make_node("HP:0000007")
    return make_graph(nodes=[{**node, "id": f"HP:{at}"} for at in range(101)])


def test_two_different_rows_in_two_splits_are_fine() -> None:
    assert run_faults(make_graph(), {"train": [make_row()], "test": [other_row()]}) == []


def test_a_row_may_not_come_twice() -> None:
    faults = run_faults(make_graph(), {"train": [make_row(), make_row()]})
    assert [fault.partition(" have ")[2].split(" ")[1] for fault in faults] == [
        "id",
        "stem",
        "spine",
    ]


def test_splits_share_no_spine_edge() -> None:
    other = other_row()
    other["bindings"][1]["id"] = SCN4A
    other["bindings"][2]["id"] = MYOPATHY
    assert run_faults(make_graph(), {"train": [make_row()], "test": [other]}) == [
        f"run: test and train share 1 spine edges, such as ('{MYOPATHY}', '{SCN4A}')"
    ]


def test_a_spine_edge_walked_backwards_is_the_same_edge() -> None:
    other = other_row()
    other["bindings"][1]["id"] = SCN4A
    other["bindings"][0]["id"] = HYPER
    other["query"]["spine"] = ["HP:0001250", "?d2", "?g", "?d1", "?m"]
    faults = run_faults(make_graph(), {"train": [make_row()], "test": [other]})
    assert faults == [f"run: test and train share 1 spine edges, such as ('{HYPER}', '{SCN4A}')"]


def test_splits_share_no_answer_of_a_large_category() -> None:
    splits = {"train": [make_row()], "test": [other_row()]}
    assert run_faults(many_modes(), splits) == [
        "run: test and train share 1 answers, such as HP:0000007"
    ]


def test_no_split_offers_what_is_an_answer_in_another() -> None:
    other = other_row()
    other["answers"] = [{"id": "HP:0000006"}]
    other["options"] = [{"id": "HP:0000007"}, {"id": "HP:0000006"}]
    assert run_faults(many_modes(), {"train": [make_row()], "test": [other]}) == [
        "run: test offers 1 answers of other splits, such as HP:0000007"
    ]
