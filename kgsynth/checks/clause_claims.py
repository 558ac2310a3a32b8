"""What one clause claims of what it mentions, and what its words deny, share or leave open."""

import functools
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from kgsynth import vocabulary
from kgsynth.biolink import PREDICATES
from kgsynth.checks.base import Context
from kgsynth.checks.clauses import FINDINGS, Clause, Spot
from kgsynth.checks.cues import Cue
from kgsynth.checks.relations import joins, kinds, said_in

_SHARED = re.compile(
    r"\bshar(?:e|es|ed|ing) (?:a|the|its|one|the same|a common) (?P<kind>[a-z ]+) with $", re.I
)
_DENIAL = re.compile(
    r"\b(?:not(?! only| all)|no(?! other| one else)|without|lacks?|lacking|neither|nor|never"
    r"|absen(?:t|ce)|excluded?|denie[ds]|free of|rather than|instead of|\w+n't)\b",
    re.IGNORECASE,
)
_UNRECORDED = re.compile(
    r"\b(?:not|never|n't) (?:been )?(?:\w+ )?(?:record|report|list|annotat|known|note)\w*"
    r"|\b(?:no|without) (?:record|report|annotation|mention)\w*|\bunrecorded\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?<!among )(?<!of )\b(?:the (?:others?|rest|remaining)|every other|all (?:the )?others?"
    r"|none|no other"
    r"|(?:disorders|diseases|conditions|candidates) (?:have|has|show|with|share|remain))\b",
    re.IGNORECASE,
)
_CAUSES = re.compile(r"\bcaus(?:e[sd]?|al|ing|ative)\b|\bresponsible for\b|\bdue to\b", re.I)
_IS_A = re.compile(
    r"\b(?:is|are|as|being) (?:an? |one |the )?(?:\w+ )?"
    r"(?:(?:sub)?(?:kind|form|type|class|case|example|instance)s? of )?(?:an? |the )?$"
    r"|\b(?:belongs? to|falls? under|counts? as|comes? under)(?: an?| the)? $",
    re.IGNORECASE,
)

_DENIES, _SILENT, _GENERAL = Cue(_DENIAL), Cue(_UNRECORDED), Cue(_OTHERS)
_CAUSED, _CLASSES, _SHARES = Cue(_CAUSES), Cue(_IS_A), Cue(re.compile("shar", re.I))

_LISTED = re.compile(r",? (?:and |or )?(?:an? )?")

#: What a finding is joined to in ways of its own, read elsewhere.
_OF_FINDINGS = frozenset({"Disease", "Gene", "GeneticInheritance"})
GENE_PREDICATES = ("gene_associated_with_condition", "causes", "contributes_to")
_OBJECT_OF = {
    "PhenotypicFeature": "has_phenotype",
    "GeneticInheritance": "has_mode_of_inheritance",
}


class Claim(NamedTuple):
    """One thing that a text says.

    Attributes:
        subject: A node id.
        predicate: The relation; for a gene and a disease "associated" unless a cause is named.
        object: A node id.
        negated: Whether the text denies it.
        firm: Whether a denial says "absent" rather than "not recorded".
        start: Where the words stand, in code points.
        end: Exclusive.
        readings: What else the words may mean, as subject, relation, object: one of these has to
            be true. For a relation between other things than genes, diseases and findings.
    """

    subject: str
    predicate: str
    object: str
    negated: bool
    firm: bool
    start: int
    end: int
    readings: tuple[tuple[str, str, str], ...] = ()


def read_claims(context: Context, clause: Clause, spoken_of: Spot | None) -> Iterator[Claim]:
    """Yield the claims of a clause; `spoken_of` is the disease that was spoken of last."""
    aside = shared(clause)
    every = [spot for spot in clause.spots if spot.category == "Disease"]
    diseases = [spot for spot in every if spot not in aside]
    yield from _kinds(clause)
    yield from _genes(context, clause, every)
    yield from _links(context, clause)
    general = _GENERAL[clause.plain]
    for spot in clause.spots:
        if spot.category in FINDINGS and not _is_class(clause, spot):
            owner = _owner(spot, diseases, None if general else spoken_of)
            if owner is not None:
                yield _claim(clause, owner, _OBJECT_OF[spot.category], spot)


def shared(clause: Clause) -> list[Spot]:
    """Return the diseases that a clause only names as sharing a gene with what it speaks of."""
    return [spot for spot in clause.spots if spot.category == "Disease" and shares(clause, spot)]


def shares(clause: Clause, spot: Spot) -> tuple[str, ...]:
    """Return the categories of what a clause says to be shared with a disease: a gene, a drug."""
    found = _SHARED.search(clause.before(spot)) if _SHARES[clause.plain] else None
    return kinds().get(found["kind"].lower(), ()) if found else ()


def is_denied_in(clause: Clause) -> bool:
    """Say whether a clause denies something; its findings then narrow nothing."""
    return _DENIES[clause.plain]


