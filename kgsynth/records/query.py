"""A query, its solution and the proof that it has no other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ConfigDict, with_config

_STRICT = ConfigDict(extra="forbid")

Kind = Literal["chain", "intersection", "differential", "exclusion", "list", "dual", "comparison"]
#: What a query with a counted variable asks for; "" for one that counts nothing.
Order = Literal["", "most", "fewest"]
#: Kinds whose rivals need to fail a single clue unless a run asks for more: a list is exact as it
#: is, and what a denial rules out is ruled out by what is recorded, not by silence.
LONE: frozenset[str] = frozenset({"exclusion", "list"})


def default_margin(kind: str) -> int:
    """Return how many clues every rival fails in a step that ends at a disease."""
    return 1 if kind in LONE else 2


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Variable:
    """An unnamed entity of a query: ``?d1``, of one category."""

    name: str
    category: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class QueryEdge:
    """One edge of a query; a name that begins with ``?`` is a variable, else a node id."""

    subject: str
    predicate: str
    object: str
    negated: bool = False


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Query:
    """A small connected pattern with one target; variables of one category differ.

    `spine` runs from the far anchor (a node id) over variables to the target; a query of one step,
    whose clues all hang on the target, has none. `among` are the node ids that the target is one
    of, where a question names them (`comparison`); empty where it may be any entity.

    With `order` the query asks for extremes: of all entities that the target can be by the rest
    of the query, those for which the variable `counted` can be most, or fewest, different
    entities ("which of the two has more causal genes"). Disputed and weaker statements count
    against the question: in favor of an entity as it is judged, against it in the others.
    """

    target: str
    variables: tuple[Variable, ...]
    edges: tuple[QueryEdge, ...]
    spine: tuple[str, ...]
    among: tuple[str, ...] = ()
    counted: str = ""
    order: Order = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Binding:
    """Which entity a variable stands for in the accepted solution; in a list in the first one."""

    variable: str
    id: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Rival:
    """Another way to walk a step, by the entity it ends at, and the clues it fails."""

    id: str
    fails: tuple[int, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class ProofStep:
    """One step of the spine.

    Attributes:
        variables: The variables it walks over, in order.
        clues: Indices of the query edges that pin its last variable; empty for a bare step.
        candidates: Ways to walk the step that are left after each clue; the last is 1, in a list
            the number of answers.
        margin: Clues that every rival fails at least; 0 where the step has no clues.
        rivals: The nearest ten, fewest failures first.
    """

    variables: tuple[str, ...]
    clues: tuple[int, ...]
    candidates: tuple[int, ...]
    margin: int
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class Mined:
    """A query with its proof: what a miner yields.

    Attributes:
        template: The name of the spine template, such as ``chain-dgdp``.
        query: The query.
        bindings: The one solution.
        steps: Why it is the only one.
        answers: Node ids of the complete answer set.
        candidate: What the question proposes, where the miner decides that; "" elsewhere.
        pair: The id that a question and its counterpart of the opposite answer share; "" elsewhere.
        options: Node ids of the answers of the questions that it was drawn from by lot, its own
            among them: its options; empty where it was not.
    """

    template: str
    query: Query
    bindings: tuple[Binding, ...]
    steps: tuple[ProofStep, ...]
    answers: tuple[str, ...]
    candidate: str = ""
    pair: str = ""
    options: tuple[str, ...] = ()

    @property
    def bound(self) -> dict[str, str]:
        """The solution as a mapping from variable to node id."""
        return {binding.variable: binding.id for binding in self.bindings}

    @property
    def kind(self) -> str:
        """The kind of question: the part of the template's name before the hyphen."""
        return self.template.partition("-")[0]

    def __reduce__(self) -> tuple[Callable[..., "Mined"], tuple[object, ...]]:
        """Travel to another process as plain tuples: a fifth of what its forty records cost."""
        query = self.query
        steps = [
            (s.variables, s.clues, s.candidates, s.margin, [(r.id, r.fails) for r in s.rivals])
            for s in self.steps
        ]
        return _mined, (
            (self.template, self.answers, self.candidate, self.pair, self.options),
            (query.target, query.spine, query.among, query.counted, query.order),
            [(v.name, v.category) for v in query.variables],
            [(e.subject, e.predicate, e.object, e.negated) for e in query.edges],
            [(b.variable, b.id) for b in self.bindings],
            steps,
        )


def _mined(
    own: tuple[Any, ...],
    asked: tuple[Any, ...],
    variables: list[tuple[str, str]],
    edges: list[tuple[str, str, str, bool]],
    bindings: list[tuple[str, str]],
    steps: list[Any],
) -> Mined:
    """Return what `Mined.__reduce__` took apart."""
    template, answers, *more = own
    target, *rest = asked
    query = Query(
        target,
        tuple([Variable(*one) for one in variables]),
        tuple([QueryEdge(*one) for one in edges]),
        *rest,
    )
    bound = tuple([Binding(*one) for one in bindings])
    proof = tuple(
        [
            ProofStep(walked, clues, left, margin, tuple([Rival(*rival) for rival in rivals]))
            for walked, clues, left, margin, rivals in steps
        ]
    )
    return Mined(template, query, bound, proof, answers, *more)
