"""How terms of RDF are written: addresses, prefixed names and texts, whole columns at a time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.iris import base_of, iri_of, prefixed

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_PLAIN_IDS = r"^[A-Za-z0-9]+$"
# What must be escaped, and what nobody would see: controls, marks of direction, odd spaces.
_RANGES = (
    *(("\x00", "\x1f"), ("\x7f", "\x9f"), ("\xad", "\xad"), ("\u200b", "\u200f")),
    *(("\u2028", "\u202e"), ("\u2066", "\u2069"), ("\ufdd0", "\ufdef"), ("\ufeff", "\ufeff")),
    ("\ufffe", "\uffff"),
)
_ODD = re.compile('["\\\\' + "".join(f"{a}-{b}" for a, b in _RANGES) + "]")
_TO_ESCAPE = (
    '["' + r"\\" + "".join(f"\\x{{{ord(a):x}}}-\\x{{{ord(b):x}}}" for a, b in _RANGES) + "]"
)
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Spelling:
    """How terms are written.

    Attributes:
        namespaces: Name to address of the vocabularies in use.
        prefixes: Prefixes of identifiers that are declared: Turtle; None: N-Triples, where
            every address is written out.
    """

    namespaces: Mapping[str, str]
    prefixes: frozenset[str] | None

    @property
    def turtle(self) -> bool:
        """Whether it is Turtle."""
        return self.prefixes is not None

    def head(self) -> str:
        """Return the declarations at the head of a Turtle file."""
        declared = {
            name: base_of(name) for name in sorted(self.prefixes or ()) if self._may_declare(name)
        }
        declared |= self.namespaces
        return "".join(f"@prefix {name}: <{base}> .\n" for name, base in declared.items()) + "\n"

    def _may_declare(self, prefix: str) -> bool:
        return prefix not in self.namespaces and prefixed(f"{prefix}:1") is not None

    def name(self, word: str) -> str:
        """Return a word such as ``rdfs:label``, or ``a``; written out in N-Triples."""
        if self.turtle:
            return word
        if word == "a":
            word = "rdf:type"
        namespace, _, local = word.partition(":")
        return f"<{self.namespaces[namespace]}{local}>"

    def entity(self, curie: str) -> str:
        """Return an identifier as a term."""
        parts = prefixed(curie) if self.prefixes is not None else None
        if parts is not None and parts[0] in (self.prefixes or ()) and self._may_declare(parts[0]):
            return curie
        return f"<{iri_of(curie)}>"

    def word(self, name: str) -> str:
        """Return a category or a predicate as a term."""
        if name == "subclass_of":
            return self.name("rdfs:subClassOf")
        if _WORD.fullmatch(name):
            return self.name(f"biolink:{name}")
        return f"<{self.namespaces['biolink']}{quote(name, safe='')}>"

    def entities(self, column: pa.Array) -> pa.Array:
        """Return a column of identifiers as terms."""
        return mapped(column, self.entity)

    def words(self, column: pa.Array) -> pa.Array:
        """Return a column of categories or predicates as terms."""
        return mapped(column, self.word)

    def own(self, namespace: str, column: pa.Array) -> pa.Array:
        """Return a column of kgsynth's own ids as terms of a namespace."""
        base = self.namespaces[namespace]
        if not pc.all(pc.match_substring_regex(column, _PLAIN_IDS)).as_py():
            return mapped(column, lambda text: f"<{base}{quote(text, safe='')}>")
        before, after = (f"{namespace}:", "") if self.turtle else (f"<{base}", ">")
        return _one(pc.binary_join_element_wise(before, column, after, ""))

    def said(
        self, subjects: pa.Array, word: str, objects: pa.Array, is_first: bool = False
    ) -> pa.Array:
        """Return one thing said of each subject; "" where the object is null."""
        if not self.turtle:
            lines = pc.binary_join_element_wise(subjects, self.name(word), objects, ".\n", " ")
        else:
            before = f" {word} " if is_first else f" ; {word} "
            lines = pc.binary_join_element_wise(before, objects, "")
        return _one(pc.fill_null(lines, ""))


def mapped(column: pa.Array, spell: Callable[[str], str]) -> pa.Array:
    """Return a column of texts, each different one spelled once; null stays null."""
    coded = _one(column).dictionary_encode()
    words = pa.array([spell(text) for text in coded.dictionary.to_pylist()], pa.string())
    return words.take(coded.indices)


def literals(column: pa.Array, spelling: Spelling) -> pa.Array:
    """Return values as literals; null for null, for an empty text and for no number.

    Args:
        column: Texts, booleans or numbers.
        spelling: Turtle writes whole numbers and booleans without their type.
    """
    column = _one(column)
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = escaped(column.cast(pa.string()))
        quoted = pc.binary_join_element_wise('"', texts, '"', "")
        return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), quoted)
    if pa.types.is_boolean(kind):
        word, texts = "xsd:boolean", pc.if_else(column, "true", "false")
    elif pa.types.is_floating(kind):
        exact = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
        word, texts = (
            ("xsd:float" if kind == pa.float32() else "xsd:double"),
            exact.cast(pa.string()),
        )
    else:
        word, texts = "xsd:integer", column.cast(pa.string())
    if spelling.turtle and word in ("xsd:boolean", "xsd:integer"):
        return texts
    return pc.binary_join_element_wise('"', texts, f'"^^{spelling.name(word)}', "")


def escaped(texts: pa.Array) -> pa.Array:
    """Return texts in which quotes, backslashes, controls and invisible marks are escaped."""
    odd = np.flatnonzero(np.asarray(pc.match_substring_regex(texts, _TO_ESCAPE).fill_null(False)))
    if not len(odd):
        return texts
    mended = [_escape(text) for text in texts.take(pa.array(odd)).to_pylist()]
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[odd] = True
    return pc.replace_with_mask(texts, pa.array(mask), pa.array(mended, pa.string()))


def _escape(text: str) -> str:
    return _ODD.sub(lambda match: _SHORT.get(match[0], f"\\u{ord(match[0]):04X}"), text)


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
