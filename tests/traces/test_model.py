"""A wording is kept, asked for again, replaced by the template's, or rejected: never lost."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.engines.base import Completion, EngineSettings, Prompt
from kgsynth.engines.scripted import ScriptedEngine
from kgsynth.errors import EngineError, UsageError
from kgsynth.ledger import Ledger
from kgsynth.records import NOT_CHECKED, Finding, Rejection, Row, Verdict
from kgsynth.traces.model import ModelSettings, write_with_model
from tests.factories import make_row
from tests.worded import ACCEPTED, first_bad, rows_of_their_own, speaking

REJECT = ModelSettings(max_retries=1, fallback="reject")
RETRY = ModelSettings(max_retries=2)
WRONG = Verdict(
    False, "high", ("parse",), (Finding("wrong_number", 0, message="'six' is not the number"),), ()
)


def accept(row: Row) -> Verdict:
    return ACCEPTED


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path, model="scripted", sampling="") as opened:
        yield opened


def test_a_kept_row_says_who_wrote_it(ledger: Ledger) -> None:
    row = make_row()
    engine = speaking([row], model="scripted", sampling="temperature=0")
    (kept,) = write_with_model([row], engine, accept, RETRY, ledger)
    assert isinstance(kept, Row)
    assert kept.verdict == ACCEPTED
    assert kept.provenance == replace(
        row.provenance, writer="model", model="scripted", sampling="temperature=0"
    )
    assert ledger.counts()["outcomes"] == {"kept": 1}


def test_a_retry_is_told_why_and_counts_apart(ledger: Ledger) -> None:
    row = make_row()
    asked: list[str] = []

    def bad(prompt: Prompt) -> str:
        asked.append(prompt.messages[-1].content)
        return "not an object"

    engine = first_bad(row, bad)
    told: list[Prompt] = []
    good = engine._script
    assert good is not None
    engine._script = lambda prompt: told.append(prompt) or good(prompt)  # type: ignore[func-returns-value]
    (kept,) = write_with_model([row], engine, accept, RETRY, ledger)
    assert isinstance(kept, Row)
    assert "- malformed_json: expected one JSON object" in told[1].messages[-1].content
    assert told[1].messages[-1].content.startswith(asked[0])
    assert ledger.counts()["outcomes"] == {"kept_after_retry": 1}
    assert ledger.counts()["wordings"] == {"kept": 1, "malformed_json": 1}


def test_a_wording_that_the_checker_rejects_is_asked_for_again(ledger: Ledger) -> None:
    row = make_row()
    verdicts = [WRONG, ACCEPTED]
    (kept,) = write_with_model([row], speaking([row]), lambda _: verdicts.pop(0), RETRY, ledger)
    assert isinstance(kept, Row)
    assert ledger.counts()["wordings"] == {"kept": 1, "wrong_number": 1}


def test_after_the_last_attempt_the_template_stands_in_and_is_counted(ledger: Ledger) -> None:
    row = make_row()
    engine = ScriptedEngine(lambda prompt: "{}")
    assert list(write_with_model([row], engine, accept, RETRY, ledger)) == [row]
    assert ledger.counts()["outcomes"] == {"template": 1}
    assert ledger.counts()["wordings"] == {"wrong_schema": 3}


def test_a_template_row_that_was_not_checked_is_checked_before_it_stands_in(ledger: Ledger) -> None:
    row = replace(make_row(), verdict=NOT_CHECKED)
    (result,) = write_with_model([row], ScriptedEngine(lambda _: ""), accept, RETRY, ledger)
    assert result == replace(row, verdict=ACCEPTED)
    (result,) = write_with_model(
        [replace(row, id="kgs:other")],
        ScriptedEngine(lambda _: ""),
        lambda _: WRONG,
        RETRY,
        ledger,
    )
    assert isinstance(result, Rejection)
    assert (result.stage, result.code) == ("checks", "wrong_number")


def test_without_a_fallback_the_row_is_rejected_under_its_code(ledger: Ledger) -> None:
    row = make_row()
    (result,) = write_with_model([row], speaking([row]), lambda _: WRONG, REJECT, ledger)
    assert result == Rejection(
        row.id, "checks", "wrong_number", "'six' is not the number", row.query
    )
    assert ledger.counts()["outcomes"] == {"rejected": 1}
    assert ledger.counts()["wordings"] == {"wrong_number": 2}


def test_a_prompt_that_the_engine_refuses_costs_that_row_alone_and_no_retry(ledger: Ledger) -> None:
    rows = rows_of_their_own(20)
    good = speaking(rows)._script
    assert good is not None

    def answer(prompt: Prompt) -> Completion | str:
        if "First disorder 7 " in prompt.messages[-1].content:
            return Completion(prompt.id, "", "error", detail="prompt too long")
        return good(prompt)

    out = list(write_with_model(rows, ScriptedEngine(answer), accept, REJECT, ledger))
    assert [r.code for r in out if isinstance(r, Rejection)] == ["engine_refused"]
    assert ledger.counts()["outcomes"] == {"kept": 19, "rejected": 1}
    assert ledger.counts()["requests"] == {"done": 20}


@pytest.mark.parametrize("in_order", [True, False])
def test_every_row_comes_out_once(ledger: Ledger, in_order: bool) -> None:
    rows = rows_of_their_own(300)
    settings = ModelSettings(in_order=in_order, sort_window=16)
    out = list(write_with_model(iter(rows), speaking(rows, capacity=7), accept, settings, ledger))
    assert sorted(row.id for row in out) == sorted(row.id for row in rows)


def test_rows_come_in_the_order_of_the_input_though_retries_take_longer(ledger: Ledger) -> None:
    rows = rows_of_their_own(50)
    good = speaking(rows)._script
    assert good is not None

    def stumble(prompt: Prompt) -> Completion | str:
        first_try = "An earlier wording" not in prompt.messages[-1].content
        return "" if first_try and int(prompt.id[-1], 16) % 2 else good(prompt)

    settings = ModelSettings(sort_window=1)
    engine = ScriptedEngine(stumble, capacity=5)
    out = list(write_with_model(rows, engine, accept, settings, ledger))
    assert [row.id for row in out] == [row.id for row in rows]
    assert set(ledger.counts()["outcomes"]) == {"kept", "kept_after_retry"}


def test_neighbours_share_their_entities(ledger: Ledger) -> None:
    rows = rows_of_their_own(30)
    shuffled = rows[::7] + [row for index, row in enumerate(rows) if index % 7]
    out = list(write_with_model(shuffled, speaking(rows), accept, ModelSettings(), ledger))
    diseases = [row.bindings[0].id for row in out if isinstance(row, Row)]
    assert diseases == sorted(diseases)


def test_the_input_is_not_read_further_than_the_engine_needs(ledger: Ledger) -> None:
    rows = rows_of_their_own(500)
    read = 0

    def counted() -> Iterator[Row]:
        nonlocal read
        for row in rows:
            read += 1
            yield row

    settings = ModelSettings(sort_window=8)
    stream = write_with_model(counted(), speaking(rows, capacity=4), accept, settings, ledger)
    next(stream)
    assert read <= 16 + 8
    stream.close()  # type: ignore[attr-defined]


def test_no_more_rows_are_worded_than_are_wanted(ledger: Ledger) -> None:
    rows = rows_of_their_own(100)
    settings = ModelSettings(wanted=10)
    stream = write_with_model(rows, speaking(rows), accept, settings, ledger)
    assert len([next(stream) for _ in range(10)]) == 10
    stream.close()  # type: ignore[attr-defined]
    assert ledger.counts()["requests"] == {"done": 10}


def test_a_run_goes_on_where_it_stopped_and_asks_nothing_twice(tmp_path: Path) -> None:
    rows = rows_of_their_own(60)
    asked: list[str] = []
    good = speaking(rows)._script
    assert good is not None

    def answer(prompt: Prompt) -> Completion | str:
        asked.append(prompt.id)
        return good(prompt)

    with Ledger(tmp_path, model="scripted", sampling="") as ledger:
        stream = write_with_model(rows, ScriptedEngine(answer), accept, RETRY, ledger)
        first = [next(stream) for _ in range(25)]
        stream.close()  # type: ignore[attr-defined]
    with Ledger(tmp_path, model="scripted", sampling="") as ledger:
        recorded = ledger.counts()["requests"]["done"]
        before = len(asked)
        out = list(write_with_model(rows, ScriptedEngine(answer), accept, RETRY, ledger))
        assert out[:25] == first
        assert ledger.counts()["outcomes"] == {"kept": 60}
    assert len(asked) - before == 60 - recorded


def test_a_replay_of_the_completions_gives_the_same_rows(tmp_path: Path) -> None:
    rows = rows_of_their_own(40)
    good = speaking(rows)._script
    assert good is not None

    def stumble(prompt: Prompt) -> Completion | str:
        return "{" if int(prompt.id[-1], 16) % 3 == 0 else good(prompt)

    engine = ScriptedEngine(stumble, model="org/model", sampling="temperature=0.7")
    with Ledger(tmp_path, model=engine.model, sampling=engine.sampling) as ledger:
        made = list(write_with_model(rows, engine, accept, RETRY, ledger))
    replay = ScriptedEngine(EngineSettings(str(tmp_path / "completions.jsonl")))
    with Ledger(tmp_path / "again", model=replay.model, sampling=replay.sampling) as ledger:
        again = list(write_with_model(rows, replay, accept, RETRY, ledger))
    assert again == made
    files = [tmp_path / "completions.jsonl", tmp_path / "again" / "completions.jsonl"]
    assert len({tuple(sorted(file.read_text().splitlines())) for file in files}) == 1


def test_an_engine_that_stops_leaves_everything_made_so_far(tmp_path: Path) -> None:
    rows = rows_of_their_own(30)
    good = speaking(rows)._script
    assert good is not None
    left = [12]

    def answer(prompt: Prompt) -> Completion | str:
        left[0] -= 1
        if left[0] < 0:
            raise EngineError("the engine's process died")
        return good(prompt)

    with Ledger(tmp_path, model="scripted", sampling="") as ledger:
        with pytest.raises(EngineError, match="process died"):
            list(write_with_model(rows, ScriptedEngine(answer), accept, RETRY, ledger))
        assert ledger.counts()["requests"]["done"] == 12
    lines = (tmp_path / "completions.jsonl").read_text().splitlines()
    assert len({json.loads(line)["prompt_id"] for line in lines}) == 12


def test_ctrl_c_writes_down_what_the_engine_has_finished(tmp_path: Path) -> None:
    rows = rows_of_their_own(30)

    def interrupted(row: Row) -> Verdict:
        raise KeyboardInterrupt

    with Ledger(tmp_path, model="scripted", sampling="") as ledger:
        engine = speaking(rows, capacity=10)
        with pytest.raises(KeyboardInterrupt):
            list(write_with_model(rows, engine, interrupted, RETRY, ledger))
        assert ledger.counts()["requests"] == {"done": 10}


@pytest.mark.parametrize(
    "make", [lambda: ModelSettings(max_retries=11), lambda: ModelSettings(sort_window=0)]
)
def test_settings_out_of_range_are_refused_by_name(make: Callable[[], ModelSettings]) -> None:
    with pytest.raises(UsageError, match="expected"):
        make()
