"""What a dataset covers of its graph, and what is named as falling short."""

from dataclasses import replace

from kgsynth.datasets.coverage import Coverage, CoverageCount, SpecialtyCover, Wanted
from kgsynth.graph.example import FABRY, GAUCHER, example_graph
from kgsynth.paths.focus import Focus
from kgsynth.records import Answer, Binding, EntityRef, Query, QueryEdge, Row, Variable
from tests.factories import make_rows

SPLEEN, KIDNEY, SKIN = "HP:0001744", "HP:0000083", "HP:0001014"


def asked(disease: str, *findings: str) -> Row:
    """Return a row that asks which disease has some findings."""
    edges = tuple(QueryEdge("?d1", "has_phenotype", finding) for finding in findings)
    query = Query("?d1", (Variable("?d1", "Disease"),), edges, ())
    graph = example_graph()
    nodes = [graph.node(one) for one in (disease, *findings)]
    return replace(
        make_rows(1)[0],
        kind="intersection",
        pair="",
        query=query,
        bindings=(Binding("?d1", disease),),
        answers=(Answer(disease, graph.node(disease).name, ()),),
        entities=tuple(EntityRef(node.id, node.name, node.category) for node in nodes),
    )


def test_coverage_counts_entities_specialties_and_quotas() -> None:
    # Each finding of the example graph is a branch of its own.
    wanted = [
        Wanted("specialty=HP:0001744:2", Focus(SPLEEN), 2),
        Wanted("category=Disease:3", Focus(categories=("Disease",)), 3),
    ]
    count = CoverageCount(example_graph(), wanted)
    for row in (asked(FABRY, KIDNEY, SKIN), asked(FABRY, KIDNEY), asked(GAUCHER, SPLEEN)):
        count.add(row)
    found = count.result()
    assert found.diseases == (2, 2)
    assert found.entities == {"PhenotypicFeature": (3, 5), "Disease": (2, 3)}
    assert found.quotas == (("specialty=HP:0001744:2", 2, 1), ("category=Disease:3", 3, 3))
    assert found.unmet == ["quota specialty=HP:0001744:2: 1 of 2 rows"]
    assert {one.id: (one.rows, one.share) for one in found.specialties} == {
        KIDNEY: (2, 0.5),
        SKIN: (1, 0.1667),
        SPLEEN: (1, 0.3333),
        "HP:0003401": (0, 0.0),
    }
    assert found.as_dict()["shortfalls"] == found.shortfalls


def test_a_specialty_far_below_its_share_in_the_graph_is_named_once_rows_are_many() -> None:
    branches = (
        SpecialtyCover("HP:1", "heart", 9, 0.10, 0.12),
        SpecialtyCover("HP:2", "nerves", 5, 0.10, 0.30),
        SpecialtyCover("HP:3", "voice", 0, 0.0, 0.005),
    )
    some = Coverage(99, {}, (0, 0), (0, 0), 0, branches, {}, {}, ())
    assert some.shortfalls == []
    assert replace(some, rows=100).shortfalls == [
        "nerves: 10.0% of the clues, 30.0% of what is recorded"
    ]
