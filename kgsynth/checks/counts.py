"""Numbers and "only": every count in a text, counted again over the whole graph.

A sentence narrows a pool of disorders as it goes: "Myotonia is recorded for 92 disorders; four of
these also have ptosis, and only X has fatigue". The pool is what the graph gives for the findings
named so far, among all disorders, among the other ones of a gene or drug, or among those that share
one with a disorder. Each number must be its size, and "only" must leave one.
"""

import re
from collections.abc import Iterator

from kgsynth.checks.base import Context
from kgsynth.checks.clause_claims import GENE_PREDICATES, is_denied_in, shared, shares
from kgsynth.checks.clauses import FINDINGS, Clause, Spot, clauses_of, step_clauses
from kgsynth.checks.cues import Cue
from kgsynth.checks.kind_counts import KindNarrowing, narrowed_kind
from kgsynth.checks.numbers import NUMBER_WORDS, number_of
from kgsynth.checks.relations import Reading, joins, kinds
from kgsynth.memo import Memo
from kgsynth.records import Finding

_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+|[a-z]+(?:-[a-z]+)?)"
_ADJECTIVES = r"(?:(?:other|further|more|recorded|known|such|candidate|distinct|different) )*"
_COUNT = re.compile(
    rf"\b{_NUMBER} (?:{_ADJECTIVES}(?:disorders?|diseases?|conditions?|candidates?|syndromes?)\b"
    r"|of (?:these|those|them|which)\b|(?:also |still )?(?:have|show|share|remain|fit|are left)\b)",
    re.IGNORECASE,
)
_ONE_DISORDER = re.compile(rf"\bone {_ADJECTIVES}(?:disorder|disease|condition)\b", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|sole|solely|alone|uniquely|exactly one)\b", re.IGNORECASE)
_ALL = re.compile(r"\ball of (?:these|those|them)\b", re.IGNORECASE)
_LINK = "|".join(
    sorted(word for word, of in kinds().items() if not {"Disease", *FINDINGS} & set(of))
)
_ONE_LINK = re.compile(rf"\bone (?:(?:recorded|known|other|single) )*(?:{_LINK})\b", re.IGNORECASE)
_ONLY_LINK = re.compile(
    rf"\bonly (?:\w+ )?(?:{_LINK})\b|\balone\b|\bonly with\b|{_ONE_LINK.pattern}", re.IGNORECASE
)
_ONLY_THIS = re.compile(r"\bonly $", re.IGNORECASE)
_ONLY_CLASS = re.compile(r"\bonly (?:(?:other|recorded|kind of|type of|form of|an?|the) )*$", re.I)
_OTHER = re.compile(r"\b(?:other|another|else|apart from|besides|second)\b", re.IGNORECASE)


def check_counts(context: Context, index: int) -> Iterator[Finding]:
    """Yield findings where a number or an "only" in a step is not what the graph gives.

    Yields:
        ``wrong_number``, ``not_only``.
    """
    step = context.row.trace[index]
    clauses = step_clauses(context, index)
    if not context.row.query.spine:
        # "That leaves two disorders": of a single step, what it concludes is its text's pool.
        clauses = [*clauses, *clauses_of(context, step.concludes, frozenset(step.entities))]
    if not any(_COUNTS[clause.plain] for clause in clauses):
        return
    narrowing: _Narrowing | KindNarrowing
    if kind := narrowed_kind(context, index):
        narrowing = KindNarrowing(context, index, kind)
    else:
        narrowing = _Narrowing(context, _concluded(context, index))
    for clause in clauses:
        for code, message in narrowing.read(clause):
            span = (clause.start, clause.start + len(clause.text))
            yield Finding(code, index, *span, message=message)


def _concluded(context: Context, index: int) -> tuple[int, ...]:
    """Return what the steps before one have concluded: "other" leaves these out."""
    return tuple(
        context.graph.index_of(spot.node)
        for step in context.row.trace[:index]
        for clause in clauses_of(context, step.concludes, frozenset(step.entities))
        for spot in clause.spots
    )


