"""Which ids stand for the same entity: alternative, obsolete and twin ids become one.

Every id that any source mentions gets an integer, in the order of the ids as text. `Identity`
then says for each what it stands for. Twins are merged on *exact* mappings only, by the rule of
`stars`: each member of an entity was mapped to its center by a statement of its own, nothing is
closed transitively, and a merge that would join two ids of one authority is refused and reported.
Which of an entity's ids leads is another matter, and a setting.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.columns import Bool, Int32, Int64, find
from kgsynth.graph.mappings import Stated, stated
from kgsynth.graph.twins import Decided, Ids, join_twins
from kgsynth.identifiers import prefix_of
from kgsynth.sources.base import Rejections, SourceData

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
        mappings: Every mapping that a source states.
        decided: What became of each mapping.
    """

    ids: pa.Array
    target: Int64
    known: Bool
    obsolete: Bool
    mappings: Stated = field(init=False)
    decided: Decided = field(init=False)

    @property
    def twins(self) -> Int64:
        """Pairs (leader, other) of codes that were merged, ascending; shape (n, 2)."""
        return self.decided.twins

    @property
    def merges(self) -> dict[str, int]:
        """How many ids of each pair of authorities were merged: ``MONDO+OMIM``."""
        ids = self.ids.take(pa.array(self.twins.reshape(-1))).to_pylist()
        found = Counter(
            f"{prefix_of(leader)}+{prefix_of(other)}"
            for leader, other in zip(ids[::2], ids[1::2], strict=True)
        )
        return dict(sorted(found.items()))


def resolve(
    sources: Mapping[str, SourceData],
    rejections: Rejections,
    lead: Mapping[str, Sequence[str]] | None = None,
) -> Identity:
    """Return what every id stands for.

    Args:
        sources: Name of each source and what it says.
        rejections: Gets ``ambiguous_alt_id`` and ``merge_refused``.
        lead: Category to the authorities whose ids lead its entities, before those of
            `twins.AUTHORITIES`.
    """
    ids = _all_ids(sources.values())
    size = len(ids)
    identity = Identity(
        ids, np.arange(size), np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.bool_)
    )
    kinds, categories = _kinds(identity, sources.values())
    for name, data in sources.items():
        _add_alternatives(identity, data, name, rejections)
        _add_replacements(identity, data)
    _settle(identity.target)
    identity.mappings = stated(sources, ids)
    names = _Names(identity.ids, list(sources.values()))
    every = Ids(ids, identity.target, identity.known, kinds, categories, names.same)
    identity.decided = join_twins(identity.mappings, every, lead or {})
    _settle(identity.target)
    _report(identity, rejections)
    return identity


def _report(identity: Identity, rejections: Rejections) -> None:
    said, decided = identity.mappings, identity.decided
    for at in decided.refused_rows.tolist():
        one, other = int(said.subject[at]), int(said.object[at])
        kind = "symbol" if said.lexical[at] else "exact"
        rejections.add(
            said.place[at].as_py(),
            "merge_refused",
            f"{identity.ids[one]} and {identity.ids[other]} ({kind} mapping): {decided.why(at)}",
        )


def _kinds(identity: Identity, sources: Iterable[SourceData]) -> tuple[Int32, list[str]]:
    """Note which ids are described; return the category that the first description gives each."""
    kinds = np.full(len(identity.ids), -1, dtype=np.int32)
    categories: list[str] = []
    for data in sources:
        codes = find(data.entities["id"], identity.ids)
        identity.known[codes] = True
        for name in pc.unique(data.entities["category"]).to_pylist():
            if name not in categories:
                categories.append(name)
        kind = find(data.entities["category"], pa.array(categories, pa.string()))
        new = kinds[codes] < 0
        kinds[codes[new]] = kind[new]
    return kinds, categories


class _Names:
    """The main names of entities, looked up only where a merge depends on them."""

    def __init__(self, ids: pa.Array, sources: list[SourceData]) -> None:
        self._ids = ids
        self._sources = sources
        self._names: dict[str, str] = {}

    def same(self, one: int, other: int) -> bool:
        """Say whether two ids bear the same name; case, accents, signs and spaces do not count."""
        if not self._names:
            for data in reversed(self._sources):  # the first description counts
                ids, names = data.entities["id"].to_pylist(), data.entities["name"].to_pylist()
                self._names.update(zip(ids, names, strict=True))
        first, second = (self._plain(code) for code in (one, other))
        return bool(first) and first == second

    def _plain(self, code: int) -> str:
        name = self._names.get(self._ids[code].as_py()) or ""
        parts = unicodedata.normalize("NFKD", name.casefold())  # Dupré is Dupre
        plain = "".join(c for c in parts if not unicodedata.combining(c))
        return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


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
