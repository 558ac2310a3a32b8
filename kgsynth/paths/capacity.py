"""How many valid questions a graph holds: every fit spine of every template is tried."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import mining
from kgsynth.paths.chain import Miner
from kgsynth.paths.found import CODES
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import Spine, load_spines


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one template can give at one margin.

    Attributes:
        template: The spine template.
        hops: Its hops.
        margin: Clues that every rival fails in a step that ends at a disease.
        fit: Spines that keep rules H and G.
        valid: Spines for which clues were found that keep all rules.
        diseases: Different diseases on valid spines.
        answers: Different answers of valid spines.
        rejected: Spines without such clues, by code.
    """

    template: str
    hops: int
    margin: int
    fit: int
    valid: int
    diseases: int
    answers: int
    rejected: dict[str, int]


def count_capacity(
    graph: KnowledgeGraph,
    hops: int | None,
    margins: tuple[int, ...],
    on_progress: Callable[[int, str], None],
) -> list[Capacity]:
    """Return the capacity of every template at every margin.

    Args:
        graph: The graph.
        hops: Only templates of so many hops; None for all.
        margins: The margins to count at.
        on_progress: Called with the number of counts done.

    Raises:
        UsageError: If there is no template of that many hops.
    """
    found: list[Capacity] = []
    for margin in margins:
        for spine in load_spines(hops, graph):
            # Whatever its rarity: what a run may use of it is the run's choice.
            settings = replace(MiningSettings(), hops=spine.hops, margin=margin, min_rarity=0.0)
            found.append(_count(Miner(graph, settings, 0), spine, margin))
            on_progress(len(found), f"{spine.name}, margin {margin}")
    return sorted(found, key=lambda c: (c.hops, c.template, c.margin))


def _count(miner: Miner, spine: Spine, margin: int) -> Capacity:
    lode = miner.lode(spine)
    status = miner.try_all(lode)
    valid = lode.spines[status == mining.ACCEPTED]
    diseases = [j for j, v in enumerate(spine.variables) if v.category == "Disease"]
    codes, counts = np.unique(status[status != mining.ACCEPTED], return_counts=True)
    rejected = {CODES[int(c)][0]: int(n) for c, n in zip(codes, counts, strict=True)}
    return Capacity(
        spine.name, spine.hops, margin, len(status), len(valid),
        len(np.unique(valid[:, diseases])), len(np.unique(valid[:, -1])), rejected,
    )  # fmt: skip
