"""What of a graph a dataset covers, and where it falls short."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import numpy as np

from kgsynth.datasets.tally import ranked
from kgsynth.graph.specialties import belongs, specialties_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.focus import (
    Focus,
    called_rare,
    first_findings,
    is_in_focus,
    rare_ones,
)
from kgsynth.records import Row

#: A specialty falls short with less than this part of the share that it has in the graph; of those
#: with less than `LEAST` of it, and of fewer than `MANY` rows, nothing is said.
PART, LEAST, MANY = 0.8, 0.01, 100


class Wanted(NamedTuple):
    """A quota: how it is written, what counts for it, and how many rows at least."""

    text: str
    focus: Focus
    rows: int


@dataclass(frozen=True, slots=True)
class SpecialtyCover:
    """What a dataset has of one branch of findings.

    Attributes:
        id: The branch.
        name: Its name.
        rows: Questions of which at least half of the first disease's clues lie in it.
        share: The mean share of those clues that lie in it.
        graph: The mean share of a disease's recorded findings that lie in it.
    """

    id: str
    name: str
    rows: int
    share: float
    graph: float

    @property
    def is_short(self) -> bool:
        """Whether the questions have clearly less of it than the graph."""
        return self.graph >= LEAST and self.share < PART * self.graph


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a graph a dataset covers; see `CoverageCount`.

    Attributes:
        rows: How many rows there are.
        entities: Different entities on the way to answers, among them and named in questions, and
            how many the graph has, by category.
        diseases: Different diseases asked about or named, and how many individual ones with
            findings the graph has.
        rare: The same of those that a source calls rare.
        rare_rows: Rows with such a disease.
        specialties: The branches, those with most rows first.
        predicates: Rows by relation that the query asks by.
        categories: Rows by category of the answer.
        quotas: What was asked for by quotas, and how many rows count.
    """

    rows: int
    entities: dict[str, tuple[int, int]]
    diseases: tuple[int, int]
    rare: tuple[int, int]
    rare_rows: int
    specialties: tuple[SpecialtyCover, ...]
    predicates: dict[str, int]
    categories: dict[str, int]
    quotas: tuple[tuple[str, int, int], ...]

    @property
    def unmet(self) -> list[str]:
        """The quotas that are not met, in words."""
        return [
            f"quota {text}: {got:,} of {rows:,} rows"
            for text, rows, got in self.quotas
            if got < rows
        ]

    @property
    def shortfalls(self) -> list[str]:
        """What falls short, in words: quotas, then specialties."""
        few = self.rows < MANY
        return self.unmet + [
            f"{one.name}: {one.share:.1%} of the clues, {one.graph:.1%} of what is recorded"
            for one in self.specialties
            if one.is_short and not few
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        quotas = [dict(zip(("quota", "asked", "rows"), one, strict=True)) for one in self.quotas]
        return asdict(self) | {"quotas": quotas, "shortfalls": self.shortfalls}


@dataclass(slots=True)
class Covered:
    """Counts over rows, of which `CoverageCount` makes a `Coverage`.

    Attributes:
        rows: How many rows were added.
        rare_rows: Those with a disease that a source calls rare.
        ids: Different entities by category.
        rare: Different diseases that a source calls rare.
        specialties: Rows by branch.
        clues: Clues that lie in a branch, by how many clues their row has and by the branch's
            place.
        predicates: Rows by relation.
        categories: Rows by category of the answer.
        met: Rows by quota.
    """

    rows: int = 0
    rare_rows: int = 0
    ids: dict[str, set[str]] = field(default_factory=dict)
    rare: set[str] = field(default_factory=set)
    specialties: Counter[str] = field(default_factory=Counter)
    clues: Counter[tuple[int, int]] = field(default_factory=Counter)
    predicates: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class CoverageCount:
    """Counts what rows cover; memory grows with the number of different entities.

    Attributes:
        graph: The graph that they were made from.
        wanted: The quotas of the run.
        counts: What was counted.
    """

    graph: KnowledgeGraph
    wanted: Sequence[Wanted] = ()
    counts: Covered = field(default_factory=Covered)

    def add(self, row: Row) -> None:
        """Count one row."""
        counts, query = self.counts, row.query
        counts.rows += 1
        kinds = {entity.id: entity.category for entity in row.entities}
        named = {end for e in query.edges for end in (e.subject, e.object) if end[:1] != "?"}
        named.update([binding.id for binding in row.bindings], [one.id for one in row.answers])
        for curie in named:
            counts.ids.setdefault(kinds.get(curie, "unknown"), set()).add(curie)
        rare = rare_ones(row, self.graph)
        counts.rare_rows += bool(rare)
        counts.rare.update(rare)
        branches = specialties_of(self.graph)
        held = branches.held(first_findings(row, self.graph))
        inside = Counter(at for mask in held for at in _bits(mask))
        for at, found in inside.items():
            counts.clues[len(held), at] += found
            counts.specialties[branches.ids[at]] += belongs(found, len(held))
        counts.predicates.update({edge.predicate for edge in query.edges})
        category = {v.name: v.category for v in query.variables}[query.target]
        counts.categories[category] += 1
        met = [one.text for one in self.wanted if is_in_focus(row, self.graph, one.focus)]
        counts.met.update(met)

    def result(self) -> Coverage:
        """Return what the rows cover."""
        graph, counts = self.graph, self.counts
        column = graph.column("category")
        sizes = {one["values"]: one["counts"] for one in column.value_counts().to_pylist()}
        disease = np.asarray(column.to_numpy(zero_copy_only=False) == "Disease")
        group = graph.column("is_group").to_numpy(zero_copy_only=False)
        fit = disease & ~group & (np.diff(graph.csr("has_phenotype").indptr) > 0)
        return Coverage(
            rows=counts.rows,
            entities={
                name: (count, sizes.get(name, 0))
                for name, count in ranked({name: len(ids) for name, ids in counts.ids.items()})
            },
            diseases=(len(counts.ids.get("Disease", ())), int(fit.sum())),
            rare=(len(counts.rare), int((fit & called_rare(graph)).sum())),
            rare_rows=counts.rare_rows,
            specialties=self._branches(),
            predicates=dict(ranked(counts.predicates)),
            categories=dict(ranked(counts.categories)),
            quotas=tuple((one.text, one.rows, counts.met[one.text]) for one in self.wanted),
        )

    def _branches(self) -> tuple[SpecialtyCover, ...]:
        branches = specialties_of(self.graph)
        counts, share = self.counts, np.zeros(len(branches.ids))
        for (total, at), inside in sorted(counts.clues.items()):
            share[at] += inside / total / counts.rows
        found = [
            SpecialtyCover(one, name, counts.specialties[one], round(part, 4), round(whole, 4))
            for one, name, part, whole in zip(
                branches.ids, branches.names, share.tolist(), branches.share.tolist(), strict=True
            )
        ]
        return tuple(sorted(found, key=lambda one: (-one.rows, one.id)))


def _bits(mask: int) -> Iterator[int]:
    """Yield the places of the bits that are set."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
