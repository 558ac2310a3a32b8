"""A statement reads the same whether its columns are coded or not."""

import pytest

from kgsynth.graph import statements as module
from kgsynth.graph.example import example_graph
from kgsynth.graph.statements import Statements


def test_coded_statements_are_those_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    table = example_graph().edges()
    plain = [Statements(table).edge(row) for row in range(table.num_rows)]
    monkeypatch.setattr(module, "_OFTEN", 0)
    assert [Statements(table).edge(row) for row in range(table.num_rows)] == plain


def test_a_statement_is_found_by_its_ends_and_no_other_is() -> None:
    graph = example_graph()
    every = [graph.edge_at(row) for row in range(graph.n_edges)]
    for row, edge in enumerate(every):
        found = graph.edge_row(edge.subject, edge.predicate, edge.object, negated=edge.negated)
        assert found == row
    held = {(edge.subject, edge.predicate, edge.object, edge.negated) for edge in every}
    ends = sorted({end for edge in every for end in (edge.subject, edge.object)})
    for subject in ends:
        for object_ in ends:
            found = graph.edge_row(subject, "has_phenotype", object_)
            assert (found is not None) == ((subject, "has_phenotype", object_, False) in held)
