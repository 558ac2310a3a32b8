"""Which questions of a run still stand in another graph: with more annotations, or with fewer.

A question is *broken* where its query no longer has the answers that it was accepted with. Why is
told by one code, and for each step with clues it is told whether another way to walk it has come
to fit. Disputed statements count against a question here as everywhere.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.answers import Solver, is_clue
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import (
    Answer,
    Binding,
    Candidate,
    ProofStep,
    Query,
    QueryEdge,
    Row,
)

#: What becomes of a question, and what that means.
OUTCOMES: dict[str, str] = {
    "holds": "the query has the same answers",
    "not_unique": "further answers have come in",
    "answer_changed": "other answers took the place of the accepted ones",
    "clue_lost": "no answer is left: a clue is no longer recorded of the accepted one",
    "link_lost": "no answer is left: a statement between two entities of the path is gone",
    "unknown_entity": "the other graph lacks an entity that the question names",
}


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """A step in the other graph.

    Attributes:
        place: ``first`` or ``later``.
        ends_at: The category that it ends at.
        margin: Clues that every rival failed.
        unique: Whether still no other way to walk it has all clues.
        kept: Whether the accepted way still has them.
    """

    place: str
    ends_at: str
    margin: int
    unique: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """A question in the other graph.

    Attributes:
        kind: Its kind.
        form: Its form.
        margin: Of its first step with clues; 0 where none has any.
        code: One of `OUTCOMES`.
        right: Whether the answer that the row gives is still right, and no wrong option is.
        steps: Its steps with clues; none where an entity is unknown.
    """

    kind: str
    form: str
    margin: int
    code: str
    right: bool
    steps: tuple[StepOutcome, ...] = ()


@dataclass(slots=True)
class Robustness:
    """Outcomes, counted.

    Attributes:
        rows: Outcomes by (kind, form, margin).
        steps: Of the steps at (place, category, margin): all, still unique, still walked.
    """

    rows: dict[tuple[str, str, int], Counter[str]] = field(default_factory=dict)
    steps: dict[tuple[str, str, int], Counter[str]] = field(default_factory=dict)

    def add(self, outcome: RowOutcome) -> None:
        """Count one question."""
        key = (outcome.kind, outcome.form, outcome.margin)
        counts = self.rows.setdefault(key, Counter())
        counts.update(("all", outcome.code, *(("right",) if outcome.right else ())))
        for step in outcome.steps:
            place = (step.place, step.ends_at, step.margin)
            told = self.steps.setdefault(place, Counter())
            told.update({"all": 1, "unique": int(step.unique), "kept": int(step.kept)})

    @property
    def share(self) -> float:
        """Share of the questions that hold, in [0, 1]."""
        total = sum(counts["all"] for counts in self.rows.values())
        return sum(counts["holds"] for counts in self.rows.values()) / total if total else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return all counts as JSON can hold them."""
        rows = [
            {"kind": kind, "form": form, "margin": margin, "rows": counts["all"]}
            | {code: counts[code] for code in OUTCOMES}
            | {"right": counts["right"]}
            for (kind, form, margin), counts in sorted(self.rows.items())
        ]
        steps = [
            {"place": place, "ends_at": ends_at, "margin": margin, "steps": counts["all"]}
            | {"unique": counts["unique"], "kept": counts["kept"]}
            for (place, ends_at, margin), counts in sorted(self.steps.items())
        ]
        return {"share": round(self.share, 6), "questions": rows, "steps": steps}


def measure(rows: Iterable[Row], graphs: Iterable[KnowledgeGraph]) -> Robustness:
    """Judge every row in every graph; each graph is let go before the next is asked for."""
    found, kept = Robustness(), list(rows)
    for graph in graphs:
        judge = Judge(graph)
        for row in kept:
            found.add(judge.outcome(row))
    return found


