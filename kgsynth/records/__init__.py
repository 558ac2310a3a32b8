"""What flows between the stages: statements, queries, proofs, rows, verdicts, rejections.

All are frozen, slotted dataclasses; pydantic's `TypeAdapter` reads and writes them at the file
boundary and refuses unknown keys. The row is the public contract (``kgsynth schema row``): every
field has one type in every row, lists may be empty, nothing is null.
"""

from kgsynth.records.graph import (
    Edge,
    Evidence,
    Node,
)
from kgsynth.records.query import (
    LONE,
    Binding,
    Kind,
    Mined,
    Order,
    ProofStep,
    Query,
    QueryEdge,
    Rival,
    Variable,
    default_margin,
)
from kgsynth.records.row import (
    Answer,
    Candidate,
    Difficulty,
    EntityRef,
    Form,
    Option,
    OptionReason,
    Provenance,
    Rarity,
    Row,
    RowEdge,
    TraceStep,
)
from kgsynth.records.verdict import (
    NOT_CHECKED,
    Finding,
    Rejection,
    Risk,
    Severity,
    StepLabel,
    Verdict,
)

__all__ = [
    "LONE",
    "NOT_CHECKED",
    "Answer",
    "Binding",
    "Candidate",
    "Difficulty",
    "Edge",
    "EntityRef",
    "Evidence",
    "Finding",
    "Form",
    "Kind",
    "Mined",
    "Node",
    "Option",
    "OptionReason",
    "Order",
    "ProofStep",
    "Provenance",
    "Query",
    "QueryEdge",
    "Rarity",
    "Rejection",
    "Risk",
    "Rival",
    "Row",
    "RowEdge",
    "Severity",
    "StepLabel",
    "TraceStep",
    "Variable",
    "Verdict",
    "default_margin",
]
