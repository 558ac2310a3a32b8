"""A part of the graph as a networkx ``MultiDiGraph``, for the algorithms and plots of that library.

networkx keeps every edge as Python objects (a million of them take about a gigabyte), so it is a
view of a neighbourhood and no place to keep the whole graph.
"""

from collections.abc import Iterable
from typing import Any

from kgsynth.errors import MissingExtraError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.views.base import batches, part_of


def to_networkx(graph: KnowledgeGraph, ids: Iterable[str] | None = None, radius: int = 0) -> Any:
    """Return a networkx ``MultiDiGraph`` with all that is known of nodes and edges.

    Args:
        graph: The whole.
        ids: Ids of entities; None for every node of the graph.
        radius: How many edges away from them nodes are taken; 0: they alone, and the edges
            between them.

    Returns:
        Nodes are ids, keys of edges are edge ids. Attributes are those of the tables: ``name``,
        ``category``, ``synonyms`` …; ``predicate``, ``negated``, ``evidence`` (dictionaries) ….
        A denial is an edge with ``negated=True``. The graph's own attributes say which graph it
        was taken from.

    Raises:
        UnknownEntityError: If the graph has no such id.
        MissingExtraError: If networkx is not installed.

    Example:
        >>> from kgsynth.graph.example import example_graph
        >>> near = to_networkx(example_graph(), ["MONDO:0010526"], radius=1)
        >>> near.nodes["MONDO:0010526"]["name"]
        'Fabry disease'
        >>> sorted({data["predicate"] for _, _, data in near.in_edges("MONDO:0010526", data=True)})
        ['causes', 'gene_associated_with_condition']
    """
    try:
        import networkx
    except ImportError:
        raise MissingExtraError("networkx is not installed; `pip install networkx`") from None
    chosen = None if ids is None else list(ids)
    found: Any = networkx.MultiDiGraph(fingerprint=graph.fingerprint, folder=str(graph.folder))
    if chosen == []:
        return found
    part = part_of(graph, chosen or (), radius)
    for rows in batches(part.nodes()):
        found.add_nodes_from((row.pop("id"), row) for row in rows.to_pylist())
    for rows in batches(part.edges()):
        found.add_edges_from(
            (row.pop("subject"), row.pop("object"), row.pop("id"), row) for row in rows.to_pylist()
        )
    return found
