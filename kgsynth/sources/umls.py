"""The UMLS Metathesaurus in Rich Release Format: concepts, their names, types and relations.

The files have no header, end each row with a bar and hold tens of millions of rows; they are read
block by block, and what the manifest does not choose (languages, vocabularies) is let go at once.

A row of MRREL is read from its second concept to its first: ``C1|…|PAR|C2|…`` says that C2 is a
parent of C1, and ``C1|…|CHD|C2|…|isa`` that C2 is a C1. Each relation stands in both directions.

A concept is the same as the code of a vocabulary where each has one of the other; where several
codes of a vocabulary share a concept, they are only related to it.

Source: UMLS Reference Manual, https://www.ncbi.nlm.nih.gov/books/NBK9685/
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.errors import SourceError
from kgsynth.sources.base import (
    MAPPINGS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.blocks import Block, Layout, join, read_blocks
from kgsynth.sources.curie_columns import spell
from kgsynth.sources.umls_concepts import concepts
from kgsynth.sources.umls_relations import relations

_LAYOUTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "concepts": (
        "CUI LAT TS LUI STT SUI ISPREF AUI SAUI SCUI SDUI SAB TTY CODE STR SRL SUPPRESS CVF",
        ("CUI", "LAT", "TS", "STT", "ISPREF", "SAB", "TTY", "CODE", "STR", "SUPPRESS"),
    ),
    "relations": (
        "CUI1 AUI1 STYPE1 REL CUI2 AUI2 STYPE2 RELA RUI SRUI SAB SL RG DIR SUPPRESS CVF",
        ("CUI1", "REL", "CUI2", "RELA", "SAB", "SUPPRESS"),
    ),
    "types": ("CUI TUI STN STY ATUI CVF", ("CUI", "TUI", "STY")),
    "attributes": (
        "CUI LUI SUI METAUI STYPE CODE ATUI SATUI ATN SAB ATV SUPPRESS CVF",
        ("CUI", "ATN", "SAB", "ATV", "SUPPRESS"),
    ),
}
_END = "after the last bar"

Int64 = NDArray[np.int64]


@dataclass
class Read:
    """The chosen rows of one file.

    Attributes:
        source: The file.
        block: The rows that are chosen and not suppressed.
        lost: What became of the others, and how many they are.
        first: The first line of each kind of them.
        ragged: Rows of another width, each with a rejection of its own.
    """

    source: SourceFile
    block: Block
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], int] = field(default_factory=dict)
    ragged: int = 0

    def lose(self, code: str, words: str, lines: Int64) -> None:
        """Count rows that go no further."""
        if len(lines):
            self.lost[code, words] += len(lines)
            self.first.setdefault((code, words), int(lines[0]))

    def report(self, rejections: Rejections) -> None:
        """Write one rejection for each kind of row: they are too many for one each."""
        for (code, words), count in self.lost.items():
            place = f"{self.source.file}:{self.first[code, words]}"
            rejections.add(place, code, f"{words}: {count:,} rows, the first of them here")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read a Metathesaurus, or a part of one; see `base.Loader`.

    Args:
        files: By role: ``concepts`` (MRCONSO), ``types`` (MRSTY), ``relations`` (MRREL) and
            ``attributes`` (MRSAT), the last two optional.
        manifest: ``languages``, ``vocabularies`` (none: all), ``names`` (which atoms give the
            name, best first), ``[terms]``, ``[semantic_types]``, ``[codes]``, ``[relations]`` and
            ``[attributes]``.
    """
    settings = cast("Mapping[str, Any]", manifest.settings)
    rejections = Rejections()
    read = {one.role: _read(one, settings, rejections) for one in files}
    if "concepts" not in read:
        raise SourceError(f"{files[0].file}: MRCONSO.RRF is missing; the concepts are in it")
    entities, counts = concepts(read["concepts"].block, _types(read), settings)
    tallies = [_tally("atoms", read["concepts"], *counts)]
    if "types" in read:
        tallies.append(_tally("semantic types", read["types"], len(read["types"].block.lines), 0))
    places = {one.role: number for number, one in enumerate(files)}
    mappings = [_codes(read["concepts"].block, settings, places["concepts"])]
    said, credits = relations(read.get("relations"), settings, manifest)
    if "relations" in read:
        tallies.append(_tally("relations", read["relations"], len(said), None))
    if "attributes" in read:
        other, kept = _attributes(read["attributes"], settings, places["attributes"])
        mappings.append(other)
        tallies.append(_tally("attributes", read["attributes"], kept, 0))
    for one in read.values():
        one.report(rejections)
    return SourceData(
        version=manifest.version or f"sha256-{files[0].sha256[:12]}",
        files=files,
        entities=entities,
        statements=said,
        mappings=pa.concat_tables(mappings),
        rejections=rejections,
        tallies=tuple(tallies),
        statements_from=next((n for n, one in enumerate(files) if one.role == "relations"), 0),
        credits=credits,
    )


def _tally(unit: str, read: Read, loaded: int, merged: int | None) -> Tally:
    """Return where the rows of a file went; `merged` None: all that are left."""
    lost = sum(read.lost.values()) + read.ragged
    if merged is None:
        merged = read.block.read - lost - loaded
    return Tally(unit, read.block.read, loaded, merged, lost)


