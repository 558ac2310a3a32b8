"""Knowledge graphs in the Knowledge Graph Exchange format: what others have built, taken over.

The format says what a node and an edge are called, and leaves open what they mean; the manifest
settles that: former names of columns, which predicates are mappings between ids, which category
an id is of where a file has no nodes. Each edge record is one evidence; who said it first
(``primary_knowledge_source``) stands in the evidence, not who passed it on.

Source: https://github.com/biolink/kgx/blob/master/specification/kgx-format.md
"""

from collections.abc import Mapping
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.errors import SourceError
from kgsynth.sources.base import MAPPINGS, Manifest, Rejections, SourceData, SourceFile, Tally
from kgsynth.sources.curie_columns import spell
from kgsynth.sources.kgx_edges import Edges
from kgsynth.sources.kgx_nodes import Nodes, made_nodes
from kgsynth.sources.kgx_read import Records, read_records


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read the nodes and edges of one graph, in one file or several; see `base.Loader`."""
    settings = cast("Mapping[str, Any]", manifest.settings)
    rejections = Rejections()
    found: dict[str, list[Records]] = {"nodes": [], "edges": []}
    for records in read_records(files, settings.get("columns", {}), rejections):
        found[records.kind].append(records)
    if not any(found.values()):
        raise SourceError(f"{files[0].file}: no record of a node or an edge")
    version = manifest.version or f"sha256-{files[0].sha256[:12]}"
    places = [str(one.file) for one in files]
    # Each takes over its blocks: of a large graph there is no room for them twice.
    nodes = Nodes(found.pop("nodes"), settings, places)
    edges = Edges(found.pop("edges"), settings, places)
    words = _words(nodes.ids, edges.words("subject"), edges.words("object"))
    ids, wrong = spell(words)
    entities = nodes.read_entities(words, ids, wrong, rejections)
    made = made_nodes(edges.used(words), ids, settings) if not nodes.read else None
    kinds = entities if made is None else made
    said = edges.read_statements(words, ids, wrong, kinds, rejections)
    statements, credits = edges.credited(said, version, manifest.license)
    tallies = [nodes.tally, edges.tally] if nodes.read else [edges.tally]
    if made is not None:
        tallies.append(Tally("nodes made of ids", len(made), len(made)))
    return SourceData(
        version=version,
        files=files,
        entities=kinds,
        statements=statements,
        mappings=_mappings(nodes.mappings, edges.mappings),
        flags=nodes.flags,
        rejections=rejections,
        tallies=tuple(one for one in tallies if one.read),
        credits=credits,
    )


def _words(*columns: pa.Array) -> pa.Array:
    """Return every id that occurs, once."""
    words = pc.unique(pa.concat_arrays([column.cast(pa.string()) for column in columns]))
    return words.filter(pc.not_equal(words, ""))


def _mappings(*tables: pa.Table) -> pa.Table:
    filled = [one for one in tables if len(one)]
    return pa.concat_tables(filled) if filled else MAPPINGS.empty_table()
