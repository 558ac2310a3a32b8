"""Find entities by what people type: an id, a name, a synonym, with a typo or two.

Every word of the text must occur in a name, whole, begun or slightly misspelled. Names rank before
synonyms, names that hold little else before long ones, and names that begin so before others.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.errors import IdentifierError, UnknownEntityError
from kgsynth.graph.entities import Entities
from kgsynth.graph.lexicon import Lexicon, words
from kgsynth.identifiers import normalize_curie

__all__ = ["Match", "find", "resolve", "words"]

#: What a word counts for, by how it matches.
_EXACT, _BEGUN = 1.0, 0.8
_MISSPELLED = {1: 0.7, 2: 0.5}

#: What a spelling keeps of its score when it has the words in another order, and when it has them
#: further in.
_OTHER_ORDER, _FURTHER_IN = 0.95, 0.95

#: Of so many spellings with the best words the order of the words is looked at.
_READ = 200


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


def resolve(graph: Entities, text: str) -> str:
    """Return the id of the entity that an identifier names, however it is spelled.

    Args:
        graph: The graph.
        text: An id of the graph, or one that was merged into another: ``OMIM:301500``,
            ``Orphanet_324``, an old id.

    Raises:
        UnknownEntityError: If the graph has none; the message names entities that are meant,
            perhaps.
    """
    curie = _spelled(text)
    if curie in graph:
        return curie
    merged = _merged_into(graph, curie)
    if merged is not None:
        return graph.id_of(merged)
    meant = find(graph, text, 3) or _near_ids(graph, curie)
    hint = "; ".join(f"{match.id} ({match.name})" for match in meant)
    advice = f"did you mean {hint}?" if hint else "try `kgsynth graph find TEXT`"
    raise UnknownEntityError(f"no entity {text!r} in {graph.folder}; {advice}")


def find(graph: Entities, text: str, limit: int = 10) -> list[Match]:
    """Return the entities that a text may mean, the likeliest first.

    Args:
        graph: The graph.
        text: Words of a name or synonym, or an id.
        limit: How many at most.

    Example:
        >>> from kgsynth.graph.example import example_graph
        >>> [(match.id, match.matched) for match in find(example_graph(), "enlarged splen")]
        [('HP:0001744', 'Enlarged spleen')]
    """
    by_id = _by_id(graph, text)
    best: dict[int, tuple[float, str]] = {}
    for place, score in _scored(graph.lexicon, words(text)):
        spelling = graph.lexicon.spelling(graph.nodes(), place)
        index = int(graph.lexicon.owners[place])
        score *= _order(words(text), words(spelling))
        if score > best.get(index, (0.0, ""))[0]:
            best[index] = (score, spelling)
    ranked = sorted(best, key=lambda index: (-best[index][0], len(best[index][1]), index))
    matches = [_match(graph, index, best[index][1], best[index][0]) for index in ranked[:limit]]
    known = {match.id for match in by_id}
    return [*by_id, *(match for match in matches if match.id not in known)][:limit]


def _spelled(text: str) -> str:
    try:
        return normalize_curie(text)
    except IdentifierError:
        return text.strip()


def _by_id(graph: Entities, text: str) -> list[Match]:
    """Return the entity whose id, or merged id, the text is."""
    curie = _spelled(text)
    index = graph.index_of(curie) if curie in graph else _merged_into(graph, curie)
    return [] if index is None else [_match(graph, index, curie, 1.0)]


def _merged_into(graph: Entities, curie: str) -> int | None:
    """Return the entity that an id was merged into, None where there is none."""
    for column in ("equivalent_ids", "alt_ids"):
        lists = graph.column(column)
        place = int(pc.index(lists.values, pa.scalar(curie, lists.values.type)).as_py())
        if place >= 0:
            return int(np.searchsorted(lists.offsets.to_numpy(), place, side="right")) - 1
    return None


def _near_ids(graph: Entities, curie: str) -> list[Match]:
    """Return entities whose ids begin as this one does, less its last digits: a likely typo."""
    prefix, colon, local = curie.partition(":")
    if not colon or len(local) < 3:
        return []
    places = graph.ids_beginning(f"{prefix}:{local[:-2]}")[:3]
    return [_match(graph, place, graph.id_of(place), 0.0) for place in places]


def _scored(lexicon: Lexicon, wanted: tuple[str, ...]) -> list[tuple[int, float]]:
    """Return the spellings that have all words, each with its score, the best first."""
    if not wanted:
        return []
    places, total = _having(lexicon, wanted[0])
    for word in wanted[1:]:
        others, weights = _having(lexicon, word)
        places, mine, theirs = np.intersect1d(
            places, others, assume_unique=True, return_indices=True
        )
        total = total[mine] + weights[theirs]
    # The mean over the text's words, less for what the spelling says beyond them.
    share = np.minimum(1.0, len(wanted) / np.maximum(lexicon.sizes[places], 1))
    scores = lexicon.weights(places) * total / len(wanted) * (0.5 + 0.5 * share)
    order = np.argsort(-scores, kind="stable")[:_READ]
    return list(zip(places[order].tolist(), scores[order].tolist(), strict=True))


def _having(lexicon: Lexicon, word: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Return the spellings that have a word or what may be meant by it, and what that counts."""
    choices = _accepted(lexicon, word)
    if not choices:
        return np.zeros(0, dtype=np.int32), np.zeros(0)
    parts = [lexicon.having(place) for place in choices]
    places = np.concatenate(parts)
    weights = np.repeat(list(choices.values()), [len(part) for part in parts])
    order = np.lexsort((-weights, places))
    places, weights = places[order], weights[order]
    first = np.ones(len(places), dtype=np.bool_)
    np.not_equal(places[1:], places[:-1], out=first[1:])
    return places[first], weights[first]


def _accepted(lexicon: Lexicon, word: str) -> dict[int, float]:
    """Return the words of the vocabulary that may be meant, and what each counts for.

    Misspellings are looked for only where no name has the word itself, so that a right word is
    never diluted by its look-alikes.
    """
    exact = lexicon.find(word)
    begun = dict.fromkeys(lexicon.begun(word) if len(word) > 2 else (), _BEGUN)
    if exact is not None:
        return {**begun, exact: _EXACT}
    most = 0 if len(word) < 4 or word.isdigit() else 1 if len(word) < 7 else 2
    if not most:
        return begun
    near = {place: _MISSPELLED[apart] for place, apart in lexicon.near(word, most).items()}
    return {**near, **begun}


def _order(wanted: tuple[str, ...], found: tuple[str, ...]) -> float:
    """Return what a spelling keeps of its score for the order and the place of its words."""
    places = [
        next((at for at, word in enumerate(found) if word.startswith(one)), None) for one in wanted
    ]
    known = [place for place in places if place is not None]
    kept = 1.0 if known == sorted(known) else _OTHER_ORDER
    return kept if not known or min(known) == 0 else kept * _FURTHER_IN


def _match(graph: Entities, index: int, matched: str, score: float) -> Match:
    return Match(
        id=graph.id_of(index),
        name=graph.name_of(index),
        category=graph.category_of(index),
        matched=matched,
        score=round(score, 3),
    )
