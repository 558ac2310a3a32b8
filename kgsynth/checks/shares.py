"""Does the text say rightly how often a finding is seen in a disease?

"Ptosis is recorded in most patients with X": every record of the statement that gives a frequency
must allow the word. The records are read here, by code of its own.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from kgsynth.checks.base import Context
from kgsynth.checks.clauses import Clause, Spot, step_clauses
from kgsynth.records import Edge, Finding

#: What the words allow: at least so large a share of patients, at most so large a one.
_WORDS: dict[str, tuple[float, float]] = {
    "nearly all": (0.9, 1.0),
    "most": (0.6, 1.0),
    "about half of the": (0.4, 0.6),
    "many": (0.3, 1.0),
}
_HOW_OFTEN = re.compile(rf"\bin (?P<words>{'|'.join(_WORDS)}) patients with ", re.IGNORECASE)

#: HPO's frequency terms as shares of patients.
_TERMS: dict[str, tuple[float, float]] = {
    "HP:0040280": (1.0, 1.0),
    "HP:0040281": (0.80, 0.99),
    "HP:0040282": (0.30, 0.79),
    "HP:0040283": (0.05, 0.29),
    "HP:0040284": (0.01, 0.04),
    "HP:0040285": (0.0, 0.0),
}
_COUNT = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)")
_PERCENT = re.compile(r"([\d.]+)\s*(?:%?\s*-\s*([\d.]+)\s*)?%")


class Range(NamedTuple):
    """The least and the largest share of patients that records allow."""

    low: float
    high: float


def range_of(edge: Edge) -> Range | None:
    """Return the shares that the records of a statement allow together; None where none says.

    Example:
        >>> from kgsynth.records import Evidence
        >>> given = tuple(Evidence("a", "", "", frequency=text) for text in ("3/10", "40%"))
        >>> range_of(Edge("e", "d", "has_phenotype", "p", evidence=given))
        Range(low=0.3, high=0.4)
    """
    found = [part for one in edge.evidence if (part := read_range(one.frequency)) is not None]
    if not found:
        return None
    return Range(min(one.low for one in found), max(one.high for one in found))


def read_range(text: str) -> Range | None:
    """Return what one frequency allows; None where it is empty or no frequency."""
    text = text.strip()
    if text in _TERMS:
        return Range(*_TERMS[text])
    if (match := _COUNT.fullmatch(text)) and int(match[2]):
        share = int(match[1]) / int(match[2])
        return Range(share, share)
    if match := _PERCENT.fullmatch(text):
        low = float(match[1]) / 100
        return Range(low, float(match[2]) / 100 if match[2] else low)
    return None


def check_shares(context: Context, index: int) -> Iterator[Finding]:
    """Yield ``wrong_share`` where a text says "in most patients" and the records do not."""
    step = context.row.trace[index]
    if " patients with " not in step.text:
        return
    for clause in step_clauses(context, index):
        match = _HOW_OFTEN.search(clause.text)
        if match is None:
            continue
        least, most = _WORDS[match["words"].lower()]
        disease = _after(clause, match.end())
        for spot in clause.spots:
            if spot.category == "PhenotypicFeature" and disease is not None:
                found = _recorded(context, disease, spot)
                if found is None or found.low < least or found.high > most:
                    message = f"{spot.node} in {match['words']} patients of {disease.node}: {found}"
                    yield Finding("wrong_share", index, spot.start, spot.end, message=message)


def _after(clause: Clause, at: int) -> Spot | None:
    start = clause.start + at
    return next((s for s in clause.spots if s.category == "Disease" and s.start >= start), None)


def _recorded(context: Context, disease: Spot, finding: Spot) -> Range | None:
    edge = context.graph.find_edge(disease.node, "has_phenotype", finding.node)
    return None if edge is None else range_of(edge)
