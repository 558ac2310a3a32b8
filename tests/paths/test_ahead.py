"""Compiling ahead: the same machine code as mining uses, and never in the way."""

import gc
import random
from pathlib import Path

import pytest

from kgsynth.paths import ahead, mining
from kgsynth.paths.blank import mine_nothing
from kgsynth.paths.chain import Miner
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import load_spines
from tests.paths.test_miner import TERMS, random_world


def test_what_is_compiled_ahead_is_what_mining_calls(tmp_path: Path) -> None:
    mine_nothing()
    known = set(mining.mine_block.overloads)  # type: ignore[attr-defined]
    assert len(known) == 1
    names = {f"HP:{i:02}": f"sign {chr(97 + i)}" for i in range(TERMS)}
    graph = random_world(random.Random(11)).graph(tmp_path, names)
    settings = MiningSettings(hops=2, margin=1, min_information_bits=0.0, min_rarity=0.0)
    spine = next(spine for spine in load_spines(2) if spine.name == "chain-dg")
    miner = Miner(graph, settings, 0)
    assert len(miner.try_all(miner.lode(spine)))
    assert set(mining.mine_block.overloads) == known  # type: ignore[attr-defined]


def test_nothing_is_started_where_it_was_compiled_or_no_core_is_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ahead, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    ahead.start()
    assert not ahead._STARTED
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    (tmp_path / "paths").mkdir()
    (tmp_path / "paths" / "mining.mine_block-1.py311.nbi").touch()
    ahead.start()
    assert not ahead._STARTED
    ahead.wait()


def test_garbage_is_collected_again_once_all_is_compiled(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ahead, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(ahead, "_compile", lambda: None)
    ahead.start()
    assert gc.isenabled() == (not ahead._STARTED)
    ahead.wait()
    assert gc.isenabled()
    assert not ahead.is_busy()
