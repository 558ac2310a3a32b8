"""Registers: who speaks. A clinician by default, a patient in lay words, or a board exam.

A register is told of any question: what `word_question` made in a clinician's words is told again
(`questions.retell`) from ``templates/questions/<register>.toml``. Query, answer and proof stay.
"""

import tomllib
from functools import cache
from typing import Any

from kgsynth.questions import MIXED, REGISTERS
from kgsynth.resources import data_file
from kgsynth.seeding import derive_rng


def register_of(asked: str, seed: int, label: str) -> str:
    """Return the register of one question.

    Args:
        asked: One of `REGISTERS`, or `MIXED`.
        seed: The seed of the run.
        label: The id of the open question, or of the pair that it belongs to.
    """
    if asked != MIXED:
        return asked
    return REGISTERS[int(derive_rng(seed, "register", label).integers(len(REGISTERS)))]


@cache
def register_words(register: str) -> dict[str, Any]:
    """Return the wording in ``templates/questions/<register>.toml``."""
    file = data_file("templates", "questions", f"{register}.toml")
    return tomllib.loads(file.read_text("utf-8"))