class Judge:
    """Judges questions in one graph, which may call entities by other ids."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._solver = Solver(graph)
        self._ids: dict[str, str] = {}

    def outcome(self, row: Row) -> RowOutcome:
        """Return what becomes of a question."""
        margin = next((step.margin for step in row.steps if step.clues), 0)
        try:
            row = self._translated(row)
        except UnknownEntityError:
            return RowOutcome(row.kind, row.form, margin, "unknown_entity", right=False)
        found = self._answers(row.query)
        code = self._code(row, found)
        steps = () if row.query.among else tuple(self._steps(row))
        return RowOutcome(row.kind, row.form, margin, code, self._is_right(row, found), steps)

    # ---- names -----------------------------------------------------------------------------

    def _own(self, curie: str) -> str:
        if curie[:1] in ("?", ""):
            return curie
        if curie not in self._ids:
            self._ids[curie] = self._graph.resolve(curie)
        return self._ids[curie]

    def _translated(self, row: Row) -> Row:
        """Return a row with the ids of this graph in what is looked at."""
        own, query = self._own, row.query
        edges = tuple(replace(e, subject=own(e.subject), object=own(e.object)) for e in query.edges)
        query = replace(
            query,
            edges=edges,
            spine=tuple(map(own, query.spine)),
            among=tuple(map(own, query.among)),
        )
        return replace(
            row,
            query=query,
            bindings=tuple(Binding(one.variable, own(one.id)) for one in row.bindings),
            answers=tuple(Answer(own(one.id), one.name, ()) for one in row.answers),
            options=tuple(replace(one, id=own(one.id)) for one in row.options),
            candidate=Candidate(own(row.candidate.id), row.candidate.name),
        )

    # ---- the question ----------------------------------------------------------------------

    def _answers(self, query: Query) -> frozenset[str]:
        found = {solution[query.target] for solution in self._solver.solutions(query)}
        return frozenset(self._graph.id_of(index) for index in found)

    def _code(self, row: Row, found: frozenset[str]) -> str:
        accepted = frozenset(answer.id for answer in row.answers)
        if row.kind == "dual":  # all findings of a disease: one is asked about
            if self._is_right(row, found):
                return "holds"
            return "clue_lost" if row.answer == "yes" else "answer_changed"
        if found == accepted:
            return "holds"
        if found > accepted:
            return "not_unique"
        if found:
            return "answer_changed"
        return "clue_lost" if self._lost(row, clues=True) else "link_lost"

    @staticmethod
    def _is_right(row: Row, found: frozenset[str]) -> bool:
        if row.form == "yes_no":
            return (row.candidate.id in found) == (row.answer == "yes")
        if row.options:
            return all((option.id in found) == option.correct for option in row.options)
        return found == frozenset(answer.id for answer in row.answers)

    def _lost(self, row: Row, *, clues: bool) -> bool:
        """Say whether an edge of the accepted solution no longer holds: of the clues, or others."""
        bound = {one.variable: one.id for one in row.bindings}
        return any(
            not self._holds(edge, bound) for edge in row.query.edges if is_clue(edge) == clues
        )

    def _holds(self, edge: QueryEdge, bound: Mapping[str, str]) -> bool:
        index_of = self._graph.index_of
        if is_clue(edge):
            name = edge.subject if edge.subject.startswith("?") else edge.object
            return bool(self._solver.clue(edge) >> index_of(bound[name]) & 1)
        subject, object_ = index_of(bound[edge.subject]), index_of(bound[edge.object])
        joined = object_ in self._solver.joined(edge.predicate, subject, "forward")
        return joined != edge.negated

    # ---- its steps -------------------------------------------------------------------------

    def _steps(self, row: Row) -> Iterator[StepOutcome]:
        accepted = frozenset(self._graph.index_of(answer.id) for answer in row.answers)
        kinds = {variable.name: variable.category for variable in row.query.variables}
        for place, step in enumerate(row.steps):
            if not step.clues:
                continue
            bound = tuple(self._graph.index_of(_bound(row)[name]) for name in step.variables)
            ways = self._ways(row, place, step, kinds)
            own = {(one,) for one in accepted} if row.kind == "list" else {bound}
            yield StepOutcome(
                place="later" if place else "first",
                ends_at=kinds[step.variables[-1]],
                margin=step.margin,
                unique=ways <= own,
                kept=own <= ways,
            )

    def _ways(
        self, row: Row, place: int, step: ProofStep, kinds: Mapping[str, str]
    ) -> set[tuple[int, ...]]:
        """Return the ways to walk a step that satisfy its clues, given all earlier bindings."""
        bound = _bound(row)
        given = [name for one in row.steps[:place] for name in one.variables]
        taken = {(kinds[name], self._graph.index_of(bound[name])) for name in given}
        return {
            tuple(found[name] for name in step.variables)
            for found in self._solver.solutions(step_query(row, place))
            if taken.isdisjoint((kinds[name], node) for name, node in found.items())
        }


def step_query(row: Row, place: int, *, clues: bool = True) -> Query:
    """Return what one step of a question asks, given what came before; also without its clues."""
    step, bound = row.steps[place], _bound(row)
    given = {name: bound[name] for one in row.steps[:place] for name in one.variables}
    known = {*step.variables, *given}
    edges = tuple(
        replace(
            edge,
            subject=given.get(edge.subject, edge.subject),
            object=given.get(edge.object, edge.object),
        )
        for at, edge in enumerate(row.query.edges)
        if clues or at not in step.clues
        if not known.isdisjoint(_variables(edge) - given.keys()) and _variables(edge) <= known
    )
    variables = tuple(one for one in row.query.variables if one.name in step.variables)
    return Query(step.variables[-1], variables, edges, ())


def _variables(edge: QueryEdge) -> set[str]:
    return {end for end in (edge.subject, edge.object) if end.startswith("?")}


def _bound(row: Row) -> dict[str, str]:
    return {one.variable: one.id for one in row.bindings}
