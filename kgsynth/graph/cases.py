"""What a graph knows of published patients: is the disease there, and does it rank first?

A finding of a patient is *recorded* where the graph has it, or a more specific one, for the
disease. It *contradicts* where the graph denies it, or a wider term, for the disease. Diseases are
ranked by simple overlap: how many of the patient's findings each one records. This measures the
graph, not a way to make a diagnosis.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.answers import Solver, members
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.sources.phenopackets import Case

_FINDING = "has_phenotype"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What the graph knows of one patient.

    Attributes:
        case: Its id.
        disease: The node of the first diagnosis that the graph has; "" where it has none.
        name: Of that node.
        observed: Findings that were seen.
        unknown: Those of them that are no term of the graph.
        recorded: Those that the graph records for the disease, itself or something more specific.
        contradicted: Those that the graph denies for the disease.
        denied: Findings that were absent in the patient.
        expected: Those of them that the graph records for the disease.
        rank: Diseases that record more of the findings, plus one; 0 where the disease is unknown.
        ties: Other diseases that record as many.
    """

    case: str
    disease: str
    name: str
    observed: int
    unknown: int
    recorded: int
    contradicted: int
    denied: int
    expected: int
    rank: int
    ties: int

    @property
    def worst_rank(self) -> int:
        """The rank behind all ties; 0 where the disease is unknown."""
        return self.rank + self.ties if self.rank else 0


def report_cases(graph: KnowledgeGraph, cases: Iterable[Case]) -> Iterator[CaseReport]:
    """Yield what the graph knows of each patient, in their order."""
    solver = Solver.of(graph)
    fit = _fit_diseases(graph)
    for case in cases:
        yield _report(graph, solver, fit, case)


def summary(reports: Iterable[CaseReport], tops: tuple[int, ...] = (1, 10, 100)) -> dict[str, int]:
    """Return counts over all patients: ``cases``, ``diseases_known``, ``top_1`` and others.

    A disease counts as among the first k where no more than k - 1 others record as many of the
    patient's findings or more, and it records one at all.
    """
    counts = Counter(cases=0, diseases_known=0)
    for one in reports:
        counts["cases"] += 1
        counts["diseases_known"] += bool(one.disease)
        for name in ("observed", "unknown", "recorded", "contradicted", "denied", "expected"):
            counts[name] += getattr(one, name)
        for top in tops:
            counts[f"top_{top}"] += bool(one.recorded) and one.worst_rank <= top
    return dict(counts)


def _report(graph: KnowledgeGraph, solver: Solver, fit: int, case: Case) -> CaseReport:
    known = _known(graph, case.observed)
    absent = _known(graph, case.excluded)
    disease = next(iter(_known(graph, case.diseases)), "")
    if not disease:
        size, denied = len(case.observed), len(case.excluded)
        return CaseReport(case.id, "", "", size, size - len(known), 0, 0, denied, 0, 0, 0)
    at = graph.index_of(disease)
    holders = [solver.holders(_FINDING, graph.index_of(term)) for term in known]
    rank, ties = _rank(holders, at, fit)
    return CaseReport(
        case=case.id,
        disease=disease,
        name=graph.name_of(at),
        observed=len(case.observed),
        unknown=len(case.observed) - len(known),
        recorded=sum(bits >> at & 1 for bits in holders),
        contradicted=_contradicted(graph, disease, known),
        denied=len(case.excluded),
        expected=sum(solver.holders(_FINDING, graph.index_of(term)) >> at & 1 for term in absent),
        rank=rank,
        ties=ties,
    )


def _rank(holders: list[int], disease: int, fit: int) -> tuple[int, int]:
    """Return the rank of a disease by the number of sets that hold it, and how many tie."""
    scores: Counter[int] = Counter()
    for bits in holders:
        scores.update(members(bits & (fit | 1 << disease)))
    own = scores[disease]
    more = sum(score > own for score in scores.values())
    if own:
        return more + 1, sum(score == own for score in scores.values()) - 1
    return more + 1, max(0, fit.bit_count() - more - 1)


def _contradicted(graph: KnowledgeGraph, disease: str, terms: Iterable[str]) -> int:
    denials = {edge.object for edge in graph.edges_of(disease, _FINDING, negated=True)}
    return sum(bool(denials & {term, *graph.ancestors(term)}) for term in terms)


def _fit_diseases(graph: KnowledgeGraph) -> int:
    """Return the individual diseases of a graph as a bit set."""
    disease = np.asarray(pc.equal(graph.column("category"), "Disease"))
    mask = disease & ~np.asarray(graph.column("is_group"))
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def _known(graph: KnowledgeGraph, ids: Iterable[str]) -> tuple[str, ...]:
    """Return the nodes that ids stand for, each once; ids that the graph has not are left out."""
    found: dict[str, None] = {}
    for curie in ids:
        node = _resolved(graph, curie)
        if node:
            found[node] = None
    return tuple(found)


def _resolved(graph: KnowledgeGraph, curie: str) -> str:
    try:
        return graph.resolve(curie)
    except UnknownEntityError:
        return ""
