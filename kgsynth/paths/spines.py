"""Spine templates: the typed paths that chain questions follow, read from ``templates/spines``.

A path is written as Biolink writes it, ``?d1:Disease <-gene_associated_with_condition- ?g:Gene``:
``-predicate->`` walks a statement from subject to object, ``<-predicate-`` from object to subject.
"""

import re
import tomllib
from dataclasses import dataclass

from kgsynth.biolink import CATEGORIES, predicate
from kgsynth.errors import UsageError
from kgsynth.records import QueryEdge, Variable
from kgsynth.resources import data_file

_LEG = re.compile(r"-(?P<out>\w+)->|<-(?P<back>\w+)-")
_NODE = re.compile(r"(\?\w+):(\w+)")


@dataclass(frozen=True, slots=True)
class Leg:
    """One hop of a spine: a predicate, walked forward or (``inverse``) from object to subject."""

    predicate: str
    inverse: bool

    def edge(self, start: str, end: str) -> QueryEdge:
        """Return the query edge of this leg from one variable to the next."""
        ends = (end, start) if self.inverse else (start, end)
        return QueryEdge(ends[0], self.predicate, ends[1])


@dataclass(frozen=True, slots=True)
class Spine:
    """A spine template.

    Attributes:
        name: Such as ``chain-dgdp``.
        hops: Edges from the far anchor to the target.
        variables: From the first entity to the target, ``hops`` of them.
        legs: Between neighbouring variables, ``hops - 1`` of them.
        share: The part of a run that it gets among templates of the same hops, in (0, 1].
        pin: The relation by which a named entity may single the target out among others, or None.
    """

    name: str
    hops: int
    variables: tuple[Variable, ...]
    legs: tuple[Leg, ...]
    share: float
    pin: Leg | None = None


def load_spines(hops: int | None = None) -> tuple[Spine, ...]:
    """Return the spine templates with that number of hops, or all of them.

    Raises:
        UsageError: If no template has so many hops, or the file names an unknown category or
            predicate.
    """
    file = data_file("templates", "spines", "chain.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    spines = tuple(_spine(name, entry) for name, entry in table.items())
    if hops is None:
        return spines
    found = tuple(spine for spine in spines if spine.hops == hops)
    if not found:
        known = sorted({spine.hops for spine in spines})
        raise UsageError(
            f"no spine template has {hops} hops; templates have {known[0]} to {known[-1]}"
        )
    return found


def _spine(name: str, entry: dict[str, str | int | float]) -> Spine:
    path = str(entry["path"])
    variables = tuple(Variable(*pair) for pair in _NODE.findall(path))
    legs = tuple(_leg(match) for match in _LEG.finditer(path))
    pin = _LEG.fullmatch(str(entry["pin"])) if "pin" in entry else None
    if "pin" in entry and pin is None:
        raise UsageError(f"spine template {name!r}: {entry['pin']!r} is no relation")
    unknown = [v.category for v in variables if v.category not in CATEGORIES]
    if unknown:
        raise UsageError(f"spine template {name!r}: unknown category {unknown[0]!r}")
    pins = [_leg(pin)] if pin else []
    for leg in (*legs, *pins):
        predicate(leg.predicate)
    if len(legs) != len(variables) - 1 or len(variables) != entry["hops"]:
        raise UsageError(f"spine template {name!r}: path and hops do not fit: {path!r}")
    share = float(entry["share"])
    return Spine(name, int(entry["hops"]), variables, legs, share, pins[0] if pins else None)


def _leg(match: re.Match[str]) -> Leg:
    return Leg(match["out"] or match["back"], match["back"] is not None)
