"""What every loader hands to the graph builder: columns of entities, statements and mappings.

A loader is a function ``load(files, manifest) -> SourceData``. It reads one source and nothing
else: identifiers stay as the source gives them (spelled the house way), and the builder resolves
alternative, obsolete and twin identifiers, checks categories and puts evidences together. All
tables are Arrow tables, because a medical graph has millions of rows and a Python object for
each would cost more than the work itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from kgsynth.sources.manifests import Manifest as Manifest
from kgsynth.sources.source_file import SourceFile as SourceFile

_NAMES = pa.list_(pa.string())

#: One row for each entity. An id may stand in the tables of several sources.
ENTITIES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("name", pa.string()),
        pa.field("category", pa.string(), nullable=False),  # Biolink class without prefix
        pa.field("synonyms", _NAMES),  # exact ones only
        pa.field("lay", _NAMES),  # exact ones that a patient would use
        pa.field("related_synonyms", _NAMES),  # broad, narrow and related ones
        pa.field("alt_ids", _NAMES),  # other ids of the same entity, same authority
        pa.field("definition", pa.string()),
    ]
)

#: One row for each statement as the source makes it; "" and null both mean "not given".
#: String columns may be dictionary-encoded.
STATEMENTS = pa.schema(
    [
        pa.field("subject", pa.string(), nullable=False),
        pa.field("predicate", pa.string(), nullable=False),
        pa.field("object", pa.string(), nullable=False),
        pa.field("negated", pa.bool_(), nullable=False),
        pa.field("reference", pa.string()),  # a publication or record: PMID:31675180
        pa.field("code", pa.string()),  # evidence code or association type
        pa.field("frequency", pa.string()),  # exactly as given
        pa.field("affected", pa.int32()),  # n of a frequency n/m
        pa.field("examined", pa.int32()),  # m of a frequency n/m
        pa.field("share_low", pa.float32()),  # lowest share of patients it allows, in [0, 1]
        pa.field("onset", pa.string()),
        pa.field("sex", pa.string()),
        pa.field("modifier", pa.string()),
        pa.field("date", pa.string()),  # when it was curated: 2024-05-31
        pa.field("line", pa.int64(), nullable=False),  # one-based line of the file, or record
        pa.field("file", pa.int32()),  # which of the files, where not `statements_from`
        pa.field("credit", pa.int32()),  # which of `SourceData.credits` says it; null: the source
    ]
)

#: What an id of one authority is to an id of another; only exact ones can make twins.
MAPPINGS = pa.schema(
    [
        pa.field("subject", pa.string(), nullable=False),
        pa.field("object", pa.string(), nullable=False),
        pa.field("predicate", pa.string()),  # exact, close, broad, narrow, related; null: exact
        pa.field("justification", pa.string()),  # SSSOM's, or lexical; null: not given
        pa.field("line", pa.int64(), nullable=False),
        pa.field("file", pa.int32()),  # which of the files; null: the last one
    ]
)

#: SKOS mapping properties by the short names used here. Broad: the object is the wider one.
MAPPING_PREDICATES = ("exact", "close", "broad", "narrow", "related")

#: Why an entity is unfit as an answer: group, category, series, susceptibility, neoplasm, …
FLAGS = pa.schema(
    [
        pa.field("entity", pa.string(), nullable=False),
        pa.field("flag", pa.string(), nullable=False),
    ]
)

#: What a source says of how rare an entity is. `value` lies in [0, 1], 1 for the rarest.
SIGNALS = pa.schema(
    [
        pa.field("entity", pa.string(), nullable=False),
        pa.field("signal", pa.string(), nullable=False),  # prevalence, rare_subset, …
        pa.field("value", pa.float32(), nullable=False),
        pa.field("detail", pa.string()),  # as the source words it
    ]
)


#: Names of entities that other sources describe: in other languages, or as patients say it.
NAMES = pa.schema(
    [
        pa.field("entity", pa.string(), nullable=False),
        pa.field("language", pa.string(), nullable=False),  # BCP 47: de, ja
        pa.field("text", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # label, synonym or lay
        pa.field("status", pa.string()),  # as the source words it
        pa.field("line", pa.int64(), nullable=False),
        pa.field("file", pa.int32(), nullable=False),  # which of the files
    ]
)


def empty(schema: pa.Schema) -> pa.Table:
    """Return a table of that schema without rows."""
    return schema.empty_table()


def table(schema: pa.Schema, columns: Mapping[str, object], rows: int) -> pa.Table:
    """Return a table of `schema` from some of its columns; the others are null.

    Args:
        schema: One of the schemas above.
        columns: Column name to Arrow array, numpy array or list, each of length `rows`.
        rows: Number of rows.

    Raises:
        KeyError: If a column is not in the schema.
    """
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"columns {sorted(unknown)} are not in the schema {schema.names}")
    arrays = []
    names = []
    blank: dict[pa.DataType, pa.Array] = {}  # absent columns of a kind share their memory
    for part in schema:
        names.append(part.name)
        given = columns.get(part.name)
        if given is None:
            if part.type not in blank:
                blank[part.type] = pa.nulls(rows, part.type)
            arrays.append(blank[part.type])
        elif isinstance(given, pa.Array | pa.ChunkedArray):
            arrays.append(given)
        else:
            arrays.append(pa.array(given, part.type))
    return pa.table(arrays, names=names)


#: Codes of records that are left out and not wrong: nothing that ``--strict`` stops at.
NOT_WRONG = frozenset(
    {
        *("duplicate", "obsolete_term", "merge_refused", "unmerged_id", "gene_without_hgnc"),
        *("derived_relation", "not_chosen", "suppressed", "unmapped_relation", "not_kgx"),
        # Of several sources: what one says of ids that no other describes, or where two disagree.
        *("not_loaded", "reflexive", "circle_of_sources"),
        *("nothing_said", "other_species", "imported_term", "top_level", "no_partner"),
        # Of ontologies: what their manifest leaves out, and what no graph of entities holds.
        *("ignored_relation", "unused_subset", "other_taxon", "property", "property_edge"),
        "unread_axiom",
        *("reference", "unknown_prefix", "not_official", "not_translated", "name_without_term"),
    }
)


#: A detail is for people: what is longer (a cell of ten megabytes) is cut.
LONGEST_DETAIL = 1_000


@dataclass(slots=True)
class Rejections:
    """What could not go on, as columns: place (``file:line``), code, and detail for people."""

    places: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def add(self, place: str, code: str, detail: str) -> None:
        """Note one rejected record."""
        self.places.append(place)
        self.codes.append(code)
        cut = detail[: LONGEST_DETAIL - 1] + "…" if len(detail) > LONGEST_DETAIL else detail
        self.details.append(cut)

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of one kind came in and where they went; nothing may be lost.

    Attributes:
        unit: What is counted: rows, terms, …
        read: Records in the file.
        loaded: Records that became an entity, a statement, a mapping, a flag or a signal.
        merged: Records that only repeat or support one that is loaded.
        rejected: Records that are in the rejection list.
    """

    unit: str
    read: int
    loaded: int
    merged: int = 0
    rejected: int = 0

    def __post_init__(self) -> None:
        if self.read != self.loaded + self.merged + self.rejected:
            raise ValueError(
                f"{self.unit}: {self.read} read, but {self.loaded} loaded + {self.merged} merged "
                f"+ {self.rejected} rejected"
            )


