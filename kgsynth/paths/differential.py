"""Mining differentials: four to seven findings of a rare disease, and the diseases nearest to it.

A clinician is given more findings than the fewest that would do, and each must earn its place in
telling the diagnosis from the next best ones. So rule M is replaced by rule D here: every clue is
failed by one of the ten nearest rivals. All rivals fail the margin, as in every kind.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32, any_of
from kgsynth.paths.cases import (
    FEW_RIVALS,
    FEWEST_CLUES,
    NO_CLUES,
    NOT_ROBUST,
    SPARE_CLUE,
    draw_cases,
)
from kgsynth.paths.conjunction import Conjunctions, Drawn, empty_drawn, known_diseases
from kgsynth.paths.desk import make_desk
from kgsynth.paths.proof import NEAREST
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables, make_tables, tables_of_first
from kgsynth.records import Mined, Rejection

TEMPLATE = "differential-dp"

#: Why a draw gives no case.
CODES = {
    NO_CLUES: ("no_clues", "too few findings that are typical, specific and give nothing away"),
    NOT_ROBUST: ("not_robust", "a rival fails fewer findings than the margin"),
    FEW_RIVALS: ("few_rivals", "fewer than three other diseases share two of the findings"),
    SPARE_CLUE: ("spare_clue", "a finding speaks against none of the nearest rivals"),
}

#: Findings that only one of the sexes can have, and what lies below them: no case mixes the two.
_FEMALE = ("HP:0010460", "HP:0000140")
_MALE = ("HP:0010461",)


def mine_differentials(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield cases with their nearest rivals; see `intersection.mine_intersections`."""
    del n
    tables = tables_of_first(make_tables(graph, settings), graph, settings)
    desk = make_desk(graph, tables)
    sex = _sexes(graph, tables)
    rivals, masks = np.zeros(NEAREST, np.int32), np.zeros(NEAREST, np.int32)

    def draw(diseases: Int32, seeds: Bits) -> Drawn:
        drawn = empty_drawn(len(diseases))
        draw_cases(
            tables, desk, sex, diseases, seeds, settings.margin, rivals, masks,
            drawn.clues, drawn.sizes,
        )  # fmt: skip
        drawn.positives[:] = drawn.sizes
        return drawn

    diseases, weight = known_diseases(graph, tables, settings, FEWEST_CLUES)
    miner = Conjunctions(graph, settings, tables, desk, TEMPLATE, draw, CODES)
    yield from miner.mine(diseases, weight, seed, refuse)


def _sexes(graph: KnowledgeGraph, tables: Tables) -> NDArray[np.int8]:
    """Return 1 for findings of women only, 2 for those of men only, else 0."""
    own = np.zeros(len(graph), np.uint64)
    for mark, terms in enumerate((_FEMALE, _MALE), 1):
        own[[graph.index_of(term) for term in terms if term in graph]] = mark
    return (own | any_of(tables.kin.ancestors, own)).astype(np.int8)
