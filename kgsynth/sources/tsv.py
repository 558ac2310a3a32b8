"""Tab-separated text as Arrow columns, with the number of the line that each row stands in."""

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from kgsynth.errors import SourceError
from kgsynth.sources.base import Rejections, SourceFile

_TAB, _NEWLINE = 9, 10


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file that have the right number of columns.

    Attributes:
        table: Dictionary-encoded string columns, one chunk each.
        lines: shape (n,), int64; the one-based line of each row.
        read: Rows in the file, short and long ones included; blank lines are no rows.
    """

    table: pa.Table
    lines: NDArray[np.int64]
    read: int


def read_rows(
    source: SourceFile,
    columns: Sequence[str],
    rejections: Rejections,
    *,
    comment: str = "#",
    keep: Sequence[str] = (),
) -> Rows:
    """Read a table whose first line that is no comment names the columns.

    Args:
        source: The file.
        columns: The column names that the file must have, in order.
        rejections: Gets a ``column_count`` for each row with too few or too many columns.
        comment: What comment lines at the top begin with.
        keep: The columns to return; all where empty.

    Raises:
        SourceError: If the column names are absent or others.
    """
    data = source.data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data:
        # A lone one is a stray in a cell, and Arrow would end the row there.
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    if not data.endswith(b"\n"):
        data += b"\n"
    start, skipped = _header(source, data, columns, comment)
    if start >= len(data):
        raise SourceError(f"{source.file}: no rows below the column names")
    table = None
    if b"\n\n" not in data:  # Arrow would make a row of a blank line
        with suppress(pa.ArrowInvalid):  # some row has another width
            table = _parse(pa.py_buffer(data).slice(start), columns, keep)
    if table is not None:
        return Rows(table, np.arange(len(table), dtype=np.int64) + skipped + 1, len(table))
    body, lines, read = _well_formed(source, data, start, skipped, len(columns), rejections)
    if not len(lines):
        raise SourceError(
            f"{source.file}:{skipped + 1}: no row has {len(columns)} tab-separated columns"
        )
    longest = max(map(len, body.splitlines()), default=0)
    return Rows(_parse(pa.py_buffer(body), columns, keep, longest), lines, read)


def _parse(
    body: pa.Buffer, columns: Sequence[str], keep: Sequence[str], longest: int = 0
) -> pa.Table:
    """Read rows of the right width; `longest` is the length of the longest, where it is known."""
    text = pa.dictionary(pa.int32(), pa.string())
    table = pacsv.read_csv(
        pa.BufferReader(body),
        read_options=pacsv.ReadOptions(
            column_names=list(columns), block_size=max(1 << 22, 2 * longest)
        ),
        parse_options=pacsv.ParseOptions(
            delimiter="\t", quote_char=False, double_quote=False, ignore_empty_lines=False
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(columns, text),
            strings_can_be_null=False,
            include_columns=list(keep or columns),
        ),
    )
    return table.unify_dictionaries().combine_chunks()


def comments(source: SourceFile, comment: str = "#") -> list[str]:
    """Return the comment lines at the top of a file, without their mark."""
    found = []
    for raw in io.BytesIO(source.data):
        line = raw.decode("utf-8").removeprefix("\ufeff")
        if not line.startswith(comment):
            break
        found.append(line.removeprefix(comment).strip())
    return found


def _header(
    source: SourceFile, data: bytes, columns: Sequence[str], comment: str
) -> tuple[int, int]:
    """Return where the rows begin: byte offset and number of lines before."""
    mark = comment.encode()
    start = number = 0
    while start < len(data):
        end = data.index(b"\n", start)
        line = data[start:end]
        start, number = end + 1, number + 1
        if line.startswith(mark):
            # Older releases put the mark before the column names as well.
            line = line.removeprefix(mark)
            if line.split(b"\t")[0].decode() != columns[0]:
                continue
        found = line.decode("utf-8").split("\t")
        if found == list(columns):
            return start, number
        raise SourceError(
            f"{source.file}:{number}: expected the column names {', '.join(columns)}; "
            f"found {_shown(found)}"
        )
    raise SourceError(f"{source.file}: no column names; expected {', '.join(columns)}")


def _shown(cells: list[str]) -> str:
    text = ", ".join(cells)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _well_formed(
    source: SourceFile,
    data: bytes,
    start: int,
    skipped: int,
    width: int,
    rejections: Rejections,
) -> tuple[bytes, NDArray[np.int64], int]:
    """Return the rows of the right width, their line numbers, and how many rows there were."""
    buffer = np.frombuffer(data, np.uint8)[start:]
    ends = np.flatnonzero(buffer == _NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    tabs = np.searchsorted(np.flatnonzero(buffer == _TAB), np.append(starts, len(buffer)))
    filled = ends > starts
    good = (np.diff(tabs) == width - 1) & filled
    lines = np.arange(len(ends), dtype=np.int64) + skipped + 1
    for at in np.flatnonzero(~good & filled).tolist():
        rejections.add(
            f"{source.file}:{lines[at]}",
            "column_count",
            f"expected {width} tab-separated columns, found {tabs[at + 1] - tabs[at] + 1}",
        )
    pieces = [
        data[start + a : start + b + 1]
        for a, b in zip(starts[good].tolist(), ends[good].tolist(), strict=True)
    ]
    return b"".join(pieces), lines[good], int(filled.sum())
