"""The rules of a comparison by count: which of two diseases has more or fewer causal genes.

One has at least twice as many as the other, and three more; the other has no gene that is merely
associated. One source gives all causes of both, and no source that knows genes of the first knows
as few as the second has. The trace lists the genes of both, and its numbers are right.
"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.clauses import clauses_of
from kgsynth.checks.numbers import number_of
from kgsynth.records import Edge, Finding, Query

_CAUSES, _ASSOCIATED = "causes", "gene_associated_with_condition"
_TIMES, _MORE = 2, 3
_ORDERS = {"more": "most", "fewer": "fewest"}
_NUMBER = re.compile(r"\b(?P<number>[A-Za-z]+(?:-[a-z]+)?|\d+) genes?\b")
_AGAINST = re.compile(r"\b(?P<own>[\w-]+) genes? against (?P<other>[\w-]+)\b")


def is_counting(query: Query) -> bool:
    """Say whether a query of one edge counts the genes that cause its target."""
    (edge,) = query.edges
    kinds = {variable.name: variable.category for variable in query.variables}
    ends = (edge.subject, edge.predicate, edge.object, edge.negated)
    return (
        ends == (query.counted, _CAUSES, query.target, False)
        and kinds.get(query.counted) == "Gene"
        and kinds.get(query.target) == "Disease"
    )


def check_counting(context: Context, answer: str, other: str, order: str) -> Iterator[Finding]:
    """Yield findings where a comparison by count breaks a rule.

    Yields:
        ``wrong_comparison``, ``wrong_number``.
    """
    if _ORDERS.get(order) != context.row.query.order:
        yield row_finding("wrong_comparison", f"the question asks for {order!r}, not the query")
        return
    more, fewer = (answer, other) if order == "more" else (other, answer)
    many, few = _edges(context, more, _CAUSES), _edges(context, fewer, _CAUSES)
    loose = {edge.subject for edge in (*few, *_edges(context, fewer, _ASSOCIATED))}
    if len(loose) != len(few) or any(edge.contested for edge in many + few):
        yield row_finding("wrong_comparison", "a gene is disputed, or merely associated")
    if len(many) < max(_TIMES * len(few), len(few) + _MORE) or not few:
        yield row_finding("wrong_comparison", f"{len(many)} and {len(few)} genes")
        return
    if not set.intersection(*({one.source for one in e.evidence} for e in many + few)):
        yield row_finding("wrong_comparison", "no source gives the genes of both")
    known: dict[str, set[str]] = {}
    for edge in many + _edges(context, more, _ASSOCIATED):
        for one in edge.evidence:
            known.setdefault(one.source, set()).add(edge.subject)
    if min(len(genes) for genes in known.values()) <= len(few):
        yield row_finding("wrong_comparison", f"a source knows as few genes of {more}")
    yield from _numbers(context, answer, other)


def _edges(context: Context, disease: str, predicate: str) -> list[Edge]:
    """Return the statements that join genes to a disease."""
    genes = context.graph.neighbours(disease, predicate, "inverse")
    found = (context.graph.find_edge(gene, predicate, disease) for gene in genes)
    return [edge for edge in found if edge is not None]


def _numbers(context: Context, answer: str, other: str) -> Iterator[Finding]:
    """The numbers of genes are right, and every gene of both is named."""
    genes = {c: {e.subject for e in _edges(context, c, _CAUSES)} for c in (answer, other)}
    named: dict[str, set[str]] = {answer: set(), other: set()}
    for index, step in enumerate(context.row.trace):
        for text in (step.text, step.concludes):
            for clause in clauses_of(context, text, frozenset(step.entities)):
                diseases = [s.node for s in clause.spots if s.node in genes]
                if len(diseases) == 1:
                    spots = (s.node for s in clause.spots if s.category == "Gene")
                    named[diseases[0]].update(spots)
                    yield from _said(clause.text, len(genes[diseases[0]]), index)
        for match in _AGAINST.finditer(step.text):
            said = number_of(match["own"]), number_of(match["other"])
            if said != (len(genes[answer]), len(genes[other])):
                yield Finding("wrong_number", index, *match.span(), message=f"{match[0]!r}")
    for curie in genes:
        if named[curie] != genes[curie]:
            yield row_finding("wrong_comparison", f"the trace does not list the genes of {curie}")


def _said(text: str, count: int, index: int) -> Iterator[Finding]:
    for match in _NUMBER.finditer(text):
        number = number_of(match["number"])
        if number is not None and number != count:
            message = f"{match[0]!r}, and the graph gives {count}"
            yield Finding("wrong_number", index, message=message)
