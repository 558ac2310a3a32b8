"""How kernels are compiled: the one door of numba.

An `entry` is what Python calls, a `kernel` what entries are made of. Neither makes arrays, so
numba need not count references, which it otherwise does for every array of a record at every
call: a call of a small function costs 8 ns so, and 290 ns with counting.

Machine code is kept on disk for the next process, in a folder named by the sources of all
kernels: numba itself looks at one file only, and would go on using a caller whose callee changed.
"""

import os
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from numba import _dynfunc, config, njit  # type: ignore[attr-defined]
from numba.core.codegen import JITCodeLibrary
from numba.core.cpu import CPUContext

from kgsynth.paths.ahead import cache_folder

R = TypeVar("R")


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


def _compile(function: Callable[..., R], **options: bool) -> Callable[..., R]:
    compiled = njit(function, nogil=True, **options)  # type: ignore[call-overload]
    return cast("Callable[..., R]", compiled)


def entry(function: Callable[..., R]) -> Callable[..., R]:
    """Compile a function that Python calls, with all that it calls, and keep it on disk."""
    with _cached() as keep:
        compiled = _compile(function, cache=keep, _nrt=False, no_cfunc_wrapper=True)
        if keep:
            _load_lightly(compiled)
        return compiled


def kernel(function: Callable[..., R]) -> Callable[..., R]:
    """Compile a function that makes no arrays (views of rows are fine), for other kernels.

    It becomes machine code where it ends up, inside an `entry`, and not before.
    """
    compiled = _compile(function, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
    compile_ = compiled.compile  # type: ignore[attr-defined]

    def compile_plainly(signature: object) -> object:
        with _plainly():
            return compile_(signature)

    compiled.compile = compile_plainly  # type: ignore[attr-defined]
    return compiled


def _load_lightly(compiled: Any) -> None:
    """Take machine code from disk without making ready to compile.

    Numba first loads all that it could compile, 0.2 s of every run; it does so again where it has
    to compile after all.
    """
    kept: Any = compiled._cache

    def load(signature: object, context: object) -> object:
        with kept._guard_against_spurious_io_errors():
            return kept._load_overload(signature, context)

    kept.load_overload = load


@contextmanager
def _plainly() -> Iterator[None]:
    """Leave functions as plain intermediate code: not optimised, not made into machine code.

    Numba does both for every function, and again for every caller that it links the function
    into; three quarters of all compiling is this, and a kernel is never run by itself.
    """
    settings: Any = config
    library: Any = JITCodeLibrary
    context: Any = CPUContext
    before = settings.OPT, library._finalize_final_module, context.get_executable
    settings.OPT = type(settings.OPT)(0)
    library._finalize_final_module = _leave
    context.get_executable = _no_executable
    try:
        yield
    finally:
        settings.OPT, library._finalize_final_module, context.get_executable = before


def _leave(library: Any) -> None:
    library._finalize_dynamic_globals()
    library._final_module.__library = weakref.proxy(library)
    library._finalized = True


def _no_executable(context: object, library: object, fndesc: Any, env: object) -> object:
    return _dynfunc.make_function(
        fndesc.lookup_module(), fndesc.qualname.split(".")[-1], "", 0, env, (library,)
    )
