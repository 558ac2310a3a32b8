"""The row's own proof, edges and trace are held against the graph."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.twin.__main__ import main
from tests.twin.rules import violations
from tests.twin.small import (
    EYELID,
    HAS,
    MODE,
    MYOPATHY,
    PARAMYOTONIA,
    PTOSIS,
    RECESSIVE,
    fact_id,
    make_edge,
    make_graph,
    make_row,
    row_edge,
)

Change = Callable[[dict[str, Any]], object]


def spoil_candidates(row: dict[str, Any]) -> None:
    row["steps"][1]["candidates"] = [2, 1]


def spoil_fails(row: dict[str, Any]) -> None:
    row["steps"][1]["rivals"][0]["fails"] = [4]


def forget_the_rival(row: dict[str, Any]) -> None:
    row["steps"][1]["rivals"] = []


def state_a_smaller_margin(row: dict[str, Any]) -> None:
    row["steps"][1]["margin"] = 1


def merge_steps(row: dict[str, Any]) -> None:
    row["steps"] = [{**row["steps"][0], "variables": ["?d1", "?g"]}, *row["steps"][1:]]


@pytest.mark.parametrize(
    "change", [spoil_candidates, spoil_fails, state_a_smaller_margin, merge_steps]
)
def test_a_wrong_statement_of_the_proof_is_found(change: Change) -> None:
    row = make_row()
    change(row)
    assert {each.partition(":")[0] for each in violations(make_graph(), row)} == {"steps"}


def test_a_nearer_rival_may_not_be_left_out() -> None:
    row = make_row()
    forget_the_rival(row)
    graph = make_graph([make_edge((PARAMYOTONIA, HAS, PTOSIS))])
    assert any("leaves out nearer rivals" in each for each in violations(graph, row))


def test_a_row_edge_that_is_not_in_the_graph_is_found() -> None:
    row = make_row()
    graph = make_graph()
    del graph.edges[fact_id(MYOPATHY, MODE, RECESSIVE)]
    found = violations(graph, row)
    assert [each for each in found if each.startswith(("edges", "trace"))] == [
        f"edges: {fact_id(MYOPATHY, MODE, RECESSIVE)} is not in the graph",
        f"trace: {fact_id(MYOPATHY, MODE, RECESSIVE)} is not in the graph",
        f"trace: no cited edges prove query edge 6: {MYOPATHY} {MODE} {RECESSIVE}",
    ]


def test_a_row_edge_with_other_content_is_found() -> None:
    row = make_row()
    row["edges"][0]["negated"] = True
    assert any("has negated False, not True" in each for each in violations(make_graph(), row))


def test_a_trace_that_leaves_out_a_query_edge_is_found() -> None:
    row = make_row()
    row["trace"][3]["edges"] = []
    assert violations(make_graph(), row) == [
        f"trace: no cited edges prove query edge 6: {MYOPATHY} {MODE} {RECESSIVE}"
    ]


def test_a_cited_edge_must_be_among_the_edges_of_the_row() -> None:
    row = make_row()
    row["edges"] = row["edges"][:-1]
    assert violations(make_graph(), row) == [
        f"trace: {fact_id(MYOPATHY, MODE, RECESSIVE)} is cited and not among the row's edges"
    ]


def test_a_derived_statement_is_proved_only_with_its_is_a_path() -> None:
    row = make_row()
    row["query"]["edges"][4]["object"] = EYELID
    assert any("prove query edge 4" in each for each in violations(make_graph(), row))
    link = make_edge((PTOSIS, "subclass_of", EYELID))
    row["edges"].append(row_edge(link))
    row["trace"][2]["edges"].append(link["id"])
    assert violations(make_graph(), row) == []


@pytest.fixture
def run(tmp_path: Path) -> Path:
    graph = make_graph()
    (tmp_path / "graph").mkdir()
    for name, records in (("nodes", graph.nodes), ("edges", graph.edges)):
        table = pa.Table.from_pylist(list(records.values()))
        pq.write_table(table, tmp_path / "graph" / f"{name}.parquet")
    (tmp_path / "dataset").mkdir()
    return tmp_path


def write_rows(run: Path, *rows: dict[str, Any]) -> list[str]:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (run / "dataset" / "train.jsonl").write_text(text, encoding="utf-8")
    return [str(run), "--graph", str(run / "graph")]


def test_a_sound_run_exits_0(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(write_rows(run, make_row())) == 0
    assert "1 of 1 rows are sound" in capsys.readouterr().out


def test_a_run_with_a_broken_row_exits_1_and_names_the_rule(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(write_rows(run, make_row(), make_row(hops=3))) == 1
    out = capsys.readouterr().out
    assert "1 rows break H" in out
    assert "1 of 2 rows are sound" in out


def test_an_empty_run_proves_nothing_and_exits_1(run: Path) -> None:
    assert main(write_rows(run)) == 1
