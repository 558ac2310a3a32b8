"""What follows from a graph is kept for the next process, and never outlives graph or code."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kgsynth.graph.derived import KEPT_GRAPHS, Arrays, derived
from kgsynth.graph.example import example_graph
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.resources import cache_home


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KGSYNTH_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def code(tmp_path: Path) -> Path:
    file = tmp_path / "code.py"
    file.write_text("first")
    return file


class Maker:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Arrays:
        self.asked += 1
        return {"a.b": np.arange(3)[::-1], "flag": np.asarray(True)}


def ask(code: Path, make: Maker, graph: KnowledgeGraph | None = None) -> Arrays:
    from kgsynth.graph.derived import code_hash

    code_hash.cache_clear()
    return derived(graph or example_graph(), "thing-1", (code,), make)


def test_it_is_made_once_and_is_the_same_afterwards(code: Path) -> None:
    make = Maker()
    first, second = ask(code, make), ask(code, make)
    assert make.asked == 1
    assert {name: array.tolist() for name, array in first.items()} == {
        name: array.tolist() for name, array in second.items()
    }
    for array in (*first.values(), *second.values()):  # kernels are compiled for such only
        assert array.flags.c_contiguous
        assert array.flags.writeable


def test_new_code_makes_it_anew_and_drops_the_old(code: Path) -> None:
    make = Maker()
    ask(code, make)
    code.write_text("second")
    ask(code, make)
    assert make.asked == 2
    (graph,) = (cache_home() / "graphs").iterdir()
    assert len(list(graph.iterdir())) == 1


def test_a_damaged_file_is_made_anew(code: Path) -> None:
    make = Maker()
    ask(code, make)
    for file in (cache_home() / "graphs").rglob("*.npy"):
        file.write_bytes(b"no array")
    assert ask(code, make)["a.b"].tolist() == [2, 1, 0]
    assert make.asked == 2


def test_a_cache_that_cannot_be_written_is_no_error(
    code: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KGSYNTH_CACHE", str(tmp_path / "file" / "below"))
    make = Maker()
    assert ask(code, make)["a.b"].tolist() == [2, 1, 0]
    ask(code, make)
    assert make.asked == 2


def graphs() -> Iterator[Path]:
    return (cache_home() / "graphs").iterdir()


def test_graphs_used_longest_ago_go_first(code: Path) -> None:
    make = Maker()
    ask(code, make)
    (newest,) = graphs()
    for number in range(KEPT_GRAPHS + 3):
        (newest.parent / f"older{number}").mkdir()
    code.write_text("other")
    ask(code, make)
    assert len(list(graphs())) == KEPT_GRAPHS
    assert newest in graphs()
