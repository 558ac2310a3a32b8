"""The rules of a comparison: both values recorded, undisputed, clearly apart, from one source.

The query asks which of two named diseases has a term of onset; the answer is the one that has it.
The terms of the two must be apart by more than one period of life in HPO's order, so that the
answer begins earlier (or later) than the other whatever the true age within each.
"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.claims import clauses_of
from kgsynth.checks.onsets import COMPARED, onset_names, onsets_in
from kgsynth.records import Finding, ProofStep, Rival

#: The order of life by the names of HPO's terms; a term may cover several periods.
_LIFE = (
    ("antenatal onset", "embryonal onset", "fetal onset", "late first trimester onset",
     "second trimester onset", "third trimester onset"),
    ("congenital onset", "pediatric onset"),
    ("neonatal onset", "pediatric onset"),
    ("infantile onset", "pediatric onset"),
    ("childhood onset", "pediatric onset"),
    ("juvenile onset", "pediatric onset"),
    ("early young adult onset", "young adult onset", "adult onset"),
    ("intermediate young adult onset", "young adult onset", "adult onset"),
    ("late young adult onset", "young adult onset", "adult onset"),
    ("middle age onset", "adult onset"),
    ("late onset", "adult onset"),
)  # fmt: skip
_ASKED = re.compile(r"\b(?P<order>earlier|later)\b")
_BEGINS = re.compile(r"\bbegins (?P<order>earlier|later)\b")


def check_comparison(context: Context) -> Iterator[Finding]:
    """Yield findings where a comparison breaks a rule.

    Yields:
        ``wrong_comparison``, ``not_unique`` (U), ``wrong_grain`` (G), ``wrong_proof``.
    """
    row, query = context.row, context.row.query
    if not _is_comparison(context):
        yield row_finding("wrong_comparison", "the query asks which of two diseases has an onset")
        return
    answer = context.value(query.target)
    if context.answers != (answer,):
        yield row_finding("not_unique", f"U: the query has the answers {context.answers}")
        return
    (other,) = (curie for curie in query.among if curie != answer)
    for curie in query.among:
        if context.graph.node(curie).is_group:
            yield row_finding("wrong_grain", f"G: {curie} is a group")
    above = context.graph.ancestors(answer)
    if other in above or answer in context.graph.ancestors(other):
        yield row_finding("wrong_grain", "G: the two are kin")
    if row.steps != (ProofStep((query.target,), (0,), (1,), 1, (Rival(other, (0,)),)),):
        yield row_finding("wrong_proof", "the one step is that the other one fails the edge")
    asked = {match["order"] for match in _ASKED.finditer(row.question)}
    if len(asked) != 1:
        yield row_finding("wrong_comparison", f"the question asks for {sorted(asked)}")
        return
    (order,) = asked
    yield from _apart(context, answer, other, order)
    yield from _told(context, answer, order)


def _is_comparison(context: Context) -> bool:
    query, graph = context.row.query, context.graph
    if len(query.edges) != 1 or len(set(query.among)) != 2 or query.spine:
        return False
    (edge,) = query.edges
    known = all(c in graph and graph.node(c).category == "Disease" for c in query.among)
    asked = (edge.subject, edge.predicate, edge.negated) == (query.target, "has_attribute", False)
    return known and asked and context.row.form == "open"


def _apart(context: Context, answer: str, other: str, order: str) -> Iterator[Finding]:
    """The answer's periods all lie before (after) the other's, one period between them."""
    spans = {}
    sources = []
    for curie in (answer, other):
        edges = [
            edge
            for edge in context.graph.edges_of(curie, "has_attribute")
            if context.graph.node(edge.object).name.lower() in {n for part in _LIFE for n in part}
        ]
        if not edges or any(edge.contested for edge in edges):
            yield row_finding("wrong_comparison", f"no undisputed onset is recorded for {curie}")
            return
        names = {context.graph.node(edge.object).name.lower() for edge in edges}
        spans[curie] = [at for at, part in enumerate(_LIFE) if not names.isdisjoint(part)]
        sources += [{one.source for one in edge.evidence} for edge in edges]
    early, late = (answer, other) if order == "earlier" else (other, answer)
    if max(spans[early]) + 2 > min(spans[late]):
        yield row_finding("wrong_comparison", f"{early} and {late} do not begin clearly apart")
    if not set.intersection(*sources):
        yield row_finding("wrong_comparison", "no source gives the onsets of both")


def _told(context: Context, answer: str, order: str) -> Iterator[Finding]:
    """The trace tells an onset of both, orders the terms rightly, and says who begins when."""
    steps = range(len(context.row.trace))
    told = {said.disease for at in steps for said in onsets_in(context, at) if not said.denied}
    if not told.issuperset(context.row.query.among):
        yield row_finding("wrong_comparison", "the trace does not tell the onset of both")
    last = len(context.row.trace) - 1
    for index, step in enumerate(context.row.trace):
        yield from _ordered(context, index)
        for clause in clauses_of(context, step.text, frozenset(step.entities)):
            match = _BEGINS.search(clause.text)
            named = [spot.node for spot in clause.spots if spot.category == "Disease"]
            if match and (named != [answer] or match["order"] != order):
                message = f"{named} is not the one that begins {match['order']}"
                yield Finding("wrong_comparison", index, message=message)
    if not context.row.trace or not _BEGINS.search(context.row.trace[last].text):
        yield Finding("wrong_conclusion", max(last, 0), message="the last step compares nothing")


def _ordered(context: Context, index: int) -> Iterator[Finding]:
    text = context.row.trace[index].text
    _, pattern = onset_names(context.graph)
    for match in COMPARED.finditer(text):
        before = [m[0].lower() for m in pattern.finditer(text, 0, match.start() + len(" onset"))]
        after = pattern.match(text, match.end())
        spans = [
            [at for at, part in enumerate(_LIFE) if name in part]
            for name in ("".join(before[-1:]), after[0].lower() if after else "")
        ]
        early, late = spans if match["order"] == "before" else spans[::-1]
        if not early or not late or max(early) >= min(late):
            message = f"{text[: match.end()]!r} turns the order round"
            yield Finding("wrong_comparison", index, message=message)
