"""The tools of the injectors: find places in a row, change one thing, keep the rest consistent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from kgsynth.checks.answer import FINAL
from kgsynth.checks.base import Context
from kgsynth.checks.clauses import clauses_of
from kgsynth.questions.base import question_id
from kgsynth.records import EntityRef, ProofStep, Rival, Row


@dataclass(frozen=True, slots=True)
class Injected:
    """A spoiled row.

    Attributes:
        row: The row with its error.
        step: The step that holds the error; -1 where it is no step's.
    """

    row: Row
    step: int


class Place(NamedTuple):
    """Where a step's text mentions an entity."""

    step: int
    start: int
    end: int
    node: str
    category: str


def mentions_of(context: Context) -> list[Place]:
    """Return every mention in the trace, in order."""
    return [
        Place(index, spot.start, spot.end, spot.node, spot.category)
        for index, step in enumerate(context.row.trace)
        for clause in clauses_of(context, step.text, frozenset(step.entities))
        for spot in clause.spots
    ]


def respell(context: Context, place: Place, name: str) -> str:
    """Return a step's text with one mention spelled otherwise; its first letter keeps its case."""
    text = context.row.trace[place.step].text
    if text[place.start].isupper() and (place.start == 0 or text[place.start - 2] == "."):
        name = name[0].upper() + name[1:]
    return text[: place.start] + name + text[place.end :]


def retell(row: Row, index: int, text: str) -> Row:
    """Return a row with another text in one step, its reasoning following suit."""
    steps = list(row.trace)
    steps[index] = replace(steps[index], text=text)
    return conclude(replace(row, trace=tuple(steps)))


def conclude(row: Row) -> Row:
    """Return a row whose reasoning is that of its trace and answer."""
    lines = [step.text for step in row.trace]
    return replace(row, reasoning="\n".join([*lines, FINAL + row.final]))


def with_entities(context: Context, row: Row, index: int, *curies: str) -> Row:
    """Return a row that lists further entities, as a whole and in one step."""
    fresh = [context.graph.node(curie) for curie in curies if curie not in context.listed]
    refs = tuple(EntityRef(node.id, node.name, node.category) for node in fresh)
    steps = list(row.trace)
    steps[index] = replace(steps[index], entities=(*steps[index].entities, *curies))
    return replace(row, trace=tuple(steps), entities=(*row.entities, *refs))


def another_of(context: Context, place: Place, rng: np.random.Generator) -> str | None:
    """Return a tempting wrong entity: a rival or, failing that, any other of the category."""
    graph = context.graph
    rivals = {r.id for step in context.row.steps for r in step.rivals} - context.listed
    near = sorted(
        r for r in rivals if r in graph and graph.category_of(graph.index_of(r)) == place.category
    )
    if near:
        return near[int(rng.integers(len(near)))]
    column = graph.column("category").to_numpy(False)
    every = np.flatnonzero(column == place.category)
    picked = (graph.id_of(int(rng.choice(every))) for _ in range(20))
    return next((curie for curie in picked if curie not in context.listed), None)


def without_clue(row: Row, rng: np.random.Generator) -> Row | None:
    """Return a row whose query, proof and id have one clue less; the far anchor stays."""
    edges = row.query.edges
    spare = [
        index
        for step in row.steps
        for index in step.clues
        if len(step.clues) > 1
        and {edges[index].object, edges[index].subject}.isdisjoint(row.query.spine[:1])
    ]
    if not spare:
        return None
    gone = spare[int(rng.integers(len(spare)))]
    query = replace(row.query, edges=edges[:gone] + edges[gone + 1 :])
    steps = tuple(_without(step, gone) for step in row.steps)
    return replace(row, id=question_id(query, row.form), query=query, steps=steps)


def _without(step: ProofStep, gone: int) -> ProofStep:
    kept = [place for place, clue in enumerate(step.clues) if clue != gone]
    rivals = tuple(Rival(rival.id, tuple(_shifted(rival.fails, gone))) for rival in step.rivals)
    return replace(
        step,
        clues=tuple(_shifted(step.clues, gone)),
        candidates=tuple(step.candidates[place] for place in kept),
        rivals=rivals,
    )


def _shifted(indices: tuple[int, ...], gone: int) -> Iterator[int]:
    return (index - (index > gone) for index in indices if index != gone)
