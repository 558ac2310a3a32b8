"""Orphanet, as far as it concerns the disorders that HPO annotates.

Orphanet says of a disorder what kind of thing it is (a disease, a group, a category …), how
frequent it is, and what each gene has to do with it: a germline cause, a susceptibility factor, a
modifier, a somatic mutation. Only a germline cause supports ``causes``; every link supports
``gene_associated_with_condition``. The tables are made by ``scripts/bundle_orphanet.py``.

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
from kgsynth.sources.bundled import read_columns

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
    disorders = read_columns(files[0], _DISORDERS)
    genes = read_columns(files[1], _GENES)
    rejections = Rejections()
    predicates = cast("Mapping[str, str]", manifest.settings["predicates"])
    statements = _statements(genes, files[1], predicates, rejections)
    return SourceData(
        version=manifest.version,
        files=files,
        entities=_genes(genes),
        statements=statements,
        flags=_flags(disorders, cast("Mapping[str, str]", manifest.settings["flags"])),
        signals=_signals(
            disorders, files[0], cast("Mapping[str, float]", manifest.settings["signals"])
        ),
        rejections=rejections,
        tallies=(
            Tally("disorders", len(disorders), len(disorders)),
            Tally("gene links", len(genes), len(genes) - len(rejections), rejected=len(rejections)),
        ),
    )


def _genes(links: pa.Table) -> pa.Table:
    """Return one entity for each gene that has an HGNC id, sorted by it."""
    named = dict(zip(links["hgnc"].to_pylist(), links["symbol"].to_pylist(), strict=True))
    named.pop("", None)
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
    links: pa.Table, source: SourceFile, predicates: Mapping[str, str], rejections: Rejections
) -> pa.Table:
    """Return the general statement of each link, and the stronger one where there is one."""
    rows: list[tuple[str, str, str, str, int]] = []
    for line, link in enumerate(links.to_pylist(), start=2):
        association, gene = link["association"], link["hgnc"]
        if association not in predicates:
            raise SourceError(
                f"{source.file}:{line}: unknown association type {association!r}; "
                f"known: {', '.join(predicates)}; see [predicates] in ontologies/orphanet.toml"
            )
        if not gene:
            rejections.add(
                f"{source.file.name}:{line}",
                "gene_without_hgnc",
                f"gene {link['symbol']!r} of {link['id']} has no HGNC id",
            )
            continue
        rows.append((gene, _ANY_LINK, link["id"], association, line))
        if predicates[association]:
            rows.append((gene, predicates[association], link["id"], association, line))
    subject, predicate, disorder, code, line_numbers = zip(*rows, strict=True)
    return table(
        STATEMENTS,
        {
            "subject": subject,
            "predicate": predicate,
            "object": disorder,
            "negated": pa.repeat(False, len(rows)),
            "reference": disorder,
            "code": code,
            "line": line_numbers,
        },
        len(rows),
    )


def _flags(disorders: pa.Table, flags: Mapping[str, str]) -> pa.Table:
    pairs = [
        (curie, flags[kind])
        for curie, kind in zip(*_columns(disorders, "id", "type"), strict=True)
        if kind in flags
    ]
    columns = {"entity": [curie for curie, _ in pairs], "flag": [flag for _, flag in pairs]}
    return table(FLAGS, columns, len(pairs))


def _signals(disorders: pa.Table, source: SourceFile, worth: Mapping[str, float]) -> pa.Table:
    names = ("id", "prevalence", "prevalence_type", "geography")
    rows = []
    for line, (curie, share, kind, place) in enumerate(
        zip(*_columns(disorders, *names), strict=True), start=2
    ):
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


def _columns(rows: pa.Table, *names: str) -> list[list[str]]:
    return [rows[name].to_pylist() for name in names]
