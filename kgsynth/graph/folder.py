"""A graph folder from outside: its version, its manifest, its mapped tables."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from kgsynth.errors import GraphError

#: The version of the graph folder that this release reads and writes.
FORMAT = 2


def open_arrow(file: Path) -> pa.Table:
    """Map an Arrow file into memory; every column is one chunk."""
    table = pa.ipc.open_file(pa.memory_map(str(file))).read_all()
    return (
        table if all(column.num_chunks == 1 for column in table.columns) else table.combine_chunks()
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what ``manifest.json`` says.

    Raises:
        GraphError: If the folder is absent, half written or of another version.
    """
    file = folder / "manifest.json"
    if not file.exists():
        what = "is half written" if folder.exists() and any(folder.iterdir()) else "does not exist"
        raise GraphError(
            f"{folder}: the graph {what} (no manifest.json); "
            f"build it with `kgsynth build-graph --out {folder}`"
        )
    try:
        manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GraphError(f"{file}: not JSON ({error}); build the graph again") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise GraphError(
            f"{file}: graph format {found!r}, this kgsynth reads format {FORMAT}; "
            f"build it again with `kgsynth build-graph --out {folder}`"
        )
    return manifest
