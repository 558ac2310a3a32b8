"""How others mine questions: the published rule of each, written anew, on plain Python tables.

Each rule is a function ``(knots, draw) -> Walk | None``: what it takes from the graph, and its own
source of chance. `None` is a try that the rule itself turns down. Their graphs hold what a public
builder loads from HPO: diseases with findings, genes and modes of inheritance, and ``is_a``.

Sources: MedResearcher-R1 (arXiv 2508.14880), MedReason (2504.00993), Bottom-up Superintelligence
(2507.13966), DeepDive (2509.10446), BetaE (2010.11465), GraphWalker (2603.28533).
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from kgsynth.graph.store import KnowledgeGraph

PREDICATES = (
    "has_phenotype",
    "gene_associated_with_condition",
    "has_mode_of_inheritance",
    "subclass_of",
)


@dataclass(frozen=True, slots=True)
class Hop:
    """One edge seen from one of its ends: the relation, whether it is read backwards, the end."""

    predicate: str
    inverse: bool
    to: int


#: What a rule gives: edges as (subject, predicate, object), the named nodes, and the answer.
Triple = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Walk:
    """A question as a rule makes it.

    Attributes:
        edges: Its statements, from the first named node to the answer.
        named: The nodes that the question names.
        answer: The node that it asks for.
        spine: The nodes of the longest way, from a named node to the answer.
    """

    edges: tuple[Triple, ...]
    named: tuple[int, ...]
    answer: int
    spine: tuple[int, ...]


class Knots:
    """The nodes with their hops, in both directions and forwards only, as lists."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.both: list[list[Hop]] = [[] for _ in range(len(graph))]
        self.ahead: list[list[Hop]] = [[] for _ in range(len(graph))]
        for predicate in PREDICATES:
            csr = graph.csr(predicate)
            for at in range(len(graph)):
                for end in csr.indices[csr.indptr[at] : csr.indptr[at + 1]].tolist():
                    self.ahead[at].append(Hop(predicate, False, end))
                    self.both[at].append(Hop(predicate, False, end))
                    self.both[end].append(Hop(predicate, True, at))
        self.joined = [at for at, hops in enumerate(self.both) if hops]
        self.starts = [at for at, hops in enumerate(self.ahead) if hops]


Rule = Callable[[Knots, Random], Walk | None]


def chain_of(nodes: Sequence[int], hops: Sequence[Hop]) -> Walk:
    """Return a walk that names its first node and asks for its last."""
    edges = tuple(_triple(at, hop) for at, hop in zip(nodes, hops, strict=False))
    return Walk(edges, (nodes[0],), nodes[-1], tuple(nodes))


def _triple(at: int, hop: Hop) -> Triple:
    return (hop.to, hop.predicate, at) if hop.inverse else (at, hop.predicate, hop.to)


