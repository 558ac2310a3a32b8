"""Rule L: the stem gives nothing away.

A surface of a hidden entity (name, synonym, identifier) must not stand in the stem, nor a word of
one that is distinctive: five letters or more, in the `name` of at most 100 entities of its
category. Acronyms and gene symbols are compared with their case, so that "AS" is not found in
"as". Exempt are the words of the class that the question asks within, the words "inheritance" and
"mode of inheritance" where these are asked for, and what a yes-or-no question must name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.twin.graph import IS_A, Graph
from tests.twin.steps import Question

MIN_LETTERS = 5
MAX_NAMES = 100
INHERITANCE = ("mode of inheritance", "inheritance", "mode")


def leaks(question: Question) -> list[str]:
    """Return what the stem of a row gives away."""
    return [*_in_stem(question), *_kin_clues(question)]


def _in_stem(question: Question) -> Iterator[str]:
    graph = question.graph
    exempt = _exempt(question)
    stem = question.row["question"]
    masked = mask(stem, exempt)
    free = {word for text in exempt for word in words_of(text)}
    told = set(words_of(masked)) - free
    named = question.row["query"].get("among", ())  # what a comparison asks about
    for name, entity in question.bound.items():
        if entity in named:
            continue
        for surface in surfaces(graph, entity):
            if says(masked, surface):
                yield f"L: the stem says {surface!r}, a name of {name}"
        for word in sorted(told & distinctive_words(graph, entity)):
            yield f"L: the stem says {word!r}, a distinctive word of {name} ({entity})"


def _exempt(question: Question) -> list[str]:
    graph, target = question.graph, question.target
    texts: list[str] = []
    for pattern in question.patterns:
        constant = not pattern.object.startswith("?")
        if pattern.predicate == IS_A and pattern.subject == target and constant:
            texts += surfaces(graph, pattern.object)
    if question.categories[target] == "GeneticInheritance":
        texts += INHERITANCE
    candidate = question.row["candidate"]
    if candidate["id"]:
        texts += [candidate["name"], *surfaces(graph, candidate["id"])]
    return texts


def _kin_clues(question: Question) -> Iterator[str]:
    """No named entity of the query is the answer's kin, the class it is asked within aside."""
    answer = question.bound[question.target]
    for pattern in question.patterns:
        asked = pattern.predicate == IS_A and pattern.subject == question.target
        for end in pattern.ends:
            if not end.startswith("?") and not asked and question.graph.are_kin(end, answer):
                yield f"L: the clue {end} is kin of the answer {answer}"


def surfaces(graph: Graph, entity: str) -> list[str]:
    """Return every text by which an entity may be named, identifiers included."""
    node = graph.nodes[entity]
    texts = [node["name"], *(node["synonyms"] or ()), node.get("phrase") or ""]
    texts += [*(node.get("lay") or ()), *graph.names_of_identity(entity)]
    return sorted({text for text in texts if text})


def says(text: str, surface: str) -> bool:
    """Say whether a text has a surface as whole words; acronyms only in their own case.

    >>> says("a child with Fabry disease", "fabry disease")
    True
    >>> says("as recorded", "AS")
    False
    """
    pattern = rf"(?<!\w){re.escape(surface)}(?!\w)"
    plain = len(surface) >= 4 and any(letter.islower() for letter in surface)
    return re.search(pattern, text, re.IGNORECASE if plain else 0) is not None


def mask(text: str, exempt: Iterable[str]) -> str:
    """Return a text without the exempt phrases, the longest first."""
    for phrase in sorted(exempt, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case, split at whatever is no letter or digit.

    >>> words_of("46,XY sex-reversal")
    ['46', 'xy', 'sex', 'reversal']
    """
    return re.findall(r"[^\W_]+", text.lower())


def distinctive_words(graph: Graph, entity: str) -> set[str]:
    """Return the words of an entity's names that few others of its category have."""
    node = graph.nodes[entity]
    counts = _names_with(graph, node["category"])
    texts = [node["name"], *(node["synonyms"] or ())]
    return {
        word
        for text in texts
        for word in words_of(text)
        if sum(letter.isalpha() for letter in word) >= MIN_LETTERS and counts[word] <= MAX_NAMES
    }


def _names_with(graph: Graph, category: str) -> Counter[str]:
    """Return how many nodes of a category have each word in their name."""
    if category not in graph.word_counts:
        graph.word_counts[category] = Counter(
            word
            for node in graph.in_category[category]
            for word in set(words_of(graph.nodes[node]["name"]))
        )
    return graph.word_counts[category]
