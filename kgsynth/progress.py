"""Progress bars and summary tables: the only place, the commands aside, that knows a terminal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

#: Called with the number done and a few words on what else there is to say.
OnProgress = Callable[[int, str], None]

#: Controls (line ends and tabs are none here) and marks that turn the direction of a line.
_UNSEEN = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {9, 10},
    "\ufffd",
)


def harmless(text: str) -> str:
    r"""Return a text of unknown origin so that it cannot steer a terminal.

    Example:
        >>> harmless("a\x1b[2Jb").isprintable()
        True
    """
    return text if text.isprintable() else text.translate(_UNSEEN)


def ignore(done: int, note: str) -> None:
    """Say nothing: the progress of a run without a terminal."""


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[OnProgress]:
    """Show a bar on standard error while work lasts; silent where that is no terminal.

    Args:
        what: The work, such as ``generate``.
        total: What the number done will reach.

    Yields:
        A function to call with the number done and a note.
    """
    import sys

    if not sys.stderr.isatty():
        yield ignore
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total, note="")

        def show(done: int, note: str) -> None:
            bar.update(task, completed=done, note=note)

        yield show


def print_table(
    title: str, header: tuple[str, ...], rows: list[tuple[object, ...]], *, stderr: bool = False
) -> None:
    """Print a table; numbers are right-aligned and grouped by thousands."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for at, name in enumerate(header):
        numeric = bool(rows) and all(isinstance(row[at], int | float) for row in rows)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        # Not as a str: rich reads markup in those, and a name may hold a bracket.
        table.add_row(*(Text(harmless(_text(cell))) for cell in row))
    Console(stderr=stderr, highlight=False).print(table)


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def counts(table: Mapping[str, int]) -> list[tuple[object, ...]]:
    """Return the rows of a count table, largest first."""
    ordered = sorted(table.items(), key=lambda item: (-item[1], item[0]))
    return [*ordered]
