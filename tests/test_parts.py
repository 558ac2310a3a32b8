"""Runs of several kinds: how a mix is read, how rows are divided, and who gets which."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgsynth.admission import Counts, Job, admitted
from kgsynth.errors import UsageError
from kgsynth.graph.example import example_graph
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.parts import MIX, allot, folder_name, mix_text, parse_mix, parts_of
from kgsynth.paths.found import record_of
from kgsynth.quotas import DIMENSIONS, Quota, lay_out, parse_quotas
from kgsynth.runs import RunSettings

PLAIN = RunSettings("chain", "open", 4, 100, 0, "sha256:0")


def mixed(text: str, n: int = 100) -> RunSettings:
    shares = mix_text(parse_mix(text, None))
    return replace(PLAIN, kind=MIX, form=MIX, hops=0, margin=0, n=n, mix=shares)


def test_a_mix_is_read_and_written_down_plainly() -> None:
    text = "chain@4=2, chain@3:choice=1, list=25%, dual=.75"
    assert (
        mix_text(parse_mix(text, None)) == "chain@4=0.5,chain@3:choice=0.25,list=0.0625,dual=0.1875"
    )
    assert parse_mix("chain=1", 3)[0].label == "chain@3"
    assert [one.form for one in parse_mix("chain@2=1,list=1,dual=1", None, "choice")] == [
        "choice",
        "open",
        "yes_no",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("chain@4", "cannot be read"),
        ("chain=0.5", "needs its hops"),
        ("sonnet=1", "unknown kind 'sonnet'"),
        ("list:sung=1", "unknown form 'sung'"),
        ("dual:choice=1", "are yes_no"),
        ("list@2=1", "only chains"),
        ("list=1,list=2", "stands twice"),
        ("list=0", "above 0"),
    ],
)
def test_a_mix_that_makes_no_sense_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_mix(text, None)


@given(st.integers(0, 5000), st.lists(st.floats(0.001, 1), min_size=1, max_size=9))
def test_rows_that_are_allotted_add_up_and_follow_the_shares(n: int, shares: list[float]) -> None:
    rows = allot(n, shares)
    assert sum(rows) == n
    exact = [n * share / sum(shares) for share in shares]
    assert all(abs(one - other) < 1.0001 for one, other in zip(rows, exact, strict=True))


def test_each_kind_of_a_mix_has_its_rows_its_margin_and_its_own_draw() -> None:
    settings = mixed("chain@4=0.5,list=0.3,chain@4:choice=0.2", n=10)
    parts = parts_of(settings, example_graph())
    assert [(part.label, part.settings.n, part.settings.margin) for part in parts] == [
        ("chain@4", 5, 2),
        ("list", 3, 1),
        ("chain@4:choice", 2, 2),
    ]
    assert parts[0].seed == parts[1].seed != parts[2].seed
    assert folder_name(settings) == "mix-chain4-list-chain4-choice-seed0"


def test_quotas_never_part_a_pair() -> None:
    settings = replace(
        PLAIN, kind="dual", form="yes_no", hops=1, n=10, quota=("specialty=HP:0001744:3",)
    )
    parts = parts_of(settings, example_graph())
    assert [(part.settings.n, part.focus.specialty) for part in parts] == [
        (4, "HP:0001744"),
        (6, ""),
    ]


NEEDS = st.lists(
    st.tuples(st.sampled_from(DIMENSIONS), st.integers(0, 2), st.integers(1, 12)),
    max_size=5,
    unique_by=lambda one: one[:2],
)


@given(st.integers(12, 40), NEEDS)
def test_each_quota_gets_its_rows(n: int, drawn: list[tuple[str, int, int]]) -> None:
    needs = [(Quota(what, str(value), str(rows), rows), rows) for what, value, rows in drawn]
    if any(sum(r for q, r in needs if q.what == what) > n for what in ("specialty", "category")):
        return
    cells = lay_out(n, needs)
    assert sum(rows for rows, _ in cells) == n
    for quota, rows in needs:
        assert sum(size for size, quotas in cells if quota in quotas) >= min(rows, n)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mood=sad:3", "cannot be read"),
        ("category=Gene", "cannot be read"),
        ("category=Planet:3", "has no 'Planet'"),
        ("predicate=eats:3", "has no 'eats'"),
        ("category=Gene:200", "200 rows of 100"),
        ("category=Gene:0", "0 rows"),
        ("category=Gene:10,category=Gene:5%", "for the same"),
        ("category=Gene:60,category=Disease:0.5", "more than the 100 rows"),
        ("specialty=neurology:3", "is no specialty"),
    ],
)
def test_a_quota_that_makes_no_sense_is_refused(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        parse_quotas([text], 100, example_graph())


def test_amounts_of_quotas_are_rows_or_shares_of_the_run() -> None:
    texts = ["category=Gene:7,predicate=has_phenotype:7.5%", "specialty=Splenomegaly:0.2"]
    found = parse_quotas(texts, 100, example_graph())
    assert [quota.rows for quota in found] == [7, 8, 20]
    assert [quota.text for quota in found] == [
        "category=Gene:7",
        "predicate=has_phenotype:7.5%",
        "specialty=HP:0001744:0.2",
    ]


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


def jobs_of(graph: KnowledgeGraph, settings: RunSettings, late: int) -> dict[int, Job]:
    """Return the first jobs of a run; each is accepted once `late` more were mined."""
    counts = Counts.of(settings, graph)
    found: list[Job] = []
    for job in itertools.islice(admitted(graph, settings, counts), 60):
        found.append(job)
        if len(found) > late:
            counts.accept(found[-late - 1].part)
    return {job.seq: job._replace(mined=record_of(job.mined, graph)) for job in found}


def test_what_is_mined_does_not_depend_on_how_fast_rows_are_finished(graph: KnowledgeGraph) -> None:
    settings = mixed("chain@2=0.5,differential=0.3,list=0.2", n=20)
    prompt, late = jobs_of(graph, settings, 0), jobs_of(graph, settings, 25)
    assert len(prompt) >= 20
    assert all(late[seq] == job for seq, job in prompt.items() if seq in late)
    # Whoever has enough is left alone, so the sooner rows are finished, the fewer are mined.
    assert prompt.keys() <= late.keys() or len(prompt) < 60


def test_the_kinds_of_a_mix_take_turns(graph: KnowledgeGraph) -> None:
    settings = mixed("chain@2=0.5,list=0.5", n=40)
    order = [
        job.part
        for job in itertools.islice(admitted(graph, settings, Counts.of(settings, graph)), 20)
    ]
    assert order == [0, 1] * 10
