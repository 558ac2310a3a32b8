"""The grammar of findings: which take an article, which are plural, how they stand in a list.

HPO names ten thousand findings without articles. Whether a clinician would write "a broad
forehead", "low-set ears" or "fatigue" follows from the head noun, which is found in front of the
first preposition and judged by the lists in ``templates/words/nouns.toml``, then by its ending.
When neither is sure, no article is written: after "with" and "shows" that is never wrong.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Literal

from kgsynth.resources import data_file

Number = Literal["one", "many", "mass"]

_PREPOSITION = re.compile(
    r"[,:;(/]| (?:of|with|in|on|at|to|from|by|due|during|after|for|without|involving|affecting"
    r"|within|around|between|near|before|over|following|causing|requiring|resembling|associated|that|or|as"
    r"|than|above|below|under|inside|behind|through|since|when|upon|along|about|into|toward|towards"
    r"|lacking"
    r"|separating|extending|secondary)(?= |$)"
    r"|(?<!-) and(?= |$)"
    r"|(?<=^difficulty) |(?<=^inability) "
)

#: Endings of nouns that are counted: "meningioma", "encephalocele".
_COUNTED = re.compile(r".{3,}(?:oma|cele|cyst|scope|gram)")

#: Findings that are not counted although their head noun is: what a person's name says already
#: ("Peters anomaly"), disorders of the mind ("bipolar affective disorder"), and what a tooth or a
#: child does late ("delayed eruption of teeth").
_UNCOUNTED = re.compile(
    r"^[A-Z][a-zé]+(?:[- ][A-Z][a-z]+)*(?:'s)? (?:anomaly|palsy|sign|phenomenon|reflex|facies)$"
    r"|\b(?:eruption of|(?:delayed|impaired|reduced|poor|lost|absent) ability)\b"
    r"|\b(?:hyperactivity|affective|bipolar|depressive|anxiety|compulsive|panic|stress|defiant|conduct|autism"
    r" spectrum|borderline personality|histrionic personality|nightmare|eating|behavior) disorder$"
    r"|\b(?:muscle|cell|bone|lean body) mass$"
)

#: Endings in -s that no plural has.
_NOT_PLURAL = ("ss", "us", "is")

# fmt: off
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    "twenty",
)
# fmt: on


@cache
def _nouns() -> dict[str, Number]:
    """Return the number of every listed head noun."""
    table = tomllib.loads(data_file("templates", "words", "nouns.toml").read_text("utf-8"))
    numbers: dict[str, Number] = dict.fromkeys(table["countable"].split(), "one")
    numbers.update(dict.fromkeys(table["mass"].split(), "mass"))
    numbers.update(dict.fromkeys(table["singular"].split(), "mass"))
    numbers.update(dict.fromkeys(table["plural"].split(), "many"))
    return numbers


@cache
def _openings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return beginnings of words that take "a", and "an", against their first letter."""
    table = tomllib.loads(data_file("templates", "words", "nouns.toml").read_text("utf-8"))
    return tuple(table["articles"]["a"]), tuple(table["articles"]["an"])


def head_noun(phrase: str) -> str:
    """Return the noun that decides number and article: the last word before a preposition.

    Example:
        >>> head_noun("increased number of teeth")
        'number'
    """
    front = _PREPOSITION.split(phrase, maxsplit=1)[0] or phrase
    return front.split()[-1]


@cache
def number_of(phrase: str) -> Number:
    """Return whether a finding is one thing, several things, or not counted.

    Example:
        >>> [number_of(p) for p in ("broad forehead", "low-set ears", "ptosis", "rickets")]
        ['one', 'many', 'mass', 'mass']
    """
    first = _PREPOSITION.search(phrase)
    if first and first[0] == " and" and number_of(phrase[first.end() + 1 :]) == "many":
        return "many"  # "sinus and lung infections", though a sinus is one thing
    head = head_noun(phrase).rsplit("-", 1)[-1]
    if not head.islower() or _UNCOUNTED.search(phrase):
        return "mass"
    listed = _nouns().get(head)
    if listed:
        return listed
    if head.endswith("ae") or (head.endswith("s") and not head.endswith(_NOT_PLURAL)):
        return "many"
    return "one" if _COUNTED.fullmatch(head) else "mass"


def article(phrase: str) -> str:
    """Return "a" or "an", by sound.

    Example:
        >>> [article(p) for p in ("unilateral cleft", "unusual gait", "MRI", "U-shaped lip")]
        ['a', 'an', 'an', 'a']
    """
    word = re.split(r"[\s-]", phrase, maxsplit=1)[0]
    as_a, as_an = _openings()
    if word.isupper():
        return "an" if word[0] in "AEFHILMNORSX" else "a"
    lower = word.lower()
    if lower.startswith(as_an):
        return "an"
    return "an" if lower[0] in "aeiou" and not lower.startswith(as_a) else "a"


@cache
def with_article(phrase: str) -> str:
    """Return the finding as it stands after "with": with an article where it needs one.

    Example:
        >>> [with_article(p) for p in ("atrial septal defect", "low-set ears", "fatigue")]
        ['an atrial septal defect', 'low-set ears', 'fatigue']
    """
    return f"{article(phrase)} {phrase}" if number_of(phrase) == "one" else phrase


def join_list(items: Sequence[str], word: str = "and") -> str:
    """Return items as an English list; a comma before the last one only where it is needed.

    Example:
        >>> join_list(["a", "b", "c"]), join_list(["loss of hair and nails", "b"])
        ('a, b and c', 'loss of hair and nails, and b')
    """
    if len(items) < 2:
        return "".join(items)
    comma = "," if any(f" {joint} " in item for item in items for joint in ("and", "or")) else ""
    return f"{', '.join(items[:-1])}{comma} {word} {items[-1]}"


def number_word(number: int) -> str:
    """Return a number in words up to twenty, in digits above.

    Example:
        >>> number_word(6), number_word(1234)
        ('six', '1,234')
    """
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def agree(subjects: Sequence[str], one: str, many: str) -> str:
    """Return the form of the verb that agrees with its subjects.

    Example:
        >>> agree(["fatigue"], "is", "are"), agree(["low-set ears"], "is", "are")
        ('is', 'are')
    """
    return many if len(subjects) > 1 or number_of(subjects[0]) == "many" else one


def sentence(text: str) -> str:
    """Return the text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
