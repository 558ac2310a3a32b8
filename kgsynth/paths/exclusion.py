"""Mining exclusions: findings that several diseases share, of which all but one have another too.

The answer is *denied* to have it: a source states so, of the finding or of a more general one, and
does not rest on one or two patients. The others are ruled out only by what is recorded of them.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED, WEAK, make_csr
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32, ragged
from kgsynth.paths.conjunction import Conjunctions, Drawn, empty_drawn, known_diseases
from kgsynth.paths.deny import Denials, draw_exclusions
from kgsynth.paths.desk import make_desk
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables, make_tables, tables_of_first
from kgsynth.phrasing import awkward
from kgsynth.records import Mined, Rejection

TEMPLATE = "exclusion-findings"

#: Names that say that something is missing; denied, they would be hard to follow.
_NEGATIVE = re.compile(
    r"\b(?:no|non|not|without|normal|absen\w+|lack\w*|loss|agenesis|aplasia|aplastic|anosmia"
    r"|missing|never|unaffected|deficien\w+|inability)\b",
    re.IGNORECASE,
)


def mine_exclusions(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield conjunctions that explicit denials decide; see `intersection.mine_intersections`.

    As many clues are denied as the margin asks for: whoever has all the other findings, and there
    is somebody, fails every denied one.
    """
    del n
    tables = tables_of_first(make_tables(graph, settings), graph, settings)
    desk = make_desk(graph, tables)
    denials = _denials(graph, tables, settings)

    def draw(diseases: Int32, seeds: Bits) -> Drawn:
        drawn = empty_drawn(len(diseases))
        draw_exclusions(
            tables, desk, denials, diseases, seeds, settings.margin,
            settings.max_first_clues + settings.margin - 1, DRAWS, *drawn,
        )  # fmt: skip
        return drawn

    diseases, weight = known_diseases(graph, tables, settings)
    denied = np.diff(denials.stated[: len(graph) + 1])[diseases] > 0
    miner = Conjunctions(graph, settings, tables, desk, TEMPLATE, draw)
    yield from miner.mine(diseases[denied], weight[denied], seed, refuse)


#: Clue sets tried for a disease; most doubles share too little.
DRAWS = 64


def _denials(graph: KnowledgeGraph, tables: Tables, settings: MiningSettings) -> Denials:
    """Return what each disease is firmly denied to have, and what a question may deny.

    A statement of one or two patients is not firm, nor is one that another contradicts.
    """
    csr = graph.csr("has_phenotype", negated=True)
    tails = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(csr.indptr))
    sure = (graph.flags[csr.rows] & (CONTESTED | WEAK)) == 0
    sure &= ~_has_any(tables, csr.indices, tails)
    stated = make_csr(tails[sure], csr.indices[sure], tails[sure], len(graph))
    return Denials(ragged(*stated[:2]), _fit(graph, tables, settings))


def _has_any(tables: Tables, terms: Int32, diseases: Int32) -> NDArray[np.bool_]:
    """Say for pairs of findings and diseases whether any record, contested or not, joins them."""
    sets = tables.sets
    rows, numbers = sets.row[terms], sets.number[diseases]
    words = sets.liberal[rows, numbers >> 6] >> (numbers & 63).astype(np.uint64)
    return np.asarray((rows >= 0) & (numbers >= 0) & (words & np.uint64(1) > 0), np.bool_)


def _fit(graph: KnowledgeGraph, tables: Tables, settings: MiningSettings) -> NDArray[np.bool_]:
    """Say which findings may be denied in a question."""
    fit = (tables.sets.row >= 0) & (tables.information >= settings.min_information_bits)
    for node in np.flatnonzero(fit):
        name = graph.name_of(int(node))
        fit[node] = not (awkward(name) or _NEGATIVE.search(name))
    return fit
