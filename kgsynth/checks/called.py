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
    """The spellings of one entity.

    Attributes:
        folded: Each without regard to case.
        words: Each as its words.
        says: What each says, words of one meaning alike; see `_says`.
    """

    folded: frozenset[str]
    words: frozenset[tuple[str, ...]]
    says: frozenset[frozenset[str]]


@once_each
def called_in(graph: KnowledgeGraph) -> Memo[str, Called]:
    """Return what the entities of a graph are called, by id.

    Raises:
        UnknownEntityError: If it is asked for an entity that the graph does not have.
    """
    return Memo(lambda curie: _called(graph.surfaces(curie)))


def _called(surfaces: tuple[str, ...]) -> Called:
    return Called(
        frozenset([text.casefold() for text in surfaces]),
        frozenset([words_of(text) for text in surfaces]) - {()},
        frozenset([_says(text) for text in surfaces]) - {frozenset()},
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
