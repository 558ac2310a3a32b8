"""What a text says, read as claims: who has what, who does not, what is a kind of what.

A reader for the English of kgsynth's own writers, templates and models alike; it knows no
template. A text falls into clauses; in a clause every finding, gene and mode of inheritance
belongs to the disease named before it, or else to the one after it, or else to the disease that
the sentence spoke of last. Where a clause speaks of several unnamed disorders ("six disorders
have …"), nothing is claimed of a named one; `counts` reads those.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kgsynth.checks.base import Context

_BREAK = re.compile(
    r"(?<=[.;:!?])\s+"
    r"|,? (?=\b(?:but|whereas|while|yet|although|though|however|unlike|because|since)\b)"
    r"|, (?=(?:which|who|and (?:it|its|this|that|only|the)|of (?:these|those|them|which))\b)"
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
    r"\b(?:the (?:others?|rest|remaining)|every other|all (?:the )?others?|none|no other"
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

FINDINGS = frozenset({"PhenotypicFeature", "GeneticInheritance"})
GENE_PREDICATES = ("gene_associated_with_condition", "causes", "contributes_to")
_OBJECT_OF = {
    "PhenotypicFeature": "has_phenotype",
    "GeneticInheritance": "has_mode_of_inheritance",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention, settled on one entity."""

    start: int
    end: int
    node: str
    category: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of text that speaks of one thing, with its mentions; offsets are the text's."""

    start: int
    text: str
    spots: tuple[Spot, ...]

    def between(self, one: Spot, other: Spot) -> str:
        """Return the text between two mentions."""
        return self.text[one.end - self.start : other.start - self.start]


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text says.

    Attributes:
        subject: A node id.
        predicate: The relation; for a gene and a disease "associated" unless a cause is named.
        object: A node id.
        negated: Whether the text denies it.
        firm: Whether a denial says "absent" rather than "not recorded".
        start: Where the words stand, in code points.
        end: Exclusive.
    """

    subject: str
    predicate: str
    object: str
    negated: bool
    firm: bool
    start: int
    end: int


def clauses_of(context: Context, text: str, cited: frozenset[str]) -> list[Clause]:
    """Return the clauses of a text; a break inside a name does not count."""
    mentions = context.mentions(text)
    cuts = [
        match.span()
        for match in _BREAK.finditer(text)
        if not any(m.start < match.end() and match.start() < m.end for m in mentions)
    ]
    spots = [
        _settle(context, mention.start, mention.end, mention.nodes, cited) for mention in mentions
    ]
    edges = [0, *(at for span in cuts for at in span), len(text)]
    found = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        inside = tuple(spot for spot in spots if start <= spot.start and spot.end <= end)
        found.append(Clause(start, text[start:end], inside))
    return found


def _settle(
    context: Context, start: int, end: int, nodes: tuple[str, ...], cited: frozenset[str]
) -> Spot:
    """Settle a spelling that several entities share on one that the step, or the row, lists."""
    chosen = next(
        (node for known in (cited, context.listed) for node in nodes if node in known), nodes[0]
    )
    return Spot(start, end, chosen, context.graph.node(chosen).category)


def claims_of(context: Context, text: str, cited: frozenset[str]) -> Iterator[Claim]:
    """Yield the claims of a text, in order.

    Args:
        context: The row in its graph.
        text: A step's text.
        cited: The ids of the step's entities, preferred where a spelling is shared.
    """
    spoken_of: Spot | None = None
    for clause in clauses_of(context, text, cited):
        diseases = [spot for spot in clause.spots if spot.category == "Disease"]
        yield from _kinds(clause)
        yield from _genes(clause, diseases)
        general = _OTHERS.search(clause.text) is not None
        for spot in clause.spots:
            if spot.category in FINDINGS and not _is_class(clause, spot):
                owner = _owner(spot, diseases, None if general else spoken_of)
                if owner is not None:
                    yield _claim(clause, owner, _OBJECT_OF[spot.category], spot)
        spoken_of = diseases[-1] if diseases else spoken_of


def _owner(spot: Spot, diseases: list[Spot], spoken_of: Spot | None) -> Spot | None:
    before = [disease for disease in diseases if disease.start < spot.start]
    if before:
        return before[-1]
    return diseases[0] if diseases else spoken_of


def _is_class(clause: Clause, spot: Spot) -> bool:
    """Say whether a finding is only named as the kind that another finding is."""
    before = [other for other in clause.spots if other.end <= spot.start]
    return bool(before) and _IS_A.search(clause.between(before[-1], spot)) is not None


def _kinds(clause: Clause) -> Iterator[Claim]:
    for one, other in pairwise(clause.spots):
        same = one.category == other.category == "PhenotypicFeature"
        gap = clause.between(one, other)
        if same and _IS_A.search(gap):
            denied = _DENIAL.search(gap) is not None
            yield Claim(one.node, "subclass_of", other.node, denied, False, one.start, other.end)


def _genes(clause: Clause, diseases: list[Spot]) -> Iterator[Claim]:
    cause = _CAUSES.search(clause.text) is not None
    for gene in clause.spots:
        if gene.category == "Gene":
            for disease in diseases:
                yield _claim(clause, gene, "causes" if cause else GENE_PREDICATES[0], disease)


def _claim(clause: Clause, subject: Spot, predicate: str, object_: Spot) -> Claim:
    """Return a claim; a denial counts that stands before the later of the two mentions."""
    last = max(subject.start, object_.start) - clause.start
    later = _UNRECORDED.search(clause.text)
    after = later is not None and subject.category == "Disease" and later.start() >= last
    before = any(
        not any(spot.start <= clause.start + denial.start() < spot.end for spot in clause.spots)
        for denial in _DENIAL.finditer(clause.text, 0, last)
    )
    return Claim(
        subject.node,
        predicate,
        object_.node,
        before or after,
        later is None,
        min(subject.start, object_.start),
        max(subject.end, object_.end),
    )
