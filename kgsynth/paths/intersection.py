"""Mining intersections: findings that, taken together, only one disease has."""

from collections.abc import Iterator

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, Int32
from kgsynth.paths.conjoin import draw_conjunctions
from kgsynth.paths.conjunction import Conjunctions, Drawn, empty_drawn, known_diseases
from kgsynth.paths.desk import make_desk
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import make_tables, tables_of_first
from kgsynth.records import Mined, Rejection

TEMPLATE = "intersection-findings"


def mine_intersections(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield minimal conjunctions of findings around rare diseases, each with its proof.

    Args:
        graph: The graph; the answers are proved over all of it.
        settings: The bounds of the rules.
        seed: Decides order and draws; the same seed gives the same questions.
        n: The number of rows that the run is for; not looked at, since diseases take turns.
        refuse: Asked last.

    Yields:
        `Mined` questions and a rejection for each failure, until every disease is spent.
    """
    del n
    tables = tables_of_first(make_tables(graph, settings), graph, settings)
    desk = make_desk(graph, tables)

    def draw(diseases: Int32, seeds: Bits) -> Drawn:
        drawn = empty_drawn(len(diseases))
        draw_conjunctions(
            tables, desk, diseases, seeds, settings.margin, settings.max_first_clues,
            settings.draws, drawn.clues, drawn.sizes,
        )  # fmt: skip
        drawn.positives[:] = drawn.sizes
        return drawn

    miner = Conjunctions(graph, settings, tables, desk, TEMPLATE, draw)
    yield from miner.mine(*known_diseases(graph, tables, settings), seed, refuse)
