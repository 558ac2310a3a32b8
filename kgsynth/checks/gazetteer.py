"""Where a text mentions entities: longest match over every spelling in the graph.

All names, phrases and synonyms are indexed once for each graph (`checks.spellings`), so that a
sentence is read in microseconds. A spelling is found whatever the case of its
letters, with one exception: a single word with a capital inside, such as a gene symbol or an
acronym, must stand exactly so, or WAS and SET would be found in every text.
"""

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from kgsynth.checks.relations import plain_words
from kgsynth.checks.spellings import Spellings
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

#: Categories whose entities are so often plain words ("severe", "bilateral") that a mention proves
#: nothing; they are grounded only where the row lists them.
ATTRIBUTES = frozenset({"Onset", "ClinicalCourse", "ClinicalModifier", "ClinicalAttribute"})

#: The tops of ontologies ("entity", "role", "drug" as a role of a substance) are no entities.
TOPS = frozenset({"OntologyClass", "NamedThing"})


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
        self._spelled = Spellings.of(graph, ATTRIBUTES | TOPS)
        #: By the exact letters of a span: who is called so, and whether it runs over a comma.
        self._called: Memo[str, tuple[tuple[str, ...], bool]] = Memo(self._find_called)
        #: By two words in lower case: how many words the spellings have that begin so, as bits.
        self._begun: Memo[str, int] = Memo(self._find_begun)

    def _find_called(self, span: str) -> tuple[tuple[str, ...], bool]:
        key = span.lower()
        key = key if len(key) == len(span) else span
        spellings = [(self._ids.id_of(node), text) for node, text in self._spelled.of_key(key)]
        nodes = _called(span, spellings)
        return nodes, bool(nodes) and _runs_on(span)

    def _find_begun(self, opening: str) -> int:
        """Return 0 where nothing is spelled so and nothing begins so; at most too many bits."""
        first = WORD.search(opening)
        alone = first is not None and self._spelled.may_hold(opening[: first.end()])
        if not (alone or self._spelled.may_hold(opening)):
            return 0
        return self._spelled.lengths(opening) | 0b10

    def mentions(self, text: str, preferred: frozenset[str] = frozenset()) -> tuple[Mention, ...]:
        """Return the mentions in a text, left to right; none overlaps another.

        Args:
            text: A sentence or more.
            preferred: Ids that the text is expected to mention. In a list a comma can also be
                part of a name ("hearing loss, bilateral ptosis"): a match that runs over a comma
                counts only for one of these, or where nothing shorter matches.
        """
        spans = [match.span() for match in WORD.finditer(text)]
        lowered = text.lower()
        # Lower case can change a text's length (İ); then offsets hold only in the original.
        lowered = lowered if len(lowered) == len(text) else text
        begun, found, at, last = self._begun, [], 0, len(spans) - 1
        while at <= last:
            begin = spans[at][0]
            # Most words begin no name: neither with the next word nor alone.
            lengths = begun[lowered[begin : spans[at + 1 if at < last else at][1]]]
            if lengths:
                length, nodes = self._longest(text, spans, at, lengths, preferred)
                end = spans[at + length - 1][1]
                if nodes and not self._is_plain(lowered[begin:end], nodes, preferred):
                    found.append(Mention(begin, end, nodes))
                at += length
            else:
                at += 1
        return tuple(found)

    def _is_plain(self, said: str, nodes: tuple[str, ...], preferred: frozenset[str]) -> bool:
        """Say whether a spelling is but a plain word here: "drug", "biological process"."""
        return preferred.isdisjoint(nodes) and said in plain_words()

    def called(self, text: str) -> tuple[str, ...]:
        """Return the ids of every entity that a text is a spelling of, first and last word on."""
        words = [match.span() for match in WORD.finditer(text)]
        return self._called[text[words[0][0] : words[-1][1]]][0] if words else ()

    def _longest(
        self,
        text: str,
        spans: list[tuple[int, int]],
        at: int,
        lengths: int,
        preferred: frozenset[str],
    ) -> tuple[int, tuple[str, ...]]:
        """Return how many words the mention at a word has, and its nodes; (1, ()) for none."""
        first: tuple[int, tuple[str, ...]] = (1, ())
        matches = self._matches(text, spans, at, lengths)
        for length, nodes, runs_on in matches:
            if not runs_on:
                return length, nodes
            if not first[1]:
                first = length, nodes
            if not preferred.isdisjoint(nodes):
                shorter = next(((le, n) for le, n, on in matches if not on), None)
                if shorter and self._list_goes_on(text, spans, at, (length, shorter), preferred):
                    return shorter
                return length, nodes
        return first

    def _matches(
        self, text: str, spans: list[tuple[int, int]], at: int, lengths: int
    ) -> Iterator[tuple[int, tuple[str, ...], bool]]:
        """Yield every spelling at a word, longest first, and whether it runs over a comma."""
        begin, most, known = spans[at][0], len(spans) - at, self._called
        lengths &= (2 << most) - 1
        while lengths:
            length = lengths.bit_length() - 1
            lengths ^= 1 << length
            if length:
                span = text[begin : spans[at + length - 1][1]]
                nodes, runs_on = known.get(span) or self._look_up(span)
                if nodes:
                    yield length, nodes, runs_on

    def _look_up(self, span: str) -> tuple[tuple[str, ...], bool]:
        """Return who is called so; of what nobody is called, which is most, nothing is kept."""
        key = span.lower()
        if len(key) == len(span) and not self._spelled.may_hold(key):
            return (), False
        return self._called[span]

    def _list_goes_on(
        self,
        text: str,
        spans: list[tuple[int, int]],
        at: int,
        lengths: tuple[int, tuple[int, tuple[str, ...]]],
        preferred: frozenset[str],
    ) -> bool:
        """Say whether a comma in a match separates two entities: "dementia, progressive ataxia"."""
        longer, (shorter, nodes) = lengths
        if preferred.isdisjoint(nodes):
            return False
        at += shorter
        if at == len(spans):
            return False
        lowered = text.lower()
        lowered = lowered if len(lowered) == len(text) else text
        opening = lowered[spans[at][0] : spans[min(at + 1, len(spans) - 1)][1]]
        after = self._matches(text, spans, at, self._spelled.lengths(opening) | 0b10)
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
    return tuple(word.lower() for word in WORD.findall(text))


def _called(span: str, spellings: list[tuple[str, str]]) -> tuple[str, ...]:
    nodes = {
        curie
        for curie, spelling in spellings
        if " " in span or span == spelling or spelling[1:] == spelling[1:].lower()
    }
    return tuple(sorted(nodes))


def _runs_on(span: str) -> bool:
    return ", " in span or " and " in span or " or " in span
