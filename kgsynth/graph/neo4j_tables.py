"""The graph as Neo4j takes it: batches of columns, and the Cypher that turns them into entities.

A batch is a statement and one list for each property: Bolt carries a hundred thousand short lists
of one type far faster than as many maps. The order of batches is fixed by the graph alone, so a
load that was stopped goes on by counting.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.biolink import PREDICATES, Predicate

#: Rows in one transaction; measured: 20,000 is half as fast, 1,000 no faster.
BATCH_SIZE = 5_000

#: Every entity has this label beside its category; its ``id`` is unique.
ENTITY = "Entity"

_NODE_COLUMNS = (
    "id",
    "name",
    "category",
    "synonyms",
    "equivalent_ids",
    "is_group",
    "rarity_score",
    "information_content",
    "phrase",
    "definition",
)
_EDGE_COLUMNS = ("id", "contested", "redundant", "frequency", "onset", "sex")


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction's worth of entities or relationships.

    Attributes:
        statement: Cypher with one parameter for each column.
        columns: Lists of equal length, by property.
    """

    statement: str
    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.columns["id"])


def relationship_type(name: str, negated: bool) -> str:
    """Return the relationship type of a statement: a denial has a type of its own.

    Example:
        >>> relationship_type("has_phenotype", True)
        'LACKS_PHENOTYPE'
    """
    known = PREDICATES.get(name, Predicate(name, name))  # a user's source may have its own
    return known.denied_relationship if negated else known.relationship


def count_labels(nodes: pa.Table) -> dict[str, int]:
    """Return how many entities of each category a node table holds."""
    return dict(sorted(Counter(nodes.column("category").to_pylist()).items()))


def count_types(edges: pa.Table) -> dict[str, int]:
    """Return how many statements an edge table holds by the relationship type they become."""
    counts = Counter(_kinds(edges))
    return dict(sorted((relationship_type(*kind), n) for kind, n in counts.items()))


def batches(nodes: pa.Table, edges: pa.Table, size: int = BATCH_SIZE) -> Iterator[Batch]:
    """Yield every batch of a graph: all entities, then all relationships.

    Args:
        nodes: The node table of a graph folder.
        edges: Its edge table.
        size: Rows in a batch, at least 1.
    """
    for category in count_labels(nodes):
        chosen = nodes.filter(pc.equal(nodes.column("category"), category))
        for start in range(0, chosen.num_rows, size):
            yield _node_batch(chosen.slice(start, size), category)
    for name, negated in sorted(set(_kinds(edges))):
        mask = pc.and_(
            pc.equal(edges.column("predicate"), name), pc.equal(edges.column("negated"), negated)
        )
        chosen = edges.filter(mask)
        for start in range(0, chosen.num_rows, size):
            yield _edge_batch(chosen.slice(start, size), name, negated)


def count_batches(nodes: pa.Table, edges: pa.Table, size: int = BATCH_SIZE) -> int:
    """Return how many batches `batches` yields."""
    counts = (*count_labels(nodes).values(), *count_types(edges).values())
    return sum(-(-count // size) for count in counts)


def _kinds(edges: pa.Table) -> Iterator[tuple[str, bool]]:
    names, negated = edges.column("predicate"), edges.column("negated")
    return zip(names.to_pylist(), negated.to_pylist(), strict=True)


def _node_batch(rows: pa.Table, category: str) -> Batch:
    columns = {name: rows.column(name).to_pylist() for name in _present(rows, _NODE_COLUMNS)}
    label = category.replace("`", "``")
    statement = (
        "UNWIND range(0, size($id) - 1) AS i "
        f"CREATE (:{ENTITY}:`{label}` {{{_assignments(columns)}}})"
    )
    return Batch(statement, columns)


def _edge_batch(rows: pa.Table, name: str, negated: bool) -> Batch:
    columns = {name: rows.column(name).to_pylist() for name in _present(rows, _EDGE_COLUMNS)}
    columns["sources"] = _evidence(rows, "source")
    columns["references"] = _evidence(rows, "reference")
    columns["dates"] = _evidence(rows, "date")
    kind = relationship_type(name, negated).replace("`", "``")
    text = name.replace("\\", r"\\").replace("'", r"\'")
    statement = (
        "UNWIND range(0, size($id) - 1) AS i "
        f"MATCH (s:{ENTITY} {{id: $subject[i]}}) MATCH (o:{ENTITY} {{id: $object[i]}}) "
        f"CREATE (s)-[:`{kind}` {{predicate: '{text}', {_assignments(columns)}}}]->(o)"
    )
    ends = {end: rows.column(end).to_pylist() for end in ("subject", "object")}
    return Batch(statement, columns | ends)


def _present(rows: pa.Table, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in rows.schema.names)


def _assignments(columns: dict[str, list[Any]]) -> str:
    return ", ".join(f"`{name}`: ${name}[i]" for name in columns)


def _evidence(rows: pa.Table, field: str) -> list[list[str]]:
    """Return one field of each statement's evidence, sorted, each word once."""
    evidence = rows.column("evidence").combine_chunks()
    values = evidence.flatten().field(field).to_pylist()
    lengths = pc.list_value_length(evidence).to_pylist()
    words, at = [], 0
    for length in lengths:
        words.append(sorted({word for word in values[at : at + length] if word}))
        at += length
    return words
