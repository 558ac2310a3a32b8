"""Spoil good rows on purpose, one error at a time, to measure what the checker finds.

An injector takes a row that passes and returns it with one error of its type, otherwise as
consistent as an attentive forger would leave it: the reasoning follows the steps, entity lists
follow the text. It returns None where the row has no place for that error.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.base import Context
from kgsynth.checks.clauses import FINDINGS
from kgsynth.checks.forgery import (
    Place,
    another_of,
    conclude,
    mentions_of,
    respell,
    retell,
    with_entities,
    without_clue,
)
from kgsynth.checks.inject_stems import wrong_age, wrong_often, wrong_sex
from kgsynth.checks.relations import said_in
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Answer, Row
from kgsynth.seeding import derive_rng


@dataclass(frozen=True, slots=True)
class Injected:
    """A spoiled row.

    Attributes:
        row: The row with its error.
        step: The step that holds the error; -1 where it is no step's.
    """

    row: Row
    step: int


Injector = Callable[[Context, np.random.Generator], Injected | None]


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


def swapped_answer(context: Context, rng: np.random.Generator) -> Injected | None:
    """Give another answer of the same category, everywhere in the same words."""
    row, graph = context.row, context.graph
    target = context.value(row.query.target)
    place = Place(len(row.trace) - 1, 0, 0, target, graph.node(target).category)
    other = another_of(context, place, rng)
    if other is None:
        return None
    name = graph.surfaces(other)[0]
    last = replace(row.trace[-1], concludes=name)
    answers = (Answer(other, graph.node(other).name, ()),)
    swapped = replace(row, trace=(*row.trace[:-1], last), answer=name, answers=answers)
    swapped = with_entities(context, conclude(swapped), len(row.trace) - 1, other)
    return Injected(swapped, len(row.trace) - 1)


def leaked_answer(context: Context, rng: np.random.Generator) -> Injected | None:
    """Name the answer, or an entity on the way to it, in the question."""
    hidden = context.hidden()
    if not hidden:  # a proposal that is right is named by the question
        return None
    name = context.graph.surfaces(hidden[int(rng.integers(len(hidden)))])[0]
    question = f"{context.row.question} Think of {name}."
    prompt = context.row.prompt.replace(context.row.question, question)
    return Injected(replace(context.row, question=question, prompt=prompt), -1)


_LEFT = ("As an AI language model, ", "{finds} ", "<think> ", "According to F3, ", "E1: ")


def prompt_text(context: Context, rng: np.random.Generator) -> Injected | None:
    """Leave a piece of a prompt or template in a step."""
    index = int(rng.integers(len(context.row.trace)))
    text = _LEFT[int(rng.integers(len(_LEFT)))] + context.row.trace[index].text
    return Injected(retell(context.row, index, text), index)


def dropped_clue(context: Context, rng: np.random.Generator) -> Injected | None:
    """Take a clue out of query and proof: by rule M the step no longer has its margin."""
    row = without_clue(context.row, rng)
    return None if row is None else Injected(row, -1)


def option_reason(context: Context, rng: np.random.Generator) -> Injected | None:
    """Give a wrong option another reason than the graph does, with a statement for it."""
    row = context.row
    wrong = [at for at, option in enumerate(row.options) if option.reasons]
    if not wrong:
        return None
    at = wrong[int(rng.integers(len(wrong)))]
    first, *rest = row.options[at].reasons
    other = "denied" if first.reason != "denied" else "not_recorded"
    edges = (row.edges[int(rng.integers(len(row.edges)))].id,)
    reasons = (replace(first, reason=other, edges=edges), *rest)
    options = list(row.options)
    options[at] = replace(options[at], reasons=reasons)
    return Injected(replace(row, options=tuple(options)), -1)


def _of_stem(spoil: Callable[[Context, np.random.Generator], Row | None]) -> Injector:
    """Return an injector of an error in the stem, which is no step's."""

    def injector(context: Context, rng: np.random.Generator) -> Injected | None:
        row = spoil(context, rng)
        return None if row is None else Injected(row, -1)

    return injector


