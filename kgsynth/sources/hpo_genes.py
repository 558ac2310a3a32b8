"""HPO's gene file (genes_to_phenotype.txt): which gene is associated with which disease.

The file is gene–disease pairs joined with the findings of each disease. Only the pairs are
taken: its gene–finding column is no statement of its own, and as an edge it would be a shortcut
in every path over the disease.

Source: https://obophenotype.github.io/human-phenotype-ontology/annotations/genes_to_phenotype/
"""

import numpy as np
import pyarrow as pa

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import normalize_curie
from kgsynth.sources.base import (
    ENTITIES,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.curie_columns import plain_places
from kgsynth.sources.tsv import Rows, read_rows

COLUMNS = ("ncbi_gene_id", "gene_symbol", "hpo_id", "hpo_name", "frequency", "disease_id")
_KEEP = ("ncbi_gene_id", "gene_symbol", "disease_id")


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one file; see `base.Loader`. Rows that repeat a pair count as merged."""
    source = files[0]
    rejections = Rejections()
    rows = read_rows(source, COLUMNS, rejections, keep=_KEEP)
    columns = [rows.table[name].chunk(0) for name in _KEEP]
    genes, symbols, diseases = (column.indices.to_numpy().astype(np.int64) for column in columns)
    gene_ids, symbol_names, disease_ids = (column.dictionary.to_pylist() for column in columns)
    gene_ids = _spelled(gene_ids, genes, rows, source, rejections, prefix="NCBIGene:")
    disease_ids = _spelled(disease_ids, diseases, rows, source, rejections)
    good = np.array([text is not None for text in gene_ids])[genes]
    good &= np.array([text is not None for text in disease_ids])[diseases]
    at = np.flatnonzero(good)
    _, first = np.unique(genes[at] << 32 | diseases[at], return_index=True)
    pairs = np.sort(at[first])
    _, first = np.unique(genes[at], return_index=True)
    symbol_of = {gene_ids[genes[row]]: symbol_names[symbols[row]] for row in at[first]}
    return SourceData(
        version=manifest.version,
        files=files,
        entities=_genes(symbol_of),
        statements=table(
            STATEMENTS,
            {
                "subject": [gene_ids[gene] for gene in genes[pairs].tolist()],
                "predicate": ["gene_associated_with_condition"] * len(pairs),
                "object": [disease_ids[disease] for disease in diseases[pairs].tolist()],
                "negated": pa.array(np.zeros(len(pairs), np.bool_)),
                "line": pa.array(rows.lines[pairs]),
            },
            len(pairs),
        ),
        rejections=rejections,
        tallies=(Tally("rows", rows.read, len(pairs), len(at) - len(pairs), rows.read - len(at)),),
    )


def _genes(symbol_of: dict[str | None, str]) -> pa.Table:
    return table(
        ENTITIES,
        {
            "id": list(symbol_of),
            # "-" is how the file says that a gene has no symbol.
            "name": [None if symbol == "-" else symbol for symbol in symbol_of.values()],
            "category": ["Gene"] * len(symbol_of),
        },
        len(symbol_of),
    )


def _spelled(
    values: list[str],
    codes: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    rows: Rows,
    source: SourceFile,
    rejections: Rejections,
    prefix: str = "",
) -> list[str | None]:
    """Return the identifiers in the house spelling, None for those that are none."""
    texts = [prefix + text for text in values]
    found: list[str | None] = [*texts]
    for at in np.flatnonzero(~plain_places(texts)).tolist():
        try:
            found[at] = normalize_curie(texts[at])
        except IdentifierError as error:
            found[at] = None
            for row in np.flatnonzero(codes == at).tolist():
                rejections.add(f"{source.file}:{rows.lines[row]}", "bad_identifier", str(error))
    return found
