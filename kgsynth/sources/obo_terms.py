"""The terms of an OBO document as columns: names, synonyms, definitions, what replaces what."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import own_curie
from kgsynth.sources.base import ENTITIES, Rejections, SourceFile, table
from kgsynth.sources.curie_columns import spell_column
from kgsynth.sources.obo_format import OboDocument
from kgsynth.sources.obo_values import parse_words, unescape
from kgsynth.sources.plain import plain_names, plain_texts

_QUOTED = r'^"(?P<text>(?s:(?:[^"\\]|\\.)*))"(?P<rest>.*)$'
_SYNONYM = (
    r'^"(?P<text>(?s:(?:[^"\\]|\\.)*))"'
    r"(?:\s+(?P<scope>EXACT|BROAD|NARROW|RELATED))?(?:\s+(?P<type>[^\s\[{!]+))?\s*(?:[\[{!].*)?$"
)
_LAY = pa.array(["layperson", "hp:layperson", "http://purl.obolibrary.org/obo/hp#layperson"])
_DISCARDED = "obsolete_synonym"
#: A stanza with nothing else describes no term; it only says what an id is equivalent to.
_ID_ONLY = ("id", "equivalent_to")

Bool = NDArray[np.bool_]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Terms:
    """The living ``[Term]`` stanzas of a document, in the order of the file.

    Attributes:
        ids: Of the terms that are described, spelled the house way.
        spelled: Of every stanza, null where it is no identifier.
        living: Which stanzas are terms that are not obsolete.
        id_only: Which of those say nothing but what they are equivalent to.
        read: ``[Term]`` stanzas.
        lost: Terms that are in the rejections: obsolete without replacement, or without good id.
    """

    def __init__(self, document: OboDocument, source: SourceFile, rejections: Rejections) -> None:
        self.document = document
        self.source = source
        self.rejections = rejections
        self.lost = 0
        stanzas = document.stanzas
        is_term = np.asarray(pc.equal(stanzas["type"], "Term"))
        self.read = int(is_term.sum())
        self._obsolete = np.zeros(len(is_term), dtype=np.bool_)
        marks = document.of("is_obsolete")
        dead = np.asarray(
            pc.equal(pc.utf8_lower(pc.utf8_slice_codeunits(marks["value"], 0, 4)), "true")
        )
        owners = marks["stanza"].to_numpy()[dead]
        self._obsolete[owners[owners >= 0]] = True
        self._obsolete &= is_term
        given = stanzas["id"].combine_chunks()
        self.spelled = spell_column(given)
        if self.spelled is not given:  # else every id was good, and read_obo saw that none repeats
            is_term = self._with_good_ids(is_term)
        self.living = is_term & ~self._obsolete
        self.id_only = self.living & self._says_nothing_else()
        self._described = self.living & ~self.id_only
        self._row = np.cumsum(self._described) - 1  # stanza -> row of the entity table
        self.ids = self.spelled.filter(pa.array(self._described))

    def _with_good_ids(self, is_term: Bool) -> Bool:
        """Return the terms whose id can be spelled and is the first of its spelling."""
        stanzas = self.document.stanzas
        bad = is_term & ~np.asarray(self.spelled.is_valid())
        for row in np.flatnonzero(bad).tolist():
            self._lose(row, "bad_identifier", f"not an identifier: {stanzas['id'][row].as_py()!r}")
        good: Bool = is_term & ~bad
        rows = np.flatnonzero(good)
        codes = self.spelled.filter(pa.array(good)).dictionary_encode().indices.to_numpy()
        _, first = np.unique(codes, return_index=True)
        again = rows[np.setdiff1d(np.arange(len(rows)), first)]
        for row in again.tolist():
            name = self.spelled[row].as_py()
            self._lose(row, "duplicate_id", f"{name} stands already, spelled otherwise")
        good[again] = False
        return good

    def _lose(self, row: int, code: str, detail: str) -> None:
        self.lost += 1
        line = self.document.stanzas["line"][row].as_py()
        self.rejections.add(f"{self.source.file}:{line}", code, detail)

    def _says_nothing_else(self) -> Bool:
        if not self.document.has("equivalent_to"):
            return np.zeros(len(self.living), dtype=np.bool_)
        clauses = self.document.clauses
        owners = clauses["stanza"].to_numpy()
        more = ~np.asarray(pc.is_in(clauses["tag"], pa.array(_ID_ONLY))) & (owners >= 0)
        found: Bool = np.bincount(owners[more], minlength=len(self.living)) == 0
        return found

    def of(self, tag: str) -> tuple[Int64, pa.Array, Int64]:
        """Return the clauses of described terms with one tag: entity row, value, line."""
        part = self.document.of(tag)
        owners = part["stanza"].to_numpy()
        keep = _owned(owners, self._described)
        values = part["value"].filter(pa.array(keep)).combine_chunks()
        return self._row[owners[keep]], values, part["line"].to_numpy()[keep]

    def of_living(self, tag: str) -> tuple[pa.Array, pa.Array, Int64, Bool]:
        """Return the clauses of living terms with one tag: id, value, line, id-only or not."""
        part = self.document.of(tag)
        owners = part["stanza"].to_numpy()
        keep = _owned(owners, self.living)
        values = part["value"].filter(pa.array(keep)).combine_chunks()
        owners = owners[keep]
        lines = part["line"].to_numpy()[keep]
        return self.spelled.take(pa.array(owners)), values, lines, self.id_only[owners]

    def entities(self, categories: pa.Array) -> pa.Table:
        """Return the entity table; see `base.ENTITIES`."""
        size = len(self.ids)
        exact, lay, related = self._synonyms()
        alt_rows, alt_ids, alt_lines = self.of("alt_id")
        return table(
            ENTITIES,
            {
                "id": self.ids,
                "name": plain_names(self._one_each("name", size)),
                "category": categories,
                "synonyms": exact,
                "lay": lay,
                "related_synonyms": related,
                "alt_ids": self._alternatives(alt_rows, alt_ids, alt_lines),
                "definition": self._definitions(size),
            },
            size,
        )

    def _one_each(self, tag: str, size: int) -> pa.Array:
        rows, values, _ = self.of(tag)
        special = pc.match_substring_regex(values, r"[\\{!]")
        if pc.any(special).as_py():
            texts = values.to_pylist()
            for at in np.flatnonzero(np.asarray(special)).tolist():
                texts[at] = parse_words(texts[at]).text
            values = pa.array(texts, pa.string())
        return _spread(rows, values, size)

    def _definitions(self, size: int) -> pa.Array:
        rows, values, lines = self.of("def")
        texts = pc.struct_field(pc.extract_regex(values, _QUOTED), "text")
        good = self._reject_unquoted("def", values, lines, texts)
        return _spread(rows[good], plain_texts(_unescaped(texts.filter(pa.array(good)))), size)

    def _alternatives(self, rows: Int64, values: pa.Array, lines: Int64) -> pa.Array:
        """Return the other ids of each term; reject those that are no identifiers."""
        size = len(self.ids)
        spelled = spell_column(values)
        if spelled.null_count:
            spelled = spell_column(pa.array([parse_words(v).text for v in values.to_pylist()]))
        if spelled.null_count:
            good = np.asarray(spelled.is_valid())
            for at in np.flatnonzero(~good).tolist():
                detail = f"alt_id: not an identifier: {values[at].as_py()[:60]!r}"
                self.rejections.add(f"{self.source.file}:{lines[at]}", "bad_identifier", detail)
            spelled, rows = spelled.filter(pa.array(good)), rows[good]
        return as_lists(rows, spelled, size)

    def _synonyms(self) -> tuple[pa.Array, pa.Array, pa.Array]:
        rows, values, lines = self.of("synonym")
        fields = pc.extract_regex(values, _SYNONYM)
        texts = pc.struct_field(fields, "text")
        good = self._reject_unquoted("synonym", values, lines, texts)
        fields, rows = fields.filter(pa.array(good)), rows[good]
        texts = plain_names(_unescaped(pc.struct_field(fields, "text")))
        is_exact = np.asarray(pc.equal(pc.struct_field(fields, "scope"), "EXACT"))
        kinds = pc.struct_field(fields, "type")
        is_lay = is_exact & np.asarray(pc.is_in(kinds, _LAY))
        discarded = np.asarray(pc.equal(kinds, _DISCARDED))
        size = len(self.ids)
        exact, lay, other = is_exact & ~discarded, is_lay & ~discarded, ~is_exact | discarded
        return tuple(
            as_lists(rows[part], texts.filter(pa.array(part)), size) for part in (exact, lay, other)
        )

    def _reject_unquoted(
        self, tag: str, values: pa.Array, lines: NDArray[np.int64], texts: pa.Array
    ) -> NDArray[np.bool_]:
        good = np.asarray(texts.is_valid())
        for at in np.flatnonzero(~good).tolist():
            self.rejections.add(
                f"{self.source.file}:{lines[at]}",
                "unterminated_quote",
                f"{tag}: expected a quoted text that ends, found {values[at].as_py()[:60]!r}",
            )
        return good

    def replacements(self) -> dict[str, tuple[str, ...]]:
        """Return obsolete id -> living ids that replace it; reject those without any."""
        named: dict[int, list[str]] = {}
        clauses = self.document.of("replaced_by")
        for owner, value in zip(
            clauses["stanza"].to_pylist(), clauses["value"].to_pylist(), strict=True
        ):
            named.setdefault(owner, []).extend(_ids(parse_words(value).text))
        found = {}
        for row in np.flatnonzero(self._obsolete & np.asarray(self.spelled.is_valid())).tolist():
            curie = self.spelled[row].as_py()
            found[curie] = tuple(named.get(row, ()))
            if len(found[curie]) != 1:
                detail = f"{curie} is obsolete and {_fate(found[curie])}"
                self._lose(row, "obsolete_term", f"{detail}; statements on it are rejected")
        return found


def _ids(text: str) -> Iterable[str]:
    try:
        yield own_curie(text)
    except IdentifierError:
        return


def _fate(replacements: tuple[str, ...]) -> str:
    return f"has {len(replacements)} replacements" if replacements else "nothing replaces it"


def _spread(rows: NDArray[np.int64], values: pa.Array, size: int) -> pa.Array:
    """Return `values` at their rows of a column of `size`, the last one where a row has two."""
    at = np.full(size, -1, dtype=np.int64)
    at[rows] = np.arange(len(rows))
    return pc.cast(values, pa.string()).take(pa.array(at, mask=at < 0))


def as_lists(rows: NDArray[np.int64], values: pa.Array, size: int) -> pa.Array:
    """Return a list column of `size` rows from values whose `rows` ascend.

    Args:
        rows: shape (n,), int64, ascending; the row that each value belongs to.
        values: n strings.
        size: Rows of the column; those without values hold an empty list.
    """
    offsets = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=size), out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), pc.cast(values, pa.string()))


def _unescaped(texts: pa.Array) -> pa.Array:
    escaped = np.asarray(pc.match_substring(texts, "\\"))
    if not escaped.any():
        return texts
    plain = texts.to_pylist()
    for at in np.flatnonzero(escaped).tolist():
        plain[at] = unescape(plain[at])
    return pa.array(plain, pa.string())


def _owned(owners: Int32, wanted: Bool) -> Bool:
    """Return which clauses stand in wanted stanzas; those of the head stand in none."""
    found: Bool = owners >= 0  # there may be no stanza at all to look up
    found[found] = wanted[owners[found]]
    return found
