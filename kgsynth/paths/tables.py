"""The arrays that mining kernels read, made once per run from a graph.

Everything is an integer: nodes by their index in the graph, annotated diseases and their findings
by dense numbers of their own, sets of diseases as bit sets of 64-bit words, closed over
``subclass_of`` (a disease with a finding has all its ancestors). Two versions of every relation
stand side by side because a contested statement always counts against a question: *liberal* holds
it (rules U, S, R, H), *strict* does not (rules M and N).
"""

from typing import Any, NamedTuple

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED, REDUNDANT, Csr
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import any_of, close, fill_bits, marks, ragged
from kgsynth.paths.focus import narrow_pool
from kgsynth.paths.keep import kept
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.words import Words, word_tables
from kgsynth.phrasing import abnormality, awkward

Int32 = NDArray[np.int32]
Bits = NDArray[np.uint64]
Flags = NDArray[np.bool_]


class Kinship(NamedTuple):
    """The closure over ``subclass_of``; ragged tables over nodes, rows ascending.

    Attributes:
        ancestors: The proper ancestors of each node …
        marks: shape (n,), uint64; … and their numbers modulo 64, as bits.
        parents: The direct parents.
    """

    ancestors: Int32
    marks: Bits
    parents: Int32


class Sets(NamedTuple):
    """Sets of annotated diseases; n nodes, nd annotated diseases, nt findings with one.

    Attributes:
        number: shape (n,); the dense number of an annotated disease, else -1.
        node: shape (nd,); the node of a dense number.
        row: shape (n,); the row of a finding in the bit sets, else -1.
        liberal: shape (nt, words); the diseases that have a finding, by closure.
        strict: shape (nt, words); the same without contested statements.
    """

    number: Int32
    node: Int32
    row: Int32
    liberal: Bits
    strict: Bits


class Tables(NamedTuple):
    """What the kernels know of a graph of n nodes; ragged tables are explained in `bits.ragged`.

    Attributes:
        kin: The closure over ``subclass_of``.
        sets: Who has which finding.
        words: Which words name a node, and which would give it away.
        pool: Ragged; the findings fit as clues of each node, best first: typical and specific.
        joined: Ragged; whatever a statement joins to a node, kinship aside, ascending; both
            directions, denials included.
        roots: shape (n,), uint64; the tops of the hierarchies that hold a node, as bits.
        joined_roots: shape (n,), uint64; those of all that is joined to it.
        variable: shape (n,); whether a node may stand for a variable (rule G).
        common_class: shape (n,); whether a finding may be the class that a question asks within.
        members: shape (n,); how many nodes lie below a node.
        information: shape (n,), float32; information content in bits, 0 where unknown.
    """

    kin: Kinship
    sets: Sets
    words: Words
    pool: Int32
    joined: Int32
    roots: Bits
    joined_roots: Bits
    variable: Flags
    common_class: Flags
    members: Int32
    information: NDArray[np.float32]


def make_tables(graph: KnowledgeGraph, settings: MiningSettings) -> Tables:
    """Return the arrays for mining chains whose clues are findings of diseases."""
    bounds = (settings.min_information_bits, settings.min_frequency, settings.min_patients)
    name = "-".join(["tables", *map(str, bounds)])
    return kept(graph, name, Tables, lambda: _make_tables(graph, settings))


def tables_of_first(tables: Tables, graph: KnowledgeGraph, settings: MiningSettings) -> Tables:
    """Return the tables for drawing the clues of the disease that decides on the specialty."""
    specialty = settings.focus.specialty
    if not specialty:
        return tables
    return tables._replace(pool=narrow_pool(tables.pool, graph, specialty))


def _make_tables(graph: KnowledgeGraph, settings: MiningSettings) -> Tables:
    n = len(graph)
    findings = _is_category(graph, "PhenotypicFeature")
    group = graph.column("is_group").to_numpy(zero_copy_only=False)
    parents = ragged(*graph.csr("subclass_of")[:2])
    ancestors = close(parents)
    kin = Kinship(ancestors, marks(ancestors), parents)
    has = graph.csr("has_phenotype")
    tails = np.repeat(np.arange(n, dtype=np.int32), np.diff(has.indptr))
    spoken = _spoken(graph, findings)
    information = _floats(graph, "information_content")
    joined, roots = _joined(graph), _roots(kin)
    return Tables(
        kin,
        _sets(graph, kin.ancestors, has, tails),
        word_tables(graph),
        _pool(graph, has, tails, findings & ~group & spoken, information, settings),
        joined,
        roots,
        any_of(joined, roots),
        ~group,
        findings & ~group & _askable(graph, findings, spoken),
        np.bincount(kin.ancestors[n + 1 :], minlength=n).astype(np.int32),
        information,
    )


def _is_category(graph: KnowledgeGraph, category: str) -> Flags:
    return np.asarray(pc.equal(graph.column("category"), category))


