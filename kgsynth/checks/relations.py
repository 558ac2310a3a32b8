"""What a verb says: the predicates it may stand for, and which of its two ends is the subject.

The verbs are those of `kgsynth.vocabulary`, read the other way round. Where a clause
joins two entities and none of these stands in it ("the treatment recorded for X is Y"), what is
usual between their categories is meant; failing that, any relation of the graph.
"""

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from kgsynth import vocabulary
from kgsynth.biolink import PREDICATES

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


def kinds() -> dict[str, tuple[str, ...]]:
    """Return the categories by what an entity of them is called: "treatment", "drugs"."""
    return _kinds(vocabulary.spoken())


@functools.cache
def _kinds(own: str) -> dict[str, tuple[str, ...]]:
    del own
    found: dict[str, tuple[str, ...]] = {}
    for category, words in vocabulary.all_kinds().items():
        for word in words:
            found[word] = (*found.get(word, ()), category)
    return found


@functools.cache
def _verbs(
    own: str, there: tuple[str, ...]
) -> tuple[re.Pattern[str], dict[str, tuple[Reading, ...]]]:
    """Return a pattern for every verb, and what each may mean.

    Args:
        own: The text that a user's words come from; the result is another for other words.
        there: The predicates of a graph: what has no words is said by its name.
    """
    del own
    found: dict[str, dict[Reading, None]] = {}
    for name, forms in vocabulary.all_verbs(there).items():
        for direction, turned in (("out", False), ("back", True)):
            for form in forms[direction]:
                found.setdefault(form, {})[Reading(name, turned)] = None
    longest = sorted(found, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})(?![\w-])")
    return pattern, {form: tuple(readings) for form, readings in found.items()}


def said_in(text: str, there: tuple[str, ...] = ()) -> list[tuple[Reading, ...]]:
    """Return what each verb of a text may mean, in order; "also" and "not" aside.

    Args:
        text: Any text.
        there: Predicates of the graph; those that no table has words for are read by their names.

    Example:
        >>> [reading.predicate for reading in said_in("is also used to treat")[0]]
        ['treats']
    """
    pattern, known = _verbs(vocabulary.spoken(), there)
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
    return _joins(vocabulary.spoken(), context.graph.predicates, text, first, second)


@functools.lru_cache(maxsize=1 << 14)
def _joins(
    own: str, there: tuple[str, ...], text: str, first: str, second: str
) -> tuple[Reading, ...]:
    del own
    for readings in said_in(text, there):
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
    if reading.predicate in ("subclass_of", "has_phenotype"):
        return False
    known = PREDICATES.get(reading.predicate)
    if known is None:
        return True
    subject, object_ = (second, first) if reading.turned else (first, second)
    return subject in (known.domain or (subject,)) and object_ in (known.range or (object_,))


def misjoined(gap: str, first: str, second: str) -> bool:
    """Say whether a verb between two mentions joins them the wrong way round, by category."""
    pattern, known = _verbs(vocabulary.spoken(), ())
    plain = _ALSO.sub("", _BETWEEN.sub(" ", gap)).strip()
    if not pattern.fullmatch(plain):
        return False
    readings = known[plain]
    return not any(_fits(r, first, second) for r in readings) and any(
        _fits(r, second, first) for r in readings
    )


def plain_words() -> frozenset[str]:
    """Return words of ordinary prose that ontologies have terms for too: "drug", "inherited"."""
    return _plain_words(vocabulary.spoken())


@functools.cache
def _plain_words(own: str) -> frozenset[str]:
    return frozenset(_kinds(own)) | vocabulary.prose_words()