#: Every error type, by name, with the codes of which at least one should be found.
INJECTORS: dict[str, tuple[Injector, frozenset[str]]] = {
    "wrong_entity": (
        wrong_entity,
        frozenset({"unsupported_claim", "wrong_step_end", "not_only", "uncited_claim", "not_near"})
        | frozenset({"wrong_number", "reversed_relation", "denied_claim"}),
    ),
    "granularity": (
        granularity,
        frozenset({"uncited_claim", "unsupported_claim", "wrong_number", "not_only"})
        | frozenset({"denied_claim", "recorded_denial", "uncited_entity"}),
    ),
    "invented_entity": (invented_entity, frozenset({"invented_entity"})),
    "reversed_relation": (reversed_relation, frozenset({"reversed_relation"})),
    "dropped_hop": (dropped_hop, frozenset({"dropped_hop", "uncovered_edge"})),
    "broken_order": (broken_order, frozenset({"broken_order", "broken_chain", "wrong_conclusion"})),
    "invented_edge": (invented_edge, frozenset({"unsupported_claim", "denied_claim"})),
    "flipped_negation": (
        flipped_negation,
        frozenset({"recorded_denial", "unsupported_claim", "denied_claim", "uncited_claim"}),
    ),
    "wrong_number": (wrong_number, frozenset({"wrong_number", "not_only"})),
    "swapped_answer": (swapped_answer, frozenset({"wrong_answer", "wrong_answer_list"})),
    "leaked_answer": (leaked_answer, frozenset({"leaked_name", "leaked_word"})),
    "prompt_text": (prompt_text, frozenset({"prompt_text", "leaked_id"})),
    "option_reason": (option_reason, frozenset({"wrong_reason"})),
    "dropped_clue": (
        dropped_clue,
        frozenset({"not_robust", "not_stepwise", "not_unique", "not_minimal", "uninformative"}),
    ),
    "wrong_age": (_of_stem(wrong_age), frozenset({"wrong_case"})),
    "wrong_sex": (_of_stem(wrong_sex), frozenset({"wrong_case"})),
    "wrong_often": (_of_stem(wrong_often), frozenset({"wrong_share"})),
}


@dataclass(slots=True)
class Rate:
    """What was found of one error type.

    Attributes:
        injected: Rows spoiled.
        detected: Those that were not accepted.
        named: Those where a fitting code was given.
        located: Those where a finding points at the step (or the row) that holds the error.
    """

    injected: int = 0
    detected: int = 0
    named: int = 0
    located: int = 0


def measure(
    rows: Iterable[Row], graph: KnowledgeGraph, settings: CheckSettings, seed: int = 0
) -> dict[str, Rate]:
    """Return the rates of each error type, and under ``clean`` the false alarms.

    Args:
        rows: Good rows; each is spoiled once by every injector that finds a place.
        graph: Their graph.
        settings: What they are held to.
        seed: Decides where and how.
    """
    rates = {"clean": Rate()} | {name: Rate() for name in INJECTORS}
    for row in rows:
        clean = check_row(row, graph, settings)
        rates["clean"].injected += 1
        rates["clean"].detected += not clean.accepted
        if not clean.accepted:
            continue
        context = Context.of(row, graph, settings)
        for name, (injector, codes) in INJECTORS.items():
            spoiled = injector(context, derive_rng(seed, "inject", name, row.id))
            if spoiled is not None:
                _count(rates[name], spoiled, codes, graph, settings)
    return rates


def _count(
    rate: Rate,
    spoiled: Injected,
    codes: frozenset[str],
    graph: KnowledgeGraph,
    settings: CheckSettings,
) -> None:
    verdict = check_row(spoiled.row, graph, settings)
    rate.injected += 1
    rate.detected += not verdict.accepted
    rate.named += any(finding.code in codes for finding in verdict.findings)
    rate.located += any(finding.step == spoiled.step for finding in verdict.findings)


__all__ = ["INJECTORS", "Injected", "Rate", "measure"]
