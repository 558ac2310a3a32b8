"""A typed path as data: legs, variables, and what may pin them.

A path is written as Biolink writes it, ``?d1:Disease <-gene_associated_with_condition- ?g:Gene``:
``-predicate->`` walks a statement from subject to object, ``<-predicate-`` from object to subject.
"""

from dataclasses import dataclass

from kgsynth.records import QueryEdge, Variable


@dataclass(frozen=True, slots=True)
class Leg:
    """One hop of a spine: a predicate, walked forward or (``inverse``) from object to subject."""

    predicate: str
    inverse: bool

    def edge(self, start: str, end: str) -> QueryEdge:
        """Return the query edge of this leg from one variable to the next."""
        ends = (end, start) if self.inverse else (start, end)
        return QueryEdge(ends[0], self.predicate, ends[1])

    def __str__(self) -> str:
        """The leg as templates write it: ``-treats->``."""
        return f"<-{self.predicate}-" if self.inverse else f"-{self.predicate}->"


@dataclass(frozen=True, slots=True)
class Clue:
    """What pins the variables of a category: named entities that a relation leads to.

    Attributes:
        category: Of the variables.
        leg: The relation, from a variable to the named entity.
        named: The category of the named entities, "" for any.
    """

    category: str
    leg: Leg
    named: str = ""


#: What pins a disease unless a template says otherwise.
FINDING = Clue("Disease", Leg("has_phenotype", inverse=False), "PhenotypicFeature")


@dataclass(frozen=True, slots=True)
class Spine:
    """A spine template.

    Attributes:
        name: Such as ``chain-dgdp``.
        hops: Edges from the far anchor to the target.
        variables: From the first entity to the target, ``hops`` of them.
        legs: Between neighbouring variables, ``hops - 1`` of them.
        share: The part of a run that it gets among templates of the same hops, in (0, 1].
        pin: The relation by which a named entity may single the target out among others, or None.
        clues: What pins variables beside the findings of diseases; one for a category.
    """

    name: str
    hops: int
    variables: tuple[Variable, ...]
    legs: tuple[Leg, ...]
    share: float
    pin: Leg | None = None
    clues: tuple[Clue, ...] = ()

    def clue_of(self, category: str) -> Clue | None:
        """Return what pins the variables of a category, if anything does."""
        own = next((clue for clue in self.clues if clue.category == category), None)
        return own or (FINDING if category == FINDING.category else None)

    def pin_of(self, category: str) -> Leg:
        """Return the relation to what pins the variables of a category, or the target."""
        clue = self.clue_of(category)
        return clue.leg if clue else self.pin or FINDING.leg

    @property
    def path(self) -> str:
        """The path as templates write it."""
        first, *rest = self.variables
        hops = [f" {leg} {v.name}:{v.category}" for leg, v in zip(self.legs, rest, strict=True)]
        return f"{first.name}:{first.category}{''.join(hops)}"
