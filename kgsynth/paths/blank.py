"""Empty records of the kernels' types, to compile a kernel before there is anything to mine."""

from typing import Any

import numpy as np

from kgsynth.paths import mining
from kgsynth.paths.program import Program
from kgsynth.paths.scratch import KEPT_SETS, MOST_CLUES, make_scratch
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.tables import Kinship, Sets, Tables
from kgsynth.paths.words import Words


def _table() -> Any:
    """Return a ragged table without rows."""
    return np.ones(1, np.int32)


def _none(kind: type[np.generic], *shape: int) -> Any:
    return np.zeros(shape or 0, kind)


def blank_tables() -> Tables:
    """Return the tables of a graph without nodes."""
    numbers, bits, flags = (_none(kind) for kind in (np.int32, np.uint64, np.bool_))
    rows = _none(np.uint64, 0, 1)
    kin = Kinship(_table(), bits, _table())
    sets = Sets(numbers, numbers, numbers, rows, rows)
    words = Words(_table(), _table(), bits, bits)
    information = _none(np.float32)
    return Tables(
        kin, sets, words, _table(), _table(), bits, bits, flags, flags, numbers, information
    )


def blank_program() -> Program:
    """Return a template of one variable over a graph without nodes."""
    pins, numbers = np.zeros(1, np.int8), _none(np.int32)
    legs = (_table(), _table(), _table())
    labels = (_table(), _table(), numbers)
    return Program(0, *legs, pins, pins, _table(), *labels, False)


def mine_nothing() -> None:
    """Call `mining.mine_block` as `chain.Miner` does, with no spines."""
    p, t = blank_program(), blank_tables()
    settings = MiningSettings()
    mining.mine_block(
        p, t, make_scratch(p, t), _none(np.int32, 0, 1), _none(np.uint64), settings.draws,
        settings.max_later_clues, _none(np.int32, 0, KEPT_SETS, MOST_CLUES), _none(np.int64),
        _none(np.int64), _none(np.int32, 0, 1, MOST_CLUES),
    )  # fmt: skip
