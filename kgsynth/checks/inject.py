"""Spoil good rows on purpose, one error at a time, to measure what the checker finds.

An injector takes a row that passes and returns it with one error of its type, otherwise as
consistent as an attentive forger would leave it: the reasoning follows the steps, entity lists
follow the text. It returns None where the row has no place for that error.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.base import Context
from kgsynth.checks.forgery import Injected
from kgsynth.checks.inject_rows import dropped_clue, leaked_answer, option_reason, swapped_answer
from kgsynth.checks.inject_stems import wrong_age, wrong_often, wrong_sex
from kgsynth.checks.inject_steps import (
    broken_order,
    dropped_hop,
    flipped_negation,
    granularity,
    invented_edge,
    invented_entity,
    prompt_text,
    reversed_relation,
    wrong_entity,
    wrong_number,
)
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row
from kgsynth.seeding import derive_rng

Injector = Callable[[Context, np.random.Generator], Injected | None]


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
