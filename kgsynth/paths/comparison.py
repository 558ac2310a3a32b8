"""Mining comparisons: of two named diseases, the one that has more or less of a recorded value.

Compared are the age of onset, prevalence, and the number of causal genes (`MEASURES`). The two
share findings, lie clearly apart by one source, and by lot either of them is the answer: so a
disease that comes up often is right about as often as wrong.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.gene_counts import GeneCounts
from kgsynth.paths.measures import Measure, Neighbours
from kgsynth.paths.onsets import Onsets
from kgsynth.paths.order import rare_first
from kgsynth.paths.prevalences import Prevalences
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables, make_tables
from kgsynth.records import Mined, Rejection
from kgsynth.seeding import derive_rng

#: What is compared; a run takes from each in turn.
MEASURES: tuple[Callable[[KnowledgeGraph], Measure], ...] = (Onsets, Prevalences, GeneCounts)

#: Of so many questions that a disease is named in it is the answer of one.
NAMED = 2


def mine_comparisons(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield comparisons, every rare disease once before any comes again.

    Args:
        graph: The graph.
        settings: The bounds of the rules.
        seed: Decides order and draws.
        n: The number of rows that the run is for: no disease is the answer of more than
            ``settings.max_answer_share`` of them.
        refuse: Asked last.

    Yields:
        `Mined`, and a `Rejection` for each draw that finds nothing to compare with.
    """
    tables = make_tables(graph, settings)
    most = max(1, int(n * settings.max_answer_share))
    miners = (_Miner(graph, tables, make(graph), seed, most) for make in MEASURES)
    yield from _in_turn([miner.mine(settings, refuse) for miner in miners])


def _in_turn(streams: list[Iterator[Mined | Rejection]]) -> Iterator[Mined | Rejection]:
    """Yield from each stream until it has given a question, then from the next, until all end."""
    left = streams
    while left:
        for stream in list(left):
            for item in stream:
                yield item
                if isinstance(item, Mined):
                    break
            else:
                left.remove(stream)


class _Miner:
    """Mines comparisons of one measure."""

    def __init__(
        self, graph: KnowledgeGraph, tables: Tables, measure: Measure, seed: int, most: int
    ) -> None:
        self._graph, self._measure, self._seed = graph, measure, seed
        self._most = min(most, measure.most)
        self._near = Neighbours(tables, measure)
        self._fit = measure.fit[tables.variable[measure.fit]]
        self._seen: set[tuple[int, int]] = set()
        self._named: Counter[int] = Counter()
        self._right: Counter[int] = Counter()

    def mine(self, settings: MiningSettings, refuse: Refuse) -> Iterator[Mined | Rejection]:
        """Yield the questions; every disease starts one in each turn, where it still may."""
        label = f"comparison:{self._measure.name}"
        order = rare_first(self._graph, self._fit, settings, self._seed, label)
        for turn in range(self._most):
            spent = set[int]()
            for disease in order:
                name = f"{label}:{self._graph.id_of(disease)}:{turn}"
                mined = self._draw(disease, derive_rng(self._seed, "paths", name))
                if mined is None:
                    detail = "no disease that shares two findings lies clearly apart from it"
                    yield Rejection(name, "paths", "nothing_apart", detail)
                    spent.add(disease)
                else:
                    yield refuse(mined) or mined
            order = [disease for disease in order if disease not in spent]

    def _draw(self, disease: int, rng: np.random.Generator) -> Mined | None:
        if self._named[disease] >= NAMED * self._most:
            return None
        fresh = [
            other
            for other in self._near.near(disease)
            if (min(other, disease), max(other, disease)) not in self._seen
            and self._named[other] < NAMED * self._most
        ]
        if not fresh:
            return None
        other = fresh[int(rng.integers(len(fresh)))]
        pair = [disease, other] if rng.integers(2) else [other, disease]
        return self._asked(pair, first=bool(rng.integers(2)))

    def _asked(self, pair: Sequence[int], *, first: bool) -> Mined | None:
        """Return the question whose answer is the first that may still be one; named by lot."""
        answer = next((one for one in pair if self._right[one] < self._most), None)
        if answer is None:
            return None
        (other,) = (one for one in pair if one != answer)
        self._seen.add((min(pair), max(pair)))
        self._named.update(pair)
        self._right[answer] += 1
        ids = self._graph.id_of(answer), self._graph.id_of(other)
        return self._measure.mined(*ids, ids if first else ids[::-1])
