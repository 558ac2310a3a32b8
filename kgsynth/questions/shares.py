"""How often a finding is seen in a disease, in words, from all frequencies that records give."""

import functools
import re
from typing import NamedTuple

from kgsynth.records import Edge
from kgsynth.sources.frequency import parse_frequency

#: The highest share of patients that HPO's frequency terms allow.
_HIGH = {
    "HP:0040280": 1.0,
    "HP:0040281": 0.99,
    "HP:0040282": 0.79,
    "HP:0040283": 0.29,
    "HP:0040284": 0.04,
    "HP:0040285": 0.0,
}
_TO = re.compile(r"-\s*(\d+(?:\.\d+)?)\s*%")

#: Words for a share of patients, the first that holds: at least so many, at most so many.
WORDS: dict[str, tuple[float, float]] = {
    "nearly": (0.9, 1.0),
    "most": (0.6, 1.0),
    "half": (0.4, 0.6),
    "many": (0.3, 1.0),
}


class Share(NamedTuple):
    """The lowest and highest share of patients that the records of a statement allow."""

    low: float
    high: float


def share_of(edge: Edge) -> Share | None:
    """Return the shares that all evidence of a statement allows together; None where none is given.

    Example:
        >>> from kgsynth.records import Edge, Evidence
        >>> records = (Evidence("a", "", "", frequency="3/10"), Evidence("b", "", ""))
        >>> share_of(Edge("e", "d", "has_phenotype", "p", evidence=records))
        Share(low=0.3, high=0.3)
    """
    return _share(tuple([one.frequency for one in edge.evidence if one.frequency]))


@functools.lru_cache(maxsize=16384)
def _share(given: tuple[str, ...]) -> Share | None:
    parsed = [(text, parse_frequency(text).share_low) for text in given]
    found = [(low, _high(text, low)) for text, low in parsed if low is not None]
    if not found:
        return None
    return Share(min(low for low, _ in found), max(high for _, high in found))


def _high(text: str, low: float) -> float:
    if text in _HIGH:
        return _HIGH[text]
    to = _TO.search(text)
    return float(to[1]) / 100 if to else low


def share_word(edge: Edge) -> str:
    """Return the word of `WORDS` for how often a finding is seen, "" where none holds."""
    share = share_of(edge)
    return "" if share is None else _word(share)


@functools.lru_cache(maxsize=16384)
def _word(share: Share) -> str:
    return next(
        (w for w, (low, high) in WORDS.items() if low <= share.low and share.high <= high), ""
    )
