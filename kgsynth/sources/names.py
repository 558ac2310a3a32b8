"""Rows of other names: translations and lay terms, collected column by column."""

from dataclasses import dataclass, field

import pyarrow as pa

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.base import NAMES, Rejections, Tally, table


@dataclass
class Names:
    """Names of entities, and what became of the rows they came from.

    Attributes:
        rejections: Gets ``bad_identifier`` and what `reject` is given.
    """

    rejections: Rejections
    _rows: list[tuple[str, str, str, str, str, int, int]] = field(default_factory=list)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)
    _spelled: dict[str, str] = field(default_factory=dict)
    _loaded: int = 0
    _merged: int = 0
    _rejected: int = 0

    def add(
        self, given: str, language: str, texts: list[str], kind: str, status: str, place: "Place"
    ) -> None:
        """Add the names in one row; names that stand already are merged.

        Args:
            given: The entity as the file spells it.
            language: Of the names.
            texts: One or more names.
            kind: label, synonym or lay.
            status: As the file words it, or "".
            place: Where the row is.
        """
        curie = self._spelled.get(given)
        if curie is None:
            try:
                curie = self._spelled[given] = normalize_curie(given)
            except IdentifierError as error:
                self.reject(place, "bad_identifier", str(error))
                return
        fresh = [text for text in texts if (curie, language, text) not in self._seen]
        for text in fresh:
            self._seen.add((curie, language, text))
            self._rows.append((curie, language, text, kind, status, place.line, place.number))
        self._loaded += bool(fresh)
        self._merged += not fresh

    def reject(self, place: "Place", code: str, detail: str) -> None:
        """Note a row that gives no name."""
        self._rejected += 1
        self.rejections.add(f"{place.file}:{place.line}", code, detail)

    def tally(self, unit: str, read: int) -> Tally:
        """Return what became of the rows since the last tally; rows not seen here are rejected."""
        made = Tally(unit, read, self._loaded, self._merged, read - self._loaded - self._merged)
        self._loaded = self._merged = self._rejected = 0
        return made

    def table(self) -> pa.Table:
        """Return the names in the order of the files; see `base.NAMES`."""
        columns = list(zip(*self._rows, strict=True)) if self._rows else [()] * len(NAMES)
        arrays: dict[str, object] = {
            part.name: pa.array(column, part.type)
            for part, column in zip(NAMES, columns, strict=True)
        }
        return table(NAMES, arrays, len(self._rows))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is: file, number of the file among those of the source, one-based line."""

    file: object
    number: int
    line: int
