"""What every check is given and how it says what it found: settings, the row in its graph."""

import functools
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from kgsynth.checks.gazetteer import Gazetteer, Mention
from kgsynth.graph.answers import Solver
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import LONE, Edge, Finding, QueryEdge, Row, Severity

_IS_CONTESTED: Callable[[Edge], bool] = operator.attrgetter("contested")


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a row is held to; the run that made it records the values.

    Attributes:
        margin: Clues that every rival fails, where a step ends at a disease; 1 to 3.
        min_information_bits: Least information content of a finding given as a clue.
        min_frequency: Least share of patients, where it is recorded, in [0, 1].
        pathognomonic: Whether the first step may have a single clue.
        lone_margin: The margin of the kinds in `records.LONE`.
        template: Templates of one's own, as TOML: their words are read too; see `vocabulary`.
    """

    margin: int = 2
    min_information_bits: float = 3.0
    min_frequency: float = 0.30
    pathognomonic: bool = False
    lone_margin: int = 1
    template: str = ""


@dataclass(slots=True)
class Context:
    """A row with its graph and what several checks need of both; one for each row.

    Attributes:
        row: The row.
        graph: Its graph.
        settings: What it is held to.
        solver: The graph's sets.
        gazetteer: The graph's spellings.
        bound: What each variable stands for.
        listed: The ids of the row's entities.
        edges: The statements that row or steps name by id, as the graph has them.
        is_disputed: Whether one of these is asserted and denied.
        memory: What one check worked out and another needs: by kind and key.
    """

    row: Row
    graph: KnowledgeGraph
    settings: CheckSettings
    solver: Solver
    gazetteer: Gazetteer
    bound: dict[str, str] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    edges: dict[str, Edge] = field(default_factory=dict)
    is_disputed: bool = False
    _answers: tuple[str, ...] | None = None
    memory: dict[tuple[str, object], object] = field(default_factory=dict)
    _mentions: dict[str, tuple[Mention, ...]] = field(default_factory=dict)
    _named: dict[str, frozenset[str]] = field(default_factory=dict)
    _tidy: dict[str, bool] = field(default_factory=dict)
    _step_edges: dict[int, list[Edge]] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row, graph: KnowledgeGraph, settings: CheckSettings) -> "Context":
        """Return the context of a row."""
        if row.kind in LONE:
            settings = replace(settings, margin=settings.lone_margin)
        context = cls(row, graph, settings, Solver.of(graph), gazetteer_of(graph))
        context.bound = {binding.variable: binding.id for binding in row.bindings}
        cited = dict.fromkeys([edge.id for edge in row.edges])
        for step in row.trace:
            cited.update(dict.fromkeys(step.edges))
        context.edges = graph.known_edges(cited)
        context.is_disputed = any(map(_IS_CONTESTED, context.edges.values()))
        context.listed = frozenset([entity.id for entity in row.entities])
        return context

    @property
    def answers(self) -> tuple[str, ...]:
        """The complete answer set of the row's query, contested statements admitted."""
        if self._answers is None:
            self._answers = self.graph.answers(self.row.query)
        return self._answers

    @property
    def accepted(self) -> tuple[str, ...]:
        """What the row takes for the complete answer set: the binding, in a list all answers."""
        if self.row.kind == "list":
            return tuple(answer.id for answer in self.row.answers)
        return (self.value(self.row.query.target),)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return where a text mentions entities of the graph, left to right, longest first."""
        found = self._mentions.get(text)
        if found is None:
            found = self._mentions[text] = self.gazetteer.mentions(text, self.listed)
        return found

    def named(self, text: str) -> frozenset[str]:
        """Return every entity that a text may mention."""
        found = self._named.get(text)
        if found is None:
            mentions = self.mentions(text)
            found = self._named[text] = frozenset([node for one in mentions for node in one.nodes])
        return found

    def is_tidy(self, text: str) -> bool:
        """Say whether a text surely has no slip of style, nothing left behind, no invented name."""
        found = self._tidy.get(text)
        if found is None:
            found = self._tidy[text] = _reader_of_parts()(text, self.mentions(text))
        return found

    def value(self, name: str) -> str:
        """Return what a name in the query stands for: its binding, or itself."""
        return self.bound.get(name, name)

    def realized(self, edge: QueryEdge) -> tuple[str, str, str, bool]:
        """Return a query edge with its variables bound."""
        return self.value(edge.subject), edge.predicate, self.value(edge.object), edge.negated

    def step_edges(self, index: int) -> list[Edge]:
        """Return the graph's statements that a step cites; ids the graph lacks are left out."""
        found = self._step_edges.get(index)
        if found is None:
            cited, edges = self.row.trace[index].edges, self.edges
            found = [edges[edge_id] for edge_id in cited if edge_id in edges]
            self._step_edges[index] = found
        return found

    def hidden(self) -> list[str]:
        """Return the ids that the question must not name: what its variables stand for."""
        shown = {self.row.candidate.id, *self.row.query.among}
        secret = dict.fromkeys((*self.bound.values(), *self.accepted))
        return [node for node in secret if node not in shown]


@functools.cache
def _reader_of_parts() -> Callable[[str, Iterable[Mention]], bool]:
    """Return what tells a tidy text; it needs the checks, which need this module."""
    from kgsynth.checks.slots import is_tidy

    return is_tidy


@functools.lru_cache(maxsize=8)
def gazetteer_of(graph: KnowledgeGraph) -> Gazetteer:
    """Return the index of every spelling in a graph, the same one each time."""
    return Gazetteer(graph)


def row_finding(code: str, message: str, edge: str = "", severity: Severity = "error") -> Finding:
    """Return a finding about the row as a whole."""
    return Finding(code=code, severity=severity, edge=edge, message=message)
