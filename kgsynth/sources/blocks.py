"""Delimited text of any size, block by block: the wanted columns, and the line of each row.

A knowledge graph of a million nodes has ten million lines; only some columns of them are kept,
as dictionary codes. A block that has rows of another width is read row by row: short ones are
filled up as far as the layout allows (tools leave out empty cells at the end), the others are
rejected with their line.
"""

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from kgsynth.errors import SourceError
from kgsynth.sources.base import Rejections, SourceFile
from kgsynth.sources.source_file import line_of, refuse_web_page

#: Bytes of a block; a longer line makes a longer block.
BLOCK_BYTES = 8 << 20
#: The longest line that is read.
LINE_BYTES = 256 << 20

_CODES = pa.dictionary(pa.int32(), pa.string())
_BOM = b"\xef\xbb\xbf"
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a file are laid out.

    Attributes:
        columns: Every column, in the order of the file.
        keep: The columns that are wanted.
        delimiter: What stands between cells.
        quoted: Whether a cell may stand in double quotes.
        needed: Cells that a row has at least; the others may be left out at its end. 0: all.
    """

    columns: tuple[str, ...]
    keep: tuple[str, ...]
    delimiter: str = "\t"
    quoted: bool = False
    needed: int = 0


#: Returns the layout of a file from the cells of its first line, or fails with a `SourceError`.
Describe = Callable[[list[str]], Layout]


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file.

    Attributes:
        table: The wanted columns, dictionary-encoded, one chunk each.
        lines: shape (n,), int64; the one-based line of each row.
        read: Rows in the block, rejected ones included; blank lines are no rows.
    """

    table: pa.Table
    lines: NDArray[np.int64]
    read: int


def text_blocks(source: SourceFile, size: int = BLOCK_BYTES) -> Iterator[tuple[int, bytes]]:
    """Yield the one-based number of the first line, and whole lines, each with its line end.

    There is no byte order mark, no carriage return, and all is UTF-8.

    Raises:
        SourceError: If the file is absent, empty, damaged, binary, a web page, or not UTF-8.
    """
    line, pending, waiting = 1, [], 0
    with source.open() as handle:
        piece = handle.read(size)
        if not piece.strip() and len(piece) < size:
            raise SourceError(f"{source.file}: the file is empty")
        _check_head(source.file, piece[:_HEAD_BYTES])
        piece = piece.removeprefix(_BOM)
        while piece:
            cut = piece.rfind(b"\n") + 1
            pending.append(piece[:cut] if cut else piece)
            waiting += len(pending[-1])
            if waiting > LINE_BYTES:
                raise SourceError(f"{source.file}:{line}: a line of more than 256 MiB; not a table")
            if cut:
                text = b"".join(pending)
                yield line, _clean(source.file, line, text)
                line += text.count(b"\n")
                pending, waiting = (
                    ([piece[cut:]], len(piece) - cut) if cut < len(piece) else ([], 0)
                )
            piece = handle.read(size)
    if pending:
        yield line, _clean(source.file, line, b"".join(pending) + b"\n")


def _check_head(file: Path, head: bytes) -> None:
    if b"\x00" in head:
        raise SourceError(f"{file}: the file is binary, expected text (plain, gzip, bzip2 or xz)")
    refuse_web_page(file, head)


def _clean(file: Path, line: int, text: bytes) -> bytes:
    if not text.isascii():
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            at = line + line_of(text, error.start) - 1
            raise SourceError(
                f"{file}:{at}: not UTF-8 text (byte 0x{text[error.start]:02x})"
            ) from None
    if b"\r" in text:
        # A lone one is a stray in a cell, and Arrow would end the row there.
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    return text


def first_line(source: SourceFile) -> str:
    """Return the first line of a file, without its end, as far as 64 KiB.

    Raises:
        SourceError: If the file is absent, empty, damaged, binary or a web page.
    """
    with source.open() as handle:
        head = handle.read(1 << 16)
    if not head.strip():
        raise SourceError(f"{source.file}: the file is empty")
    _check_head(source.file, head[:_HEAD_BYTES])
    return head.removeprefix(_BOM).lstrip(b"\n").partition(b"\n")[0].decode("utf-8", "replace")


