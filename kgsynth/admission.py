"""Which mined questions a run goes on with: the parts take turns, and one gate serves them all.

The order of what is admitted depends on graph, settings and seed alone, never on how fast rows are
finished, so a run gives the same rows on one core and on many, and can be continued.
"""

import functools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from kgsynth.datasets.asked_found import Reader
from kgsynth.datasets.sameness import Limits, SamenessGate
from kgsynth.datasets.splits import SMALL_CATEGORY, SplitGate, row_keys
from kgsynth.datasets.totals import Totals
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.pairs import Halves
from kgsynth.parts import Part, parts_of
from kgsynth.paths import CHAIN_MINERS, MINERS
from kgsynth.paths.focus import NO_FOCUS, Focus, is_in_focus
from kgsynth.paths.found import Barren, Found, record_of
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions import FORMS, OWN_FORMS
from kgsynth.questions.blocks import POOL, Blocks
from kgsynth.questions.difficulty_range import DifficultyGate, parse_range
from kgsynth.questions.forms import FormSettings
from kgsynth.records import Mined, Rejection
from kgsynth.registry import load
from kgsynth.runs import RunSettings

#: How many more rows the splits make room for than are asked for: some fail a check.
SLACK = 1.3
#: The same for each option of a form that has any, and how many more wait for others at the end.
SLACK_OF_BLOCKS, WAITING = 1.5, POOL + 300
#: How much more again where only the options decide whether a question is as hard as asked for.
SLACK_OF_RANGE = 4.0


#: Room for more rows than there ever are.
ENDLESS = 1 << 40

#: Failures in a row after which what was found before is finished first, and after which a miner is
#: taken for spent: kinds that draw clues again and again would otherwise go on for hours.
QUIET, SPENT = 256, 200_000


class Job(NamedTuple):
    """A mined question that was admitted, its place in mining order, and the part it is for.

    A chain is still numbers; see `record_of`.
    """

    seq: int
    part: int
    mined: Mined | Found


@dataclass(slots=True)
class Counts:
    """How far a run has come; `finish` counts the stages from what is kept.

    Attributes:
        parts: The parts of the run.
        accepted: Rows that passed every check, by part; never more than the part is to give.
        dry: Whether the miner of each part has nothing left.
        kept: Rejections in the order in which they fell, with the place of the next question and
            their part.
        portions: What the rows of portions come to, of those made in this process's time.
        wording: What a model's ledger counted; empty where templates wrote.
        gates: What each part found out of difficulty, where a range is asked for.
        halves: Pairs of which one question is accepted.
    """

    parts: tuple[Part, ...]
    accepted: list[int] = field(default_factory=list)
    dry: list[bool] = field(default_factory=list)
    kept: list[tuple[int, int, Rejection | Barren]] = field(default_factory=list)
    portions: list[Totals] = field(default_factory=list)
    wording: dict[str, dict[str, int]] = field(default_factory=dict)
    gates: list[DifficultyGate | None] = field(default_factory=list)
    halves: Halves = field(default_factory=Halves)

    @classmethod
    def of(cls, settings: RunSettings, graph: KnowledgeGraph) -> "Counts":
        """Return the counts of a run at its beginning."""
        parts = parts_of(settings, graph)
        gates = [_difficulty_gate(part, graph) for part in parts]
        return cls(parts, [0] * len(parts), [False] * len(parts), gates=gates)

    def accept(self, part: int, keys: str = "") -> None:
        """Count a row; one that a part has no need of is not counted, nor is half a pair.

        Args:
            part: The part that it is for.
            keys: Those of its entry in the journal, which name its pair.
        """
        rows = self.halves.rows(keys)
        self.accepted[part] += 0 if self.has_enough(part) else rows

    def has_enough(self, part: int) -> bool:
        """Say whether a part has all the rows that it is to give."""
        return self.accepted[part] >= self.parts[part].settings.n

    @property
    def total(self) -> int:
        """Rows that count, of all parts."""
        return sum(self.accepted)

    @property
    def is_done(self) -> bool:
        """Whether every part has its rows."""
        return all(map(self.has_enough, range(len(self.parts))))


