"""How rows agree with published patients, from whom no graph was made.

A row says of a disease what sources record: these findings are seen, that one is absent. A patient
of the disease may bear a clue out, be said to lack it, or tell nothing of it. Nothing is gated: a
patient need not have every finding of the disease, and reports tell mostly what is there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row
from kgsynth.sources.phenopackets import Case

#: Kinds whose clues are all findings of one disease, its only answer.
KINDS = frozenset({"differential", "intersection", "exclusion"})


@dataclass(frozen=True, slots=True)
class ClueInCases:
    """What the patients of a disease tell of one clue of a row.

    Attributes:
        row: The row.
        kind: Of the row.
        disease: Its answer.
        term: The finding.
        negated: Whether the row says that the disease lacks it.
        cases: Patients of the disease.
        present: Those with the finding, or something more specific.
        absent: Those who are said to lack it, or something wider.
    """

    row: str
    kind: str
    disease: str
    term: str
    negated: bool
    cases: int
    present: int
    absent: int

    @property
    def silent(self) -> int:
        """Patients of whom the reports do not tell."""
        return self.cases - self.present - self.absent

    @property
    def against(self) -> bool:
        """Whether more patients speak against the clue than for it."""
        for_, against = self.present, self.absent
        return for_ > against if self.negated else against > for_


def by_disease(graph: KnowledgeGraph, cases: Iterable[Case]) -> dict[str, list[Case]]:
    """Return the patients of each disease of the graph, by their first known diagnosis."""
    found: dict[str, list[Case]] = {}
    for case in cases:
        for disease in case.diseases:
            try:
                found.setdefault(graph.resolve(disease), []).append(case)
            except UnknownEntityError:
                continue
            break
    return found


def clues_in_cases(
    graph: KnowledgeGraph, patients: Mapping[str, list[Case]], rows: Iterable[Row]
) -> Iterator[ClueInCases]:
    """Yield every clue of every row of `KINDS` whose disease has patients."""
    for row in rows:
        disease = row.answers[0].id
        cases = patients.get(disease, []) if row.kind in KINDS else []
        for edge in row.query.edges if cases else ():
            if edge.predicate == "has_phenotype" and edge.object in graph:
                told = Counter(told_of(graph, case, edge.object) for case in cases)
                yield ClueInCases(
                    *(row.id, row.kind, disease, edge.object, edge.negated, len(cases)),
                    *(told["present"], told["absent"]),
                )


def told_of(graph: KnowledgeGraph, case: Case, term: str) -> str:
    """Return what a case tells of a finding: ``present``, ``absent`` or ``silent``."""
    if not (graph.descendants(term) | {term}).isdisjoint(case.observed):
        return "present"
    wider = graph.ancestors(term) | {term}
    return "silent" if wider.isdisjoint(case.excluded) else "absent"


def summarize(clues: Iterable[ClueInCases], rows: Mapping[str, int]) -> list[dict[str, object]]:
    """Return the counts of each kind: of rows, of clues, and of clues in patients.

    Args:
        clues: From `clues_in_cases`.
        rows: How many rows there are of each kind.
    """
    groups: dict[tuple[str, bool], list[ClueInCases]] = {}
    for one in clues:
        groups.setdefault((one.kind, one.negated), []).append(one)
    return [
        {
            "kind": kind,
            "clues_say": "absent" if negated else "present",
            "rows": rows[kind],
            "rows_with_cases": len({one.row for one in group}),
            "diseases": len({one.disease for one in group}),
            "clues": len(group),
            "clues_told": sum(one.present + one.absent > 0 for one in group),
            "clues_against": sum(one.against for one in group),
            "in_cases": sum(one.cases for one in group),
            "present": sum(one.present for one in group),
            "absent": sum(one.absent for one in group),
            "silent": sum(one.silent for one in group),
        }
        for (kind, negated), group in sorted(groups.items())
    ]
