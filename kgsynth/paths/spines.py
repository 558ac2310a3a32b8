"""Spine templates: the typed paths that chain questions follow, read from ``templates/spines``."""

import difflib
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from kgsynth.errors import UsageError
from kgsynth.graph.schema import joins
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.template_text import read_spines, spine_of
from kgsynth.paths.typed_path import FINDING, Clue, Leg, Spine
from kgsynth.resources import data_file
from kgsynth.toml_lines import line_of

__all__ = ["FINDING", "Clue", "Leg", "Spine", "lacking", "load_spines", "read_spines", "tables"]


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


@cache
def _files() -> tuple[tuple[Spine, ...], ...]:
    return tuple(
        tuple(spine_of(name, entry) for name, entry in table.items()) for table in tables("spines")
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
    return next((name for _, name, known in _named(spine, graph) if name not in known), "")


def check_templates(text: str, place: str, graph: KnowledgeGraph) -> None:
    """See to it that a graph can walk the templates of a text.

    Args:
        text: Templates as TOML.
        place: Where it stands, for messages.
        graph: The graph.

    Raises:
        UsageError: If a template names what the graph has not, or a hop or a clue that joins
            nothing there; the message says ``place:line`` and what to do.
    """
    for spine in read_spines(text, place):
        for key, problem in _mismatches(spine, graph):
            where = f"{place}:{line_of(text, spine.name, key)}"
            raise UsageError(f"{where}: spine template {spine.name!r}: {problem}")


def _named(spine: Spine, graph: KnowledgeGraph) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield each name in a template: its key, itself, and what of its sort the graph has."""
    kinds = tuple(sorted(graph.column("category").unique().to_pylist()))
    verbs = graph.predicates
    yield from (("path", variable.category, kinds) for variable in spine.variables)
    yield from (("path", leg.predicate, verbs) for leg in spine.legs)
    if spine.pin:
        yield "pin", spine.pin.predicate, verbs
    for clue in (spine.clue_of(v.category) for v in spine.variables[:1]):
        if clue is not None:
            yield "path" if clue is FINDING else "clues", clue.leg.predicate, verbs
    for clue in spine.clues:
        yield "clues", clue.leg.predicate, verbs
        if clue.named:
            yield "clues", clue.named, kinds


def _mismatches(spine: Spine, graph: KnowledgeGraph) -> Iterator[tuple[str, str]]:
    """Yield what of a template a graph cannot walk: the key, and why."""
    for key, name, known in _named(spine, graph):
        if name not in known:
            what = "category" if name[:1].isupper() else "predicate"
            near = difflib.get_close_matches(name, known, 1, 0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield key, f"the graph has no {what} {name!r}{hint}; it has {', '.join(known)}"
    for leg, before, after in zip(spine.legs, spine.variables, spine.variables[1:], strict=False):
        ends = before.category, after.category
        if not joins(graph, leg.predicate, ends=ends, inverse=leg.inverse):
            yield (
                "path",
                (
                    f"no statement leads {before.category} {leg} {after.category}, so "
                    f"{spine.variables[-1].name} is never reached; `kgsynth templates suggest` "
                    "prints what the graph can walk"
                ),
            )
    pins = [("clues", clue.category, clue.leg, clue.named) for clue in spine.clues]
    if spine.pin:
        pins.append(("pin", spine.variables[-1].category, spine.pin, ""))
    for key, category, leg, named in pins:
        if not joins(graph, leg.predicate, ends=(category, named), inverse=leg.inverse):
            statement = f"{category} {leg} {named}".rstrip()
            yield key, f"the graph has no statement {statement}: it pins no {category}"
