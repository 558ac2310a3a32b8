"""An audit finds what is wrong with a graph, by itself, and says so with an exit code."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kgsynth.cli import run
from kgsynth.graph.adjacency import make_adjacency
from kgsynth.graph.audit import audit
from kgsynth.graph.audit_shape import components
from kgsynth.graph.audit_sources import released_on
from kgsynth.graph.example import example_graph
from kgsynth.graph.index import write_index
from kgsynth.graph.store import KnowledgeGraph

Capture = pytest.CaptureFixture[str]
TODAY = date(2026, 11, 21)


def _changed(folder: Path, change: Callable[[list[dict[str, object]]], object]) -> KnowledgeGraph:
    """Return the example graph with other edges: what an edited file would give."""
    shutil.copytree(example_graph().folder, folder)
    edges = pq.read_table(folder / "edges.parquet")
    rows = edges.to_pylist()
    change(rows)
    rows.sort(key=lambda row: (row["subject"], row["predicate"], row["object"], row["negated"]))
    table = pa.Table.from_pylist(rows, schema=edges.schema)
    pq.write_table(table, folder / "edges.parquet")
    write_index(folder)
    return KnowledgeGraph.load(folder)


def _found(graph: KnowledgeGraph) -> dict[str, int]:
    return {one.name: one.found for one in audit(graph, {}, TODAY).measures}


def test_the_example_graph_has_nothing_wrong() -> None:
    found = audit(example_graph(), {"cycles": 0, "dangling": 0, "domain_range": 0}, TODAY)
    assert found.broken == ()
    assert found.shape.components == 1
    assert found.shape.predicates["has_phenotype"] == 4
    assert found.sources[0].age_days == 674
    assert {one.name: one.found for one in found.measures if one.found} == {"oldest_days": 674}


def test_a_circle_is_found(tmp_path: Path) -> None:
    def circle(rows: list[dict[str, object]]) -> None:
        # Phenotypic abnormality under angiokeratoma, which lies under it.
        rows.append(
            {**rows[0], "subject": "HP:0000118", "predicate": "subclass_of", "object": "HP:0001014"}
        )

    assert _found(_changed(tmp_path / "graph", circle))["cycles"] == 2


def test_an_edge_of_the_wrong_kind_and_one_without_evidence_are_found(tmp_path: Path) -> None:
    def wrong(rows: list[dict[str, object]]) -> None:
        # A gene is given a mode of inheritance.
        rows.append(
            {
                **rows[0],
                "subject": "NCBIGene:2717",
                "predicate": "has_mode_of_inheritance",
                "object": "HP:0001417",
                "evidence": [],
            }
        )

    found = _found(_changed(tmp_path / "graph", wrong))
    assert (found["domain_range"], found["unsupported"]) == (1, 1)


def test_an_entity_without_edges_is_found(tmp_path: Path) -> None:
    def lonely(rows: list[dict[str, object]]) -> None:
        rows[:] = [row for row in rows if "HP:0001744" not in (row["subject"], row["object"])]

    graph = _changed(tmp_path / "graph", lonely)
    measures = {one.name: one for one in audit(graph, {"isolated": 0}, TODAY).measures}
    assert measures["isolated"].examples == ("HP:0001744 Splenomegaly",)
    assert measures["isolated"].broken
    assert audit(graph, {}, TODAY).shape.components == 2


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("v2025-01-16", "2025-01-16"),
        ("hp/releases/2024-12-12", "2024-12-12"),
        ("20260103", "2026-01-03"),
        ("v48", ""),
        ("2025-13-45", ""),
        ("sha256-0123456789", ""),
    ],
)
def test_dates_are_read_out_of_versions(version: str, expected: str) -> None:
    found = released_on(version)
    assert (found.isoformat() if found else "") == expected


def test_components_are_those_of_a_walk() -> None:
    random = np.random.default_rng(0)
    for _ in range(20):
        n, m = int(random.integers(1, 40)), int(random.integers(0, 40))
        subjects = np.sort(random.integers(0, n, m)).astype(np.int32)
        objects = random.integers(0, n, m).astype(np.int32)
        near = make_adjacency(subjects, objects, np.zeros(m, np.int32), ("p",), n)
        label = components(near)
        for node in range(n):
            assert label[node] == near.reach(np.array([node]), n).min()


def test_the_command_exits_with_1_and_says_which_limit(tmp_path: Path, capsys: Capture) -> None:
    where = ["graph", "audit", "--no-capacity", "--graph", str(example_graph().folder)]
    assert run(where) == 0
    assert "edges on circles of subclass_of" in capsys.readouterr().out
    assert run([*where, "--limit", "oldest_days=1", "--json"]) == 1
    out, error = capsys.readouterr()
    assert json.loads(out)["broken"] == ["oldest_days"]
    assert "limit broken: oldest_days" in error
    file = tmp_path / "limits.toml"
    file.write_text("oldest_days = 1\n")
    assert run([*where, "--limits", str(file)]) == 1
    assert run([*where, "--limits", str(file), "--limit", "oldest_days=any"]) == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["--limit", "cycles"], "expected NAME=VALUE"),
        (["--limit", "circles=0"], "unknown limit 'circles'; known: contested, cycles"),
        (["--limit", "cycles=many"], "expected a number of at least 0"),
        (["--limit", "cycles=-1"], "expected a number of at least 0"),
        (["--limit", "cycles=nan"], "expected a number of at least 0"),
        (["--limits", "none.toml"], "no limits can be read from it"),
        (["--page", "none/at/all.html"], "cannot be written"),
    ],
)
def test_wrong_limits_are_one_line(given: list[str], message: str, capsys: Capture) -> None:
    where = ["graph", "audit", "--no-capacity", "--graph", str(example_graph().folder)]
    assert run([*where, *given]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


class _Page(HTMLParser):
    """What a page loads, and whether its tags are closed in order."""

    VOID = frozenset({"meta", "line", "rect", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1
        if tag in ("script", "link", "img", "iframe"):
            self.loads.append(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "onclick")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_alone(tmp_path: Path) -> None:
    page = tmp_path / "audit.html"
    folder = str(example_graph().folder)
    assert run(["graph", "audit", "--no-capacity", "--graph", folder, "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    parsed = _Page()
    parsed.feed(text)
    assert parsed.open == []
    assert parsed.loads == []
    assert text.count("<svg") >= 5
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"\$[a-z]", text)


def test_names_go_into_the_page_as_text(tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    shutil.copytree(example_graph().folder, folder)
    nodes = pq.read_table(folder / "nodes.parquet")
    evil = ["<script>alert(1)</script>"] * len(nodes)
    at = nodes.schema.get_field_index("name")
    pq.write_table(nodes.set_column(at, "name", pa.array(evil)), folder / "nodes.parquet")
    write_index(folder)
    page = tmp_path / "audit.html"
    run(["graph", "audit", "--no-capacity", "--graph", str(folder), "--page", str(page)])
    assert "<script" not in page.read_text(encoding="utf-8")
