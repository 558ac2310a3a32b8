"""How kernels are compiled: the one door of numba.

`kernel` compiles a function that allocates nothing. Numba then counts no references, which it
otherwise does for every array of a record at every call: with the two dozen arrays of `Tables` a
call of a small function costs 8 ns so, and 290 ns with counting. `allocating` is for the few
functions that make arrays. Both keep their machine code on disk for the next process.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function that makes no arrays (views of rows are fine)."""
    return cast("F", njit(function, cache=True, _nrt=False, nogil=True))


def allocating(function: F) -> F:
    """Compile a function that makes arrays."""
    return cast("F", njit(function, cache=True, nogil=True))
