"""The proof, computed again from graph and query alone: steps, and the ways to walk them.

Nothing here looks at the row's own steps or shares code with the miner. A *step* begins where the
one before it ended and ends at a variable with clues of its own, or at the target; a *way* binds
its variables along the spine, given all earlier bindings; a *rival* is any way but the bound one.
"""

import operator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, cast

from kgsynth.checks.base import CheckSettings, Context
from kgsynth.checks.ways import Ways
from kgsynth.graph.answers import Solver, is_clue
from kgsynth.graph.entity_sets import Fit
from kgsynth.graph.stencil import Shape, shape_of
from kgsynth.graph.store import Direction
from kgsynth.records import Query, QueryEdge


class Hop(NamedTuple):
    """One edge of the spine within a step.

    Attributes:
        at: Its place among the edges of the query.
        name: The variable that it leads to.
        kind: The category of that.
        earlier: Variables of that category before this step; their entities are taken.
        walked: Places on the walk of those within this step.
    """

    at: int
    name: str
    kind: str
    earlier: tuple[str, ...]
    walked: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step of the spine, cut again from the query.

    Attributes:
        start: The spine's name that it starts at: a variable, or the far anchor's mark (see
            `stencil`); "" where a question has no spine and its clues are all there is.
        variables: The variables that it walks over, in order.
        clues: Indices of the query edges that pin the last of them.
        margin: Clues that every rival must fail; 0 where there are no clues.
        kind: The category of the last variable.
        hops: The edges that it walks over.
    """

    start: str
    variables: tuple[str, ...]
    clues: tuple[int, ...]
    margin: int
    kind: str
    hops: tuple[Hop, ...]

    @property
    def is_open(self) -> bool:
        """Whether it may end at any entity of a category: nothing but clues leads to it."""
        return self.start[:1] != "?" and len(self.variables) == 1 and bool(self.clues)


def cut_steps(context: Context) -> list[Step]:
    """Return the steps of a row's spine, from the far anchor inward."""
    hops, settings = context.row.hops, context.settings
    shape = shape_of(context.row.query)[0]
    # Steps depend on the shape of a query alone: they are the same objects in all rows of one.
    return shape.once(("steps", settings.margin, hops), lambda shape: _cut(shape, settings, hops))


def _cut(shape: Shape, settings: CheckSettings, hops: int) -> list[Step]:
    query = shape.query
    kinds = {variable.name: variable.category for variable in query.variables}
    if not query.spine:
        kind, clues = kinds[query.target], clues_of(query.edges, query.target)
        return [Step("", (query.target,), clues, margin_of(settings, hops, 0, kind), kind, ())]
    steps: list[Step] = []
    start, walked = query.spine[0], list[str]()
    for name in query.spine[1:]:
        walked.append(name)
        clues = clues_of(query.edges, name)
        if clues or name == query.target:
            margin = margin_of(settings, hops, len(steps), kinds[name]) if clues else 0
            over = _hops(query, start, walked, kinds)
            steps.append(Step(start, tuple(walked), clues, margin, kinds[name], over))
            start, walked = name, []
    return steps


def _hops(query: Query, start: str, walked: list[str], kinds: dict[str, str]) -> tuple[Hop, ...]:
    """Return the edges that a step walks over."""
    earlier = query.spine[1 : query.spine.index(walked[0])]
    found = []
    for place, (before, name) in enumerate(pairwise([start, *walked])):
        at = query.edges.index(spine_edge(query.edges, before, name))
        kind = kinds[name]
        taken = tuple(other for other in earlier if kinds[other] == kind)
        same = tuple(at for at in range(place) if kinds[walked[at]] == kind)
        found.append(Hop(at, name, kind, taken, same))
    return tuple(found)


def clues_of(edges: tuple[QueryEdge, ...], variable: str) -> tuple[int, ...]:
    """Return the indices of the edges that hang a named entity on a variable."""
    return tuple(
        index
        for index, edge in enumerate(edges)
        if is_clue(edge) and variable in (edge.subject, edge.object)
    )


def margin_of(settings: CheckSettings, hops: int, index: int, category: str) -> int:
    """Return the margin of a step with clues.

    Example:
        >>> [margin_of(CheckSettings(margin=2), 5, index, "Disease") for index in (0, 1)]
        [2, 1]
    """
    full = category == "Disease" and (hops <= 4 or index == 0)
    return settings.margin if full else min(1, settings.margin)


