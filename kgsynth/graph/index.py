"""The engine's files beside the graph's tables: what makes a graph open in milliseconds.

``nodes.parquet`` and ``edges.parquet`` are what others read. The engine maps the same tables as
uncompressed Arrow files, the adjacency (`adjacency`), one byte of flags an edge, and the words of
all names (`lexicon`). Everything here is made from the two tables and may change.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from kgsynth.graph.adjacency import Csr, Int32, make_adjacency, make_csr
from kgsynth.graph.lexicon import write_lexicon

__all__ = [
    "CONTESTED",
    "FOLDER",
    "NEGATED",
    "REDUNDANT",
    "WEAK",
    "Csr",
    "make_csr",
    "write_edges",
    "write_index",
    "write_nodes",
    "write_words",
]

#: Bits of the array ``flags.npy``, one byte an edge row.
NEGATED, CONTESTED, REDUNDANT, WEAK = 1, 2, 4, 8

#: The folder of the engine's files inside a graph folder.
FOLDER = "index"


def write_index(folder: Path, nodes: pa.Table | None = None, edges: pa.Table | None = None) -> None:
    """Write the engine's files for the tables of a graph folder.

    Args:
        folder: Holds ``nodes.parquet`` and ``edges.parquet``, sorted as the contract says.
        nodes: What ``nodes.parquet`` holds, where the caller has it at hand.
        edges: What ``edges.parquet`` holds, where the caller has it at hand.
    """
    nodes = pq.read_table(folder / "nodes.parquet") if nodes is None else nodes
    edges = pq.read_table(folder / "edges.parquet") if edges is None else edges
    write_nodes(folder, nodes)
    write_words(folder, nodes)
    write_edges(folder, edges, nodes.column("id").combine_chunks())


def write_nodes(folder: Path, nodes: pa.Table) -> None:
    """Write what the engine maps of the node table."""
    _write_arrow(_target(folder) / "nodes.arrow", nodes)


def write_words(folder: Path, names: pa.Table) -> None:
    """Write the words of all names; `names` has the columns of `lexicon.COLUMNS` at least."""
    write_lexicon(_target(folder), names)


def write_edges(folder: Path, edges: pa.Table, ids: pa.Array) -> None:
    """Write what the engine maps of the edge table, and the adjacency.

    Args:
        folder: The graph folder.
        edges: What ``edges.parquet`` holds.
        ids: Ids of the nodes, in the order of their table.
    """
    target = _target(folder)
    _write_arrow(target / "edges.arrow", edges)
    np.save(target / "flags.npy", _flags(edges))
    predicates = edges.column("predicate").combine_chunks().dictionary_encode()
    names: list[str] = predicates.dictionary.to_pylist()
    place = np.argsort(np.argsort(np.array(names, dtype=object)))
    kinds = 2 * place[predicates.indices.to_numpy()] + edges.column("negated").to_numpy()
    subjects, objects = (_places(edges.column(end), ids) for end in ("subject", "object"))
    make_adjacency(subjects, objects, kinds, tuple(sorted(names)), len(ids)).save(target)


def _target(folder: Path) -> Path:
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    return target


def _places(column: pa.ChunkedArray, ids: pa.Array) -> Int32:
    found = pc.index_in(column.combine_chunks(), value_set=ids).fill_null(-1)
    places: Int32 = found.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return places


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
