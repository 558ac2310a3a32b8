"""The types of a record's fields, as dataset cards and Croissant files declare them.

Without a declaration a reader guesses types from the first rows: a list that happens to be empty
in all of them becomes a list of nulls, and rows that come later no longer fit.
"""

import dataclasses
import json
import typing
from typing import Any

_DTYPES: dict[object, str] = {str: "string", int: "int64", float: "float64", bool: "bool"}


def features_of(record: type) -> list[dict[str, Any]]:
    """Return the features of a record in the words of a Hugging Face dataset card.

    Args:
        record: A dataclass whose fields are texts, numbers, booleans, literals of text, records,
            or tuples of one of these (``tuple[str, ...]``).

    Returns:
        One mapping a field, in order: ``{"name": …, "dtype": …}``, or ``list`` or ``struct`` in
        place of ``dtype``.

    Raises:
        TypeError: If a field has another type; a row could then change its type between rows.

    Example:
        >>> from kgsynth.records import Answer
        >>> features_of(Answer)[1:]
        [{'name': 'name', 'dtype': 'string'}, {'name': 'aliases', 'list': 'string'}]
    """
    hints = typing.get_type_hints(record)
    return [
        {"name": field.name, **_feature(hints[field.name])} for field in dataclasses.fields(record)
    ]


def _feature(hint: Any) -> dict[str, Any]:
    """Return what a type is, without a name."""
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return {"struct": features_of(hint)}
    if typing.get_origin(hint) is tuple:
        item = _feature(typing.get_args(hint)[0])
        return {"list": item.get("dtype") or item.get("struct") or item}
    if typing.get_origin(hint) is typing.Literal:
        return {"dtype": "string"}
    if hint not in _DTYPES:
        raise TypeError(f"no dataset feature for the type {hint!r}; expected text, number or list")
    return {"dtype": _DTYPES[hint]}


def to_yaml(value: Any, indent: int = 0) -> str:
    """Return mappings, lists, texts, numbers and booleans as block YAML.

    Every text is quoted as in JSON, which YAML reads as it is, so no name can be taken for
    something else (``no``, ``1.0``, a date).

    Example:
        >>> print(to_yaml({"license": "other", "tags": ["medical", "rare"]}), end="")
        license: "other"
        tags:
        - "medical"
        - "rare"
    """
    pad = " " * indent
    if isinstance(value, dict):
        lines = [f"{pad}{key}:{_nested(item, indent)}" for key, item in value.items()]
        return "".join(lines)
    if isinstance(value, list):
        return "".join(
            f"{pad}- {to_yaml(item, indent + 2).lstrip()}"
            if isinstance(item, dict)
            else f"{pad}- {json.dumps(item, ensure_ascii=False)}\n"
            for item in value
        )
    raise TypeError(f"not a block of YAML: {value!r}")


def _nested(value: Any, indent: int) -> str:
    """Return what stands after a key and its colon."""
    if isinstance(value, dict) and value:
        return "\n" + to_yaml(value, indent + 2)
    if isinstance(value, list) and value:
        return "\n" + to_yaml(value, indent)
    return f" {json.dumps(value, ensure_ascii=False)}\n"
