"""Queries as Cypher text; that Neo4j means the same by it is tested in tests/real."""

import pytest

from kgsynth.graph.cypher import to_cypher, to_cypher_view
from kgsynth.records import Binding, Query, QueryEdge, Variable

HAS, LINK = "has_phenotype", "gene_associated_with_condition"
DISEASE = Variable("?d1", "Disease")
# Hyperkalemic periodic paralysis, by its attacks of weakness and its myotonia, to SCN4A and on to
# a retinal finding of another disease that lacks ptosis.
QUERY = Query(
    "?p",
    (DISEASE, Variable("?g", "Gene"), Variable("?d2", "Disease"), Variable("?p", "Phenotype")),
    (
        QueryEdge("?d1", HAS, "HP:0003752"),
        QueryEdge("?d1", HAS, "HP:0002486"),
        QueryEdge("?g", LINK, "?d1"),
        QueryEdge("?g", "causes", "?d2"),
        QueryEdge("?d2", HAS, "HP:0000508", negated=True),
        QueryEdge("?d2", HAS, "?p"),
        QueryEdge("?p", "subclass_of", "HP:0000479"),
    ),
    ("HP:0003752", "?d1", "?g", "?d2", "?p"),
)


def test_the_text_follows_the_order_of_solving() -> None:
    assert to_cypher(QUERY).splitlines() == [
        "MATCH (d1:Disease)-[:HAS_PHENOTYPE]->()-[:SUBCLASS_OF*0..]->(:Entity {id: 'HP:0003752'})",
        "WITH DISTINCT d1",
        "WHERE EXISTS { (d1)-[:HAS_PHENOTYPE]->()-[:SUBCLASS_OF*0..]->"
        "(:Entity {id: 'HP:0002486'}) }",
        "MATCH (g:Gene)-[:GENE_ASSOCIATED_WITH_CONDITION]->(d1)",
        "MATCH (g)-[:CAUSES|GENE_ASSOCIATED_WITH_CONDITION]->(d2:Disease)",
        "WHERE d2 <> d1",
        "  AND NOT EXISTS { (d2)-[:HAS_PHENOTYPE {contested: false}]->()-[:SUBCLASS_OF*0..]->"
        "(:Entity {id: 'HP:0000508'}) }",
        "MATCH (d2)-[:HAS_PHENOTYPE]->(p:Phenotype)",
        "WHERE NOT EXISTS { (d2)-[:HAS_PHENOTYPE {contested: false}]->()-[:SUBCLASS_OF*1..]->(p) }",
        "  AND EXISTS { (p)-[:SUBCLASS_OF*1..]->(:Entity {id: 'HP:0000479'}) }",
        "RETURN DISTINCT p.id AS answer",
    ]


def test_the_view_has_one_path_for_the_spine_and_one_for_each_clue() -> None:
    bound = {"?d1": "MONDO:1", "?g": "NCBIGene:2", "?d2": "MONDO:3", "?p": "HP:4"}
    parts = to_cypher_view(QUERY, [Binding(*pair) for pair in bound.items()]).split("\nUNION\n")
    assert parts[0].splitlines() == [
        "MATCH path = (:Entity {id: 'MONDO:1'})",
        "  <-[:GENE_ASSOCIATED_WITH_CONDITION {contested: false}]-(:Entity {id: 'NCBIGene:2'})",
        "  -[:CAUSES {contested: false}]->(:Entity {id: 'MONDO:3'})",
        "  -[:HAS_PHENOTYPE {contested: false}]->(:Entity {id: 'HP:4'})",
        "RETURN path",
    ]
    assert parts[3].splitlines() == [
        "MATCH path = (:Entity {id: 'MONDO:3'})",
        "  -[:LACKS_PHENOTYPE {contested: false}]->()<-[:SUBCLASS_OF*0..]-"
        "(:Entity {id: 'HP:0000508'})",
        "RETURN path ORDER BY length(path) LIMIT 1",
    ]
    assert len(parts) == 5


def test_a_query_without_a_positive_clue_starts_from_its_category() -> None:
    query = Query("?d1", (DISEASE,), (QueryEdge("?d1", HAS, "HP:1", negated=True),), ())
    assert to_cypher(query).startswith("MATCH (d1:Disease)\nWHERE NOT EXISTS {")


@pytest.mark.parametrize(
    ("curie", "spelled"),
    [
        ("HP:1", "'HP:1'"),
        ("O'Nyong", r"'O\'Nyong'"),
        ("a\\", r"'a\\'"),
        ("\\'", r"'\\\''"),
        ("a\nb", r"'a\nb'"),
        ('say "x"', "'say \"x\"'"),
    ],
)
def test_an_id_never_leaves_its_quotes(curie: str, spelled: str) -> None:
    query = Query("?d1", (DISEASE,), (QueryEdge("?d1", HAS, curie),), ())
    assert f"(:Entity {{id: {spelled}}})" in to_cypher(query)


def test_a_word_that_is_no_name_is_quoted() -> None:
    query = Query("?d 1", (Variable("?d 1", "Dis`ease"),), (QueryEdge("?d 1", HAS, "HP:1"),), ())
    assert to_cypher(query).startswith("MATCH (`d 1`:`Dis``ease`)-")


def test_an_unknown_predicate_is_asked_by_its_own_name() -> None:
    query = Query("?d1", (DISEASE,), (QueryEdge("?d1", "cures", "HP:1"),), ())
    assert to_cypher(query).startswith("MATCH (d1:Disease)-[:CURES]->(")


def test_a_hostile_predicate_stays_within_its_quotes() -> None:
    edge = QueryEdge("?d1", "x`]->() DETACH DELETE y", "HP:1")
    assert "-[:`X``]->() DETACH DELETE Y`]->" in to_cypher(Query("?d1", (DISEASE,), (edge,), ()))
