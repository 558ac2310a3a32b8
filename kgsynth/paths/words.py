"""Which words would give an entity away, and which words naming it puts into a stem (rule L).

A word of five letters or more is *distinctive* when at most a hundred entities of the category
have it in their names. An entity's secret words are the distinctive words of its names and
synonyms, and every name that is a single word. The checker looks at the finished text by other
code; these tables only keep the miner from choosing clues that cannot pass.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.bits import Bits, marks, ragged

#: A word is distinctive in a category when at most so many of its entities have it in their name.
DISTINCTIVE_MOST = 100

#: The shortest word that can be distinctive, in letters.
DISTINCTIVE_LETTERS = 5

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Words(NamedTuple):
    """Two ragged tables over nodes (see `bits.ragged`), their rows ascending, and their marks.

    Attributes:
        clue: The words that naming a node puts into a stem, as numbers; of those that would give
            anything away.
        secret: The words that would give a node away.
        clue_marks, secret_marks: shape (n,), uint64; rows whose marks share nothing share no word.
    """

    clue: Int32
    secret: Int32
    clue_marks: Bits
    secret_marks: Bits


def word_tables(graph: KnowledgeGraph) -> Words:
    """Return the words of every node, as numbers that both tables share."""
    n = len(graph)
    category = graph.column("category").dictionary_encode().indices.to_numpy()
    nodes = np.arange(n, dtype=np.int32)
    texts = [(nodes, graph.column("name")), (nodes, graph.column("phrase"))]
    for name in ("synonyms", "lay"):
        if name in graph.nodes().schema.names:
            lists = graph.column(name)
            parents = pc.list_parent_indices(lists).to_numpy().astype(np.int32)
            texts.append((parents, pc.list_flatten(lists)))
    owner = np.concatenate([part for part, _ in texts])
    text_of, word, vocabulary = _split(pa.concat_arrays([_plain(array) for _, array in texts]))
    node = owner[text_of]
    letters = pc.utf8_length(vocabulary).to_numpy()
    single = np.bincount(text_of, minlength=len(owner))[text_of] == 1
    named = text_of < n
    often = _name_counts(node[named], word[named], category, len(vocabulary))
    secret = single | (
        (letters[word] >= DISTINCTIVE_LETTERS) & (often[category[node], word] <= DISTINCTIVE_MOST)
    )
    telling = np.zeros(len(vocabulary), np.bool_)
    telling[word[secret]] = True
    clue = (text_of < 2 * n) & telling[word]
    rows = _rows(node[clue], word[clue], n), _rows(node[secret], word[secret], n)
    return Words(*rows, *map(marks, rows))


def _plain(array: pa.Array) -> pa.Array:
    return array.cast(pa.string())


def _split(texts: pa.Array) -> tuple[Int64, Int32, pa.Array]:
    """Return, for every word, the text it stands in and its number, and the words."""
    lists = pc.split_pattern_regex(pc.utf8_lower(texts), r"[^\p{L}\p{N}]+")
    words = pc.list_flatten(lists)
    keep = pc.not_equal(words, "")
    text_of = pc.list_parent_indices(lists).filter(keep).to_numpy()
    coded = words.filter(keep).dictionary_encode()
    return text_of, coded.indices.to_numpy(), coded.dictionary


def _name_counts(node: Int32, word: Int32, category: Int32, n_words: int) -> Int64:
    """Return how many entities of a category have a word in their name: (categories, words)."""
    pairs = np.unique(node.astype(np.int64) * n_words + word)
    cells = category[pairs // n_words].astype(np.int64) * n_words + pairs % n_words
    n_categories = int(category.max(initial=0)) + 1
    counts = np.bincount(cells, minlength=n_categories * n_words)
    return counts.reshape(n_categories, n_words)


def _rows(node: Int32, word: Int32, n: int) -> Int32:
    pairs = np.unique(node.astype(np.int64) << 32 | word)
    indptr = np.searchsorted(pairs, np.arange(n + 1, dtype=np.int64) << 32)
    return ragged(indptr, pairs & 0xFFFFFFFF)
