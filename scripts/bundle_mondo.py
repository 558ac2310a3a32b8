"""Make the small MONDO tables that travel with kgsynth, from files of a MONDO release.

Run as ``.venv/bin/python scripts/bundle_mondo.py ../shared/data``; the same inputs give the same
bytes. Only diseases that HPO annotates are kept, with all their ancestors:

- ``mondo_mappings.tsv.gz``: exact matches to OMIM and ORPHA (never broad, narrow or related).
- ``mondo_terms.tsv.gz``: label, the `rare` subset, why a class is unfit as an answer, synonyms.
- ``mondo_subclasses.tsv.gz``: asserted ``subclass_of``, child and parent.

Why a class is unfit (a class may have several reasons):

- ``series``: MONDO marks it as an OMIM phenotypic series.
- ``group``: in MONDO's or ORDO's subset of groupings; or it has no OMIM entry of its own and
  an annotated class below it; or it has one and at least two annotated classes with OMIM entries
  below it. One such class below is not enough: that would make a group of cystic fibrosis. Stages
  and causes of a single disease (infantile Krabbe disease) have no OMIM entry and make no group.
- ``neoplasm``: below MONDO:0005070; by its label only where the release has no parents for it.
- ``predisposition``: below "hereditary neoplastic syndrome" (tuberous sclerosis, Li-Fraumeni).
- ``susceptibility``: any other class in MONDO's branch of susceptibilities, or named as one.
- ``obsolete``: by its label; its successor is not in these files.
"""

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bundling import annotated_diseases, lines_of, write_table

NEOPLASM = "MONDO:0005070"
HEREDITARY_NEOPLASTIC = "MONDO:0015356"
GROUPINGS = {"disease_grouping", "ordo_group_of_disorders", "rare_grouping"}

_SUSCEPTIBLE = re.compile(r"\b(?:susceptib\w+|predispos\w+|proneness)\b", re.IGNORECASE)
_NO_NAME = re.compile(r"\bformerly\b|\bmodifier of\b", re.IGNORECASE)
_TUMOR = re.compile(
    r"(?:cancer|carcinoma|tumou?r|leuk(?:a)?emia|lymphoma|melanoma|neoplas|osteoma|hemangioma"
    r"|syringoma|hamartoma|polyposis|osteochondroma)",
    re.IGNORECASE,
)

Links = Mapping[str, set[str]]


def main(data: Path, out: Path) -> None:
    """Write the three tables from the staged files under `data` into `out`."""
    mappings = exact_mappings(data, annotated_diseases(data))
    parents = subclass_links(data)
    annotated = {mondo for mondo, _ in mappings}
    kept = annotated.union(*(ancestors(term, parents) for term in annotated))
    subclasses = sorted((c, p) for c in kept for p in parents.get(c, ()))
    write_table(out / "mondo_mappings.tsv.gz", ("mondo", "exact"), sorted(mappings))
    write_table(out / "mondo_subclasses.tsv.gz", ("child", "parent"), subclasses)
    terms = describe_terms(data, kept, parents, mappings)
    write_table(out / "mondo_terms.tsv.gz", ("id", "label", "rare", "unfit", "synonyms"), terms)


def exact_mappings(data: Path, diseases: set[str]) -> set[tuple[str, str]]:
    """Return (MONDO, OMIM or ORPHA) of every exact match onto a MONDO class with annotations.

    All exact twins of an annotated class are kept, annotated themselves or not, because they are
    names under which the disease may be asked for.
    """
    pairs = set()
    for name in ("omim", "orphanet"):
        file = data / "mondo" / f"mondo_exactmatch_{name}.sssom.tsv.gz"
        for row in table_rows(file, "subject_id"):
            if row["predicate_id"] == "skos:exactMatch":
                pairs.add((row["subject_id"], row["object_id"].replace("Orphanet:", "ORPHA:")))
    annotated = {mondo for mondo, twin in pairs if twin in diseases}
    return {pair for pair in pairs if pair[0] in annotated}


def subclass_links(data: Path) -> dict[str, set[str]]:
    """Return child to parents, MONDO classes only."""
    parents: dict[str, set[str]] = defaultdict(set)
    for row in table_rows(data / "mondo" / "mondo-rare_edges.tsv.gz", "id"):
        if row["predicate"] == "biolink:subclass_of":
            parents[row["subject"]].add(row["object"])
    return parents


def ancestors(term: str, parents: Links) -> set[str]:
    """Return all proper ancestors of a class."""
    found: set[str] = set()
    open_terms = list(parents.get(term, ()))
    while open_terms:
        parent = open_terms.pop()
        if parent not in found:
            found.add(parent)
            open_terms.extend(parents.get(parent, ()))
    return found


