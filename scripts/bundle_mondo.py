"""Make the small MONDO tables that travel with kgsynth, from files of a MONDO release.

Run as ``.venv/bin/python scripts/bundle_mondo.py ../shared/data``; the same inputs give the same
bytes. Only diseases that HPO annotates are kept, with all their ancestors:

- ``mondo_mappings.tsv.gz``: exact matches to OMIM and ORPHA (never broad, narrow or related).
- ``mondo_terms.tsv.gz``: label, the `rare` subset, why a class is unfit as an answer, synonyms.
- ``mondo_subclasses.tsv.gz``: asserted ``subclass_of``, child and parent.

Why a class is unfit: see ``kgsynth/sources/mondo_grain.py``.
"""

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bundling import annotated_diseases, lines_of, write_table

from kgsynth.sources.mondo_grain import (
    SERIES_PATTERN,
    SUSCEPTIBILITIES,
    Ancestors,
    Grain,
    distinct_names,
)

Links = Mapping[str, set[str]]


def main(data: Path, out: Path) -> None:
    """Write the three tables from the staged files under `data` into `out`."""
    mappings = exact_mappings(data, annotated_diseases(data))
    parents = subclass_links(data)
    annotated = {mondo for mondo, _ in mappings}
    above = Ancestors(parents)
    kept = annotated.union(*(above(term) for term in annotated))
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


def describe_terms(
    data: Path, kept: set[str], parents: Links, mappings: set[tuple[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Yield id, label, ``1`` where rare, reasons and synonyms of every kept class, sorted."""
    stats = table_rows(data / "mondo" / "class-stats.tsv.gz", "cls")
    labels = {row["cls"]: row["cls_label"].replace("\xa0", " ") for row in stats}
    subsets, susceptible = subset_members(data)
    annotated = {mondo for mondo, _ in mappings}
    omim = {mondo for mondo, twin in mappings if twin.startswith("OMIM:")}
    series = phenotypic_series(data)
    grain = Grain(labels, parents, subsets, susceptible, series, omim, recorded=annotated)
    synonyms = {k: v for k, v in exact_synonyms(data).items() if k in annotated}
    for term in sorted(kept):
        rare = "1" if "rare" in subsets[term] else ""
        others = distinct_names(labels[term], synonyms.get(term, ()))
        yield term, labels[term], rare, "|".join(grain.reasons(term)), "|".join(others)


def subset_members(data: Path) -> tuple[dict[str, set[str]], set[str]]:
    """Return the subsets of each class, and the classes in MONDO's susceptibility branch."""
    subsets: dict[str, set[str]] = defaultdict(set)
    susceptible = set()
    # Named .csv, separated by tabs.
    for row in table_rows(data / "mondo" / "mondo_subsets.csv.gz", "id"):
        subsets[row["id"]].add(row["subset"])
        if row["group"] == SUSCEPTIBILITIES:
            susceptible.add(row["id"])
    return subsets, susceptible


def phenotypic_series(data: Path) -> set[str]:
    """Return the classes that should conform to MONDO's pattern for OMIM phenotypic series."""
    found = set()
    current = ""
    for line in lines_of(data / "mondo" / "mondo-tags.owl.gz"):
        if match := re.search(r'<owl:Class rdf:about="[^"]*/MONDO_(\d+)"', line):
            current = f"MONDO:{match[1]}"
        elif SERIES_PATTERN in line:
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
