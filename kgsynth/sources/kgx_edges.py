"""Edges of a KGX graph: records become statements, or mappings between ids."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES, active
from kgsynth.sources.base import MAPPINGS, STATEMENTS, Credit, Rejections, Tally, table
from kgsynth.sources.kgx_columns import Column, frequency, join_column, share_of
from kgsynth.sources.kgx_read import EDGE_TEXTS, Records

Int32 = NDArray[np.int32]
Bool = NDArray[np.bool_]

#: How a cell says whether a statement is a denial.
_NEGATED = {"": False, "false": False, "0": False, "f": False, "no": False}
_NEGATED |= {"true": True, "1": True, "t": True, "yes": True}
_SOURCES = (
    *("primary_knowledge_source", "knowledge_source"),
    *("aggregator_knowledge_source", "provided_by"),
)
_TEXTS = {
    "reference": "publications",
    "frequency": "frequency_qualifier",
    "onset": "onset_qualifier",
    "sex": "sex_qualifier",
    "modifier": "clinical_modifier_qualifier",
    "date": "date",
}
_MIX = np.uint64(0x9E3779B97F4A7C15)


class Edges:
    """All edge records of a graph.

    Attributes:
        read: How many there are.
        tally: Where they went, once `read_statements` was called.
        mappings: The records that say what an id is to another; likewise.
    """

    def __init__(
        self, blocks: list[Records], settings: Mapping[str, Any], places: list[str]
    ) -> None:
        self._settings = settings
        self._places = places
        self.read = sum(block.read for block in blocks)
        self._size = sum(len(block.lines) for block in blocks)
        self._lines = np.concatenate([block.lines for block in blocks] or [np.zeros(0, np.int64)])
        self._files = np.repeat(
            np.array([block.file for block in blocks], dtype=np.int32),
            [len(block.lines) for block in blocks],
        )
        self._columns = {name: join_column(blocks, name) for name in EDGE_TEXTS}
        self.tally = Tally("edges", 0, 0)
        self.mappings = MAPPINGS.empty_table()

    def words(self, name: str) -> pa.Array:
        """Return what occurs in a column."""
        return self._columns[name].words

    def used(self, words: pa.Array) -> pa.Array:
        """Return the places in `words` of every id that is an end of an edge, ascending."""
        ends = (self._columns[end].words for end in ("subject", "object"))
        found = pc.index_in(pa.concat_arrays(list(ends)), value_set=words).drop_null()
        return pc.unique(found.take(pc.sort_indices(found)))

    def read_statements(
        self,
        words: pa.Array,
        ids: pa.Array,
        wrong: Mapping[int, str],
        entities: pa.Table,
        rejections: Rejections,
    ) -> tuple[NDArray[np.int64], dict[str, object]]:
        """Return the rows that are statements, and their columns but for who says it.

        Args:
            words: Every id as the files have it, each once.
            ids: The same in the house's spelling.
            wrong: Place in `words` of what is no id, and why.
            entities: What is known of the nodes: their categories.
            rejections: Gets ``missing_value``, ``bad_identifier`` and ``unknown_negation``.
        """
        good = self._good(words, wrong, rejections)
        fresh = self._without_repetitions(good)
        relations = [self._relation(text) for text in self._columns["predicate"].texts()]
        is_match = self._columns["predicate"].mapped([kind != "" for _, _, kind in relations], bool)
        ends = [self._ends(end, words) for end in ("subject", "object")]
        turned = self._columns["predicate"].mapped([turn for _, turn, _ in relations], bool)
        subject, object_ = np.where(turned, ends[1], ends[0]), np.where(turned, ends[0], ends[1])
        self._read_mappings(np.flatnonzero(fresh & is_match), subject, object_, ids, relations)
        rows = np.flatnonzero(fresh & ~is_match)
        lost = self.read - int(good.sum())
        kept = int(fresh.sum())
        self.tally = Tally("edges", self.read, kept, int(good.sum()) - kept, lost)
        subject, object_ = subject[rows], object_[rows]
        names = [name for name, _, _ in relations]
        predicate = self._columns["predicate"].codes[rows]
        codes, names = self._fitting(predicate, names, (subject, object_), ids, entities)
        columns: dict[str, object] = {
            "subject": pa.DictionaryArray.from_arrays(pa.array(subject), ids),
            "object": pa.DictionaryArray.from_arrays(pa.array(object_), ids),
            "predicate": pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names)),
            "line": pa.array(self._lines[rows]),
            "file": pa.array(self._files[rows]),
        }
        return rows, columns | self._texts(rows) | self._quantities(rows, codes, names)

    def credited(
        self,
        said: tuple[NDArray[np.int64], dict[str, object]],
        version: str,
        license_: str,
    ) -> tuple[pa.Table, tuple[Credit, ...]]:
        """Return the statements with who says each, and who that is.

        Args:
            said: From `read_statements`.
            version: Of the graph that was read: for who has none of his own.
            license_: Likewise.
        """
        rows, columns = said
        if not len(rows):
            return STATEMENTS.empty_table(), ()
        source = self._sources()
        parts = [source, self._columns["source_version"], self._columns["source_license"]]
        keys = np.zeros(len(rows), dtype=np.int64)
        for part in parts:
            keys = keys * len(part.words) + part.codes[rows]
        _, first, place = np.unique(keys, return_index=True, return_inverse=True)
        found = []
        for row in rows[first].tolist():
            name, own_version, own_license = (
                part.words[int(part.codes[row])].as_py() for part in parts
            )
            found.append(Credit(name, own_version or version, own_license or license_))
        named = np.array([one.source != "" for one in found])
        place = place.astype(np.int32)
        columns["credit"] = pa.array(place, mask=~named[place])
        return table(STATEMENTS, columns, len(rows)), tuple(found)

    # ---- checks ----------------------------------------------------------------------------

    def _good(self, words: pa.Array, wrong: Mapping[int, str], rejections: Rejections) -> Bool:
        good = np.ones(self._size, dtype=np.bool_)
        for end in ("subject", "object"):
            column = self._columns[end]
            places = pc.index_in(column.words, value_set=words).fill_null(-1).to_pylist()
            bad = {code: wrong[place] for code, place in enumerate(places) if place in wrong}
            good &= self._reject(good, end, "bad_identifier", bad, rejections)
        for name in ("subject", "predicate", "object"):
            blank = {
                code: f"{name} is empty"
                for code, text in enumerate(self._columns[name].texts())
                if not text.strip()
            }
            good &= self._reject(good, name, "missing_value", blank, rejections)
        strange = {
            code: f"negated {text!r}; expected true or false"
            for code, text in enumerate(self._columns["negated"].texts())
            if text.strip().lower() not in _NEGATED
        }
        return good & self._reject(good, "negated", "unknown_negation", strange, rejections)

    def _reject(
        self, good: Bool, name: str, code: str, bad: Mapping[int, str], rejections: Rejections
    ) -> Bool:
        """Reject the rows that hold one of the `bad` values; return which do not."""
        if not bad:
            return np.ones(self._size, dtype=np.bool_)
        codes = self._columns[name].codes
        hit = np.isin(codes, list(bad))
        for row in np.flatnonzero(hit & good).tolist():
            place = f"{self._places[self._files[row]]}:{self._lines[row]}"
            rejections.add(place, code, bad[int(codes[row])])
        return ~hit

    def _without_repetitions(self, good: Bool) -> Bool:
        """Return which good rows do not repeat an earlier one in every column that is read."""
        columns = [column.codes for column in self._columns.values() if len(column.words) > 1]
        keys = np.zeros(self._size, dtype=np.uint64)
        for codes in columns:
            keys = (keys ^ codes.astype(np.uint64)) * _MIX
            keys ^= keys >> np.uint64(29)
        rows = np.flatnonzero(good)
        _, first, place = np.unique(keys[rows], return_index=True, return_inverse=True)
        before = rows[first][place]
        again = before != rows
        for codes in columns:  # equal keys are only a hint: the columns decide
            again &= codes[before] == codes[rows]
        fresh = good.copy()
        fresh[rows[again]] = False
        return fresh

    # ---- columns ---------------------------------------------------------------------------

    def _ends(self, end: str, words: pa.Array) -> Int32:
        column = self._columns[end]
        places = pc.index_in(column.words, value_set=words).fill_null(0).to_numpy()
        found: Int32 = places.astype(np.int32)[column.codes]
        return found

    def _relation(self, text: str) -> tuple[str, bool, str]:
        """Return a predicate's name, whether its ends change places, and the kind of mapping."""
        known = self._settings.get("predicates", {})
        name, turned = active(str(known.get(text, text)))
        return name, turned, str(self._settings.get("mappings", {}).get(name, ""))

    def _read_mappings(
        self,
        rows: NDArray[np.int64],
        subject: Int32,
        object_: Int32,
        ids: pa.Array,
        relations: list[tuple[str, bool, str]],
    ) -> None:
        kinds = pa.array([kind for _, _, kind in relations], pa.string())
        columns: dict[str, object] = {
            "subject": ids.take(pa.array(subject[rows])),
            "object": ids.take(pa.array(object_[rows])),
            "predicate": kinds.take(pa.array(self._columns["predicate"].codes[rows])),
            "line": pa.array(self._lines[rows]),
            "file": pa.array(self._files[rows]),
        }
        self.mappings = table(MAPPINGS, columns, len(rows))

    def _fitting(
        self,
        codes: Int32,
        names: list[str],
        ends: tuple[Int32, Int32],
        ids: pa.Array,
        entities: pa.Table,
    ) -> tuple[Int32, list[str]]:
        """Give statements whose ends are of other categories the predicate that fits them.

        KGX graphs say *has phenotype* of genes too; here a finding is a disease's.
        """
        kinds, categories = _kinds(ids, entities)
        codes = codes.copy()
        for name, instead in self._settings.get("otherwise", {}).items():
            mine = np.isin(codes, [code for code, one in enumerate(names) if one == name])
            for places, allowed in zip(
                ends, (PREDICATES[name].domain, PREDICATES[name].range), strict=True
            ):
                wrong = [c for c, kind in enumerate(categories) if allowed and kind not in allowed]
                hit = mine & np.isin(kinds[places], wrong)
                if hit.any():
                    names = [*names, str(instead)]
                    codes[hit] = len(names) - 1
                    mine &= ~hit
        return codes, names

    def _texts(self, rows: NDArray[np.int64]) -> dict[str, object]:
        found: dict[str, object] = {}
        code = self._columns["code"]
        names = _TEXTS | {"code": "code" if len(code.words) > 1 else "has_evidence"}
        for name, column in names.items():
            given = self._columns[column]
            if len(given.words) > 1:
                found[name] = pa.DictionaryArray.from_arrays(
                    pa.array(given.codes[rows]), given.words
                )
        return found

    def _quantities(
        self, rows: NDArray[np.int64], predicate: Int32, names: list[str]
    ) -> dict[str, object]:
        """Return whether a row denies, and what its frequency says in numbers."""
        column = self._columns["frequency_qualifier"]
        parts = [frequency(text) for text in column.texts()]
        codes = column.codes[rows]
        low = np.array([np.nan if p.share_low is None else p.share_low for p in parts], np.float32)
        share = low[codes]
        share = np.where(np.isnan(share), self._shares()[rows], share)
        is_finding = np.isin(
            predicate, [c for c, name in enumerate(names) if name == "has_phenotype"]
        )
        denied = self._columns["negated"].mapped(
            [_NEGATED.get(t.strip().lower(), False) for t in self._columns["negated"].texts()], bool
        )[rows]
        chosen = pa.array(codes)
        return {
            # None of the patients has it: the same as a denial.
            "negated": pa.array(denied | (is_finding & (share == 0))),
            "share_low": pa.array(share.astype(np.float32), mask=np.isnan(share)),
            "affected": pa.array([part.affected for part in parts], pa.int32()).take(chosen),
            "examined": pa.array([part.examined for part in parts], pa.int32()).take(chosen),
        }

    def _shares(self) -> NDArray[np.float32]:
        """Return the share of patients that numbers of their own give; not a number where none."""
        found = np.full(self._size, np.nan, dtype=np.float32)
        for name, whole in (("has_percentage", 100), ("has_quotient", 1)):
            column = self._columns[name]
            if len(column.words) > 1:
                shares = [share_of(text, whole) for text in column.texts()]
                given = column.mapped(shares, np.float32)
                found = np.where(np.isnan(given), found, given)
        return found

    def _sources(self) -> Column:
        """Return who says each record: the first of the columns that is filled."""
        words: dict[str, int] = {"": 0}
        codes = np.zeros(self._size, dtype=np.int32)
        for name in _SOURCES:
            column = self._columns[name]
            texts = [text.strip().removeprefix("infores:") for text in column.texts()]
            places = [words.setdefault(text, len(words)) for text in texts]
            codes = np.where(codes == 0, column.mapped(places, np.int32), codes)
        return Column(codes, pa.array(list(words), pa.string()))


def _kinds(ids: pa.Array, entities: pa.Table) -> tuple[Int32, list[str]]:
    """Return the category of every id as a code; -1 where it is not known."""
    places = pc.index_in(entities["id"].combine_chunks(), value_set=ids).fill_null(-1).to_numpy()
    coded = entities["category"].combine_chunks().dictionary_encode()
    kinds = np.full(len(ids), -1, dtype=np.int32)
    given = coded.indices.to_numpy()
    kinds[places[places >= 0]] = given[places >= 0]
    return kinds, coded.dictionary.to_pylist()
