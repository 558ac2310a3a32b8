"""Find entities by what people type: an id, a name, a synonym, with a typo or two.

Every word of the text must occur in a name, whole, begun or slightly misspelled. Names rank before
synonyms, and names that hold little else before long ones.
"""

import re
import unicodedata
from collections.abc import Iterator, Set
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from kgsynth.errors import IdentifierError, UnknownEntityError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.identifiers import normalize_curie

#: What a word counts for, by how it matches.
_EXACT, _BEGUN = 1.0, 0.8
_MISSPELLED = {1: 0.7, 2: 0.5}

#: What a spelling keeps of its score when it has the words in another order.
_OTHER_ORDER = 0.95

#: Columns that hold spellings, and what a match in each counts for.
_COLUMNS = {"name": 1.0, "synonyms": 0.95, "lay": 0.95, "related_synonyms": 0.8}

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that a text may mean.

    Attributes:
        id: Its id.
        name: Its name.
        category: Its category.
        matched: The spelling that fits: its id, its name or a synonym.
        score: In (0, 1]; 1 where the text is the name itself.
    """

    id: str
    name: str
    category: str
    matched: str
    score: float


def resolve(graph: KnowledgeGraph, text: str) -> str:
    """Return the id of the entity that an identifier names, however it is spelled.

    Args:
        graph: The graph.
        text: An id of the graph, or one that was merged into another: ``OMIM:301500``,
            ``Orphanet_324``, an old id.

    Raises:
        UnknownEntityError: If the graph has none; the message names entities that are meant,
            perhaps.
    """
    try:
        curie = normalize_curie(text)
    except IdentifierError:
        curie = text.strip()
    if curie in graph:
        return curie
    for column in ("equivalent_ids", "alt_ids"):
        for index, others in enumerate(graph.column(column).to_pylist()):
            if curie in others:
                return graph.id_of(index)
    meant = find(graph, text, 3)
    hint = "; ".join(f"{match.id} ({match.name})" for match in meant)
    advice = f"did you mean {hint}?" if hint else "try `kgsynth graph find TEXT`"
    raise UnknownEntityError(f"no entity {text!r} in {graph.folder}; {advice}")


def find(graph: KnowledgeGraph, text: str, limit: int = 10) -> list[Match]:
    """Return the entities that a text may mean, the likeliest first.

    Args:
        graph: The graph.
        text: Words of a name or synonym, or an id.
        limit: How many at most.

    Note:
        The first search of a graph splits all its names into words, about half a second for
        40,000 entities; the words are kept as long as the graph is.
    """
    by_id = _by_id(graph, text)
    best: dict[int, tuple[float, str]] = {}
    for index, score, spelling in _scored(_lexicon(graph), words(text)):
        if score > best.get(index, (0.0, ""))[0]:
            best[index] = (score, spelling)
    ranked = sorted(best, key=lambda index: (-best[index][0], len(best[index][1]), index))
    matches = [_match(graph, index, best[index][1], best[index][0]) for index in ranked[:limit]]
    known = {match.id for match in by_id}
    return [*by_id, *(match for match in matches if match.id not in known)][:limit]


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text for comparison: no case, accents or punctuation.

    Example:
        >>> words("Sjögren-Larsson syndrome")
        ('sjogren', 'larsson', 'syndrome')
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(
            letter
            for letter in unicodedata.normalize("NFKD", plain)
            if not unicodedata.combining(letter)
        )
    return tuple(_WORD.findall(plain.replace("'", "").replace("’", "")))


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be changed, added, left out or swapped with a neighbor.

    Args:
        one: A word.
        other: Another.
        most: Where to stop counting; ``most + 1`` then stands for any larger number.

    Source:
        Optimal string alignment distance (a restricted form of F. J. Damerau, 1964).

    Example:
        >>> distance("fabri", "fabry", 2), distance("fabyr", "fabry", 2), distance("a", "xyz", 1)
        (1, 1, 2)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, target in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != target))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _by_id(graph: KnowledgeGraph, text: str) -> list[Match]:
    """Return the entity whose id, or merged id, the text is."""
    try:
        curie = normalize_curie(text)
    except IdentifierError:
        return []
    if curie in graph:
        return [_match(graph, graph.index_of(curie), curie, 1.0)]
    equivalent = graph.column("equivalent_ids").to_pylist()
    return [_match(graph, i, curie, 1.0) for i, others in enumerate(equivalent) if curie in others]


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """Every spelling with its entity, what its column counts for, and its words; and an index."""

    spellings: list[tuple[int, str, float, tuple[str, ...]]]
    by_word: dict[str, list[int]]


_LEXICONS: WeakKeyDictionary[KnowledgeGraph, _Lexicon] = WeakKeyDictionary()


def _lexicon(graph: KnowledgeGraph) -> _Lexicon:
    """Return a graph's lexicon, made once."""
    if graph not in _LEXICONS:
        spellings = list(_spellings(graph))
        by_word: dict[str, list[int]] = {}
        for place, (_, _, _, found) in enumerate(spellings):
            for word in found:
                by_word.setdefault(word, []).append(place)
        _LEXICONS[graph] = _Lexicon(spellings, by_word)
    return _LEXICONS[graph]


