"""The table that lists the cases of an archive: does what was read agree with it?"""

import csv
import io

from kgsynth.errors import SourceError
from kgsynth.sources.base import SourceFile
from kgsynth.sources.phenopackets import Cases

INDEX_COLUMNS = (
    *("case_file", "pmid", "pmid_cited_in_hpoa", "disease_id", "disease_label"),
    *("disease_in_hpoa", "gene", "observed", "excluded"),
)


def differences(cases: Cases, index: SourceFile) -> tuple[str, ...]:
    """Hold cases against the table that lists them; return what differs, one line each.

    Args:
        cases: From `read_cases`.
        index: Tab-separated, with the columns `INDEX_COLUMNS`.

    Raises:
        SourceError: If the table cannot be read.
    """
    told = {row["case_file"]: row for row in _index(index)}
    found = {case.file: case for case in cases.cases}
    lines = [f"{name}: in the index, and not read" for name in told if name not in found]
    for name, case in found.items():
        if name not in told:
            lines.append(f"{name}: read, and not in the index")
            continue
        said = {
            "disease_id": ",".join(case.diseases),
            "pmid": ",".join(case.references),
            "observed": str(len(case.observed)),
            "excluded": str(len(case.excluded)),
        }
        lines += [
            f"{name}: {column} is {value!r}, the index says {told[name][column]!r}"
            for column, value in said.items()
            if value != told[name][column]
        ]
    return tuple(lines)


def _index(index: SourceFile) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(index.data.decode("utf-8-sig")), delimiter="\t"))
    if tuple(rows[0]) != INDEX_COLUMNS:
        raise SourceError(f"{index.file}:1: expected the columns {', '.join(INDEX_COLUMNS)}")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(INDEX_COLUMNS):
            detail = f"expected {len(INDEX_COLUMNS)} tab-separated columns, found {len(row)}"
            raise SourceError(f"{index.file}:{number}: {detail}")
    return [dict(zip(INDEX_COLUMNS, row, strict=True)) for row in rows[1:]]
