"""Which ids stand for the same entity: alternative, obsolete and twin ids become one.

Every id that any source mentions gets an integer, in the order of the ids as text. `Identity`
then says for each what it stands for. Twins are merged on *exact* mappings only, and only one
step: nothing is closed transitively across two sources. A merge that would join two ids of one
authority is refused and reported.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.columns import Bool, Int64, find
from kgsynth.identifiers import prefix_of
from kgsynth.sources.base import Rejections, SourceData

#: Who gives the name and the id of merged entities, first to last.
LEADERS = ("MONDO", "OMIM", "ORPHA", "DECIPHER", "HP", "NCBIGene", "HGNC")

#: Replacement chains are followed this far; a longer one is a loop.
_MAX_REPLACEMENTS = 16


@dataclass
class Identity:
    """What every id stands for.

    Attributes:
        ids: All ids, ascending.
        target: shape (n_ids,), int64; the id (as a code) that leads the entity of each id.
        known: shape (n_ids,); whether some source describes the entity of that very code.
        obsolete: shape (n_ids,); whether a source says the id is obsolete.
        twins: Pairs (leader, other) of codes that were merged, ascending.
        merges: How many ids of each pair of authorities were merged: ``MONDO+OMIM``.
        refused: Codes of the ids whose mapping was refused, one for each mapping.
    """

    ids: pa.Array
    target: Int64
    known: Bool
    obsolete: Bool
    twins: list[tuple[int, int]] = field(default_factory=list)
    merges: Counter[str] = field(default_factory=Counter)
    refused: list[int] = field(default_factory=list)


def rank_of(curie: str) -> int:
    """Return an id's place among the `LEADERS`; authorities not listed come last."""
    prefix = prefix_of(curie)
    return LEADERS.index(prefix) if prefix in LEADERS else len(LEADERS)


def resolve(sources: Mapping[str, SourceData], rejections: Rejections) -> Identity:
    """Return what every id stands for.

    Args:
        sources: Name of each source and what it says.
        rejections: Gets ``ambiguous_alt_id`` and ``merge_refused``.
    """
    ids = _all_ids(sources.values())
    size = len(ids)
    identity = Identity(
        ids, np.arange(size), np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    )
    for data in sources.values():
        identity.known[find(data.entities["id"], ids)] = True
    for name, data in sources.items():
        _add_alternatives(identity, data, name, rejections)
        _add_replacements(identity, data)
    _settle(identity.target)
    _merge(identity, [*_mappings(sources, ids), *_same_symbols(sources, ids)], rejections)
    return identity


def _all_ids(sources: Iterable[SourceData]) -> pa.Array:
    words: list[pa.Array] = []
    for data in sources:
        columns = [
            data.entities["id"],
            data.statements["subject"],
            data.statements["object"],
            data.mappings["subject"],
            data.mappings["object"],
            data.flags["entity"],
            data.signals["entity"],
            pc.list_flatten(data.entities["alt_ids"]),
        ]
        words.extend(pc.unique(column).cast(pa.string()) for column in columns)
        replaced = [*data.replaced, *(one for ids in data.replaced.values() for one in ids)]
        words.append(pa.array(replaced, pa.string()))
    ids = pc.unique(pa.concat_arrays(words))
    return ids.take(pc.sort_indices(ids))


def _add_alternatives(
    identity: Identity, data: SourceData, name: str, rejections: Rejections
) -> None:
    owners = pc.list_parent_indices(data.entities["alt_ids"]).to_numpy()
    if not len(owners):
        return
    mains = find(data.entities["id"], identity.ids)[owners]
    others = find(pc.list_flatten(data.entities["alt_ids"]), identity.ids)
    free = (identity.target[others] == others) & ~identity.known[others]
    _, first = np.unique(others, return_index=True)
    is_first = np.zeros(len(others), dtype=np.bool_)
    is_first[first] = True
    good = free & is_first
    identity.target[others[good]] = mains[good]
    for at in np.flatnonzero(~good).tolist():
        other, main = identity.ids[int(others[at])], identity.ids[int(mains[at])]
        rejections.add(
            f"{name}:{main}",
            "ambiguous_alt_id",
            f"{other} is given as another id of {main}, but stands for something else already",
        )


