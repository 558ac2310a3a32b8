"""Conjunctions on one core: drawing minimal ones, and exact answer sets beside networkx."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from benchmarks.measure import Result, Setting, at_least

GOAL_RATE, GOAL_RATIO = 100_000.0, 1_000.0
#: Queries in a batch for the kernels, and how many of them networkx is asked.
BATCH, ASKED = 200_000, 200


def measure(setting: Setting) -> Iterator[Result]:
    """Measure in processor time, which a busy machine does not stretch."""
    from kgsynth.graph.store import KnowledgeGraph

    graph = KnowledgeGraph.load(setting.graph)
    for margin in (1, 2):
        rates = _rounds(setting.rounds, drawing(graph, margin))
        rate = statistics.median(rates)
        goal, met = at_least(rate, GOAL_RATE, "conjunctions/s")
        yield Result(
            name=f"draw minimal conjunctions, margin {margin}, one core",
            value=rate,
            unit="conjunctions/s",
            goal=goal,
            met=met,
            spread=(min(rates), max(rates)),
        )
    ours, theirs = _answering(graph)
    rates = _rounds(setting.rounds, ours)
    rate, peer = statistics.median(rates), theirs()
    goal, met = at_least(rate / peer, GOAL_RATIO, "times networkx")
    yield Result(
        name="answer sets of three findings, one core",
        value=rate,
        unit="queries/s",
        peer="networkx",
        ratio=rate / peer,
        goal=goal,
        met=met,
        peer_value=peer,
        spread=(min(rates), max(rates)),
    )


def _rounds(rounds: int, work: Callable[[], float]) -> list[float]:
    work()  # compiles, or loads what is compiled
    return [work() for _ in range(rounds)]


def drawing(graph: Any, margin: int) -> Callable[[], float]:
    """Return what draws a block and tells how many were found in a second of processor time."""
    from kgsynth.paths.conjoin import draw_conjunctions
    from kgsynth.paths.conjunction import empty_drawn, known_diseases
    from kgsynth.paths.desk import make_desk
    from kgsynth.paths.settings import MiningSettings
    from kgsynth.paths.tables import make_tables

    settings = MiningSettings(hops=1, margin=margin, min_rarity=0.0)
    tables = make_tables(graph, settings)
    desk = make_desk(graph, tables)
    known, _ = known_diseases(graph, tables, settings)
    diseases = np.repeat(known, 10)
    drawn = empty_drawn(len(diseases))
    seeds = np.random.default_rng(margin).integers(0, 2**63, len(diseases)).astype(np.uint64)

    def draw() -> float:
        started = time.process_time()
        draw_conjunctions(
            tables, desk, diseases, seeds, margin, settings.max_first_clues, settings.draws,
            drawn.clues, drawn.sizes,
        )  # fmt: skip
        return float((drawn.sizes > 0).sum() / (time.process_time() - started))

    return draw


def _answering(graph: Any) -> tuple[Callable[[], float], Callable[[], float]]:
    """Return both sides: queries a second, each a set of diseases that have three findings."""
    from kgsynth.paths.holders import answer_conjunctions, digest_of
    from kgsynth.paths.settings import MiningSettings
    from kgsynth.paths.tables import make_tables

    tables = make_tables(graph, MiningSettings())
    terms = np.flatnonzero((tables.sets.row >= 0) & (tables.information >= 2)).astype(np.int32)
    queries = np.random.default_rng(0).choice(terms, (BATCH, 3))
    sizes = np.zeros(BATCH, np.int64)
    members = np.zeros((BATCH, 64), np.int32)

    digest = digest_of(tables.sets)

    def ours() -> float:
        started = time.process_time()
        answer_conjunctions(tables.sets, digest, queries, sizes, members)
        return BATCH / (time.process_time() - started)

    def theirs() -> float:
        asked = random.Random(0).sample(range(BATCH), ASKED)
        return _networkx_rate(graph, queries, asked, sizes)

    return ours, theirs


def _networkx_rate(graph: Any, queries: Any, asked: list[int], sizes: Any) -> float:
    """Answer some queries by networkx: of each term, all that lead to it.

    The answers are compared with ours; making the graph is not counted.
    """
    import networkx as nx

    world: Any = nx.DiGraph()
    findings = graph.column("category").to_numpy(zero_copy_only=False) == "PhenotypicFeature"
    for name in ("has_phenotype", "subclass_of"):
        csr = graph.csr(name)
        tails = np.repeat(np.arange(len(graph)), np.diff(csr.indptr))
        # Kinds of a disease do not have its findings.
        kept = findings[csr.indices]
        world.add_edges_from(zip(tails[kept].tolist(), csr.indices[kept].tolist(), strict=True))
    annotated = set(np.flatnonzero(np.diff(graph.csr("has_phenotype").indptr)).tolist())
    started = time.process_time()
    for at in asked:
        found = (nx.ancestors(world, int(term)) & annotated for term in queries[at])
        if len(set.intersection(*found)) != sizes[at]:
            raise ValueError(f"networkx and the kernel differ in query {at}")
    return len(asked) / (time.process_time() - started)
