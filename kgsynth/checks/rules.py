"""The proof, computed again from graph and query alone: steps, ways to walk them, rivals.

Nothing here looks at the row's own steps or shares code with the miner. A *step* begins where the
one before it ended and ends at a variable with clues of its own, or at the target; a *way* binds
its variables along the spine, given all earlier bindings; a *rival* is any way but the bound one.
"""

import operator
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from kgsynth.checks.base import CheckSettings, Context
from kgsynth.graph.answers import Solver, is_clue, unpack
from kgsynth.graph.store import Direction
from kgsynth.records import QueryEdge


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the spine, cut again from the query.

    Attributes:
        start: The spine's name that it starts at: the far anchor or a variable; "" where a
            question has no spine and its clues are all there is.
        variables: The variables that it walks over, in order.
        clues: Indices of the query edges that pin the last of them.
        margin: Clues that every rival must fail; 0 where there are no clues.
    """

    start: str
    variables: tuple[str, ...]
    clues: tuple[int, ...]
    margin: int


class Ways:
    """The ways to walk one step, by the clues that they satisfy.

    A first step may end at any entity of a category, so its ways are a bitset; later ones are few
    and listed.

    Attributes:
        holding: For each clue, in order, the bitset of entities for which it holds.
        bound: Where the accepted way ends.
        walked: Whether the accepted way is among the ways.
    """

    def __init__(
        self,
        holding: list[int],
        bound: int,
        walked: bool,
        domain: int,
        ends: list[int] | None,
        accepted: int | None = None,
    ) -> None:
        self.holding = holding
        self.bound = bound
        self.walked = walked
        self._domain = domain
        self._ends = ends
        # In a list all answers are accepted, none is another's rival.
        self._accepted = 1 << bound if accepted is None else accepted
        self._levels: list[int] = []
        self._fails = {end: self._failed(end) for end in set(ends or ())}

    @property
    def is_first(self) -> bool:
        """Whether the step may end at any entity of a category."""
        return self._ends is None

    def fails(self, node: int) -> int:
        """Return the clues that an entity fails, as bits: bit c for clue c, in order."""
        known = self._fails.get(node)
        return self._failed(node) if known is None else known

    def _failed(self, node: int) -> int:
        failed = 0
        for place, bits in enumerate(self.holding):
            if not bits >> node & 1:
                failed |= 1 << place
        return failed

    def reaches(self, node: int) -> bool:
        """Say whether a way ends at an entity, clues aside."""
        return bool(self._domain >> node & 1) if self._ends is None else node in self._fails

    def left(self) -> tuple[int, ...]:
        """Return how many ways satisfy the first clue, the first two, and so on."""
        counts, bits = [], self._domain
        if self._ends is None:
            for held in self.holding:
                bits &= held
                counts.append(bits.bit_count())
            return tuple(counts)
        fails = [self._fails[end] for end in self._ends]
        for place in range(len(self.holding)):
            fails = [failed for failed in fails if not failed >> place & 1]
            counts.append(len(fails))
        return tuple(counts)

    def rivals_within(self, limit: int) -> int:
        """Return how many rivals fail at most `limit` clues."""
        if self._ends is None:
            near = self._failing_at_most(limit)
            return near.bit_count() - (near & self._accepted).bit_count()
        near_ends = [end for end in self._ends if self._fails[end].bit_count() <= limit]
        return len(near_ends) - (self.walked and self.bound in near_ends)

    def has_rival_within(self, limit: int, dropped: int) -> bool:
        """Say whether a rival fails at most `limit` clues, one of them not counted."""
        if self._ends is None:
            near, more = self._failing_at_most(limit), self._failing_at_most(limit + 1)
            near |= more ^ (more & self.holding[dropped])
            return near & self._accepted != near
        kept = ~(1 << dropped)
        fails = self._fails
        near_ends = [end for end in self._ends if (fails[end] & kept).bit_count() <= limit]
        return len(near_ends) > (self.walked and self.bound in near_ends)

    def _failing_at_most(self, limit: int) -> int:
        if not self._levels:
            self._levels = levels(self.holding, self._domain)
        return self._levels[max(0, len(self.holding) - limit)]

    def rival_ends_within(self, limit: int) -> int:
        """Return at how many different entities such rivals end, the bound one left out."""
        if self._ends is None:
            return self.rivals_within(limit)
        return sum(
            fails.bit_count() <= limit for end, fails in self._fails.items() if end != self.bound
        )


def cut_steps(context: Context) -> list[Step]:
    """Return the steps of a row's spine, from the far anchor inward."""
    found = context.memory.get(_STEPS)
    if found is None:
        found = context.memory[_STEPS] = _cut(context)
    return cast("list[Step]", found)


