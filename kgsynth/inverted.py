"""Names that a catalog inverts, said in order: "neuropathy, hereditary, with liability to …".

OMIM puts the head noun first and what qualifies it behind commas. `in_order` puts back in front
what ``templates/words/proper.toml`` lists as such a word, and leaves a name as it is where anything
else stands between commas.
"""

import re
import tomllib
from functools import cache

from kgsynth.resources import data_file

#: What stands behind a comma and needs none: "6", "type 6", "nuclear type 6".
_NUMBER = re.compile(
    r"(?:(?:nuclear )?type )?(?:\d+(?:[A-Z]{1,2}\d?|[a-z])?|(?<=type )[A-Z]+\d*[a-z]{0,2})"
)
_NUMBERED = re.compile(rf"(.+?) ({_NUMBER.pattern})")

#: What a name ends with, however many commas it holds.
_TAIL = re.compile(r"(?:with|without|due to|associated with) ")

#: A form that is named for a person or a place: "Ogna type", "hypermobility type".
_FORM = re.compile(r"([A-Z]?[\w'-]+(?: [A-Z][\w'-]+)?) type")

#: A number at the end of such an ending: ", type 1".
_LAST = re.compile(r", (?=(?:type )?\w{1,3}$)")


@cache
def _modifiers() -> frozenset[str]:
    """Return the words that a catalog puts behind a comma and a sentence in front."""
    table = tomllib.loads(data_file("templates", "words", "proper.toml").read_text("utf-8"))
    return frozenset(table["modifiers"].split())


def in_order(name: str) -> str:
    """Return a name that a catalog inverts as one says it; as it stands, where that is not sure.

    Example:
        >>> in_order("neuronopathy, distal hereditary motor, autosomal recessive 5")
        'autosomal recessive distal hereditary motor neuronopathy 5'
        >>> in_order("Stickler syndrome, type 6"), in_order("epilepsy, hearing loss, and ataxia")
        ('Stickler syndrome type 6', 'epilepsy, hearing loss, and ataxia')
        >>> in_order("myopathy, congenital, with diaphragmatic defects, and dysmorphic facies")
        'congenital myopathy with diaphragmatic defects, and dysmorphic facies'
    """
    head, *tails = name.split(", ")
    if "(" in head:
        return name
    tails, last = _without_end(head, tails)
    front, number = list[str](), ""
    for tail in tails:
        found = None if _NUMBER.fullmatch(tail) else _NUMBERED.fullmatch(tail)
        said = found[1] if found else "" if _NUMBER.fullmatch(tail) else tail
        if (number and said != tail) or not _is_modifier(said):
            return name
        number = number if said == tail else f" {tail[len(said) :].strip()}"
        front.insert(0, f"{_FORM.sub(_joined, said)} " if said else "")
    if number and any(front) and any(f" {word} " in head for word in ("with", "and", "or", "due")):
        return name
    return f"{''.join(front)}{head}{number}{last}"


def _without_end(head: str, tails: list[str]) -> tuple[list[str], str]:
    """Return what stands between the head and how the name ends, and that ending."""
    at = next((at for at, tail in enumerate(tails) if at and _TAIL.match(tail)), len(tails))
    if " with " in head or at == len(tails):
        return tails, ""
    return tails[:at], _LAST.sub(" ", f" {', '.join(tails[at:])}")


def _is_modifier(said: str) -> bool:
    return _modifiers().issuperset(said.split()) or _FORM.fullmatch(said) is not None


def _joined(form: re.Match[str]) -> str:
    """Return "Ogna-type"; a name of two words keeps its blanks."""
    return form[0] if " " in form[1] else f"{form[1]}-type"
