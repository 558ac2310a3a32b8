"""What a verb says: the predicates it may stand for, and which of its two ends is the subject.

The verbs are those of ``templates/words/relations.toml``, read the other way round. Where a clause
joins two entities and none of these stands in it ("the treatment recorded for X is Y"), what is
usual between their categories is meant; failing that, any relation of the graph.
"""

import functools
import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from kgsynth.biolink import PREDICATES
from kgsynth.resources import data_file

if TYPE_CHECKING:
    from kgsynth.checks.base import Context

#: What is meant where nothing else is said.
_USUAL = {"Gene": "gene_associated_with_condition"} | dict.fromkeys(
    ("Drug", "Procedure", "ChemicalEntity", "SmallMolecule", "MolecularMixture", "Treatment"),
    "treats",
)
_BETWEEN = re.compile(r"(?<=\b(?:is|as|re|ve)) (?:also|not|never|often|typically) ")
_ALSO = re.compile(r"\b(?:also|in turn) ", re.IGNORECASE)


class Reading(NamedTuple):
    """One way to take a verb.

    Attributes:
        predicate: The relation.
        turned: Whether the entity that comes first in the text is the object.
    """

    predicate: str
    turned: bool


@functools.cache
def _table() -> dict[str, Any]:
    return tomllib.loads(data_file("templates", "words", "relations.toml").read_text("utf-8"))


@functools.cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Return the categories by what an entity of them is called: "treatment", "drugs"."""
    found: dict[str, tuple[str, ...]] = {}
    for category, words in _table()["kinds"].items():
        for word in words:
            found[word] = (*found.get(word, ()), category)
    return found


@functools.cache
def _verbs() -> tuple[re.Pattern[str], dict[str, tuple[Reading, ...]]]:
    """Return a pattern for every verb, and what each may mean."""
    found: dict[str, dict[Reading, None]] = {}
    for name, forms in _table()["relations"].items():
        for direction, turned in (("out", False), ("back", True)):
            for form in forms[direction]:
                found.setdefault(form, {})[Reading(name, turned)] = None
    longest = sorted(found, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})(?![\w-])")
    return pattern, {form: tuple(readings) for form, readings in found.items()}


def said_in(text: str) -> list[tuple[Reading, ...]]:
    """Return what each verb of a text may mean, in order; "also" and "not" aside.

    Example:
        >>> [reading.predicate for reading in said_in("is also used to treat")[0]]
        ['treats']
    """
    pattern, known = _verbs()
    plain = _ALSO.sub("", _BETWEEN.sub(" ", text))
    return [known[match[0]] for match in pattern.finditer(plain)]


def joins(context: "Context", text: str, first: str, second: str) -> tuple[Reading, ...]:
    """Return what a text may say of two entities: by its verbs, else what is usual.

    Args:
        context: The row in its graph.
        text: A clause, its mentions blanked.
        first: The category of the one that comes first in it.
        second: That of the other.

    Returns:
        Readings, of which one has to be true; () where any relation would do.
    """
    return _joins(context.graph.predicates, text, first, second)


@functools.lru_cache(maxsize=1 << 14)
def _joins(there: tuple[str, ...], text: str, first: str, second: str) -> tuple[Reading, ...]:
    for readings in said_in(text):
        fit = tuple(r for r in readings if r.predicate in there and _fits(r, first, second))
        if fit:
            return fit
    for one, other, turned in ((first, second, False), (second, first, True)):
        usual = _USUAL.get(one, "")
        if other == "Disease" and usual in there:
            return (Reading(usual, turned),)
    return ()


def _fits(reading: Reading, first: str, second: str) -> bool:
    """Say whether a relation may join two categories; is-a and findings are read elsewhere."""
    known = PREDICATES.get(reading.predicate)
    if known is None or reading.predicate in ("subclass_of", "has_phenotype"):
        return False
    subject, object_ = (second, first) if reading.turned else (first, second)
    return subject in (known.domain or (subject,)) and object_ in (known.range or (object_,))


def misjoined(gap: str, first: str, second: str) -> bool:
    """Say whether a verb between two mentions joins them the wrong way round, by category."""
    pattern, known = _verbs()
    plain = _ALSO.sub("", _BETWEEN.sub(" ", gap)).strip()
    if not pattern.fullmatch(plain):
        return False
    readings = known[plain]
    return not any(_fits(r, first, second) for r in readings) and any(
        _fits(r, second, first) for r in readings
    )


@functools.cache
def plain_words() -> frozenset[str]:
    """Return words of ordinary prose that ontologies have terms for too: "drug", "inherited"."""
    return frozenset(kinds()) | frozenset(_table()["plain"]["words"])
