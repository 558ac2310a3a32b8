"""A spine template as arrays: what each leg joins, liberally and strictly."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import Csr, make_csr
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import ragged
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.statements import Pairs, pairs_of
from kgsynth.paths.tables import Tables
from kgsynth.paths.typed_path import Spine

Int32 = NDArray[np.int32]

#: What may pin a variable: nothing, findings of a disease or what a template has in their place,
#: a label: the class of a finding or another named entity.
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
        _between(pairs_of(leg, graph, tables.kin.ancestors), category, ends)
        for leg, ends in zip(spine.legs, pairwise(codes), strict=True)
    ]
    liberal = [make_csr(a, b, a, n) for a, b, _ in pairs]
    strict = [make_csr(a[sure], b[sure], a[sure], n) for a, b, sure in pairs]
    back = [make_csr(b[sure], a[sure], a[sure], n) for a, b, sure in pairs]
    members = [np.flatnonzero(category == code) for code in codes]
    pins = [_pin(spine, at) for at in range(len(codes))]
    return Program(
        n, _stack(liberal), _stack(strict), _stack(back),
        np.array(pins, np.int8), np.array(_margins(spine, settings), np.int8),
        ragged(np.cumsum([0, *map(len, members)]), np.concatenate(members)),
        *_labels(spine, graph, tables, members[-1]),
    )  # fmt: skip


def _pin(spine: Spine, at: int) -> int:
    if spine.clue_of(spine.variables[at].category) is not None:
        return FINDINGS
    is_target = at == len(spine.variables) - 1
    return CLASS if is_target and spine.pin is not None else BARE


def _margins(spine: Spine, settings: MiningSettings) -> list[int]:
    """Return the margin of a step that ends at each variable."""
    diseases = [variable.category == "Disease" for variable in spine.variables]
    full = [settings.margin, *[settings.later_margin] * (len(diseases) - 1)]
    return [margin if sick else 1 for margin, sick in zip(full, diseases, strict=True)]


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
    is_target = np.zeros(n, np.bool_)
    is_target[targets] = True
    found = pairs_of(pin, graph, tables.kin.ancestors)
    a, b, sure = found.where(is_target[found.tails])
    holders = np.where(tables.variable, np.bincount(b[sure], minlength=n), 0).astype(np.int32)
    liberal, strict = make_csr(a, b, a, n), make_csr(a[sure], b[sure], a[sure], n)
    return ragged(*liberal[:2]), ragged(*strict[:2]), holders, False


def _stack(legs: list[Csr]) -> Int32:
    """Return the legs as one ragged table, one after the other."""
    sizes = [np.zeros(1, np.int64), *(np.diff(leg.indptr) for leg in legs)]
    indices = [np.zeros(0, np.int32), *(leg.indices for leg in legs)]
    return ragged(np.cumsum(np.concatenate(sizes)), np.concatenate(indices))


def _between(found: Pairs, category: Int32, ends: tuple[int, int]) -> Pairs:
    """Return the pairs whose ends are of the categories of two variables."""
    return found.where((category[found.tails] == ends[0]) & (category[found.heads] == ends[1]))
