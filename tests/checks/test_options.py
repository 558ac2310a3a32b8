"""Options and proposals: good ones raise no alarm, and each code has a row that deserves it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kgsynth.checks import check_row
from kgsynth.checks.base import CheckSettings
from kgsynth.checks.codes import CODES
from kgsynth.checks.forgery import conclude, retell
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Candidate, Option, OptionReason, Row
from tests.checks.test_codes import OPTIONS

Spoil = Callable[[Row], Row]


def codes_of(row: Row, graph: KnowledgeGraph) -> set[str]:
    return {finding.code for finding in check_row(row, graph, CheckSettings()).findings}


def option(row: Row, wrong: int = 0) -> Option:
    return [one for one in row.options if not one.correct][wrong]


def with_option(row: Row, **changes: object) -> Row:
    """Return a row whose first wrong option is another, its prompt following suit."""
    old = option(row)
    new = replace(old, **changes)  # type: ignore[arg-type]
    options = tuple(new if one == old else one for one in row.options)
    prompt = row.prompt.replace(f"{old.key}) {old.text}", f"{new.key}) {new.text}")
    return replace(row, options=options, prompt=prompt)


def swapped(row: Row) -> Row:
    """Return a row that takes a wrong option for the right one."""
    wrong = option(row)
    options = tuple(
        replace(one, correct=not one.correct) if one.correct or one == wrong else one
        for one in row.options
    )
    return conclude(replace(row, options=options, answer=wrong.text, answer_key=wrong.key))


def parent_of_answer(row: Row, graph: KnowledgeGraph) -> Row:
    answer = next(one for one in row.options if one.correct)
    parent = graph.neighbours(answer.id, "subclass_of")[0]
    return with_option(row, id=parent, text=graph.surfaces(parent)[0])


SPOILED: dict[str, Callable[[Row, KnowledgeGraph], Row]] = {
    "wrong_option": lambda row, graph: swapped(row),
    "misnamed_option": lambda row, graph: with_option(row, text="fever of unknown origin"),
    "unfit_option": lambda row, graph: with_option(
        row, id="MONDO:0007947", text=graph.surfaces("MONDO:0007947")[0]
    ),
    "kin_option": parent_of_answer,
    "wrong_reason": lambda row, graph: with_option(
        row, reasons=(OptionReason("denied", option(row).reasons[0].clue, ()),)
    ),
    "few_reasons": lambda row, graph: with_option(row, reasons=()),
    "untold_option": lambda row, graph: retell(
        row, len(row.trace) - 1, f"That leaves {row.answer}."
    ),
}


def test_the_codes_are_those_of_the_check() -> None:
    assert set(SPOILED) == OPTIONS <= set(CODES["answer"])


@pytest.mark.parametrize("code", SPOILED)
def test_a_spoiled_option_gets_its_code(
    code: str, choice_rows: list[Row], graph: KnowledgeGraph
) -> None:
    row = next(row for row in choice_rows if row.query.variables[-1].category != "Gene")
    assert codes_of(row, graph) == set()
    assert code in codes_of(SPOILED[code](row, graph), graph)


def test_a_key_that_is_not_the_answer_s_is_a_wrong_form(
    choice_rows: list[Row], graph: KnowledgeGraph
) -> None:
    row = choice_rows[0]
    other = conclude(replace(row, answer_key=option(row).key))
    assert "wrong_form" in codes_of(other, graph)


def test_the_last_line_gives_key_and_text(choice_rows: list[Row]) -> None:
    for row in choice_rows:
        assert row.reasoning.endswith(f"\nAnswer: {row.answer_key}) {row.answer}")
        assert f"\n{row.answer_key}) {row.answer}\n" in row.prompt


def test_a_wrong_proposal_is_held_to_the_rules_of_options(
    yes_no_rows: list[Row], graph: KnowledgeGraph
) -> None:
    row = next(row for row in yes_no_rows if row.answer == "no")
    answer = row.answers[0]
    for parent in graph.neighbours(answer.id, "subclass_of")[:1]:
        node = graph.node(parent)
        spoiled = replace(row, candidate=Candidate(node.id, node.name))
        assert "kin_option" in codes_of(spoiled, graph)
    yes = conclude(replace(row, answer="yes"))
    assert "wrong_answer" in codes_of(yes, graph)


def test_a_right_proposal_said_to_be_wrong_is_found(
    yes_no_rows: list[Row], graph: KnowledgeGraph
) -> None:
    row = next(row for row in yes_no_rows if row.answer == "yes")
    assert "wrong_answer" in codes_of(conclude(replace(row, answer="no")), graph)


def test_a_gene_is_nothing_that_a_disorder_is_recorded_with(choice_rows: list[Row]) -> None:
    told = [row for row in choice_rows if row.query.variables[-1].category == "Gene"]
    assert told
    for row in told:
        genes = [one.name for one in row.entities if one.category == "Gene"]
        assert not any(f"recorded with {gene}" in row.reasoning for gene in genes)
