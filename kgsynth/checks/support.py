"""Does the graph say what the text says, and do the step's citations prove it?"""

import functools
import operator
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from kgsynth.biolink import CATEGORIES
from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.cited import Cited, proves
from kgsynth.checks.clauses import step_clauses
from kgsynth.checks.counts import check_counts
from kgsynth.checks.judging import judgments
from kgsynth.checks.nearness import check_near
from kgsynth.checks.relations import misjoined
from kgsynth.checks.shares import check_shares
from kgsynth.checks.values import check_values
from kgsynth.records import Finding

#: The rules that license a derived statement; a step names one or none.
RULES = frozenset({"", "phenotype_implies_ancestor", "subclass_of_transitive"})

_OF_SUBJECT = re.compile(
    r"^ (?:also |often |typically )*(?:has|have|shows?|presents? with|features?|exhibits?"
    r"|is (?:recorded|seen|reported|annotated) with|is (?:inherited|characteri[sz]ed)(?: \w+)*? by"
    r"|suffers? from) (?:an? |the )?$",
    re.IGNORECASE,
)
_OF_OBJECT = re.compile(
    r"^ (?:is|are|was|were) (?:also |often |typically )*"
    r"(?:recorded|seen|found|present|reported|noted|a feature|a sign|a finding)"
    r" (?:in|for|of) (?:the )?$",
    re.IGNORECASE,
)
_CAUSE = re.compile(r"^ (?:also )?causes? (?:the )?$", re.IGNORECASE)
_CAUSED = re.compile(
    r"^ (?:is|are) (?:also )?(?:caused by|due to)(?: variants in| mutations in)? $", re.IGNORECASE
)
_LINKED = re.compile(r"^ (?:is|are) (?:also )?(?:associated with|linked to) $", re.IGNORECASE)
_ENDS = frozenset({"Gene", "Disease"})
_KNOWN = _ENDS | {"PhenotypicFeature", "GeneticInheritance"}
#: What can be recorded for a disorder.
_RECORDED = frozenset(CATEGORIES) - {"Disease"}

#: Between two neighbouring mentions: the cue, and which category must stand before, and after.
_DIRECTIONS: tuple[tuple[re.Pattern[str], frozenset[str], frozenset[str]], ...] = (
    (_OF_SUBJECT, frozenset({"Disease"}), frozenset({"PhenotypicFeature", "GeneticInheritance"})),
    (
        _OF_OBJECT,
        _RECORDED,
        frozenset({"Disease"}),
    ),
    (_CAUSE, frozenset({"Gene", "Disease"}), frozenset({"Disease", "PhenotypicFeature"})),
    (_LINKED, _ENDS, _ENDS),
    (_CAUSED, frozenset({"Disease", "PhenotypicFeature"}), frozenset({"Gene", "Disease"})),
)


def check_support(context: Context) -> Iterator[Finding]:
    """Yield findings where a citation does not exist or a sentence is not borne out.

    Yields:
        ``unknown_edge``, ``wrong_edge``, ``uncovered_edge``, ``unlicensed_rule``,
        ``irrelevant_step``, ``unsupported_claim``, ``uncited_claim``, ``reversed_relation``,
        ``wrong_number``, ``not_only``, ``not_near``, ``wrong_share``.
    """
    yield from _edges(context)
    yield from _coverage(context)
    for index, step in enumerate(context.row.trace):
        if step.rule not in RULES:
            yield Finding("unlicensed_rule", index, message=f"no rule is called {step.rule!r}")
        yield from _claims(context, index)
        yield from _directions(context, index)
        yield from check_counts(context, index)
        yield from check_near(context, index)
        yield from check_shares(context, index)
        yield from check_values(context, index)


def _edges(context: Context) -> Iterator[Finding]:
    row = context.row
    listed = {edge.id for edge in row.edges}
    for said in row.edges:
        held = context.edges.get(said.id)
        if held is None:
            yield row_finding("unknown_edge", f"{said.id} is not in the graph", said.id)
        elif _content(said) != _content(held):
            message = f"the graph's {held.id} is {held.subject} {held.predicate} {held.object}"
            yield row_finding("wrong_edge", message, said.id)
    for index, step in enumerate(row.trace):
        for edge_id in step.edges:
            if edge_id not in listed:
                message = f"{edge_id} is not among the row's edges"
                yield Finding("unknown_edge", index, edge=edge_id, message=message)


def _content(edge: object) -> tuple[object, ...]:
    return _CONTENT(edge)


_CONTENT: Callable[[object], tuple[object, ...]] = operator.attrgetter(
    *("subject", "predicate", "object", "negated", "frequency", "onset", "sex", "evidence")
)


def _coverage(context: Context) -> Iterator[Finding]:
    """Find query edges that no citations prove, and steps whose citations prove none."""
    row = context.row
    steps = [context.step_edges(index) for index in range(len(row.trace))]
    everything = Cited(edge for cited in steps for edge in cited)
    claims = [context.realized(edge) for edge in row.query.edges]
    for index, claim in enumerate(claims):
        if not proves(everything, claim):
            yield row_finding("uncovered_edge", f"no step proves query edge {index}: {claim}")
    ends = {end for claim in claims for end in (claim[0], claim[2])} | set(row.query.among)
    for index, cited in enumerate(steps):
        if not any(edge.subject in ends or edge.object in ends for edge in cited):
            yield Finding("irrelevant_step", index, message="it cites nothing of the proof")


def _claims(context: Context, index: int) -> Iterator[Finding]:
    for claim, judgment in judgments(context, index):
        code = _CODE.get(judgment)
        if code is not None:
            sign = "not " if claim.negated else ""
            message = f"{sign}{claim.subject} {claim.predicate} {claim.object}"
            yield Finding(code, index, claim.start, claim.end, message=message)


_CODE = {
    "unsupported": "unsupported_claim",
    "uncited": "uncited_claim",
    "reversed": "reversed_relation",
}


def _directions(context: Context, index: int) -> Iterator[Finding]:
    """Find neighbouring mentions whose verb joins the wrong categories: "ptosis has SCN4A"."""
    for clause in step_clauses(context, index):
        for one, other in pairwise(clause.spots):
            gap = clause.between(one, other)
            if _is_wrong(gap, one.category, other.category):
                message = f"a {one.category} cannot stand before{gap}a {other.category}"
                yield Finding("reversed_relation", index, one.start, other.end, message=message)


@functools.lru_cache(maxsize=1 << 14)
def _is_wrong(gap: str, one: str, other: str) -> bool:
    """Say whether the words between two mentions cannot join their categories so."""
    for cue, first, second in _DIRECTIONS:
        # Of other things than genes and diseases, these say what they say of anything.
        if cue in (_LINKED, _CAUSE, _CAUSED) and not {one, other} <= _KNOWN:
            continue
        if cue.search(gap) and (one not in first or other not in second or one == other):
            return True
    return misjoined(gap, one, other)
