"""What a good model would answer: the template's words as a completion. For tests of models."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from kgsynth.engines.base import Prompt
from kgsynth.engines.scripted import ScriptedEngine
from kgsynth.records import Row, Verdict
from kgsynth.traces.prompt import Plan, plan_row, write_prompt
from tests.factories import make_rows

ACCEPTED = Verdict(True, "none", ("parse",), (), ())


def rows_of_their_own(count: int) -> list[Row]:
    """Return rows with different ids: hand-made rows that ask the same query share theirs."""
    return [replace(row, id=f"kgs:{number}") for number, row in enumerate(make_rows(count))]


def wording(plan: Plan) -> dict[str, Any]:
    """Return the object that words a row as the template did."""
    steps = [
        {
            "text": step.text,
            "facts": [f"F{fact + 1}" for fact in facts],
            "concludes": step.concludes,
        }
        for step, facts in zip(plan.row.trace, plan.steps, strict=True)
    ]
    return {"question": plan.row.question, "steps": steps, "answer": plan.row.answer}


def said(plan: Plan) -> str:
    """Return that object as compact text, as a held engine writes it."""
    return json.dumps(wording(plan), ensure_ascii=False, separators=(",", ":"))


def speaking(rows: Iterable[Row], **settings: Any) -> ScriptedEngine:
    """Return an engine that gives every one of the rows a good wording, retries included."""
    by_entities: dict[str, str] = {}
    for row in rows:
        plan = plan_row(row)
        by_entities[_item(write_prompt(plan))] = said(plan)
    return ScriptedEngine(lambda prompt: by_entities[_item(prompt)], **settings)


def first_bad(row: Row, bad: Callable[[Prompt], str], times: int = 1) -> ScriptedEngine:
    """Return an engine that words a row badly some times, then well."""
    left = [times]

    def answer(prompt: Prompt) -> str:
        left[0] -= 1
        return bad(prompt) if left[0] >= 0 else said(plan_row(row))

    return ScriptedEngine(answer)


def _item(prompt: Prompt) -> str:
    """Return the part of a prompt that a retry leaves as it is."""
    return prompt.messages[-1].content.split("\n\nAn earlier wording")[0]
