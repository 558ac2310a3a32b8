"""A finding as one says it, where an ontology writes it in a telegram's style.

HPO leaves out articles ("irregular hyperpigmentation of back") and writes in the singular what
nearly always comes in pairs or numbers ("highly arched eyebrow", "hypopigmented macule"). A
clinician says "of the back", "highly arched eyebrows". Which nouns these are stands in
``templates/words/findings.toml``; whatever is not listed there stays as it is.
"""

import re
import tomllib
from functools import cache
from typing import NamedTuple

from kgsynth.resources import data_file

#: What comes before a part of the body.
_BEFORE = (
    "of|in|on|at|into|from|over|around|above|below|under|inside|behind|beside|along|near|toward"
    "|towards"
)

#: What ends the noun that it stands behind.
_ENDS = f"{_BEFORE}|with|and|or|by|due|to|for|during|after|affecting|involving|separating|than|that"

#: What may follow the name of a part, so that it is not the beginning of a compound.
_AFTER = rf"(?= (?:{_ENDS}|without|before|is|are|when)\b|[,;)]|$)"

#: What stands in the place of an article, or makes of a noun no part of this body.
_SETTLED = re.compile(
    r"\b(?:an?|the|all|both|each|either|every|half|its|no|one|two|three|four|five|six|seven|many"
    r"|most|some|any|more|less|other|this|that|their|his|her|sites?)\b"
)

#: What is of one finger, HPO says, is hardly ever of one only.
_OF_MANY = frozenset({"finger", "toe"})


class _Rules(NamedTuple):
    article: re.Pattern[str]
    plural: re.Pattern[str]
    plurals: dict[str, str]
    lone: re.Pattern[str]
    before: frozenset[str] = frozenset(_BEFORE.split("|"))


@cache
def _rules() -> _Rules:
    """Return the patterns of ``templates/words/findings.toml``."""
    table = tomllib.loads(data_file("templates", "words", "findings.toml").read_text("utf-8"))
    parts = "|".join(sorted(table["parts"].split(), key=len, reverse=True))
    plurals: dict[str, str] = table["irregular"]
    several = table["several"].split()
    only = "|".join(rf"(?:{front}) {noun}" for noun, front in table["only"].items())
    heads = "|".join(sorted(several, key=len, reverse=True))
    plurals = {noun: f"{noun}s" for noun in (*several, *table["only"])} | plurals
    word = rf"(?!(?:{_ENDS})\b)[\w'-]+"
    return _Rules(
        re.compile(rf"(?<!caved )\b({_BEFORE}) ((?:{word} ){{0,4}}?(?:{parts})){_AFTER}"),
        re.compile(rf"^((?:{word} )*?(?:{only}|{heads}))(?= (?:{_BEFORE}|with)\b|$)", re.I),
        plurals,
        re.compile(rf"\b(?:{'|'.join(table['lone'])})\b"),
    )


def spoken(phrase: str) -> str:
    """Return a finding's name as it is said inside a sentence, without an article in front.

    Args:
        phrase: The name as `phrasing.mid_sentence` gives it.

    Example:
        >>> spoken("scarring alopecia of scalp"), spoken("highly arched eyebrow")
        ('scarring alopecia of the scalp', 'highly arched eyebrows')
        >>> spoken("bilateral tonic-clonic seizure with focal onset")
        'bilateral tonic-clonic seizures with focal onset'
        >>> spoken("Paget disease of bone")
        'Paget disease of bone'
    """
    rules = _rules()
    words = phrase.lower().split()
    if not rules.before.isdisjoint(words):
        phrase = rules.article.sub(_with_article, phrase)
    if rules.plurals.keys().isdisjoint(words) or rules.lone.search(phrase):
        return phrase
    return rules.plural.sub(_in_numbers, phrase)


def _with_article(match: re.Match[str]) -> str:
    """Return "of back" with its article, unless something else settles whose back it is."""
    if _SETTLED.search(match[2]):
        return match[0]
    many = "s" if match[2] in _OF_MANY else ""
    return f"{match[1]} the {match[2]}{many}"


def _in_numbers(match: re.Match[str]) -> str:
    front, blank, noun = match[1].rpartition(" ")
    plural = _rules().plurals[noun.lower()]
    return f"{front}{blank}{plural.capitalize() if noun[0].isupper() else plural}"
