"""Names that one source gives to the entities of another: translations, and what patients say.

English names that patients use join ``lay`` and ``synonyms`` of their node. Names in other
languages stand in a table of their own, ``translations.parquet`` beside the nodes, so that no
question in English is asked with them and nobody has to read them who does not want them.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kgsynth.graph.columns import Int64, find
from kgsynth.graph.identity import Identity
from kgsynth.graph.nodes import Descriptions
from kgsynth.sources.base import Rejections, SourceData

FILE = "translations.parquet"
#: One row for each name, sorted by node, language, kind (labels first) and text.
SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # of the node
        pa.field("language", pa.string(), nullable=False),  # BCP 47: de, ja
        pa.field("name", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # label or synonym
        pa.field("status", pa.string()),  # as the source words it
        pa.field("source", pa.string(), nullable=False),
    ]
)
_LANGUAGE = "en"


def add_names(
    sources: Mapping[str, SourceData],
    identity: Identity,
    described: Descriptions,
    columns: dict[str, pa.Array],
    rejections: Rejections,
) -> pa.Table | None:
    """Put English names into the node columns and return those in other languages.

    Args:
        sources: What the sources say.
        identity: What each id stands for.
        described: The descriptions behind the nodes.
        columns: The node columns; ``lay`` and ``synonyms`` are replaced where names join them.
        rejections: Gets ``name_without_term`` for each name of an id that nobody describes, an
            obsolete one too: what it was called is no name of what replaced it.
    """
    parts = []
    for name, data in sources.items():
        if len(data.names):
            part, rows = _resolved(data, identity, described, rejections)
            parts.append(part.append_column("source", pa.array([name] * len(part))))
            parts[-1] = parts[-1].append_column("row", pa.array(rows))
    if not parts:
        return None
    every = pa.concat_tables(parts)
    english = pc.equal(every["language"], _LANGUAGE)
    _join(every.filter(english), columns)
    others = every.filter(pc.invert(english))
    return _table(others, columns["id"]) if len(others) else None


def _resolved(
    data: SourceData, identity: Identity, described: Descriptions, rejections: Rejections
) -> tuple[pa.Table, Int64]:
    """Return the names of described ids and the node row of each; reject the others."""
    codes = find(data.names["entity"], identity.ids)
    own = find(described.table["id"], identity.ids)
    good = np.isin(codes, own)
    rows = np.full(len(codes), -1, dtype=np.int64)
    rows[good] = np.searchsorted(described.codes, identity.target[codes[good]])
    for one in data.names.filter(pa.array(~good)).to_pylist():
        file = data.files[one["file"]].file
        detail = f"{one['entity']} ({one['text']!r}) is in none of the loaded sources, or obsolete"
        rejections.add(f"{file}:{one['line']}", "name_without_term", detail)
    return data.names.filter(pa.array(good)), rows[good]


def _join(names: pa.Table, columns: dict[str, pa.Array]) -> None:
    """Put lay names behind those that the nodes have."""
    if not len(names):
        return
    joined = {name: columns[name].to_pylist() for name in ("lay", "synonyms")}
    labels = columns["name"]
    for row, text, kind in zip(
        *(names[name].to_pylist() for name in ("row", "text", "kind")), strict=True
    ):
        for name in ("lay", "synonyms") if kind == "lay" else ("synonyms",):
            own = joined[name][row] = joined[name][row] or []
            if text not in own and (name == "lay" or text != labels[row].as_py()):
                own.append(text)
    for name, values in joined.items():
        columns[name] = pa.array(values, pa.list_(pa.string()))


def _table(names: pa.Table, ids: pa.Array) -> pa.Table:
    made = pa.table(
        {
            "id": ids.take(names["row"].combine_chunks()),
            "language": names["language"],
            "name": names["text"],
            "kind": names["kind"],
            "status": names["status"],
            "source": names["source"],
        }
    ).cast(SCHEMA)
    keys = [(name, "ascending") for name in ("id", "language", "kind", "name")]
    return made.sort_by(keys)


def read_translations(folder: Path, node: str) -> list[dict[str, str]]:
    """Return a node's names in other languages, as rows of `SCHEMA`; none where there are none.

    Args:
        folder: Of the graph.
        node: Its id.
    """
    file = folder / FILE
    if not file.is_file():
        return []
    found: list[dict[str, str]] = pq.read_table(file, filters=[("id", "==", node)]).to_pylist()
    return found
