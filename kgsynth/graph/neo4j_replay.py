"""Replaying questions in Neo4j: an engine that shares nothing with kgsynth's own must agree.

A row's Cypher may come from anywhere. So the server is told to refuse every change, and is asked
for its plan first: one that reads files or calls procedures is not run. None runs for ever.
"""

from collections.abc import Iterator
from typing import Any

from kgsynth.graph.neo4j import Database, StatementError
from kgsynth.graph.replay import Replay

#: More answers than any question has; beyond it nothing is fetched.
MOST_ANSWERS = 10_000

_COLUMN = "answer"
_FORBIDDEN = ("LoadCSV", "ProcedureCall")


def replay(
    database: Database, row_id: str, cypher: str, expected: tuple[str, ...], timeout_s: float = 30
) -> Replay:
    """Run one row's Cypher, read only, and set its answers beside the row's.

    Args:
        database: Where the row's graph is loaded.
        row_id: Its id, for messages.
        cypher: A query with one column ``answer`` of ids.
        expected: The row's answer ids.
        timeout_s: When the server gives up.

    Raises:
        DatabaseError: If the server is gone. A query that fails is a `Replay` with a problem.
    """
    wanted = tuple(sorted(set(expected)))
    try:
        return Replay(row_id, wanted, _answers(database, cypher, timeout_s))
    except StatementError as error:
        return Replay(row_id, wanted, (), str(error))


def _answers(database: Database, cypher: str, timeout_s: float) -> tuple[str, ...]:
    with database.transaction(read_only=True, timeout_s=timeout_s) as transaction:
        planned = transaction.run(f"EXPLAIN {cypher}").consume()
        _refuse_all_but_reading(planned.query_type or "", planned.plan)
        found = set()
        for record in transaction.run(cypher):
            found.add(_answer(record.data()))
            if len(found) > MOST_ANSWERS:
                raise StatementError(f"the query gives more than {MOST_ANSWERS:,} answers")
    return tuple(sorted(found))


def _refuse_all_but_reading(query_type: str, plan: Any) -> None:
    forbidden = [name for name in _operators(plan) if name.startswith(_FORBIDDEN)]
    if query_type != "r" or forbidden:
        raise StatementError(
            "the query does more than read the graph "
            f"({', '.join(forbidden) or f'type {query_type!r}'}), so it was not run"
        )


def _operators(plan: Any) -> Iterator[str]:
    if plan:
        yield str(plan["operatorType"])
        for child in plan.get("children", ()):
            yield from _operators(child)


def _answer(record: dict[str, Any]) -> str:
    if list(record) != [_COLUMN] or not isinstance(record[_COLUMN], str):
        raise StatementError(f"expected one column {_COLUMN!r} of ids, found {_shown(record)}")
    return str(record[_COLUMN])


def _shown(record: dict[str, Any]) -> str:
    return ", ".join(f"{name!r}: {type(value).__name__}" for name, value in record.items())