def mining_settings(settings: RunSettings, focus: Focus = NO_FOCUS) -> MiningSettings:
    """Return what the miner is asked for in a part of a run."""
    return MiningSettings(
        hops=settings.hops,
        margin=settings.margin,
        min_rarity=settings.min_rarity,
        template=settings.template,
        focus=focus,
    )


def admitted(graph: KnowledgeGraph, settings: RunSettings, counts: Counts) -> Iterator[Job]:
    """Yield mined questions in order, numbered; those of parts that have enough are left out.

    Parts take turns by the rows that they are to give, and by how many questions such a row costs.
    A question passes if it is as hard as asked for, if none before asked the same or nearly the
    same, and if the splits have room for it. A miner that fails `SPENT` times in a row has nothing
    left.
    """
    return (job for job in paced(graph, settings, counts) if job is not None)


def rehearse(graph: KnowledgeGraph, settings: RunSettings, only: Collection[int]) -> Counts:
    """Return how many questions some parts of a run would be offered, up to the rows they need.

    What words, options and checks turn down is not known before, so it may be fewer rows.

    Args:
        graph: The graph.
        settings: The settings of the run.
        only: The places of the parts.
    """
    counts = Counts.of(settings, graph)
    for job in paced(graph, settings, counts, only):
        if job is not None:
            counts.accepted[job.part] += 1
            if all(map(counts.has_enough, only)):
                break
    return counts


def paced(
    graph: KnowledgeGraph,
    settings: RunSettings,
    counts: Counts,
    only: Collection[int] | None = None,
) -> Iterator[Job | None]:
    """Yield what `admitted` does, and None each time that `QUIET` questions in a row failed.

    What was yielded before may be all that the run still needs, so it is better finished first.

    Args:
        graph: The graph.
        settings: The settings of the run.
        counts: Says which parts have enough.
        only: The places of the parts that are mined; None for all.
    """
    goal = int(sum(_questions_for(part.settings) for part in counts.parts))
    # Of questions with options many are mined for each one that is given.
    needs = [max(1.0, part.settings.n * SLACK) for part in counts.parts]
    # In a rehearsal no split is full: what can be had is asked, not how it is shared out.
    door = _Doorkeeper(graph, settings, goal, room=goal if only is None else ENDLESS)
    streams = {
        at: in_blocks(_mine(graph, part, counts.gates[at], door), graph, part.settings, door)
        for at, part in enumerate(counts.parts)
        if only is None or at in only
    }
    given = [0] * len(needs)
    seq = 0
    while streams:
        at = min(streams, key=lambda at: ((given[at] + 1) / needs[at], at))
        failed = 0
        for item in streams[at]:
            if isinstance(item, Mined | Found):
                given[at] += 1
                if not counts.has_enough(at):
                    yield Job(seq, at, item)
                seq += 1
                break
            before = failed
            if isinstance(item, Barren):
                item = item.first(SPENT - failed)
                failed += len(item)
            else:
                failed += 1
            if not counts.has_enough(at):
                counts.kept.append((seq, at, item))
            if failed // QUIET > before // QUIET:
                yield None
            if failed == SPENT:
                counts.dry[at] = True
                del streams[at]
                break
        else:
            counts.dry[at] = True
            del streams[at]


def _questions_for(settings: RunSettings) -> float:
    """Return how many mined questions are reckoned for the rows of a part."""
    if not _has_options(settings):
        return max(1.0, settings.n * SLACK)
    more = SLACK_OF_RANGE if settings.difficulty and settings.form == "choice" else 1.0
    size = 2 if settings.form == "yes_no" else settings.options
    return settings.n * size * SLACK_OF_BLOCKS * more + WAITING


def _has_options(settings: RunSettings) -> bool:
    return settings.form in FORMS and settings.kind not in OWN_FORMS