def _read(source: SourceFile, settings: Mapping[str, Any], rejections: Rejections) -> Read:
    """Return the rows of a file that are chosen, dropping all others block by block."""
    if source.role not in _LAYOUTS:
        raise SourceError(f"{source.file}: no file of the Metathesaurus that is read")
    columns, keep = _LAYOUTS[source.role]
    layout = Layout((*columns.split(), _END), keep, "|")
    read = Read(source, Block(pa.table({}), np.zeros(0, np.int64), 0))
    before = len(rejections)
    blocks = list(_chosen(source, layout, settings, read, rejections))
    read.ragged = len(rejections) - before
    read.block = join(blocks, keep)
    if not read.block.read:
        raise SourceError(f"{source.file}: no rows")
    if read.ragged == read.block.read:
        raise SourceError(
            f"{source.file}:1: no row has {len(columns.split())} cells that each end with a bar; "
            "expected the Rich Release Format"
        )
    return read


def _chosen(
    source: SourceFile,
    layout: Layout,
    settings: Mapping[str, Any],
    read: Read,
    rejections: Rejections,
) -> Iterator[Block]:
    for block in read_blocks(source, layout, rejections):
        keep = np.ones(len(block.lines), dtype=np.bool_)
        for column, name, words in (
            ("SAB", "vocabularies", "of other vocabularies than the manifest names"),
            ("LAT", "languages", "in other languages than the manifest names"),
        ):
            wanted = settings.get(name)
            if wanted and column in layout.keep:
                keep &= _lose(read, block, keep, column, wanted, ("not_chosen", words))
        if "SUPPRESS" in layout.keep:
            words = "obsolete or suppressed by the Metathesaurus"
            keep &= _lose(read, block, keep, "SUPPRESS", ["N", ""], ("suppressed", words))
        chosen = block.table.filter(pa.array(keep))
        # Filtering keeps whole dictionaries; the words of rows that are gone would pile up.
        plain = {name: chosen[name].cast(pa.string()) for name in chosen.column_names}
        coded = pa.table({name: column.dictionary_encode() for name, column in plain.items()})
        yield Block(coded, block.lines[keep], block.read)


def _lose(
    read: Read,
    block: Block,
    keep: NDArray[np.bool_],
    column: str,
    wanted: list[str],
    why: tuple[str, str],
) -> NDArray[np.bool_]:
    coded = block.table[column].combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    good = pc.is_in(coded.dictionary, value_set=pa.array(wanted)).take(coded.indices)
    found: NDArray[np.bool_] = np.asarray(good)
    read.lose(*why, block.lines[keep & ~found])
    return found


def _types(read: Mapping[str, Read]) -> dict[str, list[str]]:
    """Return the semantic types (TUI) of each concept."""
    found: dict[str, list[str]] = {}
    if "types" in read:
        rows = read["types"].block.table
        for cui, tui in zip(rows["CUI"].to_pylist(), rows["TUI"].to_pylist(), strict=True):
            found.setdefault(cui, []).append(tui)
    return found


def _codes(block: Block, settings: Mapping[str, Any], file: int) -> pa.Table:
    """Return what the concepts are called in the vocabularies that have ids of their own."""
    prefixes = settings.get("codes", {})
    first: dict[tuple[str, str, str], int] = {}
    rows = block.table.select(["SAB", "CUI", "CODE"])
    known = pc.is_in(rows["SAB"].cast(pa.string()), value_set=pa.array(list(prefixes), pa.string()))
    lines = block.lines[np.asarray(known)].tolist()
    for row, line in zip(rows.filter(known).to_pylist(), lines, strict=True):
        first.setdefault((row["SAB"], row["CUI"], row["CODE"]), line)
    of_concept = Counter((sab, cui) for sab, cui, _ in first)
    of_code = Counter((sab, code) for sab, _, code in first)
    kinds = [
        "exact" if of_concept[sab, cui] == 1 and of_code[sab, code] == 1 else "related"
        for sab, cui, code in first
    ]
    codes = [f"{prefixes[sab]}:{_bare(code, prefixes[sab])}" for sab, _, code in first]
    return _mappings([cui for _, cui, _ in first], codes, kinds, list(first.values()), file)


def _bare(code: str, prefix: str) -> str:
    """Return a code without the prefix that some vocabularies keep: HP:0001250, ORPHA324."""
    return code[len(prefix) :].removeprefix(":") if code.startswith(prefix) else code


def _attributes(read: Read, settings: Mapping[str, Any], file: int) -> tuple[pa.Table, int]:
    """Return the ids of other databases among the attributes: no one says that they are exact."""
    wanted: Mapping[str, str] = settings.get("attributes", {})
    rows = read.block.table
    names = rows["ATN"].cast(pa.string())
    known = np.asarray(pc.is_in(names, value_set=pa.array(list(wanted), pa.string())))
    read.lose("not_chosen", "attributes that the manifest does not name", read.block.lines[~known])
    chosen = rows.filter(pa.array(known)).to_pylist()
    ids = [f"{wanted[row['ATN']]}:{row['ATV']}" for row in chosen]
    lines = read.block.lines[known].tolist()
    found = _mappings([row["CUI"] for row in chosen], ids, ["close"] * len(ids), lines, file)
    return found, len(chosen)


def _mappings(
    cuis: list[str], ids: list[str], kinds: list[str], lines: list[int], file: int
) -> pa.Table:
    spelled, _ = spell(pa.array(ids, pa.string()))
    columns: dict[str, object] = {
        "subject": pa.array([f"UMLS:{cui}" for cui in cuis], pa.string()),
        "object": spelled,
        "predicate": pa.array(kinds, pa.string()),
        "line": pa.array(lines, pa.int64()),
        "file": pa.array([file] * len(ids), pa.int32()),
    }
    return table(MAPPINGS, columns, len(ids)).filter(pc.not_equal(spelled, ""))