def longest_chain(knots: Knots, draw: Random, size: int = 8, starts: int = 10) -> Walk | None:
    """MedResearcher-R1, ``max_chain``: of ten starts the longest simple path of size/2 nodes."""
    best: tuple[list[int], list[Hop]] = ([], [])
    for start in draw.sample(knots.joined, starts):
        found = _longest(knots, [start], [], size // 2)
        best = max(best, found, key=lambda pair: len(pair[0]))
    return chain_of(*best) if best[1] else None


def _longest(
    knots: Knots, nodes: list[int], hops: list[Hop], most: int
) -> tuple[list[int], list[Hop]]:
    """Try every simple path, to the end: the rule does not stop at the first of full length."""
    best = (nodes, hops)
    if len(nodes) >= most:
        return best
    for hop in knots.both[nodes[-1]]:
        if hop.to not in nodes:
            found = _longest(knots, [*nodes, hop.to], [*hops, hop], most)
            best = max(best, found, key=lambda pair: len(pair[0]))
    return best


def shortest_path(knots: Knots, draw: Random) -> Walk | None:
    """MedReason: one of all shortest paths between an entity asked about and one answered."""
    start, goal = draw.choice(knots.joined), draw.choice(knots.joined)
    before: dict[int, list[tuple[int, Hop]]] = {start: []}
    layer = deque([start])
    while layer and goal not in before:
        found: dict[int, list[tuple[int, Hop]]] = {}
        for at in layer:
            for hop in knots.both[at]:
                if hop.to not in before:
                    found.setdefault(hop.to, []).append((at, hop))
        before.update(found)
        layer = deque(found)
    if goal not in before or goal == start:
        return None
    nodes, hops = [goal], list[Hop]()
    while nodes[-1] != start:
        at, hop = draw.choice(before[nodes[-1]])
        nodes.append(at)
        hops.append(hop)
    return chain_of(nodes[::-1], hops[::-1])


def random_walk(hops: int) -> Rule:
    """Bottom-up: k random edges from a random node, no node twice."""

    def walk(knots: Knots, draw: Random) -> Walk | None:
        return _walk(knots, draw, hops, lambda at: knots.both[at])

    return walk


def bounded_walk(hops: int, least: int = 4, most: int = 8) -> Rule:
    """DeepDive: a long walk over nodes whose degree is neither small nor large."""

    def walk(knots: Knots, draw: Random) -> Walk | None:
        def near(at: int) -> list[Hop]:
            return [hop for hop in knots.both[at] if least <= len(knots.both[hop.to]) <= most]

        return _walk(knots, draw, hops, near)

    return walk


def _walk(knots: Knots, draw: Random, hops: int, near: Callable[[int], list[Hop]]) -> Walk | None:
    nodes, taken = [draw.choice(knots.joined)], list[Hop]()
    for _ in range(hops):
        ways = [hop for hop in near(nodes[-1]) if hop.to not in nodes]
        if not ways:
            return None
        taken.append(draw.choice(ways))
        nodes.append(taken[-1].to)
    return chain_of(nodes, taken)


def narrow_walk(hops: int, most: int = 50) -> Rule:
    """GraphWalker: forwards, a relation by lot, and only where it has at most fifty ends."""

    def walk(knots: Knots, draw: Random) -> Walk | None:
        nodes, taken = [draw.choice(knots.starts)], list[Hop]()
        for _ in range(hops):
            relations = sorted({hop.predicate for hop in knots.ahead[nodes[-1]]})
            if not relations:
                return None
            relation = draw.choice(relations)
            ways = [hop for hop in knots.ahead[nodes[-1]] if hop.predicate == relation]
            fresh = [hop for hop in ways if hop.to not in nodes]
            if len(ways) > most or not fresh:
                return None
            taken.append(draw.choice(fresh))
            nodes.append(taken[-1].to)
        return chain_of(nodes, taken)

    return walk


def grounded(shape: str, most: int = 100) -> Rule:
    """BetaE: a shape grounded backwards from an answer; at most a hundred answers.

    Args:
        shape: ``2p``, ``3p``: a path; ``2i``, ``3i``: so many named neighbours; ``pi``: a named
            neighbour and a path of two.
        most: Answers of the shape as its own traversal finds them; more are turned down.
    """
    branches = {"2p": (2,), "3p": (3,), "2i": (1, 1), "3i": (1, 1, 1), "pi": (2, 1)}[shape]

    def walk(knots: Knots, draw: Random) -> Walk | None:
        answer = draw.choice(knots.joined)
        ways = [_back(knots, draw, answer, length) for length in branches]
        others = [node for nodes, _ in ways for node in nodes[:-1]]
        if answer in others or len(set(others)) < len(others):
            return None
        found = [_reached(knots, *way) for way in ways]
        if len(set.intersection(*found)) > most:
            return None
        edges = tuple(_triple(at, hop) for way in ways for at, hop in zip(*way, strict=False))
        longest = max(ways, key=lambda way: len(way[0]))
        return Walk(edges, tuple(way[0][0] for way in ways), answer, tuple(longest[0]))

    return walk


def _back(knots: Knots, draw: Random, answer: int, length: int) -> tuple[list[int], list[Hop]]:
    """Walk away from an answer; return the way to it from where that ended."""
    nodes, hops = [answer], list[Hop]()
    for _ in range(length):
        hop = draw.choice(knots.both[nodes[-1]])
        hops.append(Hop(hop.predicate, not hop.inverse, nodes[-1]))
        nodes.append(hop.to)
    return nodes[::-1], hops[::-1]


def _reached(knots: Knots, nodes: list[int], hops: list[Hop]) -> set[int]:
    """Return where the relations of a way lead from its first node, over all ways."""
    at = {nodes[0]}
    for hop in hops:
        at = {
            way.to
            for one in at
            for way in knots.both[one]
            if (way.predicate, way.inverse) == (hop.predicate, hop.inverse)
        }
    return at


#: What is compared, by the name under which it is known.
RULES: dict[str, Rule] = {
    "MedResearcher-R1 max_chain": longest_chain,
    "MedReason shortest paths": shortest_path,
    "Bottom-up walk, k = 3": random_walk(3),
    "Bottom-up walk, k = 4": random_walk(4),
    "DeepDive walk, k = 7": bounded_walk(7),
    "GraphWalker walk, k = 2": narrow_walk(2),
    "GraphWalker walk, k = 3": narrow_walk(3),
    "BetaE 2p": grounded("2p"),
    "BetaE 3p": grounded("3p"),
    "BetaE 2i": grounded("2i"),
    "BetaE 3i": grounded("3i"),
    "BetaE pi": grounded("pi"),
}
