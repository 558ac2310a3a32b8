"""Mappings between ontologies in SSSOM: which id means the same as which, and who says so.

Comment lines at the top are YAML: ``curie_map`` says what the prefixes stand for, and
``mapping_set_version`` which release it is. Each row is one mapping with a predicate and a
justification. Only exact ones can make twins; the builder decides.

Source: https://mapping-commons.github.io/sssom/spec-intro/
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from kgsynth.errors import IdentifierError, SourceError
from kgsynth.identifiers import normalize_curie, own_curie
from kgsynth.sources.base import (
    MAPPING_PREDICATES,
    MAPPINGS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.tsv import Rows, read_rows

#: Columns without which a row says nothing.
NEEDED = ("subject_id", "predicate_id", "object_id")

#: The tail of a predicate -> the name used here. Broad: the object is the wider one.
PREDICATES: dict[str, str] = {
    **{f"{name}Match": name for name in MAPPING_PREDICATES},
    "equivalentClass": "exact",
    "sameAs": "exact",
    "subClassOf": "broad",
    "superClassOf": "narrow",
    "crossSpeciesExactMatch": "close",
    "hasDbXref": "related",
    "seeAlso": "related",
}
#: What a denied mapping is: its two ids are never joined, whoever says they are the same.
DIFFERENT = "different"
#: How SSSOM says that a curator looked for a partner and found none.
_NO_TERM = "sssom:NoTermFound"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HEADER_LINES = 10_000


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one mapping set; see `base.Loader`.

    Args:
        files: One table with its metadata as comment lines.
        manifest: ``settings["predicates"]`` (predicate as the file has it to one of
            `base.MAPPING_PREDICATES`) comes before `PREDICATES`.

    Raises:
        SourceError: If the metadata is no YAML, or a column of `NEEDED` is missing.
    """
    source = files[0]
    rejections = Rejections()
    head = read_head(source)
    rows = read_rows(source, head.columns, rejections, keep=head.keep)
    if "predicate_modifier" not in head.columns:
        rows = _with_blank(rows, "predicate_modifier")
    own = dict(manifest.settings.get("predicates", {}))  # type: ignore[call-overload]
    reader = _Reader(source, rows, rejections, head.prefixes, own)
    mappings = reader.mappings("mapping_justification" in head.columns)
    return SourceData(
        version=head.version or manifest.version,
        files=files,
        mappings=mappings,
        rejections=rejections,
        tallies=(Tally("mappings", rows.read, len(mappings), reader.merged, len(rejections)),),
    )


@dataclass(frozen=True)
class Head:
    """What stands above the rows.

    Attributes:
        columns: Names of the columns, in order.
        prefixes: ``curie_map``: prefix to the beginning of a web address.
        version: The release, or "".
    """

    columns: tuple[str, ...]
    prefixes: Mapping[str, str]
    version: str

    @property
    def keep(self) -> tuple[str, ...]:
        """The columns that are read."""
        wanted = (*NEEDED, "predicate_modifier", "mapping_justification")
        return tuple(name for name in wanted if name in self.columns)


def read_head(source: SourceFile) -> Head:
    """Return the metadata and the column names of a mapping set.

    Raises:
        SourceError: If the metadata is no YAML mapping, or a needed column is missing.
    """
    comments: list[str] = []
    data = source.data.removeprefix(b"\xef\xbb\xbf")
    at = 0
    while data.startswith(b"#", at) and len(comments) < _HEADER_LINES:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        comments.append(data[at + 1 : end].decode().rstrip("\r"))
        at = end + 1
    line = data[at : data.find(b"\n", at) if b"\n" in data[at:] else len(data)]
    columns = tuple(line.decode().rstrip("\r").split("\t"))
    missing = [name for name in NEEDED if name not in columns]
    if missing or len(set(columns)) < len(columns):
        what = f"no column {missing[0]!r}" if missing else "a column name stands twice"
        raise SourceError(
            f"{source.file}:{len(comments) + 1}: {what}; expected tab-separated columns with "
            f"{', '.join(NEEDED)}"
        )
    fields = _metadata(source, comments)
    prefixes = fields.get("curie_map")
    prefixes = prefixes if isinstance(prefixes, dict) else {}
    version = str(fields.get("mapping_set_version") or fields.get("mapping_date") or "")
    dated = _DATE.search(version)
    return Head(
        columns,
        {str(prefix): str(address) for prefix, address in prefixes.items()},
        dated.group() if dated else version[:80],
    )


