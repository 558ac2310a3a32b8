"""The tables of a Mondo release, read row by row; see the head of `mondo_release`."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kgsynth.errors import IdentifierError, UnknownPrefixError
from kgsynth.identifiers import normalize_curie, prefix_of
from kgsynth.sources.base import Manifest, Rejections, SourceFile, Tally
from kgsynth.sources.mondo_grain import OBSOLETE, SUSCEPTIBILITIES
from kgsynth.sources.tsv import read_rows

EDGES = ("id", "subject", "predicate", "object", "relation", "knowledge_source")
LABELS = (
    "cls",
    "cls_label",
    "textdef_count",
    "xref_count",
    "named_superclass_count",
    "anon_superclass_count",
    "named_equiv_count",
    "anon_equiv_count",
)
SUBSETS = ("id", "subset", "group")
SYNONYMS = ("ID", "LABEL", "SYNONYMS")
NODES = ("id", "category", "name", "synonym", "xref", "provided_by")
XREFS = ("cls", "xref")

#: Numbers from here on are classes for other animals.
_NON_HUMAN = 1_000_000
_NOT_OF_HUMANS = re.compile(r"\bnon-human\b")
_Row = tuple[str, ...]


@dataclass
class MondoTables:
    """The files of a release, read one after the other, and what was found in them."""

    files: tuple[SourceFile, ...]
    roles: Mapping[str, SourceFile]
    manifest: Manifest
    rejections: Rejections = field(default_factory=Rejections)
    tallies: list[Tally] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    parents: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    subsets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    susceptible: set[str] = field(default_factory=set)
    statements: list[tuple[str, str, str, str, int]] = field(default_factory=list)

    def _rows(
        self, role: str, columns: tuple[str, ...], keep: tuple[str, ...], ids: tuple[str, ...]
    ) -> Iterable[tuple[_Row, int]]:
        """Return some cells of each row of a file, and its line; broken rows are rejected.

        Args:
            role: Which file.
            columns: Names of its columns, in order.
            keep: Those to return.
            ids: Those of them that are identifiers, to be spelled the house way.
        """
        rows = read_rows(self.roles[role], columns, self.rejections, keep=keep)
        self._read = rows.read
        parts: list[list[Any]] = []
        for name in keep:
            coded = rows.table[name].chunk(0)
            words: list[Any] = [_unquoted(word) for word in coded.dictionary.to_pylist()]
            if name in ids:
                words = [_spelled(word) for word in words]
            parts.append([words[code] for code in coded.indices.to_pylist()])
        numbers = [keep.index(name) for name in ids]
        for cells, line in zip(zip(*parts, strict=True), rows.lines.tolist(), strict=True):
            for number in numbers:
                if not isinstance(cells[number], str):
                    self._reject(role, line, *cells[number])
                    break
            else:
                yield cells, line

    def _reject(self, role: str, line: int, code: str, detail: str) -> None:
        self.rejections.add(f"{self.roles[role].file}:{line}", code, detail)

    def _count(self, unit: str, before: int, merged: int = 0) -> None:
        """Account for the file just read: what is neither rejected nor merged is loaded."""
        rejected = len(self.rejections) - before
        self.tallies.append(
            Tally(unit, self._read, self._read - merged - rejected, merged, rejected)
        )

    def read_labels(self) -> None:
        """Find the labels of diseases and the symbols of genes; reject other classes."""
        before, merged = len(self.rejections), 0
        for (text, label), line in self._rows("labels", LABELS, LABELS[:2], ()):
            head = text.partition(":")[0]
            if head != "MONDO" and "/hgnc/" not in text:
                self._reject("labels", line, "imported_term", f"{text} is of another ontology")
                continue
            curie = _spelled(text)
            if not isinstance(curie, str):
                self._reject("labels", line, *curie)
                continue
            number = curie.partition(":")[2]
            name = " ".join(label.split())  # no-break spaces too
            if head != "MONDO":
                self.symbols[curie] = name
            elif _of_animals(number, name):
                self._reject("labels", line, "other_species", f"{curie} is of other animals")
            elif curie in self.labels:
                merged += 1
            else:
                self.labels[curie] = name
                if name.startswith(OBSOLETE):
                    self._reject("labels", line, "obsolete_term", f"{curie} is obsolete")
        self._count("classes", before, merged)

    def read_subsets(self) -> None:
        """Find the subsets that each class is in, and who is a susceptibility."""
        before = len(self.rejections)
        for (curie, subset, group), _ in self._rows("subsets", SUBSETS, SUBSETS, ("id",)):
            self.subsets[curie].add(subset)
            if group == SUSCEPTIBILITIES:
                self.susceptible.add(curie)
        self._count("subset members", before)

    def read_edges(self) -> None:
        """Find the statements of the manifest's relations, and the parents of classes."""
        before = len(self.rejections)
        relations: Any = self.manifest.settings["relations"]
        keep = ("subject", "object", "relation")
        rows = self._rows("edges", EDGES, keep, ("subject", "object"))
        for (subject, object_, relation), line in rows:
            predicates = relations.get(relation)
            if predicates is None:
                self._reject("edges", line, "unknown_relation", f"relation {relation[:80]!r}")
                continue
            for predicate in predicates:
                turned = predicate.startswith("^")
                pair = (object_, subject) if turned else (subject, object_)
                name = predicate.removeprefix("^")
                self.statements.append((pair[0], name, pair[1], relation, line))
                if name == "subclass_of":
                    self.parents[subject].add(object_)
                if turned:
                    self.symbols.setdefault(object_, "")
        self._count("links", before)

    def read_synonyms(self) -> dict[str, list[str]]:
        """Return the exact synonyms of classes; none where the release has no such file."""
        found: dict[str, list[str]] = {}
        if "synonyms" not in self.roles:
            return found
        before = len(self.rejections)
        for (curie, names), _ in self._rows("synonyms", SYNONYMS, ("ID", "SYNONYMS"), ("ID",)):
            every = [" ".join(name.split()) for name in names.split("|")]
            found.setdefault(curie, []).extend(name for name in every if name)
        self._count("lists of synonyms", before)
        return found

    def read_nodes(self, synonyms: dict[str, list[str]]) -> None:
        """Name what has no label yet, and add its synonyms."""
        if "nodes" not in self.roles:
            return
        before, merged = len(self.rejections), 0
        keep = ("id", "name", "synonym")
        for (curie, name, names), _ in self._rows("nodes", NODES, keep, ("id",)):
            label = " ".join(name.split())
            known = self.labels if prefix_of(curie) == "MONDO" else self.symbols
            if known.get(curie) or not label:
                merged += 1
            else:
                known[curie] = label
                synonyms.setdefault(curie, [one for one in names.split("|") if one])
        self._count("nodes", before, merged)

    def read_xrefs(self) -> list[tuple[str, str, str, int]]:
        """Return cross-references as related mappings; none where the release has no such file."""
        if "xrefs" not in self.roles:
            return []
        before = len(self.rejections)
        found: dict[tuple[str, str], int] = {}
        loaded = 0
        for pair, line in self._rows("xrefs", XREFS, XREFS, XREFS):
            loaded += 1
            found.setdefault((pair[0], pair[1]), line)
        self._count("cross-references", before, loaded - len(found))
        return [(one, other, "related", line) for (one, other), line in found.items()]


def _spelled(text: str) -> str | tuple[str, str]:
    """Return an identifier spelled the house way; code and detail where it is none."""
    try:
        return normalize_curie(text)
    except UnknownPrefixError as error:
        return "unknown_prefix", str(error)
    except IdentifierError as error:
        return "bad_identifier", str(error)


def _of_animals(number: str, name: str) -> bool:
    return (number.isdigit() and int(number) >= _NON_HUMAN) or bool(_NOT_OF_HUMANS.search(name))


def _unquoted(cell: str) -> str:
    """Return a cell without the quotes that some of these tables put around text."""
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell
