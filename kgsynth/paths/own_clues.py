"""Clues of other sorts than findings: which named entities a template pins its variables by.

The kernels know one sort of clue, a row of a bit set over what may have it. A template that pins
genes by pathways, or drugs by what they treat, gets tables of its own: the columns of the findings'
sets, and behind them one for every gene or drug with such a clue; the rows of the findings, and
below them one for every named entity. A named entity that pins two categories pins neither, so
that what has a clue is always of one category and "all but" counts nothing else.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import ragged
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.statements import Pairs, pairs_of
from kgsynth.paths.tables import Bits, Int32, Sets, Tables
from kgsynth.paths.typed_path import Clue, Spine

#: Letters of a name that a sentence can hold among others of its kind.
LONGEST_NAME = 60
#: Clues that are kept of an entity, the most specific first: hubs have thousands.
MOST_CLUES_OF_ONE = 256
#: Bytes that both bit sets may take together.
MOST_BYTES = 1 << 30


def tables_for(
    spine: Spine, graph: KnowledgeGraph, tables: Tables, settings: MiningSettings
) -> Tables:
    """Return the tables for a template: those of the graph, with its own clues where it has any.

    Args:
        spine: The template.
        graph: The graph.
        tables: The tables whose clues are findings.
        settings: The bounds of the rules; a clue is had by few enough for the least information.

    Raises:
        UsageError: If the sets of the clues do not fit into memory.
    """
    for clue in spine.clues:
        tables = _with(clue, graph, tables, settings)
    return tables


def _with(clue: Clue, graph: KnowledgeGraph, tables: Tables, settings: MiningSettings) -> Tables:
    n, kinds = len(graph), graph.column("category")
    is_holder, is_named = (_of(kinds, name) for name in (clue.category, clue.named))
    found = pairs_of(clue.leg, graph, tables.kin.ancestors)
    taken = tables.sets.row >= 0
    keep = is_holder[found.tails] & is_named[found.heads] & ~taken[found.heads]
    found = found.where(keep)
    sets = _wider(tables.sets, found, n)
    bits = _information(found, n)
    fit = tables.variable & _sayable(graph, found.heads)
    good = found.sure & fit[found.heads] & (bits[found.heads] >= settings.min_information_bits)
    pool = _pool(tables.pool, is_holder, found.where(good), bits)
    information = np.where(bits > 0, bits, tables.information).astype(np.float32)
    return tables._replace(sets=sets, pool=pool, information=information)


def _of(kinds: pa.Array, name: str) -> NDArray[np.bool_]:
    if not name:
        return np.ones(len(kinds), np.bool_)
    return np.asarray(pc.equal(kinds, name))


def _information(found: Pairs, n: int) -> NDArray[np.float32]:
    """Return how much each named entity says, in bits: -log2 of the share of those with a clue."""
    holders = len(np.unique(found.tails))
    counts = np.bincount(found.heads, minlength=n)
    bits = np.zeros(n, np.float32)
    has = counts > 0
    bits[has] = -np.log2(counts[has] / max(holders, 1))
    return bits


def _sayable(graph: KnowledgeGraph, nodes: Int32) -> NDArray[np.bool_]:
    """Say which entities have a name of their own that a list in a sentence can hold."""
    named = np.unique(nodes)
    names = pc.utf8_lower(graph.column("name")).dictionary_encode()
    often = np.bincount(names.indices.to_numpy(), minlength=len(names.dictionary))
    alone = often[names.indices.to_numpy()[named]] == 1
    sayable = np.zeros(len(graph), np.bool_)
    for node in named[alone]:
        name = graph.name_of(int(node))
        sayable[node] = len(name) <= LONGEST_NAME and "," not in name and ";" not in name
    return sayable


def _wider(sets: Sets, found: Pairs, n: int) -> Sets:
    """Return the sets with a column for each entity that has a clue and a row for each clue."""
    number, row = sets.number.copy(), sets.row.copy()
    holders = np.unique(found.tails)
    fresh = holders[number[holders] < 0]
    number[fresh] = len(sets.node) + np.arange(len(fresh), dtype=np.int32)
    node = np.concatenate([sets.node, fresh]).astype(np.int32)
    named = np.unique(found.heads)
    rows, words = sets.liberal.shape[0], (len(node) + 63) // 64
    row[named] = rows + np.arange(len(named), dtype=np.int32)
    shape = (rows + len(named), words)
    if 16 * shape[0] * shape[1] > MOST_BYTES:
        raise UsageError(
            f"{len(named):,} clues over {len(node):,} entities take too much memory; name the "
            'category of the clues, or another relation with fewer: clues = {{ Gene = "-part_of-> '
            'Pathway" }}'
        )
    return Sets(
        number, node, row,
        _filled(sets.liberal, shape, number, row, found),
        _filled(sets.strict, shape, number, row, found.where(found.sure)),
    )  # fmt: skip


def _filled(before: Bits, shape: tuple[int, int], number: Int32, row: Int32, found: Pairs) -> Bits:
    bits = np.zeros(shape, np.uint64)
    bits[: before.shape[0], : before.shape[1]] = before
    column = number[found.tails].astype(np.int64)
    flags = np.uint64(1) << (column & 63).astype(np.uint64)
    np.bitwise_or.at(bits, (row[found.heads], column >> 6), flags)
    return bits


def _pool(
    before: Int32, is_holder: NDArray[np.bool_], found: Pairs, bits: NDArray[np.float32]
) -> Int32:
    """Return the clues of each node, those of a category replaced; the most specific first."""
    n = len(is_holder)
    tails = np.repeat(np.arange(n, dtype=np.int32), np.diff(before[: n + 1]))
    others = ~is_holder[tails]
    order = np.lexsort((found.heads, -bits[found.heads], found.tails))
    own_tails, own_heads = found.tails[order], found.heads[order]
    begins = np.searchsorted(own_tails, own_tails)
    first = np.arange(len(own_tails)) - begins < MOST_CLUES_OF_ONE
    nodes = np.concatenate([tails[others], own_tails[first]])
    heads = np.concatenate([before[n + 1 :][others], own_heads[first]])
    by_node = np.argsort(nodes, kind="stable")
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(nodes, minlength=n), out=indptr[1:])
    return ragged(indptr, heads[by_node])
