"""Ontologies in OBO format, such as the Human Phenotype Ontology: terms and their is-a links.

Terms become entities, ``is_a`` lines become ``subclass_of`` statements. A manifest maps branches
to Biolink categories; ids that are obsolete are no entities and remain resolvable only where
exactly one ``replaced_by`` names a living term.
"""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.sources.base import (
    ENTITIES,
    STATEMENTS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.obo_format import OboDocument, parse_words, read_obo, unescape

_QUOTED = r'^"(?P<text>(?s:(?:[^"\\]|\\.)*))"(?P<rest>.*)$'
_SYNONYM = (
    r'^"(?P<text>(?s:(?:[^"\\]|\\.)*))"'
    r"(?:\s+(?P<scope>EXACT|BROAD|NARROW|RELATED))?(?:\s+(?P<type>[^\s\[{!]+))?\s*(?:[\[{!].*)?$"
)
_LAY = "layperson"
_DISCARDED = "obsolete_synonym"


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one OBO file; see `base.Loader`.

    ``manifest.settings["categories"]`` maps the top term of a branch to a category, the more
    specific branch first; ``settings["category"]`` is the category of everything else.
    """
    source = files[0]
    rejections = Rejections()
    document = read_obo(source, rejections)
    broken = sum(code != "no_clause" for code in rejections.codes)
    terms = _Terms(document, source, rejections)
    statements = terms.subclass_statements()
    entities = terms.entities(_categories(terms, statements, manifest.settings))
    replaced = terms.replacements()
    merged = sum(len(ids) == 1 for ids in replaced.values())
    read = int(pc.sum(pc.equal(document.stanzas["type"], "Term")).as_py() or 0)
    return SourceData(
        version=_version(document) or manifest.version,
        files=files,
        entities=entities,
        statements=statements,
        replaced=replaced,
        rejections=rejections,
        tallies=(
            Tally("terms", read + broken, len(entities), merged, broken + terms.lost),
            Tally("is_a links", len(statements), len(statements)),
        ),
    )


def _version(document: OboDocument) -> str:
    """Return the date in ``data-version: hp/releases/2025-01-16``, or the whole value."""
    return document.header("data-version").rpartition("/")[2]


class _Terms:
    """The living ``[Term]`` stanzas of a document, in the order of the file."""

    def __init__(self, document: OboDocument, source: SourceFile, rejections: Rejections) -> None:
        self.document = document
        self.source = source
        self.rejections = rejections
        self.lost = 0  # obsolete terms that nothing replaces
        stanzas = document.stanzas
        is_term = np.asarray(pc.equal(stanzas["type"], "Term"))
        self._obsolete = np.zeros(len(is_term), dtype=np.bool_)
        marks = document.of("is_obsolete")
        dead = np.asarray(
            pc.equal(pc.utf8_lower(pc.utf8_slice_codeunits(marks["value"], 0, 4)), "true")
        )
        self._obsolete[marks["stanza"].to_numpy()[dead]] = True
        self._obsolete &= is_term
        self._alive = is_term & ~self._obsolete
        self._row = np.cumsum(self._alive) - 1  # stanza -> row of the entity table
        self.ids = stanzas["id"].filter(pa.array(self._alive)).combine_chunks()

    def _of(self, tag: str) -> tuple[NDArray[np.int64], pa.Array, NDArray[np.int64]]:
        """Return the clauses of living terms with one tag: entity row, value, line."""
        part = self.document.of(tag)
        owners = part["stanza"].to_numpy()
        keep = (owners >= 0) & self._alive[owners]
        values = part["value"].filter(pa.array(keep)).combine_chunks()
        return self._row[owners[keep]], values, part["line"].to_numpy()[keep]

    def subclass_statements(self) -> pa.Table:
        """Return ``is_a`` as statements; comments and qualifiers are taken off."""
        rows, values, lines = self._of("is_a")
        plain = pc.extract_regex(values, r"^(?P<id>[^\s{!\\]+)(?:\s*[{!].*)?$")
        parents = pc.struct_field(plain, "id")
        if parents.null_count:
            odd = [parse_words(text).text for text in values.to_pylist()]
            parents = pa.array(odd, pa.string())
        size = len(rows)
        return table(
            STATEMENTS,
            {
                "subject": self.ids.take(pa.array(rows)),
                "predicate": pa.DictionaryArray.from_arrays(
                    np.zeros(size, np.int8), pa.array(["subclass_of"])
                ),
                "object": pc.cast(parents, pa.string()),
                "negated": pa.array(np.zeros(size, np.bool_)),
                "line": pa.array(lines),
            },
            size,
        )

    def entities(self, categories: pa.Array) -> pa.Table:
        """Return the entity table; see `base.ENTITIES`."""
        size = len(self.ids)
        exact, lay, related = self._synonyms()
        alt_rows, alt_ids, _ = self._of("alt_id")
        return table(
            ENTITIES,
            {
                "id": self.ids,
                "name": self._one_each("name", size),
                "category": categories,
                "synonyms": exact,
                "lay": lay,
                "related_synonyms": related,
                "alt_ids": as_lists(alt_rows, alt_ids, size),
                "definition": self._definitions(size),
            },
            size,
        )

    def _one_each(self, tag: str, size: int) -> pa.Array:
        rows, values, _ = self._of(tag)
        special = pc.match_substring_regex(values, r"[\\{!]")
        if pc.any(special).as_py():
            texts = values.to_pylist()
            for at in np.flatnonzero(np.asarray(special)).tolist():
                texts[at] = parse_words(texts[at]).text
            values = pa.array(texts, pa.string())
        return _spread(rows, values, size)

    def _definitions(self, size: int) -> pa.Array:
        rows, values, lines = self._of("def")
        texts = pc.struct_field(pc.extract_regex(values, _QUOTED), "text")
        good = self._reject_unquoted("def", values, lines, texts)
        return _spread(rows[good], _unescaped(texts.filter(pa.array(good))), size)

    def _synonyms(self) -> tuple[pa.Array, pa.Array, pa.Array]:
        rows, values, lines = self._of("synonym")
        fields = pc.extract_regex(values, _SYNONYM)
        texts = pc.struct_field(fields, "text")
        good = self._reject_unquoted("synonym", values, lines, texts)
        fields, rows = fields.filter(pa.array(good)), rows[good]
        texts = _unescaped(pc.struct_field(fields, "text"))
        is_exact = np.asarray(pc.equal(pc.struct_field(fields, "scope"), "EXACT"))
        kinds = pc.struct_field(fields, "type")
        is_lay = is_exact & np.asarray(pc.equal(kinds, _LAY))
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
        stanzas = self.document.stanzas
        named: dict[int, list[str]] = {}
        clauses = self.document.of("replaced_by")
        for owner, value in zip(
            clauses["stanza"].to_pylist(), clauses["value"].to_pylist(), strict=True
        ):
            named.setdefault(owner, []).append(parse_words(value).text)
        found = {}
        for row in np.flatnonzero(self._obsolete).tolist():
            curie = stanzas["id"][row].as_py()
            found[curie] = tuple(named.get(row, ()))
            if len(found[curie]) != 1:
                self.lost += 1
                self.rejections.add(
                    f"{self.source.file}:{stanzas['line'][row].as_py()}",
                    "obsolete_term",
                    f"{curie} is obsolete and {_fate(found[curie])}; statements on it are rejected",
                )
        return found


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


def _categories(terms: _Terms, statements: pa.Table, settings: Mapping[str, object]) -> pa.Array:
    """Return each term's category: that of the first branch in the settings that holds it."""
    branches = settings.get("categories", {})
    default = str(settings.get("category", "OntologyClass"))
    ids = terms.ids.to_pylist()
    row_of = {text: row for row, text in enumerate(ids)}
    children: dict[str, list[str]] = {}
    for child, parent in zip(
        statements["subject"].to_pylist(), statements["object"].to_pylist(), strict=True
    ):
        children.setdefault(parent, []).append(child)
    names = [default, *(str(name) for name in dict.fromkeys(branches.values()))]  # type: ignore[attr-defined]
    codes = np.zeros(len(ids), dtype=np.int8)
    for top, name in reversed(list(branches.items())):  # type: ignore[attr-defined]
        code = names.index(name)
        seen = {top}
        stack = [top]
        while stack:
            for child in children.get(stack.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
        codes[[row_of[text] for text in seen if text in row_of]] = code
    return pa.DictionaryArray.from_arrays(codes, pa.array(names)).cast(pa.string())
