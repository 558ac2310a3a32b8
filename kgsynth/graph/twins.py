"""Join the ids that exact mappings call the same, choose who leads, and say what became of each.

`stars` has the rule; this module prepares its input from what the sources state, and keeps for
every mapping whether it joined two ids, was refused and why, or was no exact one to begin with.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.columns import Bool, Int32, Int64, firsts
from kgsynth.graph.mappings import Stated
from kgsynth.graph.stars import SameName, centers

#: Whose ids the others join, and whose id and name lead: first to last, then by the alphabet.
AUTHORITIES = (
    "MONDO",
    "HP",
    "NCBIGene",
    "HGNC",
    "CHEBI",
    "OMIM",
    "ORPHA",
    "DECIPHER",
    "DOID",
    "MESH",
)

#: What becomes of a mapping. *kept*: it does not say that the two are the same; *outside*: no
#: entity of the graph has either id.
MERGED, REFUSED, KEPT, OUTSIDE = DECISIONS = ("merged", "refused", "kept", "outside")

#: Why an exact mapping is refused.
REASONS = {
    "": "",
    "one_authority": "it would join two ids of one authority",
    "several_partners": "several ids of one authority are called the same as it",
    "chain": "its partner stands for something else already, and nothing maps it to that",
    "elsewhere": "each stands for something else already",
    "denied": "a source says that they are not the same",
    "category": "they are things of different kinds",
    "explicit": "equal symbols only, and a source states another partner",
}

#: Categories that may be one thing although two sources file them differently.
_CHEMICALS = ("ChemicalEntity", "SmallMolecule", "Drug", "MolecularMixture")
_APART = ("Disease", "PhenotypicFeature", "Gene", "Protein")


@dataclass
class Decided:
    """What became of the mappings.

    Attributes:
        twins: shape (n_twins, 2), int64; leader and other, ascending.
        decision: shape (n_mappings,), int8; index into `DECISIONS`.
        reason: shape (n_mappings,), int8; index into the keys of `REASONS`.
        alone: shape (n, 2), int64; an id that a refused mapping would have joined, and the id
            that stands alone for it.
    """

    twins: Int64
    decision: NDArray[np.int8]
    reason: NDArray[np.int8]
    alone: Int64

    def why(self, row: int) -> str:
        """Return in words why a mapping is refused."""
        return list(REASONS.values())[int(self.reason[row])]

    @property
    def refused_rows(self) -> Int64:
        """The mappings that are refused."""
        return np.flatnonzero(self.decision == DECISIONS.index(REFUSED))


@dataclass
class Ids:
    """All ids of all sources.

    Attributes:
        texts: The ids, ascending.
        target: shape (n_ids,), int64; what each id stands for; twins are joined in place.
        known: shape (n_ids,); whether some source describes it.
        kinds: shape (n_ids,), int32; index into `categories`, -1 where nobody describes it.
        categories: Names of the categories.
        same_name: Whether two ids bear the same main name.
    """

    texts: pa.Array
    target: Int64
    known: Bool
    kinds: Int32
    categories: list[str]
    same_name: SameName


def join_twins(said: Stated, ids: Ids, lead: Mapping[str, Sequence[str]]) -> Decided:
    """Join twins in ``ids.target`` and return what became of each mapping.

    Args:
        said: Every mapping that a source states.
        ids: All ids; alternative and replaced ones stand for their successors already.
        lead: Category to the authorities whose ids lead its entities, before `AUTHORITIES`.
    """
    one, other = ids.target[said.subject], ids.target[said.object]
    exact = np.flatnonzero(said.exact & (one != other))
    pairs = np.sort(np.stack((one, other), axis=1), axis=1)
    keys = pairs[:, 0] * len(ids.texts) + pairs[:, 1]
    denied = np.isin(keys[exact], keys[said.different])
    joining = _Joining(ids, pairs[exact], said.lexical[exact], denied)
    leader = joining.leaders(lead)
    ids.target[joining.used] = joining.used[leader]
    is_node = np.zeros(len(ids.target), dtype=np.bool_)
    is_node[ids.target[ids.known]] = True
    reason = np.zeros(len(said), dtype=np.int8)
    reason[exact] = joining.reason
    decision = np.full(len(said), DECISIONS.index(MERGED), dtype=np.int8)
    decision[reason > 0] = DECISIONS.index(REFUSED)
    decision[~said.exact] = DECISIONS.index(KEPT)
    decision[~is_node[ids.target[one]] & ~is_node[ids.target[other]]] = DECISIONS.index(OUTSIDE)
    others = np.flatnonzero((leader != np.arange(len(leader))) & is_node[joining.used[leader]])
    twins = joining.used[np.stack((leader[others], others), axis=1)]
    return Decided(twins[np.lexsort(twins.T[::-1])], decision, reason, joining.alone())


class _Joining:
    """The exact mappings between two different ids, over small numbers for the ids they name.

    Attributes:
        used: shape (m,); code of each id.
        pairs: shape (n, 2); the id of better rank first.
        reason: shape (n,), int8; index into `REASONS`, 0 where the two are joined.
        center: shape (m,); see `stars.centers`.
    """

    def __init__(self, ids: Ids, pairs: Int64, lexical: Bool, denied: Bool) -> None:
        self.ids = ids
        self.used, numbers = np.unique(pairs, return_inverse=True)
        self.described = ids.known[self.used]
        self.kinds = ids.kinds[self.used]
        self.rank, self.authorities = ranks(ids.texts.take(pa.array(self.used)))
        pairs = numbers.reshape(-1, 2)
        turned = self.rank[pairs[:, 0]] > self.rank[pairs[:, 1]]
        self.pairs: Int64 = np.where(turned[:, None], pairs[:, ::-1], pairs)
        self.reason = self._unfit(lexical)
        self.reason[denied] = _code("denied")
        self.fit: Int64 = np.unique(self.pairs[self.reason == 0], axis=0)
        self.center = centers(self.fit, self.rank, self.described, self._same_name)
        self._explain()

    def _same_name(self, one: int, other: int) -> bool:
        return self.ids.same_name(int(self.used[one]), int(self.used[other]))

    def _unfit(self, lexical: Bool) -> NDArray[np.int8]:
        """Return why pairs cannot join whatever else is said; 0 where they may."""
        ranks = self.rank[self.pairs]
        reason = np.where(ranks[:, 0] == ranks[:, 1], _code("one_authority"), 0).astype(np.int8)
        families = np.array([*map(_family, self.ids.categories), -1])[self.kinds[self.pairs]]
        apart = (families >= 0).all(axis=1) & (families[:, 0] != families[:, 1])
        reason[(reason == 0) & apart] = _code("category")
        partner = self.pairs * (len(self.authorities) + 1) + ranks[:, ::-1]
        stated = partner[~lexical & (reason == 0)]
        size = len(self.used)
        pair = self.pairs[:, 0] * size + self.pairs[:, 1]
        mended = np.isin(partner[:, 0], stated[:, 0]) | np.isin(partner[:, 1], stated[:, 1])
        mended &= lexical & ~np.isin(pair, pair[~lexical])
        reason[(reason == 0) & mended] = _code("explicit")
        return reason

    def _explain(self) -> None:
        """Say why the pairs that could have joined did not."""
        left = np.flatnonzero(
            (self.reason == 0) & (self.center[self.pairs[:, 0]] != self.center[self.pairs[:, 1]])
        )
        size = len(self.authorities) + 1
        one, other = self.pairs[left].T
        partners = _times(self.fit[:, 1] * size + self.rank[self.fit[:, 0]])
        claims = _times(self.fit[:, 0] * size + self.rank[self.fit[:, 1]])
        alone = self.center[other] == other
        tests = {
            "several_partners": alone & (partners(other * size + self.rank[one]) > 1),
            "one_authority": alone & (claims(one * size + self.rank[other]) > 1),
            "chain": alone,
        }
        codes = [_code(name) for name in tests]
        self.reason[left] = np.select(list(tests.values()), codes, _code("elsewhere"))

    def leaders(self, lead: Mapping[str, Sequence[str]]) -> Int64:
        """Return which id leads the entity of each id; an entity nobody describes has none."""
        order = np.lexsort((self.rank, ~self.described, self.center))
        first = order[firsts(self.center[order])]
        kind = np.full(len(self.used), -1)
        kind[self.center[first]] = np.where(self.described[first], self.kinds[first], -1)
        place = self.rank.astype(np.int64)
        for name, authorities in lead.items():
            if name not in self.ids.categories:
                continue
            mine = kind[self.center] == self.ids.categories.index(name)
            for at, authority in enumerate(reversed(authorities), start=1):
                if authority in self.authorities:
                    place[mine & (self.rank == self.authorities.index(authority))] = -at
        order = np.lexsort((place, self.center))
        best = order[firsts(self.center[order])]
        leader = np.arange(len(self.used))
        leader[self.center[best]] = best
        leader = leader[self.center]
        described = kind[self.center] >= 0
        return np.where(described, leader, np.arange(len(self.used)))

    def alone(self) -> Int64:
        """Return the codes of (partner, id) where the id stands alone: see `Decided.alone`."""
        own = self.center[self.pairs[:, 1]] == self.pairs[:, 1]
        codes = [_code(name) for name in ("one_authority", "several_partners", "chain")]
        found: Int64 = np.unique(self.used[self.pairs[own & np.isin(self.reason, codes)]], axis=0)
        return found


def ranks(texts: pa.Array) -> tuple[Int32, list[str]]:
    """Return the rank of the authority of each id, and the authorities in that order."""
    prefixes = pc.struct_field(pc.extract_regex(texts, "^(?P<prefix>[^:]*)"), "prefix")
    coded = prefixes.dictionary_encode()
    names = coded.dictionary.to_pylist()
    order = sorted(names, key=authority_place)
    rank = np.array([order.index(name) for name in names], dtype=np.int32)
    return rank[coded.indices.to_numpy()], order


def authority_place(prefix: str) -> tuple[int, str]:
    """Return where an authority stands among all: see `AUTHORITIES`."""
    known = AUTHORITIES.index(prefix) if prefix in AUTHORITIES else len(AUTHORITIES)
    return known, prefix


def _family(category: str) -> int:
    if category in _CHEMICALS:
        return len(_APART)
    return _APART.index(category) if category in _APART else -1


def _code(reason: str) -> int:
    return list(REASONS).index(reason)


def _times(keys: Int64) -> Callable[[Int64], Int64]:
    """Return a function from keys to how often each occurs in `keys`."""
    values, counts = np.unique(keys, return_counts=True)

    def count(wanted: Int64) -> Int64:
        at = np.minimum(np.searchsorted(values, wanted), max(len(values) - 1, 0))
        if not len(values):
            return np.zeros(len(wanted), dtype=np.int64)
        return np.where(values[at] == wanted, counts[at], 0)

    return count
