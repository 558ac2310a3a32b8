"""HPO annotations (phenotype.hpoa): which disease has which finding, inheritance and course.

The column ``aspect`` says what a row is about: P a phenotype, I a mode of inheritance, C onset
and course, M a modifier, H past medical history. A row is a denial where its qualifier is NOT,
where none of the examined patients had the finding (0/n), or where its frequency is *excluded*
(HP:0040285) or 0 %.

Source: https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa/
"""

import re

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kgsynth.errors import IdentifierError
from kgsynth.identifiers import normalize_curie
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
from kgsynth.sources.curie_columns import plain_places
from kgsynth.sources.frequency import Frequency, parse_frequency
from kgsynth.sources.tsv import Rows, comments, read_rows

COLUMNS = (
    "database_id",
    "disease_name",
    "qualifier",
    "hpo_id",
    "reference",
    "evidence",
    "onset",
    "frequency",
    "sex",
    "modifier",
    "aspect",
    "biocuration",
)

#: What an aspect says of a disease; the builder checks that the term's branch agrees.
ASPECTS: dict[str, str] = {
    "P": "has_phenotype",
    "I": "has_mode_of_inheritance",
    "C": "has_attribute",
    "M": "has_attribute",
    "H": "has_attribute",
}
_QUALIFIERS = ("", "NOT")
_SEXES = {"": "", "MALE": "male", "FEMALE": "female"}
_DATE = re.compile(r"\[(\d{4}-\d{2}-\d{2})\]")
_MIX = np.uint64(0x9E3779B97F4A7C15)


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one annotation file; see `base.Loader`."""
    source = files[0]
    rejections = Rejections()
    rows = read_rows(source, COLUMNS, rejections)
    reader = _Reader(source, rows, rejections)
    keep = reader.check()
    statements = reader.statements(keep)
    return SourceData(
        version=_version(source) or manifest.version,
        files=files,
        entities=reader.entities(keep),
        statements=statements,
        rejections=rejections,
        tallies=(Tally("rows", rows.read, len(statements), 0, len(rejections)),),
    )


def _latest_date(biocuration: str) -> str:
    """Return when a row was last curated: ``HPO:skoehler[2009-02-17];…``; "" if nobody says."""
    return max(_DATE.findall(biocuration), default="")


def _version(source: SourceFile) -> str:
    for line in comments(source):
        key, _, value = line.partition(":")
        if key in ("version", "date"):
            return value.strip()
    return ""


class _Reader:
    """The rows of one file; every check works on the few distinct values of a column."""

    def __init__(self, source: SourceFile, rows: Rows, rejections: Rejections) -> None:
        self.source = source
        self.rows = rows
        self.rejections = rejections
        self.codes = {
            name: rows.table[name].chunk(0).indices.to_numpy() for name in rows.table.column_names
        }
        self.values: dict[str, list[str]] = {
            name: rows.table[name].chunk(0).dictionary.to_pylist()
            for name in rows.table.column_names
        }
        self.alive = np.ones(len(rows.lines), dtype=np.bool_)
        self.frequencies = [Frequency()] * len(self.values["frequency"])

    def check(self) -> NDArray[np.int64]:
        """Reject the rows that cannot be read and return the indices of the others."""
        self._check_ids("database_id")
        self._check_ids("hpo_id")
        self._check_known("aspect", "unknown_aspect", tuple(ASPECTS))
        self._check_known("qualifier", "unknown_qualifier", _QUALIFIERS)
        self._check_known("sex", "unknown_sex", tuple(_SEXES))
        self._check_frequencies()
        self._check_duplicates()
        return np.flatnonzero(self.alive)

    def statements(self, keep: NDArray[np.int64]) -> pa.Table:
        """Return the rows of `keep` as statements."""
        size = len(keep)
        chosen = pa.array(keep)
        text = {
            "reference": "reference",
            "code": "evidence",
            "frequency": "frequency",
            "onset": "onset",
            "modifier": "modifier",
        }
        columns: dict[str, object] = {
            name: self.rows.table[column].chunk(0).take(chosen) for name, column in text.items()
        }
        columns["subject"] = self._mapped("database_id", self.values["database_id"], keep)
        columns["object"] = self._mapped("hpo_id", self.values["hpo_id"], keep)
        aspects = [ASPECTS.get(aspect, "") for aspect in self.values["aspect"]]
        columns["predicate"] = self._mapped("aspect", aspects, keep)
        dates = [_latest_date(text) for text in self.values["biocuration"]]
        columns["date"] = self._mapped("biocuration", dates, keep)
        columns["sex"] = self._mapped("sex", [_SEXES.get(s, "") for s in self.values["sex"]], keep)
        columns["line"] = pa.array(self.rows.lines[keep])
        columns |= self._quantities(keep)
        return table(STATEMENTS, columns, size)

    def entities(self, keep: NDArray[np.int64]) -> pa.Table:
        """Return one disease for each id of `keep`; further names of an id become synonyms."""
        ids, names = self.codes["database_id"][keep], self.codes["disease_name"][keep]
        pairs, first = np.unique(
            ids.astype(np.int64) << 32 | names.astype(np.int64), return_index=True
        )
        pairs = pairs[np.argsort(first)]  # the first name in the file is the name
        named: dict[int, list[str]] = {}
        for one, other in zip((pairs >> 32).tolist(), (pairs & 0xFFFFFFFF).tolist(), strict=True):
            named.setdefault(one, []).append(self.values["disease_name"][other])
        return table(
            ENTITIES,
            {
                "id": [self.values["database_id"][one] for one in named],
                "name": [texts[0] for texts in named.values()],
                "category": ["Disease"] * len(named),
                "synonyms": [texts[1:] for texts in named.values()],
            },
            len(named),
        )

    # ---- checks, each over the distinct values of a column ---------------------------------

    def _reject(self, column: str, code: str, bad: dict[int, str]) -> None:
        """Reject the rows that hold one of the `bad` values (index of a value -> detail)."""
        if not bad:
            return
        hit = self.alive & np.isin(self.codes[column], list(bad))
        for at in np.flatnonzero(hit).tolist():
            self.rejections.add(self._place(at), code, bad[int(self.codes[column][at])])
        self.alive &= ~hit

    def _place(self, at: int) -> str:
        return f"{self.source.file}:{self.rows.lines[at]}"

    def _check_ids(self, column: str) -> None:
        bad = {}
        values = self.values[column]
        for at in np.flatnonzero(~plain_places(values)).tolist():
            try:
                values[at] = normalize_curie(values[at])
            except IdentifierError as error:
                bad[at] = f"{column}: {error}"
        self._reject(column, "bad_identifier", bad)

    def _check_known(self, column: str, code: str, known: tuple[str, ...]) -> None:
        bad = {
            at: f"{column} {text!r}; expected one of {', '.join(map(repr, known))}"
            for at, text in enumerate(self.values[column])
            if text not in known
        }
        self._reject(column, code, bad)

    def _check_frequencies(self) -> None:
        bad = {}
        for at, text in enumerate(self.values["frequency"]):
            try:
                self.frequencies[at] = parse_frequency(text)
            except ValueError as error:
                bad[at] = str(error)
        self._reject("frequency", "bad_frequency", bad)

    def _check_duplicates(self) -> None:
        """Reject rows that repeat an earlier one in every column."""
        columns = list(self.codes.values())
        keys = np.zeros(len(self.alive), dtype=np.uint64)
        for codes in columns:
            keys = (keys ^ codes.astype(np.uint64)) * _MIX
            keys ^= keys >> np.uint64(29)
        order = np.argsort(keys, kind="stable")
        for a, b in zip(
            order[:-1][same := keys[order[1:]] == keys[order[:-1]]].tolist(),
            order[1:][same].tolist(),
            strict=True,
        ):
            # Equal keys are only a hint: the columns decide.
            if self.alive[b] and all(codes[a] == codes[b] for codes in columns):
                self.alive[b] = False
                detail = f"repeats line {self.rows.lines[a]} in every column"
                self.rejections.add(self._place(b), "duplicate", detail)

    # ---- columns ---------------------------------------------------------------------------

    def _mapped(self, column: str, values: list[str], keep: NDArray[np.int64]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(
            pa.array(self.codes[column][keep]), pa.array(values, pa.string())
        )

    def _quantities(self, keep: NDArray[np.int64]) -> dict[str, object]:
        """Return whether a row denies, and what its frequency says in numbers."""
        codes = pa.array(self.codes["frequency"][keep])
        parts = self.frequencies
        zero = np.array([part.share_low == 0 for part in parts], dtype=np.bool_)
        denied = np.array([text == "NOT" for text in self.values["qualifier"]], dtype=np.bool_)
        negated = zero[self.codes["frequency"][keep]] | denied[self.codes["qualifier"][keep]]
        return {
            "negated": pa.array(negated),
            "share_low": pa.array([part.share_low for part in parts], pa.float32()).take(codes),
            "affected": pa.array([part.affected for part in parts], pa.int32()).take(codes),
            "examined": pa.array([part.examined for part in parts], pa.int32()).take(codes),
        }
