"""Which questions still stand with more annotations or fewer, on a graph of a few diseases."""

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kgsynth.cli import run
from kgsynth.cli.robustness import share_of
from kgsynth.datasets.files import write_rows
from kgsynth.datasets.robustness import Judge, RowOutcome, StepOutcome, measure
from kgsynth.errors import UsageError
from kgsynth.graph import example
from kgsynth.graph.build import Loaded, build
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.thinned import ThinnedGraph, thin
from kgsynth.graph.write import write_graph
from kgsynth.records import (
    Answer,
    Binding,
    Candidate,
    Option,
    ProofStep,
    Query,
    QueryEdge,
    Row,
    Variable,
)
from tests.factories import make_row

FABRY, GAUCHER = example.FABRY, example.GAUCHER
GLA = "NCBIGene:2717"
SKIN, TINGLING, SPLEEN, KIDNEY = "HP:0001014", "HP:0003401", "HP:0001744", "HP:0000083"

Said = tuple[tuple[str, str, str], ...]


def built(folder: Path, said: Said) -> KnowledgeGraph:
    """Return the example graph with other statements."""
    before = example.STATEMENTS_GIVEN
    try:
        example.STATEMENTS_GIVEN = said
        loaded = Loaded(example._manifest(), example._said(), ())
    finally:
        example.STATEMENTS_GIVEN = before
    write_graph(build({"example": loaded}), folder)
    return KnowledgeGraph.load(folder)


