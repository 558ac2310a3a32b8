"""Other miners' rules and ours on the same graph: questions a second, and how many hold.

A question of theirs names the nodes that its rule starts from and asks for the node at its end. It
is *unique* if the graph has one answer to it, *shorter* if fewer edges join its ends than it counts
as hops, and *valid* if the checker finds rules U, S, M, N and H kept at margin 1 (what R asks of
ours, and I, G and L, is not asked of theirs). Both times are of the bare search, without words.
"""

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

from benchmarks.measure import Result, Setting
from benchmarks.peer_rules import RULES, Knots, Rule, Walk
from kgsynth.checks.base import CheckSettings, Context
from kgsynth.checks.uniqueness import check_steps
from kgsynth.graph.answers import Solver
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import (
    NOT_CHECKED,
    Binding,
    Candidate,
    Difficulty,
    Kind,
    Provenance,
    Query,
    QueryEdge,
    Rarity,
    Row,
    Variable,
)

#: Questions that are judged of each rule, and processor seconds that it may take for them.
JUDGED, SECONDS = 200, 20.0

#: Rules that make no path: named nodes around an answer.
CONJUNCTIONS = frozenset({"BetaE 2i", "BetaE 3i"})

#: Solutions of a question that are looked at: so many with one answer count as unique.
SOLUTIONS = 20_000

#: What a question must not break to be called valid.
BROKEN = frozenset(
    {"not_unique", "not_stepwise", "not_robust", "not_minimal", "skippable_hop", "dishonest_hop"}
)


def measure(setting: Setting) -> Iterator[Result]:
    """Measure every rule in processor time; its shape decides which of our kernels it stands by."""
    graph = KnowledgeGraph.load(setting.graph)
    ours = {
        "chains": _median(setting.rounds, lambda: _chains(graph)),
        "conjunctions": _median(setting.rounds, lambda: _conjunctions(graph)),
    }
    knots = Knots(graph)
    for name, rule in RULES.items():
        shape = "conjunctions" if name in CONJUNCTIONS else "chains"
        yield _peer(graph, knots, name, rule, shape, ours[shape])


def _median(rounds: int, work: Callable[[], float]) -> float:
    work()  # compiles, or loads what is compiled
    return statistics.median(work() for _ in range(rounds))


def _chains(graph: KnowledgeGraph) -> float:
    """Return valid four-hop chains to a finding in a second, default margins, every fit spine."""
    from kgsynth.paths import mining
    from kgsynth.paths.chain import Miner
    from kgsynth.paths.settings import MiningSettings
    from kgsynth.paths.spines import load_spines

    settings = MiningSettings(hops=4, min_rarity=0.0)
    miner = Miner(graph, settings, 0)
    spines = {spine.name: spine for spine in load_spines(4, graph, settings.template)}
    lode = miner.lode(spines["chain-dgdp"])
    started = time.process_time()
    codes = miner.try_all(lode)
    return int((codes == mining.ACCEPTED).sum()) / (time.process_time() - started)


def _conjunctions(graph: KnowledgeGraph) -> float:
    """Return minimal conjunctions of findings in a second, margin 2."""
    from benchmarks.conjunctions import drawing

    return drawing(graph, 2)()


def _peer(
    graph: KnowledgeGraph, knots: Knots, name: str, rule: Rule, shape: str, ours: float
) -> Result:
    walks, seconds = _mine(knots, rule)
    unique, shorter, valid = (
        sum(verdicts) / max(1, len(walks))
        for verdicts in zip(*(judge(graph, knots, walk) for walk in walks), strict=True)
    )
    rate = len(walks) / seconds
    return Result(
        name=f"valid {shape}",
        value=ours,
        unit="valid/s",
        peer=name,
        peer_value=rate * valid,
        ratio=ours / (rate * valid) if valid else None,
        spread=(ours, ours),
        remark=f"{_rate(rate)}/s, {unique:.1%} unique, {valid:.1%} valid, {shorter:.0%} shorter",
    )


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def _mine(knots: Knots, rule: Rule) -> tuple[list[Walk], float]:
    """Return questions of a rule, and the processor seconds that it took, misses included."""
    draw = Random(0)
    walks = list[Walk]()
    started = time.process_time()
    while len(walks) < JUDGED and time.process_time() - started < SECONDS:
        walk = rule(knots, draw)
        if walk:
            walks.append(walk)
    return walks, time.process_time() - started


def judge(graph: KnowledgeGraph, knots: Knots, walk: Walk) -> tuple[bool, bool, bool]:
    """Say of a question whether it is unique, shorter than it counts, and valid."""
    row = _row(graph, walk)
    shorter = _distance(knots, walk.spine[0], walk.answer) < len(walk.spine) - 1
    if not _is_unique(graph, row.query):
        return False, shorter, False
    found = check_steps(Context.of(row, graph, CheckSettings(margin=1)))
    return True, shorter, not any(finding.code in BROKEN for finding in found)


def _is_unique(graph: KnowledgeGraph, query: Query) -> bool:
    """Say whether a query has one answer; a long one has more solutions than memory holds."""
    answers = set[int]()
    for solution in islice(Solver.of(graph).solutions(query), SOLUTIONS):
        answers.add(solution[query.target])
        if len(answers) > 1:
            break
    return len(answers) == 1


def _distance(knots: Knots, start: int, goal: int) -> int:
    far = {start: 0}
    queue = deque([start])
    while goal not in far:
        at = queue.popleft()
        for hop in knots.both[at]:
            if hop.to not in far:
                far[hop.to] = far[at] + 1
                queue.append(hop.to)
    return far[goal]


def _row(graph: KnowledgeGraph, walk: Walk) -> Row:
    """Return a question of another rule as a row without words: what the rules look at."""
    nodes = dict.fromkeys(node for s, _, o in walk.edges for node in (s, o))
    hidden = {node: f"?v{at}" for at, node in enumerate(nodes) if node not in walk.named}
    said = {node: graph.id_of(node) for node in walk.named} | hidden
    variables = tuple(Variable(name, graph.category_of(node)) for node, name in hidden.items())
    edges = tuple(QueryEdge(said[s], predicate, said[o]) for s, predicate, o in walk.edges)
    spine = tuple(said[node] for node in walk.spine) if len(walk.spine) > 2 else ()
    query = Query(hidden[walk.answer], variables, edges, spine)
    bindings = tuple(Binding(name, graph.id_of(node)) for node, name in hidden.items())
    kind: Kind = "chain" if spine else "intersection"
    return Row(
        "", kind, "open", len(walk.spine) - 1, "", "", "", "", (), (), Candidate(), "", query,
        bindings, (), "", "", "", (), (), (), "", NOT_CHECKED, Difficulty(0.0, 0, 0, 0, 0.0),
        Rarity(0.0, ""), Provenance("", "", "", 0, "", "", "", (), ()),
    )  # fmt: skip
