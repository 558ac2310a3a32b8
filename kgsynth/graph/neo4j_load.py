"""Loading the graph into Neo4j, so that it can be looked at and every question replayed there.

A load is a row of transactions, each of which also counts itself on the one node
``(:KgsynthGraph)``: a load that was stopped anywhere goes on where it was, and nothing is written
twice. Entities carry the label ``Entity`` and their category, statements the type of their
predicate, denials a type of their own. Nodes that kgsynth did not write are never touched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kgsynth import __version__
from kgsynth.errors import DatabaseError
from kgsynth.graph.neo4j import Database
from kgsynth.graph.neo4j_tables import (
    ENTITY,
    Batch,
    batches,
    count_batches,
    count_labels,
    count_types,
)
from kgsynth.graph.store import KnowledgeGraph

#: Called with the number of rows done, and what they are.
OnProgress = Callable[[int, str], None]

_DELETE_BATCH = 5_000
_SCHEMA = (
    f"CREATE CONSTRAINT kgsynth_entity_id IF NOT EXISTS FOR (n:{ENTITY}) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT kgsynth_graph IF NOT EXISTS FOR (g:KgsynthGraph) REQUIRE g.name IS UNIQUE",
)
# Made after the load: kept up to date during it, it took most of the time.
_NAMES_INDEX = (
    "CREATE FULLTEXT INDEX kgsynth_names IF NOT EXISTS "
    f"FOR (n:{ENTITY}) ON EACH [n.name, n.synonyms]"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is in the database after a load.

    Attributes:
        fingerprint: Of the graph.
        nodes: Entities by category, counted in the database.
        relationships: Statements by type, counted in the database.
        written: Rows written by this load; 0 where all was there already.
    """

    fingerprint: str
    nodes: dict[str, int]
    relationships: dict[str, int]
    written: int


def loaded_fingerprint(database: Database) -> str:
    """Return the fingerprint of the graph that is completely loaded, or "" if none is."""
    state = _state(database)
    return str(state["fingerprint"]) if state.get("state") == "complete" else ""


def load(
    database: Database,
    graph: KnowledgeGraph,
    *,
    wipe: bool = False,
    on_progress: OnProgress | None = None,
) -> Loaded:
    """Write a graph into a database, or finish writing it.

    Args:
        database: Where to.
        graph: What to write.
        wipe: Remove what kgsynth loaded before; nothing else is ever removed.
        on_progress: Called after each batch.

    Returns:
        What the database holds, counted there.

    Raises:
        DatabaseError: If the database holds another graph, the server breaks off, or the counts
            differ in the end.
    """
    _prepare(database, graph.fingerprint, wipe)
    nodes, edges = graph.nodes(), graph.edges()
    written = _write(database, graph, on_progress)
    loaded = Loaded(
        fingerprint=graph.fingerprint,
        nodes=_counted(database, count_labels(nodes), f"MATCH (n:{ENTITY}:`{{}}`) RETURN count(n)"),
        relationships=_counted(
            database, count_types(edges), f"MATCH (:{ENTITY})-[r:`{{}}`]->() RETURN count(r)"
        ),
        written=written,
    )
    database.rows(_NAMES_INDEX)
    database.rows("CALL db.awaitIndexes(300)")
    database.rows("MATCH (g:KgsynthGraph) SET g.state = 'complete'")
    return loaded


def _state(database: Database) -> dict[str, Any]:
    found = database.rows("MATCH (g:KgsynthGraph) RETURN properties(g) AS state")
    return dict(found[0]["state"]) if found else {}


def _prepare(database: Database, fingerprint: str, wipe: bool) -> None:
    """Make the database ready for the first, or the next, batch of this graph."""
    state = _state(database)
    if state and wipe:
        _wipe(database)
    elif state and (state["fingerprint"] != fingerprint or state["state"] == "wiping"):
        raise DatabaseError(
            f"{database.login.place} holds the graph {state['fingerprint'][:19]} "
            f"({state['state']}), not {fingerprint[:19]}; repeat with --wipe to replace it"
        )
    elif state:
        return
    if database.rows(f"MATCH (n:{ENTITY}) RETURN 1 LIMIT 1"):
        raise DatabaseError(
            f"{database.login.place} holds nodes with the label {ENTITY!r} that kgsynth did not "
            "write; name another database with --database, or remove them yourself"
        )
    for statement in _SCHEMA:
        database.rows(statement)
    database.rows(
        "CREATE (:KgsynthGraph {name: 'kgsynth', fingerprint: $fingerprint, state: 'loading', "
        "batches: 0, kgsynth: $version})",
        fingerprint=fingerprint,
        version=__version__,
    )


def _wipe(database: Database) -> None:
    database.rows("MATCH (g:KgsynthGraph) SET g.state = 'wiping'")
    database.rows("DROP INDEX kgsynth_names IF EXISTS")
    some = f"MATCH (n:{ENTITY}) WITH n LIMIT {_DELETE_BATCH} DETACH DELETE n RETURN count(*) AS n"
    while database.rows(some)[0]["n"]:
        pass
    database.rows("MATCH (g:KgsynthGraph) DELETE g")


def _write(database: Database, graph: KnowledgeGraph, on_progress: OnProgress | None) -> int:
    nodes, edges = graph.nodes(), graph.edges()
    done = int(_state(database)["batches"])
    if done == count_batches(nodes, edges):
        return 0
    seen = written = 0
    for number, batch in enumerate(batches(nodes, edges)):
        seen += len(batch)
        if number >= done:
            _write_batch(database, batch, number, graph.fingerprint)
            written += len(batch)
        if on_progress:
            on_progress(seen, "entities" if seen <= nodes.num_rows else "relationships")
    return written


def _write_batch(database: Database, batch: Batch, number: int, fingerprint: str) -> None:
    """Write one batch and count it: both or neither."""
    with database.transaction() as transaction:
        # Setting takes the node's lock before counting, so two loads at once cannot count alike.
        counted = transaction.run(
            "MATCH (g:KgsynthGraph {fingerprint: $fingerprint}) "
            "SET g.batches = g.batches + 1 RETURN g.batches AS n",
            fingerprint=fingerprint,
        ).value("n")
        if counted != [number + 1]:
            raise DatabaseError(
                f"another load is writing to {database.login.place}; wait for it, then repeat "
                "the command"
            )
        transaction.run(batch.statement, batch.columns).consume()


def _counted(database: Database, expected: dict[str, int], count: str) -> dict[str, int]:
    found = {}
    for name, number in expected.items():
        found[name] = int(database.rows(f"{count.format(name)} AS n")[0]["n"])
        if found[name] != number:
            raise DatabaseError(
                f"{database.login.place} holds {found[name]:,} {name}, the graph {number:,}: "
                "something else has written there; repeat with --wipe to load the graph again"
            )
    return found