def _metadata(source: SourceFile, comments: list[str]) -> dict[Any, Any]:
    text = "\n".join(line.removeprefix(" ") for line in comments)
    try:
        fields = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = mark.line + 1 if mark else 1
        problem = " ".join(str(getattr(error, "problem", None) or error).split())[:120]
        raise SourceError(
            f"{source.file}:{place}: the metadata in the comment lines is no YAML: {problem}"
        ) from None
    return fields if isinstance(fields, dict) else {}


def _with_blank(rows: Rows, name: str) -> Rows:
    zeros = pa.array(np.zeros(len(rows.lines), dtype=np.int32))
    blank = pa.DictionaryArray.from_arrays(zeros, pa.array([""], pa.string()))
    return Rows(rows.table.append_column(name, blank), rows.lines, rows.read)


class _Reader:
    """The rows of one mapping set; every check works on the few distinct values of a column."""

    def __init__(
        self,
        source: SourceFile,
        rows: Rows,
        rejections: Rejections,
        prefixes: Mapping[str, str],
        predicates: Mapping[str, str],
    ) -> None:
        self.source = source
        self.rows = rows
        self.rejections = rejections
        self.prefixes = prefixes
        self.predicates = predicates
        self.alive = np.ones(len(rows.lines), dtype=np.bool_)
        self.merged = 0

    def mappings(self, justified: bool) -> pa.Table:
        """Return the good rows, each mapping once."""
        subject = self._spelled("subject_id")
        object_ = self._spelled("object_id")
        denied = self._each("predicate_modifier", self._denied)
        predicate = self._each("predicate_id", self._predicate)
        names = np.where(denied.astype(np.bool_), DIFFERENT, predicate)
        keys: dict[tuple[str, str, str], int] = {}
        for at in np.flatnonzero(self.alive).tolist():
            key = (subject[at], names[at], object_[at])
            if keys.setdefault(key, at) != at:
                self.alive[at] = False
                self.merged += 1
        keep = np.flatnonzero(self.alive)
        columns: dict[str, object] = {
            "subject": pa.array(subject[keep].tolist(), pa.string()),
            "object": pa.array(object_[keep].tolist(), pa.string()),
            "predicate": pa.array(names[keep].tolist(), pa.string()),
            "line": pa.array(self.rows.lines[keep]),
        }
        if justified:
            given = self.rows.table["mapping_justification"].chunk(0)
            columns["justification"] = given.take(pa.array(keep)).cast(pa.string())
        return table(MAPPINGS, columns, len(keep))

    def _each(self, column: str, read: Callable[[str], object]) -> "np.ndarray[Any, Any]":
        """Return what `read` makes of each row; rows of a value that it refuses are rejected."""
        coded = self.rows.table[column].chunk(0)
        codes = coded.indices.to_numpy()
        values = np.empty(len(coded.dictionary), dtype=object)
        for number, text in enumerate(coded.dictionary.to_pylist()):
            try:
                values[number] = read(text)
            except _RefusedError as error:
                values[number] = ""
                for at in np.flatnonzero(self.alive & (codes == number)).tolist():
                    place = f"{self.source.file}:{self.rows.lines[at]}"
                    self.rejections.add(place, error.code, str(error))
                    self.alive[at] = False
        found: np.ndarray[Any, Any] = values[codes]
        return found

    def _spelled(self, column: str) -> "np.ndarray[Any, Any]":
        return self._each(column, lambda text: self._spell(column, text))

    def _spell(self, column: str, text: str) -> str:
        if text == _NO_TERM:
            raise _RefusedError("no_partner", f"{column}: a curator found no partner")
        prefix, colon, local = text.partition(":")
        address = self.prefixes.get(prefix, "") if colon else ""
        for given in (f"{address}{local}" if address else text, text):
            try:
                return normalize_curie(given)
            except IdentifierError:
                continue
        try:
            return own_curie(text)
        except IdentifierError as error:
            raise _RefusedError("bad_identifier", f"{column}: {error}") from None

    def _predicate(self, text: str) -> str:
        tail = re.split(r"[:/#]", text)[-1]
        found = self.predicates.get(text) or PREDICATES.get(tail)
        if found is None:
            raise _RefusedError("unknown_predicate", f"predicate {text[:80]!r} is no mapping")
        return found

    def _denied(self, text: str) -> bool:
        if text not in ("", "Not"):
            raise _RefusedError("unknown_modifier", f"predicate_modifier {text[:80]!r}")
        return text == "Not"


class _RefusedError(Exception):
    """A value that makes its rows go no further."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
