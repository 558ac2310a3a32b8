"""The Disease Ontology's reports: every term with its parents by name, and its cross-references.

A term stands in as many rows as it has parents, and a parent is named by its label only. The root
stands only in the table of cross-references.

Source: https://github.com/DiseaseOntology/HumanDiseaseOntology, folder DOreports
"""

from collections import defaultdict
from collections.abc import Mapping

import pyarrow as pa

from kgsynth.errors import IdentifierError, SourceError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.base import (
    ENTITIES,
    MAPPINGS,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.links import subclass_table
from kgsynth.sources.mappings import Mappings
from kgsynth.sources.quoted import read_quoted

TERMS = ("id", "label", "subClassOf")
XREFS = ("id", "label", "xref")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the terms and, where it is there, the table of cross-references; see `base.Loader`.

    Raises:
        SourceError: If the table of terms is missing or a table is another.
    """
    by_role = {one.role: one for one in files}
    source = by_role.get("terms") or files[0]
    rejections = Rejections()
    terms = _Terms(source, rejections)
    mappings: pa.Table = MAPPINGS.empty_table()
    tallies: list[Tally] = []
    if "xrefs" in by_role:
        settings: Mapping[str, object] = manifest.settings.get("xrefs", {})  # type: ignore[assignment]
        mappings, tallies = _mappings(by_role["xrefs"], terms, settings, rejections)
    statements, tally = terms.statements()
    return SourceData(
        version=manifest.version,
        files=files,
        entities=terms.entities(str(manifest.settings.get("category", "Disease"))),
        statements=statements,
        mappings=mappings,
        rejections=rejections,
        tallies=(tally, *tallies),
        statements_from=files.index(source),
    )


class _Terms:
    """The rows of the table of terms.

    Attributes:
        names: Id -> label.
    """

    def __init__(self, source: SourceFile, rejections: Rejections) -> None:
        self.source = source
        self.rejections = rejections
        rows, lines, self.read = read_quoted(source, TERMS, rejections)
        self.names: dict[str, str] = {}
        self._links: list[tuple[str, str, int]] = []
        self._named: dict[str, set[str]] = defaultdict(set)
        for (given, label, parent), line in zip(rows, lines, strict=True):
            try:
                curie = normalize_curie(given)
            except IdentifierError as error:
                self._reject(line, "bad_identifier", str(error))
                continue
            self.know(curie, label)
            self._links.append((curie, parent, line))
        if not self.names:
            raise SourceError(f"{source.file}: no row has an identifier; expected DOID:4 and so on")

    def know(self, curie: str, label: str) -> None:
        """Take note of a term; the root has no row among the terms, only cross-references."""
        if curie not in self.names:
            self.names[curie] = label
            self._named[label].add(curie)

    def _reject(self, line: int, code: str, detail: str) -> None:
        self.rejections.add(f"{self.source.file}:{line}", code, detail)

    def entities(self, category: str) -> pa.Table:
        """Return one entity for each id."""
        ids = list(self.names)
        columns: dict[str, object] = {
            "id": ids,
            "name": list(self.names.values()),
            "category": [category] * len(ids),
        }
        return table(ENTITIES, columns, len(ids))

    def statements(self) -> tuple[pa.Table, Tally]:
        """Return the parents of the terms, and what became of each row."""
        seen: set[tuple[str, str]] = set()
        rows: list[tuple[str, str, int]] = []
        merged = 0
        for curie, label, line in self._links:
            parents = self._named.get(label, set())
            if not label or (curie, label) in seen:  # a row that only says that the term is there
                merged += 1
            elif len(parents) == 1:
                rows.append((curie, next(iter(parents)), line))
            else:
                code = "ambiguous_parent" if parents else "unknown_parent"
                detail = f"{curie}: {len(parents)} terms are called {label!r}"
                self._reject(line, code, detail)
            seen.add((curie, label))
        rejected = self.read - len(rows) - merged
        tally = Tally("rows", self.read, len(rows), merged, rejected)
        if not rows:
            return STATEMENTS.empty_table(), tally
        subjects, objects, lines = zip(*rows, strict=True)
        made = subclass_table(pa.array(subjects), pa.array(objects), pa.array(lines, pa.int64()))
        return made, tally


def _mappings(
    source: SourceFile,
    terms: _Terms,
    settings: Mapping[str, object],
    rejections: Rejections,
) -> tuple[pa.Table, list[Tally]]:
    rows, lines, read = read_quoted(source, XREFS, rejections)
    subjects, objects, kept = [], [], []
    for (given, label, xref), line in zip(rows, lines, strict=True):
        try:
            curie = normalize_curie(given)
        except IdentifierError as error:
            rejections.add(f"{source.file}:{line}", "bad_identifier", str(error))
            continue
        terms.know(curie, label)
        subjects.append(curie)
        objects.append(xref)
        kept.append(line)
    found = Mappings(source.file, settings, rejections)
    kinds: list[str | None] = [None] * len(kept)
    found.add("xrefs", subjects, objects, kinds, kept, "oboInOwl:hasDbXref")
    made = found.tallies[0]
    tally = Tally("xrefs", read, made.loaded, made.merged, read - made.loaded - made.merged)
    return found.table(), [tally]
