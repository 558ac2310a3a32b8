"""Errors in what a row gives beside its steps: answer, question, query, options; see `inject`."""

from dataclasses import replace

import numpy as np

from kgsynth.checks.base import Context
from kgsynth.checks.forgery import (
    Injected,
    Place,
    another_of,
    conclude,
    with_entities,
    without_clue,
)
from kgsynth.records import Answer


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
