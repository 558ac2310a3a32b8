"""The engine's arrays beside the graph's tables: integer adjacency, memory-mapped.

``nodes.parquet`` and ``edges.parquet`` are what others read. The engine reads the same tables as
uncompressed Arrow files and one CSR (compressed sparse row) adjacency per predicate and direction,
so that a graph opens in milliseconds whatever its size. An edge costs 16 bytes here: a neighbour
and an edge row (int32 each), in both directions.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

#: Bits of the array ``flags.npy``, one byte an edge row.
NEGATED, CONTESTED, REDUNDANT, WEAK = 1, 2, 4, 8

#: The folder of the engine's files inside a graph folder.
FOLDER = "index"

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


class Csr(NamedTuple):
    """One predicate in one direction.

    Attributes:
        indptr: shape (n_nodes + 1,), int64; node ``i`` owns ``indptr[i]:indptr[i + 1]``.
        indices: shape (n_edges,), int32; neighbours, ascending within a node.
        rows: shape (n_edges,), int32; the row of ``edges.parquet`` that says so.
    """

    indptr: Int64
    indices: Int32
    rows: Int32

    def of(self, node: int) -> Int32:
        """Return the neighbours of a node."""
        return self.indices[self.indptr[node] : self.indptr[node + 1]]

    def rows_of(self, node: int) -> Int32:
        """Return the edge rows of a node, in the order of `of`."""
        return self.rows[self.indptr[node] : self.indptr[node + 1]]


def make_csr(tails: Int32, heads: Int32, rows: Int32, n_nodes: int) -> Csr:
    """Return the adjacency of the edges ``tails[k] → heads[k]``, sorted by both ends."""
    order = np.lexsort((heads, tails))
    indptr = np.zeros(n_nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tails, minlength=n_nodes), out=indptr[1:])
    return Csr(indptr, heads[order].astype(np.int32), rows[order].astype(np.int32))


def csr_name(predicate: str, direction: str, negated: bool) -> str:
    """Return the stem of an adjacency's files: ``has_phenotype.forward``, ``-`` for denials."""
    return f"{predicate}{'-' if negated else ''}.{direction}"


def write_index(folder: Path, nodes: pa.Table | None = None, edges: pa.Table | None = None) -> None:
    """Write the engine's files for the tables of a graph folder.

    Args:
        folder: Holds ``nodes.parquet`` and ``edges.parquet``, sorted as the contract says.
        nodes: What ``nodes.parquet`` holds, where the caller has it at hand.
        edges: What ``edges.parquet`` holds, where the caller has it at hand.
    """
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    nodes = pq.read_table(folder / "nodes.parquet") if nodes is None else nodes
    edges = pq.read_table(folder / "edges.parquet") if edges is None else edges
    _write_arrow(target / "nodes.arrow", nodes)
    _write_arrow(target / "edges.arrow", edges)
    np.save(target / "flags.npy", _flags(edges))
    ids = nodes.column("id").combine_chunks()
    ends = {
        end: pc.index_in(edges.column(end).combine_chunks(), value_set=ids)
        .fill_null(-1)
        .to_numpy(zero_copy_only=False)
        .astype(np.int32)
        for end in ("subject", "object")
    }
    negated = edges.column("negated").to_numpy()
    predicates = edges.column("predicate").combine_chunks().dictionary_encode()
    codes = predicates.indices.to_numpy()
    for code, predicate in enumerate(predicates.dictionary.to_pylist()):
        for denied in (False, True):
            rows = np.flatnonzero((codes == code) & (negated == denied)).astype(np.int32)
            if len(rows):
                _write_predicate(target, predicate, denied, ends, rows, len(nodes))


def _write_predicate(
    target: Path, predicate: str, negated: bool, ends: dict[str, Int32], rows: Int32, n: int
) -> None:
    subjects, objects = ends["subject"][rows], ends["object"][rows]
    for direction, tails, heads in (("forward", subjects, objects), ("inverse", objects, subjects)):
        csr = make_csr(tails, heads, rows, n)
        stem = csr_name(predicate, direction, negated)
        for part, array in csr._asdict().items():
            np.save(target / f"{stem}.{part}.npy", array)


def _flags(edges: pa.Table) -> NDArray[np.uint8]:
    flags = np.zeros(len(edges), dtype=np.uint8)
    for name, bit in (
        ("negated", NEGATED),
        ("contested", CONTESTED),
        ("redundant", REDUNDANT),
        ("weak", WEAK),
    ):
        if name in edges.column_names:
            flags |= edges.column(name).to_numpy().astype(np.uint8) * np.uint8(bit)
    return flags


def _write_arrow(file: Path, table: pa.Table) -> None:
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
