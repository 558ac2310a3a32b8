"""Subsets that terms are in: some say that a term is rare, or no answer."""

from collections.abc import Mapping, Sequence

import pyarrow as pa

from kgsynth.sources.base import FLAGS, SIGNALS, Rejections, Tally, table


def subset_marks(
    marks: Sequence[tuple[str, str, int]],
    file: object,
    settings: Mapping[str, object],
    rejections: Rejections,
) -> tuple[pa.Table, pa.Table, Tally]:
    """Return the flags and signals that subsets give, and what became of each mark.

    Args:
        marks: Term, subset, and line or number of the record.
        file: For the places of rejections.
        settings: The manifest's ``[subsets]``: name of a subset to ``{ flag = NAME }`` or
            ``{ signal = NAME, value = 0.5 }``.
        rejections: Gets ``unused_subset`` for each mark of a subset that the manifest leaves out.
    """
    flags: list[tuple[str, str]] = []
    signals: list[tuple[str, str, float, str]] = []
    for curie, name, line in marks:
        made: Mapping[str, object] = settings.get(name, {})  # type: ignore[assignment]
        if "flag" in made:
            flags.append((curie, str(made["flag"])))
        elif "signal" in made:
            worth = float(str(made.get("value", 1.0)))
            signals.append((curie, str(made["signal"]), worth, f"subset {name}"))
        else:
            rejections.add(f"{file}:{line}", "unused_subset", f"{curie}: subset {name}")
    loaded = len(flags) + len(signals)
    tally = Tally("subset marks", len(marks), loaded, 0, len(marks) - loaded)
    return _rows(FLAGS, flags), _rows(SIGNALS, signals), tally


def _rows(schema: pa.Schema, rows: Sequence[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays: dict[str, object] = {
        part.name: pa.array(column, part.type) for part, column in zip(schema, columns, strict=True)
    }
    return table(schema, arrays, len(rows))
