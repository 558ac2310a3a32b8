"""What joins what in a graph: categories and predicates, with the number of statements."""

import numpy as np

from kgsynth.biolink import PREDICATES
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import once_each

#: Statements by category of the subject, predicate and category of the object.
Schema = dict[tuple[str, str, str], int]


def schema_of(graph: KnowledgeGraph) -> Schema:
    """Return what a graph's positive statements join, in alphabetical order; counted once.

    Example:
        >>> from kgsynth.graph.example import example_graph
        >>> schema_of(example_graph())["Gene", "gene_associated_with_condition", "Disease"]
        2
    """
    return _count(graph)


def joins(graph: KnowledgeGraph, predicate: str, *, ends: tuple[str, str], inverse: bool) -> bool:
    """Say whether a predicate leads from one category to another; "" is any category.

    Args:
        graph: The graph.
        predicate: The predicate; a symmetric one leads both ways.
        ends: Where it leads from, and to.
        inverse: Whether it is walked from object to subject.
    """
    known = PREDICATES.get(predicate)
    ways = {ends[::-1] if inverse else ends}
    if known is not None and known.symmetric:
        ways = {ends, ends[::-1]}
    return any(
        name == predicate and any(a in (s, "") and b in (o, "") for a, b in ways)
        for s, name, o in schema_of(graph)
    )


@once_each
def _count(graph: KnowledgeGraph) -> Schema:
    kinds = graph.column("category").dictionary_encode()
    category, names = kinds.indices.to_numpy(), kinds.dictionary.to_pylist()
    near, n_names = graph.adjacency, len(names)
    n_kinds = 2 * len(graph.predicates)
    subject = np.repeat(category, np.diff(near.starts))
    cell = (subject.astype(np.int64) * n_kinds + near.kinds) * n_names + category[near.objects]
    counts = np.bincount(cell, minlength=n_names * n_kinds * n_names)
    found = {}
    for at in np.flatnonzero(counts).tolist():
        kind, object_ = at // n_names % n_kinds, at % n_names
        if kind % 2 == 0:
            key = names[at // n_names // n_kinds], graph.predicates[kind // 2], names[object_]
            found[key] = int(counts[at])
    return dict(sorted(found.items()))
