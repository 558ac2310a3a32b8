"""Whole columns of identifiers, spelled the house way at once."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import own_curie

# What needs no work; most files hold nothing else.
_HOUSE = r"^(?:HP|MONDO|OMIM|ORPHA|DOID|UBERON|CL|GO|CHEBI|HGNC|NCBIGene|MAXO|SYMP):[0-9]+$"


def spell_column(texts: pa.Array) -> pa.Array:
    """Return identifiers spelled as `kgsynth.identifiers` spells them, null where there is none.

    Args:
        texts: Strings; ids that a file declares or points at, so a prefix that nobody knows is
            good as it stands. Returned as they are where nothing is to be done.
    """
    good = np.asarray(pc.match_substring_regex(texts, _HOUSE).fill_null(False))
    if good.all():
        return texts
    codes = pc.dictionary_encode(texts)
    spelled = [_spelled(text) for text in codes.dictionary.to_pylist()]
    return pa.array(spelled, pa.string()).take(codes.indices)


def _spelled(text: str | None) -> str | None:
    try:
        return own_curie(text or "")
    except IdentifierError:
        return None


def spell_values(
    texts: Iterable[str], spell: Callable[[str], str]
) -> tuple[Mapping[str, str], Mapping[str, IdentifierError]]:
    """Return the spelling of each distinct text, and what is wrong with the others."""
    good: dict[str, str] = {}
    bad: dict[str, IdentifierError] = {}
    for text in dict.fromkeys(texts):
        try:
            good[text] = spell(text)
        except IdentifierError as error:
            bad[text] = error
    return good, bad
