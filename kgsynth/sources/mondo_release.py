"""A release of the Mondo Disease Ontology, from the tables that its repository holds.

- ``edges``: what is a kind of what among rare diseases, and which gene is the germline cause of
  which; the meaning of the latter stands in ``relation`` only, and its genes are web addresses.
- ``labels``: labels of every class, of imported ones too. Classes for other animals, and those of
  other ontologies, are left out and counted; genes get their symbols from here. Classes that only
  characterize diseases (*inherited*, *mosaic*) are named in the manifest: here they have no parent.
- ``subsets``, ``tags``: from which `mondo_grain` tells groups, series and susceptibilities.
- ``synonyms``: exact synonyms of rare diseases.
- ``nodes``: names of what has no label, in KGX columns.
- ``xrefs``: cross-references without a meaning; they become related mappings and merge nothing.

Source: https://github.com/monarch-initiative/mondo (CC BY 4.0).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kgsynth.errors import IdentifierError, SourceError, UnknownPrefixError
from kgsynth.identifiers import normalize_curie, prefix_of
from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    MAPPINGS,
    SIGNALS,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.mondo_grain import (
    OBSOLETE,
    SERIES_PATTERN,
    SUSCEPTIBILITIES,
    Grain,
    distinct_names,
)
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
_CLASS = re.compile(rb'<owl:Class rdf:about="[^"]*/MONDO_(\d+)"')
_Row = tuple[str, ...]


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one release; see `base.Loader`.

    Args:
        files: By their roles, see the head of this module; ``edges``, ``labels`` and ``subsets``
            are needed.
        manifest: ``settings`` has ``category``, ``relations`` (relation to the predicates that it
            states, a leading ``^`` where the object comes first) and ``signals``.

    Raises:
        SourceError: If a needed file is missing or none of the kind.
    """
    by_role = {one.role: one for one in files}
    missing = [role for role in ("edges", "labels", "subsets") if role not in by_role]
    if missing:
        raise SourceError(
            f"{files[0].file if files else 'mondo-release'}: no file of the role {missing[0]!r}; "
            "give the folder of the release"
        )
    return _Release(files, by_role, manifest).data()


@dataclass
class _Release:
    """The files of a release, read one after the other."""

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

    def data(self) -> SourceData:
        """Return all that the release says."""
        self._read_labels()
        self._read_subsets()
        self._read_edges()
        synonyms = self._read_synonyms()
        self._read_nodes(synonyms)
        mappings = self._read_xrefs()
        named = [term for term in self.labels if not self.labels[term].startswith(OBSOLETE)]
        edges = self.roles["edges"]
        return SourceData(
            version=self.manifest.version,
            files=self.files,
            entities=self._entities(named, synonyms),
            statements=_columns(
                STATEMENTS, ("subject", "predicate", "object", "code", "line"), self.statements
            ),
            mappings=_columns(MAPPINGS, ("subject", "object", "predicate", "line"), mappings),
            flags=_columns(FLAGS, ("entity", "flag"), self._flags()),
            signals=self._signals(),
            rejections=self.rejections,
            tallies=tuple(self.tallies),
            statements_from=self.files.index(edges),
        )

    # ---- files -----------------------------------------------------------------------------

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

    def _read_labels(self) -> None:
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

    def _read_subsets(self) -> None:
        before = len(self.rejections)
        for (curie, subset, group), _ in self._rows("subsets", SUBSETS, SUBSETS, ("id",)):
            self.subsets[curie].add(subset)
            if group == SUSCEPTIBILITIES:
                self.susceptible.add(curie)
        self._count("subset members", before)

    def _read_edges(self) -> None:
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

    def _read_synonyms(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        if "synonyms" not in self.roles:
            return found
        before = len(self.rejections)
        for (curie, names), _ in self._rows("synonyms", SYNONYMS, ("ID", "SYNONYMS"), ("ID",)):
            every = [" ".join(name.split()) for name in names.split("|")]
            found.setdefault(curie, []).extend(name for name in every if name)
        self._count("lists of synonyms", before)
        return found

    def _read_nodes(self, synonyms: dict[str, list[str]]) -> None:
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

    def _read_xrefs(self) -> list[tuple[str, str, str, int]]:
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

    # ---- columns ---------------------------------------------------------------------------

    def _entities(self, named: list[str], synonyms: Mapping[str, list[str]]) -> Any:
        category = str(self.manifest.settings["category"])
        genes = list({one for row in self.statements for one in row[:3:2] if one[:5] == "HGNC:"})
        genes.sort()
        others = [distinct_names(self.labels[one], synonyms.get(one, [])) for one in named]
        columns = {
            "id": named + genes,
            "name": [self.labels[one] for one in named]
            + [self.symbols.get(one) or None for one in genes],
            "category": [self._traits.get(one, category) for one in named] + ["Gene"] * len(genes),
            "synonyms": others + [[]] * len(genes),
        }
        return table(ENTITIES, columns, len(named) + len(genes))

    def _flags(self) -> list[tuple[str, str]]:
        series = self._series()
        # A series is in the subset as well, by its OMIMPS number.
        omim = {term for term, own in self.subsets.items() if "omim" in own} - series
        orphanet = {term for term, own in self.subsets.items() if "orphanet" in own}
        grain = Grain(
            self.labels,
            self.parents,
            self.subsets,
            self.susceptible,
            series,
            omim,
            recorded=(omim | orphanet) & self.labels.keys(),
        )
        diseases = [term for term in self.labels if term not in self._traits]
        return [(term, flag) for term in diseases for flag in grain.reasons(term)]

    @cached_property
    def _traits(self) -> dict[str, str]:
        """The category of every class that is no disease but says something of one."""
        given: Any = self.manifest.settings.get("characteristics", {})
        return {term: str(category) for category, terms in given.items() for term in terms}

    def _series(self) -> set[str]:
        """Return the classes that should conform to the pattern for OMIM phenotypic series."""
        if "tags" not in self.roles:
            return set()
        found: set[str] = set()
        current, classes = "", 0
        for line in self.roles["tags"].data.splitlines():
            match = _CLASS.search(line)
            if match:
                current = f"MONDO:{match[1].decode()}"
                classes += 1
            elif SERIES_PATTERN.encode() in line:
                found.add(current)
        if not classes:
            raise SourceError(f"{self.roles['tags'].file}: no class of Mondo in it")
        self.tallies.append(Tally("tagged classes", classes, classes))
        return found

    def _signals(self) -> Any:
        worth: Any = self.manifest.settings["signals"]
        rows = [
            (term, "rare_subset", worth["rare"], "Mondo subset 'rare'")
            for term, own in self.subsets.items()
            if "rare" in own
        ]
        return _columns(SIGNALS, ("entity", "signal", "value", "detail"), rows)


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


def _columns(schema: Any, names: tuple[str, ...], rows: list[Any]) -> Any:
    """Return a table of some columns of a schema from rows; statements are assertions."""
    columns: dict[str, object] = dict(
        zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True)
    )
    columns = {name: list(values) for name, values in columns.items()}  # type: ignore[call-overload]
    if "negated" in schema.names:
        columns["negated"] = [False] * len(rows)
    return table(schema, columns, len(rows))
