"""What a chain is compared by is the same, read from its numbers or from its record."""

from itertools import islice
from pathlib import Path

import pytest

from kgsynth.admission import category_sizes
from kgsynth.datasets.asked import asked_of
from kgsynth.datasets.asked_found import Reader
from kgsynth.datasets.splits import SMALL_CATEGORY, row_keys
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import Miner, find_paths, mine_paths
from kgsynth.paths.found import Barren, Found
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import load_spines
from kgsynth.records import Mined, Rejection


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


@pytest.mark.parametrize("hops", [1, 3])
def test_numbers_and_records_are_compared_alike(hops: int, graph: KnowledgeGraph) -> None:
    sizes = category_sizes(graph)
    small = frozenset(name for name, size in sizes.items() if size <= SMALL_CATEGORY)
    miner, reader = Miner(graph, MiningSettings(hops=hops), 0), Reader(graph, sizes, small)
    for spine in load_spines(hops, graph):
        found = [one for one in miner.dig(miner.lode(spine), 200) if isinstance(one, Found)]
        assert found
        for one in found:
            mined = one.mined(graph)
            assert one.query(graph) == mined.query
            assert reader.read(one) == (asked_of(mined, small), row_keys(mined, sizes))


def test_nothing_is_lost_in_numbers(graph: KnowledgeGraph) -> None:
    settings = MiningSettings(hops=3)
    numbers = list(islice(find_paths(graph, settings, 0, 100), 200))
    told: list[Mined | Rejection] = []
    for item in numbers:
        if isinstance(item, Barren):
            assert len(item.first(1)) == 1
            told += item.rejections(graph)
        else:
            told.append(item.mined(graph) if isinstance(item, Found) else item)
    assert told == list(islice(mine_paths(graph, settings, 0, 100), len(told)))
