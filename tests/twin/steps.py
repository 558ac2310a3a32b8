"""How a spine falls into steps, and every way to walk each of them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tests.twin.graph import Graph, Reading
from tests.twin.search import (
    Binding,
    Pattern,
    holds,
    objects_of,
    patterns_of,
    solutions,
    subjects_of,
)


@dataclass(frozen=True)
class Margins:
    """How many clues every rival must fail, by where a step stands.

    Attributes:
        disease: Where the step ends at a disease.
        later: Where it does, but is not the first of a question of five hops or more.
        elsewhere: Where it ends at something else.
    """

    disease: int = 2
    later: int = 1
    elsewhere: int = 1

    def of(self, hops: int, index: int, category: str) -> int:
        """Return the margin of the step at `index` that ends at a `category`."""
        if category != "Disease":
            return self.elsewhere
        return self.later if hops >= 5 and index > 0 else self.disease


@dataclass(frozen=True)
class Step:
    """One step: the variables it walks over, and the clues (query edges) of the last one."""

    index: int
    variables: tuple[str, ...]
    clues: tuple[int, ...]


class Question:
    """A row's query, solution and steps, worked out from the query alone."""

    def __init__(self, graph: Graph, row: Mapping[str, Any]) -> None:
        self.graph = graph
        self.row = row
        self._walks: dict[tuple[int, Reading], Walk] = {}
        self.patterns = patterns_of(row)
        self.categories = {v["name"]: v["category"] for v in row["query"]["variables"]}
        self.spine: list[str] = row["query"]["spine"]
        self.target: str = row["query"]["target"]
        self.bound: Binding = {each["variable"]: each["id"] for each in row["bindings"]}

    @cached_property
    def steps(self) -> list[Step]:
        """The steps, from the far anchor inward; without a spine the target is the only one."""
        if not self.spine:
            return [Step(0, (self.target,), self.clues_of(self.target))]
        steps: list[Step] = []
        walked: list[str] = []
        for name in self.spine[1:]:
            walked.append(name)
            clues = self.clues_of(name)
            if clues or name == self.target:
                steps.append(Step(len(steps), tuple(walked), clues))
                walked = []
        return steps

    def clues_of(self, name: str) -> tuple[int, ...]:
        """Return the indices of the edges between a variable and a named entity."""
        return tuple(at for at, p in enumerate(self.patterns) if p.variables == {name})

    def start_of(self, step: Step) -> Binding:
        """Return what is bound before a step begins."""
        before = [name for other in self.steps[: step.index] for name in other.variables]
        return {name: self.bound[name] for name in before}

    def walk(self, step: Step, reading: Reading) -> "Walk":
        """Return all ways to walk a step without its clues, and the clues that each fails."""
        key = (step.index, reading)
        if key not in self._walks:
            self._walks[key] = self._walk(step, reading)
        return self._walks[key]

    def _walk(self, step: Step, reading: Reading) -> "Walk":
        start = self.start_of(step)
        known = {*start, *step.variables}
        patterns = [
            p
            for at, p in enumerate(self.patterns)
            if at not in step.clues and p.variables & set(step.variables) and p.variables <= known
        ]
        if patterns:
            found = solutions(self.graph, patterns, step.variables, self.categories, start, reading)
            ways = [(way, self._fails(step, way, reading)) for way in found]
            return Walk(ways, 0)
        return self._walk_from_clues(step, reading)

    def _walk_from_clues(self, step: Step, reading: Reading) -> "Walk":
        """Walk a step that starts from its clues alone: any entity of the category may be it."""
        (name,) = step.variables
        everyone = self.graph.in_category[self.categories[name]]
        clues = {at: self.patterns[at] for at in step.clues}
        met = {at: self._met(clue, reading) for at, clue in clues.items()}
        near = everyone & set().union(*met.values())
        plain = tuple(at for at, clue in clues.items() if not clue.negated)
        ways = [
            ({name: each}, tuple(at for at in clues if (each in met[at]) == clues[at].negated))
            for each in sorted(near)
        ]
        return Walk(ways, len(everyone) - len(near), plain)

    def _met(self, clue: Pattern, reading: Reading) -> AbstractSet[str]:
        """Return for whom a clue holds, negation aside; who is doubtful fails no denied clue."""
        other: Reading = "tight" if reading == "loose" else "loose"
        sense = other if clue.negated else reading
        if clue.object.startswith("?"):
            return objects_of(self.graph, clue, clue.subject, sense)
        return subjects_of(self.graph, clue, clue.object, sense)

    def _fails(self, step: Step, way: Binding, reading: Reading) -> tuple[int, ...]:
        return tuple(at for at in step.clues if not self._meets(self.patterns[at], way, reading))

    def _meets(self, clue: Pattern, way: Binding, reading: Reading) -> bool:
        subject, end = (way.get(each, each) for each in clue.ends)
        return holds(self.graph, clue, subject, end, reading)

    def accepted(self, step: Step) -> list[Binding]:
        """Return the accepted ways to walk a step: one, in a list one for each answer."""
        if self.row["kind"] == "list":
            return [{self.target: answer["id"]} for answer in self.row["answers"]]
        return [{name: self.bound[name] for name in step.variables}]


@dataclass(frozen=True)
class Walk:
    """Every way to walk a step with the clues it fails.

    `far` more, of whom none of the clues' findings is recorded, fail every plain clue
    (`far_fails`) and no denied one.
    """

    ways: list[tuple[Binding, tuple[int, ...]]]
    far: int
    far_fails: tuple[int, ...] = ()

    def rivals_of(self, accepted: list[Binding]) -> list[tuple[Binding, tuple[int, ...]]]:
        """Return the ways other than the accepted ones, the `far` ones aside."""
        return [(way, fails) for way, fails in self.ways if way not in accepted]
