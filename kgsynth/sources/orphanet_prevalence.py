"""Orphanet's prevalences: statements that can be cited, and which says best how rare one is.

A class is of one type and one place: 1-9 in 100,000 at birth in Europe says nothing of point
prevalence worldwide. So each class of a type at a place is a node of its own, a clinical
attribute, and ``has_attribute`` joins a disease to it. The graph stays one edge a statement, every
view shows it, and only like is compared with like.

The best one is taken by type (point prevalence, at birth, annual incidence, over a lifetime), then
by place (worldwide, a continent, a country, a specific population), then the most frequent class,
because a disease should not look rarer than it is.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import pyarrow as pa

from kgsynth.sources.base import ENTITIES, table
from kgsynth.sources.orphanet_facts import Facts

#: The prefix of classes of prevalence, for which Orphanet has no identifiers with type and place.
PREFIX = "KGSYNTH"

#: The relation of a disease to a class.
RELATION = "has_attribute"

_WORLDWIDE, _SOME_PEOPLE = "Worldwide", "Specific population"
_CLASS = re.compile(r"(?P<bound>[<>]?)(?P<few>\d+(?:-\d+)?) / (?P<many>\d[\d ]*)")
_BOUNDS = {"": "of", "<": "below", ">": "above"}
_WITH_ARTICLE = re.compile(r"United|Netherlands|Philippines|Czech|Dominican|Russian|Faroe|Palest")
_CALLED = {
    "Korea, Republic of": "South Korea",
    "Korea, Democratic People's Republic of": "North Korea",
}


class Prevalence(NamedTuple):
    """One class that Orphanet gives: ``1-9 / 100 000`` of that type at that place."""

    share: str
    kind: str
    place: str

    def words(self) -> str:
        """Return it as the source words it."""
        return f"{self.kind} {self.share} ({self.place})"

    @property
    def name(self) -> str:
        """What it is called in a sentence.

        Example:
            >>> Prevalence("<1 / 1 000 000", "Point prevalence", "Worldwide").name
            'Point prevalence below 1 in 1,000,000 worldwide'
            >>> Prevalence("1-5 / 10 000", "Annual incidence", "United States").name
            'Annual incidence of 1-5 in 10,000 in the United States'
        """
        bound, few, many = self._parts()
        where = "worldwide" if self.place == _WORLDWIDE else f"in {_inside(self.place)}"
        return f"{self.kind.capitalize()} {_BOUNDS[bound]} {few} in {many:,} {where}"

    @property
    def curie(self) -> str:
        """Its identifier: letters and digits only, so that Turtle and SPARQL write it plainly.

        Example:
            >>> Prevalence("1-9 / 100 000", "Prevalence at birth", "Europe").curie
            'KGSYNTH:PrevalenceAtBirthEurope1to9in100000'
        """
        bound, few, many = self._parts()
        said = re.findall(r"[A-Za-z]+", f"{self.kind} {self.place}")
        said += [_BOUNDS[bound]] if bound else []
        words = "".join(word[0].upper() + word[1:] for word in said)
        return f"{PREFIX}:{words}{few.replace('-', 'to')}in{many}"

    def _parts(self) -> tuple[str, str, int]:
        match = _CLASS.fullmatch(self.share)
        if match is None:
            raise ValueError(f"{self.share!r} is no class such as '1-9 / 100 000'")
        return match["bound"], match["few"], int(match["many"].replace(" ", ""))


def _inside(place: str) -> str:
    """Return a place as it stands after "in"."""
    if place == _SOME_PEOPLE:
        return "a specific population"
    words = (_CALLED.get(place) or place.partition(",")[0]).split()
    plain = " ".join(word if word == "and" else word[0].upper() + word[1:] for word in words)
    return f"the {plain}" if _WITH_ARTICLE.match(plain) else plain


def class_entities(recorded: Iterable[Prevalence]) -> pa.Table:
    """Return one entity for each class, sorted; Orphanet's own words are its synonym."""
    classes = sorted(set(recorded))
    columns: dict[str, object] = {
        "id": [one.curie for one in classes],
        "name": [one.name for one in classes],
        "category": pa.repeat("ClinicalAttribute", len(classes)),
        "synonyms": [[one.words()] for one in classes],
    }
    return table(ENTITIES, columns, len(classes))


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
