"""Mining chains: multi-hop questions that can be solved step by step, each step proved.

`mine_paths` walks every fit spine of every template of the asked number of hops, in an order that
the seed decides and that spreads over diseases, and yields a `Mined` or a `Rejection` for each.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import ahead, mining
from kgsynth.paths.assemble import Recipe
from kgsynth.paths.desk import Desk, make_desk
from kgsynth.paths.first_sets import FirstSets
from kgsynth.paths.fit_spines import fit_spines
from kgsynth.paths.found import Barren, Found, found_of, records_of
from kgsynth.paths.keep import kept
from kgsynth.paths.order import mix, spread
from kgsynth.paths.own_clues import tables_for
from kgsynth.paths.program import Program, compile_spine
from kgsynth.paths.proof import NEAREST, prove_block
from kgsynth.paths.scratch import MOST_CLUES, MOST_RIVALS, Scratch, make_scratch
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.spines import load_spines
from kgsynth.paths.tables import Tables, make_tables, tables_of_first
from kgsynth.paths.typed_path import Clue, Spine
from kgsynth.records import Mined, Rejection
from kgsynth.seeding import derive_seed

#: Spines that a kernel works on at a time: in mining order, and where the order does not matter.
BLOCK, PASS = 256, 65536


class _Fit(NamedTuple):
    """What is kept of a template: its arrays and its fit spines, those alike in a row."""

    program: Program
    spines: NDArray[np.int32]


class Ground(NamedTuple):
    """What the templates with the same clues share: their tables, and room to draw the first."""

    tables: Tables
    desk: Desk


@dataclass(slots=True)
class Lode:
    """The spines of one template in mining order, and how far they are mined.

    Attributes:
        spine: The template …
        tables: … with the tables of its clues …
        program: … and its arrays.
        scratch: Room for the kernels.
        spines: shape (m, nv).
        seeds: shape (m,).
        rank: shape (m,); the place of each spine in an order where those alike are neighbours.
        first: The clue sets of first steps.
        recipe: How what is found is read.
        at: The next spine to mine.
    """

    spine: Spine
    tables: Tables
    program: Program
    scratch: Scratch
    spines: NDArray[np.int32]
    seeds: NDArray[np.uint64]
    rank: NDArray[np.int64]
    first: FirstSets
    recipe: Recipe
    at: int = 0


class Miner:
    """Mines one graph with one set of settings; the expensive arrays are made once."""

    def __init__(self, graph: KnowledgeGraph, settings: MiningSettings, seed: int) -> None:
        self.graph = graph
        self.settings = settings
        self.seed = seed
        self.tables: Tables = make_tables(graph, settings)
        self._grounds: dict[tuple[Clue, ...], Ground] = {}

    def _ground(self, spine: Spine) -> Ground:
        """Return the tables of a template's clues, the same for templates with the same ones."""
        found = self._grounds.get(spine.clues)
        if found is None:
            tables = tables_for(spine, self.graph, self.tables, self.settings)
            found = self._grounds[spine.clues] = Ground(tables, make_desk(self.graph, tables))
        return found

    def lode(self, spine: Spine) -> Lode:
        """Return the fit spines of a template in an order that spreads over rare diseases."""
        s = self.settings
        bounds = (s.min_information_bits, s.min_frequency, s.min_patients, s.margin, s.later_margin)
        name = f"{spine.name}-{derive_seed(0, repr((spine, bounds))):016x}"
        ground = self._ground(spine)
        program, spines = kept(self.graph, name, _Fit, lambda: self._fit(spine, ground.tables))
        scratch = make_scratch(program, ground.tables)
        seed = derive_seed(self.seed, "paths", spine.name)
        seeds = mix(spines, seed)
        order = spread(spines, seeds, _first_disease(spine), self.graph, s)
        ordered = np.ascontiguousarray(spines[order])
        tables = tables_of_first(ground.tables, self.graph, s)
        first = FirstSets(tables, ground.desk, ordered, int(program.margins[0]), s, self.seed)
        recipe = Recipe(spine, tuple(program.margins.tolist()))
        return Lode(
            spine, ground.tables, program, scratch, ordered, seeds[order], order, first, recipe
        )

    def _fit(self, spine: Spine, tables: Tables) -> "_Fit":
        """Compile a template and enumerate its fit spines."""
        program = compile_spine(spine, self.graph, tables, self.settings)
        scratch = make_scratch(program, tables)
        spines = fit_spines(program, tables, self.tables.pool, scratch)
        # By the end of the stem: neighbours then look at the same rivals and the same clues.
        order = np.lexsort((spines[:, -1], *spines[:, :-1].T))
        return _Fit(program, spines[order])

    def dig(self, lode: Lode, size: int = BLOCK) -> Iterator[Found | Barren]:
        """Mine the next spines of a template, and yield what becomes of them as numbers."""
        part = np.arange(lode.at, min(lode.at + size, len(lode.spines)))
        lode.at += len(part)
        status, clues = self._try(lode, part)
        spines, done = lode.spines[part], 0
        good = np.flatnonzero(status == mining.ACCEPTED)
        for place, found in zip(
            good.tolist(), self._prove(lode, spines[good], clues[good]), strict=True
        ):
            if done < place:
                yield Barren(lode.spine, spines[done:place], status[done:place])
            yield found
            done = place + 1
        if done < len(part):
            yield Barren(lode.spine, spines[done:], status[done:])

    def mine_block(self, lode: Lode, size: int = BLOCK) -> Iterator[Mined | Rejection]:
        """Mine the next spines of a template."""
        for item in self.dig(lode, size):
            yield from records_of(item, self.graph)

    def try_all(self, lode: Lode) -> NDArray[np.int64]:
        """Return what becomes of every spine of a template: shape (spines,), codes of `mining`."""
        places = np.argsort(lode.rank[: len(lode.spines)])  # a sample may be all that is left
        codes = np.zeros(len(places), np.int64)
        for at in range(0, len(places), PASS):
            part = places[at : at + PASS]
            codes[part] = self._try(lode, part)[0]
        return codes

    def _try(
        self, lode: Lode, part: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Return the status and the clues of each spine of a part."""
        m, nv = len(part), lode.spines.shape[1]
        order = np.argsort(lode.rank[part], kind="stable")  # neighbours share work
        spines, seeds = lode.spines[part[order]], lode.seeds[part[order]]
        lode.first.draw(spines[:, 0])
        status, clues = np.empty(m, np.int64), np.full((m, nv, MOST_CLUES), -1, np.int32)
        if ahead.is_busy():
            self._prove(lode, spines[:0], clues[:0])  # compiles it meanwhile
        ahead.wait()
        mining.mine_block(
            lode.program, lode.tables, lode.scratch, spines, seeds, self.settings.draws,
            self.settings.max_later_clues, lode.first.sets, lode.first.counts, status, clues,
        )  # fmt: skip
        back = np.argsort(order)
        return status[back], clues[back]

    def _prove(
        self, lode: Lode, spines: NDArray[np.int32], clues: NDArray[np.int32]
    ) -> Iterator[Found]:
        """Yield accepted spines with their proofs."""
        m, nv, _ = clues.shape
        words = lode.tables.sets.liberal.shape[1]
        left = np.zeros(clues.shape, np.int32)
        rivals, masks = (np.full((m, nv, NEAREST), -1, np.int32) for _ in range(2))
        prove_block(
            lode.program, lode.tables, lode.scratch.walk, lode.scratch.rivals,
            np.zeros(MOST_RIVALS, np.int32), np.zeros((MOST_CLUES, words), np.uint64),
            spines, clues, left, rivals, masks,
        )  # fmt: skip
        return found_of(lode.recipe, spines, clues, (left, rivals, masks))


def mine_paths(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield what `find_paths` does, as records."""

    def refuse_other(found: Found) -> Rejection | None:
        return refuse(found.mined(graph))

    for item in find_paths(graph, settings, seed, n, refuse_other):
        if isinstance(item, Rejection):
            yield item
        else:
            yield from records_of(item, graph)


def find_paths(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Callable[[Found], Rejection | None] = lambda found: None,
) -> Iterator[Found | Rejection | Barren]:
    """Yield chains around rare entities, each with its proof, and a rejection for each failure.

    Templates take turns by their shares. No spine comes twice, and no finding is the answer of
    more than ``settings.max_answer_share`` of ``n`` rows.

    Args:
        graph: The graph; its answers are proved over all of it.
        settings: The bounds of the rules.
        seed: Decides order and draws; the same seed gives the same chains.
        n: The number of rows that the run is for.
        refuse: Asked last; what it refuses does not count towards its template's share.

    Yields:
        Chains until every spine is spent; the caller stops when it has enough.

    Raises:
        UsageError: If there is no template of that many hops.
    """
    miner = Miner(graph, settings, seed)
    spines = load_spines(settings.hops, graph, settings.template)
    lodes = [miner.lode(spine) for spine in spines if serves(spine, settings)]
    streams = {lode.spine.name: _stream(miner, lode) for lode in lodes}
    shares = {lode.spine.name: lode.spine.share for lode in lodes}
    most = max(1, int(n * settings.max_answer_share))
    given: Counter[str] = Counter()
    answers: Counter[int] = Counter()
    while streams:
        name = min(streams, key=lambda name: (given[name] + 1) / shares[name])
        for item in streams[name]:
            if isinstance(item, Barren):
                yield item
            elif answers[item.nodes[-1]] >= most and not item.ends_in("GeneticInheritance"):
                yield _spent(item, graph)
            elif refused := refuse(item):
                yield refused
            else:
                given[name] += 1
                answers[item.nodes[-1]] += 1
                yield item
                break
        else:
            del streams[name]
            if not _may_fill(streams, shares):
                return


def _may_fill(streams: Collection[str], shares: dict[str, float]) -> bool:
    """Say whether what is left may fill the run: a template of a small share may not take over."""
    least = 0.1 * max(shares.values())
    return any(shares[name] > least for name in streams)


def _spent(found: Found, graph: KnowledgeGraph) -> Rejection:
    answer = graph.id_of(found.nodes[-1])
    detail = f"{answer} is the answer of as many rows as one finding may be"
    return Rejection(found.name(graph), "paths", "answer_share", detail, found.query(graph))


def serves(spine: Spine, settings: MiningSettings) -> bool:
    """Say whether the questions of a template have the relations and the category asked for."""
    legs = [*spine.legs, *([spine.pin] if spine.pin else [])]
    predicates = ["has_phenotype", *(leg.predicate for leg in legs)]
    return settings.focus.fits(predicates, spine.variables[-1].category)


def _first_disease(spine: Spine) -> int:
    """Return the place of the first disease among a template's variables; 0 where it has none."""
    return next((at for at, v in enumerate(spine.variables) if v.category == "Disease"), 0)


def _stream(miner: Miner, lode: Lode) -> Iterator[Found | Barren]:
    while lode.at < len(lode.spines):
        yield from miner.dig(lode)
