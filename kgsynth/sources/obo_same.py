"""Terms of one ontology that stand for one concept elsewhere: a near match of each other.

HPO has *abnormality of the kidney* and *abnormal renal morphology*, both with ``UMLS:C0266292``.
They stay two terms, but nobody should be asked to tell one from the other. The manifest names the
terminologies whose concepts are fine enough to say so.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.identifiers import normalize_curie
from kgsynth.sources.base import STATEMENTS, table
from kgsynth.sources.obo_terms import Terms

#: Both terms are matched to one entry of another terminology, which need not be exact.
RELATION = "close_match"


def same_elsewhere(terms: Terms, settings: Mapping[str, object]) -> pa.Table:
    """Return a statement for each two terms with a cross-reference in common; it is the reference.

    Args:
        terms: Of the document.
        settings: The manifest's; ``[same]`` has ``xrefs``, prefixes as the file spells them.
    """
    own: Mapping[str, object] = settings.get("same", {})  # type: ignore[assignment]
    prefixes = tuple(f"{prefix}:" for prefix in own.get("xrefs", ()))  # type: ignore[attr-defined]
    if not prefixes or not terms.document.has("xref"):
        return STATEMENTS.empty_table()
    ids, values, lines, _ = terms.of_living("xref")
    codes = values.dictionary_encode() if isinstance(values, pa.Array) else values.combine_chunks()
    codes = codes if isinstance(codes, pa.DictionaryArray) else codes.dictionary_encode()
    often = np.bincount(codes.indices.to_numpy(), minlength=len(codes.dictionary)) > 1
    wanted = np.zeros(len(often), dtype=np.bool_)
    for prefix in prefixes:
        wanted |= np.asarray(pc.starts_with(codes.dictionary, prefix))
    rows = np.flatnonzero((often & wanted)[codes.indices.to_numpy()])
    shared: dict[str, list[tuple[str, int]]] = {}
    chosen = pa.array(rows)
    for xref, term, line in zip(
        values.take(chosen).to_pylist(), ids.take(chosen).to_pylist(), lines[rows].tolist(),
        strict=True,
    ):  # fmt: skip
        shared.setdefault(xref, []).append((term, line))
    found = [
        (one, other, normalize_curie(xref), line)
        for xref, members in shared.items()
        for (one, _), (other, line) in combinations(sorted(set(members)), 2)
        if one != other
    ]
    columns: dict[str, object] = {
        "subject": [row[0] for row in found],
        "predicate": pa.repeat(RELATION, len(found)),
        "object": [row[1] for row in found],
        "negated": pa.repeat(False, len(found)),
        "reference": [row[2] for row in found],
        "line": [row[3] for row in found],
    }
    return table(STATEMENTS, columns, len(found))
