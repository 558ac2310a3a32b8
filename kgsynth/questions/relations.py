"""How categories and predicates are said: ``templates/words/relations.toml``, opened."""

import re
import tomllib
from functools import cache
from typing import Any

from kgsynth.questions.grammar import article
from kgsynth.resources import data_file

_PARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def _said() -> dict[str, Any]:
    file = data_file("templates", "words", "relations.toml")
    return tomllib.loads(file.read_text("utf-8"))


def kind_of(category: str, *, many: bool = False) -> str:
    """Return what an unnamed entity of a category is called: "drug", "biological process".

    Example:
        >>> kind_of("Procedure"), kind_of("Drug", many=True)
        ('treatment', 'drugs')
    """
    known = _said()["kinds"].get(category)
    if known is None:
        one = _PARTS.sub(" ", category).lower()
        known = (one, f"{one}s")
    text: str = known[many]
    return text


def a_kind_of(category: str) -> str:
    """Return an unnamed entity with its article: "a drug", "an organism"."""
    kind = kind_of(category)
    return f"{article(kind)} {kind}"


def verb_of(predicate: str, *, inverse: bool, many: bool = False, also: bool = False) -> str:
    """Return the verb of a predicate, as it is walked.

    Args:
        predicate: Such as ``decreases_activity_of``.
        inverse: Whether it is read from object to subject: "is inhibited by".
        many: Whether several entities do it: "inhibit".
        also: Whether to put an "also" where it belongs: "is also used to treat".

    Example:
        >>> verb_of("treats", inverse=False, also=True)
        'is also used to treat'
        >>> verb_of("decreases_activity_of", inverse=False, also=True)
        'also inhibits'
    """
    known = _said()["relations"].get(predicate)
    plain = predicate.replace("_", " ")
    forms = known["back" if inverse else "out"] if known else (plain, plain)
    text: str = forms[many]
    if not also:
        return text
    first, _, rest = text.partition(" ")
    turned = first in ("is", "are", "has", "have") and rest
    return f"{first} also {rest}" if turned else f"also {text}"
