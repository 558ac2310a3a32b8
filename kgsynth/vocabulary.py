"""The words for categories and predicates: those of kgsynth, a user's own, and plain English.

``templates/words/relations.toml`` has them for Biolink. A file of templates may hold others, beside
the paths that need them:

    [words.nouns]
    Gadget = ["gadget", "gadgets"]
    [words.relations]
    frobs = { out = ["frobs", "frob"], back = ["is frobbed by", "are frobbed by"] }
    [chain-own]
    question = ["Which gadget does it frob?"]

What neither has is said by the shape of its name (`kgsynth.verbs`). Writers and checks take their
words from here, each by code of its own.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from kgsynth.errors import UsageError
from kgsynth.resources import data_file
from kgsynth.toml_lines import line_of
from kgsynth.verbs import Forms, kind_forms, relation_forms

#: The table of a file of templates that holds words.
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one's own.

    Attributes:
        nouns: What one entity of a category and several are called.
        relations: How a predicate is said, ``out`` and ``back``, of one and of several.
        questions: Ways to ask for the target, by template.
    """

    nouns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    relations: Mapping[str, Forms] = field(default_factory=dict)
    questions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class _Own:
    """The user's words of this process, and the text that they were read from."""

    words = Words()
    text = ""


def speak(text: str) -> None:
    """Take the words in a text of templates for this process; "" for none."""
    _Own.words, _Own.text = read_words(text), text


def spoken() -> str:
    """Return the text that the user's words were read from: what is made of words goes by it."""
    return _Own.text


def kind_words(category: str) -> tuple[str, str]:
    """Return what one entity of a category and several are called."""
    one, many = _Own.words.nouns.get(category) or _table()["kinds"].get(category) or kind_forms(
        category
    )  # fmt: skip
    return one, many


def verb_words(predicate: str) -> Forms:
    """Return how a predicate is said: ``out`` from subject to object, ``back``; of one and many."""
    known: Forms = _Own.words.relations.get(predicate) or _table()["relations"].get(predicate)
    return known or relation_forms(predicate)


def questions_of(template: str) -> tuple[str, ...]:
    """Return the user's ways to ask for the target of a template; () for kgsynth's own."""
    return _Own.words.questions.get(template, ())


def all_kinds(categories: Iterable[str] = ()) -> dict[str, tuple[str, str]]:
    """Return the words for every category that has some, and for some others."""
    names = dict.fromkeys((*_table()["kinds"], *_Own.words.nouns, *categories))
    return {name: kind_words(name) for name in names}


def all_verbs(predicates: Iterable[str] = ()) -> dict[str, Forms]:
    """Return the words for every predicate that has some, and for some others."""
    names = dict.fromkeys((*_table()["relations"], *_Own.words.relations, *predicates))
    return {name: verb_words(name) for name in names}


def prose_words() -> frozenset[str]:
    """Return words of ordinary prose that ontologies have terms for too."""
    return frozenset(_table()["plain"]["words"])


@cache
def _table() -> dict[str, Any]:
    file = data_file("templates", "words", "relations.toml")
    return tomllib.loads(file.read_text("utf-8"))


def read_words(text: str, place: str = "template") -> Words:
    """Return the words in a TOML text of templates; `place` says in messages where it stands.

    Raises:
        UsageError: If a word is not as expected; the message says ``place:line``.
    """
    table: dict[str, Any] = tomllib.loads(text)
    given = table.get(WORDS, {})
    parts = {"nouns": _pair, "relations": _forms}
    found: dict[str, dict[str, Any]] = {"nouns": {}, "relations": {}}
    if not isinstance(given, dict) or set(given) - set(parts):
        raise UsageError(f"{place}:{line_of(text, WORDS)}: {_EXPECTED['words']}")
    for part, said in given.items():
        for name, value in said.items() if isinstance(said, dict) else [("", None)]:
            found[part][name] = parts[part](value)
            if found[part][name] is None:
                line = line_of(text, f"{WORDS}.{part}", name)
                raise UsageError(f"{place}:{line}: {part} {name!r}: {_EXPECTED[part]}")
    questions = {}
    for name, entry in table.items():
        asked = entry.get("question") if isinstance(entry, dict) and name != WORDS else None
        if asked is not None:
            questions[name] = _asked(asked)
            if not questions[name]:
                where = f"{place}:{line_of(text, name, 'question')}"
                raise UsageError(f"{where}: spine template {name!r}: {_EXPECTED['question']}")
    return Words(found["nouns"], found["relations"], questions)


_EXPECTED = {
    "words": "expected [words.nouns] and [words.relations]",
    "nouns": 'expected one and several, such as ["gadget", "gadgets"]',
    "relations": 'expected { out = ["frobs", "frob"], back = ["is frobbed by", "are frobbed by"] }',
    "question": "question has to be a sentence that ends in a question mark or a full stop, "
    "or a list of such",
}


def _pair(value: Any) -> tuple[str, str] | None:
    good = isinstance(value, list) and len(value) == 2 and all(_is_words(one) for one in value)
    return (value[0], value[1]) if good else None


def _forms(value: Any) -> Forms | None:
    if not isinstance(value, dict) or set(value) != {"out", "back"}:
        return None
    forms = {way: _pair(said) for way, said in value.items()}
    return {way: said for way, said in forms.items() if said} if all(forms.values()) else None


def _asked(value: Any) -> tuple[str, ...]:
    asked = [value] if isinstance(value, str) else value
    if not isinstance(asked, list) or not asked:
        return ()
    good = all(_is_words(one) and one[-1] in "?." and "{" not in one for one in asked)
    return tuple(asked) if good else ()


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and value == value.strip() != "" and value.isprintable()
