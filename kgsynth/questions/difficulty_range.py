"""Questions of a range of difficulty: what ``--difficulty 0.6..0.9`` lets through.

A question is judged as soon as it is mined, before any word of it is written. Of one with options
only the likeness of the options is open then, so it passes if its score can still come to lie in
the range, and is judged again when it is worded.
"""

import re
from dataclasses import dataclass

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.difficulty import score_bounds
from kgsynth.records import Mined, Rejection

#: So many questions in a row outside the range, and the search is given up; and how many in all:
#: a fixed number, and more for each row that is asked for.
PATIENCE, AT_LEAST, FOR_EACH_ROW = 20_000, 20_000, 300

_NUMBER = r"\d+(?:\.\d*)?|\.\d+"
_RANGE = re.compile(rf"(?P<low>{_NUMBER})?\.\.(?P<high>{_NUMBER})?")


@dataclass(frozen=True, slots=True)
class Range:
    """Scores from `low` to `high`, both included, in [0, 1]."""

    low: float = 0.0
    high: float = 1.0

    def code_of(self, low: float, high: float) -> str:
        """Return why a score between two bounds cannot lie in the range; "" where it can.

        Example:
            >>> asked = Range(0.4, 0.6)
            >>> [asked.code_of(low, low + 0.2) for low in (0.1, 0.3, 0.7)]
            ['too_easy', '', 'too_hard']
        """
        if high < self.low:
            return "too_easy"
        return "too_hard" if low > self.high else ""

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}"


def parse_range(text: str) -> Range:
    """Read a range: ``0.6..0.9``, ``..0.4``, ``0.7..``.

    Raises:
        UsageError: If it cannot be read, is empty, or leaves [0, 1].

    Example:
        >>> str(parse_range("0.7.."))
        '0.7..1'
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None or not (match["low"] or match["high"]):
        raise UsageError(
            f"--difficulty {text!r}: not a range; expected such as 0.6..0.9, ..0.4 or 0.7.."
        )
    found = Range(float(match["low"] or 0), float(match["high"] or 1))
    if found.high > 1 or found.low > 1:
        raise UsageError(f"--difficulty {text!r}: scores lie between 0 and 1")
    if found.low > found.high:
        raise UsageError(
            f"--difficulty {text!r}: begins above its end; did you mean "
            f"{found.high:g}..{found.low:g}?"
        )
    return found


class DifficultyGate:
    """Turns down mined questions that cannot come to lie in a range, and remembers what it saw.

    Args:
        graph: The graph that they are mined from.
        wanted: The range.
        form: How the questions will be asked.
        options: How many options they will have, in the form ``choice``.
        n: Rows that are asked for; more of them are looked for longer.
    """

    def __init__(
        self, graph: KnowledgeGraph, wanted: Range, form: str, options: int, n: int
    ) -> None:
        self._graph = graph
        self._form, self._options = form, options
        self._most = AT_LEAST + FOR_EACH_ROW * n
        self._in_vain = 0
        self.wanted = wanted
        #: How many were judged, and how many of them passed.
        self.judged, self.passed = 0, 0
        #: The easiest and the hardest seen; the other way round as long as there is none.
        self.lowest, self.highest = 1.0, 0.0

    def refuse(self, mined: Mined) -> Rejection | None:
        """Return why a question is not in the range, or None."""
        low, high = score_bounds(mined, self._graph, self._form, self._options)
        self.lowest, self.highest = min(self.lowest, low), max(self.highest, high)
        self.judged += 1
        code = self.wanted.code_of(low, high)
        self._in_vain = self._in_vain + 1 if code else 0
        if not code:
            self.passed += 1
            return None
        ids = ",".join(binding.id for binding in mined.bindings)
        score = f"{high if code == 'too_easy' else low:.4f}"
        detail = f"its difficulty is {score}, asked for is {self.wanted}"
        return Rejection(f"{mined.template}:{ids}", "selection", code, detail)

    @property
    def is_spent(self) -> bool:
        """Whether so many were judged in vain that it is no use to go on."""
        return self._in_vain >= PATIENCE or self.judged >= self._most

    def as_dict(self) -> dict[str, str | int | float]:
        """Return what was found, as ``run.json`` keeps it; the bounds are 0 where there is none."""
        bounds = (self.lowest, self.highest) if self.judged else (0.0, 0.0)
        return {
            "asked": str(self.wanted),
            "judged": self.judged,
            "passed": self.passed,
            "lowest": bounds[0],
            "highest": bounds[1],
        }
