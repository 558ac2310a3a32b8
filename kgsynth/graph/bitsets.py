"""Sets of small numbers as Python integers: bit ``i`` is set where ``i`` is in the set."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray


def members(bits: int) -> Iterator[int]:
    """Yield the indices that a bitset holds, ascending.

    Example:
        >>> list(members(0b1010))
        [1, 3]
    """
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def unpack(bits: int) -> frozenset[int]:
    """Return the indices that a bitset holds; fast for large sets too.

    Example:
        >>> sorted(unpack(0b1010))
        [1, 3]
    """
    return frozenset(places(bits).tolist())


def places(bits: int) -> NDArray[np.intp]:
    """Return the indices that a bitset holds, ascending, as an array.

    Example:
        >>> places(0b1010)
        array([1, 3])
    """
    raw = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), np.uint8)
    return np.unpackbits(raw, bitorder="little").view(np.bool_).nonzero()[0]


def pack(mask: np.ndarray) -> int:
    """Return the bitset of the places where a mask is true."""
    return int.from_bytes(np.packbits(mask, bitorder="little").tobytes(), "little")


def pack_few(nodes: Iterable[int]) -> int:
    """Return the bitset of a few numbers."""
    bits = 0
    for node in nodes:
        bits |= 1 << node
    return bits
