"""One entity with everything that is recorded of it, for people to read."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from kgsynth.biolink import PREDICATES
from kgsynth.graph.merges import Merge, merges_of, read_merges
from kgsynth.graph.names import read_translations
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.records import Edge, Node

_WAYS: tuple[Direction, ...] = ("forward", "inverse")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement seen from one of its ends.

    Attributes:
        other: The id of the other end.
        name: Its name.
        edge: The statement itself.
    """

    other: str
    name: str
    edge: Edge


@dataclass(frozen=True, slots=True)
class Group:
    """Statements of one predicate and direction.

    Attributes:
        predicate: Its name; the inverse's where the entity is the object.
        negated: Whether they are denials.
        total: How many there are.
        statements: The first of them, the most specific other ends first.
    """

    predicate: str
    negated: bool
    total: int
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """An entity and its statements.

    Attributes:
        node: The entity.
        definition: As its source defines it, or "".
        lay: What a patient would call it.
        unfit: Why it is no answer; empty where it is fit.
        alt_ids: Its older ids.
        groups: Its statements.
        translations: Its names in other languages, each with its language: (de, Krampfanfall).
    """

    node: Node
    definition: str
    lay: tuple[str, ...]
    unfit: tuple[str, ...]
    alt_ids: tuple[str, ...]
    sources: tuple[str, ...]
    merges: tuple[Merge, ...]
    groups: tuple[Group, ...]
    translations: tuple[tuple[str, str], ...] = ()


def describe(graph: KnowledgeGraph, curie: str, most: int = 10) -> Description:
    """Return an entity with the first statements of each predicate and direction.

    Args:
        graph: The graph.
        curie: An id of the graph.
        most: How many statements of each group.

    Raises:
        UnknownEntityError: If the graph has no such id.
    """
    row = graph.index_of(curie)

    def texts(column: str) -> tuple[str, ...]:
        return tuple(graph.column(column)[row].as_py() or ())

    node = graph.node(curie)
    groups = [
        _group(graph, direction, kind, ends[kinds == kind], rows[kinds == kind], most)
        for direction in _WAYS
        for ends, rows, kinds in [graph.adjacency.around(row, direction)]
        for kind in np.unique(kinds).tolist()
    ]
    return Description(
        node=node,
        definition=graph.column("definition")[row].as_py() or "",
        lay=texts("lay"),
        unfit=texts("unfit"),
        alt_ids=texts("alt_ids"),
        sources=texts("sources"),
        merges=tuple(merges_of(read_merges(graph.folder), [curie, *node.equivalent_ids])),
        groups=tuple(sorted(groups, key=lambda group: (group.predicate, group.negated))),
        translations=tuple(
            (one["language"], one["name"]) for one in read_translations(graph.folder, curie)
        ),
    )


def _group(
    graph: KnowledgeGraph,
    direction: Direction,
    kind: int,
    ends: NDArray[np.int32],
    rows: NDArray[np.int32],
    most: int,
) -> Group:
    """Return one group; only the statements that are shown are read whole."""
    first = _first(graph, ends, most)
    statements = tuple(
        Statement(graph.id_of(end), graph.name_of(end), graph.edge_at(row))
        for end, row in zip(ends[first].tolist(), rows[first].tolist(), strict=True)
    )
    predicate = graph.predicates[kind // 2]
    known = PREDICATES.get(predicate)
    shown = known.inverse if known is not None and direction == "inverse" else predicate
    return Group(shown, bool(kind % 2), len(ends), statements)


def _first(graph: KnowledgeGraph, ends: NDArray[np.int32], most: int) -> NDArray[np.int64]:
    """Return the places of the most specific ends, those of one name by name."""
    take = pa.array(ends)
    content = pc.fill_null(graph.column("information_content").take(take), 0.0)
    table = pa.table({"content": content, "name": graph.column("name").take(take)})
    order = pc.sort_indices(table, [("content", "descending"), ("name", "ascending")])
    first: NDArray[np.int64] = order.slice(0, most).to_numpy().astype(np.int64)
    return first
