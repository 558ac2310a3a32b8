"""Splits share nothing that would give an answer away."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kgsynth.datasets.splits import DEFAULT_SHARES, SplitGate, check_shares, row_keys, split_rows
from kgsynth.errors import UsageError
from kgsynth.records import Candidate, Option, Query, QueryEdge, Row
from tests.factories import JOUBERT, PARALYSIS, make_row, make_rows, numbered

SIZES = {"GeneticInheritance": 30, "PhenotypicFeature": 18_000, "Gene": 5_000, "Disease": 10_000}


def finding(number: int) -> tuple[str, str]:
    return f"HP:5{number:06d}", f"Finding {number}"


def pairs_of(row: Row) -> set[frozenset[str]]:
    """The two ends of each spine edge, read from the row without the code under test."""
    bound = {binding.variable: binding.id for binding in row.bindings}
    spine = [bound.get(name, name) for name in row.query.spine]
    return {frozenset(spine[index : index + 2]) for index in range(len(spine) - 1)}


def shared(rows: Sequence[Row], names: Sequence[str]) -> Mapping[str, int]:
    """How many edges and how many findings as answers stand in two splits: the slow way."""
    found = {"edges": 0, "answers": 0}
    for index, one in enumerate(rows):
        for other, name in zip(rows[:index], names, strict=False):
            if names[index] != name:
                found["edges"] += len(pairs_of(one) & pairs_of(other))
                found["answers"] += one.answers[0].id == other.answers[0].id.replace(
                    "HP:0000007", ""
                )
    return found


def test_separate_rows_meet_the_shares() -> None:
    splits = split_rows(make_rows(1000), SIZES)
    assert splits.counts == {"train": 800, "validation": 100, "test": 100}
    assert splits.missed == ()
    assert splits.summary == "train 800, validation 100, test 100"


def test_rows_that_share_an_edge_stay_together() -> None:
    # Two questions over one gene and one of its diseases, read in either direction.
    there = make_row(numbered(PARALYSIS, 1))
    back = make_row(
        replace(
            numbered(PARALYSIS, 2),
            first=("MONDO:9000001", "Other disorder 1"),
            gene=("NCBIGene:9000001", "GENE1"),
        )
    )
    splits = split_rows([there, back, *make_rows(20)[3:]], SIZES)
    assert splits.names[0] == splits.names[1]


def test_findings_as_answers_stay_together_and_modes_of_inheritance_need_not() -> None:
    findings = [make_row(numbered(JOUBERT, number)) for number in range(10)]
    assert split_rows(findings, SIZES).components == 1
    assert split_rows(make_rows(10), SIZES).components == 10
    assert split_rows(make_rows(10), {}).components == 1  # a category of unknown size is large


def test_the_edge_from_the_far_anchor_counts() -> None:
    one = make_row(numbered(PARALYSIS, 1))
    other = make_row(replace(numbered(PARALYSIS, 2), first=("MONDO:8000001", "First disorder 1")))
    assert set(row_keys(one, SIZES)) & set(row_keys(other, SIZES)) == {"HP:0003752|MONDO:8000001"}


def test_a_giant_component_goes_to_train_and_the_summary_says_so() -> None:
    giant = [make_row(numbered(JOUBERT, number)) for number in range(95)]
    others = [make_row(numbered(PARALYSIS, number)) for number in range(95, 100)]
    splits = split_rows([*giant, *others], SIZES)
    assert splits.counts == {"train": 95, "validation": 3, "test": 2}
    assert splits.largest == 95
    assert splits.summary.startswith("train 95, validation 3, test 2; the shares asked for are not")


@pytest.mark.parametrize(("count", "filled"), [(1, 1), (2, 2), (3, 3), (5, 3), (12, 3)])
def test_few_rows_still_fill_every_split(count: int, filled: int) -> None:
    splits = split_rows(make_rows(count), SIZES)
    assert sum(rows > 0 for rows in splits.counts.values()) == filled
    assert sum(splits.counts.values()) == count


def test_no_rows_make_empty_splits() -> None:
    assert split_rows([], SIZES).counts == {"train": 0, "validation": 0, "test": 0}


def test_a_query_without_a_spine_is_kept_apart_by_its_clues() -> None:
    row = make_row()
    edges = (QueryEdge("?a", "has_phenotype", "HP:0002486"),)
    row = replace(row, query=Query("?a", row.query.variables[3:], edges, ()))
    assert row_keys(row, SIZES) == ("HP:0000007|HP:0002486",)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 60))
def test_no_edge_and_no_answer_stands_in_two_splits(seed: int, count: int) -> None:
    rng = random.Random(seed)
    rows = [
        make_row(replace(numbered(JOUBERT, rng.randrange(40)), answer=finding(rng.randrange(30))))
        for _ in range(count)
    ]
    splits = split_rows(rows, SIZES)
    assert shared(rows, splits.names) == {"edges": 0, "answers": 0}
    assert sum(splits.counts.values()) == count


def test_rows_that_pass_the_gate_meet_the_shares_and_share_nothing() -> None:
    rng = random.Random(7)
    gate = SplitGate(300, SIZES, slack=0)
    kept, names = [], []
    for number in range(3000):
        chain = numbered(JOUBERT, number, answer=finding(rng.randrange(150)))
        row = make_row(replace(chain, gene=(f"NCBIGene:{number % 200}", "")))
        verdict = gate.admit(row)
        if verdict in DEFAULT_SHARES:
            kept.append(row)
            names.append(verdict)
        if len(kept) == 300:
            break
    assert gate.counts == {"train": 240, "validation": 30, "test": 30}
    assert shared(kept, names) == {"edges": 0, "answers": 0}
    assert split_rows(kept, SIZES).missed == ()


def test_the_gate_says_why_it_refuses() -> None:
    gate = SplitGate(2, SIZES, {"train": 0.5, "test": 0.5}, slack=0)
    one = make_row(numbered(JOUBERT, 1, answer=finding(1)))
    two = make_row(numbered(JOUBERT, 2, answer=finding(2)))
    both = make_row(numbered(JOUBERT, 1, answer=finding(2)))
    assert [gate.admit(row) for row in (one, two, both, one)] == [
        "train",
        "test",
        "split_conflict",
        "split_full",
    ]


@pytest.mark.parametrize("shares", [{"train": 0.5}, {"train": 1.5, "test": -0.5}, {"dev": 1.0}])
def test_shares_that_are_none_are_refused(shares: Mapping[str, float]) -> None:
    with pytest.raises(UsageError, match="not the shares of splits"):
        check_shares(shares)


def test_what_is_offered_beside_an_answer_stays_in_its_split() -> None:
    row = make_row()
    options = tuple(Option(key, key, f"MONDO:{key}", False, ()) for key in "AB")
    free = set(row_keys(row, {}))
    assert set(row_keys(replace(row, options=options), {})) - free == {"=MONDO:A", "=MONDO:B"}
    proposed = replace(row, candidate=Candidate("MONDO:C", "C"))
    assert set(row_keys(proposed, {})) - free == {"=MONDO:C"}
    within = QueryEdge(row.query.target, "subclass_of", "HP:0000546")
    query = replace(row.query, edges=(*row.query.edges, within))
    assert set(row_keys(replace(row, options=options, query=query), {})) == free
