"""Ontologies in OBO Graphs JSON; one file may hold several graphs, as a release with its imports.

The graphs are merged: a node that stands in two of them is described where it has a type, first
come first. Edges, logical definitions, cross-references and subsets become what they become from
an OBO file, by the same manifest (see `obo`). Properties are no entities; they give relations
their labels.

Source: OBO Graphs 0.3, https://github.com/geneontology/obographs
"""

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.errors import SourceError
from kgsynth.sources.base import (
    ENTITIES,
    FLAGS,
    MAPPINGS,
    SIGNALS,
    Manifest,
    Rejections,
    SourceData,
    SourceFile,
    Tally,
    table,
)
from kgsynth.sources.categories import categories
from kgsynth.sources.graph_nodes import Nodes, Record, texts
from kgsynth.sources.links import DEFINED, SUBCLASS, LinkReader, Links, joined
from kgsynth.sources.mappings import MATCHES, Mappings
from kgsynth.sources.relations import Relations
from kgsynth.sources.subsets import subset_marks

_PROPERTY_EDGES = ("subPropertyOf", "inverseOf")
_IS_A = frozenset({"is_a", "subClassOf", "http://www.w3.org/2000/01/rdf-schema#subClassOf"})


def load(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read one OBO Graphs file; see `base.Loader`. Lines are the numbers of records."""
    source = files[0]
    rejections = Rejections()
    graphs = _graphs(source)
    nodes = Nodes(source.file, graphs, rejections)
    settings = manifest.settings
    statements, parents, tallies = _statements(source, graphs, nodes, settings, rejections)
    mapped, mapping_tallies = _mappings(source, nodes, settings, rejections)
    flags, signals, marks = _marks(source, nodes, settings, rejections)
    ids = pa.array([one.curie for one in nodes.living], pa.string())
    kinds = categories(ids, parents, nodes.namespaces(), settings)
    return SourceData(
        version=_version(graphs) or manifest.version,
        files=files,
        entities=_entities(nodes.living, ids, kinds),
        statements=statements,
        mappings=mapped,
        flags=flags,
        signals=signals,
        replaced=nodes.replacements(),
        rejections=rejections,
        tallies=(nodes.tally(), *tallies, *mapping_tallies, *marks),
    )


def _graphs(source: SourceFile) -> list[dict[str, Any]]:
    """Return the graphs of a file; one that stands alone counts as one.

    Raises:
        SourceError: If the file is no JSON, or holds no graph.
    """
    try:
        found = json.loads(source.data)
    except (ValueError, RecursionError) as error:
        detail = str(error).partition(": line")[0]
        raise SourceError(
            f"{source.file}:{getattr(error, 'lineno', 1)}: no JSON ({detail}); expected OBO Graphs"
        ) from None
    if isinstance(found, dict) and "nodes" in found:
        found = {"graphs": [found]}
    graphs = found.get("graphs") if isinstance(found, dict) else None
    if not isinstance(graphs, list) or not any(
        isinstance(one, dict) and "nodes" in one for one in graphs
    ):
        raise SourceError(
            f"{source.file}: no OBO Graphs file; expected {{'graphs': [{{'nodes': …}}]}}"
        )
    return [one for one in graphs if isinstance(one, dict)]


def _version(graphs: list[dict[str, Any]]) -> str:
    """Return the date in the version of the first graph that states one."""
    for graph in graphs:
        meta = graph.get("meta")
        stated = meta.get("version") if isinstance(meta, dict) else ""
        parts = [part for part in str(stated or "").split("/") if part[:4].isdigit()]
        if parts:
            return parts[-1]
    return ""


def _entities(living: list[Record], ids: pa.Array, kinds: pa.Array) -> pa.Table:
    columns: dict[str, object] = {
        "id": ids,
        "name": pa.array([one.name for one in living], pa.string()),
        "category": kinds,
        "definition": pa.array([one.definition for one in living], pa.string()),
    }
    for name in ("synonyms", "lay", "related_synonyms", "alt_ids"):
        columns[name] = [getattr(one, name) for one in living]
    return table(ENTITIES, columns, len(living))


def _statements(
    source: SourceFile,
    graphs: list[dict[str, Any]],
    nodes: Nodes,
    settings: Mapping[str, object],
    rejections: Rejections,
) -> tuple[pa.Table, tuple[list[str], list[str]], list[Tally]]:
    own: Mapping[str, str] = settings.get("predicates", {})  # type: ignore[assignment]
    reader = LinkReader(source.file, Relations(own, nodes.labels), rejections)
    edges, edge_tally = reader.read(_edges(source, graphs, nodes, rejections))
    defined, defined_tally = reader.read(_definitions(source, graphs, rejections))
    part = edges.filter(pc.equal(edges["predicate"], SUBCLASS))
    parents = (part["subject"].to_pylist(), part["object"].to_pylist())
    return joined([edges, defined]), parents, [edge_tally, defined_tally]


def _edges(
    source: SourceFile, graphs: list[dict[str, Any]], nodes: Nodes, rejections: Rejections
) -> Links:
    links = Links("edges")
    number = 0
    for graph in graphs:
        for edge in _list(graph, "edges"):
            number += 1
            ends = [edge.get(name) if isinstance(edge, dict) else None for name in _EDGE]
            place = f"{source.file}:edge {number}"
            if not all(isinstance(end, str) and end for end in ends):
                _reject(links, rejections, place, "bad_link", f"no edge: {str(edge)[:80]}")
                continue
            subject, relation, target = (str(end) for end in ends)
            if relation in _PROPERTY_EDGES or subject in nodes.properties:
                detail = f"{subject} {relation} {target}: joins relations, no entities"
                _reject(links, rejections, place, "property_edge", detail)
                continue
            links.add(subject, SUBCLASS if relation in _IS_A else relation, target, number)
    return links


_EDGE = ("sub", "pred", "obj")


def _reject(links: Links, rejections: Rejections, place: str, code: str, detail: str) -> None:
    links.rejected += 1
    rejections.add(place, code, detail)


def _definitions(source: SourceFile, graphs: list[dict[str, Any]], rejections: Rejections) -> Links:
    """Return genus and differences of each logical definition; both hold of what it defines."""
    links = Links("parts of definitions", prefix=DEFINED)
    number = 0
    for graph in graphs:
        for axiom in _list(graph, "logicalDefinitionAxioms"):
            number += 1
            place = f"{source.file}:definition {number}"
            term = axiom.get("definedClassId") if isinstance(axiom, dict) else None
            if not isinstance(term, str):
                _reject(links, rejections, place, "bad_link", f"no definition: {str(axiom)[:80]}")
                continue
            for genus in _list(axiom, "genusIds"):
                links.add(term, SUBCLASS, str(genus), number)
            for part in _list(axiom, "restrictions"):
                relation, filler = _restriction(part)
                if relation and filler:
                    links.add(term, relation, filler, number)
                else:
                    detail = f"no restriction: {str(part)[:80]}"
                    _reject(links, rejections, place, "bad_link", detail)
    return links


def _restriction(part: object) -> tuple[str, str]:
    if not isinstance(part, dict):
        return "", ""
    return str(part.get("propertyId") or ""), str(part.get("fillerId") or "")


def _list(parent: Mapping[str, Any], name: str) -> list[Any]:
    found = parent.get(name)
    return found if isinstance(found, list) else []


def _mappings(
    source: SourceFile, nodes: Nodes, settings: Mapping[str, object], rejections: Rejections
) -> tuple[pa.Table, list[Tally]]:
    if "xrefs" not in settings:
        return MAPPINGS.empty_table(), []
    found = Mappings(source.file, settings["xrefs"], rejections)  # type: ignore[arg-type]
    matches: list[tuple[str, str, str | None, int]] = []
    xrefs: list[tuple[str, str, str | None, int]] = []
    for one in nodes.living:
        for name, value in one.properties:
            kind = MATCHES.get(name.rpartition("#")[2].rpartition(":")[2])
            if kind is not None:
                matches.append((one.curie, value, kind, one.number))
        for xref in texts(one.meta, "xrefs"):
            xrefs.append((one.curie, xref, None, one.number))
    for unit, rows, why in (("matches", matches, None), ("xrefs", xrefs, "oboInOwl:hasDbXref")):
        if rows:
            subjects, objects, kinds, numbers = (list(part) for part in zip(*rows, strict=True))
            found.add(unit, subjects, objects, kinds, numbers, why)
    return found.table(), found.tallies


def _marks(
    source: SourceFile, nodes: Nodes, settings: Mapping[str, object], rejections: Rejections
) -> tuple[pa.Table, pa.Table, list[Tally]]:
    if "subsets" not in settings:
        return FLAGS.empty_table(), SIGNALS.empty_table(), []
    marks = [
        (one.curie, str(name).rpartition("#")[2], one.number)
        for one in nodes.living
        for name in texts(one.meta, "subsets")
    ]
    own: Mapping[str, object] = settings["subsets"]  # type: ignore[assignment]
    made = subset_marks(marks, source.file, own, rejections)
    return made[0], made[1], [made[2]]
