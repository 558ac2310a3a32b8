"""Ranges of difficulty: how they are written, and what they let through."""

import pytest

from kgsynth.cli import run
from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.questions.difficulty import difficulty_of
from kgsynth.questions.difficulty_range import PATIENCE, DifficultyGate, Range, parse_range
from tests.mined import mined_chains


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0.6..0.9", Range(0.6, 0.9)),
        ("..0.4", Range(0.0, 0.4)),
        ("0.7..", Range(0.7, 1.0)),
        (" .5..1 ", Range(0.5, 1.0)),
        ("0.5..0.5", Range(0.5, 0.5)),
    ],
)
def test_a_range_may_lack_an_end(text: str, wanted: Range) -> None:
    assert parse_range(text) == wanted
    assert parse_range(str(wanted)) == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a range"),
        ("..", "not a range"),
        ("0.5", "not a range"),
        ("hard", "not a range"),
        ("-0.1..0.5", "not a range"),
        ("0.1..0.5..0.9", "not a range"),
        ("nan..1", "not a range"),
        ("0.9..0.6", r"did you mean 0\.6\.\.0\.9"),
        ("1..60", "between 0 and 1"),
    ],
)
def test_what_is_no_range_is_refused_with_what_was_expected(text: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse_range(text)


@pytest.mark.parametrize("text", ["0.9..0.6", "hard", "2..3"])
def test_a_wrong_range_is_wrong_usage(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", "--hops", "4", "--difficulty", text]) == 2
    assert f"--difficulty '{text}'" in capsys.readouterr().err


def test_questions_outside_are_turned_down_by_which_side(graph: KnowledgeGraph) -> None:
    scores = {mined: difficulty_of(mined, graph).score for mined in mined_chains()}
    middle = sorted(scores.values())[len(scores) // 2]
    gate = DifficultyGate(graph, Range(middle, middle), "open", 0, 10)
    for mined, score in scores.items():
        refused = gate.refuse(mined)
        code = "too_easy" if score < middle else "too_hard" if score > middle else ""
        assert (refused.code if refused else "") == code
    assert gate.as_dict() == {
        "asked": f"{middle:g}..{middle:g}",
        "judged": len(scores),
        "passed": list(scores.values()).count(middle),
        "lowest": min(scores.values()),
        "highest": max(scores.values()),
    }


def test_a_range_that_nothing_reaches_is_given_up(graph: KnowledgeGraph) -> None:
    gate = DifficultyGate(graph, Range(0.99, 1.0), "open", 0, 1000)
    mined = mined_chains()[0]
    for _ in range(PATIENCE - 1):
        gate.refuse(mined)
    assert not gate.is_spent
    gate.refuse(mined)
    assert gate.is_spent
