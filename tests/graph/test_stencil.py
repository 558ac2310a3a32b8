"""A query's text is the same whether its shape was seen before or not."""

from kgsynth.graph.cypher import to_cypher, to_cypher_view
from kgsynth.graph.sparql import to_sparql
from kgsynth.records import Binding, Query, QueryEdge, Variable

#: Paresthesia and ptosis; one of the two is no plain word of any store.
ONE, OTHER, ODD = "HP:0003401", "HP:0000508", "X'Y:\\1"


def query(*findings: str) -> Query:
    edges = tuple(QueryEdge("?d", "has_phenotype", finding) for finding in findings)
    return Query("?d", (Variable("?d", "Disease"),), edges, (findings[0], "?d"))


def texts(one: Query) -> list[str]:
    view = to_cypher_view(one, (Binding("?d", "MONDO:0010526"),))  # Fabry disease
    return [to_cypher(one), view, to_sparql(one)]


def test_another_entity_in_the_same_shape_only_takes_its_place() -> None:
    first, second = texts(query(ONE, OTHER)), texts(query(OTHER, ONE))
    swapped = [
        text.replace(number, "@").replace(other, number).replace("@", other)
        for text in second
        for number, other in [(ONE.partition(":")[2], OTHER.partition(":")[2])]
    ]
    assert first == swapped


def test_an_entity_that_stands_twice_is_the_same_both_times() -> None:
    twice, once = texts(query(ONE, ONE)), texts(query(ONE, OTHER))
    assert [text.replace(OTHER.partition(":")[2], ONE.partition(":")[2]) for text in once] == twice


def test_quotes_and_strokes_in_an_id_end_no_text() -> None:
    cypher, view, _ = texts(query(ODD))
    assert r"'X\'Y:\\1'" in cypher
    assert r"'X\'Y:\\1'" in view
