"""What entities are called, in the forms that checks compare; worked out once for each."""

import functools
import re
import tomllib
from typing import NamedTuple

from kgsynth.checks.gazetteer import words_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.resources import data_file


class Called(NamedTuple):
    """The spellings of the entities of one graph, by id; each is worked out when it is asked for.

    Asking for an entity that the graph does not have raises `UnknownEntityError`.

    Attributes:
        folded: Each spelling without regard to case.
        words: Each as its words.
        says: What each says, words of one meaning alike; see `_says`.
    """

    folded: Memo[str, frozenset[str]]
    words: Memo[str, frozenset[tuple[str, ...]]]
    says: Memo[str, frozenset[frozenset[str]]]


@once_each
def called_in(graph: KnowledgeGraph) -> Called:
    """Return what the entities of a graph are called."""
    spelled = graph.surfaces
    return Called(
        Memo(lambda curie: frozenset([text.casefold() for text in spelled(curie)])),
        Memo(lambda curie: frozenset([words_of(text) for text in spelled(curie)]) - {()}),
        Memo(lambda curie: frozenset([_says(text) for text in spelled(curie)]) - {frozenset()}),
    )


@functools.cache
def _alike() -> dict[str, str]:
    """Return the words of one meaning by the first of them; words that say nothing by ""."""
    table = tomllib.loads(data_file("templates", "words", "alike.toml").read_text("utf-8"))
    found = dict.fromkeys(f"{table['sides']} {table['fillers']}".split(), "")
    for line in table["groups"]:
        first, *others = line.split()
        found |= dict.fromkeys((first, *others), first)
    return found


def _says(text: str) -> frozenset[str]:
    """Return what a name says: its words, those of one meaning alike, plurals as singulars."""
    alike, said = _alike(), set()
    for word in re.findall(r"[^\W_]+", text.lower()):
        singular = word[:-1] if re.fullmatch(r"\w{3,}(?<![siu])s", word) else word
        said.add(alike[word] if word in alike else alike.get(singular, singular))
    return frozenset(said - {""})