class _Narrowing:
    """What the disorders that a step speaks of have been narrowed down to so far."""

    def __init__(self, context: Context, earlier: tuple[int, ...]) -> None:
        self._context = context
        self._order = earlier
        self._earlier = frozenset(earlier)
        self._pool: int = context.solver.domain("Disease")

    def read(self, clause: Clause) -> Iterator[tuple[str, str]]:
        """Narrow by one clause and yield what is wrong with its numbers."""
        if is_denied_in(clause):
            yield from self._denied(clause)
            return
        diseases = [spot for spot in clause.spots if spot.category == "Disease"]
        links = [spot for spot in clause.spots if spot.category not in ("Disease", *FINDINGS)]
        only = _SOLE[clause.plain]
        if (sole := _sole(clause, links, diseases)) is not None:
            yield from self._only_link(clause, sole, diseases or links[:1])
            return
        if only and (held := self._class_of(clause)) is not None and diseases:
            yield from self._only_finding(held, diseases[0])
            return
        before = self._begin(clause, links)
        yield from self._numbers(clause, before)
        if only and (diseases or shared(clause)) and (count := self._pool.bit_count()) != 1:
            yield "not_only", f"{count} disorders are left, not one"

    def _denied(self, clause: Clause) -> Iterator[tuple[str, str]]:
        """Narrow the question's candidates by what it denies, where a clause speaks of that."""
        solver, edges = self._context.solver, self._context.row.query.edges
        denied = {edge.object for edge in edges if edge.negated}
        named = [spot.node for spot in clause.spots if spot.category == "PhenotypicFeature"]
        if not named or not denied.issuperset(named):
            return
        left = solver.domain("Disease")
        for edge in edges:
            if not edge.negated or edge.object in named:
                left &= solver.clue(edge)
        if _ONLY.search(clause.text) and left.bit_count() != 1:
            yield "not_only", f"{left.bit_count()} disorders are left, not one"

    def _begin(self, clause: Clause, links: list[Spot]) -> int:
        """Narrow the pool by a clause; return its size before the last finding."""
        walks = shared(clause)
        others = _MORE[clause.plain]
        if walks:
            self._pool = self._without(self._sharing(walks[0], shares(clause, walks[0])), others)
        elif links:
            self._pool = self._without(self._of_link(clause, links[0]), others)
        before = self._pool.bit_count()
        solver, graph = self._context.solver, self._context.graph
        for spot in clause.spots:
            if spot.category == "PhenotypicFeature":
                before = self._pool.bit_count()
                self._pool &= solver.holders("has_phenotype", graph.index_of(spot.node))
        return before

    def _without(self, nodes: set[int], others: bool) -> int:
        kept = nodes - self._earlier if others else nodes
        return sum(1 << node for node in kept)

    def _of_link(self, clause: Clause, link: Spot) -> set[int]:
        """Return the disorders of a gene, a drug, a treatment …, as the clause joins them."""
        return self._near(
            joins(self._context, clause.plain, link.category, "Disease"),
            self._context.graph.index_of(link.node),
            (link.category, "Disease"),
        )

    def _near(
        self, readings: tuple[Reading, ...], node: int, ends: tuple[str, str], *, first: bool = True
    ) -> set[int]:
        """Return what is joined to an entity that stands first in the text, or second."""
        solver, (own, other) = self._context.solver, ends
        if {own, other} == {"Gene", "Disease"}:
            readings = tuple(Reading(p, (own != "Gene") == first) for p in GENE_PREDICATES)
        ways = [(name, turned == first) for name, turned in readings]
        if not ways:
            ways = [
                (name, turned)
                for name in self._context.graph.predicates
                for turned in (True, False)
            ]
        found = set[int]()
        for name, inverse in ways:
            found |= solver.near(name, node, "inverse" if inverse else "forward")
        return set(solver.of_category(frozenset(found), other))

    def _sharing(self, disease: Spot, categories: tuple[str, ...]) -> set[int]:
        node = self._context.graph.index_of(disease.node)
        # What led to the disorder does not lead away from it; what follows it may.
        at = self._order.index(node) if node in self._order else len(self._order)
        found = set[int]()
        for category in categories:
            usual = joins(self._context, "", category, "Disease")
            ends = ("Disease", category)
            between = self._near(usual, node, ends, first=False) - set(self._order[:at])
            for one in between:
                found |= self._near(usual, one, ends[::-1])
        return found - {node}

    def _numbers(self, clause: Clause, before: int) -> Iterator[tuple[str, str]]:
        text, count = clause.plain, self._pool.bit_count()
        for words, said in _SAID[text]:
            if said not in (1, count):
                yield "wrong_number", f"{words!r}, and the graph gives {count}"
        if _ONE[text] and count != 1:
            yield "not_only", f"'one', and the graph gives {count}"
        if _EVERY[text] and count != before:
            yield "wrong_number", f"'all', and {before - count} of {before} are not"

    def _only_link(
        self, clause: Clause, sole: Spot, anchors: list[Spot]
    ) -> Iterator[tuple[str, str]]:
        """Check that nothing else of its category is joined to all that the clause names."""
        common: set[int] | None = None
        for anchor in anchors:
            first = anchor.start < sole.start
            ends = (anchor.category, sole.category)
            readings = joins(self._context, clause.plain, *(ends if first else ends[::-1]))
            node = self._context.graph.index_of(anchor.node)
            near = self._near(readings, node, ends, first=first)
            common = near if common is None else common & near
        found = common or set()
        if _MORE[clause.plain]:
            found -= self._earlier
        if len(found) > 1:
            message = f"{len(found)} of its kind are joined so, not {sole.node} alone"
            yield "not_only", f"{anchors[0].node}: {message}"

    def _class_of(self, clause: Clause) -> Spot | None:
        """Return the finding that "only" stands before: the class that another is alone in."""
        for spot in clause.spots:
            if spot.category == "PhenotypicFeature" and _ONLY_CLASS.search(clause.before(spot)):
                return spot
        return None

    def _only_finding(self, class_: Spot, disease: Spot) -> Iterator[tuple[str, str]]:
        solver, graph = self._context.solver, self._context.graph
        above = graph.index_of(class_.node)
        found = [
            term
            for term in solver.joined("has_phenotype", graph.index_of(disease.node), "forward")
            if term == above or above in solver.above(term)
        ]
        if len(found) > 1:
            yield "not_only", f"{disease.node} has {len(found)} findings under {class_.node}"