@dataclass(frozen=True, slots=True)
class Credit:
    """Who says a statement that a source only passes on: the source of its evidence.

    Attributes:
        source: Its name: ``hpoa``, ``pombase``.
        version: Its version; where it is not known, that of the source that passes it on.
        license: Likewise.
    """

    source: str
    version: str
    license: str


@dataclass(frozen=True, slots=True)
class SourceData:
    """All that one source says; tables that it does not have stay empty.

    Attributes:
        version: As the files say it, else the manifest's.
        files: The files it was read from.
        entities: See `ENTITIES`.
        statements: See `STATEMENTS`.
        mappings: See `MAPPINGS`.
        flags: See `FLAGS`.
        signals: See `SIGNALS`.
        names: See `NAMES`.
        replaced: Obsolete id to the ids that replace it; exactly one makes it resolvable, none
            or several do not.
        rejections: What could not be read.
        tallies: Counts by kind of record.
        statements_from: Which of the files the lines of `statements` are in.
        credits: Who says the statements that the source passes on; see `STATEMENTS`.
    """

    version: str
    files: tuple[SourceFile, ...]
    entities: pa.Table = field(default_factory=ENTITIES.empty_table)
    statements: pa.Table = field(default_factory=STATEMENTS.empty_table)
    mappings: pa.Table = field(default_factory=MAPPINGS.empty_table)
    flags: pa.Table = field(default_factory=FLAGS.empty_table)
    signals: pa.Table = field(default_factory=SIGNALS.empty_table)
    names: pa.Table = field(default_factory=NAMES.empty_table)
    replaced: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rejections: Rejections = field(default_factory=Rejections)
    tallies: tuple[Tally, ...] = ()
    statements_from: int = 0
    credits: tuple[Credit, ...] = ()

    @property
    def statements_file(self) -> Path:
        """The file that the lines of `statements` are in."""
        return self.files[self.statements_from].file


Loader = Callable[[tuple[SourceFile, ...], Manifest], SourceData]
