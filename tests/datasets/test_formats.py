"""Each format holds what its trainer needs, and nothing of a row is changed on the way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.datasets.features import features_of, to_yaml
from kgsynth.datasets.files import write_rows
from kgsynth.datasets.formats import (
    FORMATS,
    aliases_of,
    export_run,
    format_named,
    reasoning_of,
    to_grpo,
    to_sft,
)
from kgsynth.datasets.rewards import answer_reward
from kgsynth.errors import RunError, UsageError
from kgsynth.records import Row
from tests.factories import CHAINS, make_row, make_rows

ROW = make_row()


def test_sft_keeps_the_reasoning_apart_from_the_answer() -> None:
    example = to_sft(ROW)
    assert [message.role for message in example.messages] == ["user", "assistant"]
    assert example.messages[0].content == ROW.prompt
    assert example.messages[1].content == "autosomal recessive inheritance"
    assert example.messages[1].reasoning_content == "\n".join(step.text for step in ROW.trace)
    assert example.prompt[0].content == ROW.prompt
    assert example.completion == example.messages[1:]


def test_reasoning_that_ends_otherwise_is_kept_whole() -> None:
    assert reasoning_of(replace(ROW, reasoning="One.\nTwo.")) == "One.\nTwo."
    assert reasoning_of(replace(ROW, reasoning="Answer: " + ROW.answer)) == "Answer: " + ROW.answer


def test_grpo_columns_are_what_the_reward_asks_for() -> None:
    example = to_grpo(ROW)
    assert example.category == "GeneticInheritance"
    assert example.aliases == (
        "Autosomal recessive inheritance",
        "Autosomal recessive",
        "Recessive inheritance",
    )
    for completion in (f"So.\nAnswer: {alias}" for alias in (example.answer, *example.aliases)):
        assert answer_reward([completion], [example.answer], [example.aliases], hops=[4]) == [1.0]


def test_the_reasoning_of_a_row_earns_its_own_reward() -> None:
    for row in (make_row(chain) for chain in CHAINS):
        example = to_grpo(row)
        assert answer_reward([row.reasoning], [example.answer], [example.aliases]) == [1.0]
        assert answer_reward([row.prompt], [example.answer], [example.aliases]) == [0.0]


def test_a_yes_or_no_question_is_not_answered_by_a_name() -> None:
    assert aliases_of(replace(ROW, form="yes_no", answer="yes")) == ()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_one_line_a_row(name: str, tmp_path: Path) -> None:
    write_rows(tmp_path / "run" / "dataset" / "train.jsonl", [make_row(chain) for chain in CHAINS])
    folder, counts = export_run(tmp_path / "run", name, tmp_path / "out")
    lines = (folder / "train.jsonl").read_text().splitlines()
    columns = [feature["name"] for feature in features_of(FORMATS[name].record)]
    assert counts == {"train": 2}
    assert [list(json.loads(line)) for line in lines] == [columns, columns]
    readme = (folder / "README.md").read_text()
    assert f'load_dataset("{folder}")' in readme
    assert "Examples: train 2." in readme


@pytest.mark.parametrize(
    ("order", "wanted"), [("run", "2013"), ("curriculum", "0312"), ("hard-first", "2103")]
)
def test_an_export_goes_from_easy_to_hard_or_back(order: str, wanted: str, tmp_path: Path) -> None:
    # Rows 0 and 3 are equally easy, and go by their ids.
    scores = {"2": 0.9, "0": 0.1, "1": 0.4, "3": 0.1}
    rows = [
        replace(ROW, id=name, difficulty=replace(ROW.difficulty, score=score))
        for name, score in scores.items()
    ]
    write_rows(tmp_path / "dataset" / "train.jsonl", rows)
    folder, _ = export_run(tmp_path, "trl-grpo", order=order)
    lines = (folder / "train.jsonl").read_text().splitlines()
    assert "".join(json.loads(line)["id"] for line in lines) == wanted


def test_an_unknown_order_is_answered_with_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown order 'up'; known: run, curriculum, hard-first"):
        export_run(tmp_path, "trl-sft", order="up")


def test_an_unknown_format_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'trl-gpro'; did you mean 'trl-grpo'. known: trl-sft"):
        format_named("trl-gpro")


def test_an_export_never_overwrites_the_dataset(tmp_path: Path) -> None:
    write_rows(tmp_path / "dataset" / "train.jsonl", [ROW])
    with pytest.raises(RunError, match="is the dataset itself"):
        export_run(tmp_path, "trl-sft", tmp_path / "dataset")


def test_a_bad_row_stops_the_export_and_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "train.jsonl").write_text("{}\n")
    with pytest.raises(RunError, match=r"train\.jsonl:1: expected a row"):
        export_run(tmp_path, "trl-sft")
    assert list((tmp_path / "trl-sft").iterdir()) == []


def test_features_refuse_a_type_that_may_change_between_rows() -> None:
    from dataclasses import make_dataclass

    with pytest.raises(TypeError, match="no dataset feature"):
        features_of(make_dataclass("Loose", [("value", "str | None")]))
    assert {feature["name"] for feature in features_of(Row)} >= {"id", "query", "verdict"}


def test_yaml_quotes_what_could_be_taken_for_something_else() -> None:
    assert to_yaml({"a": "no", "b": [], "c": {"d": "2025-01-16"}, "e": [{"f": 1}]}) == (
        'a: "no"\nb: []\nc:\n  d: "2025-01-16"\ne:\n- f: 1\n'
    )


def test_an_option_is_given_by_key_and_text_and_rewarded_by_either() -> None:
    row = replace(make_rows(1)[0], form="choice", answer_key="B")
    lines = [step.text for step in row.trace]
    row = replace(row, reasoning="\n".join([*lines, f"Answer: B) {row.answer}"]))
    example = to_sft(row)
    assert example.messages[1].content == f"B) {row.answer}"
    assert example.messages[1].reasoning_content == "\n".join(lines)
    asked = to_grpo(row)
    given = [f"So.\nAnswer: {text}" for text in ("B", f"B) {row.answer}", row.answer, "A", "A) x")]
    rewards = answer_reward(given, [asked.answer] * 5, None, [asked.answer_key] * 5)
    assert rewards == [1.0, 1.0, 1.0, 0.0, 0.0]
