"""Spoil what a stem tells of its patient: age, sex, how often a finding is seen."""

import re
from dataclasses import replace

import numpy as np

from kgsynth.checks.base import Context
from kgsynth.checks.stems import AGES
from kgsynth.records import Row

#: Ages by how they are worded: when it began, and who has it.
_WHENS = tuple(text for text in AGES if text.startswith(("at ", "in ", "late ")))
_WHOS = ("newborn", "young adult", "middle-aged patient", "elderly patient")
_WHEN = re.compile("|".join(_WHENS))
_WHO = re.compile(r"\b(?:young adult|child|newborn|patient)\b")
_SEXES = {"boy": "girl", "man": "woman", "male": "female", "son": "daughter", "brother": "sister"}
_SEXES |= {other: one for one, other in _SEXES.items()}
_SEX = re.compile(rf"\b(?:{'|'.join(_SEXES)})\b")
_ANYBODY = re.compile(r"\b(?:patient|someone in my family|relative of mine|close friend|child)\b")
_SHOWS = re.compile(r"\b(?:(?P<often>often) )?(?P<verb>shows?|features?|comes? with|has|have)\b")


def wrong_age(context: Context, rng: np.random.Generator) -> Row | None:
    """Tell another age than any that is recorded of the disease."""
    if context.row.query.among:
        return None  # two diseases are compared, and "at birth" is a kind of prevalence
    disease = context.value(context.row.query.variables[0].name)
    held = {edge.object for edge in context.graph.edges_of(disease, "has_attribute")}
    for pattern, words in ((_WHEN, _WHENS), (_WHO, _WHOS)):
        match = _outside(context, pattern)
        fit = [text for text in words if held.isdisjoint(AGES[text.removesuffix(" patient")])]
        if match is not None and fit:
            return _retold(context.row, match.span(), fit[int(rng.integers(len(fit)))])
    return None


def wrong_sex(context: Context, rng: np.random.Generator) -> Row | None:
    """Tell the other sex than the recorded one, or one where none is."""
    match = _outside(context, _SEX)
    if match is not None:
        return _retold(context.row, match.span(), _SEXES[match[0]])
    match = _outside(context, _ANYBODY)
    if match is None:
        return None
    variable = context.row.query.variables[0].name
    disease = context.value(variable)
    edges = [
        context.graph.find_edge(disease, edge.predicate, edge.object)
        for edge in context.row.query.edges
        if edge.subject == variable
    ]
    recorded = {edge.sex for edge in edges if edge is not None and edge.sex}
    fit = [sex for sex in ("male", "female") if recorded != {sex}]
    return _retold(context.row, match.span(), f"{fit[int(rng.integers(len(fit)))]} patient")


def wrong_often(context: Context, _: np.random.Generator) -> Row | None:
    """Say that a finding is seen rarely, which a clue never is."""
    for match in _SHOWS.finditer(context.row.question):
        end = re.compile(r"[.?]").search(context.row.question, match.end())
        clues = {edge.object for edge in context.row.query.edges}
        told = [
            mention
            for mention in context.mentions(context.row.question)
            if end and match.end() <= mention.start < end.start() and clues & set(mention.nodes)
        ]
        if told:
            return _retold(context.row, match.span(), f"rarely {match['verb']}")
    return None


def _outside(context: Context, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Return the first match in the stem that lies in no name."""
    names = context.mentions(context.row.question)
    for match in pattern.finditer(context.row.question):
        if not any(m.start < match.end() and match.start() < m.end for m in names):
            return match
    return None


def _retold(row: Row, span: tuple[int, int], text: str) -> Row:
    question = row.question[: span[0]] + text + row.question[span[1] :]
    return replace(row, question=question, prompt=row.prompt.replace(row.question, question))
