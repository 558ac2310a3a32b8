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
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kgsynth.errors import SourceError
from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    MAPPINGS,
    SIGNALS,
    STATEMENTS,
    Manifest,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.mondo_grain import OBSOLETE, SERIES_PATTERN, Grain, distinct_names
from kgsynth.sources.mondo_tables import MondoTables

_CLASS = re.compile(rb'<owl:Class rdf:about="[^"]*/MONDO_(\d+)"')


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
class _Release(MondoTables):
    """What the files of a release say together."""

    def data(self) -> SourceData:
        """Return all that the release says."""
        self.read_labels()
        self.read_subsets()
        self.read_edges()
        synonyms = self.read_synonyms()
        self.read_nodes(synonyms)
        mappings = self.read_xrefs()
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


def _columns(schema: Any, names: tuple[str, ...], rows: list[Any]) -> Any:
    """Return a table of some columns of a schema from rows; statements are assertions."""
    columns: dict[str, object] = dict(
        zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True)
    )
    columns = {name: list(values) for name, values in columns.items()}  # type: ignore[call-overload]
    if "negated" in schema.names:
        columns["negated"] = [False] * len(rows)
    return table(schema, columns, len(rows))
