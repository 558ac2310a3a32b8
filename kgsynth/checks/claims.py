"""What a text says, read as claims: who has what, who does not, what is a kind of what.

A reader for the English of kgsynth's own writers, templates and models alike; it knows no
template. A text falls into clauses; in a clause every finding, gene and mode of inheritance
belongs to the disease named before it, or else to the one after it, or else to the disease that
the sentence spoke of last. Where a clause speaks of several unnamed disorders ("six disorders
have …"), nothing is claimed of a named one; `counts` reads those.
"""

import functools
from collections.abc import Iterator

from kgsynth import vocabulary
from kgsynth.checks.base import Context
from kgsynth.checks.clause_claims import Claim, read_claims, shared
from kgsynth.checks.clauses import Clause, Spot, clauses_of
from kgsynth.checks.cues import BLANK
from kgsynth.graph.store import KnowledgeGraph


def claims_of(context: Context, text: str, cited: frozenset[str]) -> Iterator[Claim]:
    """Yield the claims of a text, in order.

    Args:
        context: The row in its graph.
        text: A step's text.
        cited: The ids of the step's entities, preferred where a spelling is shared.
    """
    spoken_of: Spot | None = None
    for clause in clauses_of(context, text, cited):
        yield from _claims_in(context, clause, spoken_of)
        diseases = [spot for spot in clause.spots if spot.category == "Disease"]
        if diseases:
            aside = shared(clause)
            own = [spot for spot in diseases if spot not in aside]
            spoken_of = own[-1] if own else spoken_of


def _claims_in(context: Context, clause: Clause, spoken_of: Spot | None) -> list[Claim]:
    """Return the claims of a clause: those of its words, said of its mentions."""
    spots, nodes = clause.spots, {spot.node for spot in clause.spots}
    if len(nodes) < len(spots) or clause.plain.count(BLANK) != len(spots):
        return list(read_claims(context, clause, spoken_of))
    categories = tuple([spot.category for spot in spots])
    known = _said(context.graph, vocabulary.spoken())
    key = clause.plain, categories, spoken_of is None
    said = known.get(key)
    if said is None:
        if len(known) > _MOST_SAID:
            known.clear()
        said = known[key] = tuple(read_claims(context, *_stand_in(*key)))
    if not said:
        return []
    of = {str(at): spot for at, spot in enumerate(spots)}
    if spoken_of is not None:
        of["-1"] = spoken_of
    return [_said_of(claim, of) for claim in said]


#: So many clauses are remembered; template text has a few hundred, some with numbers in them.
_MOST_SAID = 1 << 13


@functools.lru_cache(maxsize=8)
def _said(
    graph: KnowledgeGraph, own: str
) -> dict[tuple[str, tuple[str, ...], bool], tuple[Claim, ...]]:
    """Return what clauses say, by their words, of their mentions as numbers."""
    del graph, own
    return {}


def _stand_in(plain: str, categories: tuple[str, ...], alone: bool) -> tuple[Clause, Spot | None]:
    """Return a clause that speaks of its first mention, its second … by their numbers."""
    places = [at for at, sign in enumerate(plain) if sign == BLANK]
    named = enumerate(zip(places, categories, strict=True))
    spots = tuple(Spot(at, at + 1, str(number), category) for number, (at, category) in named)
    return Clause(0, plain, spots, plain), None if alone else Spot(-2, -1, "-1", "Disease")


def _said_of(claim: Claim, of: dict[str, Spot]) -> Claim:
    subject, object_ = of[claim.subject], of[claim.object]
    return Claim(
        subject.node,
        claim.predicate,
        object_.node,
        claim.negated,
        claim.firm,
        min(subject.start, object_.start),
        max(subject.end, object_.end),
        tuple([(of[s].node, name, of[o].node) for s, name, o in claim.readings]),
    )
