"""Do the row's own steps say what the graph gives? Clues, candidates, margins and rivals."""

import functools
import operator
from collections.abc import Iterable, Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.rules import Step
from kgsynth.checks.ways import Ways
from kgsynth.errors import UnknownEntityError
from kgsynth.records import Finding, ProofStep

#: How many rivals a row shows for each step.
SHOWN = 10


def check_proof(context: Context, steps: list[Step], admitted: list[Ways]) -> Iterator[Finding]:
    """Yield ``wrong_proof`` findings where the row's steps and the graph disagree.

    Args:
        context: The row in its graph.
        steps: Its steps, cut again.
        admitted: The ways to walk each, contested statements admitted.
    """
    told = context.row.steps
    if [step.variables for step in told] != [step.variables for step in steps]:
        yield row_finding("wrong_proof", "the row cuts the spine into other steps")
        return
    for index, (said, step, ways) in enumerate(zip(told, steps, admitted, strict=True)):
        if sorted(said.clues) != sorted(step.clues):
            yield row_finding("wrong_proof", f"step {index} has clues {step.clues}")
            continue
        for what in _wrong(context, said, step, ways):
            yield row_finding("wrong_proof", f"step {index}: {what}")


def _wrong(context: Context, said: ProofStep, step: Step, ways: Ways) -> Iterator[str]:
    counted = ways.left([step.clues.index(clue) for clue in said.clues])
    if said.candidates != counted:
        yield f"candidates are {counted}, not {said.candidates}"
    if not step.clues:
        if said.margin or said.rivals:
            yield "a step without clues has no margin and no rivals"
        return
    if said.margin < step.margin or ways.rivals_within(said.margin - 1):
        yield f"margin {said.margin} is not what the rivals fail"
    fails = [len(rival.fails) for rival in said.rivals]
    if fails != sorted(fails) or not _nearest(fails, ways):
        yield "the rivals are not the nearest ones, nearest first"
    bits = {clue: 1 << place for place, clue in enumerate(step.clues)}
    masks = {clues: _as_bits(clues, bits) for clues in {rival.fails for rival in said.rivals}}
    for rival in said.rivals:
        node = _place(context, rival.id)
        if ways.fails(node) != masks[rival.fails] or not ways.reaches(node):
            yield f"{rival.id} does not fail {rival.fails}"


def _place(context: Context, curie: str) -> int:
    """Return an entity's index, -1 where the graph has no such entity."""
    try:
        return context.graph.index_of(curie)
    except UnknownEntityError:
        return -1


def _as_bits(clues: Iterable[int], bits: dict[int, int]) -> int:
    """Return clues as bits, -1 where one is none of the step."""
    if any(clue not in bits for clue in clues):
        return -1
    return functools.reduce(operator.or_, [bits[clue] for clue in clues], 0)


def _nearest(fails: list[int], ways: Ways) -> bool:
    """Say whether rivals with these numbers of failed clues are the nearest ten.

    Those that fail every clue may be left out: in a first step they are the whole graph.
    """
    room = SHOWN
    for number, ends in enumerate(ways.ends()[:-1]):
        shown = fails.count(number)
        if shown != min(ends, room):
            return False
        room -= shown
    return len(fails) <= SHOWN
