"""What the sources say of ids that mean the same, or nearly so, as columns.

Exact mappings come from `SourceData.mappings`. Genes of two authorities that bear one symbol are
mapped as well, and drugs that bear one name: *lexical* mappings, which count only where no source
states a better one.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.graph.columns import Bool, Int64, find
from kgsynth.identifiers import prefix_of
from kgsynth.sources.base import SourceData

#: Categories in which one name is one entity, and what that name is called.
BY_NAME = {"Gene": "symbol", "Drug": "name"}

#: What the table of mappings says of a lexical one.
LEXICAL = "lexical"

_TEXT = pa.string()


@dataclass
class Stated:
    """Every mapping that a source states, and the lexical ones.

    Attributes:
        subject: shape (n,), int64; code of an id as stated.
        object: shape (n,), int64; likewise.
        exact: shape (n,); whether it says that the two are the same.
        different: shape (n,); whether it says that the two are not the same.
        lexical: shape (n,); whether it rests on equal symbols alone.
        predicate: ``exact``, ``close``, ``broad``, ``narrow``, ``related`` or ``different``.
        source: Name of the source; of all that name the gene where it is lexical.
        justification: As the source gives it, ``lexical``, or "".
        place: ``file:line``, or the symbol.
    """

    subject: Int64
    object: Int64
    exact: Bool
    different: Bool
    lexical: Bool
    predicate: pa.Array
    source: pa.Array
    justification: pa.Array
    place: pa.Array

    def __len__(self) -> int:
        return len(self.subject)


def stated(sources: Mapping[str, SourceData], ids: pa.Array) -> Stated:
    """Return the mappings of all sources, in the order of loading, lexical ones last."""
    tables = [_said(name, data) for name, data in sources.items() if len(data.mappings)]
    tables.append(_same_names(sources))
    table = pa.concat_tables(tables).combine_chunks()
    columns = {name: _whole(table[name]) for name in table.column_names}
    return Stated(
        subject=find(table["subject"], ids).astype(np.int64),
        object=find(table["object"], ids).astype(np.int64),
        exact=np.asarray(pc.equal(columns["predicate"], "exact")),
        different=np.asarray(pc.equal(columns["predicate"], "different")),
        lexical=np.asarray(pc.equal(columns["justification"], LEXICAL)),
        **{name: columns[name] for name in ("predicate", "source", "justification", "place")},
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], _TEXT)


def _said(name: str, data: SourceData) -> pa.Table:
    table, size = data.mappings, len(data.mappings)
    columns = {
        "subject": table["subject"].cast(_TEXT),
        "object": table["object"].cast(_TEXT),
        "predicate": pc.fill_null(table["predicate"].cast(_TEXT), "exact"),
        "source": pa.array([name], _TEXT).take(pa.array(np.zeros(size, np.int32))),
        "justification": pc.fill_null(table["justification"].cast(_TEXT), ""),
        "place": pc.binary_join_element_wise(_file(data), table["line"].cast(_TEXT), ":"),
    }
    return pa.table(columns)


def _file(data: SourceData) -> str | pa.ChunkedArray:
    """Return the file of every mapping, or of each one where they are of several."""
    files = [str(one.file) for one in data.files] or [""]
    given = data.mappings["file"]
    if given.null_count == len(given):
        return files[-1]
    return pa.array(files, _TEXT).take(pc.fill_null(given, len(files) - 1))


def _same_names(sources: Mapping[str, SourceData]) -> pa.Table:
    """Return entities of two authorities that bear the same name, of the categories `BY_NAME`."""
    named: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source, data in sources.items():
        for category, word in BY_NAME.items():
            mine = data.entities.filter(pc.equal(data.entities["category"], category))
            for curie, name in zip(mine["id"].to_pylist(), mine["name"].to_pylist(), strict=True):
                if name:  # sources differ in case: C9orf72, C9ORF72; Aspirin, aspirin
                    named[word, name.upper()][curie].append(source)
    rows = [
        (one, other, ", ".join(dict.fromkeys(curies[one] + curies[other])), f"{word} {name}")
        for (word, name), curies in sorted(named.items(), key=lambda item: item[0][::-1])
        if len(curies) > 1
        for one in curies
        for other in curies
        if prefix_of(one) < prefix_of(other)
    ]
    size = len(rows)
    columns = {
        "subject": [row[0] for row in rows],
        "object": [row[1] for row in rows],
        "predicate": ["exact"] * size,
        "source": [row[2] for row in rows],
        "justification": [LEXICAL] * size,
        "place": [row[3] for row in rows],
    }
    return pa.table({name: pa.array(column, _TEXT) for name, column in columns.items()})
