"""Concepts of the Metathesaurus: many names, of which one leads; semantic types as categories."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.sources.base import ENTITIES, table
from kgsynth.sources.blocks import Block

#: How the Metathesaurus itself ranks the atoms of a concept: preferred term, form and atom first.
_RANKS = (("TS", "P"), ("STT", "PF"), ("ISPREF", "Y"))


def concepts(
    block: Block, types: Mapping[str, list[str]], settings: Mapping[str, Any]
) -> tuple[pa.Table, tuple[int, int]]:
    """Return the concepts as entities, and how many atoms were loaded and merged.

    Args:
        block: The chosen rows of MRCONSO.
        types: The semantic types of each concept.
        settings: Of the manifest.
    """
    rows = block.table
    order = _best_first(rows, settings)
    cuis = rows["CUI"].cast(pa.string()).take(order).to_pylist()
    texts = rows["STR"].cast(pa.string()).take(order).to_pylist()
    kinds = rows["TTY"].cast(pa.string()).take(order).to_pylist()
    loose = set(settings.get("terms", {}).get("related", ()))
    found: dict[str, dict[str, bool]] = {}
    for cui, text, kind in zip(cuis, texts, kinds, strict=True):
        found.setdefault(cui, {}).setdefault(text, kind not in loose)
    names = [list(own) for own in found.values()]
    columns: dict[str, object] = {
        "id": [f"UMLS:{cui}" for cui in found],
        "name": [own[0] for own in names],
        "category": [_category(types.get(cui, []), settings) for cui in found],
        "synonyms": [[t for t, ok in list(own.items())[1:] if ok] for own in found.values()],
        "related_synonyms": [
            [t for t, ok in list(own.items())[1:] if not ok] for own in found.values()
        ],
    }
    loaded = sum(len(own) for own in names)
    return table(ENTITIES, columns, len(found)), (loaded, len(cuis) - loaded)


def _best_first(rows: pa.Table, settings: Mapping[str, Any]) -> pa.Array:
    """Return the rows by concept, and within one the best name first."""
    wanted = {name: rank for rank, name in enumerate(settings.get("names", ()))}
    atoms = pc.binary_join_element_wise(
        rows["SAB"].cast(pa.string()), rows["TTY"].cast(pa.string()), ":"
    )
    coded = atoms.combine_chunks().dictionary_encode()
    ranks = np.array(
        [wanted.get(name, len(wanted)) for name in coded.dictionary.to_pylist()] or [0]
    )
    rank: NDArray[np.int64] = ranks[coded.indices.to_numpy()]
    worse = [np.asarray(pc.not_equal(rows[name].cast(pa.string()), best)) for name, best in _RANKS]
    concept = rows["CUI"].combine_chunks().cast(pa.string()).dictionary_encode().indices.to_numpy()
    return pa.array(np.lexsort((*reversed(worse), rank, concept)))


def _category(types: list[str], settings: Mapping[str, Any]) -> str:
    """Return the category of the semantic type that stands first in the manifest."""
    known = settings.get("semantic_types", {})
    for tui, category in known.items():
        if tui in types:
            return str(category)
    return str(settings.get("category", "NamedThing"))
