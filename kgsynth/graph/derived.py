"""What is worked out from a graph and would be again by the next process: kept in the cache.

A graph folder holds what its sources say; tables for mining and for reading text follow from that
and from code. They are made by the first command that needs them and lie in the user's cache under
the graph's fingerprint and a hash of the code, so that neither an old graph nor old code is ever
answered with them. Where nothing can be written they are made each time.
"""

import functools
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.resources import cache_home

Arrays = dict[str, NDArray[np.generic]]

#: Graphs whose tables are kept; those used longest ago go first.
KEPT_GRAPHS = 8


def derived(
    graph: KnowledgeGraph, name: str, code: tuple[Path, ...], make: Callable[[], Arrays]
) -> Arrays:
    """Return arrays that follow from a graph, from the cache where they lie there.

    Args:
        graph: The graph.
        name: What the arrays are; settings that change them stand in it.
        code: The source files that make them.
        make: Makes them; the names of arrays are names of files.

    Returns:
        The arrays, writable and owned by the caller.
    """
    folder = _folder(graph) / f"{name}-{code_hash(code)}"
    try:
        files = sorted(folder.glob("*.npy"))
        if files:
            os.utime(folder.parent)
            # Only what is looked at is read; what is written stays in memory.
            return {file.stem: np.asarray(np.load(file, mmap_mode="c")) for file in files}
    except (OSError, ValueError, EOFError):
        shutil.rmtree(folder, ignore_errors=True)
    arrays: Arrays = {
        name: np.require(array, requirements=["C", "W", "O"]) for name, array in make().items()
    }
    _keep(folder, arrays)
    return arrays


@functools.cache
def code_hash(code: tuple[Path, ...]) -> str:
    """Return twelve hex digits of SHA-256 over source files."""
    texts = [file.read_bytes() for file in code]
    return hashlib.sha256(b"".join(texts)).hexdigest()[:12]


def _folder(graph: KnowledgeGraph) -> Path:
    """Return the folder of a graph's tables; another state of its files has another one."""
    states = [(graph.folder / f"{name}.parquet").stat() for name in ("nodes", "edges")]
    parts = [graph.fingerprint, *(f"{state.st_size}.{state.st_mtime_ns}" for state in states)]
    return cache_home() / "graphs" / hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def _keep(folder: Path, arrays: Arrays) -> None:
    """Write arrays so that all appear at once, or none.

    What older code made of the same, and the graphs used longest ago, are dropped.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".new-"))
        try:
            for name, array in arrays.items():
                np.save(unfinished / f"{name}.npy", array)
            unfinished.rename(folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        name = folder.name.rpartition("-")[0]
        for other in folder.parent.iterdir():
            if other != folder and other.name.rpartition("-")[0] == name:
                shutil.rmtree(other, ignore_errors=True)
        known = sorted(folder.parent.parent.iterdir(), key=lambda one: one.stat().st_mtime)
        for old in known[:-KEPT_GRAPHS]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:  # no place, no permission, or another process was faster
        return
