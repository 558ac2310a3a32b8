"""The tables of an Orphanet source while they grow: plain lists, and a count of every record."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pyarrow as pa

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
from kgsynth.sources.orphanet_facts import Facts
from kgsynth.sources.orphanet_prevalence import Prevalence, class_entities
from kgsynth.sources.record_text import RecordError

LOADED, MERGED, REJECTED = "loaded", "merged", "rejected"

_COLUMNS = (
    "subject", "predicate", "object", "negated", "reference", "code", "frequency", "share_low",
    "modifier", "date", "line",
)  # fmt: skip


Record = TypeVar("Record")


@dataclass
class Entity:
    """What is known of one entity so far."""

    name: str = ""
    synonyms: tuple[str, ...] = ()
    definition: str = ""


@dataclass
class Tables:
    """The tables of one Orphanet source while they grow.

    Attributes:
        source: The file, for places.
        facts: What Orphanet's words mean.
        rejections: What could not be read.
        counts: Records by (unit, fate).
    """

    source: SourceFile
    facts: Facts
    rejections: Rejections = field(default_factory=Rejections)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _units: dict[str, None] = field(default_factory=dict)
    _disorders: dict[str, Entity] = field(default_factory=dict)
    _genes: dict[str, Entity] = field(default_factory=dict)
    _mentioned: dict[str, str] = field(default_factory=dict)
    _statements: dict[str, list[object]] = field(default_factory=lambda: {k: [] for k in _COLUMNS})
    _mappings: dict[tuple[str, str], tuple[str, str | None, int]] = field(default_factory=dict)
    _flags: dict[tuple[str, str], None] = field(default_factory=dict)
    _classes: dict[Prevalence, str] = field(default_factory=dict)
    _signals: list[tuple[str, float, str]] = field(default_factory=list)
    _seen: set[tuple[object, ...]] = field(default_factory=set)
    _terms: dict[str, str] = field(default_factory=dict)
    _replaced: dict[str, tuple[str, ...]] = field(default_factory=dict)

    # ---- counting --------------------------------------------------------------------------

    def count(self, unit: str, fate: str, number: int = 1) -> None:
        """Note what became of some records of one kind."""
        self._units.setdefault(unit)
        self.counts[unit, fate] += number

    def reject(self, unit: str, place: str | int, code: str, detail: str) -> None:
        """Note a record that cannot go on."""
        self.count(unit, REJECTED)
        self.rejections.add(f"{self.source.file}:{place}", code, detail)

    def each(
        self, unit: str, line: int, records: Iterable[Record], use: Callable[[Record], str]
    ) -> None:
        """Hand every record of one kind to `use`: it returns a fate or raises `RecordError`."""
        self._units.setdefault(unit)
        for record in records:
            try:
                self.count(unit, use(record))
            except RecordError as error:
                self.reject(unit, line, error.code, error.detail)

    # ---- the end ---------------------------------------------------------------------------

    def data(
        self, version: str, manifest: Manifest, files: tuple[SourceFile, ...] = ()
    ) -> SourceData:
        """Return everything as tables; statements are in the last of several files."""
        for curie, name in self._mentioned.items():
            if curie not in self._disorders:  # no record says what it is: unfit as an answer
                self._disorders[curie] = Entity(name)
                self._flags.setdefault((curie, "group"))
        for curie in self._replaced:
            self._disorders.pop(curie, None)
        self._flags = {pair: None for pair in self._flags if pair[0] not in self._replaced}
        return SourceData(
            version=version or manifest.version,
            files=files or (self.source,),
            statements_from=max(0, len(files) - 1),
            entities=self._entities(),
            statements=_statement_table(self._statements),
            mappings=_mapping_table(self._mappings),
            flags=_rows(FLAGS, ("entity", "flag"), list(self._flags)),
            signals=self._signal_table(),
            replaced=self._replaced,
            rejections=self.rejections,
            tallies=tuple(self._tally(unit) for unit in self._units),
        )

    def _tally(self, unit: str) -> Tally:
        fates = [self.counts[unit, fate] for fate in (LOADED, MERGED, REJECTED)]
        return Tally(unit, sum(fates), *fates)

    def _entities(self) -> pa.Table:
        every = [*self._disorders.items(), *self._genes.items()]
        kinds = [self.facts.category] * len(self._disorders) + ["Gene"] * len(self._genes)
        columns: dict[str, object] = {
            "id": [curie for curie, _ in every],
            "name": [one.name for _, one in every],
            "category": kinds,
            "synonyms": [list(one.synonyms) for _, one in every],
            "definition": [one.definition or None for _, one in every],
        }
        described = table(ENTITIES, columns, len(every))
        return pa.concat_tables((described, class_entities(self._classes)))

    def _signal_table(self) -> pa.Table:
        rows = [(curie, "prevalence", value, words) for curie, value, words in self._signals]
        return _rows(SIGNALS, ("entity", "signal", "value", "detail"), rows)

    # ---- helpers ---------------------------------------------------------------------------

    def _state(
        self, subject: str, predicate: str, object_: str, line: int, reference: str = "",
        code: str = "", negated: bool = False, frequency: str = "",
        share_low: float | None = None, modifier: str = "", date: str = "",
    ) -> None:  # fmt: skip
        # The record that says so is the disorder's own page at Orphanet.
        row = (subject, predicate, object_, negated, reference or f"ORPHA:{line}", code, frequency,
               share_low, modifier, date, line)  # fmt: skip
        for column, value in zip(self._statements.values(), row, strict=True):
            column.append(value)

    def _map(
        self, subject: str, object_: str, predicate: str, justification: str | None, line: int
    ) -> str:
        if (subject, object_) in self._mappings:
            return MERGED
        self._mappings[subject, object_] = (predicate, justification, line)
        return LOADED


def _rows(
    schema: pa.Schema, names: tuple[str, ...], rows: Sequence[tuple[object, ...]]
) -> pa.Table:
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return table(schema, columns, len(rows))


def _statement_table(columns: dict[str, list[object]]) -> pa.Table:
    return table(STATEMENTS, columns, len(columns["line"]))


def _mapping_table(found: dict[tuple[str, str], tuple[str, str | None, int]]) -> pa.Table:
    rows: list[tuple[object, ...]] = [(*ends, *said) for ends, said in found.items()]
    return _rows(MAPPINGS, ("subject", "object", "predicate", "justification", "line"), rows)
