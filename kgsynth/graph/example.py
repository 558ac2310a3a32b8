"""A graph of a dozen entities for examples, notebooks and tests: Fabry disease and its kin.

The facts are those of HPO annotations 2025-01-16 and Mondo v2025-01-07.
"""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from kgsynth.graph.build import Loaded, build
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.write import write_graph
from kgsynth.sources.base import ENTITIES, MAPPINGS, STATEMENTS, Manifest, SourceData, table

FABRY, GAUCHER, STORAGE = "MONDO:0010526", "MONDO:0018150", "MONDO:0002561"
LINKED = "gene_associated_with_condition"

#: Id, name, category, synonyms.
ENTITIES_GIVEN: tuple[tuple[str, str, str, list[str]], ...] = (
    (FABRY, "Fabry disease", "Disease", ["Anderson-Fabry disease"]),
    (GAUCHER, "Gaucher disease", "Disease", ["Glucocerebrosidase deficiency"]),
    (STORAGE, "lysosomal storage disease", "Disease", []),
    ("NCBIGene:2717", "GLA", "Gene", ["alpha-galactosidase A"]),
    ("NCBIGene:2629", "GBA1", "Gene", ["glucosylceramidase beta 1"]),
    ("HP:0000118", "Phenotypic abnormality", "PhenotypicFeature", []),
    ("HP:0001014", "Angiokeratoma", "PhenotypicFeature", []),
    ("HP:0003401", "Paresthesia", "PhenotypicFeature", ["Pins and needles feeling"]),
    ("HP:0001744", "Splenomegaly", "PhenotypicFeature", ["Enlarged spleen"]),
    ("HP:0000083", "Renal insufficiency", "PhenotypicFeature", ["Renal failure"]),
    ("HP:0001417", "X-linked inheritance", "GeneticInheritance", []),
    ("HP:0000007", "Autosomal recessive inheritance", "GeneticInheritance", []),
)

#: Subject, predicate, object.
STATEMENTS_GIVEN: tuple[tuple[str, str, str], ...] = (
    (FABRY, "subclass_of", STORAGE),
    (GAUCHER, "subclass_of", STORAGE),
    (FABRY, "has_phenotype", "HP:0001014"),
    (FABRY, "has_phenotype", "HP:0003401"),
    (FABRY, "has_phenotype", "HP:0000083"),
    (GAUCHER, "has_phenotype", "HP:0001744"),
    (FABRY, "has_mode_of_inheritance", "HP:0001417"),
    (GAUCHER, "has_mode_of_inheritance", "HP:0000007"),
    ("NCBIGene:2717", LINKED, FABRY),
    ("NCBIGene:2717", "causes", FABRY),
    ("NCBIGene:2629", LINKED, GAUCHER),
    ("HP:0001014", "subclass_of", "HP:0000118"),
    ("HP:0003401", "subclass_of", "HP:0000118"),
    ("HP:0001744", "subclass_of", "HP:0000118"),
    ("HP:0000083", "subclass_of", "HP:0000118"),
)

_MAPPINGS_GIVEN = ((FABRY, "OMIM:301500"), (FABRY, "ORPHA:324"), (GAUCHER, "ORPHA:355"))


@functools.cache
def example_graph() -> KnowledgeGraph:
    """Return the example graph, built once a process in a folder that is removed at its end.

    Example:
        >>> example_graph().name_of(0)
        'Autosomal recessive inheritance'
    """
    folder = tempfile.mkdtemp(prefix="kgsynth-example-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    place = Path(folder) / "graph"
    write_graph(build({"example": Loaded(_manifest(), _said(), ())}), place)
    return KnowledgeGraph.load(place)


def _said() -> SourceData:
    ids, names, categories, synonyms = (
        list(column) for column in zip(*ENTITIES_GIVEN, strict=True)
    )
    subjects, predicates, objects = (list(column) for column in zip(*STATEMENTS_GIVEN, strict=True))
    size = len(subjects)
    statements = {
        "subject": subjects,
        "predicate": predicates,
        "object": objects,
        "negated": [False] * size,
        "reference": ["OMIM:301500"] * size,
        "line": list(range(1, size + 1)),
    }
    entities = {"id": ids, "name": names, "category": categories, "synonyms": synonyms}
    blank: list[list[str]] = [[] for _ in ids]
    entities |= {"lay": blank, "related_synonyms": blank, "alt_ids": blank}
    mappings = {
        "subject": [one for one, _ in _MAPPINGS_GIVEN],
        "object": [other for _, other in _MAPPINGS_GIVEN],
        "line": list(range(1, len(_MAPPINGS_GIVEN) + 1)),
    }
    return SourceData(
        version="v2025-01-16",
        files=(),
        entities=table(ENTITIES, entities, len(ids)),
        statements=table(STATEMENTS, statements, size),
        mappings=table(MAPPINGS, mappings, len(_MAPPINGS_GIVEN)),
    )


def _manifest() -> Manifest:
    return Manifest(
        name="example",
        title="Fabry disease and its kin",
        version="v2025-01-16",
        license="CC0-1.0",
        license_url="https://creativecommons.org/publicdomain/zero/1.0/",
        citation="HPO annotations 2025-01-16; Mondo v2025-01-07",
        url="https://monarchinitiative.org",
    )
