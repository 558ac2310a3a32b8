"""Tab-separated tables whose cells are quoted, as SPARQL engines write them."""

import re
from collections.abc import Sequence

from kgsynth.errors import SourceError
from kgsynth.sources.base import Rejections, SourceFile
from kgsynth.sources.tsv import read_rows

_CELL = re.compile(r'"((?:[^"\\]|\\.|"")*)"(?:@[A-Za-z][A-Za-z0-9-]*|\^\^\S+)?', re.DOTALL)
_ADDRESS = re.compile(r"<([^<>\s]*)>")


def unquoted(cell: str) -> str:
    r"""Return what a cell says without quotes, language tag, type and angle brackets.

    Raises:
        ValueError: If a quote does not end where the cell does.

    Example:
        >>> unquoted('"Open comedo"@en'), unquoted("<http://purl.obolibrary.org/obo/HP_1>")
        ('Open comedo', 'http://purl.obolibrary.org/obo/HP_1')
        >>> unquoted(r'"5\" wide"'), unquoted("plain")
        ('5" wide', 'plain')
    """
    if cell.startswith('"'):
        match = _CELL.fullmatch(cell)
        if match is None:
            raise ValueError(f"the quote does not end in {cell[:60]!r}")
        return match[1].replace('""', '"').replace('\\"', '"').replace("\\\\", "\\")
    match = _ADDRESS.fullmatch(cell)
    return match[1] if match is not None else cell


def read_quoted(
    source: SourceFile, columns: Sequence[str], rejections: Rejections
) -> tuple[list[tuple[str, ...]], list[int], int]:
    """Return the rows of a table, the line of each, and how many the file has.

    Args:
        source: The file.
        columns: Names of its columns, in order.
        rejections: Gets ``column_count`` and ``unterminated_quote``.

    Raises:
        SourceError: If the column names are others, or no row can be read.
    """
    rows = read_rows(source, columns, rejections)
    parts: list[list[str | None]] = []
    for name in columns:
        coded = rows.table[name].chunk(0)
        words = [_word(word) for word in coded.dictionary.to_pylist()]
        parts.append([words[code] for code in coded.indices.to_pylist()])
    found: list[tuple[str, ...]] = []
    lines: list[int] = []
    for at, cells in enumerate(zip(*parts, strict=True)):
        whole = tuple(cell for cell in cells if cell is not None)
        if len(whole) == len(columns):
            found.append(whole)
            lines.append(int(rows.lines[at]))
        else:
            rejections.add(
                f"{source.file}:{rows.lines[at]}", "unterminated_quote", "a quote does not end"
            )
    if not found:
        raise SourceError(f"{source.file}: no row can be read; every quote is left open")
    return found, lines, rows.read


def _word(cell: str) -> str | None:
    try:
        return unquoted(cell)
    except ValueError:
        return None
