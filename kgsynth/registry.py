"""Registries: names of things to do, as ``module:function``, loaded when they are asked for."""

import functools
import importlib
from collections.abc import Mapping
from typing import Any

from kgsynth.errors import UsageError


def load(registry: Mapping[str, str], name: str, what: str) -> Any:
    """Return what a registry calls so.

    Args:
        registry: Names to ``module:attribute``.
        name: Which.
        what: What the registry holds, for the message: "miner of questions of kind".

    Raises:
        UsageError: If the registry has no such name.

    Example:
        >>> load({"square root": "math:sqrt"}, "square root", "function")(4)
        2.0
    """
    target = registry.get(name)
    if target is None:
        raise UsageError(f"no {what} {name!r}; known: {', '.join(registry)}")
    return _found(target)


@functools.cache
def _found(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)
