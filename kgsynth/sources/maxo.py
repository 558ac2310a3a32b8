"""MAxO annotations: which medical action is taken against which finding of which disease.

A row is an action, a disease and the finding that the action is aimed at. The statement joins
action and disease; the finding is its ``modifier``, because the action is recorded for this
finding of this disease and not for the finding at large. ``HP:0000118`` there means the disease as
a whole.

More than half of ``maxo-annotations`` are the machine-assisted rows of ``automaxo``, without a word
of it. Where that file is at hand too, they are told by it, and their evidence code says so:
``PCS automaxo``.

Source: https://github.com/monarch-initiative/maxo-annotations
"""

import re

from kgsynth.sources.base import Manifest, Rejections, SourceData, SourceFile, Tally
from kgsynth.sources.small import Collected, Record, by_role, read_records, setting

COLUMNS = (
    *("disease_id", "disease_name", "source_id", "maxo_id", "maxo_name", "hpo_id", "relation"),
    *("evidence", "extension_id", "extension_name", "comment", "other", "author"),
    *("last_updated", "created"),
)
_DENIED = "not "
_WHOLE_DISEASE = "HP:0000118"
_AMERICAN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_SAME = ("disease_id", "source_id", "maxo_id", "hpo_id", "relation")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one file of annotations; see `base.Loader`."""
    roles = by_role(files, ("annotations", "machine"))
    source = roles["annotations"]
    found = Collected(str(source.file))
    rows, read = read_records(source, COLUMNS, found.rejections)
    machine = _machine_made(roles.get("machine"), manifest, rows)
    predicates = setting(manifest, "predicates")
    for row in rows:
        _annotation(found, row, predicates, _key(row) in machine)
    stated = found.n_statements
    return SourceData(
        version=manifest.version,
        files=files,
        entities=found.entity_table(),
        statements=found.statement_table(),
        rejections=found.rejections,
        tallies=(Tally("rows", read, stated, 0, read - stated),),
        statements_from=files.index(source),
    )


def _machine_made(
    source: SourceFile | None, manifest: Manifest, rows: list[Record]
) -> set[tuple[str, ...]]:
    if manifest.settings.get("machine"):
        return {_key(row) for row in rows}
    if source is None:
        return set()
    return {_key(row) for row in read_records(source, COLUMNS, Rejections())[0]}


def _key(row: Record) -> tuple[str, ...]:
    return tuple(row.cells[name] for name in _SAME)


def _annotation(
    found: Collected, row: Record, predicates: dict[str, str], by_machine: bool
) -> None:
    cells = row.cells
    said = predicates.get(cells["relation"].lower().replace("_", " "))
    if not said:
        detail = f"relation {cells['relation']!r}; expected one of {', '.join(predicates)}"
        found.reject(row.line, "nothing_said" if said == "" else "unknown_relation", detail)
        return
    action = found.spell(row.line, cells["maxo_id"])
    disease = found.spell(row.line, cells["disease_id"]) if action else ""
    target = _target(found, row) if disease else None
    if target is None:
        return
    found.add(action, "Procedure", cells["maxo_name"])
    found.add(disease, "Disease", cells["disease_name"])
    found.state(
        action,
        said.removeprefix(_DENIED),
        disease,
        row.line,
        negated=said.startswith(_DENIED),
        reference=cells["source_id"],
        code=f"{cells['evidence']} automaxo".strip() if by_machine else cells["evidence"],
        modifier=target,
        date=_date(cells["last_updated"] or cells["created"]),
    )


def _target(found: Collected, row: Record) -> str | None:
    """Return the finding that an action is aimed at, "" for none, None after a rejection."""
    text = row.cells["hpo_id"]
    if text in ("", _WHOLE_DISEASE):
        return ""
    return found.spell(row.line, text) or None


def _date(text: str) -> str:
    """Return a date as ISO 8601 has it; American ones of the file (7/20/24) are turned."""
    match = _AMERICAN_DATE.fullmatch(text)
    if match is None:
        return text
    month, day, year = match.groups()
    return f"{int(year) % 100 + 2000}-{int(month):02}-{int(day):02}"
