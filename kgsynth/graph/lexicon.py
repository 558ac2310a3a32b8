"""The words of all names, ready for a search before anyone asks: made with the graph, mapped later.

Every spelling (a name or a synonym of a node) is split into plain words; for each word the
spellings that have it are kept. All of it is done on the bytes of whole columns: 160,000 names
take a tenth of a second, a Python loop over them took half a one.
"""

import functools
import re
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.adjacency import open_array
from kgsynth.graph.columns import firsts
from kgsynth.graph.ids import Ids

#: Columns that hold spellings, and what a match in each counts for.
COLUMNS = {"name": 1.0, "synonyms": 0.95, "lay": 0.95, "related_synonyms": 0.8}

_ARRAYS = ("bases", "owners", "sizes", "word_starts", "word_spellings")
_WORD = re.compile(r"[^\W_]+")

#: What becomes of each byte: a letter in lower case, 32 between words, 0 for what is left out.
_PLAIN = np.full(256, 32, dtype=np.uint8)
for _byte in b"abcdefghijklmnopqrstuvwxyz0123456789":
    _PLAIN[_byte] = _byte
for _byte in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ":
    _PLAIN[_byte] = _byte + 32
_PLAIN[128:] = np.arange(128, 256)
_PLAIN[ord("'")] = 0


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text for comparison: no case, accents or punctuation.

    Example:
        >>> words("Sjögren-Larsson syndrome")
        ('sjogren', 'larsson', 'syndrome')
    """
    plain = text.casefold()
    if not plain.isascii():
        # Twice, because either step may give the other work: ℡ becomes TEL, İ an i and a dot.
        for _ in range(2):
            plain = "".join(
                letter
                for letter in unicodedata.normalize("NFKD", plain)
                if not unicodedata.combining(letter)
            ).casefold()
    return tuple(_WORD.findall(plain.replace("'", "").replace("’", "")))


class Lexicon:
    """The words and spellings of a graph.

    Attributes:
        vocabulary: All words, ascending.
        bases: shape (len(COLUMNS) + 1,); column ``c`` has spellings ``bases[c]:bases[c + 1]``.
        owners: shape (n_spellings,), int32; the node of each.
        sizes: shape (n_spellings,), uint16; how many words it has.
        word_starts: shape (n_words + 1,); word ``w`` stands in the spellings
            ``word_spellings[word_starts[w]:word_starts[w + 1]]``, which ascend.
        word_spellings: shape (n_pairs,), int32.
    """

    def __init__(self, folder: Path) -> None:
        table = pa.ipc.open_file(pa.memory_map(str(folder / "words.arrow"))).read_all()
        self.vocabulary = table["word"].combine_chunks()
        arrays = {name: open_array(folder / f"{name}.npy") for name in _ARRAYS}
        self.bases, self.owners, self.sizes = (arrays[name] for name in _ARRAYS[:3])
        self.word_starts, self.word_spellings = (arrays[name] for name in _ARRAYS[3:])
        self._texts: dict[int, pa.Array] = {}

    @functools.cached_property
    def _words(self) -> Ids:
        return Ids(self.vocabulary)

    def having(self, word: int) -> NDArray[np.int32]:
        """Return the spellings that have a word, ascending."""
        return self.word_spellings[self.word_starts[word] : self.word_starts[word + 1]]

    def find(self, word: str) -> int | None:
        """Return the place of a word in the vocabulary, None where no name has it."""
        return self._words.find(word)

    def begun(self, word: str) -> range:
        """Return the places of all words that begin so, the word itself included."""
        return self._words.beginning(word)

    def near(self, word: str, most: int) -> dict[int, int]:
        """Return the places of words that differ by a few letters, with how many.

        Args:
            word: A word.
            most: How many letters may be changed, added, left out or swapped with a neighbour.

        Source:
            Optimal string alignment distance (a restricted form of F. J. Damerau, 1964).
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        lengths = pc.utf8_length(self.vocabulary).to_numpy()
        places = np.flatnonzero(np.abs(lengths - len(word)) <= most)
        choices = self.vocabulary.take(pa.array(places)).to_pylist()
        apart = cdist([word], choices, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
        hits = np.flatnonzero(apart <= most)
        return dict(zip(places[hits].tolist(), apart[hits].tolist(), strict=True))

    def spelling(self, nodes: pa.Table, place: int) -> str:
        """Return the text of a spelling, out of the node table."""
        column = int(np.searchsorted(self.bases, place, side="right")) - 1
        if column not in self._texts:
            self._texts[column] = _values(nodes, list(COLUMNS)[column])
        return str(self._texts[column][place - int(self.bases[column])])

    def weights(self, spellings: NDArray[Any]) -> NDArray[np.float64]:
        """Return what matches count for by the column that each spelling stands in."""
        columns = np.searchsorted(self.bases, spellings, side="right") - 1
        return np.array(list(COLUMNS.values()))[columns]


def write_lexicon(folder: Path, nodes: pa.Table) -> None:
    """Write the lexicon of a node table into an index folder.

    Args:
        folder: Gets ``words.arrow`` and five arrays.
        nodes: The node table; of the `COLUMNS`, those that it lacks are taken as empty.
    """
    values = [_values(nodes, name) for name in COLUMNS]
    texts = pa.concat_arrays(values)
    owners = np.concatenate([_owners(nodes, name) for name in COLUMNS]).astype(np.int32)
    spelling, found = _split(_plain(texts))
    coded = found.dictionary_encode()
    order = pc.sort_indices(coded.dictionary).to_numpy()
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    # One number for each (word, spelling), so that one sort both groups and drops repetitions.
    pairs = np.sort(place[coded.indices.to_numpy()] * max(1, len(texts)) + spelling)
    pairs = pairs[firsts(pairs)]  # numpy's own `unique` hashes, at ten times the cost
    counts = np.bincount(pairs // max(1, len(texts)), minlength=len(order))
    arrays = {
        "bases": np.concatenate(([0], np.cumsum([len(one) for one in values]))),
        "owners": owners,
        "sizes": np.bincount(spelling, minlength=len(texts)).clip(max=65535).astype(np.uint16),
        "word_starts": np.concatenate(([0], np.cumsum(counts))),
        "word_spellings": (pairs % max(1, len(texts))).astype(np.int32),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    table = pa.table({"word": coded.dictionary.take(pa.array(order))})
    with (
        pa.OSFile(str(folder / "words.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)


def _values(nodes: pa.Table, name: str) -> pa.Array:
    """Return all spellings in a column, one behind the other."""
    if name not in nodes.column_names:
        return pa.array([], pa.string())
    column = nodes[name].combine_chunks()
    column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    return column if pa.types.is_string(column.type) else pc.list_flatten(column)


def _owners(nodes: pa.Table, name: str) -> NDArray[Any]:
    if name not in nodes.column_names:
        return np.zeros(0, dtype=np.int32)
    column = nodes[name].combine_chunks()
    if pa.types.is_string(column.type):
        return np.arange(len(nodes), dtype=np.int32)
    owners: NDArray[Any] = pc.list_parent_indices(column).to_numpy()
    return owners


def _plain(texts: pa.Array) -> pa.Array:
    """Return texts in which only ASCII needs care: the others are made plain here, one by one."""
    texts = pc.fill_null(texts, "")
    rows = np.flatnonzero(~np.asarray(pc.string_is_ascii(texts)))
    if not len(rows):
        return texts
    plain = [" ".join(words(text)) for text in texts.take(pa.array(rows)).to_pylist()]
    place = np.arange(len(texts))
    place[rows] = len(texts) + np.arange(len(rows))
    return pa.concat_arrays([texts, pa.array(plain, pa.string())]).take(pa.array(place))


def _split(texts: pa.Array) -> tuple[NDArray[np.int64], pa.Array]:
    """Return the words of all texts, each with the place of its text."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return np.zeros(0, dtype=np.int64), pa.array([], pa.string())
    ends = np.frombuffer(offsets, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    plain = _PLAIN[np.frombuffer(data, dtype=np.uint8)[ends[0] : ends[-1]]]
    ends = ends - ends[0]
    kept = np.flatnonzero(plain)
    plain, ends = plain[kept], np.searchsorted(kept, ends)
    is_letter = plain != 32
    starts_word = is_letter.copy()
    starts_word[1:] &= ~is_letter[:-1]
    inner = ends[ends < len(plain)]
    starts_word[inner] = is_letter[inner]  # a text begins a word, whatever stands before it
    at = np.flatnonzero(starts_word)
    letters = plain[is_letter]
    bounds = np.append(np.cumsum(is_letter)[at] - 1, len(letters)).astype(np.int32)
    found = pa.StringArray.from_buffers(
        len(at), pa.py_buffer(bounds.tobytes()), pa.py_buffer(letters.tobytes())
    )
    return np.searchsorted(ends, at, side="right") - 1, found
