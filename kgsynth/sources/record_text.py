"""One record of a nested file (JSON, YAML, XML): its fields as text, or what is wrong with it."""

import json
from typing import Any


class RecordError(ValueError):
    """One record that cannot be read: a stable code, and what is wrong with it."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def plain(value: object, what: str) -> str:
    """Return a value as text: a number as its digits, nothing as "".

    Raises:
        RecordError: ``bad_shape`` where it is a list or an object, ``bad_text`` where it holds half
            of a character.

    Example:
        >>> plain(324, "ORPHAcode"), plain(" GLA ", "Symbol"), plain(None, "Source")
        ('324', 'GLA', '')
    """
    if isinstance(value, str):
        if not value.isascii():
            _check_text(value, what)
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise RecordError("bad_shape", f"{what} is {type(value).__name__}, expected text")


def _check_text(value: str, what: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RecordError("bad_text", f"{what} holds half of a character: {value[:60]!a}") from None


def fields(record: object, what: str) -> dict[str, Any]:
    """Return a record that must be an object.

    Raises:
        RecordError: ``bad_shape`` where it is not.
    """
    if not isinstance(record, dict):
        raise RecordError("bad_shape", f"{what} is {type(record).__name__}, expected an object")
    return record


def read_json(name: str, raw: bytes) -> object:
    """Return what a JSON document holds.

    Raises:
        RecordError: ``bad_json`` where it is none, or is nested too deeply to be read.
    """
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RecordError("bad_json", f"{name}: {one_line(error)}") from None


def one_line(error: Exception) -> str:
    """Return an error's message as one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