def _sole(clause: Clause, links: list[Spot], diseases: list[Spot]) -> Spot | None:
    """Return the gene, drug, treatment … that a clause says to be the only one of its kind."""
    for spot in links:
        if _ONLY_THIS.search(clause.before(spot)):
            return spot
    if not links or not _SOLE_LINK[clause.plain]:
        return None
    return links[0] if diseases else links[1] if len(links) > 1 else None


def _counts(text: str) -> bool:
    return _has_number(text) or any(cue[text] for cue in (_SOLE, _EVERY, _ONE, _LINKS))


def _said(text: str) -> tuple[tuple[str, int], ...]:
    """Return the counts of disorders in a clause, in words and as numbers."""
    if not _has_number(text):
        return ()
    words = [match["number"] for match in _COUNT.finditer(text)]
    return tuple((word, number) for word in words if (number := number_of(word)) is not None)


def _has_number(text: str) -> bool:
    words = text.lower().split()
    return any(word in NUMBER_WORDS or word[0].isdigit() or "-" in word for word in words)


_SOLE, _SOLE_LINK, _MORE = Cue(_ONLY), Cue(_ONLY_LINK), Cue(_OTHER)
_ONE, _LINKS, _EVERY = Cue(_ONE_DISORDER), Cue(_ONE_LINK), Cue(_ALL)
_COUNTS: Memo[str, bool] = Memo(_counts, 1 << 14)
_SAID: Memo[str, tuple[tuple[str, int], ...]] = Memo(_said, 1 << 14)