def _spellings(graph: KnowledgeGraph) -> Iterator[tuple[int, str, float, tuple[str, ...]]]:
    for column, weight in _COLUMNS.items():
        for index, value in enumerate(graph.column(column).to_pylist()):
            for spelling in (value,) if isinstance(value, str) else value or ():
                yield index, spelling, weight, words(spelling)


def _scored(lexicon: _Lexicon, wanted: tuple[str, ...]) -> Iterator[tuple[int, float, str]]:
    """Yield entity, score and spelling of every spelling that has all words."""
    if not wanted:
        return
    accepted = [_accepted(word, lexicon.by_word.keys()) for word in wanted]
    # Only spellings that have the rarest of the words can have all of them.
    rarest = min(accepted, key=lambda choices: sum(len(lexicon.by_word[word]) for word in choices))
    places = {place for word in rarest for place in lexicon.by_word[word]}
    for place in sorted(places):
        index, spelling, weight, found = lexicon.spellings[place]
        score = weight * _score(accepted, found)
        if score:
            yield index, score, spelling


def _accepted(word: str, vocabulary: Set[str]) -> dict[str, float]:
    """Return the words of the vocabulary that may be meant, and what each counts for.

    Misspellings are looked for only where no name has the word itself, so that a right word is
    never diluted by its look-alikes.
    """
    begun = {
        other: _BEGUN
        for other in vocabulary
        if other != word and len(word) > 2 and other.startswith(word)
    }
    if word in vocabulary:
        return {**begun, word: _EXACT}
    most = 0 if len(word) < 4 or word.isdigit() else 1 if len(word) < 7 else 2
    near = {
        other: _MISSPELLED[apart]
        for other in vocabulary
        if abs(len(other) - len(word)) <= most
        and other not in begun
        and 0 < (apart := distance(word, other, most)) <= most
    }
    return {**near, **begun}


def _score(accepted: list[dict[str, float]], found: tuple[str, ...]) -> float:
    """Return how well a spelling fits: 0 unless every word of the text is in it."""
    total, places = 0.0, []
    for choices in accepted:
        fits = [(choices[word], -place) for place, word in enumerate(found) if word in choices]
        if not fits:
            return 0.0
        weight, place = max(fits)
        total += weight
        places.append(-place)
    # The mean over the text's words, less for what the spelling says beyond them.
    fit = total / len(accepted) * (0.5 + 0.5 * min(1.0, len(accepted) / len(found)))
    return fit if places == sorted(places) else fit * _OTHER_ORDER


def _match(graph: KnowledgeGraph, index: int, matched: str, score: float) -> Match:
    return Match(
        id=graph.id_of(index),
        name=graph.name_of(index),
        category=graph.category_of(index),
        matched=matched,
        score=round(score, 3),
    )