def describe_terms(
    data: Path, kept: set[str], parents: Links, mappings: set[tuple[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Yield id, label, ``1`` where rare, reasons and synonyms of every kept class, sorted."""
    stats = table_rows(data / "mondo" / "class-stats.tsv.gz", "cls")
    labels = {row["cls"]: row["cls_label"].replace("\xa0", " ") for row in stats}
    subsets, susceptible = subset_members(data)
    reasons = Reasons(data, labels, parents, mappings, subsets, susceptible)
    annotated = {mondo for mondo, _ in mappings}
    synonyms = {k: v for k, v in exact_synonyms(data).items() if k in annotated}
    for term in sorted(kept):
        rare = "1" if "rare" in subsets[term] else ""
        others = distinct_names(labels[term], synonyms.get(term, ()))
        yield term, labels[term], rare, "|".join(reasons.of(term)), "|".join(others)


def distinct_names(label: str, names: Iterable[str]) -> list[str]:
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


class Reasons:
    """Why a class is unfit as an answer; see the head of this script."""

    def __init__(
        self,
        data: Path,
        labels: Mapping[str, str],
        parents: Links,
        mappings: set[tuple[str, str]],
        subsets: Links,
        susceptible: set[str],
    ) -> None:
        self._labels, self._parents = labels, parents
        self._subsets, self._susceptible = subsets, susceptible
        self._series = phenotypic_series(data)
        self._omim = {mondo for mondo, twin in mappings if twin.startswith("OMIM:")}
        self._below: dict[str, set[str]] = defaultdict(set)
        for mondo in {mondo for mondo, _ in mappings}:
            for ancestor in ancestors(mondo, parents):
                self._below[ancestor].add(mondo)

    def of(self, term: str) -> list[str]:
        """Return the reasons of one class, sorted; none means that it may be an answer."""
        label, above = self._labels[term], ancestors(term, self._parents) | {term}
        orphan = not self._parents.get(term)
        tests = {
            "group": self._is_group(term),
            "neoplasm": NEOPLASM in above or bool(orphan and _TUMOR.search(label)),
            "obsolete": label.startswith("obsolete "),
            "predisposition": HEREDITARY_NEOPLASTIC in above,
            "series": term in self._series,
            "susceptibility": bool(_SUSCEPTIBLE.search(label))
            or (term in self._susceptible and HEREDITARY_NEOPLASTIC not in above),
        }
        return [reason for reason, holds in tests.items() if holds]

    def _is_group(self, term: str) -> bool:
        if self._subsets[term] & GROUPINGS:
            return True
        below = self._below.get(term, set())
        return len(below & self._omim) >= 2 if term in self._omim else bool(below)


def subset_members(data: Path) -> tuple[dict[str, set[str]], set[str]]:
    """Return the subsets of each class, and the classes in MONDO's susceptibility branch."""
    subsets: dict[str, set[str]] = defaultdict(set)
    susceptible = set()
    # Named .csv, separated by tabs.
    for row in table_rows(data / "mondo" / "mondo_subsets.csv.gz", "id"):
        subsets[row["id"]].add(row["subset"])
        # Not the subset omim_susceptibility: it holds cystic fibrosis, whose OMIM entry merely
        # lists a susceptibility beside the disease.
        if row["group"] == "susceptibilities":
            susceptible.add(row["id"])
    return subsets, susceptible


def phenotypic_series(data: Path) -> set[str]:
    """Return the classes that should conform to MONDO's pattern for OMIM phenotypic series."""
    found = set()
    current = ""
    for line in lines_of(data / "mondo" / "mondo-tags.owl.gz"):
        if match := re.search(r'<owl:Class rdf:about="[^"]*/MONDO_(\d+)"', line):
            current = f"MONDO:{match[1]}"
        elif "patterns/OMIM_phenotypic_series.yaml" in line:
            found.add(current)
    return found


def exact_synonyms(data: Path) -> dict[str, list[str]]:
    """Return the synonyms that MONDO's list of rare diseases gives."""
    rows = table_rows(data / "mondo" / "new-rare-diseases-2023-08.tsv.gz", "ID")
    return {
        row["ID"]: [
            name.replace("\xa0", " ").strip() for name in row["SYNONYMS"].split("|") if name
        ]
        for row in rows
    }


def table_rows(file: Path, first: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a tab-separated file whose header begins with column `first`."""
    header: list[str] = []
    # Cells with a double quote are quoted and doubled, although the columns are tab-separated.
    for cells in csv.reader((li for li in lines_of(file) if li[:1] != "#"), delimiter="\t"):
        if not header:
            if cells[0] != first:
                raise SystemExit(f"{file}: expected a header that begins with {first!r}")
            header = cells
        else:
            yield dict(zip(header, cells, strict=True))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path("ontologies/bundled"))
