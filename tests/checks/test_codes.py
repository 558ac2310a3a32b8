"""Each finding code is given for a row that deserves it: a check that cannot fail is a defect."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pyarrow.compute as pc
import pytest

from kgsynth.checks import CODES, check_row
from kgsynth.checks.base import CheckSettings, Context
from kgsynth.checks.forgery import conclude, retell, with_entities
from kgsynth.checks.leakage import distinctive_words
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import (
    Answer,
    Binding,
    EntityRef,
    Option,
    ProofStep,
    QueryEdge,
    Row,
    TraceStep,
)

Spoil = Callable[[Row], Row]


def step(row: Row, index: int, **changes: Any) -> Row:
    """Return a row with fields of one step changed and the reasoning following suit."""
    trace = list(row.trace)
    trace[index] = replace(trace[index], **changes)
    return conclude(replace(row, trace=tuple(trace)))


def add(row: Row, index: int, text: str) -> Row:
    return step(row, index, text=f"{row.trace[index].text} {text}")


def bound(row: Row, name: str, curie: str) -> Row:
    pairs = tuple(Binding(b.variable, curie if b.variable == name else b.id) for b in row.bindings)
    return replace(row, bindings=pairs)


def name_of(row: Row, curie: str) -> str:
    return next(entity.name for entity in row.entities if entity.id == curie)


def first_disease(row: Row) -> str:
    return name_of(row, row.bindings[0].id)


def clue_names(row: Row) -> list[str]:
    return [name_of(row, row.query.edges[index].object) for index in row.steps[0].clues]


def with_edge(row: Row, edge: QueryEdge) -> Row:
    return replace(row, query=replace(row.query, edges=(*row.query.edges, edge)))


def without_first_clue_but_anchor(row: Row) -> Row:
    query = row.query
    edges = tuple(e for i, e in enumerate(query.edges) if i not in row.steps[0].clues[1:])
    return replace(row, query=replace(query, edges=edges))


def only_the_spine(row: Row) -> Row:
    query = row.query
    ends = {frozenset(pair) for pair in pairwise(query.spine)}
    edges = tuple(e for e in query.edges if frozenset((e.subject, e.object)) in ends)
    return replace(row, query=replace(query, edges=edges))


WRONG_OPTION = Option("A", "Fever", "HP:0001945", False, ())
BARE = ProofStep(("?d1",), (), (), 0, ())

#: How to make a good row deserve each code. Codes that need the graph to be wrong, or a row of
#: another kind, have tests of their own below.
SPOILED: dict[str, Spoil] = {
    "wrong_id": lambda row: replace(row, id="kgs:0000000000000000"),
    "broken_query": lambda row: replace(row, query=replace(row.query, target="?nobody")),
    "broken_bindings": lambda row: replace(row, bindings=row.bindings[:-1]),
    "wrong_hops": lambda row: replace(row, hops=3),
    "wrong_form": lambda row: replace(row, options=(WRONG_OPTION,)),
    "prompt_mismatch": lambda row: replace(row, prompt="Reason step by step."),
    "reasoning_mismatch": lambda row: replace(row, reasoning=f"Well.\n{row.reasoning}"),
    "unknown_id": lambda row: bound(row, "?d1", "MONDO:9999999"),
    "wrong_name": lambda row: replace(
        row, entities=(replace(row.entities[0], name="Fever"), *row.entities[1:])
    ),
    "unlisted_entity": lambda row: add(row, 0, "So much for Marfan syndrome."),
    "uncited_entity": lambda row: step(row, 0, entities=row.trace[0].entities[1:]),
    "unmentioned_entity": lambda row: step(
        row, 1, entities=(*row.trace[1].entities, row.bindings[2].id)
    ),
    "invented_entity": lambda row: add(row, 1, "The gene QXZ7 is related."),
    "unknown_edge": lambda row: step(row, 0, edges=(*row.trace[0].edges, "e000000000000")),
    "wrong_edge": lambda row: replace(
        row, edges=(replace(row.edges[0], object="HP:0001945"), *row.edges[1:])
    ),
    "uncovered_edge": lambda row: step(row, 0, edges=row.trace[0].edges[1:]),
    "unsupported_claim": lambda row: add(row, 1, f"{first_disease(row)} has Arachnodactyly."),
    "uncited_claim": lambda row: step(row, 0, edges=()),
    "reversed_relation": lambda row: add(row, 0, f"{clue_names(row)[0]} has {first_disease(row)}."),
    "wrong_number": lambda row: add(row, 0, "Of these, 77 have fever."),
    "not_only": lambda row: step(
        row, 0, text=f"Only {first_disease(row)} is recorded with {clue_names(row)[0]}."
    ),
    "not_near": lambda row: with_rival(row, "alkaptonuria", "MONDO:0008753"),
    "unlicensed_rule": lambda row: step(row, 0, rule="intuition"),
    "irrelevant_step": lambda row: step(row, 1, edges=()),
    "dropped_hop": lambda row: conclude(replace(row, trace=row.trace[:1] + row.trace[2:])),
    "broken_order": lambda row: conclude(
        replace(row, trace=(row.trace[1], row.trace[0], *row.trace[2:]))
    ),
    "broken_chain": lambda row: conclude(replace(row, trace=row.trace[:1] + row.trace[2:])),
    "wrong_step_end": lambda row: step(row, 1, concludes=f"It is {first_disease(row)}."),
    "wrong_conclusion": lambda row: step(row, 3, concludes="Nobody knows."),
    "wrong_final_line": lambda row: replace(
        row, reasoning=row.reasoning.rsplit("\n", 1)[0] + "\nAnswer: fever"
    ),
    "wrong_answer": lambda row: conclude(replace(row, answer="fever")),
    "foreign_alias": lambda row: replace(
        row, answers=(replace(row.answers[0], aliases=("fever",)),)
    ),
    "wrong_answer_list": lambda row: replace(row, answers=(Answer("HP:0001945", "Fever", ()),)),
    "recorded_denial": lambda row: add(
        row, 0, f"{first_disease(row)} is not recorded with {clue_names(row)[0]}."
    ),
    "leaked_name": lambda row: ask(row, f"Is it {first_disease(row)}?"),
    "leaked_id": lambda row: add(row, 0, "See HP:0001250."),
    "clue_kin": lambda row: with_edge(row, QueryEdge("?d1", "has_phenotype", row.bindings[-1].id)),
    "prompt_text": lambda row: add(row, 0, "As an AI language model, fine."),
    "not_unique": only_the_spine,
    "not_stepwise": without_first_clue_but_anchor,
    "not_minimal": lambda row: with_edge(row, QueryEdge("?d1", "has_phenotype", "HP:0000118")),
    "dishonest_hop": lambda row: bound(row, "?d2", row.bindings[0].id),
    "uninformative": lambda row: with_edge(row, QueryEdge("?d1", "has_phenotype", "HP:0000118")),
    "wrong_grain": lambda row: bound(row, "?d1", "MONDO:0700096"),
    "wrong_proof": lambda row: replace(row, steps=(BARE, *row.steps[1:])),
    "empty_text": lambda row: step(row, 1, text=""),
    "too_long": lambda row: step(row, 1, text="A word. " * 400),
    "repeated_sentence": lambda row: add(row, 1, row.trace[1].text),
    "doubled_word": lambda row: add(row, 1, "That is is all."),
    "unbalanced": lambda row: add(row, 1, "That is (all."),
    "unprintable": lambda row: add(row, 1, "That  is all."),
    "wrong_article": lambda row: add(row, 1, "It takes an while."),
    "sentence_end": lambda row: add(row, 1, "and so on"),
}

#: Given by rows with options: see `test_options`.
OPTIONS = {"wrong_option", "misnamed_option", "unfit_option", "kin_option"} | {
    "wrong_reason",
    "few_reasons",
    "untold_option",
}
#: Given by other tests: of whole files, and of graphs made for them.
#: Tested with rows of their own kind, in tests/questions.
OF_OTHER_KINDS = {
    "spare_clue",
    "untold_rival",
    "wrong_case",
    "wrong_comparison",
    "wrong_pair",
    "wrong_share",
}
ELSEWHERE = (
    OPTIONS
    | OF_OTHER_KINDS
    | {"unreadable", "duplicate_row", "leaked_word", "not_robust", "skippable_hop"}
    | {
        "contested_edge",
        "denied_claim",
    }
)


def ask(row: Row, more: str) -> Row:
    question = f"{row.question} {more}"
    return replace(row, question=question, prompt=row.prompt.replace(row.question, question))


def with_rival(row: Row, name: str, curie: str) -> Row:
    entities = (*row.entities, EntityRef(curie, name, "Disease"))
    spoiled = replace(row, entities=entities)
    trace: TraceStep = row.trace[0]
    text = f"{trace.text} Its nearest rival is {name}."
    return step(spoiled, 0, text=text, entities=(*trace.entities, curie))


def test_every_code_has_a_row_that_deserves_it() -> None:
    codes = {code for stage in CODES.values() for code in stage}
    assert set(SPOILED) | ELSEWHERE == codes


@pytest.mark.parametrize("code", SPOILED)
def test_a_spoiled_row_gets_its_code(code: str, row: Row, graph: KnowledgeGraph) -> None:
    assert check_row(row, graph, CheckSettings()).accepted
    verdict = check_row(SPOILED[code](row), graph, CheckSettings())
    assert code in {finding.code for finding in verdict.findings}


def test_a_broken_row_lists_only_the_checks_that_ran(row: Row, graph: KnowledgeGraph) -> None:
    verdict = check_row(SPOILED["broken_bindings"](row), graph, CheckSettings())
    assert (verdict.accepted, verdict.checks) == (False, ("parse", "grounding", "style"))


def test_a_stricter_margin_than_the_row_was_made_for_is_not_met(
    rows: list[Row], graph: KnowledgeGraph
) -> None:
    found = {
        f.code for row in rows for f in check_row(row, graph, CheckSettings(margin=3)).findings
    }
    assert "not_robust" in found


def test_a_finding_points_at_the_words(row: Row, context: Context, graph: KnowledgeGraph) -> None:
    text = f"{row.trace[1].text} {first_disease(row)} also has a cough."
    spoiled = with_entities(context, retell(row, 1, text), 1, "HP:0012735")
    found = check_row(spoiled, graph, CheckSettings()).findings
    spans = [text[f.start : f.end] for f in found if f.code == "unsupported_claim"]
    assert spans == [f"{first_disease(row)} also has a cough"]


def test_a_rare_word_of_a_hidden_name_gives_it_away(rows: list[Row], graph: KnowledgeGraph) -> None:
    words = {row.id: sorted(distinctive_words(graph, row.bindings[0].id)) for row in rows}
    row = next(row for row in rows if words[row.id])
    verdict = check_row(ask(row, f"Think {words[row.id][0]}."), graph, CheckSettings())
    assert {f.code for f in verdict.findings} & {"leaked_word", "leaked_name"} == {"leaked_word"}


def test_a_question_whose_last_clues_suffice_has_a_hop_to_skip(
    row: Row, graph: KnowledgeGraph
) -> None:
    # All recorded findings of the last disease pin it without the rest of the chain.
    bound = {binding.variable: binding.id for binding in row.bindings}
    every = [
        QueryEdge("?d2", "has_phenotype", term)
        for term in graph.neighbours(bound["?d2"], "has_phenotype")
    ]
    fresh = tuple(edge for edge in every if edge not in row.query.edges)
    query = replace(row.query, edges=(*row.query.edges, *fresh))
    verdict = check_row(replace(row, query=query), graph, CheckSettings())
    assert "skippable_hop" in {finding.code for finding in verdict.findings}


def test_asserting_what_the_graph_denies_and_citing_a_dispute_are_contradictions(
    row: Row, graph: KnowledgeGraph
) -> None:
    table = graph.edges().drop_columns("evidence")
    edges = table.filter(pc.or_(table["negated"], table["contested"])).to_pylist()
    denied = next(e for e in edges if e["negated"] and not e["contested"])
    disputed = next(e for e in edges if e["contested"] and not e["negated"])
    names = [graph.node(denied[end]).name for end in ("subject", "object")]
    text = f"{row.trace[1].text} {names[0]} also has {names[1]}."
    ends = (denied["subject"], denied["object"])
    context = Context.of(row, graph, CheckSettings())
    spoiled = with_entities(context, retell(row, 1, text), 1, *ends)
    spoiled = step(spoiled, 1, edges=(*spoiled.trace[1].edges, disputed["id"]))
    verdict = check_row(spoiled, graph, CheckSettings())
    assert {"denied_claim", "contested_edge"} <= {f.code for f in verdict.findings}
    assert verdict.step_labels[1] == "contradicted"


@pytest.mark.parametrize(
    "kind", ["list", "intersection", "differential", "exclusion", "comparison"]
)
def test_a_row_of_another_kind_than_it_says_is_refused_in_words(
    row: Row, graph: KnowledgeGraph, kind: Any
) -> None:
    shorn = replace(row, query=replace(row.query, spine=()))
    another = replace(row, kind=kind, answers=row.answers * 2)
    for spoiled in (another, replace(shorn, kind=kind)):
        assert not check_row(spoiled, graph, CheckSettings()).accepted
