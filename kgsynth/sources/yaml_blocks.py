"""YAML without surprises: documents one by one, every scalar a text, the line of every mapping.

The values are put together from the parser's events, without recursion, so neither ten thousand
opening brackets nor aliases of aliases can bring the process down: both are refused.

This module is the door to PyYAML in `sources`. Source: YAML 1.2, https://yaml.org/spec/1.2.2/
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from kgsynth.errors import SourceError

_START = re.compile(rb"^---(?=\s|$)", re.MULTILINE)
#: Deeper is no record that a source has.
DEEPEST = 32


class Block(dict[str, Any]):
    """A mapping, and the one-based line it begins in."""

    line: int = 0


class Document(NamedTuple):
    """One document: the line it begins in, its value, or why it has none."""

    line: int
    value: Any
    problem: str = ""


def documents(data: bytes) -> Iterator[Document]:
    """Yield every document of a YAML stream; a broken one costs only itself.

    Args:
        data: UTF-8 text. Documents begin with a line ``---``.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    line = 1
    starts = [0, *(match.start() for match in _START.finditer(data))]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        text = data[start:end]
        if text.strip():
            yield _document(text.decode("utf-8"), line)
        line += text.count(b"\n")


def _document(text: str, line: int) -> Document:
    import yaml

    try:
        return Document(line, _value(text, line))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = line + getattr(mark, "line", 0)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
        return Document(at, None, f"no YAML: {' '.join(str(problem).split())}")
    except SourceError as error:
        return Document(line, None, str(error))


def _value(text: str, line: int) -> Any:
    """Return the value of one document: mappings, lists and texts, or None where it is empty."""
    import yaml

    root: list[Any] = []
    stack: list[Any] = [root]
    keys: list[Any] = [None]  # of the open mappings: the key that waits for its value
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.ScalarEvent):
            _put(stack, keys, event.value)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            opened: Any = Block() if isinstance(event, yaml.MappingStartEvent) else []
            if isinstance(opened, Block):
                opened.line = line + getattr(event.start_mark, "line", 0)
            _put(stack, keys, opened)
            stack.append(opened)
            keys.append(None)
            if len(stack) > DEEPEST:
                raise SourceError(f"nested deeper than {DEEPEST} levels")
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
            keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            raise SourceError("an alias, expected plain values")
    return root[0] if root else None


def _put(stack: list[Any], keys: list[Any], value: Any) -> None:
    if isinstance(stack[-1], list):
        stack[-1].append(value)
    elif keys[-1] is None:
        if not isinstance(value, str):
            raise SourceError("a key that is no text")
        keys[-1] = value
    else:
        stack[-1][keys[-1]] = value
        keys[-1] = None
