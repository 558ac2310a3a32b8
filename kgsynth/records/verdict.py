"""What the checks find in a row, and why a record does not go on."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import ConfigDict, with_config

from kgsynth.records.query import Query

_STRICT = ConfigDict(extra="forbid")

Severity = Literal["error", "warning", "info"]
Risk = Literal["none", "low", "medium", "high"]
StepLabel = Literal["supported", "contradicted", "unsupported", "irrelevant"]


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


NOT_CHECKED = Verdict(False, "none", (), (), ())


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
