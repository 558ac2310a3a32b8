"""When two questions ask the same, or nearly: by their query, by what they rest on, by their words.

- **Same query.** `query_key` is equal for two questions exactly if their queries are: whatever
  their kind and form, the names and the order of variables, and the order of edges.
- **Same ground.** A question rests on its query's edges with all variables bound. Whoever knows one
  question by heart has most of another that shares most of these facts, so their likeness
  (Jaccard) stays below a limit: two cases of one disease differ in their findings, two chains over
  the same pair of diseases in more than the last hop.
- **Same words.** The words of two stems, with the names in them. What a template adds is half of
  them by design and cannot be told from what it was given, so the limit is high; without the names
  every second stem would be alike. It finds what the other two miss: other terms, same words.

A question that is refused is forgotten; only what goes on counts against later ones.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass

from kgsynth.datasets.alike import AlikeIndex
from kgsynth.datasets.asked import PAIR, Asked, asked_of
from kgsynth.records import Mined, Rejection

_WORD = re.compile(r"\w+")

#: In a line of JSON a quotation mark that belongs to a text has a backslash before it.
_STEM = re.compile(rb'"question": ?("(?:[^"\\]|\\.)*")')

#: However few rows a run has, so many may be about one entity.
FEW = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How alike the questions of a run may be.

    Attributes:
        ground: Two questions share less than this share of their facts, in (0, 1].
        words: Two stems share less than this share of their words, in (0, 1].
        share: Share of a run that may have one answer, or one first disease; answers of
            categories with few members may come more often. Of two diseases that a question
            leads over, or compares, a tenth of that.
    """

    ground: float = 0.7
    words: float = 0.85
    share: float = 0.01


_ALIKE = "an earlier question has nearly the same words"


class SamenessGate:
    """Holds the mined questions of a run apart from each other.

    Args:
        limits: How alike they may be.
        n: The rows that the run is for.
        small: Categories whose members may be answers as often as it comes.
    """

    def __init__(self, limits: Limits, n: int, small: frozenset[str] = frozenset()) -> None:
        self._most = max(FEW, int(n * limits.share))
        self._most_of_pair = max(FEW, int(n * limits.share / 10))
        self._small = small
        self._keys: set[bytes] = set()
        self._spines: set[tuple[str, ...]] = set()
        self._facts = AlikeIndex(limits.ground)
        self._about: Counter[str] = Counter()

    def look(self, mined: Mined) -> Asked:
        """Return what `judge` and `keep` look at."""
        return asked_of(mined, self._small)

    def judge(self, asked: Asked) -> tuple[str, str]:
        """Return the code with which a question is refused and why, or two empty texts."""
        if asked.key in self._keys:
            return "duplicate_query", "an earlier question of the run asks the same query"
        if asked.spine and asked.spine in self._spines:
            return "near_duplicate", "an earlier question of the run walks the same spine"
        for one in asked.about:
            most = self._most_of_pair if one.startswith(PAIR) else self._most
            if self._about[one] >= most:
                return "near_duplicate", f"{most} earlier questions have the same {one}"
        if self._facts.find(asked.facts) is not None:
            return "near_duplicate", "an earlier question rests on nearly the same facts"
        return "", ""

    def keep(self, asked: Asked) -> None:
        """Remember a question that goes on."""
        self._keys.add(asked.key)
        self._spines.add(asked.spine)
        self._facts.add(asked.facts)
        self._about.update(asked.about)


class WordingGate:
    """Holds the stems of a run apart from each other; see `stem_of` for those of written rows."""

    def __init__(self, limits: Limits) -> None:
        self._stems = AlikeIndex(limits.words)

    def refuse(self, row_id: str, stem: str) -> Rejection | None:
        """Return why a row may not go on; one that may is remembered."""
        words = words_of(stem)
        if self._stems.find(words) is None:
            self._stems.add(words)
            return None
        return Rejection(row_id, "distinct", "near_duplicate", _ALIKE)


def stem_of(line: bytes) -> str:
    """Return the stem of a row that was written as a line, without reading the rest of it."""
    found = _STEM.search(line)
    return str(json.loads(found[1])) if found else ""


def words_of(stem: str) -> frozenset[str]:
    """Return the different words of a stem, in lower case."""
    return frozenset(_WORD.findall(stem.casefold()))
