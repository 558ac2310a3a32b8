"""Reports: counts, and guessers that find what options give away and nothing else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.datasets.files import write_rows
from kgsynth.datasets.report import make_report
from kgsynth.datasets.report_guess import Guess, Item, guess_all, items_of
from kgsynth.records import Candidate, Option, OptionReason, Row
from kgsynth.seeding import derive_rng
from tests.factories import make_rows

Capture = pytest.CaptureFixture[str]
WORDS = ("ptosis", "myotonia", "ataxia", "fever", "rickets", "anemia", "short ribs", "cough")


def items(number: int, right: str = "") -> list[Item]:
    """Return questions of four options; the right one by lot, or the `longest`."""
    found = []
    for at in range(number):
        rng = derive_rng(7, "items", str(at))
        texts = tuple(f"{WORDS[int(i)]} {int(rng.integers(1000))}" for i in rng.permutation(8)[:4])
        place = max(range(4), key=lambda i: len(texts[i])) if right else int(rng.integers(4))
        found.append(Item(frozenset({"which"}), texts, texts, place))
    return found


def by_name(found: list[Guess]) -> dict[str, Guess]:
    return {guess.name: guess for guess in found}


def test_options_drawn_by_lot_tell_nothing() -> None:
    found = guess_all(items(400))
    assert {guess.chance for guess in found} == {0.25}
    assert sum(guess.is_telling for guess in found) <= 1


def test_a_right_option_that_is_longest_is_found_out() -> None:
    found = by_name(guess_all(items(200, "longest")))
    assert found["the longest"].accuracy > 0.9
    assert found["a classifier"].is_telling


def test_an_entity_that_is_always_right_is_found_out() -> None:
    wrong = [item for item in items(200) if item.right != 0]
    told = [
        replace(item, ids=("X", *item.ids[1:]), texts=("fever", *item.texts[1:]), right=0)
        for item in wrong
    ]
    found = by_name(guess_all(told))
    assert found["most often right elsewhere"].accuracy > 0.9


def test_of_few_rows_nothing_is_said() -> None:
    assert guess_all(items(10)) == []


def with_options(row: Row, at: int) -> Row:
    reason = OptionReason("not_recorded", 0, ())
    texts = ["fever", "ptosis", "cough"]
    options = [Option("", text, f"HP:{i}", False, (reason,)) for i, text in enumerate(texts)]
    options.insert(at % 4, Option("", row.answer, row.answers[0].id, True, ()))
    keyed = tuple(replace(o, key=key) for o, key in zip(options, "ABCD", strict=True))
    return replace(row, form="choice", options=keyed, answer_key="ABCD"[at % 4])


def test_a_report_counts_keys_reasons_and_proposals() -> None:
    rows = make_rows(8)
    chosen = [with_options(row, at) for at, row in enumerate(rows)]
    report = make_report(chosen)
    assert report.rows == 8
    assert report.keys == {"A": 2, "B": 2, "C": 2, "D": 2}
    assert report.options == {"not_recorded": 24}
    proposed = [
        replace(row, form="yes_no", answer=answer, candidate=Candidate("HP:1", "fever"))
        for row, answer in zip(rows, ["yes", "no"] * 4, strict=True)
    ]
    assert make_report(proposed).yes == 0.5
    assert [item.right for item in items_of(proposed)] == [0, -1] * 4


def test_a_report_reads_off_how_hard_each_kind_is() -> None:
    rows = [
        replace(row, difficulty=replace(row.difficulty, score=at / 10))
        for at, row in enumerate(make_rows(11))
    ]
    expected = {"chain, open, 4 hops": (0.0, 0.1, 0.2, 0.5, 0.8, 0.9, 1.0)}
    assert make_report(rows).quantiles == expected
    assert make_report([replace(row, hops=1) for row in rows[:1]]).quantiles == {
        "chain, open, 1 hop": (0.0,) * 7
    }


def test_the_command_prints_json_and_a_page_without_scripts(
    tmp_path: Path, capsys: Capture
) -> None:
    file, page = tmp_path / "rows.jsonl", tmp_path / "page.html"
    write_rows(file, [with_options(row, at) for at, row in enumerate(make_rows(30))])
    assert run(["report", str(file), "--json", "--page", str(page)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == 30
    assert {guess["rows"] for guess in found["guesses"]} == {30}
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "<script" not in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert run(["report", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "who sees only the options" in printed
    assert "so many rows are no harder than" in printed


def test_a_run_without_rows_is_said_to_have_none(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"")
    assert run(["report", str(file)]) == 2
    assert "holds no row" in capsys.readouterr().err
