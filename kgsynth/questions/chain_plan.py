"""What the stem of a chain has to say, by the shape of its query: worked out once for each shape.

The variants of each part lie in ``templates/questions/chain.toml``, and in a file beside it for
each other file of spines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from kgsynth.graph.stencil import place_of, shape_of
from kgsynth.paths.spines import Spine, load_spines, tables
from kgsynth.questions.base import clues_of, label_of, labels_of
from kgsynth.records import Mined


@dataclass(frozen=True, slots=True)
class ChainStems:
    """The wording of chain questions.

    Attributes:
        prompt: How to answer, after the stem.
        gene_links: Ways to say that a gene is associated with a disorder.
        spines: The parts of a stem by spine template.
        parts: The variants of a part: ``clued``, ``bare`` (the target), ``passed``, and
            ``labelled``, where a named entity tells the target from others like it.
    """

    prompt: str
    gene_links: tuple[str, ...]
    spines: dict[str, tuple[str, ...]]
    parts: dict[str, dict[str, list[str]]]


@cache
def chain_stems() -> ChainStems:
    """Return the wording in ``templates/questions``, of all files of spines together."""
    merged: dict[str, Any] = {"spines": {}, "parts": {}}
    for table in tables("questions"):
        for name, value in table.items():
            merged[name] = merged[name] | value if isinstance(value, dict) else value
    spines = {name: tuple(parts) for name, parts in merged["spines"].items()}
    return ChainStems(merged["prompt"], tuple(merged["gene_links"]), spines, merged["parts"])


class ChainPlan(NamedTuple):
    """What a stem says of which entities; these by their place among those of the query.

    Attributes:
        has_words: Whether the files of templates have parts for it; see `has_words`.
        diseases: Of each disease in order: its variable, the state of its part, its clues.
        classes: The class that the target is asked within, if there is one.
        label: What tells the target from others like it, None for nothing.
    """

    has_words: bool
    diseases: tuple[tuple[str, str, tuple[int, ...]], ...]
    classes: tuple[int, ...]
    label: int | None


def plan_of(mined: Mined) -> tuple[ChainPlan, Sequence[str]]:
    """Return what the stem of a chain says, and the named entities of its query."""
    shape, entities = shape_of(mined.query)
    of = ("chain", mined.template)
    return shape.once(of, lambda one: _plan(replace(mined, query=one.query))), entities


def _plan(mined: Mined) -> ChainPlan:
    """Return the plan of a chain whose named entities are marks."""
    query = mined.query
    diseases = []
    for variable in query.variables:
        if variable.category == "Disease":
            clues = tuple(map(place_of, clues_of(mined, variable.name)))
            state = "clued" if clues else "bare" if variable.name == query.target else "passed"
            diseases.append((variable.name, state, clues))
    asked = [e.object for e in query.edges if e.predicate == "subclass_of"]
    classes = [place_of(one) for one in asked if one[:1] != "?"]
    label = label_of(mined)
    place = None if label is None else place_of(label)
    return ChainPlan(has_words(mined), tuple(diseases), tuple(classes), place)


def has_words(mined: Mined) -> bool:
    """Say whether the files of templates have parts for a chain.

    A template of one's own may have the name of another, or clues that the parts do not tell.
    """
    query = mined.query
    known = _shipped().get(mined.template)
    if known is None or mined.template not in chain_stems().spines:
        return False
    edges = {(e.subject, e.predicate, e.object) for e in query.edges}
    pairs = zip(known.legs, pairwise(query.spine[1:]), strict=False)
    walked = {(e.subject, e.predicate, e.object) for e in (leg.edge(*ends) for leg, ends in pairs)}
    kinds = [[v.category for v in variables] for variables in (query.variables, known.variables)]
    told = [query.target] if known.pin else []
    labelled = [v.name for v in query.variables if labels_of(mined, v.name)]
    return kinds[0] == kinds[1] and walked <= edges and set(labelled) <= set(told)


@cache
def _shipped() -> dict[str, Spine]:
    return {spine.name: spine for spine in load_spines()}
