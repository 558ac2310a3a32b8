"""Why a class of Mondo is unfit as an answer; a class may have several reasons.

- ``series``: Mondo marks it as an OMIM phenotypic series.
- ``group``: in Mondo's or ORDO's subset of groupings; or it has no OMIM entry of its own and a
  class with a record below it.
- ``members``: it has an OMIM entry of its own, and at least two classes with OMIM entries below
  it. One such class is not enough: that would make a group of cystic fibrosis. The builder, which
  knows the genes, calls it a group unless these are forms of one disease, by one gene.
- ``neoplasm``: below MONDO:0005070; by its label only where the release has no parents for it.
- ``predisposition``: below "hereditary neoplastic syndrome" (tuberous sclerosis, Li-Fraumeni).
- ``susceptibility``: any other class in Mondo's branch of susceptibilities, or named as one.
- ``obsolete``: by its label; its successor is not in these files.

Stages and causes of a single disease (infantile Krabbe disease) have no OMIM entry and make no
group.
"""

import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field

NEOPLASM = "MONDO:0005070"
HEREDITARY_NEOPLASTIC = "MONDO:0015356"
GROUPINGS = frozenset({"disease_grouping", "ordo_group_of_disorders", "rare_grouping"})
#: The group of subsets that is Mondo's branch of susceptibilities. Not omim_susceptibility: it
#: holds cystic fibrosis, whose OMIM entry merely lists a susceptibility beside the disease.
SUSCEPTIBILITIES = "susceptibilities"
#: How ``mondo-tags.owl`` marks an OMIM phenotypic series.
SERIES_PATTERN = "patterns/OMIM_phenotypic_series.yaml"
OBSOLETE = "obsolete "

_SUSCEPTIBLE = re.compile(r"\b(?:susceptib\w+|predispos\w+|proneness)\b", re.IGNORECASE)
_NO_NAME = re.compile(r"\bformerly\b|\bmodifier of\b", re.IGNORECASE)
_TUMOR = re.compile(
    r"(?:cancer|carcinoma|tumou?r|leuk(?:a)?emia|lymphoma|melanoma|neoplas|osteoma|hemangioma"
    r"|syringoma|hamartoma|polyposis|osteochondroma)",
    re.IGNORECASE,
)

Links = Mapping[str, Collection[str]]


class Ancestors:
    """All proper ancestors of classes, each looked up once."""

    def __init__(self, parents: Links) -> None:
        self._parents = parents
        self._found: dict[str, frozenset[str]] = {}

    def __call__(self, term: str) -> frozenset[str]:
        """Return the ancestors of a class; a circle does no harm."""
        if term not in self._found:
            found: set[str] = set()
            open_terms = list(self._parents.get(term, ()))
            while open_terms:
                parent = open_terms.pop()
                if parent in found:
                    continue
                found.add(parent)
                known = self._found.get(parent)
                if known is None:
                    open_terms.extend(self._parents.get(parent, ()))
                else:
                    found |= known
            self._found[term] = frozenset(found)
        return self._found[term]


@dataclass
class Grain:
    """What is known of the classes.

    Attributes:
        labels: Label of each class.
        parents: Class to its parents.
        subsets: Class to the subsets it is in.
        susceptible: Classes of the branch of susceptibilities.
        series: OMIM phenotypic series.
        omim: Classes with an OMIM entry of their own.
        recorded: Classes that some authority has a record of: those that can be members.
    """

    labels: Mapping[str, str]
    parents: Links
    subsets: Mapping[str, Set[str]]
    susceptible: Set[str]
    series: Set[str]
    omim: Set[str]
    recorded: Set[str]
    _ancestors: Ancestors = field(init=False)
    _below: dict[str, set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._ancestors = Ancestors(self.parents)
        for term in self.recorded:
            for ancestor in self._ancestors(term):
                self._below.setdefault(ancestor, set()).add(term)

    def reasons(self, term: str) -> list[str]:
        """Return the reasons of one class, sorted; none means that it may be an answer."""
        label, above = self.labels[term], self._ancestors(term) | {term}
        orphan = not self.parents.get(term)
        hereditary = HEREDITARY_NEOPLASTIC in above
        grouping = bool(self.subsets.get(term, set()) & GROUPINGS)
        below = self._below.get(term, set())
        tests = {
            "group": grouping or (term not in self.omim and bool(below)),
            "members": not grouping and term in self.omim and len(below & self.omim) >= 2,
            "neoplasm": NEOPLASM in above or bool(orphan and _TUMOR.search(label)),
            "obsolete": label.startswith(OBSOLETE),
            "predisposition": hereditary,
            "series": term in self.series,
            "susceptibility": bool(_SUSCEPTIBLE.search(label))
            or (term in self.susceptible and not hereditary),
        }
        return [reason for reason, holds in sorted(tests.items()) if holds]


def distinct_names(label: str, names: Collection[str]) -> list[str]:
    """Return the names that are not the label, each once whatever its case, sorted.

    Former names are left out, and the susceptibilities that OMIM lists beside a disease.
    """
    found = {label.casefold(): label}
    for full_name in sorted(names):
        name = full_name.removesuffix(" (disease)")
        other = _SUSCEPTIBLE.search(name) and not _SUSCEPTIBLE.search(label)
        if not (other or _NO_NAME.search(name)):
            found.setdefault(name.casefold(), name)
    return sorted(set(found.values()) - {label})