def _owner(spot: Spot, diseases: list[Spot], spoken_of: Spot | None) -> Spot | None:
    before = [disease for disease in diseases if disease.start < spot.start]
    if before:
        return before[-1]
    return diseases[0] if diseases else spoken_of


def _is_class(clause: Clause, spot: Spot) -> bool:
    """Say whether a finding is only named as the kind that another finding is."""
    before = [other for other in clause.spots if other.end <= spot.start]
    # Of a disease nothing is a kind: "the only kind of … recorded for it is …" says what it has.
    is_kind = bool(before) and before[-1].category in FINDINGS
    return is_kind and _CLASSES[clause.between(before[-1], spot)]


def _kinds(clause: Clause) -> Iterator[Claim]:
    for one, other in pairwise(clause.spots):
        if one.category != "PhenotypicFeature" or other.category != "PhenotypicFeature":
            continue
        gap = clause.between(one, other)
        if _CLASSES[gap]:
            denied = _DENIAL.search(gap) is not None
            yield Claim(one.node, "subclass_of", other.node, denied, False, one.start, other.end)


def _genes(context: Context, clause: Clause, diseases: list[Spot]) -> Iterator[Claim]:
    genes = [spot for spot in clause.spots if spot.category == "Gene"]
    cause = _CAUSED[clause.plain] if genes else False
    for gene in genes:
        for disease in diseases:
            if other_link(context, clause.plain):
                yield _link(context, clause, *sorted((gene, disease)))
            else:
                yield _claim(clause, gene, "causes" if cause else GENE_PREDICATES[0], disease)


def _links(context: Context, clause: Clause) -> Iterator[Claim]:
    """Yield what a clause says of other things: of each with every disease, of two that follow."""
    aside = shared(clause)
    others = [spot for spot in clause.spots if spot.category not in FINDINGS]
    turns = _turns(clause, others)
    for (at, one), (to, other) in combinations(zip(turns, others, strict=True), 2):
        sick = [spot.category == "Disease" for spot in (one, other)]
        if any(sick) and "Gene" in (one.category, other.category):
            continue  # read by `_genes`
        if at == to or one in aside or other in aside or one.node == other.node:
            continue
        if sum(sick) == 1 or (to == at + 1 and not all(sick)):
            yield _link(context, clause, one, other)
    for one, other in pairwise(clause.spots):
        both = {one.category, other.category}
        if "PhenotypicFeature" in both and both.isdisjoint(_OF_FINDINGS):
            verbs = said_in(clause.between(one, other))
            if verbs and joins(context, clause.between(one, other), one.category, other.category):
                yield _link(context, clause, one, other)


def _turns(clause: Clause, spots: list[Spot]) -> list[int]:
    """Number mentions in their order; those of one list ("A, B and C") share a number."""
    turns = [0] * len(spots)
    for at, (one, other) in enumerate(pairwise(spots), 1):
        listed = one.category == other.category and _LISTED.fullmatch(clause.between(one, other))
        turns[at] = turns[at - 1] + (not listed)
    return turns


@functools.lru_cache(maxsize=1 << 14)
def _other_link(own: str, there: tuple[str, ...], text: str) -> bool:
    del own
    known = {reading.predicate for readings in said_in(text, there) for reading in readings}
    return bool(known.difference(PREDICATES, (*GENE_PREDICATES,)) & set(there)) and not (
        known & {*GENE_PREDICATES}
    )


def other_link(context: Context, text: str) -> bool:
    """Say whether a text joins genes and diseases by a relation of a user's own."""
    if not _own_predicates(context.graph.predicates):
        return False
    return _other_link(vocabulary.spoken(), context.graph.predicates, text)


@functools.cache
def _own_predicates(there: tuple[str, ...]) -> bool:
    return not set(there) <= set(PREDICATES)


def _link(context: Context, clause: Clause, one: Spot, other: Spot) -> Claim:
    readings = joins(context, clause.plain, one.category, other.category)
    ends = [((other, one) if turned else (one, other), name) for name, turned in readings]
    if not ends:
        pairs = ((one, other), (other, one))
        ends = [(pair, name) for pair in pairs for name in context.graph.predicates]
    (subject, object_), predicate = ends[0]
    said = tuple((pair[0].node, name, pair[1].node) for pair, name in ends)
    said_so = _claim(clause, subject, predicate if readings else "is joined to", object_)
    return said_so._replace(readings=said)


def _claim(clause: Clause, subject: Spot, predicate: str, object_: Spot) -> Claim:
    """Return a claim; a denial counts that stands before the later of the two mentions."""
    last = max(subject.start, object_.start) - clause.start
    later = _UNRECORDED.search(clause.text) if _SILENT[clause.plain] else None
    after = later is not None and subject.category == "Disease" and later.start() >= last
    before = is_denied_in(clause) and _DENIAL.search(clause.text, 0, last) is not None
    return Claim(
        subject.node,
        predicate,
        object_.node,
        before or after,
        later is None,
        min(subject.start, object_.start),
        max(subject.end, object_.end),
    )
