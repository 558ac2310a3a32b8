"""The rarest entities come first, and the plot is a file of its own."""

import json
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.graph.example import example_graph
from kgsynth.graph.rare import rarities
from kgsynth.graph.store import KnowledgeGraph

Capture = pytest.CaptureFixture[str]


def test_scores_fall_and_every_entity_is_counted(default_graph: Path) -> None:
    graph = KnowledgeGraph.load(default_graph)
    found = rarities(graph, ("Disease",), 50)
    scores = [one.score for one in found.rarest if one.fit]
    assert scores == sorted(scores, reverse=True)
    assert sum(found.bars) == found.scored
    assert found.scored + found.unscored == graph.manifest["counts"]["by_category"]["Disease"]
    assert all(one.category == "Disease" for one in found.rarest)
    assert "signals" in found.recipe


def test_rarity_is_printed_as_table_and_as_json(capsys: Capture) -> None:
    where = ["graph", "rare", "--graph", str(example_graph().folder)]
    assert run([*where, "--top", "1"]) == 0
    assert "Rarest" in capsys.readouterr().out
    assert run([*where, "--category", "PhenotypicFeature", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["categories"] == ["PhenotypicFeature"]


def test_an_unknown_category_is_one_line(capsys: Capture) -> None:
    where = ["graph", "rare", "--graph", str(example_graph().folder)]
    assert run([*where, "--category", "Plant"]) == 2
    assert "no entity of category 'Plant'; it has Disease" in capsys.readouterr().err


def test_the_plot_is_the_same_file_each_time(tmp_path: Path, capsys: Capture) -> None:
    pytest.importorskip("matplotlib")
    files = [tmp_path / name for name in ("one.svg", "two.svg")]
    for file in files:
        where = ["graph", "rare", "--graph", str(example_graph().folder)]
        assert run([*where, "--plot", str(file)]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert "<svg" in files[0].read_text(encoding="utf-8")
    assert run([*where, "--plot", str(tmp_path / "none" / "a.svg")]) == 2
    assert "cannot be written" in capsys.readouterr().err
