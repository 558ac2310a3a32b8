"""Do the row's own steps say what the graph gives? Clues, candidates, margins and rivals."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.rules import Step, Ways, ways_of
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
        same = said.clues == step.clues
        ordered = ways if same else ways_of(context, replace(step, clues=said.clues), True)
        for what in _wrong(context, said, step, ordered):
            yield row_finding("wrong_proof", f"step {index}: {what}")


def _wrong(context: Context, said: ProofStep, step: Step, ways: Ways) -> Iterator[str]:
    counted = ways.left()
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
    bits = {clue: 1 << place for place, clue in enumerate(said.clues)}
    for rival in said.rivals:
        if not _is_rival(context, rival.id, {bits.get(clue, 0) for clue in rival.fails}, ways):
            yield f"{rival.id} does not fail {rival.fails}"


def _is_rival(context: Context, curie: str, fails: set[int], ways: Ways) -> bool:
    """Say whether an entity is a rival that fails these clues (each as its bit, 0 for no clue)."""
    if curie not in context.graph:
        return False
    node = context.graph.index_of(curie)
    return ways.reaches(node) and 0 not in fails and ways.fails(node) == sum(fails)


def _nearest(fails: list[int], ways: Ways) -> bool:
    """Say whether rivals with these numbers of failed clues are the nearest ten.

    Those that fail every clue may be left out: in a first step they are the whole graph.
    """
    shown = Counter(fails)
    before = left = 0
    for limit in range(len(ways.holding)):
        reached = ways.rival_ends_within(limit)
        room = SHOWN - left
        if shown[limit] != min(reached - before, room):
            return False
        before, left = reached, left + shown[limit]
    return len(fails) <= SHOWN