def read_blocks(
    source: SourceFile, layout: Layout | Describe, rejections: Rejections, delimiter: str = "\t"
) -> Iterator[Block]:
    """Yield the rows of a file.

    Args:
        source: The file.
        layout: Its layout; or, where the first line names the columns, what makes it of them.
        rejections: Gets a ``column_count`` for each row with too few or too many cells.
        delimiter: What stands between the names of the columns.

    Raises:
        SourceError: As `text_blocks`, and as `layout`.
    """
    for line, text in text_blocks(source):
        start, rows = line, text
        if not isinstance(layout, Layout):
            rows = text.lstrip(b"\n")
            start = line + len(text) - len(rows) + 1
            head, _, rows = rows.partition(b"\n")
            layout = layout(_names(head, delimiter))
        if rows:
            yield _block(source.file, start, rows, layout, rejections)


def _names(head: bytes, delimiter: str) -> list[str]:
    """Return the names of the columns; some exports put them in quotes."""
    names = head.decode("utf-8").split(delimiter)
    return [name.strip().strip('"') for name in names]


def _block(file: Path, line: int, text: bytes, layout: Layout, rejections: Rejections) -> Block:
    count = text.count(b"\n")
    with suppress(pa.ArrowInvalid):  # a row of another width, a blank line
        table = _parse(text, layout)
        if len(table) == count:
            return Block(table, np.arange(line, line + count, dtype=np.int64), count)
    return _row_by_row(file, line, text, layout, rejections)


def _parse(text: bytes, layout: Layout) -> pa.Table:
    table = pacsv.read_csv(
        pa.BufferReader(text),
        read_options=pacsv.ReadOptions(column_names=list(layout.columns), block_size=1 << 22),
        parse_options=pacsv.ParseOptions(
            delimiter=layout.delimiter,
            quote_char='"' if layout.quoted else False,
            double_quote=layout.quoted,
            ignore_empty_lines=False,
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(layout.columns, _CODES),
            strings_can_be_null=False,
            include_columns=list(layout.keep),
        ),
    )
    return table.unify_dictionaries().combine_chunks()


def _row_by_row(
    file: Path, line: int, text: bytes, layout: Layout, rejections: Rejections
) -> Block:
    wanted = [layout.columns.index(name) for name in layout.keep]
    width, needed = len(layout.columns), layout.needed or len(layout.columns)
    columns: list[list[str]] = [[] for _ in wanted]
    lines = []
    read = 0
    for number, row in enumerate(text.decode("utf-8").split("\n")[:-1], start=line):
        if not row.strip(" "):
            continue
        read += 1
        cells = _cells(row, layout)
        if not needed <= len(cells) <= width:
            expected = f"{width}" if needed == width else f"{needed} to {width}"
            detail = f"expected {expected} columns, found {len(cells) or 'an open quote'}"
            rejections.add(f"{file}:{number}", "column_count", detail)
            continue
        cells += [""] * (width - len(cells))
        lines.append(number)
        for column, at in zip(columns, wanted, strict=True):
            column.append(cells[at])
    table = pa.table(
        [pa.array(column, pa.string()).dictionary_encode() for column in columns],
        names=list(layout.keep),
    )
    return Block(table, np.array(lines, dtype=np.int64), read)


def _cells(row: str, layout: Layout) -> list[str]:
    if not layout.quoted:
        return row.split(layout.delimiter)
    try:
        return next(csv.reader([row], delimiter=layout.delimiter, strict=True))
    except (csv.Error, StopIteration):
        return []


def join(blocks: list[Block], keep: tuple[str, ...]) -> Block:
    """Return many blocks as one."""
    if not blocks:
        empty = pa.table({name: pa.array([], pa.string()).dictionary_encode() for name in keep})
        return Block(empty, np.zeros(0, dtype=np.int64), 0)
    table = pa.concat_tables([block.table for block in blocks]).unify_dictionaries()
    lines = np.concatenate([block.lines for block in blocks])
    return Block(table.combine_chunks(), lines, sum(block.read for block in blocks))
