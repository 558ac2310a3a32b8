"""What the value of a clause of an OBO file says: a text, a synonym, a cross-reference, ids.

Source: OBO Flat File Format 1.4, https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

import re
from typing import NamedTuple

_ESCAPES = {"n": "\n", "W": " ", "t": "\t"}
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUOTED = re.compile(r'\s*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_WORD = re.compile(r"\s*((?:[^\s\[\]{}\"\\!]|\\.)+)")
_SCOPES = ("EXACT", "BROAD", "NARROW", "RELATED")


class Xref(NamedTuple):
    """A cross-reference: its id, and a description where there is one."""

    id: str
    description: str = ""


class Qualifier(NamedTuple):
    """One pair of a trailing ``{key="value"}`` block."""

    key: str
    value: str


class Text(NamedTuple):
    """A quoted text with its references: a definition."""

    text: str
    xrefs: tuple[Xref, ...] = ()
    qualifiers: tuple[Qualifier, ...] = ()


class Synonym(NamedTuple):
    """Another name; `scope` is EXACT, BROAD, NARROW or RELATED, `type` is "" where not given."""

    text: str
    scope: str
    type: str
    xrefs: tuple[Xref, ...] = ()
    qualifiers: tuple[Qualifier, ...] = ()


class Words(NamedTuple):
    """A value without quotes: ids or plain text, with the trailing qualifiers taken off."""

    text: str
    qualifiers: tuple[Qualifier, ...] = ()


def unescape(text: str) -> str:
    r"""Return a value without its backslashes: ``\"`` is a quote, ``\n`` a new line.

    Example:
        >>> unescape(r"a \"giant\" cell\, large")
        'a "giant" cell, large'
    """
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)


def parse_words(value: str) -> Words:
    """Return a value without quotes, such as a name or the target of ``is_a``.

    Qualifiers that do not end are left standing in the text, where they make no identifier.

    Example:
        >>> parse_words('HP:0001507 {source="x"} ! Growth abnormality')
        Words(text='HP:0001507', qualifiers=(Qualifier(key='source', value='x'),))
    """
    if "!" not in value and "{" not in value and "\\" not in value:
        return Words(value.rstrip())
    end = len(value)
    start = _unescaped(value, "!", 0)
    if start >= 0 and (start == 0 or value[start - 1] in " \t}"):
        end = start
    value = value[:end].rstrip()
    if value.endswith("}") and not value.endswith("\\}"):
        opening = _unescaped(value, "{", 0)
        if opening >= 0 and _unescaped(value[opening:], "}", 1) >= 0:
            qualifiers = _qualifiers(value[opening:])
            return Words(unescape(value[:opening].rstrip()), qualifiers)
    return Words(unescape(value))


def parse_text(value: str) -> Text:
    """Return a definition: ``"text" [xrefs] {qualifiers}``.

    Raises:
        ValueError: If the quote does not end, or something else stands in the value.
    """
    text, rest = _quoted(value)
    xrefs, rest = _xref_list(rest)
    return Text(text, xrefs, _rest(rest))


def parse_synonym(value: str) -> Synonym:
    """Return a synonym: ``"text" SCOPE TYPE [xrefs] {qualifiers}``; scope RELATED if not given.

    Raises:
        ValueError: If the quote does not end, or something else stands in the value.
    """
    text, rest = _quoted(value)
    scope, kind = "RELATED", ""
    word = _WORD.match(rest)
    if word is not None and word[1] in _SCOPES:
        scope, rest = word[1], rest[word.end() :]
        word = _WORD.match(rest)
    if word is not None:
        kind, rest = unescape(word[1]), rest[word.end() :]
    xrefs, rest = _xref_list(rest)
    return Synonym(text, scope, kind, xrefs, _rest(rest))


def parse_xref(value: str) -> tuple[Xref, tuple[Qualifier, ...]]:
    """Return a cross-reference: ``ID "description" {qualifiers}``.

    Raises:
        ValueError: If there is no id, or a quote does not end.
    """
    word = _WORD.match(value)
    if word is None:
        raise ValueError(f"no identifier in {value!r}")
    description, rest = "", value[word.end() :]
    if rest.lstrip().startswith('"'):
        description, rest = _quoted(rest)
    return Xref(unescape(word[1]), description), _rest(rest)


def _quoted(value: str) -> tuple[str, str]:
    match = _QUOTED.match(value)
    if match is None:
        raise ValueError("the quote does not end" if '"' in value else "no quoted text")
    return unescape(match[1]), value[match.end() :]


def _xref_list(rest: str) -> tuple[tuple[Xref, ...], str]:
    rest = rest.lstrip()
    if not rest.startswith("["):
        return (), rest
    end = _closing(rest)
    found = []
    for part in _split(rest[1:end]):
        identifier = part
        description = ""
        quote = _unescaped(part, '"', 0)
        if quote >= 0:
            description, _ = _quoted(part[quote:])
            identifier = part[:quote]
        found.append(Xref(unescape(identifier.strip()), description))
    return tuple(found), rest[end + 1 :]


def _rest(rest: str) -> tuple[Qualifier, ...]:
    rest = rest.strip()
    if not rest or rest.startswith("!"):
        return ()
    if not rest.startswith("{"):
        raise ValueError(f"unexpected {rest!r}")
    return _qualifiers(rest)


def _qualifiers(block: str) -> tuple[Qualifier, ...]:
    """Return the pairs of ``{key="value", …}``; a comment behind the block is left out."""
    end = _closing(block)
    found = []
    for part in _split(block[1:end]):
        key, _, value = part.partition("=")
        value = value.strip()
        text = _quoted(value)[0] if value.startswith('"') else unescape(value)
        found.append(Qualifier(unescape(key.strip()), text))
    return tuple(found)


def _closing(text: str) -> int:
    """Return where the bracket that `text` begins with closes, quotes and escapes skipped."""
    end = _unescaped(text, {"[": "]", "{": "}"}[text[0]], 1)
    if end < 0:
        raise ValueError(f"the bracket does not close in {text!r}")
    return end


def _split(text: str) -> list[str]:
    """Return the parts between commas, quotes and escapes skipped."""
    parts = []
    start = 0
    while (comma := _unescaped(text, ",", start)) >= 0:
        parts.append(text[start:comma].strip())
        start = comma + 1
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def _unescaped(text: str, wanted: str, start: int) -> int:
    """Return where `wanted` first stands outside quotes and not behind a backslash, or -1."""
    first = text.find(wanted, start)
    if first < 0 or (text.find('"', start, first) < 0 and text.find("\\", start, first) < 0):
        return first
    inside = False
    at = start
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
        elif character == wanted and (not inside or wanted == '"'):
            return at
        elif character == '"':
            inside = not inside
        at += 1
    return -1
