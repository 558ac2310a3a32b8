"""How kernels are compiled: the one door of numba.

`kernel` compiles a function that allocates nothing. Numba then counts no references, which it
otherwise does for every array of a record at every call: with the two dozen arrays of `Tables` a
call of a small function costs 8 ns so, and 290 ns with counting. `allocating` is for the few
functions that make arrays, `entry` for those that Python calls.

Machine code is kept on disk for the next process, in a folder named by the sources of all
kernels: numba itself looks at one file only, and would go on using a caller whose callee changed.
"""

import functools
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar, cast

from numba import config, njit

R = TypeVar("R")


@functools.cache
def cache_folder() -> Path:
    """Return where machine code is kept: below ``NUMBA_CACHE_DIR``, else the user's cache."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:12]
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    base = Path(home) if home else Path.home() / ".cache"
    return base / "kgsynth" / f"kernels-{digest}"


@contextmanager
def _cached() -> Iterator[bool]:
    """Point numba at our folder while a function is declared; without a place, do not keep."""
    before = config.CACHE_DIR  # type: ignore[attr-defined]
    try:
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        yield False
        return
    config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        yield os.access(folder, os.W_OK)
    finally:
        config.CACHE_DIR = before  # type: ignore[attr-defined]


#: What only kernels call needs no way in from Python; making those is half of all compiling.
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _compile(function: Callable[..., R], **options: bool) -> Callable[..., R]:
    with _cached() as keep:
        compiled = njit(function, cache=keep, nogil=True, **options)  # type: ignore[call-overload]
    return cast("Callable[..., R]", compiled)


def entry(function: Callable[..., R]) -> Callable[..., R]:
    """Compile a function that Python calls."""
    return _compile(function)


def allocating(function: Callable[..., R]) -> Callable[..., R]:
    """Compile a function that makes arrays and that only other kernels call."""
    return _compile(function, **_INNER)


def kernel(function: Callable[..., R]) -> Callable[..., R]:
    """Compile a function that makes no arrays (views of rows are fine), for other kernels."""
    return _compile(function, _nrt=False, **_INNER)
