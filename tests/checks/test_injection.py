"""The checker finds what is spoiled on purpose, and says nothing of what is not."""

import pytest

from kgsynth.checks import CODES, CheckSettings
from kgsynth.checks.inject import INJECTORS, Rate, measure
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Row

#: Least share detected; a spoiled statement that happens to be true too cannot be found.
LEAST = {"wrong_entity": 0.9, "granularity": 0.85, "reversed_relation": 0.95}


@pytest.fixture(scope="module")
def rates(rows: list[Row], choice_rows: list[Row], graph: KnowledgeGraph) -> dict[str, Rate]:
    return measure([*rows, *choice_rows], graph, CheckSettings())


def test_a_good_row_raises_no_alarm(
    rates: dict[str, Rate], rows: list[Row], choice_rows: list[Row]
) -> None:
    assert rates["clean"] == Rate(injected=len(rows) + len(choice_rows))


@pytest.mark.parametrize("name", INJECTORS)
def test_an_injected_error_is_found(name: str, rates: dict[str, Rate]) -> None:
    rate = rates[name]
    # A clinician's chain tells of a patient in a fifth of its stems only.
    assert rate.injected >= (12 if name in ("wrong_age", "wrong_sex") else 30)
    assert rate.detected >= LEAST.get(name, 0.97) * rate.injected


def test_every_expected_code_exists() -> None:
    known = {code for codes in CODES.values() for code in codes}
    assert {code for _, codes in INJECTORS.values() for code in codes} <= known
