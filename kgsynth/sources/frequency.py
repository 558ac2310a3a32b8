"""How often a finding is seen: what the spellings of a frequency allow.

HPO annotations give ``3/10`` (patients with the finding among those examined), ``17%``, or a
frequency term. A term is a range; what counts for a question is the *lowest* share of patients
that it allows.
"""

import re
from typing import NamedTuple

#: HPO's frequency terms -> the lowest share of patients, in [0, 1].
TERMS: dict[str, float] = {
    "HP:0040280": 1.0,  # obligate: 100 %
    "HP:0040281": 0.80,  # very frequent: 80-99 %
    "HP:0040282": 0.30,  # frequent: 30-79 %
    "HP:0040283": 0.05,  # occasional: 5-29 %
    "HP:0040284": 0.01,  # very rare: 1-4 %
    "HP:0040285": 0.0,  # excluded: 0 %
}

_COUNT = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-\s*\d+(?:\.\d+)?\s*)?%")


class Frequency(NamedTuple):
    """What a frequency says.

    Attributes:
        share_low: The lowest share of patients it allows, in [0, 1]; None where not given.
        affected: n of n/m, or None.
        examined: m of n/m, or None.
    """

    share_low: float | None = None
    affected: int | None = None
    examined: int | None = None


def parse_frequency(text: str) -> Frequency:
    """Return what a frequency says; nothing where none is given.

    Raises:
        ValueError: If the text is no frequency, such as ``7/3`` or ``often``.

    Example:
        >>> parse_frequency("3/10")
        Frequency(share_low=0.3, affected=3, examined=10)
        >>> parse_frequency("HP:0040283").share_low
        0.05
    """
    text = text.strip()
    if text in ("", "-"):
        return Frequency()
    if text in TERMS:
        return Frequency(TERMS[text])
    count = _COUNT.fullmatch(text)
    if count is not None:
        affected, examined = int(count[1]), int(count[2])
        if 0 <= affected <= examined and examined:
            return Frequency(affected / examined, affected, examined)
        raise ValueError(f"{text!r} counts more patients with the finding than were examined")
    percent = _PERCENT.fullmatch(text)
    if percent is not None and float(percent[1]) <= 100:
        return Frequency(float(percent[1]) / 100)
    raise ValueError(f"{text!r} is no frequency; expected n/m, a percentage or a frequency term")
