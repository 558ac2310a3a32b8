"""The row, the public contract: one question with its proof, its reasoning and its verdict."""

from dataclasses import dataclass
from typing import Literal

from pydantic import ConfigDict, with_config

from kgsynth.records.graph import Evidence
from kgsynth.records.query import Binding, Kind, ProofStep, Query
from kgsynth.records.verdict import Verdict

_STRICT = ConfigDict(extra="forbid")

Form = Literal["open", "choice", "yes_no"]


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
