"""Verbs read back: which relation they state, and which way round."""

import pytest

from kgsynth.checks.relations import misjoined, plain_words, said_in


@pytest.mark.parametrize(
    ("text", "predicate", "turned"),
    [
        (" is also used to treat ", "treats", False),
        (" is treated with ", "treats", True),
        (" inhibits ", "decreases_activity_of", False),
        (" is activated by ", "increases_activity_of", True),
        (" is not promoted by ", "positively_regulates", True),
    ],
)
def test_a_verb_says_its_relation_and_direction(text: str, predicate: str, turned: bool) -> None:
    assert (predicate, turned) in said_in(text)[0]


def test_a_treatment_is_not_treated_with_a_disorder() -> None:
    assert misjoined(" is used to treat ", "Disease", "Drug")
    assert not misjoined(" is used to treat ", "Drug", "Disease")
    assert not misjoined(" and ", "Disease", "Drug")


def test_what_a_question_calls_its_unknowns_is_a_plain_word() -> None:
    assert {"drug", "protein", "biological process", "inherited"} <= plain_words()
    assert not {"imatinib", "ptosis", "fever"} & plain_words()
