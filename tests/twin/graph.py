"""The twin's own reader of a graph folder: plain dictionaries and sets, nothing of kgsynth.

Two readings of what is recorded stand side by side, because a contested statement always counts
against the question:

- *loose*: a contested statement holds where that admits another answer, and does not where it
  would rule one out (rules U, S, R, H);
- *tight*: the reverse (rules M, N, and whatever the accepted solution itself rests on).

A weaker relation (a gene *associated with* a disease, a drug that *relieves* it) counts for the
stronger one (*causes*, *treats*) in the loose reading only.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

Reading = Literal["loose", "tight"]
Links = Mapping[str, AbstractSet[str]]

IS_A, HAS_PHENOTYPE = "subclass_of", "has_phenotype"
WEAKER = {
    "causes": ("gene_associated_with_condition",),
    "contributes_to": ("gene_associated_with_condition",),
    "treats": ("ameliorates_condition",),
    "increases_activity_of": ("affects",),
    "decreases_activity_of": ("affects",),
    "positively_regulates": ("affects",),
    "negatively_regulates": ("affects",),
    "regulates": ("affects",),
    "disrupts": ("affects",),
    "affects_likelihood_of": ("affects",),
    "directly_physically_interacts_with": ("physically_interacts_with",),
    "in_complex_with": ("coexists_with",),
    "chemically_similar_to": ("similar_to",),
    "homologous_to": ("similar_to",),
    "positively_correlated_with": ("correlated_with",),
    "negatively_correlated_with": ("correlated_with",),
} | {
    f"{change}_{what}": ("affects",)
    for change in ("increases", "decreases")
    for what in (
        *("activity_of", "abundance_of", "expression_of", "synthesis_of", "degradation_of"),
        *("transport_of", "stability_of", "response_to"),
    )
}
#: Relations that say the same both ways round, and are stored one way.
SYMMETRIC = frozenset(
    (
        *("related_to", "associated_with", "interacts_with", "similar_to", "close_match"),
        *("coexists_with", "overlaps", "physically_interacts_with", "in_complex_with"),
        *("directly_physically_interacts_with", "chemically_similar_to", "homologous_to"),
        *("correlated_with", "positively_correlated_with", "negatively_correlated_with"),
    )
)
NO_ONE: frozenset[str] = frozenset()
_HPO_SHARES = {
    "HP:0040280": 1.0,  # obligate
    "HP:0040281": 0.80,  # very frequent
    "HP:0040282": 0.30,  # frequent
    "HP:0040283": 0.05,  # occasional
    "HP:0040284": 0.01,  # very rare
    "HP:0040285": 0.0,  # excluded
}


@dataclass
class Graph:
    """Nodes and edges by id, and who is linked to whom, in both directions."""

    nodes: dict[str, dict[str, Any]]
    edges: dict[str, dict[str, Any]]
    sure: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # not contested
    said: dict[str, dict[str, set[str]]] = field(default_factory=dict)  # contested as well
    sure_back: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    said_back: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    denied: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # not contested
    by_ends: dict[tuple[str, str, str, bool], dict[str, Any]] = field(default_factory=dict)
    in_category: dict[str, set[str]] = field(default_factory=dict)
    word_counts: dict[str, Counter[str]] = field(default_factory=dict)  # filled by words.py

    def __post_init__(self) -> None:
        for node in self.nodes.values():
            self.in_category.setdefault(node["category"], set()).add(node["id"])
        for edge in self.edges.values():
            subject, predicate, end = edge["subject"], edge["predicate"], edge["object"]
            self.by_ends[subject, predicate, end, edge["negated"]] = edge
            if edge["negated"]:
                if not edge["contested"]:
                    self.denied.setdefault((subject, predicate), set()).add(end)
                continue
            self._link(self.said, self.said_back, edge)
            if not edge["contested"]:
                self._link(self.sure, self.sure_back, edge)
        self.ancestors = functools.cache(self._ancestors)
        self.descendants = functools.cache(self._descendants)
        self.links = functools.cache(self._links)
        self.with_finding = functools.cache(self._with_finding)
        self.most_specific = functools.cache(self._most_specific)
        self.holders = functools.cache(self._holders)

    @staticmethod
    def _link(
        forth: dict[str, dict[str, set[str]]],
        back: dict[str, dict[str, set[str]]],
        edge: dict[str, Any],
    ) -> None:
        subject, predicate, end = edge["subject"], edge["predicate"], edge["object"]
        forth.setdefault(predicate, defaultdict(set))[subject].add(end)
        back.setdefault(predicate, defaultdict(set))[end].add(subject)

    # ---- is-a ------------------------------------------------------------------------------

    def parents(self, node: str) -> set[str]:
        """Return the asserted parents."""
        return self.said.get(IS_A, {}).get(node, set())

    def children(self, node: str) -> set[str]:
        """Return the asserted children."""
        return self.said_back.get(IS_A, {}).get(node, set())

    def _ancestors(self, node: str) -> frozenset[str]:
        above: set[str] = set()
        for parent in self.parents(node):
            above |= {parent} | self.ancestors(parent)
        return frozenset(above)

    def _descendants(self, node: str) -> frozenset[str]:
        below: set[str] = set()
        for child in self.children(node):
            below |= {child} | self.descendants(child)
        return frozenset(below)

    def are_kin(self, one: str, other: str) -> bool:
        """Say whether one is the other, its ancestor, its descendant, or its twin."""
        if one == other or one in self.ancestors(other) or other in self.ancestors(one):
            return True
        return bool(self.names_of_identity(one) & self.names_of_identity(other))

    def names_of_identity(self, node: str) -> set[str]:
        """Return the ids under which an entity goes."""
        known = self.nodes[node]
        return {node, *(known.get("equivalent_ids") or ()), *(known.get("alt_ids") or ())}

    # ---- statements ------------------------------------------------------------------------

    def _links(self, predicate: str, reading: Reading, backward: bool = False) -> Links:
        """Return subject → objects (or the reverse) of asserted statements in one reading."""
        ways = [(self.sure, self.sure_back), (self.said, self.said_back)][reading == "loose"]
        if reading == "tight" and predicate not in SYMMETRIC:
            return ways[backward].get(predicate, {})
        names = (predicate, *WEAKER.get(predicate, ())) if reading == "loose" else (predicate,)
        merged: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for way in ways if name in SYMMETRIC else (ways[backward],):
                for start, ends in way.get(name, {}).items():
                    merged[start] |= ends
        return merged

    def _with_finding(self, term: str, reading: Reading) -> frozenset[str]:
        """Return who has a positive edge to a term or to a descendant of it."""
        back = self.links(HAS_PHENOTYPE, reading, True)
        terms = {term} | self.descendants(term)
        return frozenset().union(*(back.get(each, NO_ONE) for each in terms))

    def _most_specific(self, disease: str, reading: Reading) -> frozenset[str]:
        """Return the findings of a disease that have no finding of it below them.

        Loose: a contested finding is one itself, but hides no other. Tight: the reverse.
        """
        listed = self.links(HAS_PHENOTYPE, reading).get(disease, NO_ONE)
        other: Reading = "tight" if reading == "loose" else "loose"
        hiding = self.links(HAS_PHENOTYPE, other).get(disease, NO_ONE)
        hidden = frozenset().union(*(self.ancestors(finding) for finding in hiding))
        return frozenset(listed) - hidden

    def _holders(self, finding: str, reading: Reading) -> set[str]:
        """Return the diseases that have a finding among their most specific ones."""
        listed = self.links(HAS_PHENOTYPE, reading, True).get(finding, NO_ONE)
        return {disease for disease in listed if finding in self.most_specific(disease, reading)}

    def finding_edges(self, disease: str, term: str) -> list[dict[str, Any]]:
        """Return the edges that make a disease have a term: to it, else to its descendants."""
        direct = self.by_ends.get((disease, HAS_PHENOTYPE, term, False))
        if direct is not None:
            return [direct]
        listed = self.said.get(HAS_PHENOTYPE, {}).get(disease, set()) & self.descendants(term)
        return [self.by_ends[disease, HAS_PHENOTYPE, each, False] for each in sorted(listed)]


def read_graph(folder: Path) -> Graph:
    """Read ``nodes.parquet`` and ``edges.parquet``."""
    nodes = pq.read_table(folder / "nodes.parquet").to_pylist()
    edges = pq.read_table(folder / "edges.parquet").to_pylist()
    return Graph({node["id"]: node for node in nodes}, {edge["id"]: edge for edge in edges})


def lowest_share(edge: Mapping[str, Any]) -> float | None:
    """Return the lowest share of patients that any evidence of an edge gives; None if none does.

    >>> lowest_share({"evidence": [{"frequency": "3/10"}, {"frequency": "HP:0040281"}]})
    0.3
    """
    given = [part.get("frequency") or "" for part in edge["evidence"]]
    shares = [share for text in given if (share := _share(text)) is not None]
    return min(shares) if shares else None


def _share(text: str) -> float | None:
    if text in _HPO_SHARES:
        return _HPO_SHARES[text]
    if match := re.fullmatch(r"(\d+)\s*/\s*(\d+)", text):
        return int(match[1]) / int(match[2])
    if match := re.fullmatch(r"([\d.]+)\s*(?:-\s*[\d.]+)?\s*%", text):
        return float(match[1]) / 100
    return None
