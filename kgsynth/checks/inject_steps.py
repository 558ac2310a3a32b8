"""Errors in the words of a step, or in the order of steps; see `inject`."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from kgsynth.checks.base import Context
from kgsynth.checks.clauses import FINDINGS
from kgsynth.checks.forgery import (
    Injected,
    Place,
    another_of,
    conclude,
    mentions_of,
    respell,
    retell,
    with_entities,
)
from kgsynth.checks.relations import said_in


def wrong_entity(context: Context, rng: np.random.Generator) -> Injected | None:
    """Name another disease, gene, drug … of the graph in place of one that a step is about."""
    places = {place.category for place in mentions_of(context)} - FINDINGS
    return _renamed(context, rng, tuple(places), lambda place: another_of(context, place, rng))


def granularity(context: Context, rng: np.random.Generator) -> Injected | None:
    """Name a parent in place of a finding or disease: what is true of both is not the same."""

    def parent(place: Place) -> str | None:
        parents = context.graph.neighbours(place.node, "subclass_of")
        fit = [curie for curie in parents if curie not in context.listed]
        return fit[int(rng.integers(len(fit)))] if fit else None

    return _renamed(context, rng, ("PhenotypicFeature", "Disease"), parent)


def _renamed(
    context: Context,
    rng: np.random.Generator,
    categories: tuple[str, ...],
    choose: Callable[[Place], str | None],
) -> Injected | None:
    places = [p for p in mentions_of(context) if p.category in categories]
    for at in rng.permutation(len(places)):
        place = places[int(at)]
        other = choose(place)
        if other is not None:
            text = respell(context, place, context.graph.surfaces(other)[0])
            row = retell(context.row, place.step, text)
            return Injected(with_entities(context, row, place.step, other), place.step)
    return None


def invented_entity(context: Context, rng: np.random.Generator) -> Injected | None:
    """Name a gene that does not exist."""
    places = [place for place in mentions_of(context) if place.category == "Gene"]
    if not places:
        return None
    place = places[int(rng.integers(len(places)))]
    symbol = f"QX{''.join(chr(65 + int(i)) for i in rng.integers(26, size=2))}{rng.integers(9)}"
    return Injected(retell(context.row, place.step, respell(context, place, symbol)), place.step)


def reversed_relation(context: Context, rng: np.random.Generator) -> Injected | None:
    """Swap what a verb joins: "only ptosis has the syndrome", "the protein inhibits the drug"."""
    places = mentions_of(context)
    pairs = [
        (one, other)
        for one, other in pairwise(places)
        if one.step == other.step
        and _turns(context.row.trace[one.step].text[one.end : other.start], one, other)
    ]
    if not pairs:
        return None
    one, other = pairs[int(rng.integers(len(pairs)))]
    text = context.row.trace[one.step].text
    parts = (text[: one.start], text[other.start : other.end], text[one.end : other.start])
    swapped = "".join((*parts, text[one.start : one.end], text[other.end :]))
    return Injected(retell(context.row, one.step, swapped), one.step)


def _turns(gap: str, one: Place, other: Place) -> bool:
    """Say whether the words between two mentions have a direction."""
    kinds = (one.category, other.category)
    if kinds == ("Disease", "PhenotypicFeature"):
        return " ha" in gap
    plain = len(gap.split()) < 6 and kinds[0] != kinds[1] and "Gene" not in kinds
    return plain and FINDINGS.isdisjoint(kinds) and bool(said_in(gap))


def dropped_hop(context: Context, rng: np.random.Generator) -> Injected | None:
    """Leave a step of the spine out; a question of one step has none to leave out."""
    trace = context.row.trace
    if len(trace) < 2 or not context.row.query.spine:
        return None
    at = int(rng.integers(len(trace) - 1))
    return Injected(conclude(replace(context.row, trace=trace[:at] + trace[at + 1 :])), -1)


def broken_order(context: Context, rng: np.random.Generator) -> Injected | None:
    """Swap two neighbouring steps."""
    trace = list(context.row.trace)
    if len(trace) < 2:
        return None
    at = int(rng.integers(len(trace) - 1))
    trace[at], trace[at + 1] = trace[at + 1], trace[at]
    return Injected(conclude(replace(context.row, trace=tuple(trace))), at)


def invented_edge(context: Context, rng: np.random.Generator) -> Injected | None:
    """State a finding, or a use of a treatment, that the graph does not record."""
    given = [p for p in mentions_of(context) if p.category in ("Drug", "Procedure")]
    if given and rng.integers(2):
        return _invented_use(context, given[int(rng.integers(len(given)))], rng)
    places = [place for place in mentions_of(context) if place.category == "Disease"]
    terms = np.flatnonzero(context.graph.column("category").to_numpy(False) == "PhenotypicFeature")
    if not places:
        return None
    place = places[int(rng.integers(len(places)))]
    held = context.solver.held("has_phenotype", context.graph.index_of(place.node))
    term = int(rng.choice(terms))
    while term in held:
        term = int(rng.choice(terms))
    graph, step = context.graph, context.row.trace[place.step]
    curie = graph.id_of(term)
    names = graph.surfaces(place.node)[0], graph.surfaces(curie)[0]
    text = f"{step.text} {names[0][0].upper()}{names[0][1:]} also has {names[1]}."
    row = with_entities(context, retell(context.row, place.step, text), place.step, curie)
    return Injected(row, place.step)


def _invented_use(context: Context, place: Place, rng: np.random.Generator) -> Injected:
    graph, step = context.graph, context.row.trace[place.step]
    used = context.solver.near("treats", graph.index_of(place.node), "forward")
    every = np.flatnonzero(graph.column("category").to_numpy(False) == "Disease")
    disease = int(rng.choice(every))
    while disease in used:
        disease = int(rng.choice(every))
    curie = graph.id_of(disease)
    name, other = graph.surfaces(place.node)[0], graph.surfaces(curie)[0]
    text = f"{step.text} {name[0].upper()}{name[1:]} is also used to treat {other}."
    row = with_entities(context, retell(context.row, place.step, text), place.step, curie)
    return Injected(row, place.step)


_POLARITY = (
    (" is also used to treat ", " is not used to treat "),
    (" is used to treat ", " is not used to treat "),
    (" is treated with ", " is not treated with "),
    (" inhibits ", " does not inhibit "),
    (" is not recorded with ", " is recorded with "),
    (" is recorded with ", " is not recorded with "),
    (" is associated with ", " is not associated with "),
    (" also has ", " does not have "),
    (" is also recorded with ", " is not recorded with "),
    (" has ", " does not have "),
)


def flipped_negation(context: Context, rng: np.random.Generator) -> Injected | None:
    """Put a "not" in, or take one out."""
    steps = rng.permutation(len(context.row.trace))
    for index in (int(at) for at in steps):
        text = context.row.trace[index].text
        for old, new in _POLARITY:
            if old in text:
                return Injected(retell(context.row, index, text.replace(old, new, 1)), index)
    return None


def wrong_number(context: Context, rng: np.random.Generator) -> Injected | None:
    """Change a number of disorders."""
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    names = [(p.step, p.start, p.end) for p in mentions_of(context)]
    for index in (int(at) for at in rng.permutation(len(context.row.trace))):
        text = context.row.trace[index].text
        at = 0
        for word in text.split(" "):
            inside = any(s == index and a <= at < b for s, a, b in names)
            plain = word.lower()
            other = "".join((plain, "0")) if plain.isdigit() else ""
            if plain in words:
                other = words[(words.index(plain) + 1 + int(rng.integers(8))) % 9]
            if other and not inside:
                changed = text[:at] + other + text[at + len(word) :]
                return Injected(retell(context.row, index, changed), index)
            at += len(word) + 1
    return None


_LEFT = ("As an AI language model, ", "{finds} ", "<think> ", "According to F3, ", "E1: ")


def prompt_text(context: Context, rng: np.random.Generator) -> Injected | None:
    """Leave a piece of a prompt or template in a step."""
    index = int(rng.integers(len(context.row.trace)))
    text = _LEFT[int(rng.integers(len(_LEFT)))] + context.row.trace[index].text
    return Injected(retell(context.row, index, text), index)
