"""A spine template as arrays: what each leg joins, liberally and strictly.

For a variable at the object end of ``has_phenotype`` only the most specific findings count, so
that leg is cut down to findings without a recorded descendant (design of query edges: a contested
descendant does not rule a finding out in U, S, R and H, and does in M and N).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.index import CONTESTED, Csr, make_csr
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import in_sorted
from kgsynth.paths.jit import entry
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import Leg, Spine
from kgsynth.paths.tables import Tables

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

#: What may pin a variable: nothing, findings of a disease, the class of a finding.
BARE, FINDINGS, CLASS = 0, 1, 2


class Program(NamedTuple):
    """A spine template for the kernels; nv variables, nv - 1 legs.

    Attributes:
        liberal_ptr: shape (nv - 1, n + 1); each leg's ends in the walking direction …
        liberal: … all legs one after the other, contested statements included.
        strict_ptr: shape (nv - 1, n + 1); the same …
        strict: … without contested statements.
        back_ptr: shape (nv - 1, n + 1); the strict legs walked backwards …
        back: … all legs one after the other.
        pins: shape (nv,), int8; `BARE`, `FINDINGS` or `CLASS` for each variable.
        margins: shape (nv,), int8; the margin of a step that ends at the variable.
        members_ptr: shape (nv + 1,); the nodes of each variable's category …
        members: … one variable after the other.
    """

    liberal_ptr: Int64
    liberal: Int32
    strict_ptr: Int64
    strict: Int32
    back_ptr: Int64
    back: Int32
    pins: NDArray[np.int8]
    margins: NDArray[np.int8]
    members_ptr: Int64
    members: Int32


def compile_spine(
    spine: Spine, graph: KnowledgeGraph, tables: Tables, settings: MiningSettings
) -> Program:
    """Return the arrays of a spine template over a graph."""
    n = len(graph)
    pairs = [_ends(leg, graph, tables) for leg in spine.legs]
    liberal = [make_csr(a, b, a, n) for a, b, _ in pairs]
    strict = [make_csr(a[sure], b[sure], a[sure], n) for a, b, sure in pairs]
    back = [make_csr(b[sure], a[sure], a[sure], n) for a, b, sure in pairs]
    categories = graph.column("category").to_pylist()
    members = [
        np.array([i for i, name in enumerate(categories) if name == v.category], np.int32)
        for v in spine.variables
    ]
    pins = [_pin(v.category, last=v is spine.variables[-1]) for v in spine.variables]
    later = [settings.later_margin if pin == FINDINGS else 1 for pin in pins]
    return Program(
        *_stack(liberal, n), *_stack(strict, n), *_stack(back, n),
        np.array(pins, np.int8), np.array([settings.margin, *later[1:]], np.int8),
        np.cumsum([0, *map(len, members)], dtype=np.int64), np.concatenate(members),
    )  # fmt: skip


def _pin(category: str, *, last: bool) -> int:
    if category == "Disease":
        return FINDINGS
    return CLASS if category == "PhenotypicFeature" and last else BARE


def _stack(legs: list[Csr], n: int) -> tuple[Int64, Int32]:
    starts = np.cumsum([0, *(len(leg.indices) for leg in legs)])
    indptr = np.zeros((len(legs), n + 1), np.int64)
    for row, leg in enumerate(legs):
        indptr[row] = leg.indptr + starts[row]
    indices = [leg.indices for leg in legs] or [np.zeros(0, np.int32)]
    return indptr, np.concatenate(indices)


def _ends(
    leg: Leg, graph: KnowledgeGraph, tables: Tables
) -> tuple[Int32, Int32, NDArray[np.bool_]]:
    """Return tails and heads in the walking direction, and which pairs are beyond dispute."""
    csr = graph.csr(leg.predicate)
    subjects = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(csr.indptr))
    objects = np.array(csr.indices)
    sure = (graph.flags[csr.rows] & CONTESTED) == 0
    if leg.predicate == "has_phenotype":
        indptr = np.array(csr.indptr)
        keep = _specific(indptr, objects, sure, tables.ancestors_indptr, tables.ancestors)
        subjects, objects, sure = subjects[keep > 0], objects[keep > 0], keep[keep > 0] == 2
    subjects, objects, sure = _with_weaker(leg, graph, subjects, objects, sure)
    return (objects, subjects, sure) if leg.inverse else (subjects, objects, sure)


def _with_weaker(
    leg: Leg, graph: KnowledgeGraph, subjects: Int32, objects: Int32, sure: NDArray[np.bool_]
) -> tuple[Int32, Int32, NDArray[np.bool_]]:
    """Add the pairs of the weaker relation: they count as contested ones do."""
    weaker = PREDICATES[leg.predicate].weaker
    if not weaker:
        return subjects, objects, sure
    csr = graph.csr(weaker)
    tails = np.repeat(np.arange(len(graph), dtype=np.int64), np.diff(csr.indptr))
    known = subjects.astype(np.int64) << 32 | objects
    extra = ~np.isin(tails << 32 | csr.indices, known)
    return (
        np.concatenate([subjects, tails[extra].astype(np.int32)]),
        np.concatenate([objects, csr.indices[extra]]),
        np.concatenate([sure, np.zeros(int(extra.sum()), bool)]),
    )


@entry
def _specific(
    ptr: Int64, idx: Int32, sure: NDArray[np.bool_], anc_ptr: Int64, anc: Int32
) -> NDArray[np.int8]:
    """Return 2 for a statement that is most specific beyond dispute, 1 for one that may be."""
    keep = np.zeros(len(idx), np.int8)
    for node in range(len(ptr) - 1):
        for i in range(ptr[node], ptr[node + 1]):
            below, below_sure = False, False
            for j in range(ptr[node], ptr[node + 1]):
                if j != i and in_sorted(anc_ptr, anc, idx[j], idx[i]):
                    below = True
                    below_sure = below_sure or sure[j]
            if not below_sure:
                keep[i] = 2 if sure[i] and not below else 1
    return keep
