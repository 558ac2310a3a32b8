"""A spine template as arrays: what each leg joins, liberally and strictly.

For a variable at the object end of ``has_phenotype`` only the most specific findings count, so
that leg is cut down to findings without a recorded descendant (design of query edges: a contested
descendant does not rule a finding out in U, S, R and H, and does in M and N).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.index import CONTESTED, Csr, make_csr
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import in_row, ragged
from kgsynth.paths.jit import entry
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import Leg, Spine
from kgsynth.paths.tables import Tables

Int32 = NDArray[np.int32]

#: What may pin a variable: nothing, findings of a disease, the class of a finding.
BARE, FINDINGS, CLASS = 0, 1, 2


class Program(NamedTuple):
    """A spine template for the kernels; nv variables, nv - 1 legs, a graph of n nodes.

    The ragged tables (see `bits.ragged`) have a row for each leg and node, ``leg * n + node``.

    Attributes:
        n: The number of nodes.
        liberal: Each leg's ends in the walking direction, contested statements included.
        strict: The same without contested statements.
        back: The strict legs walked backwards.
        pins: shape (nv,), int8; `BARE`, `FINDINGS` or `CLASS` for each variable.
        margins: shape (nv,), int8; the margin of a step that ends at the variable.
        members: Ragged, a row for each variable; the nodes of its category.
        labels: Ragged; the named entities that may pin the target, by node, contested included.
        sure_labels: Ragged; the same without contested statements.
        holders: shape (n,); how many nodes of the target's category surely have a label; 0 for
            nodes that a question cannot name so.
        by_class: Whether a label is a class of findings of the disease before the target.
    """

    n: int
    liberal: Int32
    strict: Int32
    back: Int32
    pins: NDArray[np.int8]
    margins: NDArray[np.int8]
    members: Int32
    labels: Int32
    sure_labels: Int32
    holders: Int32
    by_class: bool


def compile_spine(
    spine: Spine, graph: KnowledgeGraph, tables: Tables, settings: MiningSettings
) -> Program:
    """Return the arrays of a spine template over a graph."""
    n = len(graph)
    kinds = graph.column("category").dictionary_encode()
    category = kinds.indices.to_numpy()
    codes = [kinds.dictionary.index(v.category).as_py() for v in spine.variables]
    pairs = [
        _between(_pairs(leg, graph, tables), category, ends)
        for leg, ends in zip(spine.legs, pairwise(codes), strict=True)
    ]
    liberal = [make_csr(a, b, a, n) for a, b, _ in pairs]
    strict = [make_csr(a[sure], b[sure], a[sure], n) for a, b, sure in pairs]
    back = [make_csr(b[sure], a[sure], a[sure], n) for a, b, sure in pairs]
    members = [np.flatnonzero(category == code) for code in codes]
    pins = [_pin(v.category, spine.pin if v is spine.variables[-1] else None)
            for v in spine.variables]  # fmt: skip
    later = [settings.later_margin if pin == FINDINGS else 1 for pin in pins]
    return Program(
        n, _stack(liberal), _stack(strict), _stack(back),
        np.array(pins, np.int8), np.array([settings.margin, *later[1:]], np.int8),
        ragged(np.cumsum([0, *map(len, members)]), np.concatenate(members)),
        *_labels(spine, graph, tables, members[-1]),
    )  # fmt: skip


def _pin(category: str, pin: Leg | None) -> int:
    if category == "Disease":
        return FINDINGS
    return BARE if pin is None else CLASS


def _labels(
    spine: Spine, graph: KnowledgeGraph, tables: Tables, targets: NDArray[np.int64]
) -> tuple[Int32, Int32, Int32, bool]:
    """Return the last four fields of a `Program`."""
    n, pin = len(graph), spine.pin
    if pin is None:
        none = np.full(n + 1, n + 1, np.int32)
        return none, none, np.zeros(n, np.int32), False
    if pin.predicate == "subclass_of":
        ancestors = tables.kin.ancestors
        holders = np.where(tables.common_class, tables.members, 0).astype(np.int32)
        return ancestors, ancestors, holders, len(spine.legs) > 0
    a, b, sure = _pairs(pin, graph, tables)
    is_target = np.zeros(n, np.bool_)
    is_target[targets] = True
    a, b, sure = a[is_target[a]], b[is_target[a]], sure[is_target[a]]
    holders = np.where(tables.variable, np.bincount(b[sure], minlength=n), 0).astype(np.int32)
    liberal, strict = make_csr(a, b, a, n), make_csr(a[sure], b[sure], a[sure], n)
    return ragged(*liberal[:2]), ragged(*strict[:2]), holders, False


def _stack(legs: list[Csr]) -> Int32:
    """Return the legs as one ragged table, one after the other."""
    sizes = [np.zeros(1, np.int64), *(np.diff(leg.indptr) for leg in legs)]
    indices = [np.zeros(0, np.int32), *(leg.indices for leg in legs)]
    return ragged(np.cumsum(np.concatenate(sizes)), np.concatenate(indices))


def _between(
    pairs: tuple[Int32, Int32, NDArray[np.bool_]], category: Int32, ends: tuple[int, int]
) -> tuple[Int32, Int32, NDArray[np.bool_]]:
    """Return the pairs whose ends are of the categories of two variables."""
    a, b, sure = pairs
    keep = (category[a] == ends[0]) & (category[b] == ends[1])
    return a[keep], b[keep], sure[keep]


def _pairs(
    leg: Leg, graph: KnowledgeGraph, tables: Tables
) -> tuple[Int32, Int32, NDArray[np.bool_]]:
    """Return tails and heads in the walking direction, and which pairs are beyond dispute."""
    csr = graph.csr(leg.predicate)
    subjects = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(csr.indptr))
    objects = np.array(csr.indices)
    sure = (graph.flags[csr.rows] & CONTESTED) == 0
    if leg.predicate == "has_phenotype":
        keep = np.zeros(len(objects), np.int8)
        mark_specific(ragged(csr.indptr, objects), sure, tables.kin.ancestors, keep)
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
