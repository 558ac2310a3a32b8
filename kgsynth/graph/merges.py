"""Who says that two ids mean the same, and what became of it: ``merges.parquet``.

A row is one source's word for one mapping: ``subject``, ``predicate`` (exact, close, broad, narrow,
related) and ``object`` as stated; ``source``, its ``version``, the ``justification`` and the
``place`` in its file; ``decision`` (merged, refused, kept: not exact), the ``reason`` of a refusal
(a key of `twins.REASONS`) and the ``leader``: the id of the entity where the two are one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kgsynth.graph.columns import decode
from kgsynth.graph.identity import Identity
from kgsynth.graph.twins import DECISIONS, MERGED, OUTSIDE, REASONS

#: The file in a graph folder.
FILE = "merges.parquet"


@dataclass(frozen=True, slots=True)
class Merge:
    """One source's word for one mapping, and what became of it; see the head of this module."""

    subject: str
    predicate: str
    object: str
    source: str
    version: str
    justification: str
    place: str
    decision: str
    reason: str
    leader: str


def merge_table(identity: Identity, versions: Mapping[str, str]) -> pa.Table:
    """Return the mappings that concern the graph, in the order of loading.

    Args:
        identity: What every id stands for.
        versions: Version of each source.
    """
    said, decided = identity.mappings, identity.decided
    rows = np.flatnonzero(decided.decision != DECISIONS.index(OUTSIDE))
    take = pa.array(rows)
    target = identity.target[said.subject[rows]]
    joined = decided.decision[rows] == DECISIONS.index(MERGED)
    source = said.source.take(take).dictionary_encode()
    version = pa.array([versions.get(name, "") for name in source.dictionary.to_pylist()])
    columns = {
        "subject": identity.ids.take(pa.array(said.subject[rows])),
        "predicate": said.predicate.take(take),
        "object": identity.ids.take(pa.array(said.object[rows])),
        "source": source.cast(pa.string()),
        "version": version.cast(pa.string()).take(source.indices),
        "justification": said.justification.take(take),
        "place": pc.replace_substring_regex(said.place.take(take), r"^.*[/\\]", ""),
        "decision": decode(decided.decision[rows], pa.array(DECISIONS)),
        "reason": decode(decided.reason[rows], pa.array(list(REASONS))),
        "leader": pc.fill_null(decode(np.where(joined, target, -1), identity.ids), ""),
    }
    return pa.table({one.name: columns[one.name] for one in fields(Merge)})


def merge_counts(identity: Identity) -> dict[str, int]:
    """Return how many mappings were merged, refused, kept, or have no entity in the graph."""
    found = np.bincount(identity.decided.decision, minlength=len(DECISIONS)).tolist()
    return dict(zip(DECISIONS, found, strict=True))


def read_merges(folder: Path) -> pa.Table:
    """Return the mappings of a graph folder; no row where it was built without any."""
    file = folder / FILE
    if not file.is_file():
        return pa.table({one.name: pa.array([], pa.string()) for one in fields(Merge)})
    return pq.read_table(file)


def merges_of(table: pa.Table, ids: list[str]) -> list[Merge]:
    """Return the mappings that name one of some ids, exact ones first.

    Args:
        table: From `read_merges`.
        ids: The id of an entity and all that stand for it.
    """
    names = pa.array(ids, pa.string())
    mine = pc.or_(pc.is_in(table["subject"], names), pc.is_in(table["object"], names))
    rows = [Merge(**row) for row in table.filter(mine).to_pylist()]
    return sorted(rows, key=lambda row: (row.predicate != "exact", row.decision, row.object))
