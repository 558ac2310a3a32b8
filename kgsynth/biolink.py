"""The words of the graph: categories and predicates, spelled as the Biolink Model spells them.

A small frozen table, because the full toolkit needs a network. A predicate's *weaker* form is the
relation that it implies: whatever ``causes`` a disease is associated with it.

Source: Biolink Model 4.2, https://biolink.github.io/biolink-model/ (CC0). The predicate
``has_mode_of_inheritance`` is Biolink's; onset, course and modifier hang on ``has_attribute``.
"""

from dataclasses import dataclass

from kgsynth.errors import UsageError


@dataclass(frozen=True, slots=True)
class Predicate:
    """One relation: its inverse, its logic, and what it may join.

    Attributes:
        name: Snake case, without prefix.
        inverse: The name of the same relation read backwards.
        domain: Categories that a subject may have; empty for any.
        range: Categories that an object may have; empty for any.
        symmetric: Whether subject and object may be swapped.
        transitive: Whether the relation composes with itself.
        weaker: The relation that this one implies, or "".
        denial: The relationship type of a denied statement in Neo4j.
    """

    name: str
    inverse: str
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    symmetric: bool = False
    transitive: bool = False
    weaker: str = ""
    denial: str = ""

    @property
    def relationship(self) -> str:
        """The relationship type in Neo4j: ``HAS_PHENOTYPE``."""
        return self.name.upper()

    @property
    def denied_relationship(self) -> str:
        """The relationship type of a denial in Neo4j: ``LACKS_PHENOTYPE``."""
        return self.denial or f"NOT_{self.name.upper()}"


#: Every category a node can have; the first word of its docstring in the Biolink Model.
CATEGORIES: tuple[str, ...] = (
    "Disease",
    "PhenotypicFeature",
    "Gene",
    "GeneticInheritance",
    "Onset",
    "ClinicalCourse",
    "ClinicalModifier",
    "ClinicalAttribute",
    "OntologyClass",
)

PREDICATES: dict[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate("subclass_of", "superclass_of", transitive=True),
        Predicate(
            "has_phenotype",
            "phenotype_of",
            domain=("Disease",),
            range=("PhenotypicFeature",),
            denial="LACKS_PHENOTYPE",
        ),
        Predicate(
            "has_mode_of_inheritance",
            "mode_of_inheritance_of",
            domain=("Disease",),
            range=("GeneticInheritance",),
        ),
        Predicate(
            "has_attribute",
            "is_attribute_of",
            domain=("Disease",),
            range=("Onset", "ClinicalCourse", "ClinicalModifier", "ClinicalAttribute"),
        ),
        Predicate(
            "gene_associated_with_condition",
            "condition_associated_with_gene",
            domain=("Gene",),
            range=("Disease",),
        ),
        Predicate(
            "causes",
            "caused_by",
            domain=("Gene",),
            range=("Disease",),
            weaker="gene_associated_with_condition",
        ),
        Predicate(
            "contributes_to",
            "contribution_from",
            domain=("Gene",),
            range=("Disease",),
            weaker="gene_associated_with_condition",
        ),
    )
}


def predicate(name: str) -> Predicate:
    """Return the predicate of that name.

    Raises:
        UsageError: If the table has no such predicate.

    Example:
        >>> predicate("has_phenotype").denied_relationship
        'LACKS_PHENOTYPE'
    """
    found = PREDICATES.get(name)
    if found is None:
        raise UsageError(f"unknown predicate {name!r}; known: {', '.join(PREDICATES)}")
    return found
