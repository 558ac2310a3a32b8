"""Nodes of a KGX graph: records become entities, flags and exact mappings."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.identifiers import prefix_of
from kgsynth.sources.base import ENTITIES, FLAGS, MAPPINGS, Rejections, Tally, table
from kgsynth.sources.biolink_classes import most_specific
from kgsynth.sources.curie_columns import spell
from kgsynth.sources.kgx_read import NODE_LISTS, NODE_TEXTS, Records

_LIST = pa.list_(pa.string())
_TRUE = frozenset({"true", "1", "yes", "t"})


def lists(owners: NDArray[np.int64], texts: pa.Array, size: int) -> pa.Array:
    """Return a list column of `size` rows from texts whose owners ascend."""
    offsets = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(owners, minlength=size), out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), texts)


class Nodes:
    """All node records of a graph.

    Attributes:
        read: How many there are.
        ids: The id of each, as the file has it.
        tally: Where they went, once `read_entities` was called.
        mappings: What the nodes say is the same as they; likewise.
        flags: Why a node is unfit as an answer; likewise.
    """

    def __init__(
        self, blocks: list[Records], settings: Mapping[str, Any], places: list[str]
    ) -> None:
        self._settings = settings
        self._places = places
        self.read = sum(block.read for block in blocks)
        self._table = _joined(blocks)
        self._lines = np.concatenate([block.lines for block in blocks] or [np.zeros(0, np.int64)])
        self._files = np.repeat(
            np.array([block.file for block in blocks], dtype=np.int64),
            [len(block.lines) for block in blocks],
        )
        self.ids: pa.Array = self._table["id"].combine_chunks()
        self.tally = Tally("nodes", 0, 0)
        self.mappings = MAPPINGS.empty_table()
        self.flags = FLAGS.empty_table()

    def read_entities(
        self, words: pa.Array, ids: pa.Array, wrong: Mapping[int, str], rejections: Rejections
    ) -> pa.Table:
        """Return the entities.

        Args:
            words: Every id as the files have it, each once.
            ids: The same in the house's spelling.
            wrong: Place in `words` of what is no id, and why.
            rejections: Gets ``bad_identifier`` and ``missing_value``.
        """
        if not self.read:
            return ENTITIES.empty_table()
        codes = pc.index_in(self.ids, value_set=words).fill_null(-1).to_numpy()
        good = self._good(codes, wrong, rejections)
        fresh = self._without_repetitions(codes, good)
        rows = np.flatnonzero(fresh)
        self.tally = Tally(
            "nodes", self.read, len(rows), int(good.sum()) - len(rows), self.read - int(good.sum())
        )
        chosen = self._table.take(pa.array(rows))
        own = ids.take(pa.array(codes[rows]))
        self._read_mappings(chosen, own, rows, rejections)
        self._read_flags(chosen, own)
        columns = self._columns(chosen, own)
        columns["alt_ids"] = self._alternatives(chosen, rows, rejections)
        return table(ENTITIES, columns, len(rows))

    def _good(
        self, codes: NDArray[Any], wrong: Mapping[int, str], rejections: Rejections
    ) -> NDArray[np.bool_]:
        bad = (codes < 0) | np.isin(codes, list(wrong))
        for row in np.flatnonzero(bad).tolist():
            code = int(codes[row])
            what = ("missing_value", "id is empty") if code < 0 else ("bad_identifier", wrong[code])
            rejections.add(self._place(row), *what)
        return ~bad

    def _place(self, row: int) -> str:
        return f"{self._places[self._files[row]]}:{self._lines[row]}"

    def _without_repetitions(
        self, codes: NDArray[Any], good: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Return which good records do not repeat an earlier one in every column."""
        fresh = good.copy()
        counts = np.bincount(codes[good], minlength=codes.max(initial=0) + 1)
        several = np.flatnonzero(good & (counts[codes] > 1))
        seen = set()
        for row, values in zip(
            several.tolist(), self._table.take(pa.array(several)).to_pylist(), strict=True
        ):
            key = (int(codes[row]), str(sorted(values.items())))
            fresh[row] = key not in seen
            seen.add(key)
        return fresh

    def _columns(self, chosen: pa.Table, own: pa.Array) -> dict[str, object]:
        exact = "exact_synonym" in self._table.column_names
        return {
            "id": own,
            "name": chosen["name"].combine_chunks(),
            "category": _categories(chosen["category"], own, self._settings),
            "synonyms": _lists(chosen, "exact_synonym" if exact else "synonym"),
            "lay": _lists(chosen, "lay_synonym"),
            # Which kind `synonym` is, KGX does not say; a file that has an exact kind means more.
            "related_synonyms": _several(
                chosen,
                *(("synonym",) if exact else ()),
                *("related_synonym", "broad_synonym", "narrow_synonym"),
            ),
            "definition": chosen["description"].combine_chunks(),
        }

    def _alternatives(
        self, chosen: pa.Table, rows: NDArray[Any], rejections: Rejections
    ) -> pa.Array:
        owners, found = self._other_ids(chosen, rows, ("has_alternative_id",), rejections)
        return lists(owners, found, len(rows))

    def _read_mappings(
        self, chosen: pa.Table, own: pa.Array, rows: NDArray[Any], rejections: Rejections
    ) -> None:
        names = ("equivalent_identifiers", "same_as")
        owners, objects = self._other_ids(chosen, rows, names, rejections)
        subjects = own.take(pa.array(owners))
        other = pc.not_equal(objects, subjects)
        columns: dict[str, object] = {
            "subject": subjects.filter(other),
            "object": objects.filter(other),
            "line": pa.array(self._lines[rows][owners]).filter(other),
            "file": pa.array(self._files[rows][owners].astype(np.int32)).filter(other),
        }
        self.mappings = table(MAPPINGS, columns, pc.sum(other).as_py() or 0)

    def _other_ids(
        self, chosen: pa.Table, rows: NDArray[Any], names: tuple[str, ...], rejections: Rejections
    ) -> tuple[NDArray[np.int64], pa.Array]:
        """Return the ids in list columns: place in `rows` of each, ascending, and the id."""
        cells = _several(chosen, *names)
        owners, others = pc.list_parent_indices(cells).to_numpy(), pc.list_flatten(cells)
        words = pc.unique(others)
        spelled, wrong = spell(words)
        codes = pc.index_in(others, value_set=words).to_numpy()
        for at in np.flatnonzero(np.isin(codes, list(wrong))).tolist():
            detail = f"{names[0]}: {wrong[int(codes[at])]}"
            rejections.add(self._place(int(rows[owners[at]])), "bad_identifier", detail)
        found = spelled.take(pa.array(codes))
        good = np.asarray(pc.not_equal(found, ""))
        return owners[good].astype(np.int64), found.filter(pa.array(good))

    def _read_flags(self, chosen: pa.Table, own: pa.Array) -> None:
        cells = _lists(chosen, "unfit")
        owners, flags = pc.list_parent_indices(cells), pc.list_flatten(cells)
        gone = pc.utf8_lower(chosen["deprecated"].combine_chunks())
        obsolete = own.filter(pc.is_in(gone, value_set=pa.array(sorted(_TRUE))))
        entities = pa.concat_arrays([own.take(owners), obsolete])
        names = pa.concat_arrays([flags, pa.array(["obsolete"] * len(obsolete), pa.string())])
        self.flags = table(FLAGS, {"entity": entities, "flag": names}, len(entities))


