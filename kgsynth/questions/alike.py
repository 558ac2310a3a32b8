"""When two entities are called alike: nobody should be asked to tell one from the other.

They share an id or a name. Two findings also say nearly the same where a name differs by nothing
but the side that is affected and words of one meaning ("facial diplegia", "bilateral facial
palsy"), or where their ontology matches both to one entry elsewhere (``close_match``). The words
stand in ``templates/words/alike.toml``.
"""

import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import once_each
from kgsynth.phrasing import words
from kgsynth.resources import data_file


@cache
def _table() -> tuple[frozenset[str], dict[str, str]]:
    """Return the words that say nothing here, and what each other word is put down to."""
    table = tomllib.loads(data_file("templates", "words", "alike.toml").read_text("utf-8"))
    lines = [line.split() for line in table["groups"]]
    plain = frozenset(f"{table['sides']} {table['fillers']}".split())
    return plain, {word: line[0] for line in lines for word in line}


@cache
def sense(text: str) -> str:
    """Return what a name of a finding says: its telling words, each put down to one, sorted.

    Example:
        >>> sense("Facial paresis, bilateral"), sense("Bilateral facial muscle weakness")
        ('facial weakness', 'facial weakness')
        >>> sense("Right ventricular hypertrophy") == sense("Left ventricular hypertrophy")
        False
    """
    plain, groups = _table()
    told = (word for word in words(text) if word not in plain)
    single = ((word, _singular(word)) for word in told)
    return " ".join(sorted({groups.get(word) or groups.get(one, one) for word, one in single}))


def _singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


@lru_cache(maxsize=1 << 16)
def triples(text: str) -> frozenset[str]:
    """Return the runs of three letters of a text, its beginning and its end marked by blanks."""
    padded = f"  {text.lower()} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are: the share of triples of letters in common, in [0, 1]."""
    mine, yours = triples(one), triples(other)
    return len(mine & yours) / len(mine | yours)


#: Joins two terms that an ontology matches to one entry elsewhere.
NEAR_MATCH = "close_match"


class Names:
    """What the entities of one graph are called, to tell namesakes. Get one with `names_of`."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self.is_group: list[bool] = graph.column("is_group").to_pylist()
        self._called: dict[str, frozenset[str]] = {}
        self._members: dict[str, list[int]] = {}

    def members(self, category: str) -> list[int]:
        """Return every entity of a category."""
        if not self._members:
            for node, name in enumerate(self._graph.column("category").to_pylist()):
                self._members.setdefault(name, []).append(node)
        return self._members.get(category, [])

    def called(self, curie: str) -> frozenset[str]:
        """Return an entity's ids and names, names as bags of words; of findings also what they say.

        What is said nearly the same is put down to the same words; see `sense`.
        """
        found = self._called.get(curie)
        if found is None:
            node = self._graph.node(curie)
            names = {" ".join(sorted(words(text))) for text in self._graph.surfaces(curie)}
            if node.category == "PhenotypicFeature":
                names |= {f"={sense(text)}" for text in self._graph.surfaces(curie)} - {"="}
                names.update(self._matched(curie))
            found = self._called[curie] = frozenset({curie, *node.equivalent_ids, *names} - {""})
        return found

    def _matched(self, curie: str) -> Iterator[str]:
        """Yield what stands for the near matches of an entity, the same for both."""
        at = self._graph.index_of(curie)
        if NEAR_MATCH in self._graph.predicates:
            for way in ("forward", "inverse"):
                for other in self._graph.csr(NEAR_MATCH, way).of(at).tolist():
                    yield "~".join(sorted((curie, self._graph.id_of(other))))

    def alike(self, one: str, other: str) -> bool:
        """Say whether two entities share an id or a name, or say nearly the same."""
        return not self.called(one).isdisjoint(self.called(other))


@once_each
def names_of(graph: KnowledgeGraph) -> Names:
    """Return the names of a graph, the same object each time."""
    return Names(graph)
