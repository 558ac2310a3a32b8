"""What published patients tell of the clues of rows: present, absent, or nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.datasets.consistency import by_disease, clues_in_cases, summarize
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Answer, Query, QueryEdge, Row, Variable
from kgsynth.sources.phenopackets import Case
from tests.factories import CHAINS, make_row

HYPER = "MONDO:0008224"  # hyperkalemic periodic paralysis
MYOTONIA, PTOSIS, EPISODIC, WEAKNESS = "HP:0002486", "HP:0000508", "HP:0003752", "HP:0001324"


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


def case(*observed: str, excluded: tuple[str, ...] = ()) -> Case:
    # The disease goes by OMIM's id, as patients' records do.
    return Case("c", "c.json", ("OMIM:170500",), "", "", "", observed, excluded, (), (), ())


def exclusion() -> Row:
    edges = (
        QueryEdge("?d", "has_phenotype", MYOTONIA),
        QueryEdge("?d", "has_phenotype", WEAKNESS),
        QueryEdge("?d", "has_phenotype", PTOSIS, True),
    )
    query = Query("?d", (Variable("?d", "Disease"),), edges, ())
    answers = (Answer(HYPER, "hyperkalemic periodic paralysis", ()),)
    return replace(make_row(CHAINS[0]), kind="exclusion", query=query, answers=answers)


def test_a_clue_is_borne_out_by_what_is_more_specific_and_refuted_by_what_is_wider(
    graph: KnowledgeGraph,
) -> None:
    cases = (case(MYOTONIA, EPISODIC), case(excluded=(WEAKNESS, PTOSIS)), case(PTOSIS))
    clues = list(clues_in_cases(graph, by_disease(graph, cases), [exclusion()]))
    assert [(one.term, one.present, one.absent, one.silent) for one in clues] == [
        (MYOTONIA, 1, 0, 2),
        (WEAKNESS, 1, 1, 1),
        (PTOSIS, 1, 1, 1),
    ]
    said, denied = summarize(clues, {"exclusion": 1})
    assert [said[key] for key in ("clues_say", "clues", "present", "absent")] == [
        "present",
        2,
        2,
        1,
    ]
    assert (denied["clues_say"], denied["clues"], denied["clues_against"]) == ("absent", 1, 0)


def test_rows_of_other_kinds_and_diseases_without_patients_tell_nothing(
    graph: KnowledgeGraph,
) -> None:
    patients = by_disease(graph, [case(MYOTONIA)])
    assert list(clues_in_cases(graph, patients, [make_row(CHAINS[0])])) == []
    assert list(clues_in_cases(graph, {}, [exclusion()])) == []