def _sets(graph: KnowledgeGraph, ancestors: Int32, has: Csr, tails: Int32) -> Sets:
    n = len(graph)
    number, node = _number(np.unique(tails), n)
    annotated = np.zeros(n, np.bool_)
    annotated[has.indices] = True
    below = np.repeat(annotated, np.diff(ancestors[: n + 1]))
    annotated[ancestors[n + 1 :][below]] = True
    row, _ = _number(np.flatnonzero(annotated), n)
    shape = (int(annotated.sum()), (len(node) + 63) // 64)
    sure = (graph.flags[has.rows] & CONTESTED) == 0
    liberal, strict = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
    for bits, keep in ((liberal, np.ones_like(sure)), (strict, sure)):
        fill_bits(bits, number[tails[keep]], _own(has.indices[keep]), row, ancestors)
    return Sets(number, node, row, liberal, strict)


def _own(array: NDArray[Any]) -> NDArray[Any]:
    """Return a writable copy: kernels are compiled once, for plain arrays."""
    return np.array(array)


def _number(members: NDArray[Any], n: int) -> tuple[Int32, Int32]:
    numbers = np.full(n, -1, np.int32)
    numbers[members] = np.arange(len(members), dtype=np.int32)
    return numbers, members.astype(np.int32)


def _floats(graph: KnowledgeGraph, column: str) -> NDArray[np.float32]:
    values = graph.column(column).fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(values, np.float32)


def _spoken(graph: KnowledgeGraph, findings: Flags) -> Flags:
    """Say which findings have a name that a clinician would say as it stands."""
    spoken = findings.copy()
    for node in np.flatnonzero(findings):
        spoken[node] = not awkward(graph.name_of(int(node)))
    return spoken


def _askable(graph: KnowledgeGraph, findings: Flags, spoken: Flags) -> Flags:
    """Say which findings a question can ask within: those spoken of, and "abnormality of the …"."""
    askable = spoken.copy()
    synonyms = graph.column("synonyms")
    for node in np.flatnonzero(findings & ~spoken):
        name = graph.name_of(int(node))
        askable[node] = bool(abnormality((name, *synonyms[int(node)].as_py())))
    return askable


def _pool(
    graph: KnowledgeGraph,
    has: Csr,
    tails: Int32,
    fit: Flags,
    information: NDArray[np.float32],
    settings: MiningSettings,
) -> Int32:
    """Return the clues that each disease may be known by (rules I and G), best first."""
    edges = graph.edges()
    low = edges.column("frequency_low").chunk(0).to_numpy(zero_copy_only=False)[has.rows]
    patients = edges.column("patients").chunk(0).fill_null(2**30).to_numpy()[has.rows]
    keep = (
        fit[has.indices]
        & (information[has.indices] >= settings.min_information_bits)
        & ((graph.flags[has.rows] & (CONTESTED | REDUNDANT)) == 0)
        & ~(low < settings.min_frequency)
        & (patients >= settings.min_patients)
    )
    nodes, terms = tails[keep], has.indices[keep]
    score = information[terms] + 4 * np.nan_to_num(low[keep], nan=0.5).astype(np.float32)
    order = np.lexsort((terms, -score, nodes))
    indptr = np.zeros(len(graph) + 1, np.int64)
    np.cumsum(np.bincount(nodes, minlength=len(graph)), out=indptr[1:])
    return ragged(indptr, terms[order])


def _joined(graph: KnowledgeGraph) -> Int32:
    """Return everything that any statement joins, kinship aside, in both directions."""
    near, n = graph.adjacency, len(graph)
    tails = np.repeat(np.arange(n, dtype=np.int64), np.diff(near.starts))
    heads = near.objects.astype(np.int64)
    if "subclass_of" in graph.predicates:
        others = near.kinds >> 1 != graph.predicates.index("subclass_of")
        tails, heads = tails[others], heads[others]
    # Sorting one number a pair takes a tenth of sorting by both ends.
    pairs = np.concatenate((tails << 32 | heads, heads << 32 | tails))
    pairs.sort()
    indptr = np.searchsorted(pairs, np.arange(n + 1, dtype=np.int64) << 32)
    return ragged(indptr, (pairs & 0xFFFFFFFF).astype(np.int32))


def _roots(kin: Kinship) -> Bits:
    """Return the tops above each node as bits; a bit may stand for several tops.

    Where a node is below a term, the term's bits are among its own. A node with no kin has none.
    """
    n = int(kin.parents[0]) - 1
    is_top = np.diff(kin.parents[: n + 1]) == 0
    above = kin.ancestors[n + 1 :]
    tops = np.unique(above[is_top[above]])
    bit = np.zeros(n, np.uint64)
    bit[tops] = np.uint64(1) << (np.arange(len(tops)) % 64).astype(np.uint64)
    return bit | any_of(kin.ancestors, bit)