def case(*findings: str, **changes: object) -> Row:
    """Return the question which disease has these findings; it is Fabry disease."""
    edges = tuple(QueryEdge("?d", "has_phenotype", finding) for finding in findings)
    step = ProofStep(("?d",), tuple(range(len(findings))), (2, 1), 1, ())
    row = replace(
        make_row(),
        kind="intersection",
        query=Query("?d", (Variable("?d", "Disease"),), edges, ()),
        bindings=(Binding("?d", FABRY),),
        answers=(Answer(FABRY, "Fabry disease", ()),),
        steps=(step,),
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def chain() -> Row:
    """Return the question for the gene of the disease with two findings."""
    edges = (
        QueryEdge("?d", "has_phenotype", SKIN),
        QueryEdge("?d", "has_phenotype", KIDNEY),
        QueryEdge("?g", example.LINKED, "?d"),
    )
    variables = (Variable("?d", "Disease"), Variable("?g", "Gene"))
    steps = (ProofStep(("?d",), (0, 1), (2, 1), 2, ()), ProofStep(("?g",), (), (), 0, ()))
    return replace(
        make_row(),
        query=Query("?g", variables, edges, (SKIN, "?d", "?g")),
        bindings=(Binding("?d", FABRY), Binding("?g", GLA)),
        answers=(Answer(GLA, "GLA", ()),),
        steps=steps,
    )


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    return example.example_graph()


def more(tmp_path: Path, *said: tuple[str, str, str]) -> KnowledgeGraph:
    return built(tmp_path / "more", (*example.STATEMENTS_GIVEN, *said))


def fewer(tmp_path: Path, *left_out: tuple[str, str, str]) -> KnowledgeGraph:
    said = tuple(one for one in example.STATEMENTS_GIVEN if one not in left_out)
    return built(tmp_path / "fewer", said)


def step(*, unique: bool, kept: bool, margin: int = 1) -> tuple[StepOutcome, ...]:
    return (StepOutcome("first", "Disease", margin, unique, kept),)


def test_a_question_holds_in_its_own_graph(graph: KnowledgeGraph) -> None:
    wanted = RowOutcome("intersection", "open", 1, "holds", True, step(unique=True, kept=True))
    assert Judge(graph).outcome(case(SKIN, KIDNEY)) == wanted


def test_a_rival_with_all_clues_makes_a_question_ambiguous(tmp_path: Path) -> None:
    other = more(tmp_path, (GAUCHER, "has_phenotype", SKIN), (GAUCHER, "has_phenotype", KIDNEY))
    found = Judge(other).outcome(case(SKIN, KIDNEY))
    assert (found.code, found.right) == ("not_unique", False)
    assert found.steps == step(unique=False, kept=True)


def test_a_lost_clue_leaves_no_answer(tmp_path: Path) -> None:
    found = Judge(fewer(tmp_path, (FABRY, "has_phenotype", SKIN))).outcome(case(SKIN, KIDNEY))
    assert (found.code, found.steps) == ("clue_lost", step(unique=True, kept=False))


def test_a_rival_in_place_of_the_answer_changes_it(tmp_path: Path) -> None:
    said = [one for one in example.STATEMENTS_GIVEN if one != (FABRY, "has_phenotype", SKIN)]
    said += [(GAUCHER, "has_phenotype", SKIN), (GAUCHER, "has_phenotype", KIDNEY)]
    found = Judge(built(tmp_path / "other", tuple(said))).outcome(case(SKIN, KIDNEY))
    assert (found.code, found.steps) == ("answer_changed", step(unique=False, kept=False))


def test_a_lost_link_is_told_from_a_lost_clue(tmp_path: Path) -> None:
    lost = fewer(tmp_path, (GLA, example.LINKED, FABRY), (GLA, "causes", FABRY))
    found = Judge(lost).outcome(chain())
    assert (found.code, found.steps) == ("link_lost", step(unique=True, kept=True, margin=2))


def test_an_entity_that_is_not_there_is_said_to_be_unknown(graph: KnowledgeGraph) -> None:
    found = Judge(graph).outcome(case(SKIN, "HP:0000545"))
    assert (found.code, found.right, found.steps) == ("unknown_entity", False, ())


def test_entities_go_by_the_ids_of_the_other_graph(graph: KnowledgeGraph) -> None:
    named = case(
        SKIN,
        KIDNEY,
        bindings=(Binding("?d", "OMIM:301500"),),
        answers=(Answer("OMIM:301500", "Fabry disease", ()),),
    )
    assert Judge(graph).outcome(named).code == "holds"


def test_options_stay_right_where_only_what_is_no_option_comes_in(tmp_path: Path) -> None:
    other = more(tmp_path, (GAUCHER, "has_phenotype", SKIN), (GAUCHER, "has_phenotype", KIDNEY))
    ids = (FABRY, "MONDO:0002561")
    options = tuple(Option(k, k, one, one == FABRY, ()) for k, one in zip("AB", ids, strict=True))
    found = Judge(other).outcome(case(SKIN, KIDNEY, form="choice", options=options))
    assert (found.code, found.right) == ("not_unique", True)


def test_a_dual_holds_as_long_as_its_answer_does(tmp_path: Path, graph: KnowledgeGraph) -> None:
    query = Query(
        "?p",
        (Variable("?p", "PhenotypicFeature"),),
        (QueryEdge(FABRY, "has_phenotype", "?p"),),
        (),
    )
    asked = case(
        SKIN,
        kind="dual",
        form="yes_no",
        query=query,
        bindings=(Binding("?p", KIDNEY),),
        steps=(ProofStep(("?p",), (), (), 0, ()),),
        answers=(Answer(KIDNEY, "", ()), Answer(SKIN, "", ())),
    )
    yes = replace(asked, answer="yes", candidate=Candidate(SKIN, ""))
    no = replace(asked, answer="no", candidate=Candidate(SPLEEN, ""))
    assert [Judge(graph).outcome(one).code for one in (yes, no)] == ["holds", "holds"]
    lost = Judge(fewer(tmp_path, (FABRY, "has_phenotype", SKIN)))
    assert [lost.outcome(one).code for one in (yes, no)] == ["clue_lost", "holds"]
    come = Judge(more(tmp_path, (FABRY, "has_phenotype", SPLEEN)))
    assert [come.outcome(one).code for one in (yes, no)] == ["holds", "answer_changed"]


def test_leaving_a_statement_out_is_the_same_as_never_having_had_it(
    tmp_path: Path, graph: KnowledgeGraph
) -> None:
    rows = (case(SKIN, KIDNEY), case(TINGLING), chain())
    for at, said in enumerate(example.STATEMENTS_GIVEN[2:11:2]):
        hidden = np.zeros(graph.n_edges, np.bool_)
        where = graph.edge_row(*said)
        assert where is not None
        hidden[where] = True
        without = tuple(one for one in example.STATEMENTS_GIVEN if one != said)
        other = Judge(built(tmp_path / str(at), without))
        thinned = Judge(ThinnedGraph(graph, hidden))
        assert [thinned.outcome(row) for row in rows] == [other.outcome(row) for row in rows]


def test_what_goes_is_drawn_by_seed_and_only_of_the_relations_asked_for(
    graph: KnowledgeGraph,
) -> None:
    def left(share: float, seed: int, *relations: str) -> list[int]:
        thinned = thin(graph, share, seed, relations)
        return [len(thinned.csr(name).rows) for name in ("has_phenotype", example.LINKED)]

    assert left(0.0, 0, "has_phenotype") == [4, 2]
    assert left(1.0, 0, "has_phenotype") == [0, 2]
    assert left(1.0, 0, "has_phenotype", example.LINKED) == [0, 0]
    assert left(0.5, 3, "has_phenotype") == left(0.5, 3, "has_phenotype")


def test_outcomes_are_counted_by_kind_and_margin(graph: KnowledgeGraph) -> None:
    hidden = np.ones(graph.n_edges, np.bool_)
    found = measure([case(SKIN, KIDNEY), chain()], [graph, ThinnedGraph(graph, hidden)])
    told = found.as_dict()
    assert told["share"] == 0.5
    counted = [(o["kind"], o["margin"], o["rows"], o["holds"], o["clue_lost"])
               for o in told["questions"]]  # fmt: skip
    assert counted == [("chain", 2, 2, 1, 1), ("intersection", 1, 2, 1, 1)]
    assert [(one["place"], one["steps"], one["unique"], one["kept"]) for one in told["steps"]] == [
        ("first", 2, 2, 1),
        ("first", 2, 2, 1),
    ]


def test_the_command_says_what_broke_and_exits_with_1_where_too_much_did(
    tmp_path: Path, graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    made = case(SKIN, KIDNEY)
    of_graph = replace(made.provenance, graph=graph.fingerprint)
    write_rows(rows, [replace(made, provenance=of_graph)])
    command = ["robustness", str(rows), "--graph", str(graph.folder)]
    assert run([*command, "--drop", "100%", "--rounds", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["share"], told["rounds"], told["questions"][0]["clue_lost"]) == (0.0, 2, 2)
    assert run([*command, "--against", str(graph.folder), "--at-least", "100%"]) == 0
    assert "100.0% hold" in capsys.readouterr().out
    assert run([*command, "--drop", "100%", "--at-least", "95%"]) == 1
    assert "0.0% of the questions hold, asked for are 95.0%" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more_of_it", "why"),
    [
        ([], "expected one of --against"),
        (["--drop", "5%", "--source", "hpo"], "expected one of --against"),
        (["--drop", "500%"], "not a share"),
        (["--drop", "much"], "not a share"),
        (["--drop", "5%", "--at-least", "-1"], "not a share"),
        (["--against", ".", "--rounds", "2"], "--rounds are draws of --drop"),
        (["--drop", "5%", "--predicate", "loves"], "no such statement; it has causes"),
        (["--drop", "5%", "--graph", "nowhere"], "nowhere"),
        (["--source", "hpo"], "--source adds to the default graph"),
    ],
)
def test_wrong_usage_is_told_in_one_line(
    more_of_it: Iterable[str],
    why: str,
    tmp_path: Path,
    graph: KnowledgeGraph,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = tmp_path / "rows.jsonl"
    of_graph = replace(case(SKIN).provenance, graph=graph.fingerprint)
    write_rows(rows, [case(SKIN, provenance=of_graph)])
    assert run(["robustness", str(rows), "--graph", str(graph.folder), *more_of_it]) == 2
    assert why in capsys.readouterr().err


def test_a_run_of_another_graph_is_refused(
    tmp_path: Path, graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tmp_path / "rows.jsonl"
    write_rows(rows, [case(SKIN)])
    assert run(["robustness", str(rows), "--graph", str(graph.folder), "--drop", "5%"]) == 2
    assert "name that graph's folder with --graph" in capsys.readouterr().err


def test_a_share_is_a_number_or_a_percentage() -> None:
    assert [share_of("--drop", text) for text in ("5%", "0.05", ".5", "100%", "1")] == [
        0.05,
        0.05,
        0.5,
        1.0,
        1.0,
    ]
    with pytest.raises(UsageError, match="expected such as 5%"):
        share_of("--drop", "5 percent")
