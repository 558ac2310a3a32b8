"""The sentences of chains, as they stand in ``templates/traces``, and the lot that chooses them."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from kgsynth.paths.spines import tables
from kgsynth.questions.relations import kind_of
from kgsynth.questions.slots import Slots


@cache
def _templates() -> dict[str, Any]:
    """Return the sentences in ``templates/traces``, of all files of spines together."""
    merged: dict[str, Any] = {}
    for table in tables("traces"):
        for name, value in table.items():
            merged[name] = merged.get(name, {}) | value
    return merged


@cache
def section(key: str, sort: str) -> str:
    """Return the name of the sentences for a link; plain ones where it has none of its own.

    Args:
        key: The link, as `Link.key` gives it.
        sort: "" for a link that is only walked, ``narrow`` or ``narrow_walk`` for one that ends at
            a disease with findings.
    """
    own = _templates()["links"].get(key, {"": "link", "narrow": "narrow_link"})
    name: str = own.get(sort) or own.get("narrow", "") + sort.removeprefix("narrow")
    return name


@cache
def ways_to_count(kind: str, is_spelled: bool) -> tuple[str, ...]:
    """Return the ways to tell a number; digits do not begin a sentence."""
    return tuple(way for way in _templates()[kind]["many"] if is_spelled or way[:3] != "{N}")


def is_known(kind: str, state: str) -> bool:
    """Say whether there is a sentence of that kind."""
    return state in _templates()[kind]


@cache
def _conclusion(order: str, category: str) -> str:
    known = _templates()["conclusions"]
    text: str = known.get(f"{order}_{category}") or known[f"{order}_other"]
    return text


def _draws(rng: np.random.Generator) -> Iterator[float]:
    """Yield numbers in [0, 1)."""
    while True:
        some: list[float] = rng.random(16).tolist()
        yield from some


class Words:
    """Draws sentences from ``templates/traces``, where those of chains stand."""

    def __init__(self, rng: np.random.Generator) -> None:
        # Many at a time: a generator's call costs more than filling a slot.
        self._draws = _draws(rng)
        self._variants = _templates()

    def chance(self) -> float:
        """Return a number in [0, 1)."""
        return next(self._draws)

    def pick(self, kind: str, state: str, /, **slots: str) -> str:
        """Return one variant of a sentence with its slots filled.

        A slot ``d`` can also be used as ``{D}``, for the beginning of a sentence.
        """
        variants = self._variants[kind][state]
        if isinstance(variants, str):
            variants = [variants]
        chosen: str = variants[int(next(self._draws) * len(variants))]
        return chosen.format_map(Slots(slots))

    def conclusion(self, order: str, category: str, /, **slots: str) -> str:
        """Return what a step concludes: the ``first`` entity of a category, or a later one."""
        text = _conclusion(order, category)
        return text.format_map(
            slots if "{kind}" not in text else {"kind": kind_of(category)} | slots
        )
