"""Mining the longest chains around rare diseases: MedResearcher-R1's rule, made provable.

The rule (Yu et al. 2025, arXiv 2508.14880) takes a rare entity, a bounded part of the graph around
it, and the longest chain in that part. Its chains are hardly ever unique. Here a chain walks typed
paths only, its entities are individual ones without a shortcut, and clues are hung on it until
every step is proved; where no clues of some draws do that, the next longest is tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import Lode, Miner, serves
from kgsynth.paths.order import rare_first
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.spines import load_spines
from kgsynth.records import Mined, Rejection

#: The part of the graph around a rare disease: entities so many hops away from it at most …
RADIUS = 3

#: … and so many chains of one template at a time.
TRIES = 8

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


@dataclass(slots=True)
class _Seam:
    """All fit chains of a template, and where each disease stands on them.

    Attributes:
        miner: Proves them; one for each number of hops.
        lode: The chains in mining order.
        nodes: shape (k,); diseases on chains, ascending …
        rows: shape (k,); … and the chains that they stand on, ascending for each disease.
        tried: shape (chains,); which were tried before.
    """

    miner: Miner
    lode: Lode
    nodes: Int32
    rows: Int64
    tried: NDArray[np.bool_]

    @classmethod
    def of(cls, miner: Miner, lode: Lode) -> "_Seam":
        """Return the chains of a lode by the diseases that no end of them is too far from."""
        last = len(lode.spine.variables) - 1
        columns = [
            at
            for at, variable in enumerate(lode.spine.variables)
            if variable.category == "Disease" and max(at, last - at) <= RADIUS
        ]
        nodes = lode.spines[:, columns].T.ravel()
        rows = np.tile(np.arange(len(lode.spines)), len(columns))
        order = np.lexsort((rows, nodes))
        return cls(miner, lode, nodes[order], rows[order], np.zeros(len(lode.spines), np.bool_))

    def near(self, disease: int) -> Int64:
        """Return the next chains over a disease that were not tried."""
        low, high = np.searchsorted(self.nodes, [disease, disease + 1])
        rows = self.rows[low:high]
        return rows[~self.tried[rows]][:TRIES]

    def prove(self, rows: Int64) -> Iterator[Mined | Rejection]:
        """Yield what becomes of some chains."""
        self.tried[rows] = True
        lode = self.lode
        part = replace(lode, spines=lode.spines[rows], seeds=lode.seeds[rows], at=0)
        yield from self.miner.mine_block(part, len(rows))


def mine_longest(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield for each rare disease the longest chain around it that can be proved, then the next.

    Args:
        graph: The graph; the answers are proved over all of it.
        settings: The bounds of the rules; ``hops`` is the most hops, so rows differ in length.
        seed: Decides order and draws; the same seed gives the same questions.
        n: The number of rows that the run is for; not looked at, since diseases take turns.
        refuse: Asked last.

    Yields:
        `Mined` chains and a rejection for each failure, until every chain was tried.

    Raises:
        UsageError: If the graph has no chain of two hops or more.
    """
    del n
    lengths = _seams(graph, settings, seed)
    seams = [seam for same in lengths for seam in same]
    diseases = np.unique(np.concatenate([np.zeros(0, np.int32), *(s.nodes for s in seams)]))
    left = rare_first(graph, diseases.astype(np.int32), settings, seed, "longest")
    while left:
        fruitful = []
        for disease in left:
            some = False
            for item in _from_one(lengths, disease):
                some = True
                refused = refuse(item) if isinstance(item, Mined) else None
                yield refused or item
                if isinstance(item, Mined) and refused is None:
                    break
            if some:
                fruitful.append(disease)
        left = fruitful


def _seams(graph: KnowledgeGraph, settings: MiningSettings, seed: int) -> list[list[_Seam]]:
    """Return the chains by number of hops, the longest first."""
    spines = [
        spine
        for spine in load_spines(None, graph, settings.template)
        if 2 <= spine.hops <= settings.hops and serves(spine, settings)
    ]
    if not spines:
        raise UsageError(f"{graph.folder}: no chain of 2 to {settings.hops} hops fits")
    found = []
    for hops in sorted({spine.hops for spine in spines}, reverse=True):
        miner = Miner(graph, replace(settings, hops=hops), seed)
        same = [spine for spine in spines if spine.hops == hops]
        found.append([_Seam.of(miner, miner.lode(spine)) for spine in same])
    return found


def _from_one(lengths: list[list[_Seam]], disease: int) -> Iterator[Mined | Rejection]:
    """Yield what becomes of the chains over a disease, the longest first."""
    for same in lengths:
        for seam in same:
            rows = seam.near(disease)
            if len(rows):
                yield from seam.prove(rows)
