"""Identifiers of whole columns, spelled the house way."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import PREFIXES, own_curie

# Already as the house has it: most ids of most files. GARD numbers have a fixed width.
_PLAIN = f"^(?:{'|'.join(name.replace('.', '[.]') for name in PREFIXES if name != 'GARD')}):[0-9]+$"


def spell(words: pa.Array) -> tuple[pa.Array, dict[int, str]]:
    """Return distinct identifiers in the one spelling that the graph uses.

    Args:
        words: Identifiers as a file has them. A prefix that nobody knows is kept as it stands.

    Returns:
        spelled: As many identifiers; "" where there is none.
        wrong: Place in `words` of what is no identifier, and why.

    Example:
        >>> spelled, wrong = spell(pa.array(["Orphanet_324", "PomBase:SPAC1", "Fabry"]))
        >>> spelled.to_pylist(), list(wrong)
        (['ORPHA:324', 'PomBase:SPAC1', ''], [2])
    """
    plain = np.asarray(pc.match_substring_regex(words, _PLAIN))
    rest = np.flatnonzero(~plain)
    wrong: dict[int, str] = {}
    made: list[str] = []
    for at, text in zip(rest.tolist(), words.take(pa.array(rest)).to_pylist(), strict=True):
        try:
            made.append(own_curie(text))
        except IdentifierError as error:
            made.append("")
            wrong[at] = str(error)
    return replaced(words, rest.tolist(), made), wrong


def replaced(words: pa.Array, places: Sequence[int], texts: Sequence[str]) -> pa.Array:
    """Return a column with other texts at some places."""
    if not len(places):
        return words
    mask = np.zeros(len(words), dtype=np.bool_)
    mask[list(places)] = True
    return pc.replace_with_mask(words, pa.array(mask), pa.array(texts, pa.string()))
