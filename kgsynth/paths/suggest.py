"""Typed paths that a graph can ask about, found from the graph's own statements.

Every walk over its categories and predicates that begins at what clues can pin is a candidate: a
disease with findings, or anything that a relation tells apart. Each sequence of categories is tried
with its widest path first; a sample of its fit spines is mined, as a run would, and what all of
them would give is its rank.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import mining
from kgsynth.paths.chain import Miner
from kgsynth.paths.pins import pinning, startable
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.shapes import LAST, NO_VARIABLE, Shape, Shapes
from kgsynth.paths.spines import load_spines
from kgsynth.paths.typed_path import FINDING, Clue, Leg, Spine
from kgsynth.records import Variable


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
        spine = self.spine
        clues = ", ".join(f'{c.category} = "{c.leg} {c.named}"' for c in spine.clues)
        lines = [
            f"# about {self.expected:,} questions; {self.answers:,} answers among {self.valid:,}",
            f"[{spine.name}]",
            f"hops = {spine.hops}",
            f'path = "{spine.path}"',
            *([f'pin = "{spine.pin}"'] if spine.pin else []),
            *([f"clues = {{ {clues} }}"] if clues else []),
        ]
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """Return the same as plain values."""
        spine = self.spine
        return {
            "name": spine.name, "hops": spine.hops, "path": spine.path,
            "pin": str(spine.pin) if spine.pin else "",
            "clues": {clue.category: f"{clue.leg} {clue.named}" for clue in spine.clues},
            "questions": self.expected, "answers": self.answers, "valid": self.valid,
            "tried": self.tried, "fit": self.fit, "ways": self.ways,
        }  # fmt: skip


def suggest(
    graph: KnowledgeGraph,
    hops: int,
    most: int,
    sample: int,
    on_progress: Callable[[int, str], None] = lambda done, name: None,
    seconds: float = float("inf"),
) -> list[Suggestion]:
    """Return the typed paths of a graph that give questions, those with most of them first.

    Args:
        graph: Any graph.
        hops: Edges of the path, the far anchor's included.
        most: Paths to mine samples of: of each sequence of categories the one with most ways to
            walk it, then the second of each.
        sample: Fit spines to mine of each.
        on_progress: Called with the number of paths mined and a name.
        seconds: CPU time after which no further path is tried.
    """
    started = time.process_time()
    miner = Miner(graph, replace(MiningSettings(), hops=hops, min_rarity=0.0), 0)
    suggestions = []
    used: Counter[str] = Counter()
    for at, (spine, ways) in enumerate(_varied(_candidates(graph, miner, hops))):
        if at == most or time.process_time() - started > seconds:
            break
        used[spine.name] += 1
        if used[spine.name] > 1:
            spine = replace(spine, name=f"{spine.name}-{used[spine.name]}")
        suggestions.append(_tried(miner, spine, ways, sample))
        on_progress(at + 1, spine.path)
    good = [one for one in suggestions if one.valid]
    return sorted(good, key=lambda one: (-one.expected, -one.answers, one.spine.name))


def _varied(found: list[tuple[Spine, int]]) -> list[tuple[Spine, int]]:
    """Return paths so that each sequence of categories comes once before any comes twice.

    Those that begin at a disease and those that begin elsewhere take turns.
    """
    seen: Counter[str] = Counter()
    ranked = []
    for spine, ways in sorted(found, key=lambda pair: -pair[1]):
        seen[spine.name] += 1
        ranked.append((seen[spine.name], spine, ways))
    ranked.sort(key=lambda item: item[0])
    sides = [
        [(spine, ways) for _, spine, ways in ranked if _begins(spine) == side]
        for side in (True, False)
    ]
    return [pair for pair in chain.from_iterable(zip_longest(*sides)) if pair is not None]


def _begins(spine: Spine) -> bool:
    """Say whether a path begins at a disease and is pinned by findings alone."""
    return not spine.clues


def _tried(miner: Miner, spine: Spine, ways: int, sample: int) -> Suggestion:
    lode = miner.lode(spine)
    fit = len(lode.spines)
    lode.spines, lode.seeds = lode.spines[:sample], lode.seeds[:sample]
    status = miner.try_all(lode)
    valid = lode.spines[status == mining.ACCEPTED]
    return Suggestion(spine, ways, fit, len(status), len(valid), len(np.unique(valid[:, -1])))


def _candidates(graph: KnowledgeGraph, miner: Miner, hops: int) -> list[tuple[Spine, int]]:
    """Return the typed paths that kgsynth has not, with the number of ways to walk each."""
    known = {_named(spine).path for spine in load_spines()}
    kinds = sorted(set(graph.column("category").unique().to_pylist()) - NO_VARIABLE)
    pinned = [kind for kind in kinds if kind not in LAST]
    pins = {kind: clue for kind in pinned if (clue := pinning(graph, miner.tables, kind))}
    shapes, found = Shapes(graph), []
    for kind in kinds:
        first = FINDING if kind == FINDING.category else pins.get(kind)
        if first is None:
            continue
        fit = startable(graph, miner.tables, first, miner.settings.margin)
        for shape in shapes.walks(kind, fit, hops):
            for spine in _spines(shape, pins):
                if spine.clues or spine.path not in known:
                    found.append((spine, shape.ways))
    return found


def _spines(shape: Shape, pins: dict[str, Clue]) -> Iterator[Spine]:
    """Yield a template for a shape: with what has to be pinned, and with all that can be."""
    first, *rest = shape.categories
    needed = () if first == FINDING.category else (pins[first],)
    yield _spine(shape, needed)
    more = [kind for kind in dict.fromkeys(rest[:-1]) if kind not in (first, FINDING.category)]
    also = tuple(pins[kind] for kind in more if kind in pins and shape.categories[-1] != kind)
    if also:
        yield _spine(shape, (*needed, *also))


def _spine(shape: Shape, clues: tuple[Clue, ...]) -> Spine:
    kinds = shape.categories
    said = kinds[1:] if kinds[0] == FINDING.category and len(kinds) > 1 else kinds
    pinned = "-pinned" if any(clue.category != kinds[0] for clue in clues) else ""
    variables = tuple(Variable(f"?v{at}", one) for at, one in enumerate(kinds, 1))
    name = f"chain-{'-'.join(one.lower() for one in said)}{pinned}"
    return Spine(name, len(kinds), variables, shape.legs, 1.0, _pin(shape), clues)


def _pin(shape: Shape) -> Leg | None:
    """Return the relation by which a named entity may single the target out."""
    target = shape.categories[-1]
    if not shape.legs:
        return None
    last = shape.legs[-1]
    if last == FINDING.leg:
        return Leg("subclass_of", inverse=False)
    if target in ("Disease", "GeneticInheritance") or target in shape.categories[:1]:
        return None
    return Leg(last.predicate, not last.inverse)


def _named(spine: Spine) -> Spine:
    """Return a template with the names of variables that suggestions have."""
    named = [Variable(f"?v{at}", v.category) for at, v in enumerate(spine.variables, 1)]
    return replace(spine, variables=tuple(named))
