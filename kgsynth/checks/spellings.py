"""All spellings of a graph by what they begin with and what they are, as a few arrays.

A spelling's *core* runs from its first word to its last, its *key* is the core in lower case. Keys
are known by a checksum of 32 bits and compared as text where it counts. A bitmap tells at once that
nothing is spelled so, which is what most of a text asks. The arrays are kept for the next process
(`graph.derived`).
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.derived import Arrays, derived
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.resources import data_file
from kgsynth.spoken import spoken

_LETTER = r"[\p{L}\p{N}]"
_OTHER = r"[^\p{L}\p{N}]"
_WORD = rf"{_LETTER}+(?:['’]{_LETTER}+)*"
_EDGES = rf"^{_OTHER}+|{_OTHER}+$"
_OPENING = rf"^(?P<words>{_WORD}(?:{_OTHER}+{_WORD})?)"
_COLUMNS = ("phrase", "name", "synonyms", "lay")

#: Bits of a checksum that choose a bit of the bitmap: a mebibyte, one false alarm in 25.
_BITMAP_BITS = 23
_BITMAP_MASK = (1 << _BITMAP_BITS) - 1
_MOST_WORDS = 63


class Spellings:
    """The arrays, opened; see `of`."""

    def __init__(self, arrays: Arrays) -> None:
        # A look-up of one number in a view of memory costs a tenth of what numpy takes for it.
        self._checksums = arrays["checksums"].astype(np.uint32, copy=False).data
        self._nodes = arrays["nodes"].data
        self._starts = arrays["starts"].data
        self._text = arrays["text"].tobytes()
        self._openings = arrays["openings"].astype(np.uint32, copy=False).data
        self._lengths = arrays["lengths"].data
        self._bitmap = arrays["bitmap"].tobytes()
        self._known: dict[str, int] = {}

    @classmethod
    def of(cls, graph: KnowledgeGraph, left_out: frozenset[str]) -> "Spellings":
        """Return the spellings of all entities of a graph whose category is not left out."""
        words = data_file("templates", "words", "findings.toml")
        code = (Path(__file__), Path(spoken.__code__.co_filename), words)
        name = "-".join(["spellings", *sorted(left_out)])
        return cls(derived(graph, name, code, lambda: _make(graph, left_out)))

    def may_hold(self, key: str) -> bool:
        """Say whether anything may be spelled so, or begin with these two words."""
        at = zlib.crc32(key.encode()) & _BITMAP_MASK
        return bool(self._bitmap[at >> 3] >> (at & 7) & 1)

    def lengths(self, opening: str) -> int:
        """Return how many words the spellings have that begin so, as bits; too many at worst."""
        found = self._known.get(opening)
        if found is None:
            checksum = zlib.crc32(opening.encode())
            at = bisect_left(self._openings, checksum)
            is_there = at < len(self._openings) and self._openings[at] == checksum
            found = self._known[opening] = self._lengths[at] if is_there else 0
        return found

    def of_key(self, key: str) -> Iterator[tuple[int, str]]:
        """Yield (node, core) of every spelling with a key, by node."""
        if not self.may_hold(key):
            return
        checksum, checksums = zlib.crc32(key.encode()), self._checksums
        at = bisect_left(checksums, checksum)
        while at < len(checksums) and checksums[at] == checksum:
            core = self._text[self._starts[at] : self._starts[at + 1]].decode()
            if core.lower() == key:
                yield self._nodes[at], core
            at += 1


def _make(graph: KnowledgeGraph, left_out: frozenset[str]) -> Arrays:
    nodes, texts = _texts(graph, left_out)
    cores = pc.replace_substring_regex(texts, _EDGES, "")
    filled = np.asarray(pc.not_equal(cores, ""))
    nodes, cores = nodes[filled], cores.filter(pa.array(filled))
    keys = _lower(cores)
    checksums = _checksums(keys)
    order = np.lexsort((_codes(cores), nodes, checksums))
    nodes, checksums, cores = nodes[order], checksums[order], cores.take(pa.array(order))
    new = np.r_[True, (np.diff(nodes) != 0) | (np.diff(_codes(cores)) != 0)][: len(nodes)]
    words = np.minimum(pc.count_substring_regex(keys, _WORD).to_numpy(), _MOST_WORDS)
    openings = _checksums(pc.struct_field(pc.extract_regex(keys, _OPENING), "words"))
    cores = cores.filter(pa.array(new)).cast(pa.large_binary())
    _, offsets, text = cores.buffers()
    bits = np.zeros(1 << _BITMAP_BITS, np.bool_)
    bits[checksums & _BITMAP_MASK] = True
    bits[openings & _BITMAP_MASK] = True
    return {
        "checksums": checksums[new],
        "nodes": nodes[new],
        "starts": np.frombuffer(offsets, np.int64)[: len(cores) + 1].copy(),
        "text": np.frombuffer(text, np.uint8).copy(),
        "bitmap": np.packbits(bits, bitorder="little"),
        **_by_opening(openings, words),
    }


def _texts(graph: KnowledgeGraph, left_out: frozenset[str]) -> tuple[NDArray[np.int32], pa.Array]:
    """Return every spelling and whose it is."""
    wanted = ~np.asarray(pc.is_in(graph.column("category"), pa.array(sorted(left_out))))
    owners, parts = [], []
    for name in _COLUMNS:
        column = graph.column(name)
        if pa.types.is_list(column.type):
            owners.append(pc.list_parent_indices(column).to_numpy())
            parts.append(pc.list_flatten(column))
        else:
            owners.append(np.arange(len(graph)))
            parts.append(column)
    # Lay names last, and as they are said: "ringing in the ears".
    owners.append(owners[-1])
    parts.append(pa.array([text and spoken(text) for text in parts[-1].to_pylist()], pa.string()))
    nodes = np.concatenate(owners).astype(np.int32)
    texts = pa.concat_arrays([part.cast(pa.large_string()) for part in parts])
    keep = wanted[nodes] & np.asarray(texts.is_valid())
    return nodes[keep], texts.filter(pa.array(keep))


def _lower(texts: pa.Array) -> pa.Array:
    """Return texts in lower case as Python makes it; Arrow differs beyond ASCII."""
    lowered = pc.utf8_lower(texts)
    odd = ~np.asarray(pc.string_is_ascii(texts))
    plain = [text.lower() for text in texts.filter(pa.array(odd)).to_pylist()]
    return pc.replace_with_mask(lowered, pa.array(odd), pa.array(plain, pa.large_string()))


def _checksums(texts: pa.Array) -> NDArray[np.uint32]:
    values: list[Any] = texts.cast(pa.large_binary()).to_pylist()
    return np.fromiter(map(zlib.crc32, values), np.uint32, len(values))


def _codes(texts: pa.Array) -> NDArray[np.int32]:
    codes: NDArray[np.int32] = texts.dictionary_encode().indices.to_numpy()
    return codes


def _by_opening(openings: NDArray[np.uint32], words: NDArray[np.int64]) -> Arrays:
    """Return the checksums of the first two words, and how many words such spellings have."""
    order = np.argsort(openings, kind="stable")
    openings = openings[order]
    bits = np.uint64(1) << words[order].astype(np.uint64)
    first = np.flatnonzero(np.r_[True, openings[1:] != openings[:-1]])[: len(openings)]
    return {
        "openings": openings[first],
        "lengths": np.bitwise_or.reduceat(bits, first) if len(first) else bits,
    }
