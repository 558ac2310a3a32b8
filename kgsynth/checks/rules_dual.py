"""The rules of a dual: what it proposes is surely recorded of the disease, or surely denied.

The query asks for the most specific findings of one named disease. The proposal is one of them,
by a statement that nobody disputes and whose every frequency allows half of the patients, and the
answer is yes; or it is firmly denied (not by one or two patients only), and the answer is no. What
is merely not recorded is no dual. The target is bound to a finding that is surely recorded.
"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.judging import judgments
from kgsynth.checks.shares import range_of
from kgsynth.records import Finding, ProofStep

#: The least share of patients with a finding that is asked about and recorded.
TYPICAL = 0.5

_NONE_OF = re.compile(r"\bnone of (?P<number>[\d,]+) patients\b", re.IGNORECASE)


def check_dual(context: Context) -> Iterator[Finding]:
    """Yield findings where a dual breaks a rule.

    Yields:
        ``wrong_pair``, ``wrong_grain``, ``wrong_proof``, ``not_unique`` (the bound finding is none
        of the answers), ``wrong_conclusion``, ``wrong_number`` (of patients examined).
    """
    row = context.row
    if not _is_of_findings(context):
        yield row_finding("wrong_pair", "the query asks for the findings of a named disease")
        return
    disease, bound = row.query.edges[0].subject, context.value(row.query.target)
    if bound not in context.answers:
        yield row_finding("not_unique", f"{bound} is none of the query's answers")
    yield from _surely_recorded(context, disease, bound)
    if (row.answer == "yes") != (bound == row.candidate.id):
        yield row_finding("wrong_pair", "the target is bound to the proposal where it is right")
    if row.answer == "no":
        yield from _surely_denied(context, disease, row.candidate.id)
    for curie in (disease, row.candidate.id):
        if curie in context.graph and context.graph.node(curie).is_group:
            yield row_finding("wrong_grain", f"G: {curie} is a group")
    if row.steps != (ProofStep((row.query.target,), (), (), 0, ()),):
        yield row_finding("wrong_proof", "a dual has one bare step")
    yield from _counted(context, disease)
    yield from _says_so(context, disease)


def _is_of_findings(context: Context) -> bool:
    query, row = context.row.query, context.row
    if len(query.edges) != 1 or query.spine or row.form != "yes_no":
        return False
    (edge,) = query.edges
    named = edge.subject in context.graph and row.candidate.id in context.graph
    asked = (edge.predicate, edge.object, edge.negated) == ("has_phenotype", query.target, False)
    return named and asked and context.graph.node(edge.subject).category == "Disease"


def _surely_recorded(context: Context, disease: str, finding: str) -> Iterator[Finding]:
    edge = context.graph.find_edge(disease, "has_phenotype", finding)
    if edge is None or edge.contested:
        yield row_finding("wrong_pair", f"{finding} is not recorded of {disease} beyond dispute")
        return
    share = range_of(edge)
    if share is None or share.low < TYPICAL:
        yield row_finding("wrong_pair", f"{finding} is not typical of {disease}: {share}")


def _surely_denied(context: Context, disease: str, finding: str) -> Iterator[Finding]:
    edge = context.graph.find_edge(disease, "has_phenotype", finding, True)
    if edge is None or edge.contested or context.solver.is_weak(edge):
        yield row_finding("wrong_pair", f"{disease} has no firm denial of {finding}")
    held = context.solver.held("has_phenotype", context.graph.index_of(disease))
    if context.graph.index_of(finding) in held:
        yield row_finding("wrong_pair", f"{disease} is recorded with a kind of {finding}")


def _says_so(context: Context, disease: str) -> Iterator[Finding]:
    """The last step says of the proposal what the answer says."""
    row, last = context.row, len(context.row.trace) - 1
    wanted = (disease, row.candidate.id, row.answer == "no")
    said = {
        (claim.subject, claim.object, claim.negated)
        for claim, judgment in (judgments(context, last) if row.trace else ())
        if judgment == "supported"
    }
    if wanted not in said:
        message = f"the last step does not say that {row.candidate.id} is {row.answer}"
        yield Finding("wrong_conclusion", last, message=message)


def _counted(context: Context, disease: str) -> Iterator[Finding]:
    """Each number of patients examined is that of a record of the denial."""
    edge = context.graph.find_edge(disease, "has_phenotype", context.row.candidate.id, True)
    given = {one.frequency.replace(" ", "") for one in edge.evidence} if edge else set()
    for index, step in enumerate(context.row.trace):
        for match in _NONE_OF.finditer(step.text):
            if f"0/{match['number'].replace(',', '')}" not in given:
                message = f"no record counts 0 of {match['number']} patients"
                yield Finding("wrong_number", index, *match.span(), message=message)
