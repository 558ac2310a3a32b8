"""Typed paths that a graph can ask about, found from the graph's own statements.

Every walk over its categories and predicates that begins at a disease with findings is a spine
template; how many ways there are to walk it is counted over the arrays, and a sample of its fit
spines is mined, as a run would, to see how many give a question.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.paths import mining
from kgsynth.paths.chain import Miner
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import load_spines
from kgsynth.paths.typed_path import Leg, Spine
from kgsynth.records import Variable

#: What no hop of a question walks: kinds of things, and attributes that say how a disease runs.
_NO_HOP = frozenset({"subclass_of", "has_attribute", "close_match", "similar_to", "related_to"})
#: Findings and modes of inheritance are answers; from them nearly every disease can be reached.
_LAST = frozenset({"PhenotypicFeature", "GeneticInheritance"})
_NO_VARIABLE = frozenset({"OntologyClass", "NamedThing", "Onset", "ClinicalModifier"})

#: Ways to walk a template: fewer give no run, more are walks over hubs that take long to count.
FEWEST_WAYS, MOST_WAYS = 20, 300_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A typed path with what it gives.

    Attributes:
        spine: The template.
        ways: Ways to walk it, kin and shortcuts not looked at.
        fit: Fit spines (rules G and H).
        tried: How many of them were mined.
        valid: How many of those give a question that keeps every rule.
        answers: Different answers of these.
    """

    spine: Spine
    ways: int
    fit: int
    tried: int
    valid: int
    answers: int

    @property
    def expected(self) -> int:
        """How many questions all fit spines would give, by the share of those tried."""
        return round(self.fit * self.valid / self.tried) if self.tried else 0

    def toml(self) -> str:
        """Return the template as TOML, ready for ``kgsynth generate --template``."""
        pin = self.spine.pin
        lines = [
            f"# about {self.expected:,} questions, {self.answers:,} answers among {self.valid:,}",
            f"[{self.spine.name}]",
            f"hops = {self.spine.hops}",
            f'path = "{path_of(self.spine)}"',
            *([f'pin = "{arrow(pin)}"'] if pin else []),
        ]
        return "\n".join(lines)


def arrow(leg: Leg) -> str:
    """Return a leg as templates write it: ``-treats->``."""
    return f"<-{leg.predicate}-" if leg.inverse else f"-{leg.predicate}->"


def path_of(spine: Spine) -> str:
    """Return the path of a template as templates write it."""
    first, *rest = spine.variables
    hops = [f" {arrow(leg)} {v.name}:{v.category}" for leg, v in zip(spine.legs, rest, strict=True)]
    return f"{first.name}:{first.category}{''.join(hops)}"


def suggest(
    graph: KnowledgeGraph,
    hops: int,
    most: int,
    sample: int,
    on_progress: Callable[[int, str], None] = lambda done, name: None,
) -> list[Suggestion]:
    """Return the typed paths of a graph that give questions, those with most of them first.

    Args:
        graph: Any graph that has diseases with findings.
        hops: Edges of the path, the far anchor's included.
        most: Paths to mine samples of: of each sequence of categories the one with most ways to
            walk it, then the second of each.
        sample: Fit spines to mine of each.
        on_progress: Called with the number of paths mined and a name.
    """
    found = _varied(sorted(_paths(graph, hops), key=lambda pair: -pair[1]))[:most]
    miner = Miner(graph, replace(MiningSettings(), hops=hops, min_rarity=0.0), 0)
    suggestions = []
    used: Counter[str] = Counter()
    for at, (spine, ways) in enumerate(found):
        used[spine.name] += 1
        if used[spine.name] > 1:
            spine = replace(spine, name=f"{spine.name}-{used[spine.name]}")
        suggestions.append(_tried(miner, spine, ways, sample))
        on_progress(at + 1, path_of(spine))
    good = [one for one in suggestions if one.valid]
    return sorted(good, key=lambda one: (-one.expected, one.spine.name))


