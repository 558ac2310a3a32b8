"""The Mondo Disease Ontology, as far as it concerns the diseases that HPO annotates.

Mondo says which OMIM and Orphanet records are the same disease (exact matches only; broad,
narrow and related ones are no merges), which disease is a kind of which, which are rare, and which
classes are unfit as an answer. The tables are made by ``scripts/bundle_mondo.py``, which also
says how a class comes to be called a group, a series or a susceptibility.

Source: https://mondo.monarchinitiative.org (CC BY 4.0; the exact matches CC0).
"""

from collections.abc import Mapping
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    MAPPINGS,
    SIGNALS,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.tsv import Rows, read_rows

_TERMS = ("id", "label", "rare", "unfit", "synonyms")
_SUBCLASSES = ("child", "parent")
_MAPPINGS = ("mondo", "exact")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the terms, the is-a links and the exact matches; see `base.Loader`.

    Args:
        files: The three tables, in the order of the manifest.
        manifest: ``settings["category"]`` is the category of every term, and
            ``settings["signals"]["rare"]`` what membership in the `rare` subset is worth.
    """
    rejections = Rejections()
    terms, links, matches = (
        read_rows(source, columns, rejections)
        for source, columns in zip(files, (_TERMS, _SUBCLASSES, _MAPPINGS), strict=True)
    )
    return SourceData(
        version=manifest.version,
        statements_from=1,
        files=files,
        entities=_entities(terms, str(manifest.settings["category"])),
        statements=_statements(links),
        mappings=_mappings(matches),
        flags=_flags(terms),
        signals=_signals(terms, manifest),
        rejections=rejections,
        tallies=tuple(
            Tally(unit, rows.read, len(rows.lines), rejected=rows.read - len(rows.lines))
            for unit, rows in (("terms", terms), ("is_a links", links), ("exact matches", matches))
        ),
    )


def _entities(terms: Rows, category: str) -> pa.Table:
    return table(
        ENTITIES,
        {
            "id": _text(terms, "id"),
            "name": _text(terms, "label"),
            "category": pa.repeat(category, len(terms.lines)),
            "synonyms": _split(terms, "synonyms"),
        },
        len(terms.lines),
    )


def _statements(links: Rows) -> pa.Table:
    size = len(links.lines)
    return table(
        STATEMENTS,
        {
            "subject": _text(links, "child"),
            "predicate": pa.repeat("subclass_of", size),
            "object": _text(links, "parent"),
            "negated": pa.repeat(False, size),
            "line": links.lines,
        },
        size,
    )


def _mappings(matches: Rows) -> pa.Table:
    columns = {
        "subject": _text(matches, "mondo"),
        "object": _text(matches, "exact"),
        "line": matches.lines,
    }
    return table(MAPPINGS, columns, len(matches.lines))


def _flags(terms: Rows) -> pa.Table:
    pairs = [
        (term, flag)
        for term, flags in zip(_text(terms, "id").to_pylist(), _split(terms, "unfit"), strict=True)
        for flag in flags
    ]
    columns = {"entity": [term for term, _ in pairs], "flag": [flag for _, flag in pairs]}
    return table(FLAGS, columns, len(pairs))


def _signals(terms: Rows, manifest: Manifest) -> pa.Table:
    worth = cast("Mapping[str, float]", manifest.settings["signals"])["rare"]
    rare = _text(terms, "id").filter(pc.equal(_text(terms, "rare"), "1"))
    return table(
        SIGNALS,
        {
            "entity": rare,
            "signal": pa.repeat("rare_subset", len(rare)),
            "value": pa.repeat(pa.scalar(worth, pa.float32()), len(rare)),
            "detail": pa.repeat("Mondo subset 'rare'", len(rare)),
        },
        len(rare),
    )


def _text(rows: Rows, column: str) -> pa.ChunkedArray:
    return rows.table[column].cast(pa.string())


def _split(rows: Rows, column: str) -> list[list[str]]:
    """Return the parts of cells that hold several values joined by ``|``; [] for ""."""
    return [cell.split("|") if cell else [] for cell in rows.table[column].to_pylist()]
