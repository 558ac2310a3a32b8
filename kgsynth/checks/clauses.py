"""A text in clauses, each with its mentions, every mention settled on one entity."""

import re
from typing import NamedTuple, cast

from kgsynth.checks.base import Context
from kgsynth.checks.cues import BLANK, plain
from kgsynth.checks.gazetteer import Mention
from kgsynth.memo import Memo

#: Between two clauses.
_BREAK = re.compile(
    r"(?<=[.;:!?])\s+"
    r"|,? (?=\b(?:but|whereas|while|yet|although|though|however|unlike|because|since)\b)"
    r"|, (?=(?:which|who|and (?:it|its|this|that|only|the)|of (?:these|those|them|which))\b)"
    r"|, (?=(?:and )?(?:[\w-]+|\d[\d,]*) of (?:these|those|them)\b)"
)
_ANNOUNCED = re.compile(
    r"\b(?:(?:rival|alternative|disorder|disease|condition)s?,? (?:is )?|only |unlike |whereas "
    r"|(?:recorded|seen|found|reported|noted) (?:for|in) )$",
    re.IGNORECASE,
)
#: Behind this stands a gene or a disease, and no finding.
_LINKED = re.compile(r"\bassociated with $", re.IGNORECASE)

#: Categories of what is seen in a patient or a family.
FINDINGS = frozenset({"PhenotypicFeature", "GeneticInheritance"})


class Spot(NamedTuple):
    """A mention, settled on one entity."""

    start: int
    end: int
    node: str
    category: str


class Clause(NamedTuple):
    """A stretch of text that speaks of one thing, with its mentions.

    Attributes:
        start: Where it begins in the text.
        text: Its words, with every mention blanked, so that no word of a name is taken for a cue
            ("absent eyebrow", "ataxia due to PEX10 deficiency").
        spots: Its mentions; their offsets are the whole text's.
        plain: Its words with one blank for each mention; see `checks.cues`.
    """

    start: int
    text: str
    spots: tuple[Spot, ...]
    plain: str

    def before(self, spot: Spot) -> str:
        """Return the clause up to a mention."""
        return self.text[: spot.start - self.start]

    def between(self, one: Spot, other: Spot) -> str:
        """Return the text between two mentions."""
        return self.text[one.end - self.start : other.start - self.start]


def clauses_of(context: Context, text: str, cited: frozenset[str]) -> list[Clause]:
    """Return the clauses of a text; a break inside a name does not count."""
    key = ("clauses", (text, cited))
    found = context.memory.get(key)
    if found is None:
        found = context.memory[key] = _read_clauses(context, text, cited)
    return cast("list[Clause]", found)


def step_clauses(context: Context, index: int) -> list[Clause]:
    """Return the clauses of a step's text."""
    key = ("step clauses", index)
    found = context.memory.get(key)
    if found is None:
        step = context.row.trace[index]
        found = context.memory[key] = clauses_of(context, step.text, frozenset(step.entities))
    return cast("list[Clause]", found)


def _read_clauses(context: Context, text: str, cited: frozenset[str]) -> list[Clause]:
    found: list[Clause] = []
    begun, at, bare, spots = 0, 0, "", list[Spot]()
    for mention in context.mentions(text):
        stretch, last = text[at : mention.start], 0
        for start, end in _BREAKS[stretch]:
            found.append(_clause(begun, bare + stretch[last:start], spots))
            begun, bare, spots, last = at + end, "", [], end
        at = mention.end
        bare += stretch[last:] + BLANK * (at - mention.start)
        spots.append(_settle(context, text, mention, cited))
    stretch, last = text[at:], 0
    for start, end in _BREAKS[stretch]:
        found.append(_clause(begun, bare + stretch[last:start], spots))
        begun, bare, spots, last = at + end, "", [], end
    found.append(_clause(begun, bare + stretch[last:], spots))
    return found


def _clause(start: int, words: str, spots: list[Spot]) -> Clause:
    return Clause(start, words, tuple(spots), plain(words))


def _breaks(stretch: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in _BREAK.finditer(stretch))


#: Where clauses end in the words between two mentions: no break looks over a mention.
_BREAKS: Memo[str, tuple[tuple[int, int], ...]] = Memo(_breaks, 1 << 14)


def _settle(context: Context, text: str, mention: Mention, cited: frozenset[str]) -> Spot:
    """Settle a spelling that several entities share on the one that is most likely meant.

    Listed entities come first; then the one whose name it is rather than a synonym; then, after
    words that announce a disorder ("its nearest rival, …", "recorded for …"), a disease.
    """
    graph, (start, end, nodes) = context.graph, mention
    if len(nodes) == 1:
        node = graph.node(nodes[0])
        return Spot(start, end, node.id, node.category)
    said = text[mention.start : mention.end].lower()
    before = text[: mention.start]
    announced, linked = _ANNOUNCED.search(before), _LINKED.search(before)

    def likely(curie: str) -> tuple[bool, bool, bool, bool]:
        node = graph.node(curie)
        finding = node.category in FINDINGS
        other = bool((announced and node.category != "Disease") or (linked and finding))
        named = said in (node.name.lower(), node.phrase.lower())
        return curie not in cited, curie not in context.listed, other, not named

    node = graph.node(min(mention.nodes, key=likely))
    return Spot(mention.start, mention.end, node.id, node.category)
