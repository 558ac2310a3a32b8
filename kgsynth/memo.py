"""A memory of what was worked out before: as fast as a dictionary, and never too large."""

import functools
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V], Generic[K, V]):
    """A dictionary that works out what it lacks, and forgets all when it holds too much.

    A look-up of something known is a plain dictionary's, several times as fast as a call of a
    cached function; that counts where a row asks a hundred times.

    Args:
        make: Works out the value of a key; what it raises is passed on and nothing is kept.
        most: How many values are held at most; with `size`, how large they are together.
        size: How large a value is; 1 without it.

    Example:
        >>> squares = Memo(lambda number: number * number, most=2)
        >>> [squares[number] for number in (2, 3, 4)], len(squares)
        ([4, 9, 16], 1)
    """

    __slots__ = ("_held", "_make", "_most", "_size")

    def __init__(
        self,
        make: Callable[[K], V],
        most: int = 65536,
        size: Callable[[V], int] | None = None,
    ) -> None:
        super().__init__()
        self._make = make
        self._most = most
        self._size = size
        self._held = 0

    def __missing__(self, key: K) -> V:
        """Work out a value and keep it."""
        return self.keep(key, self._make(key))

    def keep(self, key: K, value: V) -> V:
        """Keep a value that came to light elsewhere, as one that was asked for; return it."""
        if len(self) >= self._most or self._held >= self._most:
            self.clear()
            self._held = 0
        if self._size is not None:
            self._held += self._size(value)
        self[key] = value
        return value


def once_each(make: Callable[[K], V]) -> Callable[[K], V]:
    """Return a function that works a value out once for each object, as long as the object lives.

    The object itself keeps the value, which may so hold on to it: they go together.

    Args:
        make: Works out the value of an object, never None; objects are told apart by identity.

    Example:
        >>> class Graph: ...
        >>> lists_of = once_each(lambda graph: [])
        >>> graph = Graph()
        >>> lists_of(graph) is lists_of(graph), lists_of(graph) is lists_of(Graph())
        (True, False)
    """
    name = f"once {make.__qualname__} {id(make)}"  # `find` holds `make`, so no other has its id

    @functools.wraps(make)
    def find(thing: K) -> V:
        kept = thing.__dict__
        found: V | None = kept.get(name)
        if found is None:
            found = kept[name] = make(thing)
        return found

    return find
