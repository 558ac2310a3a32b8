"""What a patient calls a finding: HPO's lay synonyms, where one means this finding only.

A lay word is taken if nothing else in the graph is called so, if it is no catalog entry, and if it
stands after "with": "cross-eyed" does not. Where there is none, the usual name is said.
"""

import re
import tomllib
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import once_each
from kgsynth.phrasing import awkward, mid_sentence, words
from kgsynth.questions.grammar import head_noun
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.resources import data_file
from kgsynth.spoken import spoken

#: Columns that hold spellings.
_SPELLINGS = ("name", "phrase", "synonyms", "lay")

#: The spelling of the other side of the ocean, which HPO often gives beside the American one.
_BRITISH = re.compile(
    r"tumour|colour|odour|aemi|haem|oedem|oeso|rrhoea|centre|fibre|\w{4}is(?:ed|ation)\b", re.I
)

#: What would not stand in a list of findings.
_RAMBLING = re.compile(
    r"^only\b|\b(?:or|instead|are|is|has|have|cannot|replaces|fails|becomes|as children)\b"
    r"|\bsyndrome$",
    re.IGNORECASE,
)

#: What says nothing of the finding when two spellings are compared.
_SMALL = frozenset({"of", "the", "a", "an", "in", "on", "and"})


@cache
def _refused() -> tuple[frozenset[str], re.Pattern[str]]:
    """Return last words that are no nouns ("eyed", "sighted"), and what no lay word may hold."""
    table = tomllib.loads(data_file("templates", "words", "nouns.toml").read_text("utf-8"))
    odd = "|".join(table["no_lay"])
    return frozenset(table["no_noun"].split()), re.compile(rf"\b(?:{odd})", re.IGNORECASE)


class LayLexicon(Lexicon):
    """The names of one graph's entities as a patient says them. Get one with `speech`."""

    def _choose(self, curie: str) -> str:
        usual = super()._choose(curie)
        node = self._graph.index_of(curie)
        if self._graph.category_of(node) != "PhenotypicFeature":
            return usual
        given: list[str] = self._graph.column("lay")[node].as_py() or []
        if usual.casefold() in (text.casefold() for text in given):
            return usual
        content = _content(usual)
        fit = [text for text in given if self._is_fit(text) and not _content(text) < content]
        return min((self._phrases[text] for text in fit), key=_cost, default=usual)

    def _is_fit(self, text: str) -> bool:
        no_nouns, odd = _refused()
        noun = head_noun(text).rsplit("-", 1)[-1].lower()
        plain = not (awkward(text) or _RAMBLING.search(text) or odd.search(text))
        return plain and noun not in no_nouns and text.casefold() in self._of_one

    @cached_property
    def _phrases(self) -> dict[str, str]:
        """Every lay synonym as it stands inside a sentence."""
        texts = pc.unique(pc.list_flatten(self._graph.column("lay"))).to_pylist()
        texts = [text for text in texts if text]
        # Together they show what is written in lower case.
        return dict(zip(texts, map(spoken, mid_sentence(texts, texts)), strict=True))

    @cached_property
    def _of_one(self) -> frozenset[str]:
        """Lay synonyms, in lower case, that nothing else in the graph is called."""
        lay = pc.unique(_lower(pc.list_flatten(self._graph.column("lay"))))
        parts = []
        for name in _SPELLINGS:
            column = self._graph.column(name)
            if pa.types.is_list(column.type):
                owners = pc.list_parent_indices(column)
                texts = pc.list_flatten(column)
            else:
                owners, texts = pa.array(np.arange(len(self._graph))), column
            table = pa.table({"owner": owners.cast(pa.int64()), "text": _lower(texts)})
            parts.append(table.filter(pc.is_in(table["text"], lay)))
        owned = pa.concat_tables(parts).group_by("text").aggregate([("owner", "count_distinct")])
        once = owned.filter(pc.equal(owned["owner_count_distinct"], 1))
        return frozenset(text.casefold() for text in once["text"].to_pylist() if text)


def _cost(text: str) -> tuple[bool, bool, int, str]:
    """Return what speaks against a lay word: a single one often says less than the finding."""
    return _BRITISH.search(text) is not None, len(_content(text)) < 2, len(text), text


def _lower(texts: pa.Array) -> pa.Array:
    return pc.utf8_lower(texts.cast(pa.string()))


def _content(text: str) -> frozenset[str]:
    return frozenset(words(text)) - _SMALL


@once_each
def _lay_lexicon(graph: KnowledgeGraph) -> LayLexicon:
    return LayLexicon(graph)


def speech(graph: KnowledgeGraph, register: str) -> Lexicon:
    """Return the names of a graph's entities as a register says them.

    Args:
        graph: The graph.
        register: One of `registers.REGISTERS`; a patient says lay words.
    """
    if register != "patient":
        return lexicon(graph)
    return _lay_lexicon(graph)
