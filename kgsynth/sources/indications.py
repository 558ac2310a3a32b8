"""PharmacotherapyDB: which drug changes, relieves, or does not help which disease.

Physicians judged each pair: ``DM`` disease-modifying, ``SYM`` relieves symptoms only, ``NOT`` no
indication. The manifest says which predicate each becomes; one written as ``not treats`` denies.

Source: https://github.com/dhimmel/indications (catalog), https://doi.org/10.7287/peerj.preprints.1913
"""

from kgsynth.sources.base import Manifest, Rejections, SourceData, SourceFile, Tally
from kgsynth.sources.small import Collected, Record, by_role, read_records, setting

COLUMNS = ("doid_id", "drugbank_id", "disease", "drug", "category", "n_curators", "n_resources")
DRUGS = ("drugbank_id", "drug", "DM", "SYM", "NOT", "total")
DISEASES = ("doid_id", "disease", "DM", "SYM", "NOT", "total")
_DENIED = "not "


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the indications and, where given, the tables of drugs and diseases."""
    roles = by_role(files, ("indications", "drugs", "diseases"))
    found = Collected(str(roles["indications"].file))
    rows, read = read_records(roles["indications"], COLUMNS, found.rejections)
    predicates = setting(manifest, "predicates")
    seen: set[tuple[str, str]] = set()
    for row in rows:
        _indication(found, row, predicates, seen)
    stated = found.n_statements
    tallies = [Tally("indications", read, stated, 0, read - stated)]
    rejections = found.rejections
    for role, columns, prefix, category in (
        ("drugs", DRUGS, "DrugBank:", "Drug"),
        ("diseases", DISEASES, "", "Disease"),
    ):
        if role in roles:
            tallies.append(_names(roles[role], columns, prefix, category, found, rejections))
    return SourceData(
        version=manifest.version,
        files=files,
        entities=found.entity_table(),
        statements=found.statement_table(),
        rejections=rejections,
        tallies=tuple(tallies),
        statements_from=files.index(roles["indications"]),
    )


def _indication(
    found: Collected, row: Record, predicates: dict[str, str], seen: set[tuple[str, str]]
) -> None:
    cells = row.cells
    said = predicates.get(cells["category"])
    if said is None:
        known = ", ".join(predicates)
        detail = f"category {cells['category']!r}; expected one of {known}"
        found.reject(row.line, "unknown_category", detail)
        return
    drug = found.spell(row.line, f"DrugBank:{cells['drugbank_id']}")
    disease = found.spell(row.line, cells["doid_id"]) if drug else ""
    if not disease:
        return
    if (drug, disease) in seen:
        found.reject(row.line, "duplicate", f"{drug} and {disease} have a row already")
        return
    seen.add((drug, disease))
    found.add(drug, "Drug", cells["drug"])
    found.add(disease, "Disease", cells["disease"])
    denied = said.startswith(_DENIED)
    predicate = said.removeprefix(_DENIED)
    found.state(drug, predicate, disease, row.line, negated=denied, code=cells["category"])


def _names(
    source: SourceFile,
    columns: tuple[str, ...],
    prefix: str,
    category: str,
    found: Collected,
    rejections: Rejections,
) -> Tally:
    """Read a table of drugs or diseases: those without an indication become entities too."""
    here = Collected(str(source.file), rejections, found.entities)
    rows, read = read_records(source, columns, rejections)
    new = merged = 0
    for row in rows:
        curie = here.spell(row.line, prefix + row.cells[columns[0]])
        if not curie:
            continue
        merged += curie in here.entities
        new += curie not in here.entities
        here.add(curie, category, row.cells[columns[1]])
    return Tally(source.role or columns[1], read, new, merged, read - new - merged)
