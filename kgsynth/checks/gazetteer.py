"""Where a text mentions entities: longest match over every spelling in the graph.

All names, phrases and synonyms are indexed once for each graph (`checks.spellings`), so that a
sentence is read in microseconds. A spelling is found whatever the case of its
letters, with one exception: a single word with a capital inside, such as a gene symbol or an
acronym, must stand exactly so, or WAS and SET would be found in every text.
"""

import functools
import re
from typing import NamedTuple

from kgsynth.checks.spellings import Spellings
from kgsynth.graph.store import KnowledgeGraph

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

#: Categories whose entities are so often plain words ("severe", "bilateral") that a mention proves
#: nothing; they are grounded only where the row lists them.
ATTRIBUTES = frozenset({"Onset", "ClinicalCourse", "ClinicalModifier", "ClinicalAttribute"})


class Mention(NamedTuple):
    """A stretch of text that is a spelling of one or more entities.

    Attributes:
        start: In code points of the text.
        end: Exclusive.
        nodes: Ids of every entity that is called so, sorted.
    """

    start: int
    end: int
    nodes: tuple[str, ...]


class Gazetteer:
    """Every spelling of every entity of one graph."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._ids = graph
        self._spelled = Spellings.of(graph, ATTRIBUTES)
        self._known: dict[str, list[tuple[str, str]]] = {}

    def _nodes(self, key: str) -> list[tuple[str, str]]:
        """Return (id, spelling) of all that is spelled so, in lower case."""
        found = self._known.get(key)
        if found is None:
            found = [(self._ids.id_of(node), text) for node, text in self._spelled.of_key(key)]
            self._known[key] = found
        return found

    def mentions(self, text: str, preferred: frozenset[str] = frozenset()) -> tuple[Mention, ...]:
        """Return the mentions in a text, left to right; none overlaps another.

        Args:
            text: A sentence or more.
            preferred: Ids that the text is expected to mention. In a list a comma can also be
                part of a name ("hearing loss, bilateral ptosis"): a match that runs over a comma
                counts only for one of these, or where nothing shorter matches.
        """
        spans = [(match.start(), match.end()) for match in _WORD.finditer(text)]
        lowered = text.lower()
        # Lower case can change a text's length (İ); then offsets hold only in the original.
        lowered = lowered if len(lowered) == len(text) else text
        found, at, last = [], 0, len(spans) - 1
        while at <= last:
            begin, end = spans[at]
            # Most words begin no name: neither with the next word nor alone.
            pair = lowered[begin : spans[at + 1][1]] if at < last else ""
            if not (self._spelled.may_hold(pair) or self._spelled.may_hold(lowered[begin:end])):
                at += 1
                continue
            length, nodes = self._longest((text, lowered), spans, at, preferred)
            if nodes:
                found.append(Mention(begin, spans[at + length - 1][1], nodes))
            at += length
        return tuple(found)

    def called(self, text: str) -> tuple[str, ...]:
        """Return the ids of every entity that a text is a spelling of, first and last word on."""
        words = [match.span() for match in _WORD.finditer(text)]
        if not words:
            return ()
        core = text[words[0][0] : words[-1][1]]
        return _called(core, self._nodes(core.lower()))

    def _longest(
        self,
        texts: tuple[str, str],
        spans: list[tuple[int, int]],
        at: int,
        preferred: frozenset[str],
    ) -> tuple[int, tuple[str, ...]]:
        """Return how many words the mention at a word has, and its nodes; (1, ()) for none."""
        found = self._matches(texts, spans, at)
        for place, (length, nodes, runs_on) in enumerate(found):
            if not runs_on:
                return length, nodes
            if not preferred.isdisjoint(nodes):
                shorter = [m for m in found[place + 1 :] if not m[2]]
                if shorter and self._list_goes_on(
                    texts, spans, at, (length, shorter[0]), preferred
                ):
                    return shorter[0][:2]
                return length, nodes
        return found[0][:2] if found else (1, ())

    def _matches(
        self, texts: tuple[str, str], spans: list[tuple[int, int]], at: int
    ) -> list[tuple[int, tuple[str, ...], bool]]:
        """Return every spelling at a word, longest first, and whether it runs over a comma."""
        text, lowered = texts
        begin, last = spans[at][0], len(spans) - 1
        found = []
        lengths = self._spelled.lengths(lowered[begin : spans[min(at + 1, last)][1]]) | 0b10
        for length in range(min(lengths.bit_length() - 1, last + 1 - at), 0, -1):
            if not lengths >> length & 1:
                continue
            end = spans[at + length - 1][1]
            nodes = _called(text[begin:end], self._nodes(lowered[begin:end]))
            if nodes:
                found.append((length, nodes, _runs_on(text[begin:end])))
        return found

    def _list_goes_on(
        self,
        texts: tuple[str, str],
        spans: list[tuple[int, int]],
        at: int,
        lengths: tuple[int, tuple[int, tuple[str, ...], bool]],
        preferred: frozenset[str],
    ) -> bool:
        """Say whether a comma in a match separates two entities: "dementia, progressive ataxia"."""
        longer, (shorter, nodes, _) = lengths
        if preferred.isdisjoint(nodes):
            return False
        after = self._matches(texts, spans, at + shorter)
        return any(
            shorter + length > longer and not preferred.isdisjoint(called)
            for length, called, _ in after
        )


@functools.lru_cache(maxsize=65536)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, apostrophes inside them kept.

    Example:
        >>> words_of("Crohn's disease, type 2")
        ("crohn's", 'disease', 'type', '2')
    """
    return tuple(word.lower() for word in _WORD.findall(text))


def _called(span: str, spellings: list[tuple[str, str]]) -> tuple[str, ...]:
    nodes = {
        curie
        for curie, spelling in spellings
        if " " in span or span == spelling or spelling[1:] == spelling[1:].lower()
    }
    return tuple(sorted(nodes))


def _runs_on(span: str) -> bool:
    return ", " in span or " and " in span or " or " in span
