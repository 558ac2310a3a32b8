"""Many descriptions become nodes: one for each entity, its names in one place.

The name is that of the leading id (Mondo's label for a merged disease); what other sources call
the entity becomes a synonym.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.columns import Int32, Int64, decode, encode, find, firsts, lists
from kgsynth.graph.identity import Identity
from kgsynth.graph.twins import ranks
from kgsynth.sources.base import SourceData

_LISTS = ("synonyms", "lay", "related_synonyms", "alt_ids")


@dataclass
class Descriptions:
    """The entity tables of all sources behind each other, best description of a node first.

    Attributes:
        codes: Node codes (places of leading ids in ``identity.ids``), ascending; one each.
        node: shape (n,), int64; row of `codes` that each description is about; ascending.
        table: The descriptions in that order.
        source: shape (n,), int32; index into `sources`.
        sources: Names of the sources, in the order of loading.
    """

    codes: Int64
    node: Int64
    table: pa.Table
    source: Int32
    sources: list[str]


def describe(sources: Mapping[str, SourceData], identity: Identity) -> Descriptions:
    """Put the descriptions of all sources together, those of a leading id first."""
    names = [name for name in sources if len(sources[name].entities)]
    tables = [sources[name].entities for name in names]
    table = pa.concat_tables([_plain(one) for one in tables])
    own = find(table["id"], identity.ids)
    rank = ranks(table["id"].combine_chunks())[0]
    source = np.repeat(np.arange(len(names), dtype=np.int32), [len(one) for one in tables])
    leads = identity.target[own]
    order = np.lexsort((source, own, rank, leads != own, leads))
    codes, node = np.unique(leads[order], return_inverse=True)
    return Descriptions(codes, node, table.take(pa.array(order)), source[order], names)


def _plain(table: pa.Table) -> pa.Table:
    """Return an entity table without dictionaries and null lists."""
    from kgsynth.sources.base import ENTITIES

    return table.cast(ENTITIES) if table.schema != ENTITIES else table


def node_columns(described: Descriptions, identity: Identity) -> dict[str, pa.Array]:
    """Return the columns that come from descriptions alone, one value a node."""
    table, node = described.table, described.node
    size = len(described.codes)
    first = firsts(node)
    names, synonyms = _names(described)
    columns = {
        "id": identity.ids.take(pa.array(described.codes)),
        "name": names,
        "category": _column(table, "category").filter(pa.array(first)),
        "synonyms": synonyms,
        "equivalent_ids": _equivalents(described, identity),
        "definition": _first_given(_column(table, "definition"), node, size),
        "sources": lists(*_distinct(node, described.source, pa.array(described.sources)), size),
    }
    for name in _LISTS[1:]:
        owners, texts = _flat(table, name, node)
        codes, words = encode([texts])
        columns[name] = lists(*_distinct(owners, codes, words), size)
    return columns


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _flat(table: pa.Table, name: str, node: Int64) -> tuple[Int64, pa.Array]:
    """Return a list column as (node, text) pairs, in order."""
    column = _column(table, name)
    owners = pc.list_parent_indices(column).to_numpy()
    return node[owners], pc.list_flatten(column)


def _names(described: Descriptions) -> tuple[pa.Array, pa.Array]:
    """Return each node's name, and its synonyms: other names first, the name itself never."""
    table, node = described.table, described.node
    size = len(described.codes)
    name = _column(table, "name")
    named = np.asarray(pc.and_(name.is_valid(), pc.not_equal(name, "").fill_null(False)))
    rows = np.flatnonzero(named)
    lead = rows[firsts(node[rows])]
    best = np.full(size, -1, dtype=np.int64)
    best[node[lead]] = lead
    ids = _column(table, "id").filter(pa.array(firsts(node)))
    names = pc.coalesce(name.take(pa.array(best, mask=best < 0)), ids)
    others = np.setdiff1d(rows, lead, assume_unique=True)
    owners, texts = _flat(table, "synonyms", node)
    everyone = np.concatenate((np.arange(size), node[others], owners))
    spelled = pc.fill_null(pa.concat_arrays([names, name.take(pa.array(others)), texts]), "")
    coded = spelled.dictionary_encode()  # in no order: they are only compared
    owners, texts = _distinct(everyone, coded.indices.to_numpy(), coded.dictionary)
    _, first = np.unique(owners, return_index=True)
    rest = np.ones(len(owners), dtype=np.bool_)
    rest[first] = False  # the name itself
    return names, lists(owners[rest], texts.filter(pa.array(rest)), size)


def _distinct(owners: Int64, codes: Int32, words: pa.Array) -> tuple[Int64, pa.Array]:
    """Return (owner, text) pairs sorted by owner, first occurrences only, blanks left out."""
    keys = owners * max(1, len(words)) + codes
    _, first = np.unique(keys, return_index=True)
    first = np.sort(first)
    first = first[np.argsort(owners[first], kind="stable")]
    texts = decode(codes[first], words)
    filled = np.asarray(pc.not_equal(texts, ""))
    return owners[first][filled], texts.filter(pa.array(filled))


def _first_given(column: pa.Array, node: Int64, size: int) -> pa.Array:
    rows = np.flatnonzero(np.asarray(column.is_valid()))
    rows = rows[firsts(node[rows])] if len(rows) else rows
    best = np.full(size, -1, dtype=np.int64)
    best[node[rows]] = rows
    return pc.fill_null(column.take(pa.array(best, mask=best < 0)), "")


def _equivalents(described: Descriptions, identity: Identity) -> pa.Array:
    pairs = identity.twins
    place = np.searchsorted(described.codes, pairs[:, 0])
    order = np.lexsort((pairs[:, 1], place))
    others = identity.ids.take(pa.array(pairs[order, 1]))
    return lists(place[order], others, len(described.codes))
