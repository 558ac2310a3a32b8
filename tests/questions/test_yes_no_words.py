"""A yes-or-no question asks twice, and never tells to name something first."""

import pytest

from kgsynth.questions.yes_no import _as_question


@pytest.mark.parametrize(
    ("stem", "asked"),
    [
        ("A patient has fever. Name this disorder.", "A patient has fever. What is this disorder?"),
        (
            "It shares a gene with another. Name the gene associated with that second disorder.",
            "It shares a gene with another. What is the gene associated with that second disorder?",
        ),
        ("Name the disorder with fever.", "What is the disorder with fever?"),
        (
            "A patient has fever. Which disorder is it?",
            "A patient has fever. Which disorder is it?",
        ),
    ],
)
def test_a_stem_that_tells_to_name_something_asks_for_it(stem: str, asked: str) -> None:
    assert _as_question(stem) == asked
