"""The exact solver means what the contract's table says, seen on statements of the real graph."""

from collections import defaultdict
from pathlib import Path

import pytest

from kgsynth.errors import UnknownEntityError
from kgsynth.graph.answers import answers, solutions
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Query, QueryEdge, Variable

D, D2, G, P = (
    Variable("?d", "Disease"),
    Variable("?d2", "Disease"),
    Variable("?g", "Gene"),
    Variable("?p", "PhenotypicFeature"),
)
HAS, LINK = "has_phenotype", "gene_associated_with_condition"
PTOSIS, SEIZURE = "HP:0000508", "HP:0001250"
SCN4A = "NCBIGene:6329"


class Naive:
    """The same statements in dictionaries, read from the edge table row by row."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.objects: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.contested: set[tuple[str, str, str]] = set()
        self.known: dict[str, set[str]] = {}
        columns = ("subject", "predicate", "object", "negated", "contested")
        for edge in graph.edges().select(columns).to_pylist():
            if not edge["negated"]:
                key = edge["subject"], edge["predicate"]
                self.objects[key].add(edge["object"])
                if edge["contested"]:
                    self.contested.add((*key, edge["object"]))

    def above(self, term: str) -> set[str]:
        if term not in self.known:
            self.known[term] = self.climb(term)
        return self.known[term]

    def climb(self, term: str) -> set[str]:
        seen, stack = {term}, [term]
        while stack:
            fresh = self.objects[stack.pop(), "subclass_of"] - seen
            seen |= fresh
            stack.extend(fresh)
        return seen

    def holders(self, term: str, *, admit: bool) -> set[str]:
        found = set()
        for (subject, predicate), objects in list(self.objects.items()):
            if predicate == HAS:
                kept = {o for o in objects if admit or (subject, HAS, o) not in self.contested}
                if any(term in self.above(o) for o in kept):
                    found.add(subject)
        return found


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


@pytest.fixture(scope="module")
def naive(graph: KnowledgeGraph) -> Naive:
    return Naive(graph)


def ask(target: str, variables: tuple[Variable, ...], *edges: QueryEdge) -> Query:
    return Query(target, variables, edges, ())


@pytest.mark.parametrize("admit", [True, False])
def test_a_finding_holds_by_closure_and_disputes_as_asked(
    graph: KnowledgeGraph, naive: Naive, admit: bool
) -> None:
    for term in (PTOSIS, SEIZURE, *sorted({o for _, _, o in naive.contested})[:5]):
        found = answers(graph, ask("?d", (D,), QueryEdge("?d", HAS, term)), admit)
        assert set(found) == naive.holders(term, admit=admit)


def test_a_denial_admits_what_only_a_dispute_would_rule_out(
    graph: KnowledgeGraph, naive: Naive
) -> None:
    subject, _, term = min(item for item in naive.contested if item[1] == HAS)
    query = ask("?d", (D,), QueryEdge("?d", HAS, term, True))
    others = naive.objects[subject, HAS] - {term}
    if not any(term in naive.above(other) for other in others):
        assert subject in answers(graph, query)
    assert subject not in answers(graph, query, admit_contested=False)


def test_a_variable_finding_is_a_most_specific_one(graph: KnowledgeGraph, naive: Naive) -> None:
    disease = "MONDO:0008224"  # hyperkalemic periodic paralysis
    query = ask("?p", (P, D), QueryEdge("?d", HAS, "?p"), QueryEdge(SCN4A, LINK, "?d"))
    found = {s["?p"] for s in solutions(graph, query) if s["?d"] == disease}
    held = naive.objects[disease, HAS]
    covered = {term for other in held for term in naive.above(other) - {other}}
    assert found == held - covered


def test_subclass_of_a_constant_is_at_any_distance_and_proper(
    graph: KnowledgeGraph, naive: Naive
) -> None:
    found = answers(graph, ask("?p", (P,), QueryEdge("?p", "subclass_of", PTOSIS)))
    below = {
        term
        for (term, predicate) in list(naive.objects)
        if predicate == "subclass_of" and PTOSIS in naive.above(term) - {term}
    }
    assert set(found) == below
    assert PTOSIS not in found


def test_variables_of_one_category_are_different_entities(graph: KnowledgeGraph) -> None:
    query = ask("?d2", (D, D2), QueryEdge(SCN4A, LINK, "?d"), QueryEdge(SCN4A, LINK, "?d2"))
    found = list(solutions(graph, query))
    assert found
    assert all(one["?d"] != one["?d2"] for one in found)


def test_a_cause_counts_association_where_that_admits_and_not_where_not(
    graph: KnowledgeGraph, naive: Naive
) -> None:
    query = ask("?d", (D,), QueryEdge(SCN4A, "causes", "?d"))
    assert set(answers(graph, query)) == naive.objects[SCN4A, LINK]
    assert set(answers(graph, query, admit_contested=False)) == naive.objects[SCN4A, "causes"]


def test_an_entity_that_the_graph_lacks_is_an_error(graph: KnowledgeGraph) -> None:
    with pytest.raises(UnknownEntityError, match="HP:9999999"):
        answers(graph, ask("?d", (D,), QueryEdge("?d", HAS, "HP:9999999")))
