"""The arrays that mining kernels read, made once per run from a graph.

Everything is an integer: nodes by their index in the graph, annotated diseases and their findings
by dense numbers of their own, sets of diseases as bit sets of 64-bit words, closed over
``subclass_of`` (a disease with a finding has all its ancestors). Two versions of every relation
stand side by side because a contested statement always counts against a question: *liberal* holds
it (rules U, S, R, H), *strict* does not (rules M and N).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED, REDUNDANT, Csr, make_csr
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import close, fill_bits
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.words import word_tables
from kgsynth.phrasing import abnormality, awkward

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bits = NDArray[np.uint64]
Flags = NDArray[np.bool_]


class Tables(NamedTuple):
    """What the kernels know of a graph; n nodes, nd annotated diseases, nt findings with one.

    Attributes:
        disease_number: shape (n,); the dense number of an annotated disease, else -1.
        disease_node: shape (nd,); the node of a dense number.
        term_number: shape (n,); the row of a finding in the bit sets, else -1.
        liberal: shape (nt, words); the diseases that have a finding, by closure.
        strict: shape (nt, words); the same without contested statements.
        everyone: shape (words,); all annotated diseases.
        pool_indptr: shape (n + 1,); the findings fit as clues of each disease …
        pool: … best first: typical and specific.
        pool_score: shape of ``pool``; bits of information plus four times the frequency.
        ancestors_indptr: shape (n + 1,); the proper ancestors of each node …
        ancestors: … ascending.
        parents_indptr: shape (n + 1,); the direct parents …
        parents: … ascending.
        joined_indptr: shape (n + 1,); whatever a statement joins to a node, kinship aside …
        joined: … ascending, both directions, denials included.
        clue_words_indptr: shape (n + 1,); the words that naming a node puts into a stem …
        clue_words: … ascending.
        secret_words_indptr: shape (n + 1,); the words that would give a node away …
        secret_words: … ascending.
        variable: shape (n,); whether a node may stand for a variable (rule G).
        common_class: shape (n,); whether a finding may be the class that a question asks within.
        members: shape (n,); findings below a finding.
        information: shape (n,), float32; information content in bits, 0 where unknown.
        category: shape (n,); the number of a node's category.
    """

    disease_number: Int32
    disease_node: Int32
    term_number: Int32
    liberal: Bits
    strict: Bits
    everyone: Bits
    pool_indptr: Int64
    pool: Int32
    pool_score: NDArray[np.float32]
    ancestors_indptr: Int64
    ancestors: Int32
    parents_indptr: Int64
    parents: Int32
    joined_indptr: Int64
    joined: Int32
    clue_words_indptr: Int64
    clue_words: Int32
    secret_words_indptr: Int64
    secret_words: Int32
    variable: Flags
    common_class: Flags
    members: Int32
    information: NDArray[np.float32]
    category: Int32


def make_tables(graph: KnowledgeGraph, settings: MiningSettings) -> Tables:
    """Return the arrays for mining chains whose clues are findings of diseases."""
    n = len(graph)
    names = graph.column("category").dictionary_encode()
    category = names.indices.to_numpy().astype(np.int32)
    findings = category == names.dictionary.to_pylist().index("PhenotypicFeature")
    group = graph.column("is_group").to_numpy(zero_copy_only=False)
    up = graph.csr("subclass_of")
    ancestors, words = closure(up), word_tables(graph)
    has = graph.csr("has_phenotype")
    tails = np.repeat(np.arange(n, dtype=np.int32), np.diff(has.indptr))
    disease_number, disease_node = _number(np.unique(tails), n)
    annotated = _with_ancestors(ancestors, np.unique(has.indices))
    term_number, _ = _number(annotated, n)
    sure = (graph.flags[has.rows] & CONTESTED) == 0
    liberal, strict = (
        _bits(disease_number[tails[keep]], has.indices[keep], term_number, ancestors,
              (len(annotated), (len(disease_node) + 63) // 64))
        for keep in (np.ones_like(sure), sure)
    )  # fmt: skip
    information = _floats(graph, "information_content")
    spoken = _spoken(graph, findings)
    pool = _pool(graph, has, tails, findings & ~group & spoken, information, settings)
    joined = _joined(graph)
    return Tables(
        disease_number, disease_node, term_number, liberal, strict, _all(len(disease_node)), *pool,
        ancestors.indptr, ancestors.indices, _own(up.indptr), _own(up.indices),
        joined.indptr, joined.indices, words.clue_indptr, words.clue, words.secret_indptr,
        words.secret, ~group,
        findings & ~group & _askable(graph, findings, spoken),
        np.bincount(ancestors.indices, minlength=n).astype(np.int32), information, category,
    )  # fmt: skip


def closure(up: Csr) -> Csr:
    """Return the proper ancestors of every node, given the parents of every node."""
    indptr = np.zeros(len(up.indptr), np.int64)
    indices = close(_own(up.indptr), _own(up.indices), indptr)
    return Csr(indptr, indices, np.zeros(0, np.int32))


def _own(array: NDArray[Any]) -> NDArray[Any]:
    """Return a writable copy: kernels are compiled once, for plain arrays."""
    return np.array(array)


def _number(members: Int32, n: int) -> tuple[Int32, Int32]:
    numbers = np.full(n, -1, np.int32)
    numbers[members] = np.arange(len(members), dtype=np.int32)
    return numbers, members.astype(np.int32)


def _with_ancestors(ancestors: Csr, nodes: Int32) -> Int32:
    above = [ancestors.of(int(node)) for node in nodes]
    return np.unique(np.concatenate([nodes, *above])).astype(np.int32)


def _bits(
    diseases: Int32, terms: Int32, term_number: Int32, ancestors: Csr, shape: tuple[int, int]
) -> Bits:
    bits = np.zeros(shape, np.uint64)
    fill_bits(bits, diseases, _own(terms), term_number, ancestors.indptr, ancestors.indices)
    return bits


def _all(size: int) -> Bits:
    everyone = np.full((size + 63) // 64, 2**64 - 1, np.uint64)
    if size % 64:
        everyone[-1] = np.uint64(2 ** (size % 64) - 1)
    return everyone


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
) -> tuple[Int64, Int32, NDArray[np.float32]]:
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
    return indptr, terms[order].astype(np.int32), score[order]


def _joined(graph: KnowledgeGraph) -> Csr:
    """Return everything that any statement joins, kinship aside, in both directions."""
    tails, heads = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)]
    for predicate in graph.predicates:
        if predicate == "subclass_of":
            continue
        for negated in (False, True):
            csr = graph.csr(predicate, "forward", negated=negated)
            start = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(csr.indptr))
            tails += [start, csr.indices]
            heads += [csr.indices, start]
    tail, head = np.concatenate(tails), np.concatenate(heads)
    return make_csr(tail, head, np.zeros(len(tail), np.int32), len(graph))