def _add_replacements(identity: Identity, data: SourceData) -> None:
    codes = find(pa.array(list(data.replaced), pa.string()), identity.ids)
    identity.obsolete[codes] = True
    single = [ids[0] if len(ids) == 1 else "" for ids in data.replaced.values()]
    news = find(pa.array(single, pa.string()), identity.ids)
    free = (news >= 0) & (identity.target[codes] == codes) & ~identity.known[codes]
    identity.target[codes[free]] = news[free]


def _settle(target: Int64) -> None:
    """Follow every chain of replacements to its end, in place."""
    for _ in range(_MAX_REPLACEMENTS):
        further = target[target]
        if np.array_equal(further, target):
            return
        target[:] = further


Mapping_ = tuple[int, int, str, str]  # leader, other, place for reports, kind


def _mappings(sources: Mapping[str, SourceData], ids: pa.Array) -> Iterator[Mapping_]:
    for data in sources.values():
        table = data.mappings
        if not len(table):
            continue
        file = data.files[-1].file if data.files else Path()
        for subject, other, line in zip(
            find(table["subject"], ids).tolist(),
            find(table["object"], ids).tolist(),
            table["line"].to_pylist(),
            strict=True,
        ):
            yield subject, other, f"{file}:{line}", "exact"


def _same_symbols(sources: Mapping[str, SourceData], ids: pa.Array) -> Iterator[Mapping_]:
    """Yield genes of two authorities that bear the same symbol: a lexical mapping."""
    named: dict[str, dict[str, str]] = defaultdict(dict)
    for data in sources.values():
        genes = data.entities.filter(pc.equal(data.entities["category"], "Gene"))
        for curie, symbol in zip(genes["id"].to_pylist(), genes["name"].to_pylist(), strict=True):
            if symbol:  # sources differ in case: C9orf72, C9ORF72
                named[symbol.upper()][curie] = prefix_of(curie)
    shared = sorted(symbol for symbol, curies in named.items() if len(set(curies.values())) > 1)
    claims = []
    for symbol in shared:
        leader, *others = sorted(named[symbol], key=lambda curie: (rank_of(curie), curie))
        claims += [(symbol, leader, other) for other in others]
    leaders = find(pa.array([leader for _, leader, _ in claims], pa.string()), ids).tolist()
    others_ = find(pa.array([other for _, _, other in claims], pa.string()), ids).tolist()
    for (symbol, _, _), leader_code, other_code in zip(claims, leaders, others_, strict=True):
        yield leader_code, other_code, f"symbol {symbol}", "symbol"


def _merge(identity: Identity, mappings: list[Mapping_], rejections: Rejections) -> None:
    """Apply the mappings that join no two ids of one authority and are no second step."""
    ids: list[str] = identity.ids.to_pylist()
    pairs = list(dict.fromkeys((leader, other) for leader, other, _, _ in mappings))
    leaders_of = Counter(other for _, other in pairs)
    others_of = Counter((leader, prefix_of(ids[other])) for leader, other in pairs)
    leads = {leader for leader, _ in pairs}
    for leader, other, place, kind in mappings:
        prefix = prefix_of(ids[other])
        problem = ""
        if leaders_of[other] > 1:
            problem = f"{leaders_of[other]} entities claim {ids[other]}"
        elif others_of[leader, prefix] > 1 or prefix == prefix_of(ids[leader]):
            problem = f"it would join {others_of[leader, prefix]} ids of {prefix} in {ids[leader]}"
        elif other in leads or identity.target[other] != other or not identity.known[leader]:
            problem = f"{ids[other]} or {ids[leader]} stands for something else already"
        if problem:
            identity.refused.append(other)
            detail = f"{ids[leader]} and {ids[other]} ({kind} mapping): {problem}"
            rejections.add(place, "merge_refused", detail)
        else:
            identity.target[other] = leader
            identity.twins.append((leader, other))
            identity.merges[f"{prefix_of(ids[leader])}+{prefix}"] += 1
    identity.twins.sort()
    _settle(identity.target)
