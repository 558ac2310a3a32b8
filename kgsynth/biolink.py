"""The words of the graph: categories and predicates, spelled as the Biolink Model spells them.

A small frozen table, because the full toolkit needs a network. A predicate's *weaker* form is the
relation that it implies: whatever ``causes`` a disease is associated with it.

**Direction stays in the name.** Biolink 4 says "decreases the activity of" with the predicate
``affects`` and two qualifiers. An edge here is one (subject, predicate, object, negated): with the
direction in a qualifier, a drug that blocks a receptor and one that opens it would be one edge,
and a chain of effects could not be followed. So Biolink's own older names are kept
(``decreases_activity_of``), each with ``affects`` as its weaker form.

Domain and range are Biolink's where a mistake would do harm (what treats, what is a finding), and
open where sources rightly use a relation more widely.

Source: Biolink Model 4.2, https://biolink.github.io/biolink-model/ (CC0); the older names are of
Biolink 2.1. The predicate ``has_mode_of_inheritance`` is Biolink's; onset, course and modifier hang
on ``has_attribute``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kgsynth.errors import UsageError


@dataclass(frozen=True, slots=True)
class Predicate:
    """One relation: its inverse, its logic, and what it may join.

    Attributes:
        name: Snake case, without prefix.
        inverse: The name of the same relation read backwards; its own where it is symmetric.
        domain: Categories that a subject may have; empty for any.
        range: Categories that an object may have; empty for any.
        symmetric: Whether subject and object may be swapped.
        transitive: Whether the relation composes with itself.
        weaker: The relation that this one implies, or ""; one step, that one has none.
        denial: The relationship type of a denied statement in Neo4j.
        functional: Categories of which each subject has one object at most. A protein lives in
            one taxon; a process, in many.
    """

    name: str
    inverse: str
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    symmetric: bool = False
    transitive: bool = False
    weaker: str = ""
    denial: str = ""
    functional: tuple[str, ...] = ()

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
    *("Disease", "PhenotypicFeature", "Gene", "GeneticInheritance", "Onset", "ClinicalCourse"),
    *("ClinicalModifier", "ClinicalAttribute", "OntologyClass"),
    # What is given or done, and what it acts on.
    *("Drug", "ChemicalEntity", "SmallMolecule", "MolecularMixture", "Food", "Device"),
    *("Procedure", "Treatment", "ExposureEvent"),
    *("Protein", "ProteinDomain", "GeneFamily", "MacromolecularComplex", "Transcript"),
    *("SequenceVariant", "Pathway", "BiologicalProcess", "MolecularActivity"),
    # Where it happens.
    *("CellularComponent", "Cell", "AnatomicalEntity", "GrossAnatomicalStructure"),
    *("OrganismTaxon", "LifeStage", "NamedThing"),
)

_CONDITIONS = ("Disease", "PhenotypicFeature")
#: Biolink's *chemical or drug or treatment*; a protein or a cell can be given as a drug.
_TREATMENTS = (
    *("Drug", "ChemicalEntity", "SmallMolecule", "MolecularMixture", "Food", "Device"),
    *("Procedure", "Treatment", "Protein", "Cell"),
)
_ATTRIBUTES = ("Onset", "ClinicalCourse", "ClinicalModifier", "ClinicalAttribute")
_ASSOCIATED = "gene_associated_with_condition"

_CLINICAL = (
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
    Predicate("has_attribute", "is_attribute_of", domain=("Disease",), range=_ATTRIBUTES),
    Predicate(
        _ASSOCIATED, "condition_associated_with_gene", domain=("Gene",), range=("Disease",)
    ),
    # Taxa, processes and substances cause and contribute too; only genes have a weaker form.
    Predicate("causes", "caused_by", weaker=_ASSOCIATED),
    Predicate("contributes_to", "contribution_from", weaker=_ASSOCIATED),
    Predicate("manifestation_of", "has_manifestation", range=_CONDITIONS),
    Predicate(
        "treats", "treated_by", _TREATMENTS, _CONDITIONS, weaker="ameliorates_condition"
    ),
    Predicate("contraindicated_in", "has_contraindication", _TREATMENTS, _CONDITIONS),
    Predicate(
        "in_taxon",
        "taxon_of",
        range=("OrganismTaxon",),
        functional=("Gene", "Protein", "Transcript", "SequenceVariant"),
    ),
    # A protein is made by one gene, a variant lies in one.
    Predicate("gene_product_of", "has_gene_product", functional=("Protein", "Transcript")),
    Predicate(
        "is_sequence_variant_of", "has_sequence_variant", functional=("SequenceVariant",)
    ),
)  # fmt: skip

#: Relations between what is given and a condition, wider than *treats*.
_CARE = {
    "ameliorates_condition": "condition_ameliorated_by",
    "exacerbates_condition": "condition_exacerbated_by",
    "preventative_for_condition": "condition_prevented_by",
    "applied_to_treat": "treatment_applications_from",
    "studied_to_treat": "treated_in_studies_by",
    "has_side_effect": "is_side_effect_of",
    "diagnoses": "is_diagnosed_by",
}

#: How one thing changes another; each of them implies *affects*.
_EFFECTS = {
    "positively_regulates": "positively_regulated_by",
    "negatively_regulates": "negatively_regulated_by",
    "regulates": "regulated_by",
    "disrupts": "disrupted_by",
    "affects_likelihood_of": "likelihood_affected_by",
} | {
    f"{change}_{what}": f"{what.rsplit('_', 1)[0]}_{change[:-1]}d_by"
    for what in (
        *("activity_of", "abundance_of", "expression_of", "synthesis_of", "degradation_of"),
        *("transport_of", "stability_of", "response_to"),
    )
    for change in ("increases", "decreases")
}

_PARTS_AND_PLACES = {
    "part_of": "has_part",
    "has_part": "part_of",
    "member_of": "has_member",
    "located_in": "location_of",
    "occurs_in": "contains_process",
    "expressed_in": "expresses",
    "disease_has_location": "location_of_disease",
    "disease_has_basis_in": "occurs_in_disease",
    "develops_from": "develops_into",
    "derives_from": "derives_into",
}

_DOINGS = {
    "affects": "affected_by",
    "participates_in": "has_participant",
    "has_participant": "participates_in",
    "actively_involved_in": "actively_involves",
    "capable_of": "can_be_carried_out_by",
    "enables": "enabled_by",
    "catalyzes": "has_catalyst",
    "has_input": "is_input_of",
    "has_output": "is_output_of",
    "produces": "produced_by",
    "precedes": "preceded_by",
    "has_metabolite": "is_metabolite_of",
    "has_active_ingredient": "is_active_ingredient_of",
    "has_chemical_role": "chemical_role_of",
    "biomarker_for": "has_biomarker",
}

#: Symmetric relations and the weaker form of each.
_SYMMETRIC = {
    "related_to": "",
    "associated_with": "",
    "interacts_with": "",
    "similar_to": "",
    "close_match": "",
    "coexists_with": "",
    "overlaps": "",
    "physically_interacts_with": "",
    "directly_physically_interacts_with": "physically_interacts_with",
    "in_complex_with": "coexists_with",
    "chemically_similar_to": "similar_to",
    "homologous_to": "similar_to",
    "correlated_with": "",
    "positively_correlated_with": "correlated_with",
    "negatively_correlated_with": "correlated_with",
}


def _table() -> Iterable[Predicate]:
    yield from _CLINICAL
    yield from (Predicate(*names, range=_CONDITIONS) for names in _CARE.items())
    yield from (Predicate(*names, weaker="affects") for names in _EFFECTS.items())
    for name, inverse in _PARTS_AND_PLACES.items():
        yield Predicate(name, inverse, transitive=name in ("part_of", "has_part", "located_in"))
    yield from (Predicate(*names) for names in _DOINGS.items())
    for name, weaker in _SYMMETRIC.items():
        yield Predicate(name, name, symmetric=True, weaker=weaker)


PREDICATES: dict[str, Predicate] = {predicate.name: predicate for predicate in _table()}

#: Names that Biolink had before 4.0, or that sources use, and the name of today.
FORMER: dict[str, str] = {
    "affects_risk_for": "affects_likelihood_of",
    "ameliorates": "ameliorates_condition",
    "exacerbates": "exacerbates_condition",
    "prevents": "preventative_for_condition",
    "contraindicated_for": "contraindicated_in",
    "molecularly_interacts_with": "physically_interacts_with",
    "directly_interacts_with": "directly_physically_interacts_with",
    "is_a": "subclass_of",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")
_SIGNS = re.compile(r"[^a-z0-9]+")
_BACKWARDS = {one.inverse: one.name for one in PREDICATES.values() if one.inverse not in PREDICATES}


def active(name: str) -> tuple[str, bool]:
    """Return the name under which a relation is stored, and whether its ends change places.

    Takes any spelling in use: ``biolink:treated_by``, ``treated by``, a former name. A name that
    the table does not know is returned in snake case, without signs, and its ends stay: it
    becomes a file name and a relationship type.

    Example:
        >>> active("biolink:treated_by"), active("decreases activity of")
        (('treats', True), ('decreases_activity_of', False))
        >>> active("affects risk for"), active("hasPhenotype")
        (('affects_likelihood_of', False), ('has_phenotype', False))
    """
    bare = _CAMEL.sub("_", name.strip().removeprefix("biolink:"))
    snake = _SIGNS.sub("_", bare.lower()).strip("_")
    snake = FORMER.get(snake, snake)
    turned = _BACKWARDS.get(snake, "")
    return (turned, True) if turned else (snake, False)


def relation(name: str) -> Predicate:
    """Return the predicate of that name; one that the table does not know has no logic.

    Example:
        >>> relation("frobs").denied_relationship, relation("treats").weaker
        ('NOT_FROBS', 'ameliorates_condition')
    """
    return PREDICATES.get(name) or Predicate(name, f"inverse_of_{name}")


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
