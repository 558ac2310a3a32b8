"""Whole columns of identifiers, spelled the house way at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

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
    rest = np.flatnonzero(~_are_plain(words))
    wrong: dict[int, str] = {}
    made: list[str] = []
    for at, text in zip(rest.tolist(), words.take(pa.array(rest)).to_pylist(), strict=True):
        try:
            made.append(own_curie(text or ""))
        except IdentifierError as error:
            made.append("")
            wrong[at] = str(error)
    return _replaced(words, rest.tolist(), made), wrong


def plain_places(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return which texts are identifiers as the house spells them: nothing is to be done there.

    Example:
        >>> plain_places(["ORPHA:324", "Orphanet_324"]).tolist()
        [True, False]
    """
    return _are_plain(pa.array(texts, pa.string()))


def spell_column(texts: pa.Array) -> pa.Array:
    """Return identifiers in that spelling, null where there is none.

    Args:
        texts: Strings; ids that a file declares or points at. Returned as they are where nothing
            is to be done.
    """
    if _are_plain(texts).all():
        return texts
    codes = pc.dictionary_encode(texts)
    spelled, wrong = spell(codes.dictionary.cast(pa.string()))
    nothing = np.zeros(len(spelled), dtype=np.bool_)
    nothing[list(wrong)] = True
    return pc.if_else(pa.array(nothing), None, spelled).take(codes.indices)


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


def _are_plain(texts: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.match_substring_regex(texts, _PLAIN).fill_null(False))


def _replaced(words: pa.Array, places: Sequence[int], texts: Sequence[str]) -> pa.Array:
    """Return a column with other texts at some places."""
    if not len(places):
        return words
    mask = np.zeros(len(words), dtype=np.bool_)
    mask[list(places)] = True
    return pc.replace_with_mask(words, pa.array(mask), pa.array(texts, pa.string()))
