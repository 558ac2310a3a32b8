"""Stage 6: every row is held against the graph; a verdict says what was found and what ran.

    from kgsynth.checks import CheckSettings, check_row
    verdict = check_row(row, graph, CheckSettings())

A check is one file with one function over a `Context`, and one line in `CHECKS`; its codes stand
in `codes.CODES`. Everything is recomputed from graph, query and text: the row's own verdict is not
read, its own proof is only compared.
"""

from collections.abc import Callable, Iterator

from kgsynth.checks.answer import check_answer
from kgsynth.checks.base import CheckSettings, Context
from kgsynth.checks.codes import CODES
from kgsynth.checks.continuity import check_continuity
from kgsynth.checks.contradiction import check_contradiction
from kgsynth.checks.grounding import check_grounding
from kgsynth.checks.leakage import check_leakage
from kgsynth.checks.parse import check_parse
from kgsynth.checks.style import check_style
from kgsynth.checks.support import check_support
from kgsynth.checks.uniqueness import check_uniqueness
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Finding, Risk, Row, StepLabel, Verdict

__all__ = ["CHECKS", "CODES", "CheckSettings", "check_row"]

Check = Callable[[Context], Iterator[Finding]]

#: The stages of the checker, in order.
CHECKS: dict[str, Check] = {
    "parse": check_parse,
    "grounding": check_grounding,
    "support": check_support,
    "continuity": check_continuity,
    "answer": check_answer,
    "contradiction": check_contradiction,
    "leakage": check_leakage,
    "uniqueness": check_uniqueness,
    "style": check_style,
}

#: After one of these the checks that walk the query cannot run; the verdict lists those that did.
_FATAL = frozenset({"broken_query", "broken_bindings", "unknown_id"})
_NEED_NO_GRAPH = frozenset({"parse", "grounding", "style"})

_LABELS: dict[str, StepLabel] = {
    "denied_claim": "contradicted",
    "recorded_denial": "contradicted",
    "contested_edge": "contradicted",
    "irrelevant_step": "irrelevant",
}


def check_row(row: Row, graph: KnowledgeGraph, settings: CheckSettings) -> Verdict:
    """Return what is wrong with a row.

    Args:
        row: Any row that parses; its own verdict is not looked at.
        graph: The graph that it should follow from.
        settings: What the run promised: margins, information, frequency.

    Returns:
        A verdict whose `checks` are those that ran; it accepts the row when all ran and none
        found an error. Findings are in the order of the checks.
    """
    context = Context.of(row, graph, settings)
    findings: list[Finding] = []
    ran = []
    for name, check in CHECKS.items():
        broken = any(finding.code in _FATAL for finding in findings)
        if not broken or name in _NEED_NO_GRAPH:
            findings += dict.fromkeys(check(context))
            ran.append(name)
    errors = [finding for finding in findings if finding.severity == "error"]
    return Verdict(
        accepted=not errors and len(ran) == len(CHECKS),
        risk=_risk(findings),
        checks=tuple(ran),
        findings=tuple(findings),
        step_labels=tuple(_label(findings, index) for index in range(len(row.trace))),
    )


def _risk(findings: list[Finding]) -> Risk:
    """Grade the harm of using the row: wrong facts are worse than bad form."""
    if not findings:
        return "none"
    stages = {stage for stage, codes in CODES.items() for f in findings if f.code in codes}
    if not any(finding.severity == "error" for finding in findings):
        return "low"
    return "medium" if stages <= {"style", "leakage", "parse"} else "high"


def _label(findings: list[Finding], index: int) -> StepLabel:
    own = [f.code for f in findings if f.step == index and f.severity == "error"]
    facts = [code for code in own if any(code in CODES[stage] for stage in _OF_FACT)]
    labels = [_LABELS.get(code, "unsupported") for code in facts]
    order: tuple[StepLabel, ...] = ("contradicted", "unsupported", "irrelevant")
    return next((label for label in order if label in labels), "supported")


_OF_FACT = ("grounding", "support", "continuity", "answer", "contradiction")
