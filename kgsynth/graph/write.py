"""A graph becomes a folder: tables, what was rejected, the engine's arrays, and a manifest.

Everything is written into a folder beside the target and moved there when it is complete, so a
folder with a manifest is whole, and a good graph stays until a better one replaces it.
"""

import hashlib
import json
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kgsynth import __version__
from kgsynth.errors import GraphError
from kgsynth.graph.build import Graph
from kgsynth.graph.folder import FORMAT
from kgsynth.graph.index import FOLDER as INDEX
from kgsynth.graph.index import write_index
from kgsynth.graph.merges import FILE as MERGES
from kgsynth.graph.names import FILE as TRANSLATIONS

#: How much of a file is read at once.
_PART = 1 << 24


def write_graph(graph: Graph, out: Path) -> dict[str, Any]:
    """Write a graph folder and return its manifest.

    Args:
        graph: From `build`.
        out: The folder. A graph that lies there is replaced; any other content is not touched.

    Raises:
        GraphError: If `out` is a file or holds something else than a graph, or cannot be
            written (a full disk).
    """
    _check_target(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise GraphError(f"{out}: cannot be written: {error.strerror or error}") from None
    try:
        manifest = _write_all(graph, work)
        _replace(work, out)
    except OSError as error:
        raise GraphError(f"{out}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def _check_target(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        names = {file.name for file in out.iterdir()}
        ours = {"nodes.parquet", "edges.parquet", MERGES, TRANSLATIONS, "rejected.jsonl", "index"}
        if not names <= ours:
            raise GraphError(f"{out}: the folder holds something else than a graph; name another")
    elif out.exists() and not out.is_dir():
        raise GraphError(f"{out}: is a file; expected a folder")


def _write_all(graph: Graph, work: Path) -> dict[str, Any]:
    with ThreadPoolExecutor(2) as pool:
        parts = [
            pool.submit(_write_parquet, graph.edges, work / "edges.parquet"),
            pool.submit(write_index, work, graph.nodes, graph.edges),
            pool.submit(_write_parquet, graph.nodes, work / "nodes.parquet"),
        ]
        for part in parts:
            part.result()
    if graph.merges is not None:
        _write_parquet(graph.merges, work / MERGES)
    if graph.translations is not None:
        _write_parquet(graph.translations, work / TRANSLATIONS)
    with (work / "rejected.jsonl").open("w", encoding="utf-8") as file:
        for stage, rejections in graph.rejections.items():
            for place, code, detail in zip(
                rejections.places, rejections.codes, rejections.details, strict=True
            ):
                line = {"id": place, "stage": stage, "code": code, "detail": detail}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    manifest = make_manifest(graph, fingerprint(work))
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (work / "manifest.json").write_text(text, encoding="utf-8")
    return manifest


def _write_parquet(table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, compression="zstd", compression_level=1)


def make_manifest(graph: Graph, mark: str) -> dict[str, Any]:
    """Return what ``manifest.json`` says: nothing in it depends on the clock or the machine."""
    return {
        "format": FORMAT,
        "kgsynth": __version__,
        "fingerprint": mark,
        "sources": [
            {
                "name": name,
                "title": one.manifest.title,
                "version": one.version,
                "sha256": one.data.files[0].sha256
                if len(one.data.files) == 1
                else _joint_sha256([file.sha256 for file in one.data.files]),
                "license": one.manifest.license,
                "license_url": one.manifest.license_url,
                "citation": one.manifest.citation,
                "attribution": str(one.manifest.settings.get("attribution", "")),
                "url": one.manifest.url,
                "file": one.places[0] if one.places else "",
                "files": [
                    {"file": place, "sha256": file.sha256}
                    for place, file in zip(one.places, one.data.files, strict=True)
                ],
            }
            for name, one in graph.sources.items()
        ],
        "counts": graph.counts,
        "settings": graph.settings,
    }


def fingerprint(folder: Path) -> str:
    """Return ``sha256:…`` of the content of both tables.

    Taken of the engine's copies, because they are not compressed: the Parquet files of one graph
    may differ by the version of the library that packed them.
    """
    digest = hashlib.sha256()
    for name in ("nodes", "edges"):
        with (folder / INDEX / f"{name}.arrow").open("rb") as file:
            while part := file.read(_PART):  # an edge table may be larger than memory
                digest.update(part)
    return f"sha256:{digest.hexdigest()}"


def _joint_sha256(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _replace(work: Path, out: Path) -> None:
    """Put the finished folder in the place of the old one, which is removed last."""
    work.chmod(0o755)
    if not out.exists():
        work.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    try:
        out.rename(old / "graph")
        try:
            work.rename(out)
        except OSError:
            (old / "graph").rename(out)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
