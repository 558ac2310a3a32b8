"""One ORPHApacket as a Python object: JSON or YAML, and the shapes that lists come in.

Packets are converted from XML: a list with one entry may be the entry itself, an entry may be
wrapped in its own name or not, and an empty list may be the words "no data". `entries` undoes
all of it. YAML is read without tags and aliases, and every scalar but null is text, as in JSON.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from kgsynth.sources.record_text import RecordError, one_line, read_json

#: Most bytes of one packet; the largest of December 2025 has 0.3 MB.
LARGEST = 1 << 24
_NO_DATA = (None, "", "no data")
_NULLS = ("", "~", "null", "Null", "NULL")
_NOTHING = object()
_DEEPEST = 50


def read_packet(name: str, raw: bytes) -> dict[str, Any]:
    """Return what is inside ``Orphapacket``.

    Args:
        name: Of the member; its ending tells JSON from YAML.
        raw: At most `LARGEST` bytes.

    Raises:
        RecordError: ``no_packet`` where it is something else, ``too_large``, ``bad_json``,
            ``bad_yaml``, or ``bad_shape``.
    """
    kind = PurePosixPath(name).suffix.lower()
    if len(raw) > LARGEST:
        raise RecordError("too_large", f"{name}: more than {LARGEST >> 20} MiB")
    if kind == ".json":
        found = read_json(name, raw)
    elif kind in (".yaml", ".yml"):
        found = _read_yaml(name, raw)
    else:
        raise RecordError("no_packet", f"{name}: expected a name that ends in .json, .yaml or .yml")
    packet = found.get("Orphapacket") if isinstance(found, dict) else None
    if not isinstance(packet, dict):
        raise RecordError("bad_shape", f"{name}: expected an object with the key 'Orphapacket'")
    return packet


def entries(value: object, singular: str) -> Iterator[object]:
    """Yield the entries of a list, whatever shape it has.

    Example:
        >>> list(entries({"Gene": {"Symbol": "GLA"}}, "Gene"))
        [{'Symbol': 'GLA'}]
        >>> list(entries([{"Gene": [{"Symbol": "GLA"}]}, {"Symbol": "FBN1"}], "Gene"))
        [{'Symbol': 'GLA'}, {'Symbol': 'FBN1'}]
        >>> list(entries("no data", "Gene")), list(entries([], "Gene"))
        ([], [])
    """
    for item in value if isinstance(value, list) else (value,):
        inner = item[singular] if isinstance(item, dict) and singular in item else item
        for one in inner if isinstance(inner, list) else (inner,):
            if one not in _NO_DATA:
                yield one


def _read_yaml(name: str, raw: bytes) -> object:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _built(yaml.parse(raw, Loader=loader))
    except (yaml.YAMLError, ValueError) as error:
        raise RecordError("bad_yaml", f"{name}: {one_line(error)}") from None


def _built(events: Iterable[Any]) -> object:
    """Build lists, objects and texts from YAML's events.

    PyYAML's own constructor recurses in C, where a deep nest ends the process, and it follows
    aliases, with which a small file grows without bound. No packet needs either, nor a tag.

    Raises:
        ValueError: If there is an alias, a tag, a key that is no text, or a deep nest.
    """
    root: list[Any] = []
    open_: list[Any] = [root]
    keys: list[str | None] = [None]
    for event in events:
        kind = type(event).__name__
        if kind in ("SequenceEndEvent", "MappingEndEvent"):
            open_.pop()
            keys.pop()
            continue
        value = _value(kind, event)
        if value is _NOTHING:
            continue
        _put(open_[-1], keys, value)
        if isinstance(value, list | dict):
            if len(open_) > _DEEPEST:
                raise ValueError(f"more than {_DEEPEST} levels deep")
            open_.append(value)
            keys.append(None)
    if len(root) != 1:
        raise ValueError(f"expected one document, found {len(root)}")
    return root[0]


def _value(kind: str, event: Any) -> object:
    """Return what an event begins: an empty list or object, a text or None; else `_NOTHING`."""
    if kind == "AliasEvent":
        raise ValueError(f"line {event.start_mark.line + 1}: an alias, which no packet has")
    if kind not in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent"):
        return _NOTHING
    if event.tag is not None:
        raise ValueError(f"line {event.start_mark.line + 1}: a tag, {event.tag[:60]!r}")
    if kind == "ScalarEvent":
        plain = event.implicit[0]
        return None if plain and event.value in _NULLS else event.value
    return [] if kind == "SequenceStartEvent" else {}


def _put(into: list[Any] | dict[str, Any], keys: list[str | None], value: object) -> None:
    """Append to a list; in an object every other value is a key."""
    if isinstance(into, list):
        into.append(value)
    elif keys[-1] is None:
        if not isinstance(value, str):
            raise ValueError("a key that is no text")
        keys[-1] = value
    else:
        into[keys[-1]] = value
        keys[-1] = None