def ways_of(context: Context, step: Step, admit: bool) -> Ways:
    """Return the ways to walk a step, disputes read as `admit` says; see `Solver`."""
    key = ("ways", (step, admit))
    found = context.memory.get(key)
    if found is None:
        found = context.memory[key] = _find_ways(context, step, admit)
    return cast("Ways", found)


def _find_ways(context: Context, step: Step, admit: bool) -> Ways:
    index_of, bound = context.graph.index_of, context.bound
    edges = context.row.query.edges
    solver = context.solver
    fits = [_fit(edges[at], step.kind, admit) for at in step.clues]
    named = [index_of(_named(edges[at])) for at in step.clues]
    fitting = [solver.fitting[fit][node] for fit, node in zip(fits, named, strict=True)]
    negated = sum(1 << place for place, at in enumerate(step.clues) if edges[at].negated)
    walks = [] if step.is_open else _walks(context, step, admit)
    if not admit:
        # Where no dispute touches a clue, both readings have one set of it, the same object.
        admitted = ways_of(context, step, True)
        if walks == admitted.walks and all(map(operator.is_, fitting, admitted.fitting)):
            return admitted
    if not step.is_open:
        ends = tuple([index_of(bound[name]) for name in step.variables])
        return Ways.of_walks(fitting, negated, walks, ends)
    end = index_of(bound[step.variables[0]])
    whole = solver.members(step.kind)
    accepted = frozenset([end])
    if context.row.query.target == step.variables[0]:
        # In a list all answers are accepted, none is another's rival.
        accepted = frozenset([index_of(curie) for curie in context.accepted])
    arrays = [solver.listed[fit][node] for fit, node in zip(fits, named, strict=True)]
    return Ways.of_all(fitting, negated, whole, end, accepted, arrays, solver.scratch)


def _fit(edge: QueryEdge, kind: str, admit: bool) -> Fit:
    """Return which of the solver's sets fit a clue, denial aside."""
    return Fit(edge.predicate, kind, admit != edge.negated, edge.subject[:1] == "?")


def _named(edge: QueryEdge) -> str:
    """Return the entity that a clue names."""
    return edge.object if edge.subject[:1] == "?" else edge.subject


def _walks(context: Context, step: Step, admit: bool) -> list[tuple[int, ...]]:
    """Return every way to bind a step's variables, behind where it starts."""
    query, index_of, bound = context.row.query, context.graph.index_of, context.bound
    if not query.spine:
        return []  # neither clues nor a spine lead anywhere
    start = step.start if step.start[:1] == "?" else query.spine[0]
    here = index_of(context.value(start))
    walks: list[tuple[int, ...]] = [()]
    for hop in step.hops:
        edge = query.edges[hop.at]
        # No two of its kind are the same, neither of an earlier step nor of this one.
        used = [index_of(bound[name]) for name in hop.earlier]
        walks = [
            (*walk, node)
            for walk in walks
            for node in _across(context.solver, edge, hop, walk[-1] if walk else here, admit)
            if node not in used and not (hop.walked and node in [walk[at] for at in hop.walked])
        ]
    return walks


def _across(solver: Solver, edge: QueryEdge, hop: Hop, node: int, admit: bool) -> frozenset[int]:
    """Return where an edge of the spine leads to from an entity; a denial leads nowhere."""
    if edge.negated:
        return frozenset()
    if not is_clue(edge):
        direction: Direction = "forward" if edge.object == hop.name else "inverse"
        return solver.joined_of(edge.predicate, node, direction, admit, hop.kind)
    if edge.object == hop.name:
        return solver.of_category(solver.held(edge.predicate, node, admit), hop.kind)
    return solver.fitting[Fit(edge.predicate, hop.kind, admit, True)][node]


def spine_edge(edges: tuple[QueryEdge, ...], one: str, other: str) -> QueryEdge:
    """Return the query edge between two neighbours on the spine, whichever way it points.

    Raises:
        StopIteration: If there is none; the parse check finds that first.
    """
    return next(edge for edge in edges if {edge.subject, edge.object} == {one, other})
