"""What cited statements prove by themselves, without the graph."""

from collections.abc import Iterable

from kgsynth.biolink import PREDICATES
from kgsynth.records import Edge


class Cited:
    """Cited statements, sorted by what they can prove.

    Attributes:
        up: The parents of each entity, by the ``subclass_of`` statements among them.
        direct: The objects of each subject, predicate and polarity.
    """

    __slots__ = ("direct", "up")

    def __init__(self, edges: Iterable[Edge] = ()) -> None:
        self.up: dict[str, list[str]] = {}
        self.direct: dict[tuple[str, str, bool], list[str]] = {}
        self.add(edges)

    def add(self, edges: Iterable[Edge]) -> None:
        """Cite some more."""
        up, direct, symmetric = self.up, self.direct, _SYMMETRIC
        for edge in edges:
            subject, predicate, object_ = edge.subject, edge.predicate, edge.object
            negated = edge.negated
            direct.setdefault((subject, predicate, negated), []).append(object_)
            if predicate == "subclass_of" and not negated:
                up.setdefault(subject, []).append(object_)
            elif predicate in symmetric:
                direct.setdefault((object_, predicate, negated), []).append(subject)


_SYMMETRIC = frozenset(name for name, known in PREDICATES.items() if known.symmetric)


def proves(cited: Iterable[Edge] | Cited, claim: tuple[str, str, str, bool]) -> bool:
    """Say whether cited statements alone give a claim, closure included.

    A finding follows from a more specific one, a denial from that of a more general one, and
    ``subclass_of`` from a path; in each case over ``subclass_of`` statements that are cited too.
    """
    subject, predicate, object_, negated = claim
    cited = cited if isinstance(cited, Cited) else Cited(cited)
    if predicate == "subclass_of":
        return subject != object_ and object_ in _climb(cited.up, subject)
    direct = cited.direct.get((subject, predicate, negated), ())
    if predicate != "has_phenotype" or (object_ in direct and not negated):
        return object_ in direct
    if negated:
        return not _climb(cited.up, object_).isdisjoint(direct)
    return any(object_ in _climb(cited.up, found) for found in direct)


def _climb(up: dict[str, list[str]], start: str) -> set[str]:
    seen, stack = {start}, [start]
    while stack:
        for parent in up.get(stack.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return seen
