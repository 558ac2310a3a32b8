"""Replaying questions in SPARQL: any RDF engine that holds the RDF view must agree.

The engine here is Oxigraph, in memory, with what questions ask for: categories, ids and plain
triples of all entities and positive statements, and the statement nodes of the contested ones.

A row's SPARQL may come from anywhere. So the store lives in a process of its own: a query that runs
for ever, or breaks the engine, costs its own row and a new process. What would reach out to other
servers is not run.
"""

import io
import multiprocessing
import re
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from kgsynth.errors import DatabaseError, KgsynthError
from kgsynth.graph.rdf import NAMESPACES, node_lines, put, statement_lines, triple_lines
from kgsynth.graph.rdf_text import Spelling
from kgsynth.graph.replay import Replay
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.sources.oxigraph import TripleStore

#: More answers than any question has; beyond it nothing is fetched.
MOST_ANSWERS = 10_000

_COLUMN = "answer"
_ROWS = 1 << 17
# SERVICE asks another server; an escape may hide the word.
_REACHES_OUT = re.compile(r"service|\\u", re.IGNORECASE)
_PATIENCE_S = 600.0
_STATEMENT = ["id", "subject", "predicate", "object", "negated", "contested"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A store that is ready.

    Attributes:
        triples: How many it holds.
        seconds: How long it took to fill.
        peak_mb: Peak memory of its process, in megabytes (10**6 bytes); 0 where not known.
    """

    triples: int
    seconds: float
    peak_mb: float


class RdfReplayer:
    """A process that holds one graph as triples and answers one question after the other."""

    def __init__(self, folder: Path) -> None:
        """Start the process.

        Args:
            folder: The graph folder.

        Raises:
            KgsynthError: If the graph cannot be opened.
        """
        self._folder = folder
        self.opened = self._start()

    def __enter__(self) -> "RdfReplayer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def replay(
        self, row_id: str, sparql: str, expected: tuple[str, ...], timeout_s: float = 30
    ) -> Replay:
        """Run one row's SPARQL and set its answers beside the row's.

        Args:
            row_id: Its id, for messages.
            sparql: A query with one column ``answer`` of ids.
            expected: The row's answer ids.
            timeout_s: When to give up.
        """
        wanted = tuple(sorted(set(expected)))
        problem, found = self._ask(sparql, timeout_s)
        return Replay(row_id, wanted, found, problem, engine="SPARQL")

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            self._pipe.close()
        self._process.join(1)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _start(self) -> Opened:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, str(self._folder)), daemon=True
        )
        self._process.start()
        theirs.close()
        answer = self._receive(_PATIENCE_S)
        if isinstance(answer, Opened):
            return answer
        self.close()
        raise DatabaseError(answer if isinstance(answer, str) else "the triple store did not open")

    def _ask(self, sparql: str, timeout_s: float) -> tuple[str, tuple[str, ...]]:
        if not sparql.strip():
            return "the row has no SPARQL", ()
        if _REACHES_OUT.search(sparql):
            return "the query may reach out to other servers (SERVICE), so it was not run", ()
        self._pipe.send(sparql)
        answer = self._receive(timeout_s)
        if isinstance(answer, tuple):
            return "", answer
        if isinstance(answer, str):
            return answer, ()
        alive = self._process.is_alive()
        self._process.kill()
        self.close()
        self.opened = self._start()
        return f"no answer within {timeout_s:g} s" if alive else "the query broke the engine", ()

    def _receive(self, timeout_s: float) -> object:
        """Return what the process says; None where it says nothing in time, or died."""
        with suppress(EOFError, OSError):
            if self._pipe.poll(timeout_s):
                return self._pipe.recv()
        self._process.join(0.2)
        return None


def load_store(graph: KnowledgeGraph) -> TripleStore:
    """Return a store with what questions ask for, in memory."""
    spelling = Spelling(NAMESPACES, None)
    store = TripleStore()
    nodes = graph.nodes().select(["id", "category"])
    for at in range(0, len(nodes), _ROWS):
        _load(store, node_lines(nodes.slice(at, _ROWS).combine_chunks(), spelling))
    edges = graph.edges().select(_STATEMENT)
    for at in range(0, len(edges), _ROWS):
        rows = edges.slice(at, _ROWS).combine_chunks()
        rows = rows.filter(pc.invert(rows["negated"]))
        _load(store, triple_lines(rows, spelling))
        _load(store, statement_lines(rows.filter(rows["contested"]), spelling))
    return store


def _load(store: TripleStore, lines: pa.Array) -> None:
    buffer = io.BytesIO()
    put(buffer, lines)
    store.load(buffer.getvalue())


def answers(store: TripleStore, sparql: str) -> tuple[str, ...]:
    """Return what a query with one column ``answer`` gives, sorted.

    Raises:
        DatabaseError: If it is no such query, or gives more than `MOST_ANSWERS`.
    """
    names, rows = store.select(sparql)
    if names != [_COLUMN]:
        raise DatabaseError(f"expected one column {_COLUMN!r} of ids, found {', '.join(names)}")
    found = set()
    for (value,) in rows:
        if value is None:
            raise DatabaseError(f"the column {_COLUMN!r} is not always bound")
        found.add(value)
        if len(found) > MOST_ANSWERS:
            raise DatabaseError(f"the query gives more than {MOST_ANSWERS:,} answers")
    return tuple(sorted(found))


def _serve(pipe: Connection, folder: str) -> None:
    """Answer queries until the other end closes; the whole life of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then closes
    started = time.perf_counter()
    try:
        store = load_store(KnowledgeGraph.load(folder))
    except KgsynthError as error:
        pipe.send(str(error))
        return
    pipe.send(Opened(len(store), time.perf_counter() - started, _peak_mb()))
    with suppress(EOFError, OSError):
        while True:
            sparql = pipe.recv()
            try:
                answer: object = answers(store, sparql)
            except DatabaseError as error:
                answer = str(error)
            pipe.send(answer)


def _peak_mb() -> float:
    try:
        import resource
    except ImportError:  # not on Windows
        return 0.0
    import sys

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
