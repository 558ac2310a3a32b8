"""What the findings of a disease say together: contradictions, repetitions, weight.

A finding that is present implies its ancestors; one that is absent rules out its descendants.
So a disease that has *focal seizure* and lacks *seizure* contradicts itself, and one that has
both *seizure* and *focal seizure* says the first only once more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.closure import Bits, Hierarchy, bit_sets, has_member, sizes
from kgsynth.graph.columns import Bool, Int64


@dataclass(frozen=True)
class Findings:
    """Judgements on the edges from diseases to terms.

    Attributes:
        contested: shape (n,), bool; asserted and, by closure, denied, or the reverse.
        redundant: shape (n,), bool; positive, and the disease has an uncontested descendant.
        exact_pairs: Pairs of disease and term that are asserted and denied as they stand.
        closure_pairs: Pairs of an asserted and a denied edge that contradict by closure.
        annotated: Diseases with a positive edge.
        diseases_under: shape (n_terms,), int64; diseases with a positive edge to the term or to
            a descendant, in the order of the hierarchy's terms.
    """

    contested: Bool
    redundant: Bool
    exact_pairs: int
    closure_pairs: int
    annotated: int
    diseases_under: Int64


def judge(diseases: Int64, terms: Int64, negated: Bool, hierarchy: Hierarchy) -> Findings:
    """Judge the edges from diseases to terms.

    Args:
        diseases: shape (n,); node codes.
        terms: shape (n,); node codes, all in the hierarchy.
        negated: shape (n,).
        hierarchy: The is-a edges among the terms.
    """
    names, members = np.unique(diseases, return_inverse=True)
    pairs = _Pairs(hierarchy.place(terms), members, len(names))
    contested = _contested(pairs, negated, hierarchy)
    affirmed = ~negated
    raised = hierarchy.raise_sets(pairs.sets(affirmed, hierarchy))
    redundant = affirmed & has_member(hierarchy.below(raised), pairs.rows, members)
    # A contested finding makes none redundant: judge the diseases that have one again.
    again = np.isin(members, members[contested & affirmed])
    few = pairs.of(again)
    certain = hierarchy.raise_sets(few.sets((affirmed & ~contested)[again], hierarchy))
    redundant[again] = affirmed[again] & has_member(hierarchy.below(certain), few.rows, few.members)
    keys = pairs.rows * len(names) + members
    in_doubt = affirmed & np.isin(members, members[negated])
    return Findings(
        contested=contested,
        redundant=redundant,
        exact_pairs=len(np.intersect1d(keys[in_doubt], keys[negated])),
        closure_pairs=_closure_pairs(pairs.rows, members, negated, contested, hierarchy),
        annotated=len(np.unique(members[affirmed])),
        diseases_under=sizes(raised),
    )


@dataclass(frozen=True)
class _Pairs:
    """Pairs of a term (row of the hierarchy) and a disease (number below `count`)."""

    rows: Int64
    members: Int64
    count: int

    def of(self, chosen: Bool) -> "_Pairs":
        """Return some of the pairs, their diseases numbered anew."""
        names, members = np.unique(self.members[chosen], return_inverse=True)
        return _Pairs(self.rows[chosen], members, len(names))

    def sets(self, chosen: Bool, hierarchy: Hierarchy) -> Bits:
        """Return the diseases of each term, as bits."""
        size = len(hierarchy.terms)
        return bit_sets(self.rows[chosen], self.members[chosen], size, self.count)


def _contested(pairs: _Pairs, negated: Bool, hierarchy: Hierarchy) -> Bool:
    """Return which edges are contradicted by another edge of their disease."""
    contested = np.zeros(len(negated), dtype=np.bool_)
    # Few diseases have a denial, and only they can contradict themselves.
    chosen = np.isin(pairs.members, pairs.members[negated])
    few, denied = pairs.of(chosen), negated[chosen]
    raised = hierarchy.raise_sets(few.sets(~denied, hierarchy))
    lowered = hierarchy.lower_sets(few.sets(denied, hierarchy))
    contested[chosen] = np.where(
        denied,
        has_member(raised, few.rows, few.members),
        has_member(lowered, few.rows, few.members),
    )
    return contested


def information_content(diseases_under: Int64, annotated: int) -> NDArray[np.float64]:
    """Return how specific terms are, in bits; NaN for a term that no disease lies under.

    The negative base-2 logarithm of the share of annotated diseases under the term: 0 bits for
    a term that every disease lies under, log2(n) for one that a single disease of n has.

    Source:
        P. Resnik, "Using Information Content to Evaluate Semantic Similarity in a Taxonomy",
        IJCAI 1995.
    """
    bits = np.full(len(diseases_under), np.nan)
    some = diseases_under > 0
    bits[some] = -np.log2(diseases_under[some] / annotated)
    magnitudes: NDArray[np.float64] = np.abs(bits)  # -log2(1) is -0.0
    return magnitudes


def _closure_pairs(
    rows: Int64, members: Int64, negated: Bool, contested: Bool, hierarchy: Hierarchy
) -> int:
    """Count (asserted, denied) pairs of one disease where the first lies at or under the second."""
    parents: dict[int, list[int]] = {}
    for child, parent in zip(hierarchy.children.tolist(), hierarchy.parents.tolist(), strict=True):
        parents.setdefault(child, []).append(parent)
    denied: dict[int, set[int]] = {}
    for at in np.flatnonzero(contested & negated).tolist():
        denied.setdefault(int(members[at]), set()).add(int(rows[at]))
    count = 0
    for at in np.flatnonzero(contested & ~negated).tolist():
        above = {int(rows[at])}
        stack = list(above)
        while stack:
            for parent in parents.get(stack.pop(), ()):
                if parent not in above:
                    above.add(parent)
                    stack.append(parent)
        count += len(above & denied[int(members[at])])
    return count
