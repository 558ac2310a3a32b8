"""Files of the Knowledge Graph Exchange format (KGX), whatever their kind, as blocks of records.

A node or an edge may stand in a table (TSV, CSV), on a line of JSON (JSONL), or in one JSON
document with the lists ``nodes`` and ``edges``. All become the same columns here: text, an absent
value as "". A list in a cell is parted by ``|``; of JSON lists it is made.

Source: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.errors import SourceError
from kgsynth.sources.base import Rejections, SourceFile
from kgsynth.sources.blocks import Layout, first_line, read_blocks, text_blocks
from kgsynth.sources.json_items import items

#: What is read of a node. Lists of names stay lists, since a name may hold a bar.
NODE_TEXTS = ("id", "name", "category", "description", "deprecated")
NODE_LISTS = (
    *("synonym", "exact_synonym", "lay_synonym", "related_synonym", "broad_synonym"),
    *("narrow_synonym", "equivalent_identifiers", "same_as", "has_alternative_id", "unfit"),
)
#: What is read of an edge.
EDGE_TEXTS = (
    *("subject", "predicate", "object", "negated", "publications", "has_evidence", "code"),
    *("primary_knowledge_source", "knowledge_source", "aggregator_knowledge_source"),
    *("provided_by", "source_version", "source_license", "date", "frequency_qualifier"),
    *("has_quotient", "has_percentage", "onset_qualifier", "sex_qualifier"),
    "clinical_modifier_qualifier",
)
_NODE_NEEDS, _EDGE_NEEDS = ("id",), ("subject", "predicate", "object")
#: Records of JSON that make one block.
_RECORDS = 50_000
_LIST = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Records:
    """Some records of one kind.

    Attributes:
        kind: ``nodes`` or ``edges``.
        table: The columns that the file has; lists as lists, all else dictionary-encoded text.
        lines: shape (n,), int64; the one-based line of each record.
        read: Records read, rejected ones included.
        file: Which of the files, from 0.
    """

    kind: str
    table: pa.Table
    lines: NDArray[np.int64]
    read: int
    file: int


def read_records(
    sources: tuple[SourceFile, ...], aliases: Mapping[str, str], rejections: Rejections
) -> Iterator[Records]:
    """Yield the records of KGX files in blocks, file by file.

    Args:
        sources: The files; what each holds is seen by its first line.
        aliases: Former name of a column to its name of today: ``edge_label`` to ``predicate``.
        rejections: Gets ``column_count``, ``bad_json`` and, for a file among several that is
            no KGX, ``not_kgx``.

    Raises:
        SourceError: If a file is damaged, or the only one is no KGX.
    """
    for number, source in enumerate(sources):
        head = first_line(source)
        if head.lstrip().startswith(("{", "[")):
            yield from _json(source, head, number, aliases, rejections)
            continue
        delimiter = "\t" if "\t" in head else ","
        names = [_column(name, aliases) for name in head.split(delimiter)]
        if _kind(names):
            yield from _table(source, number, delimiter, aliases, rejections)
        elif len(sources) == 1:
            raise SourceError(f"{source.file}:1: {_EXPECTED}; found {_shown(names)}")
        else:
            rejections.add(f"{source.file}:1", "not_kgx", f"{_EXPECTED}; found {_shown(names)}")


_EXPECTED = (
    "not KGX; expected a table whose first line names the columns id and category (nodes) or "
    "subject, predicate and object (edges), or JSON"
)


def _kind(names: list[str]) -> str:
    if set(_EDGE_NEEDS) <= set(names):
        return "edges"
    return "nodes" if "id" in names and ("category" in names or names[0] == "id") else ""


def _shown(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= 100 else f"{text[:97]}..."


def _column(name: str, aliases: Mapping[str, str]) -> str:
    plain = name.strip().strip('"').removeprefix("biolink:")
    return aliases.get(plain, plain)


# ---- tables --------------------------------------------------------------------------------


def _table(
    source: SourceFile,
    number: int,
    delimiter: str,
    aliases: Mapping[str, str],
    rejections: Rejections,
) -> Iterator[Records]:
    kind = ""

    def describe(names: list[str]) -> Layout:
        nonlocal kind
        columns = [_column(name, aliases) for name in names]
        kind = _kind(columns)
        if not kind:
            raise SourceError(f"{source.file}:1: {_EXPECTED}; found {_shown(columns)}")
        if len(set(columns)) < len(columns):
            twice = next(name for name in columns if columns.count(name) > 1)
            raise SourceError(f"{source.file}:1: two columns are called {twice!r}")
        wanted = EDGE_TEXTS if kind == "edges" else (*NODE_TEXTS, *NODE_LISTS)
        keep = tuple(name for name in columns if name in wanted)
        needs = _EDGE_NEEDS if kind == "edges" else _NODE_NEEDS
        needed = max(columns.index(name) for name in needs) + 1
        # Two at least, so that a line of some other text is not taken for a row.
        return Layout(tuple(columns), keep, delimiter, delimiter == ",", max(2, needed))

    for block in read_blocks(source, describe, rejections, delimiter):
        table = block.table
        for name in set(NODE_LISTS) & set(table.column_names):
            at = table.column_names.index(name)
            table = table.set_column(at, name, _split(table[name]))
        yield Records(kind, table, block.lines, block.read, number)


def _split(column: pa.ChunkedArray) -> pa.Array:
    """Return the lists in cells: parted by bars, blanks left out."""
    coded = column.combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    parts = [[item for item in text.split("|") if item] for text in coded.dictionary.to_pylist()]
    return pa.array(parts, _LIST).take(coded.indices)


# ---- JSON ----------------------------------------------------------------------------------


def _json(
    source: SourceFile, head: str, number: int, aliases: Mapping[str, str], rejections: Rejections
) -> Iterator[Records]:
    gathered = {"nodes": _Gather(), "edges": _Gather()}
    found = items(source, ("nodes", "edges")) if _is_document(head) else _lines(source)
    for kind, line, record in found:
        problem, values = "", {}
        if isinstance(record, str):
            problem = record
        else:
            values = {_column(name, aliases): value for name, value in record.items()}
            kind = kind or ("edges" if "subject" in values else "nodes")
        gather = gathered[kind or "nodes"]
        gather.read += 1
        if problem:
            rejections.add(f"{source.file}:{line}", "bad_json", problem)
        else:
            gather.add(line, values)
        if len(gather.lines) >= _RECORDS:
            yield gather.flush(kind, number)
    for kind, gather in gathered.items():
        if gather.read:
            yield gather.flush(kind, number)


def _is_document(head: str) -> bool:
    """Say whether a first line opens a document of several lines, or of nodes and edges."""
    try:
        record = json.loads(head)
    except (ValueError, RecursionError):
        return ('"id"' not in head and '"subject"' not in head) or '"nodes"' in head
    words = {"id", "name", "category", "subject", "predicate", "object"}
    return not isinstance(record, dict) or not words & record.keys()


def _lines(source: SourceFile) -> Iterator[tuple[str, int, dict[str, Any] | str]]:
    """Yield ("", line, record) for each line; what is no record becomes words for people."""
    for first, text in text_blocks(source):
        for line, row in enumerate(text.split(b"\n")[:-1], start=first):
            if not row.strip():
                continue
            try:
                record = json.loads(row)
            except (ValueError, RecursionError) as error:
                yield "", line, f"not JSON: {' '.join(str(error).split())}"
                continue
            is_record = isinstance(record, dict)
            yield "", line, record if is_record else "expected an object with names and values"


class _Gather:
    """Records as columns, until there are enough for a block."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.read = 0
        self.columns: dict[str, list[Any]] = {}

    def add(self, line: int, values: Mapping[str, Any]) -> None:
        """Take one record."""
        for name, value in values.items():
            if name in NODE_LISTS:
                column = self.columns.setdefault(name, [])
                column += [[]] * (len(self.lines) - len(column))
                column.append(_texts(value))
            elif name in _TEXTS:
                column = self.columns.setdefault(name, [])
                column += [""] * (len(self.lines) - len(column))
                column.append(_text(value))
        self.lines.append(line)

    def flush(self, kind: str, file: int) -> Records:
        """Return what was taken as a block, and begin anew."""
        wanted = EDGE_TEXTS if kind == "edges" else (*NODE_TEXTS, *NODE_LISTS)
        arrays = {}
        for name, column in self.columns.items():
            if name in wanted:
                is_list = name in NODE_LISTS
                column += [[] if is_list else ""] * (len(self.lines) - len(column))
                array = pa.array(column, _LIST if is_list else pa.string())
                arrays[name] = array if is_list else array.dictionary_encode()
        if not arrays:
            arrays["id"] = pa.array([""] * len(self.lines), pa.string()).dictionary_encode()
        block = Records(
            kind, pa.table(arrays), np.array(self.lines, dtype=np.int64), self.read, file
        )
        self.lines, self.read, self.columns = [], 0, {}
        return block


_TEXTS = frozenset((*NODE_TEXTS, *EDGE_TEXTS))


def _text(value: object) -> str:
    """Return a value of JSON as one text: the items of a list parted by bars."""
    if isinstance(value, list):
        return "|".join(_text(item) for item in value)
    return "".join(_texts(value))


def _texts(value: object) -> list[str]:
    """Return a value of JSON as texts: a list as its items, nothing as none."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [_encodable(value)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)]


def _encodable(text: str) -> str:
    """Return a text without half surrogates, which JSON can spell and UTF-8 cannot."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
