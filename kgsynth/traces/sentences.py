"""Sentences of one kind of question, drawn from its file in ``templates/traces``."""

import tomllib
from functools import cache
from typing import Any

import numpy as np

from kgsynth.questions.slots import Slots
from kgsynth.resources import data_file


@cache
def _table(kind: str) -> dict[str, Any]:
    return tomllib.loads(data_file("templates", "traces", f"{kind}.toml").read_text("utf-8"))


class Sentences:
    """Draws variants of sentences for one trace.

    Args:
        kind: The kind of question, which names the file.
        rng: Decides the variants.
    """

    def __init__(self, kind: str, rng: np.random.Generator) -> None:
        self._table = _table(kind)
        self._rng = rng
        self._turns: dict[tuple[str, str], list[str]] = {}

    def pick(self, group: str, state: str, /, **slots: str) -> str:
        """Return one variant with its slots filled; ``{D}`` is ``{d}`` as a sentence begins."""
        variants = self._table[group][state]
        variants = [variants] if isinstance(variants, str) else variants
        chosen: str = variants[int(self._rng.integers(len(variants)))]
        return chosen.format_map(Slots(slots))

    def turn(self, group: str, state: str, /, **slots: str) -> str:
        """Return the next variant of a shuffled round, so that none comes twice in a row."""
        variants = self._table[group][state]
        turns = self._turns.setdefault((group, state), [])
        if not turns:
            turns.extend(variants[at] for at in self._rng.permutation(len(variants)))
        chosen = turns.pop()
        if not turns:
            # The next round begins with another one.
            rest = [text for text in variants if text != chosen]
            turns.extend([chosen, *(rest[at] for at in self._rng.permutation(len(rest)))])
        return chosen.format_map(Slots(slots))
