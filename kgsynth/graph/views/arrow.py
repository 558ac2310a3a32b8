"""The graph as Arrow files: what is in it, column by column, without a loss.

``nodes.arrow`` and ``edges.arrow`` are Feather files (version 2); pandas, polars, DuckDB and R map
them into memory. They hold the same columns as ``nodes.parquet`` and ``edges.parquet``.
"""

from pathlib import Path

import pyarrow as pa

from kgsynth.graph.views.base import Part, Progress, Written, batches, new_file


def write(part: Part, out: Path, on_progress: Progress) -> Written:
    """Write the tables; see `base.Writer`."""
    written = Written()
    done = 0
    for name, table in (("nodes", part.nodes()), ("edges", part.edges())):
        file = out / f"{name}.arrow"
        with new_file(file) as handle, pa.ipc.new_file(handle, table.schema) as writer:
            for rows in batches(table):
                writer.write_table(rows)
                done += len(rows)
                on_progress(done)
        written.files.append(file)
        written.records[name] = table.num_rows
    return written
