"""The proof, computed again from graph and query alone: steps, ways to walk them, rivals.

Nothing here looks at the row's own steps or shares code with the miner. A *step* begins where the
one before it ended and ends at a variable with clues of its own, or at the target; a *way* binds
its variables along the spine, given all earlier bindings; a *rival* is any way but the bound one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kgsynth.checks.base import CheckSettings, Context
from kgsynth.graph.answers import Solver, is_clue, members
from kgsynth.records import QueryEdge


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the spine, cut again from the query.

    Attributes:
        start: The spine's name that it starts at: the far anchor or a variable.
        variables: The variables that it walks over, in order.
        clues: Indices of the query edges that pin the last of them.
        margin: Clues that every rival must fail; 0 where there are no clues.
    """

    start: str
    variables: tuple[str, ...]
    clues: tuple[int, ...]
    margin: int


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to walk one step, by the clues they satisfy.

    Attributes:
        ends: One entry for each way to walk the step before any clue: where it ends.
        holding: For each clue, in order, the bitset of entities for which it holds.
        bound: Where the accepted way ends.
        walked: Whether the accepted way is among the ways.
    """

    ends: tuple[int, ...] | None
    domain: int
    holding: tuple[int, ...]
    bound: int
    walked: bool

    def left(self, bits: int) -> int:
        """Return how many ways end at an entity of a bitset."""
        if self.ends is None:
            return (self.domain & bits).bit_count()
        return sum(bits >> end & 1 for end in self.ends)

    def rivals_failing_at_most(self, limit: int, dropped: int = -1) -> int:
        """Return how many rivals fail at most `limit` clues, a dropped clue not counted."""
        kept = [bits for index, bits in enumerate(self.holding) if index != dropped]
        if self.ends is None:
            near = at_least(kept, len(kept) - limit, self.domain)
            return near.bit_count() - (near >> self.bound & 1)
        fails = [sum(not bits >> end & 1 for bits in kept) for end in self.ends]
        own = sum(not bits >> self.bound & 1 for bits in kept) <= limit and self.walked
        return sum(count <= limit for count in fails) - own

    def rival_ends_failing_at_most(self, limit: int) -> int:
        """Return at how many different entities such rivals end."""
        if self.ends is None:
            return self.rivals_failing_at_most(limit)
        fails = {end: sum(not bits >> end & 1 for bits in self.holding) for end in self.ends}
        fails.pop(self.bound, None)
        return sum(count <= limit for count in fails.values())


def cut_steps(context: Context) -> list[Step]:
    """Return the steps of a row's spine, from the far anchor inward."""
    query = context.row.query
    categories = {variable.name: variable.category for variable in query.variables}
    steps: list[Step] = []
    start, walked = query.spine[0], list[str]()
    for name in query.spine[1:]:
        walked.append(name)
        clues = clues_of(query.edges, name)
        if clues or name == query.target:
            margin = margin_of(context.settings, context.row.hops, len(steps), categories[name])
            steps.append(Step(start, tuple(walked), clues, margin if clues else 0))
            start, walked = name, []
    return steps


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
    solver, graph = context.solver, context.graph
    holding = tuple(solver.clue(context.row.query.edges[index], admit) for index in step.clues)
    bound = tuple(graph.index_of(context.value(name)) for name in step.variables)
    categories = {item.name: item.category for item in context.row.query.variables}
    if not step.start.startswith("?") and len(step.variables) == 1:
        domain = solver.domain(categories[step.variables[0]])
        return Ways(None, domain, holding, bound[0], bool(domain >> bound[0] & 1))
    walks = list(_walks(context, step, admit))
    return Ways(tuple(walk[-1] for walk in walks), 0, holding, bound[-1], bound in walks)


def _walks(context: Context, step: Step, admit: bool) -> Iterator[tuple[int, ...]]:
    """Yield every way to bind a step's variables, given the bindings before it."""
    query, graph = context.row.query, context.graph
    categories = {item.name: item.category for item in query.variables}
    earlier = query.spine[1 : query.spine.index(step.variables[0])]
    used = [(categories[name], graph.index_of(context.value(name))) for name in earlier]
    starts = [graph.index_of(context.value(step.start))]
    names = (step.start, *step.variables)
    edges = [spine_edge(query.edges, *pair) for pair in pairwise(names)]
    partial: list[tuple[int, ...]] = [()]
    for name, edge in zip(step.variables, edges, strict=True):
        longer = []
        for walk in partial:
            near = _across(context.solver, edge, name, (walk or starts)[-1], admit)
            taken = used + list(zip((categories[v] for v in step.variables), walk, strict=False))
            near &= context.solver.domain(categories[name])
            for category, node in taken:
                near &= ~(1 << node) if category == categories[name] else -1
            longer += [(*walk, node) for node in members(near)]
        partial = longer
    yield from partial


def _across(solver: Solver, edge: QueryEdge, to: str, node: int, admit: bool) -> int:
    sense = admit != edge.negated
    if not is_clue(edge):
        direction = "forward" if edge.object == to else "inverse"
        bits = solver.joined(edge.predicate, node, direction, sense)  # type: ignore[arg-type]
    elif edge.object == to:
        bits = solver.held(edge.predicate, node, sense)
    else:
        bits = solver.holders(edge.predicate, node, sense)
    return ~bits if edge.negated else bits


def spine_edge(edges: tuple[QueryEdge, ...], one: str, other: str) -> QueryEdge:
    """Return the query edge between two neighbours on the spine, whichever way it points.

    Raises:
        StopIteration: If there is none; the parse check finds that first.
    """
    return next(edge for edge in edges if {edge.subject, edge.object} == {one, other})


def at_least(sets: list[int], count: int, domain: int) -> int:
    """Return the bitset of entities that are in at least `count` of the sets.

    One pass over the sets: level ``j`` holds those that were in ``j`` of the sets so far.

    Example:
        >>> bin(at_least([0b011, 0b110, 0b010], 2, 0b111))
        '0b10'
    """
    if count <= 0:
        return domain
    if count > len(sets):
        return 0
    levels = [domain] + [0] * count
    for bits in sets:
        for level in range(count, 0, -1):
            levels[level] |= levels[level - 1] & bits
    return levels[count]


def candidates_of(ways: Ways) -> tuple[int, ...]:
    """Return how many ways are left after each clue, in the order of the clues."""
    left, bits = [], -1
    for holding in ways.holding:
        bits &= holding
        left.append(ways.left(bits))
    return tuple(left)
