"""One entity with everything that is recorded of it, for people to read."""

from dataclasses import dataclass

from kgsynth.biolink import PREDICATES
from kgsynth.graph.merges import Merge, merges_of, read_merges
from kgsynth.graph.names import read_translations
from kgsynth.graph.store import Direction, KnowledgeGraph
from kgsynth.records import Edge, Node


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

    ways: list[tuple[Direction, bool]] = [
        ("forward", False),
        ("forward", True),
        ("inverse", False),
        ("inverse", True),
    ]
    node = graph.node(curie)
    groups = (
        _group(graph, curie, predicate, direction, negated, most)
        for predicate in graph.predicates
        for direction, negated in ways
    )
    return Description(
        node=node,
        definition=graph.column("definition")[row].as_py() or "",
        lay=texts("lay"),
        unfit=texts("unfit"),
        alt_ids=texts("alt_ids"),
        sources=texts("sources"),
        merges=tuple(merges_of(read_merges(graph.folder), [curie, *node.equivalent_ids])),
        groups=tuple(group for group in groups if group.total),
        translations=tuple(
            (one["language"], one["name"]) for one in read_translations(graph.folder, curie)
        ),
    )


def _group(
    graph: KnowledgeGraph,
    curie: str,
    predicate: str,
    direction: Direction,
    negated: bool,
    most: int,
) -> Group:
    """Return one group; only the statements that are shown are read whole."""
    csr = graph.csr(predicate, direction, negated=negated)
    row = graph.index_of(curie)
    contents = graph.column("information_content")
    ends = [
        (-(contents[int(end)].as_py() or 0.0), graph.name_of(int(end)), int(end), int(edge))
        for end, edge in zip(csr.of(row), csr.rows_of(row), strict=True)
    ]
    statements = tuple(
        Statement(graph.id_of(end), name, graph.edge_at(edge))
        for _, name, end, edge in sorted(ends)[:most]
    )
    known = PREDICATES.get(predicate)
    shown = known.inverse if known is not None and direction == "inverse" else predicate
    return Group(shown, negated, len(ends), statements)
