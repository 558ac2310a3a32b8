"""Orphanet, as far as it concerns the disorders that HPO annotates.

Orphanet says of a disorder what kind of thing it is (a disease, a group, a category …), how
frequent it is (a statement and a signal of rarity), and what each gene has to do with it: a
germline cause, a susceptibility factor, a modifier, a somatic mutation. Only a germline cause
supports ``causes``; every link supports ``gene_associated_with_condition``. The tables are made by
``scripts/bundle_orphanet.py``.

Genes are named by their HGNC ids, with the symbol as the name: the builder finds the same symbol
in other sources.

Source: https://www.orphadata.com (CC BY 4.0), Orphanet, INSERM.
"""

from collections.abc import Mapping
from typing import cast

import pyarrow as pa

from kgsynth.errors import SourceError
from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    SIGNALS,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.orphanet_prevalence import RELATION, Prevalence, class_entities
from kgsynth.sources.tsv import Rows, read_rows

_DISORDERS = ("id", "type", "prevalence", "prevalence_type", "geography")
_GENES = ("id", "symbol", "hgnc", "association")
_ANY_LINK = "gene_associated_with_condition"


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read disorder types, prevalence classes and gene links; see `base.Loader`.

    Args:
        files: The two tables, in the order of the manifest.
        manifest: ``settings`` has ``flags`` (disorder type to flag), ``predicates``
            (association type to the predicate it states beyond the general one) and ``signals``
            (prevalence class to a value in [0, 1]).

    Raises:
        SourceError: If a table has an association type or prevalence class that the manifest
            does not know.
    """
    settings = manifest.settings
    rejections = Rejections()
    disorders = read_rows(files[0], _DISORDERS, rejections)
    genes = read_rows(files[1], _GENES, rejections)
    broken = len(rejections)
    statements = _statements(
        genes, files[1], cast("Mapping[str, str]", settings["predicates"]), rejections
    )
    signals = _signals(disorders, files[0], cast("Mapping[str, float]", settings["signals"]))
    frequent = _prevalences(disorders)
    short = genes.read - len(genes.lines)
    unnamed = len(rejections) - broken
    return SourceData(
        version=manifest.version,
        statements_from=1,
        files=files,
        entities=pa.concat_tables((_genes(genes), class_entities(frequent.values()))),
        statements=pa.concat_tables((statements, _frequent(disorders, frequent))),
        flags=_flags(disorders, cast("Mapping[str, str]", settings["flags"])),
        signals=signals,
        rejections=rejections,
        tallies=(
            Tally(
                "disorders",
                disorders.read,
                len(disorders.lines),
                rejected=disorders.read - len(disorders.lines),
            ),
            Tally(
                "gene links",
                genes.read,
                len(genes.lines) - unnamed,
                rejected=short + unnamed,
            ),
        ),
    )


def _genes(links: Rows) -> pa.Table:
    """Return one entity for each gene that has an HGNC id, sorted by it."""
    named = {hgnc: symbol for hgnc, symbol in _cells(links, "hgnc", "symbol") if hgnc}
    ids = sorted(named)
    return table(
        ENTITIES,
        {
            "id": ids,
            "name": [named[curie] for curie in ids],
            "category": pa.repeat("Gene", len(ids)),
        },
        len(ids),
    )


def _statements(
    links: Rows, source: SourceFile, predicates: Mapping[str, str], rejections: Rejections
) -> pa.Table:
    """Return the general statement of each link, and the stronger one where there is one."""
    rows: list[tuple[str, str, str, str, int]] = []
    cells = _cells(links, *_GENES)
    for line, (disorder, symbol, gene, association) in zip(
        links.lines.tolist(), cells, strict=True
    ):
        if association not in predicates:
            raise SourceError(
                f"{source.file}:{line}: unknown association type {association!r}; "
                f"known: {', '.join(predicates)}; see [predicates] in ontologies/orphanet.toml"
            )
        if not gene:
            rejections.add(
                f"{source.file}:{line}",
                "gene_without_hgnc",
                f"gene {symbol!r} of {disorder} has no HGNC id",
            )
            continue
        rows.append((gene, _ANY_LINK, disorder, association, line))
        if predicates[association]:
            rows.append((gene, predicates[association], disorder, association, line))
    columns: dict[str, object] = {
        name: [row[at] for row in rows]
        for at, name in enumerate(("subject", "predicate", "object", "code", "line"))
    }
    # The record that says so is the disorder's own page at Orphanet.
    columns |= {"negated": pa.repeat(False, len(rows)), "reference": columns["object"]}
    return table(STATEMENTS, columns, len(rows))


def _flags(disorders: Rows, flags: Mapping[str, str]) -> pa.Table:
    pairs = [
        (curie, flags[kind]) for curie, kind in _cells(disorders, "id", "type") if kind in flags
    ]
    columns = {"entity": [curie for curie, _ in pairs], "flag": [flag for _, flag in pairs]}
    return table(FLAGS, columns, len(pairs))


def _prevalences(disorders: Rows) -> dict[str, Prevalence]:
    """Return the prevalence of each disorder that has one; its class is known to be one."""
    cells = _cells(disorders, *_DISORDERS)
    return {curie: Prevalence(share, *rest) for curie, _, share, *rest in cells if share}


def _frequent(disorders: Rows, found: Mapping[str, Prevalence]) -> pa.Table:
    """Return a statement for each prevalence; it stands in the first table."""
    curies = {one: one.curie for one in set(found.values())}
    cells = disorders.table["id"].to_pylist()
    lines = [
        line for line, curie in zip(disorders.lines.tolist(), cells, strict=True) if curie in found
    ]
    columns: dict[str, object] = {
        "subject": list(found),
        "predicate": pa.repeat(RELATION, len(found)),
        "object": [curies[one] for one in found.values()],
        "negated": pa.repeat(False, len(found)),
        "reference": list(found),
        "line": lines,
        "file": pa.repeat(pa.scalar(0, pa.int32()), len(found)),
    }
    return table(STATEMENTS, columns, len(found))


def _signals(disorders: Rows, source: SourceFile, worth: Mapping[str, float]) -> pa.Table:
    rows = []
    cells = _cells(disorders, "id", "prevalence", "prevalence_type", "geography")
    for line, (curie, share, kind, place) in zip(disorders.lines.tolist(), cells, strict=True):
        if share and share not in worth:
            raise SourceError(
                f"{source.file}:{line}: unknown prevalence class {share!r}; "
                f"known: {', '.join(worth)}; see [signals] in ontologies/orphanet.toml"
            )
        if share:
            rows.append((curie, worth[share], f"{kind} {share} ({place})"))
    columns = {
        "entity": [row[0] for row in rows],
        "signal": pa.repeat("prevalence", len(rows)),
        "value": [row[1] for row in rows],
        "detail": [row[2] for row in rows],
    }
    return table(SIGNALS, columns, len(rows))


def _cells(rows: Rows, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of each row."""
    # Out of the dictionary first: row by row that would take ten times as long.
    plain = (rows.table[column].cast(pa.string()).to_pylist() for column in columns)
    return list(zip(*plain, strict=True))