def _varied(found: list[tuple[Spine, int]]) -> list[tuple[Spine, int]]:
    """Return paths so that each sequence of categories comes once before any comes twice."""
    seen: Counter[str] = Counter()
    ranks = []
    for spine, _ in found:
        seen[spine.name] += 1
        ranks.append(seen[spine.name])
    return [pair for _, pair in sorted(zip(ranks, found, strict=True), key=lambda item: item[0])]


def _tried(miner: Miner, spine: Spine, ways: int, sample: int) -> Suggestion:
    lode = miner.lode(spine)
    fit = len(lode.spines)
    lode.spines, lode.seeds = lode.spines[:sample], lode.seeds[:sample]
    status = miner.try_all(lode)
    valid = lode.spines[status == mining.ACCEPTED]
    return Suggestion(spine, ways, fit, len(status), len(valid), len(np.unique(valid[:, -1])))


def _paths(graph: KnowledgeGraph, hops: int) -> Iterator[tuple[Spine, int]]:
    """Yield every typed path that kgsynth has not, with the number of ways to walk it."""
    known = {path_of(_named(spine)) for spine in load_spines()}
    kinds = np.asarray(graph.column("category").to_pylist())
    starts = np.zeros(len(graph), np.float64)
    starts[np.unique(_ends(graph, "has_phenotype")[0])] = 1.0
    starts[kinds != "Disease"] = 0.0
    for legs, categories, ways in _walk(graph, kinds, starts, (), ("Disease",), hops - 1):
        spine = _spine(legs, categories)
        if path_of(spine) not in known:
            yield spine, ways


def _walk(
    graph: KnowledgeGraph,
    kinds: NDArray[np.str_],
    here: NDArray[np.float64],
    legs: tuple[Leg, ...],
    categories: tuple[str, ...],
    left: int,
) -> Iterator[tuple[tuple[Leg, ...], tuple[str, ...], int]]:
    if not left:
        yield legs, categories, int(here.sum())
        return
    for leg in _legs(graph):
        tails, heads = _ends(graph, leg.predicate)
        if leg.inverse:
            tails, heads = heads, tails
        reached = np.bincount(heads, here[tails], minlength=len(graph))
        for category in np.unique(kinds[reached > 0]).tolist():
            if category in _NO_VARIABLE or (category in _LAST and left > 1):
                continue
            there = np.where(kinds == category, reached, 0.0)
            if FEWEST_WAYS <= there.sum() <= MOST_WAYS:
                yield from _walk(
                    graph, kinds, there, (*legs, leg), (*categories, category), left - 1
                )


def _legs(graph: KnowledgeGraph) -> list[Leg]:
    """Return what a hop may walk: known predicates with a direction, both ways."""
    names = [name for name in graph.predicates if name in PREDICATES and name not in _NO_HOP]
    names = [name for name in names if not PREDICATES[name].symmetric]
    both = [Leg(name, inverse) for name in names for inverse in (False, True)]
    return [leg for leg in both if leg != Leg("has_phenotype", inverse=True)]


def _ends(graph: KnowledgeGraph, predicate: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    way: Direction = "forward"
    csr = graph.csr(predicate, way)
    tails = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(csr.indptr))
    return tails, np.asarray(csr.indices)


def _spine(legs: tuple[Leg, ...], categories: tuple[str, ...]) -> Spine:
    words = [one.lower() for one in categories[1:]]
    name = f"chain-{'-'.join(words)}"
    variables = tuple(Variable(f"?v{at}", one) for at, one in enumerate(categories, 1))
    last, target = legs[-1], categories[-1]
    pin: Leg | None = Leg(last.predicate, not last.inverse)
    if last.predicate == "has_phenotype":
        pin = Leg("subclass_of", inverse=False)
    elif target in ("Disease", "GeneticInheritance"):
        pin = None
    return Spine(name, len(variables), variables, legs, 1.0, pin)


def _named(spine: Spine) -> Spine:
    """Return a template with the names of variables that suggestions have."""
    named = [Variable(f"?v{at}", v.category) for at, v in enumerate(spine.variables, 1)]
    return replace(spine, variables=tuple(named))
