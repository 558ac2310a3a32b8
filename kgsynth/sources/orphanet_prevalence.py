"""Which of Orphanet's prevalences of a disorder says best how rare it is.

The best one is taken by type (point prevalence, at birth, annual incidence, over a lifetime), then
by place (worldwide, a continent, a country, a specific population), then the most frequent class,
because a disease should not look rarer than it is.
"""

from collections.abc import Iterable
from typing import NamedTuple

from kgsynth.sources.orphanet_facts import Facts

_WORLDWIDE, _SOME_PEOPLE = "Worldwide", "Specific population"


class Prevalence(NamedTuple):
    """One class that Orphanet gives: ``1-9 / 100 000`` of that type at that place."""

    share: str
    kind: str
    place: str

    def words(self) -> str:
        """Return it as the source words it."""
        return f"{self.kind} {self.share} ({self.place})"


def best_prevalence(recorded: Iterable[Prevalence], facts: Facts) -> Prevalence | None:
    """Return the prevalence that says most of how rare a disorder is; None where there is none.

    Args:
        recorded: Prevalences whose type and class `facts` knows.
        facts: The precedence of types and places, and the worth of the classes.
    """
    return min(recorded, key=lambda one: _rank(one, facts), default=None)


def _rank(one: Prevalence, facts: Facts) -> tuple[int, int, float, Prevalence]:
    if one.place == _WORLDWIDE:
        place = 0
    elif one.place in facts.continents:
        place = 1
    else:
        place = 3 if one.place == _SOME_PEOPLE else 2
    return facts.prevalence_types.index(one.kind), place, facts.worth[one.share], one
