"""The statements of a leg as pairs of nodes, and which of them are beyond dispute.

For a variable at the object end of ``has_phenotype`` only the most specific findings count, so
that leg is cut down to findings without a recorded descendant (design of query edges: a contested
descendant does not rule a finding out in U, S, R and H, and does in M and N).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.index import CONTESTED
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import in_row, ragged
from kgsynth.paths.jit import entry
from kgsynth.paths.typed_path import Leg

Int32 = NDArray[np.int32]


class Pairs(NamedTuple):
    """Pairs in the walking direction, in no order; all arrays have shape (pairs,).

    Attributes:
        tails: Where each leads from.
        heads: Where it leads to.
        sure: Whether it is beyond dispute, and of this relation rather than a weaker one.
    """

    tails: Int32
    heads: Int32
    sure: NDArray[np.bool_]

    def where(self, keep: NDArray[np.bool_]) -> "Pairs":
        """Return those of the pairs that are to be kept."""
        return Pairs(self.tails[keep], self.heads[keep], self.sure[keep])


def pairs_of(leg: Leg, graph: KnowledgeGraph, ancestors: Int32) -> Pairs:
    """Return the pairs that a leg joins.

    Args:
        leg: A predicate with a direction; a symmetric one joins both ways round.
        graph: The graph.
        ancestors: Ragged; the proper ancestors of each node.
    """
    csr = graph.csr(leg.predicate)
    subjects = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(csr.indptr))
    objects = np.array(csr.indices)
    sure = (graph.flags[csr.rows] & CONTESTED) == 0
    if leg.predicate == "has_phenotype":
        keep = np.zeros(len(objects), np.int8)
        mark_specific(ragged(csr.indptr, objects), sure, ancestors, keep)
        subjects, objects, sure = subjects[keep > 0], objects[keep > 0], keep[keep > 0] == 2
    known = PREDICATES.get(leg.predicate)
    found = Pairs(subjects, objects, sure)
    if known is not None and known.weaker:
        found = _with_weaker(found, known.weaker, graph)
    if known is not None and known.symmetric:
        return _both_ways(found)
    return Pairs(found.heads, found.tails, found.sure) if leg.inverse else found


def _with_weaker(found: Pairs, weaker: str, graph: KnowledgeGraph) -> Pairs:
    """Add the pairs of the weaker relation: they count as contested ones do."""
    csr = graph.csr(weaker)
    tails = np.repeat(np.arange(len(graph), dtype=np.int64), np.diff(csr.indptr))
    heads = csr.indices.astype(np.int32)
    known = PREDICATES.get(weaker)
    if known is not None and known.symmetric:
        tails, heads = np.concatenate([tails, heads]), np.concatenate([heads, tails])
    extra = ~np.isin(tails << 32 | heads, found.tails.astype(np.int64) << 32 | found.heads)
    return Pairs(
        np.concatenate([found.tails, tails[extra].astype(np.int32)]),
        np.concatenate([found.heads, heads[extra].astype(np.int32)]),
        np.concatenate([found.sure, np.zeros(int(extra.sum()), bool)]),
    )


def _both_ways(found: Pairs) -> Pairs:
    """Return pairs and their reverse, each once; sure where either is."""
    tails, heads = np.r_[found.tails, found.heads], np.r_[found.heads, found.tails]
    sure = np.r_[found.sure, found.sure]
    order = np.lexsort((~sure, heads, tails))
    tails, heads, sure = tails[order], heads[order], sure[order]
    new = np.ones(len(tails), np.bool_)
    new[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    return Pairs(tails, heads, sure).where(new)


@entry
def mark_specific(
    rows: Int32, sure: NDArray[np.bool_], ancestors: Int32, keep: NDArray[np.int8]
) -> None:
    """Mark a statement that is most specific beyond dispute with 2, one that may be with 1.

    Args:
        rows: What is stated of each node, ragged.
        sure: shape (statements,); whether each is beyond dispute.
        ancestors: The proper ancestors of each node, ragged.
        keep: shape (statements,); receives the marks.
    """
    begin = rows[0]
    for node in range(begin - 1):
        for i in range(rows[node], rows[node + 1]):
            below, below_sure = False, False
            for j in range(rows[node], rows[node + 1]):
                if j != i and in_row(ancestors, rows[j], rows[i]):
                    below = True
                    below_sure = below_sure or sure[j - begin]
            if not below_sure:
                keep[i - begin] = 2 if sure[i - begin] and not below else 1
