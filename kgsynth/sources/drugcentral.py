"""DrugCentral's drugs as PyOBO exports them: names, definitions and other names.

In release 54 the column of synonyms is out of step with the rest of the table: not one of its
4,030 lists has the name of its own row, and all but one have that of another row (*methyl
nicotinate* stands beside the names of ajmaline). So a list goes to the drug whose name it has,
wherever it stands; one that fits no drug, or two, is rejected as ``misplaced_synonyms``.

Source: https://github.com/biopragmatics/obo-db-ingest (export/drugcentral), https://drugcentral.org
"""

from kgsynth.sources.base import Manifest, SourceData, SourceFile, Tally
from kgsynth.sources.small import Collected, Record, by_role, read_records, tidy

COLUMNS = ("identifier", "name", "definition", "synonyms", "alts", "parents", "species")
_BETWEEN = "|"


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the table of drugs; see `base.Loader`."""
    source = by_role(files, ("drugs",))["drugs"]
    found = Collected(str(source.file))
    rows, read = read_records(source, COLUMNS, found.rejections)
    category = str(manifest.settings.get("category", "Drug"))
    named: dict[str, str] = {}
    for row in rows:
        if curie := _drug(found, row, category):
            named.setdefault(row.cells["name"].casefold(), curie)
    lists = [row for row in rows if row.cells["synonyms"]]
    placed = sum(_place(found, row, named) for row in lists)
    drugs = len(found.entities)
    return SourceData(
        version=manifest.version,
        files=files,
        entities=found.entity_table(),
        rejections=found.rejections,
        tallies=(
            Tally("rows", read, drugs, 0, read - drugs),
            Tally("lists of synonyms", len(lists), placed, 0, len(lists) - placed),
        ),
    )


def _drug(found: Collected, row: Record, category: str) -> str:
    curie = found.spell(row.line, f"DrugCentral:{row.cells['identifier']}")
    if curie in found.entities:
        found.reject(row.line, "duplicate", f"{curie} has a row already")
        return ""
    if curie:
        found.add(curie, category, row.cells["name"]).definition = row.cells["definition"]
    return curie


def _place(found: Collected, row: Record, named: dict[str, str]) -> bool:
    """Give a list of synonyms to the one drug whose name it has; say whether there is one."""
    texts = list(filter(None, map(tidy, row.cells["synonyms"].split(_BETWEEN))))
    owners = {named[text.casefold()] for text in texts if text.casefold() in named}
    own = named.get(row.cells["name"].casefold(), "")
    owners = {own} if own in owners else owners  # in step, as in a release that is mended
    if len(owners) != 1:
        detail = f"{row.cells['name']}: the list has the names of {len(owners)} drugs, not of one"
        found.reject(row.line, "misplaced_synonyms", f"{detail}: {', '.join(texts)[:120]}")
        return False
    entity = found.entities[owners.pop()]
    names = {name.casefold() for name in entity.names}
    entity.synonyms |= {text: None for text in texts if text.casefold() not in names}
    return True
