"""Mining lists: findings that two to ten diseases share, all of which are the answer."""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32, fill_bits
from kgsynth.paths.conjunction import Conjunctions, Drawn, empty_drawn, known_diseases
from kgsynth.paths.desk import make_desk
from kgsynth.paths.gather import MOST_MEMBERS, draw_lists
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables, make_tables, tables_of_first
from kgsynth.records import Mined, Rejection

_RUNS_ON = re.compile(r"[,;]|\b(?:and|or)\b", re.IGNORECASE)

TEMPLATE = "list-findings"

#: Clue sets tried for a disease; most leave somebody who is no individual disease.
DRAWS = 32

#: Most findings that a list is asked by.
MOST_FINDINGS = 4


def mine_lists(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield conjunctions with their complete answer sets; see `intersection.mine_intersections`.

    The answers are two to ten individual diseases, no two of them kin, each of which has every
    clue as often as rule I asks for. Whoever is not among them fails ``margin`` clues.
    """
    del n
    tables = tables_of_first(make_tables(graph, settings), graph, settings)
    desk = make_desk(graph, tables)
    typical = _typical(graph, tables, settings)
    listable = tables.variable & _named_in_one(graph)
    met = np.zeros(MOST_MEMBERS, np.int32)

    def draw(diseases: Int32, seeds: Bits) -> Drawn:
        drawn = empty_drawn(len(diseases))
        draw_lists(
            tables, desk, typical, listable, diseases, seeds, settings.margin,
            MOST_FINDINGS + settings.margin - 1, DRAWS, drawn.clues, drawn.sizes, met,
        )  # fmt: skip
        drawn.positives[:] = drawn.sizes
        return drawn

    diseases, weight = known_diseases(graph, tables, settings)
    fit = listable[diseases]
    miner = Conjunctions(graph, settings, tables, desk, TEMPLATE, draw)
    yield from miner.mine(diseases[fit], weight[fit], seed, refuse)


def _named_in_one(graph: KnowledgeGraph) -> NDArray[np.bool_]:
    """Say whose name reads as one in a list; "ataxia, type 2" does not."""
    phrases = graph.column("phrase").to_pylist()
    return np.array([_RUNS_ON.search(phrase or "") is None for phrase in phrases], np.bool_)


def _typical(graph: KnowledgeGraph, tables: Tables, settings: MiningSettings) -> Bits:
    """Return who has which finding in enough patients, where that is recorded (rule I).

    What a source says of the finding itself decides; where none does, the best of what is said of
    more specific ones.
    """
    has = graph.csr("has_phenotype")
    tails = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(has.indptr))
    shares = graph.edges().column("frequency_low").chunk(0).to_numpy(zero_copy_only=False)
    seldom = shares[has.rows] < settings.min_frequency
    bits = np.zeros_like(tables.sets.liberal)
    numbers = tables.sets.number[tails]
    often = ~seldom
    terms = np.array(has.indices[often])
    fill_bits(bits, numbers[often], terms, tables.sets.row, tables.kin.ancestors)
    rows, members = tables.sets.row[has.indices[seldom]], numbers[seldom]
    masks = ~(np.uint64(1) << (members & 63).astype(np.uint64))
    np.bitwise_and.at(bits, (rows, members >> 6), masks)
    return bits