def made_nodes(used: pa.Array, ids: pa.Array, settings: Mapping[str, Any]) -> pa.Table:
    """Return entities for ids that edges use and no file describes.

    Args:
        used: Places in `ids`.
        ids: Every id, in the house's spelling.
        settings: ``[prefixes]`` says which category the ids of a prefix are of.
    """
    own = pc.unique(ids.take(used))
    own = own.filter(pc.not_equal(own, ""))
    categories = _by_prefix(own, settings)
    return table(ENTITIES, {"id": own, "category": categories}, len(own))


def _by_prefix(own: pa.Array, settings: Mapping[str, Any]) -> pa.Array:
    known = settings.get("prefixes", {})
    default = str(settings.get("category", "NamedThing"))
    found = [str(known.get(prefix_of(curie), default)) for curie in own.to_pylist()]
    return pa.array(found, pa.string())


def _categories(column: pa.ChunkedArray, own: pa.Array, settings: Mapping[str, Any]) -> pa.Array:
    """Return the most specific category of each record; by its prefix where it has none."""
    coded = column.combine_chunks().dictionary_encode()
    words = [
        most_specific(text.split("|")) if text else "" for text in coded.dictionary.to_pylist()
    ]
    given = pa.array(words, pa.string()).take(coded.indices)
    blank = np.flatnonzero(np.asarray(pc.equal(given, "")))
    if not len(blank):
        return given
    mask = np.zeros(len(given), dtype=np.bool_)
    mask[blank] = True
    filling = _by_prefix(own.take(pa.array(blank)), settings)
    return pc.replace_with_mask(given, pa.array(mask), filling)


def _joined(blocks: list[Records]) -> pa.Table:
    """Return all blocks as one table of plain columns that has every column of a node."""
    present = {name for block in blocks for name in block.table.column_names}
    parts = []
    names = [*NODE_TEXTS, *(name for name in NODE_LISTS if name in present)]
    for block in blocks:
        size = len(block.table)
        arrays = []
        for name in names:
            kind = _LIST if name in NODE_LISTS else pa.string()
            if name in block.table.column_names:
                arrays.append(block.table[name].cast(kind))
            else:
                arrays.append(_blank(kind, size))
        parts.append(pa.table(arrays, names=names))
    if not parts:
        return pa.table({name: pa.array([], pa.string()) for name in names})
    return pa.concat_tables(parts).combine_chunks()


def _blank(kind: pa.DataType, size: int) -> pa.Array:
    if kind == _LIST:
        offsets = pa.array(np.zeros(size + 1, dtype=np.int32))
        return pa.ListArray.from_arrays(offsets, pa.array([], pa.string()))
    return pa.repeat("", size)


def _lists(chosen: pa.Table, name: str) -> pa.Array:
    if name not in chosen.column_names:
        return _blank(_LIST, len(chosen))
    column = chosen[name].combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _several(chosen: pa.Table, *names: str) -> pa.Array:
    """Return several list columns as one, those of each row one behind the other."""
    present = [name for name in names if name in chosen.column_names]
    if len(present) < 2:
        return _lists(chosen, present[0] if present else "")
    columns = [_lists(chosen, name).to_pylist() for name in present]
    rows = [[text for part in parts for text in part] for parts in zip(*columns, strict=True)]
    return pa.array(rows, _LIST)
