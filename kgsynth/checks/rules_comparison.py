"""The rules of a comparison: both values recorded, undisputed, clearly apart, from one source.

The query asks which of two named diseases has a term of onset or a class of prevalence; the answer
is the one that has it. Terms of onset must be apart by more than one period of life in HPO's
order, classes of prevalence (of one type at one place) by a factor of five. Where causal genes are
counted, see `rules_counting`.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kgsynth.checks.base import Context, row_finding
from kgsynth.checks.clauses import clauses_of
from kgsynth.checks.rules_counting import check_counting, is_counting
from kgsynth.checks.values import compared_in, values_in
from kgsynth.records import Edge, Finding, ProofStep, Rival

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
_CLASS = re.compile(
    r"(?P<type>[a-z ]+?) (?P<bound>of|below|above) (?P<few>\d+)(?:-(?P<most>\d+))?"
    r" in (?P<many>[\d,]+) (?P<place>.+)"
)
#: How many times as frequent the commoner disease is, and periods between two onsets.
_TIMES, _PERIODS = 5, 2

#: What is asked for, by the words of question and last step; the first two ask for less.
_ASKED = {
    "earlier": (r"\bearlier\b", r"\bbegins earlier\b"),
    "later": (r"\blater\b", r"\bbegins later\b"),
    "rarer": (r"\brarer\b|\blower\b", r"\bis rarer\b"),
    "commoner": (r"\bmore common\b|\bhigher\b", r"\bis more common\b"),
    "fewer": (r"\bfewer\b", r"\bhas fewer causal genes\b"),
    "more": (r"\bmore (?:causal )?genes\b", r"\bhas more causal genes\b"),
}
_LESS = frozenset({"earlier", "rarer", "fewer"})
_SORT = {"earlier": "onset", "later": "onset", "rarer": "prevalence", "commoner": "prevalence"}


class Value(NamedTuple):
    """What a term says: of which sort, and from where to where on its scale."""

    sort: tuple[str, ...]
    least: float
    most: float


def check_comparison(context: Context) -> Iterator[Finding]:
    """Yield findings where a comparison breaks a rule.

    Yields:
        ``wrong_comparison``, ``not_unique`` (U), ``wrong_grain`` (G), ``wrong_proof``.
    """
    row, query = context.row, context.row.query
    if not _is_comparison(context):
        yield row_finding("wrong_comparison", "the query asks no such thing of two diseases")
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
    walked = (query.counted, query.target) if query.order else (query.target,)
    if row.steps != (ProofStep(walked, (0,), (1,), 1, (Rival(other, (0,)),)),):
        yield row_finding("wrong_proof", "the one step is that the other one fails the edge")
    asked = _asked(context)
    if len(asked) != 1:
        yield row_finding("wrong_comparison", f"the question asks for {sorted(asked)}")
        return
    (order,) = asked
    if query.order:
        yield from check_counting(context, answer, other, order)
    else:
        yield from _apart(context, answer, other, order)
        yield from _told(context)
    yield from _concluded(context, answer, order)


def _asked(context: Context) -> set[str]:
    """Return what the question asks for, the words of names aside."""
    clauses = clauses_of(context, context.row.question, context.listed)
    text = " ".join(clause.text for clause in clauses)
    return {order for order, (words, _) in _ASKED.items() if re.search(words, text)}


def _is_comparison(context: Context) -> bool:
    query, graph = context.row.query, context.graph
    if len(query.edges) != 1 or len(set(query.among)) != 2 or query.spine:
        return False
    (edge,) = query.edges
    known = all(c in graph and graph.node(c).category == "Disease" for c in query.among)
    if not known or context.row.form != "open":
        return False
    if query.order:
        return is_counting(query)
    return (edge.subject, edge.predicate, edge.negated) == (query.target, "has_attribute", False)


# ---- onset and prevalence ------------------------------------------------------------------


def _value(context: Context, term: str) -> Value | None:
    """Return what a term says on its scale; None where it is no onset and no prevalence."""
    name = context.graph.node(term).name.lower()
    periods = [at for at, part in enumerate(_LIFE) if name in part]
    if periods:
        return Value(("onset",), min(periods), max(periods))
    match = _CLASS.fullmatch(name)
    if match is None or "specific" in match["place"]:
        return None
    few, many = int(match["few"]), int(match["many"].replace(",", ""))
    shares = {"of": (few, int(match["most"] or few)), "below": (0, few), "above": (few, many)}
    least, most = shares[match["bound"]]
    return Value(("prevalence", match["type"], match["place"]), least / many, most / many)


def _less(one: list[Value], other: list[Value]) -> bool:
    """Say whether all that is recorded of a disease is clearly less than of another one."""
    most, least = max(value.most for value in one), min(value.least for value in other)
    if one[0].sort == ("onset",):
        return most + _PERIODS <= least
    return most * _TIMES <= least * (1 + 1e-9)


def _apart(context: Context, answer: str, other: str, order: str) -> Iterator[Finding]:
    """All values of the answer lie before (after) the other's, clearly apart."""
    asked = _value(context, context.row.query.edges[0].object)
    if asked is None or asked.sort[0] != _SORT.get(order):
        yield row_finding("wrong_comparison", f"the query's term has no value for {order!r}")
        return
    less, more = (answer, other) if order in _LESS else (other, answer)
    mine, yours = (_recorded(context, curie) for curie in (less, more))
    for sort in mine.keys() & yours.keys():
        one, two = mine[sort], yours[sort]
        if sort != asked.sort:
            if sort[0] == asked.sort[0] and _less([v for v, _ in two], [v for v, _ in one]):
                yield row_finding("wrong_comparison", f"{sort} says the opposite")
            continue
        if any(edge.contested for _, edge in one + two):
            yield row_finding("wrong_comparison", f"what is recorded of {sort} is disputed")
        if not _less([value for value, _ in one], [value for value, _ in two]):
            yield row_finding("wrong_comparison", f"{less} and {more} are not clearly apart")
        if not set.intersection(*({s.source for s in e.evidence} for _, e in one + two)):
            yield row_finding("wrong_comparison", "no source gives the values of both")
    if asked.sort not in mine or asked.sort not in yours:
        yield row_finding("wrong_comparison", f"{asked.sort} is not recorded of both")


