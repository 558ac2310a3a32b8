"""What a dataset holds, counted row by row: the figures of its card."""

import operator
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from kgsynth.records import Row

#: Bounds of the difficulty histogram: ten bars of a tenth each.
BARS = 10

#: Where the difficulty scores are read off, as shares of the rows: the easiest row is 0.
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)


@dataclass(slots=True)
class Tally:
    """Counts over rows. Memory grows with the number of different entities, not of rows.

    Attributes:
        rows: How many rows were added.
        kinds: Rows by (kind, form, hops).
        templates: Rows by spine template.
        answers: Rows by category of the answer.
        answer_names: Rows by name of the answer.
        entities: Different entities by category.
        predicates: Citations by predicate.
        sources: Rows that rest on each source, by ``name@version``.
        writers: Rows by writer, and its model where it has one.
        difficulty: Rows in each tenth of the difficulty score.
        scores: How often each difficulty score occurs, by (kind, form, hops).
        risks: Rows by the checker's risk level.
        licenses: Every license named by an evidence or by a row.
    """

    rows: int = 0
    kinds: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    templates: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    answer_names: Counter[str] = field(default_factory=Counter)
    entities: dict[str, set[str]] = field(default_factory=dict)
    predicates: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    writers: Counter[str] = field(default_factory=Counter)
    difficulty: list[int] = field(default_factory=lambda: [0] * BARS)
    scores: dict[tuple[str, str, int], Counter[float]] = field(default_factory=dict)
    risks: Counter[str] = field(default_factory=Counter)
    licenses: set[str] = field(default_factory=set)

    def add(self, row: Row) -> None:
        """Count one row."""
        self.rows += 1
        self.kinds[row.kind, row.form, row.hops] += 1
        # The part after the slash says which phrasing was used.
        self.templates[row.provenance.template.partition("/")[0]] += 1
        self.answers[_answer_category(row)] += 1
        self.answer_names[row.answers[0].name if row.answers else row.answer] += 1
        for entity in row.entities:
            self.entities.setdefault(entity.category, set()).add(entity.id)
        self.predicates.update(edge.predicate for edge in row.edges)
        self.sources.update(set(touched(row)))
        self.licenses.update(row.provenance.licenses)
        self.licenses.update(one.license for edge in row.edges for one in edge.evidence)
        model = f" ({row.provenance.model})" if row.provenance.model else ""
        self.writers[f"{row.provenance.writer}{model}"] += 1
        self.difficulty[min(int(row.difficulty.score * BARS), BARS - 1)] += 1
        key = (row.kind, row.form, row.hops)
        self.scores.setdefault(key, Counter())[row.difficulty.score] += 1
        self.risks[row.verdict.risk] += 1

    def quantiles(self) -> dict[str, tuple[float, ...]]:
        """Return the difficulty at each of `QUANTILES`, by kind, form and hops."""
        return {
            f"{kind}, {form}, {hops} {'hop' if hops == 1 else 'hops'}": tuple(
                quantile(self.scores[kind, form, hops], share) for share in QUANTILES
            )
            for kind, form, hops in sorted(self.scores)
        }

    @property
    def commonest_answer(self) -> tuple[str, float]:
        """The answer that most rows have, and their share: what a guesser would reach."""
        if not self.answer_names:
            return "", 0.0
        name, count = max(self.answer_names.items(), key=lambda item: (item[1], item[0]))
        return name, count / self.rows


def merge(counts: Any, others: Any) -> None:
    """Add one record of counts to another, field by field; what is added is not used any more."""
    for one in fields(counts):
        setattr(counts, one.name, _together(getattr(counts, one.name), getattr(others, one.name)))


def _together(one: Any, other: Any) -> Any:
    """Return what two numbers, sets, lists or tables of numbers come to together."""
    if isinstance(one, Counter | set):
        one.update(other)
    elif isinstance(one, dict):
        for key, value in other.items():
            one[key] = _together(one[key], value) if key in one else value
    elif isinstance(one, list):
        one[:] = map(operator.add, one, other)
    elif is_dataclass(one):
        merge(one, other)
    else:
        return one + other
    return one


def quantile(counts: Mapping[float, int], share: float) -> float:
    """Return the least value that at least a share of all values do not exceed.

    Example:
        >>> [quantile({0.2: 3, 0.5: 1}, share) for share in (0, 0.75, 0.76, 1)]
        [0.2, 0.2, 0.5, 0.5]
    """
    wanted, below = share * sum(counts.values()), 0
    for value in sorted(counts):
        below += counts[value]
        if below >= wanted:
            return value
    return 0.0


def touched(row: Row) -> Iterator[str]:
    """Yield ``name@version`` of each source that a row rests on; some more than once."""
    yield from row.provenance.sources
    for edge in row.edges:
        for evidence in edge.evidence:
            yield f"{evidence.source}@{evidence.version}"


def ranked(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """Return counts, the largest first and equal ones by name, so that no order is by chance."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _answer_category(row: Row) -> str:
    for variable in row.query.variables:
        if variable.name == row.query.target:
            return variable.category
    return ""
