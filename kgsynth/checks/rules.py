"""The proof, computed again from graph and query alone: steps, and the ways to walk them.

Nothing here looks at the row's own steps or shares code with the miner. A *step* begins where the
one before it ended and ends at a variable with clues of its own, or at the target; a *way* binds
its variables along the spine, given all earlier bindings; a *rival* is any way but the bound one.
"""

import operator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.checks.base import CheckSettings, Context
from kgsynth.checks.ways import Ways
from kgsynth.graph.answers import Solver, is_clue
from kgsynth.graph.entity_sets import Fit
from kgsynth.graph.stencil import Shape, shape_of
from kgsynth.graph.store import Direction
from kgsynth.memo import Memo, once_each
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


def places_of(context: Context) -> Memo[str, int]:
    """Return the indices of a row's entities, each found in the graph once."""
    found = context.memory.get(_PLACES)
    if found is None:
        found = context.memory[_PLACES] = Memo(context.graph.index_of)
    return cast("Memo[str, int]", found)


_PLACES = ("places", None)


def ways_of(context: Context, step: Step, admit: bool) -> Ways:
    """Return the ways to walk a step, disputes read as `admit` says; see `Solver`."""
    key = ("ways", (step, admit))
    found = context.memory.get(key)
    if found is None:
        found = context.memory[key] = _find_ways(context, step, admit)
    return cast("Ways", found)


class _Clue(NamedTuple):
    """A clue of a step in one graph: its place in the query, and who fits it, by its entity."""

    at: int
    to_object: bool
    fitting: Memo[int, frozenset[int]]
    listed: Memo[int, NDArray[np.intp]]


class _Laid(NamedTuple):
    """A step laid into one graph.

    Attributes:
        clues: Its clues.
        negated: Which of them are denied, as bits.
        is_plain: Whether no relation in it has a weaker form.
        hops: The edges that it walks over, each with where it leads to from an entity.
    """

    clues: list[_Clue]
    negated: int
    is_plain: bool
    hops: list[tuple[Hop, Memo[int, frozenset[int]]]]


@once_each
def _laid_into(solver: Solver) -> Memo[tuple[Step, Shape, bool], _Laid]:
    return Memo(lambda key: _lay(solver, *key), 4096)


def _lay(solver: Solver, step: Step, shape: Shape, admit: bool) -> _Laid:
    edges, clues, negated = shape.query.edges, [], 0
    for place, at in enumerate(step.clues):
        edge = edges[at]
        to_object = edge.subject[:1] == "?"
        fit = Fit(edge.predicate, step.kind, admit != edge.negated, to_object)
        clues.append(_Clue(at, to_object, solver.fitting[fit], solver.listed[fit]))
        negated |= edge.negated << place
    hops = [(hop, _across(solver, edges[hop.at], hop, admit)) for hop in step.hops]
    names = {edges[at].predicate for at in (*step.clues, *(hop.at for hop in step.hops))}
    is_plain = not any(PREDICATES[name].weaker for name in names if name in PREDICATES)
    return _Laid(clues, negated, is_plain, hops)


def _across(solver: Solver, edge: QueryEdge, hop: Hop, admit: bool) -> Memo[int, frozenset[int]]:
    """Return where an edge of the spine leads to from an entity; a denial leads nowhere."""
    if edge.negated:
        return Memo(lambda node: frozenset())
    if not is_clue(edge):
        direction: Direction = "forward" if edge.object == hop.name else "inverse"
        return solver.table(edge.predicate, direction, admit, hop.kind)
    if edge.object == hop.name:
        held = solver.holding(edge.predicate, admit)
        return Memo(lambda node: solver.of_category(held[node], hop.kind))
    return solver.fitting[Fit(edge.predicate, hop.kind, admit, True)]


def _find_ways(context: Context, step: Step, admit: bool) -> Ways:
    solver, query, places = context.solver, context.row.query, places_of(context)
    laid = _laid_into(solver)[step, shape_of(query)[0], admit]
    edges, bound = query.edges, context.bound
    named = [
        places[edges[clue.at].object if clue.to_object else edges[clue.at].subject]
        for clue in laid.clues
    ]
    fitting = [clue.fitting[node] for clue, node in zip(laid.clues, named, strict=True)]
    if not admit and laid.is_plain:
        # What no dispute touches has one set in both readings, the same object.
        admitted = ways_of(context, step, True)
        same = all(map(operator.is_, fitting, admitted.fitting))
        if same and solver.disputed.isdisjoint(admitted.passed):
            return admitted
    walks = [] if step.is_open else _walks(context, step, laid)
    if not step.is_open:
        ends = tuple([places[bound[name]] for name in step.variables])
        passed = [_start(context, step), *(node for walk in walks for node in walk[:-1])]
        return Ways.of_walks(fitting, laid.negated, walks, ends, passed)
    end = places[bound[step.variables[0]]]
    accepted = [end]
    if query.target == step.variables[0] and context.row.kind == "list":
        # In a list all answers are accepted, none is another's rival.
        accepted = [places[curie] for curie in dict.fromkeys(context.accepted)]
    arrays = [clue.listed[node] for clue, node in zip(laid.clues, named, strict=True)]
    whole = solver.members(step.kind)
    return Ways.of_all(fitting, laid.negated, whole, end, accepted, arrays, solver.scratch)


def _walks(context: Context, step: Step, laid: _Laid) -> list[tuple[int, ...]]:
    """Return every way to bind a step's variables, behind where it starts."""
    places, bound = places_of(context), context.bound
    if not context.row.query.spine:
        return []  # neither clues nor a spine lead anywhere
    here = _start(context, step)
    walks: list[tuple[int, ...]] = [()]
    for hop, leads in laid.hops:
        # No two of its kind are the same, neither of an earlier step nor of this one.
        used = [places[bound[name]] for name in hop.earlier]
        walks = [
            (*walk, node)
            for walk in walks
            for node in leads[walk[-1] if walk else here]
            if node not in used and not (hop.walked and node in [walk[at] for at in hop.walked])
        ]
    return walks


def _start(context: Context, step: Step) -> int:
    """Return where a step starts, -1 where nothing leads on."""
    spine = context.row.query.spine
    if not spine:
        return -1
    return context.graph.index_of(context.bound[step.start] if step.start[:1] == "?" else spine[0])


def spine_edge(edges: tuple[QueryEdge, ...], one: str, other: str) -> QueryEdge:
    """Return the query edge between two neighbours on the spine, whichever way it points.

    Raises:
        StopIteration: If there is none; the parse check finds that first.
    """
    return next(edge for edge in edges if {edge.subject, edge.object} == {one, other})
