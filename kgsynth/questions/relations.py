"""How categories and predicates are said; the words themselves are in `kgsynth.vocabulary`."""

from kgsynth.questions.grammar import article
from kgsynth.vocabulary import kind_words, verb_words


def kind_of(category: str, *, many: bool = False) -> str:
    """Return what an unnamed entity of a category is called: "drug", "biological process".

    Example:
        >>> kind_of("Procedure"), kind_of("Drug", many=True)
        ('treatment', 'drugs')
    """
    return kind_words(category)[many]


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
    text = verb_words(predicate)["back" if inverse else "out"][many]
    if not also:
        return text
    first, _, rest = text.partition(" ")
    turned = first in ("is", "are", "may", "can") and rest
    return f"{first} also {rest}" if turned else f"also {text}"