_STEPS = ("steps", None)


def _cut(context: Context) -> list[Step]:
    query = context.row.query
    categories = {variable.name: variable.category for variable in query.variables}
    if not query.spine:
        clues = clues_of(query.edges, query.target)
        margin = margin_of(context.settings, context.row.hops, 0, categories[query.target])
        return [Step("", (query.target,), clues, margin)]
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
    key = ("ways", (step, admit))
    found = context.memory.get(key)
    if found is None:
        found = context.memory[key] = _find_ways(context, step, admit)
    return cast("Ways", found)


def _find_ways(context: Context, step: Step, admit: bool) -> Ways:
    solver, query = context.solver, context.row.query
    holding = [solver.clue(query.edges[index], admit) for index in step.clues]
    if not admit:
        # Where no dispute touches a clue, both readings have one set of it, the same object.
        admitted = ways_of(context, step, True)
        if admitted.is_first and all(map(operator.is_, holding, admitted.holding)):
            return admitted
    bound = tuple(context.graph.index_of(context.value(name)) for name in step.variables)
    if not step.start.startswith("?") and len(bound) == 1 and step.clues:
        category = next(v.category for v in query.variables if v.name == step.variables[0])
        domain = solver.domain(category)
        accepted = sum(
            1 << context.graph.index_of(curie) for curie in dict.fromkeys(context.accepted)
        )
        listed = accepted if query.target == step.variables[0] else None
        return Ways(holding, bound[0], bool(domain >> bound[0] & 1), domain, None, listed)
    walks = _walks(context, step, admit)
    return Ways(holding, bound[-1], bound in walks, 0, [walk[-1] for walk in walks])


def _walks(context: Context, step: Step, admit: bool) -> list[tuple[int, ...]]:
    """Return every way to bind a step's variables, given the bindings before it."""
    query, graph = context.row.query, context.graph
    kinds = {item.name: item.category for item in query.variables}
    earlier = query.spine[1 : query.spine.index(step.variables[0])]
    names = (step.start, *step.variables)
    walks: list[tuple[int, ...]] = [(graph.index_of(context.value(step.start)),)]
    for place, (before, name) in enumerate(pairwise(names)):
        edge, kind = spine_edge(query.edges, before, name), kinds[name]
        # No two of its kind are the same, neither of an earlier step nor of this one.
        used = [graph.index_of(context.value(other)) for other in earlier if kinds[other] == kind]
        same = [at for at in range(1, place + 1) if kinds[names[at]] == kind]
        longer = []
        for walk in walks:
            near = _across(context.solver, edge, (name, kind), walk[place], admit)
            left = near.difference(used, [walk[at] for at in same])
            longer += [(*walk, node) for node in left]
        walks = longer
    return [walk[1:] for walk in walks]


def _across(
    solver: Solver, edge: QueryEdge, to: tuple[str, str], node: int, admit: bool
) -> frozenset[int]:
    """Return where an edge of the spine leads to from an entity; a denial leads nowhere.

    `to` is the name it leads to, and what category that must be of.
    """
    if edge.negated:
        return frozenset()
    name, category = to
    if not is_clue(edge):
        direction: Direction = "forward" if edge.object == name else "inverse"
        return solver.joined_of(edge.predicate, node, direction, admit, category)
    if edge.object == name:
        return solver.of_category(solver.held(edge.predicate, node, admit), category)
    return unpack(solver.holders(edge.predicate, node, admit) & solver.domain(category))


def spine_edge(edges: tuple[QueryEdge, ...], one: str, other: str) -> QueryEdge:
    """Return the query edge between two neighbours on the spine, whichever way it points.

    Raises:
        StopIteration: If there is none; the parse check finds that first.
    """
    return next(edge for edge in edges if {edge.subject, edge.object} == {one, other})


def levels(sets: list[int], domain: int) -> list[int]:
    """Return, for each j from 0 on, the bitset of entities that are in at least j of the sets.

    One pass over the sets: level ``j`` holds those that were in ``j`` of the sets so far.

    Example:
        >>> [bin(bits) for bits in levels([0b011, 0b110, 0b010], 0b111)]
        ['0b111', '0b111', '0b10', '0b10']
    """
    found = [domain] + [0] * len(sets)
    for place, bits in enumerate(sets):
        for level in range(place + 1, 0, -1):
            found[level] |= found[level - 1] & bits
    return found
