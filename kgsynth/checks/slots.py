"""Whether a text is tidy, told by its parts: the names in it, and the words between them.

Template text is a few hundred stretches of words with names and numbers in between. Whether style,
leakage or a look for invented names could stumble over a stretch or a name hangs on it alone, but
for what stands at its ends; so that is worked out once for each. What is not tidy here may still
be right: it is read as a whole.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from kgsynth.checks.gazetteer import Mention
from kgsynth.checks.grounding import has_no_symbols
from kgsynth.checks.leakage import LEFT_WORDS, leaves_nothing
from kgsynth.checks.numbers import NUMBER_WORDS
from kgsynth.checks.style import ARTICLE, DOUBLED, SLIP, article_is_wrong
from kgsynth.memo import Memo

_MORE = "|".join(sorted(NUMBER_WORDS.keys() - {"zero", "one"}, key=len, reverse=True))
_NUMBER = re.compile(rf" (?:\d{{1,3}}(?:,\d{{3}})+|\d+|(?:{_MORE})(?:-[a-z]+)?)(?= )")
#: What is read in place of a number; no word that may be said twice, nor stand behind an article.
_NUMERAL = " 90000000"

_RUN = re.compile(r"[^\W_]+")
_FIRST_WORD = re.compile(r"([a-z]{2,})\b", re.IGNORECASE)
_LAST_WORD = re.compile(r"\b([a-z]{2,}) ?$", re.IGNORECASE)
_ARTICLE_LAST = re.compile(r"(?<![\w-])([Aa]n?) $")
_AFTER_ARTICLE = re.compile(r"[A-Za-z][\w'’-]*")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))
#: What may begin in front of a name and end behind it ("<name>"), or be half of a pair.
_MARKUP = frozenset('"<>`\\')
_SLIP_OF_NAME = re.compile(rf"[()\[\]“”\"{{}}<>`\\]|[.!?]\s|{SLIP.pattern}")
_OPENERS = ("a", "an", "the", "large", "language")
_BESIDE_NUMBERS = frozenset({*NUMBER_WORDS, "a", "an"})


class Name(NamedTuple):
    """A name as it stands in a text.

    Attributes:
        opening: The first word, to be told from one before it; `closing` the last one.
        is_tidy: Whether nothing is wrong with it, whatever stands beside it.
    """

    opening: str
    closing: str
    is_tidy: bool


class Stretch(NamedTuple):
    """The words between two names, or before the first, or behind the last one.

    Attributes:
        opening: The word that follows what is before it, `closing` the last one; "?" if none.
        end: The article that ends it, or "?".
        is_tidy: Whether nothing is wrong with it, whatever stands beside it.
    """

    opening: str
    closing: str
    end: str
    is_tidy: bool


def is_tidy(text: str, mentions: Iterable[Mention]) -> bool:
    """Say whether a text surely has no slip of style, nothing left behind, no invented name.

    Args:
        text: A stem, a step's text or its conclusion.
        mentions: Where it names entities.
    """
    at, closing, stretches, names, fits = 0, "", _STRETCHES, _NAMES, _FITS
    for start, end, _ in mentions:
        opening, last, tail, tidy = stretches[text[at:start]]
        first, ending, tidy_name = names[name := text[start:end]]
        if not (tidy and tidy_name) or opening == closing or last == first:
            return False
        if tail and not fits[tail, name]:
            return False
        at, closing = end, ending
    opening, _, _, tidy = stretches[text[at:]]
    return tidy and opening != closing


def _read_name(text: str) -> Name:
    words = _RUN.findall(text.lower())
    return Name(words[0], words[-1], _is_tidy_name(text, words))


def _is_tidy_name(text: str, words: list[str]) -> bool:
    """Say whether a name has no slip in it and begins or ends nothing that may be left behind."""
    ahead, behind = words, words[:-1] if words[-1] in ("a", "i") and len(words) > 1 else words
    while ahead[0] in _OPENERS and len(ahead) > 1:
        ahead = ahead[1:]
    return (
        ahead[0] not in LEFT_WORDS
        and behind[-1] not in LEFT_WORDS
        and not ahead[0].startswith(("question", "answer"))
        and text.isprintable()
        and not _SLIP_OF_NAME.search(text)
    )


def _fits(pair: tuple[str, str]) -> bool:
    """Say whether a name may stand behind an article, or another sign."""
    article, name = pair
    word = _AFTER_ARTICLE.match(name)
    return article != "?" and (word is None or not article_is_wrong(article, word[0]))


def _read_stretch(text: str) -> Stretch:
    """Return what a stretch of words is; all that differ in their numbers only are one."""
    parts = _NUMBER.split(text)
    return _NUMBERED[_NUMERAL.join(parts)] if _is_tidy_around_numbers(parts) else _UNTIDY_STRETCH


def _read_numbered(text: str) -> Stretch:
    opening, closing = _FIRST_WORD.match(text[1:]), _LAST_WORD.search(text)
    article = _ARTICLE_LAST.search(text)
    return Stretch(
        opening[1].lower() if opening and text[0] == " " else "?",
        closing[1].lower() if closing and text[-1] == " " else "?",
        article[1] if article else "?" * text.endswith("?"),
        _is_tidy_stretch(text),
    )


def _is_tidy_stretch(text: str) -> bool:
    return (
        text != " "
        and text.isprintable()
        and not (SLIP.search(text) or DOUBLED.search(text))
        and all(text.count(one) == text.count(other) for one, other in _PAIRS)
        and not any(article_is_wrong(*match.groups()) for match in ARTICLE.finditer(text))
        and _MARKUP.isdisjoint(text)
        and not text.startswith(("-", ":", "_", "'", "’"))
        and not text.endswith(("-", ":", "_", "'", "’"))
        and has_no_symbols(text)
        and leaves_nothing(text)
    )


def _is_tidy_around_numbers(parts: list[str]) -> bool:
    """Say whether no number can be a word said twice, or stand behind an article."""
    words = [_RUN.findall(part.lower()) for part in parts]
    beside = {word for one, other in pairwise(words) for word in (*one[-1:], *other[:1])}
    return len(parts) == 1 or not (
        " " in (parts[0], parts[-1]) or "" in parts or beside & _BESIDE_NUMBERS
    )


_UNTIDY_STRETCH = Stretch("?", "?", "", False)
_FITS: Memo[tuple[str, str], bool] = Memo(_fits, 1 << 14)
_NAMES: Memo[str, Name] = Memo(_read_name, 1 << 15)
_STRETCHES: Memo[str, Stretch] = Memo(_read_stretch, 1 << 14)
_NUMBERED: Memo[str, Stretch] = Memo(_read_numbered, 1 << 13)
