"""Small tables row by row, and the columns that a loader fills as it goes.

For files of some ten thousand rows, where plain loops are fast enough and easier to read than
columns; larger ones go through `tsv` alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from kgsynth.errors import IdentifierError, SourceError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.base import (
    ENTITIES,
    MAPPINGS,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceFile,
    table,
)
from kgsynth.sources.tsv import read_rows


class Record(NamedTuple):
    """One row: its one-based line, and its cells by the name of the column."""

    line: int
    cells: dict[str, str]


def read_records(
    source: SourceFile, columns: Sequence[str], rejections: Rejections
) -> tuple[list[Record], int]:
    """Return the well-formed rows of a table, blanks around cells left out, and how many it has.

    Args:
        source: The file.
        columns: The column names that it must have, in order.
        rejections: Gets ``column_count``.

    Raises:
        SourceError: If the column names are absent or others.
    """
    rows = read_rows(source, columns, rejections)
    cells = [[tidy(text) for text in rows.table[name].to_pylist()] for name in columns]
    lines = rows.lines.tolist()
    return [
        Record(line, dict(zip(columns, row, strict=True)))
        for line, row in zip(lines, zip(*cells, strict=True), strict=True)
    ], rows.read


def tidy(text: str) -> str:
    """Return a text with single plain blanks between words and none around; no byte order marks.

    Example:
        >>> tidy(" renal  sodium ion ")
        'renal sodium ion'
    """
    return " ".join(text.replace("\ufeff", " ").split())


def by_role(files: tuple[SourceFile, ...], roles: Sequence[str]) -> dict[str, SourceFile]:
    """Return the files by their role; a single file without a role has the first.

    Raises:
        SourceError: If the first role has no file.
    """
    found = {one.role: one for one in files}
    if roles[0] not in found and "" in found:
        found[roles[0]] = found.pop("")
    if roles[0] not in found:
        raise SourceError(f"no file with role {roles[0]!r}; found {', '.join(found) or 'none'}")
    return found


def setting(manifest: Manifest, name: str) -> dict[str, str]:
    """Return a table of a manifest as texts, empty where it is absent."""
    given = manifest.settings.get(name, {})
    if not isinstance(given, dict):
        raise SourceError(f"ontologies/{manifest.name}.toml: {name!r} is no table")
    return {str(key): str(value) for key, value in given.items()}


@dataclass
class Entity:
    """What a source says of one entity, in the order it says it."""

    category: str
    names: Counter[str] = field(default_factory=Counter)
    synonyms: dict[str, None] = field(default_factory=dict)
    related: dict[str, None] = field(default_factory=dict)
    definition: str = ""


@dataclass
class Collected:
    """Entities, statements and mappings of one source as they come; made into tables at the end.

    Attributes:
        file: The file that is read, for the places of rejections.
        rejections: What could not go on.
        entities: By id.
    """

    file: str
    rejections: Rejections = field(default_factory=Rejections)
    entities: dict[str, Entity] = field(default_factory=dict)
    _statements: list[dict[str, object]] = field(default_factory=list)
    _mappings: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=dict)

    def reject(self, line: int, code: str, detail: str) -> None:
        """Note one rejected record of the file."""
        self.rejections.add(f"{self.file}:{line}", code, detail)

    def spell(self, line: int, text: str) -> str:
        """Return an identifier in the house spelling, or "" after rejecting the record."""
        try:
            return normalize_curie(text)
        except IdentifierError as error:
            self.reject(line, "bad_identifier", str(error))
            return ""

    def add(self, curie: str, category: str, name: str = "") -> Entity:
        """Return the entity of that id; the category is the first one given."""
        entity = self.entities.setdefault(curie, Entity(category))
        if name:
            entity.names[name] += 1
        return entity

    def state(self, subject: str, predicate: str, object_: str, line: int, **more: object) -> None:
        """Add a statement; `more` are further columns of `STATEMENTS`."""
        row: dict[str, object] = {"subject": subject, "predicate": predicate, "object": object_}
        self._statements.append({**row, "line": line, "negated": False, **more})

    def map(
        self, subject: str, object_: str, line: int, predicate: str, justification: str = ""
    ) -> bool:
        """Add a mapping; return whether it is new."""
        key = (subject, object_, predicate)
        if key in self._mappings:
            return False
        self._mappings[key] = (justification, line)
        return True

    def entity_table(self) -> pa.Table:
        """Return `ENTITIES`: the name given most often first, of two the earlier."""
        rows = list(self.entities.values())
        columns: dict[str, object] = {
            "id": list(self.entities),
            "name": [next(iter(_ranked(one.names)), None) for one in rows],
            "category": [one.category for one in rows],
            "synonyms": [list(one.synonyms) for one in rows],
            "related_synonyms": [list(one.related) for one in rows],
            "definition": [one.definition or None for one in rows],
        }
        return table(ENTITIES, columns, len(rows))

    def statement_table(self) -> pa.Table:
        """Return `STATEMENTS`."""
        rows = self._statements
        names = [name for name in STATEMENTS.names if any(name in row for row in rows)]
        columns: dict[str, object] = {name: [row.get(name) for row in rows] for name in names}
        return table(STATEMENTS, columns, len(rows))

    def mapping_table(self) -> pa.Table:
        """Return `MAPPINGS`."""
        rows = [(*key, *rest) for key, rest in self._mappings.items()]
        subject, object_, predicate, why, line = zip(*rows, strict=True) if rows else ((),) * 5
        columns: dict[str, object] = {"subject": list(subject), "object": list(object_)}
        columns |= {"predicate": list(predicate), "line": list(line)}
        columns["justification"] = [text or None for text in why]
        return table(MAPPINGS, columns, len(rows))

    @property
    def n_statements(self) -> int:
        """How many statements there are so far."""
        return len(self._statements)


def _ranked(names: Counter[str]) -> Iterator[str]:
    """Yield names, most frequent first; `Counter` keeps the order of first sight among equals."""
    yield from (name for name, _ in names.most_common())
