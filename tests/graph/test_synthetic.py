"""The made-up graph is the same every time, small or large, and builds as any other."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.synthetic import KINDS, Synthetic, write_kgx
from benchmarks.synthetic_build import as_loaded, synthetic_source
from kgsynth.graph.build import build
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.write import write_graph

SHARE = 0.002


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    folder = tmp_path_factory.mktemp("synthetic") / "graph"
    write_graph(build({"synthetic": as_loaded(synthetic_source(Synthetic(0, SHARE)))}), folder)
    return KnowledgeGraph.load(folder)


def test_nothing_is_rejected_and_hubs_stand_out(built: KnowledgeGraph) -> None:
    counts = built.manifest["counts"]
    assert counts["statements"]["rejected"] == 0
    assert counts["nodes"] == Synthetic(0, SHARE).n_nodes
    assert set(counts["by_category"]) == {kind.category for kind in KINDS.values()}
    degrees = built.adjacency.degrees()
    assert degrees.max() > 20 * np.median(degrees)
    assert built.adjacency.nbytes <= 16 * built.n_edges


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        write_kgx(tmp_path / name, seed, SHARE)
    for file in ("nodes.tsv", "edges.tsv"):
        one, two = ((tmp_path / name / file).read_bytes() for name in ("one", "two"))
        assert one == two
        assert b'"' not in one
    assert (tmp_path / "other" / "edges.tsv").read_bytes() != (
        tmp_path / "one" / "edges.tsv"
    ).read_bytes()
