"""What flows between the stages: statements, queries, proofs, rows, verdicts, rejections.

All are frozen, slotted dataclasses; pydantic's `TypeAdapter` reads and writes them at the file
boundary and refuses unknown keys. The row is the public contract (``kgsynth schema row``): every
field has one type in every row, lists may be empty, nothing is null.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal

from pydantic import ConfigDict, with_config

_STRICT = ConfigDict(extra="forbid")

Kind = Literal["chain", "intersection", "differential", "exclusion", "list", "dual", "comparison"]
Form = Literal["open", "choice", "yes_no"]
#: What a query with a counted variable asks for; "" for one that counts nothing.
Order = Literal["", "most", "fewest"]
#: Kinds whose rivals need to fail a single clue unless a run asks for more: a list is exact as it
#: is, and what a denial rules out is ruled out by what is recorded, not by silence.
LONE: frozenset[str] = frozenset({"exclusion", "list"})

Severity = Literal["error", "warning", "info"]
Risk = Literal["none", "low", "medium", "high"]
StepLabel = Literal["supported", "contradicted", "unsupported", "irrelevant"]


def default_margin(kind: str) -> int:
    """Return how many clues every rival fails in a step that ends at a disease."""
    return 1 if kind in LONE else 2


# ---- the graph -----------------------------------------------------------------------------


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Evidence:
    """One source's word for a statement; "" where the source gives nothing.

    Attributes:
        source: The manifest's name of the source, such as ``hpoa``.
        version: Its version, such as ``2025-01-16``.
        license: The short name of the terms under which it may be used.
        reference: A publication or record, such as ``PMID:31675180``.
        code: The source's evidence code, such as ``PCS``, or association type.
        frequency: The frequency exactly as this source gives it.
        date: When a curator last touched it, such as ``2024-05-31``.
    """

    source: str
    version: str
    license: str
    reference: str = ""
    code: str = ""
    frequency: str = ""
    date: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Node:
    """An entity of the graph. `rarity_score` and `information_content` may be unknown (None)."""

    id: str
    name: str
    category: str
    synonyms: tuple[str, ...] = ()
    equivalent_ids: tuple[str, ...] = ()
    is_group: bool = False
    rarity_score: float | None = None
    information_content: float | None = None
    phrase: str = ""

    def _repr_html_(self) -> str:
        """Show name, id, category and synonyms: what a notebook prints."""
        also = f"<br>also called {escape('; '.join(self.synonyms))}" if self.synonyms else ""
        others = ", ".join(self.equivalent_ids)
        same = f"<br>same as {escape(others)}" if others else ""
        head = f"<b>{escape(self.name)}</b> <code>{escape(self.id)}</code> {escape(self.category)}"
        return f"<p>{head}{also}{same}</p>"


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Edge:
    """A statement with all its evidence. Qualifiers are "" where no source gives one."""

    id: str
    subject: str
    predicate: str
    object: str
    negated: bool = False
    contested: bool = False
    redundant: bool = False
    frequency: str = ""
    onset: str = ""
    sex: str = ""
    evidence: tuple[Evidence, ...] = ()


# ---- the query and its proof ---------------------------------------------------------------


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


# ---- the row -------------------------------------------------------------------------------


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with the other words it may be given in."""

    id: str
    name: str
    aliases: tuple[str, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class OptionReason:
    """Why an option is wrong: the query edge it fails, and the edges that say so."""

    reason: str
    clue: int
    edges: tuple[str, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Option:
    """One option of a multiple-choice question."""

    key: str
    text: str
    id: str
    correct: bool
    reasons: tuple[OptionReason, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Candidate:
    """The entity that a yes-or-no question proposes; empty strings otherwise."""

    id: str = ""
    name: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class EntityRef:
    """An entity that a row uses."""

    id: str
    name: str
    category: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class RowEdge:
    """A statement that question or trace rests on; qualifiers are "" where absent."""

    id: str
    subject: str
    predicate: str
    object: str
    negated: bool
    frequency: str
    onset: str
    sex: str
    evidence: tuple[Evidence, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class TraceStep:
    """One sentence or two of reasoning, the edges it cites and what it concludes."""

    text: str
    edges: tuple[str, ...]
    entities: tuple[str, ...]
    rule: str
    concludes: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Finding:
    """What a check has to say.

    Attributes:
        code: A stable code, such as ``broken_chain``.
        step: Zero-based index of the trace step, -1 for the whole row.
        start: Where the span begins in the step's text (or the stem), in code points; 0 if none.
        end: Where it ends, exclusive; 0 if none.
        severity: Errors make a row unacceptable.
        edge: The edge concerned, or "".
        message: For people.
    """

    code: str
    step: int = -1
    start: int = 0
    end: int = 0
    severity: Severity = "error"
    edge: str = ""
    message: str = ""


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker found; `checks` lists those that ran."""

    accepted: bool
    risk: Risk
    checks: tuple[str, ...]
    findings: tuple[Finding, ...]
    step_labels: tuple[StepLabel, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Difficulty:
    """How hard a question is: a score in [0, 1] and the parts that it is made of.

    `questions.difficulty` says how each is counted, and why.

    Attributes:
        score: 0 easy, 1 hard; `questions.difficulty.score_of` makes it from the rest.
        hops: Edges of the spine; 1 without one.
        clues: Named entities that the question gives.
        candidates: The most ways that any step leaves after its first clue.
        information_bits: Mean information content of the clues.
        left: Ways left after each clue, step after step.
        search_bits: log2 of the ways left once half of a step's clues are weighed, over all steps.
        closeness: How much the nearest wrong answer, or the options, have of the right one.
        overlap: Share of the words of what is hidden that the question names.
        chance: What a blind guess reaches.
    """

    score: float
    hops: int
    clues: int
    candidates: int
    information_bits: float
    left: tuple[int, ...] = ()
    search_bits: float = 0.0
    closeness: float = 0.0
    overlap: float = 0.0
    chance: float = 0.0


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Rarity:
    """The rarest entity on the spine and its score in [0, 1]."""

    score: float
    entity: str


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Provenance:
    """Who wrote the words, from what, so that they can be written again.

    `register` is who speaks in the question: ``clinician``, ``patient`` or ``exam``.
    """

    writer: str
    model: str
    sampling: str
    seed: int
    graph: str
    kgsynth: str
    template: str
    sources: tuple[str, ...]
    licenses: tuple[str, ...]
    register: str = "clinician"


NOT_CHECKED = Verdict(False, "none", (), (), ())


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Row:
    """One question with its proof, its reasoning and its verdict: a line of a dataset.

    `pair` is the id that a `dual` question shares with its counterpart of the opposite answer, ""
    in other kinds.
    """

    id: str
    kind: Kind
    form: Form
    hops: int
    prompt: str
    question: str
    answer: str
    answer_key: str
    answers: tuple[Answer, ...]
    options: tuple[Option, ...]
    candidate: Candidate
    pair: str
    query: Query
    bindings: tuple[Binding, ...]
    steps: tuple[ProofStep, ...]
    cypher: str
    cypher_view: str
    sparql: str
    edges: tuple[RowEdge, ...]
    entities: tuple[EntityRef, ...]
    trace: tuple[TraceStep, ...]
    reasoning: str
    verdict: Verdict
    difficulty: Difficulty
    rarity: Rarity
    provenance: Provenance

    @property
    def final(self) -> str:
        """The answer as the last line gives it: behind its key, where there are options."""
        return f"{self.answer_key}) {self.answer}" if self.answer_key else self.answer


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Rejection:
    """Why something did not go on.

    Attributes:
        id: The record: a row's id, a spine, or ``file:line`` of a source.
        stage: Where: ``sources``, ``graph``, ``paths``, ``questions``, ``traces``, ``checks`` …
        code: A stable code that is counted.
        detail: For people: what was found and what was expected.
        query: The query, where there is one.
    """

    id: str
    stage: str
    code: str
    detail: str
    query: Query | None = field(default=None)
