"""Which Biolink category a term has: by branch, by name space, by the prefix of its id.

A manifest says it in this order; the first that fits holds:

    [categories]   top term of a branch = category, the more specific branch first
    [namespaces]   value of a term's `namespace` = category
    [prefixes]     prefix of a term's id = category
    category       everything else whose prefix is in `own` (every term, where `own` is absent)

Terms that an ontology only imports keep the category of their own prefix: `PREFIX_CATEGORIES`.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

#: What the terms of an authority are, unless a manifest says otherwise.
PREFIX_CATEGORIES: dict[str, str] = {
    "MONDO": "Disease",
    "DOID": "Disease",
    "ORPHA": "Disease",
    "OMIM": "Disease",
    "OMIMPS": "Disease",
    "GARD": "Disease",
    "HP": "PhenotypicFeature",
    "SYMP": "PhenotypicFeature",
    "MP": "PhenotypicFeature",
    "HGNC": "Gene",
    "NCBIGene": "Gene",
    "ENSEMBL": "Gene",
    "hgnc.genegroup": "GeneFamily",
    "PR": "Protein",
    "CHEBI": "ChemicalEntity",
    "DrugBank": "Drug",
    "DrugCentral": "Drug",
    "UBERON": "AnatomicalEntity",
    "FMA": "AnatomicalEntity",
    "CL": "Cell",
    "GO": "BiologicalProcess",
    "REACT": "Pathway",
    "NCBITaxon": "OrganismTaxon",
    "MAXO": "Procedure",
    "FOODON": "Food",
    "NBO": "BiologicalProcess",
}

#: Branches of ontologies that others import, whose prefix alone does not say the category.
BRANCHES: dict[str, str] = {
    "GO:0008150": "BiologicalProcess",
    "GO:0003674": "MolecularActivity",
    "GO:0005575": "CellularComponent",
}
DEFAULT = "OntologyClass"

Table = Mapping[str, str]


def categories(
    ids: pa.Array,
    parents: tuple[Sequence[str], Sequence[str]],
    namespaces: Mapping[str, str],
    settings: Mapping[str, object],
) -> pa.Array:
    """Return the category of each term.

    Args:
        ids: shape (n,); the terms.
        parents: Children and parents of the ``is_a`` links, each one string a link.
        namespaces: Term -> its name space, where it has one.
        settings: Of the manifest, as the top of this file says.
    """
    chosen = _by_prefix(ids, settings)
    kinds = _table(settings, "namespaces")
    known = _rows(ids) if kinds or namespaces else {}
    for term, namespace in namespaces.items():
        if namespace in kinds and term in known:
            chosen[known[term]] = kinds[namespace]
    tops = _table(settings, "categories")
    if "own" in settings or "category" not in settings:
        tops = {**tops, **{top: kind for top, kind in BRANCHES.items() if top not in tops}}
    under = _under(tops, parents) if tops else {}
    if under:
        known = known or _rows(ids)
        for term, kind in under.items():
            if term in known:
                chosen[known[term]] = kind
    return pa.array(chosen, pa.string())


def _rows(ids: pa.Array) -> dict[str, int]:
    return {term: row for row, term in enumerate(ids.to_pylist())}


def _table(settings: Mapping[str, object], name: str) -> Table:
    table = settings.get(name, {})
    return {str(key): str(value) for key, value in table.items()}  # type: ignore[attr-defined]


def _by_prefix(ids: pa.Array, settings: Mapping[str, object]) -> list[str]:
    """Return what the prefix of each id says; the manifest's own prefixes take its category."""
    default = str(settings.get("category", DEFAULT))
    if "category" in settings and "own" not in settings and "prefixes" not in settings:
        return [default] * len(ids)
    kinds = {**PREFIX_CATEGORIES, **_table(settings, "prefixes")}
    if "category" in settings:
        own: list[str] = settings.get("own", [])  # type: ignore[assignment]
        kinds |= {prefix: default for prefix in own if prefix not in _table(settings, "prefixes")}
        default = default if not own else DEFAULT
    coded = pc.struct_field(pc.extract_regex(ids, "^(?P<p>[^:]*)"), "p").dictionary_encode()
    names = np.array([kinds.get(one, default) for one in coded.dictionary.to_pylist()], object)
    return list(names[coded.indices.to_numpy()]) if len(names) else []


def _under(tops: Table, parents: tuple[Sequence[str], Sequence[str]]) -> dict[str, str]:
    """Return the terms at and under each top -> category; of two tops the first in the table."""
    words = pa.array([*parents[0], *parents[1], *tops], pa.string()).dictionary_encode("encode")
    codes, names = words.indices.to_numpy(), np.array(words.dictionary.to_pylist(), dtype=object)
    child, parent = codes[: len(parents[0])], codes[len(parents[0]) : -len(tops)]
    found: dict[str, str] = {}
    for top, kind in reversed(list(zip(codes[-len(tops) :].tolist(), tops.values(), strict=True))):
        under = np.zeros(len(names), dtype=np.bool_)
        under[top] = True
        while len(fresh := np.flatnonzero(under[parent] & ~under[child])):
            under[child[fresh]] = True
        found |= dict.fromkeys(names[under].tolist(), kind)
    return found
