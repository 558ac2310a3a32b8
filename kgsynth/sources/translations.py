"""Translations of an ontology: babelon tables, and HPO's French list of synonyms.

A babelon table names its columns freely, in any order; needed are the term, the translation and
its status. A row of ROBOT's template (``ID``, ``AL oboInOwl:hasExactSynonym@fr``) below the names
says the language where no column does, else the role of the file does. Only translations whose
status the manifest lists are names; candidates and what is not translated are counted.

Source: https://github.com/monarch-initiative/babelon
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from kgsynth.errors import SourceError
from kgsynth.sources.base import Manifest, Rejections, SourceData, SourceFile, Tally
from kgsynth.sources.names import Names, Place
from kgsynth.sources.tsv import read_rows

#: Column -> the names it goes by.
_COLUMNS = {
    "term": ("subject_id",),
    "text": ("translation_value",),
    "status": ("translation_status", "Status", "status"),
    "language": ("translation_language",),
    "property": ("predicate_id",),
    "comment": ("comment",),
}
_NEEDED = ("term", "text", "status")
_TEMPLATE = re.compile(r"AL? (?P<property>\S+?)@(?P<language>[A-Za-z-]+)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
_STATUSES = ("OFFICIAL", "ACCEPTED")
_UNTRANSLATED = ("NOT_TRANSLATED", "")
_NONE = ("", "NA")
_SEVERAL = "|"


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one table for each language; see `base.Loader`."""
    rejections = Rejections()
    names = Names(rejections)
    listed: Sequence[str] = manifest.settings.get("statuses", _STATUSES)  # type: ignore[assignment]
    statuses = frozenset(listed)
    tallies: list[Tally] = []
    for number, source in enumerate(files):
        read, language = _read(source, number, statuses, names)
        tallies.append(names.tally(f"rows {language}", read))
    return SourceData(
        version=manifest.version,
        files=files,
        names=names.table(),
        rejections=rejections,
        tallies=tuple(tallies),
    )


@dataclass
class _Table:
    """The columns that matter of one file, "" in those that it lacks."""

    columns: Mapping[str, list[str]]
    lines: list[int]
    read: int


def _read(
    source: SourceFile, number: int, statuses: frozenset[str], names: Names
) -> tuple[int, str]:
    """Add the names of one file; return how many rows it has and in what language they are."""
    table = _table(source, names.rejections)
    start, language, kind = _template(table, source)
    for at in range(start, len(table.lines)):
        row = {name: values[at] for name, values in table.columns.items()}
        spoken = (row["language"] or language).strip()
        place = Place(source.file, number, table.lines[at])
        texts = [one.strip() for one in row["text"].split(_SEVERAL)]
        texts = [one for one in dict.fromkeys(texts) if one not in _NONE]
        status = row["status"].strip()
        if status in _UNTRANSLATED or not texts:
            names.reject(place, "not_translated", f"{row['term']} has no name in {spoken}")
        elif status not in statuses:
            names.reject(place, "not_official", f"{row['term']}: {texts[0]!r} is {status}")
        elif _LANGUAGE.fullmatch(spoken) is None:
            names.reject(place, "no_language", f"{row['term']}: not a language: {spoken!r}")
        else:
            language = language or spoken
            names.add(row["term"], spoken, texts, _kind(row, kind), status, place)
    return table.read - start, language


def _table(source: SourceFile, rejections: Rejections) -> _Table:
    head = source.data.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r")
    given = head.decode().split("\t")
    found = {
        name: next((one for one in others if one in given), "") for name, others in _COLUMNS.items()
    }
    missing = [_COLUMNS[name][0] for name in _NEEDED if not found[name]]
    if missing or len(set(given)) != len(given):
        problem = f"no column {missing[0]!r}" if missing else "two columns of one name"
        raise SourceError(
            f"{source.file}:1: {problem}; expected a babelon table with the columns "
            f"{', '.join(_COLUMNS[name][0] for name in _NEEDED)}"
        )
    rows = read_rows(source, given, rejections)
    blank = [""] * len(rows.lines)
    columns = {
        name: _texts(rows.table[column].chunk(0)) if column else blank
        for name, column in found.items()
    }
    return _Table(columns, rows.lines.tolist(), rows.read)


def _texts(column: pa.DictionaryArray) -> list[str]:
    words: list[str] = column.dictionary.to_pylist()
    return [words[code] for code in column.indices.to_pylist()]


def _template(table: _Table, source: SourceFile) -> tuple[int, str, str]:
    """Return how many rows say no translation but how to read them, the language, the kind."""
    first = {name: values[0] for name, values in table.columns.items()} if table.lines else {}
    match = _TEMPLATE.fullmatch(first.get("text", ""))
    if match is None:
        return 0, source.role if _LANGUAGE.fullmatch(source.role) else "", "label"
    is_label = match["property"].endswith("label")
    return 1, match["language"], "label" if is_label else "synonym"


def _kind(row: Mapping[str, str], kind: str) -> str:
    if row["property"]:
        return "label" if row["property"].endswith("label") else "synonym"
    return "label" if row["comment"].startswith("label of") else kind
