"""Records of arrays that are kept in the cache between processes (see `graph.derived`)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast, get_type_hints

import numpy as np

from kgsynth.graph.derived import Arrays, derived
from kgsynth.graph.store import KnowledgeGraph

R = TypeVar("R", bound=NamedTuple)


def kept(graph: KnowledgeGraph, name: str, kind: type[R], make: Callable[[], R]) -> R:
    """Return a record that follows from a graph, from the cache where it lies there.

    Args:
        graph: The graph.
        name: What it is; whatever else it depends on stands in it.
        kind: Its type: a `NamedTuple` of arrays, plain values and such records.
        make: Makes it.
    """
    own = Path(__file__).parent
    code = (*sorted(own.glob("*.py")), own.parent / "phrasing.py")
    return cast("R", _record(kind, derived(graph, name, code, lambda: _flat(make())), ""))


def _flat(record: Any, prefix: str = "") -> Arrays:
    """Return the arrays of a record by name, those of a record in it as ``kin.ancestors``."""
    arrays: Arrays = {}
    for name, value in record._asdict().items():
        if hasattr(value, "_asdict"):
            arrays |= _flat(value, f"{prefix}{name}.")
        else:
            arrays[prefix + name] = np.asarray(value)
    return arrays


def _record(kind: Any, arrays: Mapping[str, Any], prefix: str) -> Any:
    values = []
    for name, hint in get_type_hints(kind).items():
        if hasattr(hint, "_fields"):
            values.append(_record(hint, arrays, f"{prefix}{name}."))
        else:
            value = arrays[prefix + name]
            values.append(hint(value) if hint in (int, bool) else value)
    return kind(*values)
