"""What a model said, read without trust: a worded row, or the reason why not.

A wording is turned down with a stable code, never repaired. Only what surrounds the object is
forgiven: reasoning in ``<think>`` tags and a Markdown fence. Whether the words are *true* is for
the checker; here it is only settled that they are words, that they cite the facts of the plan, and
that they give the answer of the graph.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NoReturn

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from kgsynth.engines.base import Completion
from kgsynth.phrasing import words
from kgsynth.records import NOT_CHECKED, Rejection, Row, TraceStep
from kgsynth.traces.prompt import Plan, instructions
from kgsynth.traces.stem import stem_problems

#: The longest texts that are read, in code points.
MAX_QUESTION = 2_000
MAX_STEP = 1_500

_WORDS = ConfigDict(extra="forbid")


@with_config(_WORDS)
@dataclass(frozen=True, slots=True)
class WordedStep:
    """One step as the model worded it."""

    text: str
    facts: list[str]
    concludes: str


@with_config(_WORDS)
@dataclass(frozen=True, slots=True)
class Wording:
    """The object that a model answers with."""

    question: str
    steps: list[WordedStep]
    answer: str


class _TurnedDownError(Exception):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


_WORDING = TypeAdapter(Wording)
_THINK = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE = re.compile(r"\A```(?:json)?\s*\n(.*?)\n?```\s*\Z", re.DOTALL)
_REFUSAL = re.compile(
    r"\b(?:I(?:['’]m| am) (?:sorry|unable|not able)|I (?:can(?:['’]t|not)|won['’]t|will not)"
    r"|as an AI|language model)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<\|?/?\w+\|?>|```|\[/?INST\]|\b(?:system|user|assistant)\s*:", re.IGNORECASE)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instruction|prompt|rule|above|previous)"
    r"|\b(?:previous|prior|above|these) (?:instruction|prompt)s?\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b[EF][1-9][0-9]?\b")
_FACT = re.compile(r"F[1-9][0-9]?")
_ECHO_WORDS = 8

#: Words that English texts have and other languages in Latin letters do not.
_ENGLISH = frozenset(
    {"and", "are", "by", "for", "from", "has", "have", "how", "of", "other", "that", "the"}
    | {"this", "what", "which", "who", "whose", "with"}
)


def parse_wording(plan: Plan, completion: Completion) -> Row | Rejection:
    """Turn a completion into a worded row.

    Args:
        plan: The plan that the model was given.
        completion: What came back.

    Returns:
        The row with question, prompt, trace and reasoning in the model's words, not yet checked;
        or a rejection of stage ``traces`` with one of the codes ``engine_refused``, ``empty``,
        ``truncated``, ``refused``, ``malformed_json``, ``duplicate_key``, ``wrong_schema``,
        ``too_long``, ``bad_characters``, ``prompt_echo``, ``wrong_language``, ``wrong_steps``,
        ``unknown_fact``, ``missing_fact``, ``wrong_fact``, ``wrong_answer``, or those of
        `kgsynth.traces.stem.stem_problems`.
    """
    try:
        wording = _read(completion)
        _check_texts(plan, wording)
        return _worded(plan, wording)
    except _TurnedDownError as reason:
        return Rejection(plan.row.id, "traces", reason.code, str(reason), plan.row.query)


def _turn_down(code: str, detail: str) -> NoReturn:
    raise _TurnedDownError(code, detail)


def _read(completion: Completion) -> Wording:
    if completion.finish_reason == "error":
        _turn_down("engine_refused", completion.detail or "the engine gave no completion")
    text = _THINK.sub("", completion.text).strip()
    if completion.finish_reason == "length":
        _turn_down("truncated", f"cut off after {completion.tokens_out} tokens")
    if not text:
        _turn_down("empty", "the completion holds no text")
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    return _object(text)


def _object(text: str) -> Wording:
    if not text.startswith("{") and _REFUSAL.search(text):
        _turn_down("refused", f"the model declined: {text[:80]!r}")
    try:
        found = json.loads(text, object_pairs_hook=_no_twins)
    # Also deep nesting, and numbers with thousands of digits.
    except (ValueError, RecursionError) as error:
        _turn_down("malformed_json", f"expected one JSON object: {error}; begins {text[:60]!r}")
    try:
        return _WORDING.validate_python(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the object"
        _turn_down("wrong_schema", f"{place}: {first['msg'].lower()}")


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        _turn_down("duplicate_key", f"a key stands twice in one object: {sorted(keys)}")
    return found


def _check_texts(plan: Plan, wording: Wording) -> None:
    names = " ".join(plan.spelling)
    _check_text("question", wording.question, MAX_QUESTION, names)
    for number, step in enumerate(wording.steps, start=1):
        _check_text(f"step {number}", step.text, MAX_STEP, names)
        _check_text(f"conclusion of step {number}", step.concludes, MAX_STEP, names)
    _check_language(" ".join([wording.question, *(step.text for step in wording.steps)]))


def _check_text(where: str, text: str, most: int, names: str) -> None:
    if not text.strip():
        _turn_down("empty", f"{where} is empty")
    if len(text) > most:
        _turn_down("too_long", f"{where} has {len(text)} characters; expected at most {most}")
    if bad := next(_bad_characters(text), ""):
        _turn_down("bad_characters", f"{where} holds the character U+{ord(bad):04X}")
    if _REFUSAL.search(text):
        _turn_down("refused", f"{where} declines: {text[:80]!r}")
    if found := _echo(text, names):
        _turn_down("prompt_echo", f"{where} repeats the prompt: {found!r}")


def _bad_characters(text: str) -> Iterator[str]:
    """Yield control, format, surrogate, private and unassigned characters; not line ends, tabs."""
    return (c for c in text if unicodedata.category(c)[0] == "C" and c not in "\n\t")


def _echo(text: str, names: str) -> str:
    """Return what of the prompt, of chat markup or of orders to a model is in a text, or ""."""
    if found := _MARKUP.search(text) or _ORDER.search(text):
        return found[0]
    # F8 and E2F1 are genes too: a label is an echo only where no entity is called so.
    label = next((m[0] for m in _LABEL.finditer(text) if not re.search(rf"\b{m[0]}\b", names)), "")
    return label or next((run for run in _runs(text) if run in _instruction_runs()), "")


def _runs(text: str) -> Iterator[str]:
    said = words(text)
    for start in range(len(said) - _ECHO_WORDS + 1):
        yield " ".join(said[start : start + _ECHO_WORDS])


@cache
def _instruction_runs() -> frozenset[str]:
    return frozenset(_runs(instructions()))


def _check_language(text: str) -> None:
    letters = [character for character in text if character.isalpha()]
    latin = sum(unicodedata.name(character, "").startswith("LATIN") for character in letters)
    if latin < 0.9 * len(letters) or len(_ENGLISH.intersection(words(text))) < 2:
        _turn_down("wrong_language", f"the wording is not English: {text[:60]!r}")


def _worded(plan: Plan, wording: Wording) -> Row:
    row = plan.row
    if len(wording.steps) != len(row.trace):
        _turn_down("wrong_steps", f"expected {len(row.trace)} steps, found {len(wording.steps)}")
    for index, step in enumerate(wording.steps):
        _check_facts(plan, index, step)
    if _plain(wording.answer) != _plain(row.answer):
        _turn_down("wrong_answer", f"expected {row.answer!r}, found {wording.answer[:80]!r}")
    question = _line(wording.question)
    for code, detail in stem_problems(plan, question):
        _turn_down(code, detail)
    trace = tuple(_step(plan, index, step) for index, step in enumerate(wording.steps))
    return replace(
        row,
        question=question,
        prompt=row.prompt.replace(row.question, question, 1),
        trace=trace,
        reasoning=_reasoning(row, trace),
        verdict=NOT_CHECKED,
    )


def _step(plan: Plan, index: int, step: WordedStep) -> TraceStep:
    """Return a step in new words; its entities are those it rests on and those it names."""
    text, concludes = _line(step.text), _line(step.concludes)
    cited = [plan.facts[fact] for fact in plan.steps[index]]
    ends = {end for edge in cited for end in (edge.subject, edge.object)}
    old = plan.row.trace[index]
    near = dict.fromkeys([*old.entities, *plan.entities])
    said = set(words(f"{text} {concludes}"))
    entities = tuple(
        entity for entity in near if entity in ends or said.issuperset(words(plan.names[entity]))
    )
    return replace(old, text=text, entities=entities, concludes=concludes)


def _check_facts(plan: Plan, index: int, step: WordedStep) -> None:
    known = {f"F{number}" for number in range(1, len(plan.facts) + 1)}
    planned = {f"F{fact + 1}" for fact in plan.steps[index]}
    cited = set(step.facts)
    where = f"step {index + 1}"
    if strange := sorted(cited - known):
        _turn_down("unknown_fact", f"{where} cites {strange[0][:20]!r}; known: F1 to F{len(known)}")
    if missing := sorted(planned - cited):
        _turn_down("missing_fact", f"{where} must cite {', '.join(missing)}")
    if foreign := sorted(cited - planned):
        _turn_down("wrong_fact", f"{where} must not cite {', '.join(foreign)}")


def _reasoning(row: Row, trace: Iterable[TraceStep]) -> str:
    """Put the new steps where the old ones stood; what frames them stays."""
    old = "\n".join(step.text for step in row.trace)
    new = "\n".join(step.text for step in trace)
    return new + row.reasoning.removeprefix(old)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".")


def _line(text: str) -> str:
    return " ".join(text.split())
