"""A report on a run: what its rows hold, how hard they are, and what their options give away."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kgsynth.datasets.coverage import Coverage, CoverageCount, Wanted
from kgsynth.datasets.report_guess import Guess, guess_all, items_of
from kgsynth.datasets.tally import BARS, Tally, ranked
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says.

    Attributes:
        rows: How many rows there are.
        kinds: Rows by kind, form and hops: ``chain, choice, 4 hops``.
        templates: Rows by spine template.
        answers: Rows by category of the answer.
        entities: Different entities on the way to the answers, by category.
        named: Different entities that questions name, by category.
        coverage: What of the graph the rows cover; None without the graph.
        predicates: Query edges by predicate.
        difficulty: Rows in each tenth of the difficulty score.
        quantiles: Difficulty scores at `tally.QUANTILES` of the rows, by kind, form and hops.
        keys: Rows by the key of the right option.
        yes: Share of proposals that are right; -1 where nothing is proposed.
        reasons: Reasons against wrong options, by reason.
        options: Wrong options by the best reason against them.
        guesses: What guessers reach who see only the options.
        rejected: Questions that went no further, by stage and code.
    """

    rows: int
    kinds: dict[str, int]
    templates: dict[str, int]
    answers: dict[str, int]
    entities: dict[str, int]
    named: dict[str, int]
    coverage: Coverage | None
    predicates: dict[str, int]
    difficulty: list[int]
    quantiles: dict[str, tuple[float, ...]]
    keys: dict[str, int]
    yes: float
    reasons: dict[str, int]
    options: dict[str, int]
    guesses: tuple[Guess, ...]
    rejected: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON can hold it."""
        guesses = [asdict(guess) | {"telling": guess.is_telling} for guess in self.guesses]
        coverage = self.coverage.as_dict() if self.coverage is not None else None
        return asdict(self) | {"guesses": guesses, "coverage": coverage}


@dataclass(slots=True)
class _Seen:
    """What is counted beside the tally."""

    entities: dict[str, set[str]] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)
    predicates: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    options: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        kinds = {entity.id: entity.category for entity in row.entities}
        ends = {end for e in row.query.edges for end in (e.subject, e.object) if end[:1] != "?"}
        bound = {binding.id for binding in row.bindings}
        for ids, where in ((bound, self.entities), (ends, self.named)):
            for curie in ids:
                where.setdefault(kinds.get(curie, "unknown"), set()).add(curie)
        self.predicates.update(edge.predicate for edge in row.query.edges)
        if row.answer_key:
            self.keys[row.answer_key] += 1
        for option in row.options:
            self.reasons.update(reason.reason for reason in option.reasons)
            self.options.update(reason.reason for reason in option.reasons[:1])


def make_report(
    rows: Iterable[Row],
    graph: KnowledgeGraph | None = None,
    rejected: Mapping[str, int] | None = None,
    seed: int = 0,
    wanted: Sequence[Wanted] = (),
) -> Report:
    """Return the report on some rows.

    Args:
        rows: All splits of a run.
        graph: The graph that they were made from; without it coverage is not counted.
        rejected: Rejections by stage and code, from the run's record.
        seed: Decides the parts of the cross-validation.
        wanted: The quotas of the run.
    """
    kept = list(rows)
    tally, seen = Tally(), _Seen()
    cover = CoverageCount(graph, wanted) if graph is not None else None
    for row in kept:
        tally.add(row)
        seen.add(row)
        if cover is not None:
            cover.add(row)
    proposals = [row.answer == "yes" for row in kept if row.form == "yes_no"]
    return Report(
        rows=tally.rows,
        kinds={
            f"{kind}, {form}, {hops} hops": count
            for (kind, form, hops), count in sorted(tally.kinds.items())
        },
        templates=dict(ranked(tally.templates)),
        answers=dict(ranked(tally.answers)),
        entities=_sizes(seen.entities),
        named=_sizes(seen.named),
        coverage=cover.result() if cover is not None else None,
        predicates=dict(ranked(seen.predicates)),
        difficulty=tally.difficulty[:BARS],
        quantiles=tally.quantiles(),
        keys=dict(sorted(seen.keys.items())),
        yes=sum(proposals) / len(proposals) if proposals else -1.0,
        reasons=dict(ranked(seen.reasons)),
        options=dict(ranked(seen.options)),
        guesses=tuple(guess_all(items_of(kept), seed)),
        rejected=dict(rejected or {}),
    )


def _sizes(sets: Mapping[str, set[str]]) -> dict[str, int]:
    return dict(ranked({name: len(ids) for name, ids in sets.items()}))