def in_blocks(
    stream: Iterator[Mined | Found | Rejection | Barren],
    graph: KnowledgeGraph,
    settings: RunSettings,
    door: "_Doorkeeper",
) -> Iterator[Mined | Found | Rejection | Barren]:
    """Return the questions of a part with their options, where its form gives any."""
    if not _has_options(settings):
        return stream
    how = FormSettings(settings.options, settings.not_recorded)
    wanted = parse_range(settings.difficulty) if settings.difficulty else None
    blocks = Blocks(graph, settings.form, how, settings.seed, door.split_of, wanted)
    return blocks.group(one.mined(graph) if isinstance(one, Found) else one for one in stream)


def _difficulty_gate(part: Part, graph: KnowledgeGraph) -> DifficultyGate | None:
    s = part.settings
    if not s.difficulty:
        return None
    return DifficultyGate(graph, parse_range(s.difficulty), s.form, s.options, s.n)


def _mine(
    graph: KnowledgeGraph, part: Part, gate: DifficultyGate | None, door: "_Doorkeeper"
) -> Iterator[Mined | Found | Rejection | Barren]:
    settings, focus = part.settings, part.focus

    def refuse(one: Mined | Found) -> Rejection | None:
        if gate or focus != NO_FOCUS:
            mined = record_of(one, graph)
            if not is_in_focus(mined, graph, focus):
                return _refused(mined, graph, "off_quota", _OFF, "paths")
            if gate and (refused := gate.refuse(mined)):
                return refused
        return door.refuse(one)

    if settings.kind == "chain":
        mine = load(CHAIN_MINERS, settings.miner, "miner of chains")
    else:
        mine = load(MINERS, settings.kind, "miner of questions of kind")
    for item in mine(graph, mining_settings(settings, focus), part.seed, part.rows, refuse):
        yield item
        if gate and gate.is_spent:
            return


class _Doorkeeper:
    """Asked by miners before they yield a question; the same for all parts of a run."""

    def __init__(
        self, graph: KnowledgeGraph, settings: RunSettings, goal: int, *, room: int
    ) -> None:
        self._graph, self._sizes = graph, category_sizes(graph)
        small = frozenset(name for name, size in self._sizes.items() if size <= SMALL_CATEGORY)
        self._gate = SplitGate(room, self._sizes)
        self._same = SamenessGate(limits_of(settings), goal, small)
        self._reader = Reader(graph, self._sizes, small)

    def split_of(self, mined: Mined) -> str:
        """Return the split of a question that may go on."""
        return self._gate.split_of(mined)

    def refuse(self, one: Mined | Found) -> Rejection | None:
        """Return why a question may not go on, or None."""
        if isinstance(one, Found):
            asked, keys = self._reader.read(one)
        else:
            asked, keys = self._same.look(one), row_keys(one, self._sizes)
        code, detail = self._same.judge(asked)
        if code:
            return _refused(one, self._graph, code, detail, "selection")
        code = self._gate.admit_keys(keys)
        if code.startswith("split_"):
            return _refused(one, self._graph, code, _WHY)
        self._same.keep(asked)
        return None


def limits_of(settings: RunSettings) -> Limits:
    """Return how alike the questions of a run may be."""
    return Limits(settings.max_overlap, settings.max_alike, settings.max_share)


_OFF = "does not count for the quota, or has no rare disease, that it was mined for"
_WHY = "shares an edge or its answer with rows of another split, or its split is full"


def _refused(
    one: Mined | Found, graph: KnowledgeGraph, code: str, detail: str, stage: str = "splits"
) -> Rejection:
    if isinstance(one, Found):
        return Rejection(one.name(graph), stage, code, detail, one.query(graph))
    ids = ",".join(binding.id for binding in one.bindings)
    return Rejection(f"{one.template}:{ids}", stage, code, detail, one.query)


@functools.lru_cache(maxsize=4)
def category_sizes(graph: KnowledgeGraph) -> dict[str, int]:
    """Return how many entities the graph has of each category."""
    column = graph.column("category")
    return {item["values"]: item["counts"] for item in column.value_counts().to_pylist()}
