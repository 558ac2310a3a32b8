"""The Mondo Disease Ontology, as far as it concerns the diseases that HPO annotates.

Mondo says which OMIM and Orphanet records are the same disease (exact matches only; broad,
narrow and related ones are no merges), which disease is a kind of which, which are rare, and which
classes are unfit as an answer. The tables are made by ``scripts/bundle_mondo.py``, which also
says how a class comes to be called a group, a series or a susceptibility.

Source: https://mondo.monarchinitiative.org (CC BY 4.0; the exact matches CC0).
"""

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    MAPPINGS,
    SIGNALS,
    STATEMENTS,
    Manifest,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.bundled import lines, read_columns, split_cells

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
    terms = read_columns(files[0], _TERMS)
    links = read_columns(files[1], _SUBCLASSES)
    matches = read_columns(files[2], _MAPPINGS)
    return SourceData(
        version=manifest.version,
        files=files,
        entities=_entities(terms, str(manifest.settings["category"])),
        statements=_statements(links),
        mappings=table(
            MAPPINGS,
            {
                "subject": matches["mondo"],
                "object": matches["exact"],
                "line": lines(len(matches)),
            },
            len(matches),
        ),
        flags=_flags(terms),
        signals=_signals(terms, manifest),
        tallies=(
            Tally("terms", len(terms), len(terms)),
            Tally("is_a links", len(links), len(links)),
            Tally("exact matches", len(matches), len(matches)),
        ),
    )


def _entities(terms: pa.Table, category: str) -> pa.Table:
    return table(
        ENTITIES,
        {
            "id": terms["id"],
            "name": terms["label"],
            "category": pa.repeat(category, len(terms)),
            "synonyms": split_cells(terms["synonyms"]),
        },
        len(terms),
    )


def _statements(links: pa.Table) -> pa.Table:
    return table(
        STATEMENTS,
        {
            "subject": links["child"],
            "predicate": pa.repeat("subclass_of", len(links)),
            "object": links["parent"],
            "negated": pa.repeat(False, len(links)),
            "line": lines(len(links)),
        },
        len(links),
    )


def _flags(terms: pa.Table) -> pa.Table:
    pairs = [
        (term, flag)
        for term, flags in zip(terms["id"].to_pylist(), split_cells(terms["unfit"]), strict=True)
        for flag in flags
    ]
    columns = {"entity": [term for term, _ in pairs], "flag": [flag for _, flag in pairs]}
    return table(FLAGS, columns, len(pairs))


def _signals(terms: pa.Table, manifest: Manifest) -> pa.Table:
    worth = manifest.settings["signals"]["rare"]  # type: ignore[index]
    rare = terms.filter(pc.equal(terms["rare"], "1"))["id"]
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
