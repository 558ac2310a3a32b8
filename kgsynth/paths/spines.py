"""Spine templates: the typed paths that chain questions follow, read from ``templates/spines``.

A path is written as Biolink writes it, ``?d1:Disease <-gene_associated_with_condition- ?g:Gene``:
``-predicate->`` walks a statement from subject to object, ``<-predicate-`` from object to subject.
"""

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from kgsynth.biolink import CATEGORIES, PREDICATES
from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import QueryEdge, Variable
from kgsynth.resources import data_file

#: Edges that a chain may have, the far anchor's included.
MIN_HOPS, MAX_HOPS = 1, 6

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


def load_spines(
    hops: int | None = None, graph: KnowledgeGraph | None = None, own: str = ""
) -> tuple[Spine, ...]:
    """Return the spine templates with that number of hops, or all of them.

    Each file of ``templates/spines`` gets an equal part of a run, and its templates share it.

    Args:
        hops: Edges from the far anchor to the target; None for all.
        graph: Where given, templates are left out whose categories or predicates it lacks, and
            the shares of their file go to the others.
        own: Templates of one's own, as TOML text, instead of those that travel with kgsynth.

    Raises:
        UsageError: If no template has so many hops, or a file names an unknown category or
            predicate.
    """
    files = (read_spines(own),) if own else _files()
    spines = [spine for spines in files for spine in spines]
    if graph is not None:
        files = tuple(tuple(s for s in spines if not lacking(s, graph)) for spines in files)
    found = _shared([[s for s in spines if hops in (None, s.hops)] for spines in files])
    if found or hops is None:
        return found
    if graph is not None and any(spine.hops == hops for spine in spines):
        missing = ", ".join(f"{s.name} needs {lacking(s, graph)}" for s in spines if s.hops == hops)
        raise UsageError(f"{graph.folder}: no spine template of {hops} hops fits: {missing}")
    known = sorted({spine.hops for spine in spines})
    raise UsageError(f"no spine template has {hops} hops; templates have {known[0]} to {known[-1]}")


def read_spines(text: str, place: str = "template") -> tuple[Spine, ...]:
    """Return the spine templates of a TOML text; `place` says in messages where it stands.

    Raises:
        UsageError: If it is no such text; the message names the template and what is wrong.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{place}: no TOML: {error}") from None
    if not table or not all(isinstance(entry, dict) for entry in table.values()):
        raise UsageError(
            f'{place}: expected tables such as [chain-mine] with path = "?d1:Disease …"'
        )
    try:
        return tuple(_spine(name, entry) for name, entry in table.items())
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None


@cache
def _files() -> tuple[tuple[Spine, ...], ...]:
    return tuple(
        tuple(_spine(name, entry) for name, entry in table.items()) for table in tables("spines")
    )


@cache
def tables(folder: str) -> tuple[dict[str, Any], ...]:
    """Return what ``templates/<folder>`` says of chains: a table for each file of spines."""
    files = sorted(data_file("templates", "spines").glob("*.toml"))
    return tuple(
        tomllib.loads(data_file("templates", folder, file.name).read_text("utf-8"))
        for file in files
    )


def _shared(files: list[list[Spine]]) -> tuple[Spine, ...]:
    """Return the templates of all files, their shares adding up to one for each number of hops."""
    found = []
    for spines in files:
        for spine in spines:
            rivals = [s.share for s in spines if s.hops == spine.hops]
            parts = sum(any(s.hops == spine.hops for s in others) for others in files)
            whole = round(sum(rivals), 9) * parts
            found.append(replace(spine, share=spine.share / whole))
    return tuple(found)


def lacking(spine: Spine, graph: KnowledgeGraph) -> str:
    """Return the first category or predicate of a template that a graph has nothing of, or ""."""
    kinds = set(graph.column("category").unique().to_pylist())
    wanted = [variable.category for variable in spine.variables if variable.category not in kinds]
    legs = [*spine.legs, *([spine.pin] if spine.pin else [])]
    wanted += [leg.predicate for leg in legs if leg.predicate not in graph.predicates]
    return wanted[0] if wanted else ""


def _spine(name: str, entry: dict[str, Any]) -> Spine:
    path = str(entry.get("path", ""))
    where = f"spine template {name!r}"
    variables = tuple(Variable(*pair) for pair in _NODE.findall(path))
    legs = tuple(_leg(match) for match in _LEG.finditer(path))
    pin = _LEG.fullmatch(str(entry["pin"])) if "pin" in entry else None
    if "pin" in entry and pin is None:
        raise UsageError(f"{where}: pin {entry['pin']!r} is no relation such as '-treats->'")
    pins = [_leg(pin)] if pin else []
    try:
        hops, share = int(entry.get("hops", len(variables))), float(entry.get("share", 1.0))
    except (TypeError, ValueError):
        raise UsageError(f"{where}: hops and share have to be numbers") from None
    spine = Spine(name, hops, variables, legs, share, pins[0] if pins else None)
    problem = _problem(spine, path)
    if problem:
        raise UsageError(f"{where}: {problem}")
    return spine


def _problem(spine: Spine, path: str) -> str:
    """Return what is wrong with a template, or ""."""
    names = [variable.name for variable in spine.variables]
    unknown = [v.category for v in spine.variables if v.category not in CATEGORIES]
    legs = [*spine.legs, *([spine.pin] if spine.pin else [])]
    strange = [leg.predicate for leg in legs if leg.predicate not in PREDICATES]
    if len(spine.legs) != len(names) - 1 or len(names) < MIN_HOPS or _rest(path):
        return (
            f"path {path!r} cannot be read; expected such as "
            '"?d1:Disease <-treats- ?x:Drug -treats-> ?d2:Disease"'
        )
    if unknown:
        return f"unknown category {unknown[0]!r}; known: {', '.join(CATEGORIES)}"
    if strange:
        return f"unknown predicate {strange[0]!r}; known: {', '.join(PREDICATES)}"
    if len(set(names)) != len(names):
        return f"path {path!r} comes back to where it was; every variable stands once"
    if spine.variables[0].category != "Disease":
        return f"path {path!r} has to begin at a Disease: its findings are the first clues"
    if spine.hops != len(names) or spine.hops > MAX_HOPS:
        return f"hops is {spine.hops}; the path has {len(names)}, and {MAX_HOPS} is the most"
    is_class = spine.pin is not None and spine.pin.predicate == "subclass_of"
    if is_class and spine.legs[-1].predicate != "has_phenotype":
        return (
            "pin subclass_of asks within a class of findings; the last leg has to be has_phenotype"
        )
    if not 0 < spine.share <= 1:
        return f"share is {spine.share}; expected more than 0 and at most 1"
    if not spine.name.startswith("chain-"):
        return "its name has to begin with chain-"
    return ""


def _rest(path: str) -> str:
    """Return what of a path is neither a variable nor a leg."""
    return _LEG.sub("", _NODE.sub("", path)).strip()


def _leg(match: re.Match[str]) -> Leg:
    return Leg(match["out"] or match["back"], match["back"] is not None)