def _recorded(context: Context, disease: str) -> dict[tuple[str, ...], list[tuple[Value, Edge]]]:
    """Return what is recorded of a disease, by sort."""
    found: dict[tuple[str, ...], list[tuple[Value, Edge]]] = {}
    for edge in context.graph.edges_of(disease, "has_attribute"):
        value = _value(context, edge.object)
        if value is not None:
            found.setdefault(value.sort, []).append((value, edge))
    return found


def _told(context: Context) -> Iterator[Finding]:
    """The trace tells a value of both, and orders values rightly."""
    steps = range(len(context.row.trace))
    told = {said.disease for at in steps for said in values_in(context, at) if not said.denied}
    if not told.issuperset(context.row.query.among):
        yield row_finding("wrong_comparison", "the trace does not tell the value of both")
    for index in steps:
        for less, more, words in compared_in(context, index):
            one, other = (_value(context, term) if term else None for term in (less, more))
            if not one or not other or one.sort != other.sort or one.most >= other.least:
                message = f"{words!r} turns the order round"
                yield Finding("wrong_comparison", index, message=message)


# ---- the last step -------------------------------------------------------------------------


def _concluded(context: Context, answer: str, order: str) -> Iterator[Finding]:
    """The last step says of the answer what is asked for; no step says it of another disease."""
    last, said = len(context.row.trace) - 1, False
    for index, step in enumerate(context.row.trace):
        for clause in clauses_of(context, step.text, frozenset(step.entities)):
            named = [spot.node for spot in clause.spots if spot.category == "Disease"]
            for other, (_, words) in _ASKED.items():
                if re.search(words, clause.text):
                    said = said or index == last
                    if named != [answer] or other != order:
                        message = f"{named} is not the one that is {order}"
                        yield Finding("wrong_comparison", index, message=message)
    if not said:
        yield Finding("wrong_conclusion", max(last, 0), message="the last step compares nothing")
