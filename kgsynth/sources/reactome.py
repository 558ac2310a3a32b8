"""Reactome's pathways as PyOBO exports them: one row each, with its parents and its species.

A parent contains its children as parts: Reactome's hierarchy is of events within events, not of
kinds, so the relation is ``part_of``. The file has every species that Reactome infers pathways
for; the manifest says which one is kept.

Source: https://github.com/biopragmatics/obo-db-ingest (export/reactome), https://reactome.org
"""

from kgsynth.sources.base import Manifest, SourceData, SourceFile, Tally
from kgsynth.sources.small import Collected, Record, by_role, read_records, setting

COLUMNS = ("identifier", "name", "definition", "synonyms", "alts", "parents", "species")
_BETWEEN = "|"


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the table of pathways; see `base.Loader`."""
    source = by_role(files, ("pathways",))["pathways"]
    found = Collected(str(source.file))
    rows, read = read_records(source, COLUMNS, found.rejections)
    species = str(manifest.settings.get("species", ""))
    kept = [row for row in rows if _is_wanted(found, row, species)]
    pathways = {row.line: curie for row in kept if (curie := _pathway(found, row, manifest))}
    tops = setting(manifest, "tops")
    before = len(found.rejections)
    given = sum(_parents(found, row, pathways, tops) for row in kept)
    lost = len(found.rejections) - before
    return SourceData(
        version=manifest.version,
        files=files,
        entities=found.entity_table(),
        statements=found.statement_table(),
        rejections=found.rejections,
        tallies=(
            Tally("rows", read, len(pathways), 0, read - len(pathways)),
            Tally("parents", given, found.n_statements, 0, lost),
        ),
    )


def _is_wanted(found: Collected, row: Record, species: str) -> bool:
    given = row.cells["species"]
    if not species or given.lower() == species.lower():
        return True
    found.reject(row.line, "other_species", f"{row.cells['identifier']} is of {given or 'none'}")
    return False


def _pathway(found: Collected, row: Record, manifest: Manifest) -> str:
    curie = found.spell(row.line, f"REACT:{row.cells['identifier']}")
    if curie in found.entities:
        found.reject(row.line, "duplicate", f"{curie} has a row already")
        return ""
    if curie:
        category = str(manifest.settings.get("category", "Pathway"))
        entity = found.add(curie, category, row.cells["name"])
        entity.definition = row.cells["definition"]
        entity.synonyms |= dict.fromkeys(filter(None, row.cells["synonyms"].split(_BETWEEN)))
    return curie


def _parents(found: Collected, row: Record, pathways: dict[int, str], tops: dict[str, str]) -> int:
    """State what a pathway is part of; return how many parents the row gives."""
    given = [text for text in row.cells["parents"].split(_BETWEEN) if text]
    if row.line not in pathways:
        return 0
    for text in given:
        if text in tops:
            found.reject(row.line, "top_level", f"{pathways[row.line]}: {text} is {tops[text]}")
        elif parent := found.spell(row.line, text):
            found.state(pathways[row.line], "part_of", parent, row.line)
    return len(given)
