"""The small tables of facts that travel with kgsynth: TSV with a header, every cell a string."""

import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv as csv

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceFile


def read_columns(source: SourceFile, header: Sequence[str]) -> pa.Table:
    """Return a table with exactly the columns of `header`, empty cells as "".

    These tables are made by our own scripts, so a row that does not fit means a damaged
    installation and stops the build; it is not a record to reject.

    Args:
        source: The file, unpacked.
        header: The column names, in the order of the file.

    Returns:
        String columns; row *i* stands on line *i* + 2 of the file.

    Raises:
        SourceError: If the header differs, or a row has more or fewer cells.
    """
    found = source.data.split(b"\n", 1)[0].decode("utf-8").rstrip("\r").split("\t")
    if found != list(header):
        raise SourceError(f"{source.file}:1: expected the columns {list(header)}, found {found}")
    try:
        return csv.read_csv(
            io.BytesIO(source.data),
            parse_options=csv.ParseOptions(delimiter="\t", quote_char=False),
            convert_options=csv.ConvertOptions(
                column_types={name: pa.string() for name in header}, strings_can_be_null=False
            ),
        ).combine_chunks()
    except pa.ArrowInvalid as error:
        raise SourceError(f"{source.file}: {str(error).splitlines()[0]}") from None


def lines(rows: int) -> pa.Array:
    """Return the line number of every row of such a table: 2 for the first."""
    return pa.array(range(2, rows + 2), pa.int64())


def split_cells(column: pa.Array) -> list[list[str]]:
    """Return the parts of cells that hold several values joined by ``|``; [] for "".

    Example:
        >>> split_cells(pa.array(["group|series", ""]))
        [['group', 'series'], []]
    """
    return [cell.split("|") if cell else [] for cell in column.to_pylist()]
