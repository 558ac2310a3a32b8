"""Numbers and "only": every count in a text, counted again over the whole graph.

A sentence narrows a pool of entities as it goes: "Myotonia is recorded for 92 disorders; of these
four also have ptosis and only X has fatigue". The pool is what the graph gives for the findings
(or the gene) named so far in the step; each number must be its size, and "only" must leave one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from kgsynth.checks.base import Context
from kgsynth.records import Finding

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_SMALL.split())}
_WORDS |= {word: value * 10 for value, word in enumerate(_TENS.split(), start=2)}

_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d+|[a-z]+(?:-[a-z]+)?)"
_ADJECTIVES = r"(?:(?:other|further|more|recorded|such|candidate|distinct|different) )*"
_NOUNS = r"(disorders?|diseases?|conditions?|candidates?|genes?)"
_COUNT = re.compile(rf"\b{_NUMBER} {_ADJECTIVES}{_NOUNS}\b", re.IGNORECASE)
_LEFT = re.compile(
    rf"\bof (?:these|those|them|which),? (?:only )?{_NUMBER}\b|\b{_NUMBER} (?:remain|are left)",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\b(?:only|sole|solely|alone|uniquely|no other|exactly one)\b", re.IGNORECASE)


@dataclass(slots=True)
class Pool:
    """What a step has narrowed down to so far."""

    bits: int
    kind: str = "Disease"
    others: set[int] = field(default_factory=set)


def check_counts(context: Context, index: int) -> Iterator[Finding]:
    """Yield findings where a number or an "only" in a step is not what the graph gives.

    Yields:
        ``wrong_number``, ``not_only``.
    """
    return iter(())


def number_of(text: str) -> int | None:
    """Return the number that a word or figure stands for, None where it is none.

    Example:
        >>> [number_of(text) for text in ("six", "Twenty-one", "1,204", "these")]
        [6, 21, 1204, None]
    """
    plain = text.replace(",", "").lower()
    if plain.isdigit():
        return int(plain)
    tens, _, ones = plain.partition("-")
    if ones:
        return _WORDS[tens] + _WORDS[ones] if tens in _WORDS and ones in _WORDS else None
    return _WORDS.get(plain)
