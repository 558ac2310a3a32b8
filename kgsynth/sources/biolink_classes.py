"""How the classes of the Biolink Model lie below each other: which of several is the narrowest.

Some graphs give a node its class and everything above it, in any order. Mixins (classes that only
lend properties) are never what a node is.

Source: Biolink Model 4.2, https://biolink.github.io/biolink-model/ (CC0).
"""

from collections.abc import Iterable

#: Class -> what it is a kind of, for each class that a node of a medical graph may have.
_ABOVE: dict[str, tuple[str, ...]] = {
    "Entity": ("NamedThing",),
    "NamedThing": (
        *("BiologicalEntity", "ChemicalEntity", "OrganismTaxon", "InformationContentEntity"),
        *("PhysicalEntity", "Activity", "Procedure", "Phenomenon", "Device", "Treatment"),
        *("ClinicalEntity", "PlanetaryEntity", "AdministrativeEntity", "Attribute", "Event"),
        *("RetrievalSource", "ExposureEvent"),
    ),
    "Attribute": ("OrganismAttribute", "ClinicalAttribute", "SocioeconomicAttribute"),
    "ClinicalAttribute": ("Onset", "ClinicalCourse", "ClinicalModifier", "ClinicalMeasurement"),
    "OrganismAttribute": (
        "PhenotypicQuality",
        "GeneticInheritance",
        "BiologicalSex",
        "Inheritance",
    ),
    "BiologicalEntity": (
        *("DiseaseOrPhenotypicFeature", "BiologicalProcessOrActivity", "OrganismalEntity"),
        *("Gene", "Genome", "Genotype", "Haplotype", "SequenceVariant", "Polypeptide"),
        *("GeneFamily", "NucleicAcidEntity", "NucleicAcidSequenceMotif", "ProteinDomain"),
        *("ProteinFamily", "MacromolecularComplex", "GeneticInheritance", "Protein"),
        *("RegulatoryRegion", "GenomicEntity", "ReagentTargetedGene"),
    ),
    "DiseaseOrPhenotypicFeature": ("Disease", "PhenotypicFeature"),
    "PhenotypicFeature": ("BehavioralFeature", "ClinicalFinding"),
    "BiologicalProcessOrActivity": ("BiologicalProcess", "MolecularActivity"),
    "BiologicalProcess": ("Pathway", "PhysiologicalProcess", "PathologicalProcess", "Behavior"),
    "OrganismalEntity": (
        *("AnatomicalEntity", "IndividualOrganism", "PopulationOfIndividualOrganisms"),
        *("LifeStage", "CellLine", "Virus", "Bacterium", "CellularOrganism"),
    ),
    "AnatomicalEntity": ("CellularComponent", "Cell", "GrossAnatomicalStructure"),
    "PhysicalEntity": ("MaterialSample",),
    "Polypeptide": ("Protein",),
    "Protein": ("ProteinIsoform",),
    "SequenceVariant": ("Snv",),
    "NucleicAcidEntity": ("Transcript", "Exon", "CodingSequence", "GenomicSequence"),
    "Transcript": ("RNAProduct",),
    "RNAProduct": ("NoncodingRNAProduct", "RNAProductIsoform"),
    "NoncodingRNAProduct": ("MicroRNA", "SiRNA"),
    "ChemicalEntity": (
        *("MolecularEntity", "ChemicalMixture", "EnvironmentalFoodContaminant", "FoodAdditive"),
        *("ChemicalRole", "NucleicAcidEntity"),
    ),
    "MolecularEntity": ("SmallMolecule", "NucleicAcidEntity"),
    "ChemicalMixture": ("MolecularMixture", "ComplexMolecularMixture", "ProcessedMaterial", "Food"),
    "MolecularMixture": ("Drug",),
    "ExposureEvent": ("ChemicalExposure", "EnvironmentalExposure", "DrugExposure"),
    "Treatment": ("Drug",),
}
#: Classes that only lend properties to others.
_MIXINS = frozenset(
    {
        *("ThingWithTaxon", "PhysicalEssence", "PhysicalEssenceOrOccurrent", "Occurrent"),
        *("GeneOrGeneProduct", "MacromolecularMachineMixin", "GeneProductMixin", "OntologyClass"),
        *("ChemicalEntityOrGeneOrGeneProduct", "ChemicalEntityOrProteinOrPolypeptide"),
        *("SubjectOfInvestigation", "EpigenomicEntity", "GenomicEntity", "PolypeptideMixin"),
        *("ChemicalOrDrugOrTreatment", "GeneGroupingMixin", "BiologicalEntityMixin", "Outcome"),
    }
)
_PARENTS: dict[str, set[str]] = {}
for _parent, _children in _ABOVE.items():
    for _child in _children:
        _PARENTS.setdefault(_child, set()).add(_parent)
#: Any spelling in use, in lower case and without blanks, to the class.
_SPELLINGS = {
    name.lower(): name for name in (*_ABOVE, *_PARENTS, *_MIXINS, "OntologyClass", "Disease")
}


def class_name(text: str) -> str:
    """Return a class as Biolink spells it; one that is not known here stays as it is.

    Example:
        >>> class_name("biolink:gene"), class_name("phenotypic feature"), class_name("biolink:Xyz")
        ('Gene', 'PhenotypicFeature', 'Xyz')
    """
    plain = text.strip().removeprefix("biolink:")
    return _SPELLINGS.get(plain.lower().replace(" ", "").replace("_", ""), plain)


def most_specific(texts: Iterable[str]) -> str:
    """Return the narrowest of several classes: none of the others lies below it.

    Of two that are equally narrow the first counts; a class that is not known here counts before
    a wide one and after a narrow one; a mixin only where there is nothing else.

    Example:
        >>> most_specific(["biolink:NamedThing", "biolink:Gene", "biolink:GeneOrGeneProduct"])
        'Gene'
        >>> most_specific(["biolink:NamedThing", "biolink:Gadget"]), most_specific([])
        ('Gadget', '')
    """
    names = list(dict.fromkeys(name for name in map(class_name, texts) if name))
    real = [name for name in names if name not in _MIXINS] or names
    above = {parent for name in real for parent in ancestors(name)}
    narrow = [name for name in real if name not in above]
    known = [name for name in narrow if name in _PARENTS and name != "NamedThing"]
    unknown = [name for name in narrow if name not in _PARENTS and name not in _ABOVE]
    return (known or unknown or narrow or [""])[0]


def ancestors(name: str) -> set[str]:
    """Return every class above one.

    Example:
        >>> sorted(ancestors("Gene"))
        ['BiologicalEntity', 'Entity', 'NamedThing']
    """
    found: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = _PARENTS.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found
