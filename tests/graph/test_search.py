"""Entities are found by what people type."""

import json
import re
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.errors import UnknownEntityError
from kgsynth.graph.neighbourhood import describe
from kgsynth.graph.search import find, resolve
from kgsynth.graph.store import KnowledgeGraph

Capture = pytest.CaptureFixture[str]
FABRY = "MONDO:0010526"


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fabry", FABRY),
        ("fabri disease", FABRY),
        ("anderson fabry", FABRY),  # a synonym
        ("OMIM:301500", FABRY),  # merged into it
        ("Orphanet_324", FABRY),
        ("hyperkalemic periodic paralisis", "MONDO:0008224"),
        ("joubert 28", "MONDO:0014928"),
        ("SCN4A", "NCBIGene:6329"),
        ("seizure", "HP:0001250"),
        ("sjogren larsson", "MONDO:0010031"),
    ],
)
def test_the_entity_meant_comes_first(graph: KnowledgeGraph, text: str, expected: str) -> None:
    assert find(graph, text, 1)[0].id == expected


@pytest.mark.parametrize("text", ["", "  ", "xqzt", "Fabry xqzt", "???"])
def test_what_nothing_is_called_finds_nothing(graph: KnowledgeGraph, text: str) -> None:
    assert find(graph, text) == []


def test_no_entity_is_found_twice_and_scores_fall(graph: KnowledgeGraph) -> None:
    matches = find(graph, "ptosis", 50)
    assert len({match.id for match in matches}) == len(matches)
    assert [match.score for match in matches] == sorted(
        (match.score for match in matches), reverse=True
    )


def test_merged_ids_resolve_and_names_are_answered_with_ids(graph: KnowledgeGraph) -> None:
    assert resolve(graph, "omim:301500") == FABRY
    with pytest.raises(UnknownEntityError, match=rf"no entity 'Fabry' in .*; did you mean {FABRY}"):
        resolve(graph, "Fabry")


def test_an_entity_is_described_with_its_statements(graph: KnowledgeGraph) -> None:
    found = describe(graph, FABRY, 2)
    groups = {(group.predicate, group.negated): group for group in found.groups}
    assert found.node.name == "Fabry disease"
    assert [one.name for one in groups["caused_by", False].statements] == ["GLA"]
    phenotypes = groups["has_phenotype", False]
    assert len(phenotypes.statements) == 2 < phenotypes.total
    assert phenotypes.total == len(graph.edges_of(FABRY, "has_phenotype"))
    assert all(one.edge.evidence for one in phenotypes.statements)


def test_denials_are_shown_as_denials(graph: KnowledgeGraph) -> None:
    # Congenital myopathy 22A: no denial of a finding may stand among the findings.
    subject = str(graph.edges().column("subject").filter(graph.edges().column("negated"))[0])
    found = describe(graph, subject)
    assert any(group.negated for group in found.groups)
    for group in found.groups:
        assert {statement.edge.negated for statement in group.statements} == {group.negated}


def test_graph_commands_print_what_they_found(default_graph: Path, capsys: Capture) -> None:
    where = ["--graph", str(default_graph)]
    assert run(["graph", "find", "fabri", "disease", *where]) == 0
    assert f"{FABRY}  Disease   Fabry disease" in capsys.readouterr().out
    assert run(["graph", "show", "OMIM:301500", *where, "-n", "3"]) == 0
    shown = capsys.readouterr().out
    assert "has phenotype (" in shown
    assert "caused by (1)" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert run(["graph", "info", *where]) == 0
    assert "has_mode_of_inheritance" in capsys.readouterr().out


def test_graph_commands_print_json(default_graph: Path, capsys: Capture) -> None:
    where = ["--graph", str(default_graph), "--json"]
    assert run(["graph", "find", "xqzt", *where]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["graph", "show", FABRY, *where]) == 0
    assert json.loads(capsys.readouterr().out)["node"]["id"] == FABRY
    assert run(["graph", "info", *where]) == 0
    manifest = json.loads((default_graph / "manifest.json").read_text())
    assert json.loads(capsys.readouterr().out) == manifest


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["find", "xqzt"], "nothing in"),
        (["show", "MONDO:99"], "no entity 'MONDO:99'"),
        (["show", "hyperkalemic periodic paralisis"], "did you mean MONDO:0008224"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(
    default_graph: Path, capsys: Capture, command: list[str], message: str
) -> None:
    assert run(["graph", *command, "--graph", str(default_graph)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert message in error
    assert error.count("\n") == 1


def test_an_absent_graph_says_how_to_build_one(tmp_path: Path, capsys: Capture) -> None:
    assert run(["graph", "info", "--graph", str(tmp_path / "none")]) == 2
    assert "build it with `kgsynth build-graph --out" in capsys.readouterr().err


def test_merges_are_shown_with_who_says_so(default_graph: Path, capsys: Capture) -> None:
    # Of two OMIM records that Mondo maps to imperforate anus neither can be merged.
    assert run(["graph", "show", "MONDO:0001046", "--graph", str(default_graph)]) == 0
    shown = capsys.readouterr().out
    assert "Not merged" in shown
    assert "OMIM:207500" in shown
    assert run(["graph", "show", FABRY, "--graph", str(default_graph)]) == 0
    assert re.search(r"Same as\nOMIM:301500\s+mondo v2026-08-04", capsys.readouterr().out)


def test_info_counts_what_was_read_of_each_source(default_graph: Path, capsys: Capture) -> None:
    assert run(["graph", "info", "--graph", str(default_graph)]) == 0
    assert re.search(r"hpoa +v2025-01-16 +HPO +271,702 +271,659 +43", capsys.readouterr().out)
