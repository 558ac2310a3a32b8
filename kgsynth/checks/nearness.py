"""Is what the text calls the nearest rival near at all?"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context
from kgsynth.checks.clauses import step_clauses
from kgsynth.checks.cues import Cue
from kgsynth.checks.rules import Step, cut_steps, ways_of
from kgsynth.records import Finding

_NEAR = re.compile(
    r"\b(?:nearest|closest|next best) \w+(?:,| is)? \x00|^\x00+ comes? close", re.IGNORECASE
)

_CALLS_NEAR = Cue(_NEAR)


def check_near(context: Context, index: int) -> Iterator[Finding]:
    """Yield a finding where a step calls a disorder its nearest rival and it is none.

    A rival is reached by another way to walk the step, and fits at least one of its clues.

    Yields:
        ``not_near``.
    """
    step = context.row.trace[index]
    for clause in step_clauses(context, index):
        if _CALLS_NEAR[clause.plain]:
            spot = next((spot for spot in clause.spots if spot.category == "Disease"), None)
            proof = _step_of(context, frozenset(step.entities))
            if spot is not None and proof is not None:
                ways = ways_of(context, proof, True)
                node = context.graph.index_of(spot.node)
                if not ways.reaches(node) or ways.fails(node).bit_count() == len(proof.clues):
                    message = f"{spot.node} is no rival in this step"
                    yield Finding("not_near", index, spot.start, spot.end, message=message)


def _step_of(context: Context, entities: frozenset[str]) -> Step | None:
    """Return the last step of the proof whose end and clues a step of the trace speaks of."""
    edges = context.row.query.edges
    fitting = [
        step
        for step in cut_steps(context)
        if context.value(step.variables[-1]) in entities
        and any(edges[clue].object in entities for clue in step.clues)
    ]
    return fitting[-1] if fitting else None
