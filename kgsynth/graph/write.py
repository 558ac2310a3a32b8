"""A graph becomes a folder: tables, what was rejected, the engine's arrays, and a manifest.

Everything is written into a folder beside the target and moved there when it is complete, so a
folder with a manifest is whole, and a good graph stays until a better one replaces it.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from kgsynth import __version__
from kgsynth.errors import GraphError
from kgsynth.graph.build import Graph
from kgsynth.graph.folder import FORMAT
from kgsynth.graph.index import FOLDER as INDEX
from kgsynth.graph.index import write_edges, write_nodes, write_words
from kgsynth.graph.load import Loaded
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
    with Writer(out) as writer:
        return writer.finish(graph)


class Writer:
    """Writes a graph folder, parts of it while the rest is still being made.

    A context: what was written goes away again unless `finish` came to its end.

    Example:
        with Writer(out) as writer:
            manifest = writer.finish(build(sources, on_part=writer.begin))
    """

    def __init__(self, out: Path) -> None:
        """Take the target; nothing is touched yet."""
        self._out = out
        self._jobs: list[Future[None]] = []
        self._begun: dict[str, pa.Table] = {}

    def __enter__(self) -> Self:
        """Make a folder beside the target.

        Raises:
            GraphError: If that cannot be, or the target holds something else than a graph.
        """
        out = self._out
        _check_target(out)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            self._work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        except OSError as error:
            raise GraphError(f"{out}: cannot be written: {error.strerror or error}") from None
        self._pool = ThreadPoolExecutor(2)
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what is not finished."""
        self._pool.shutdown(cancel_futures=True)
        shutil.rmtree(self._work, ignore_errors=True)

    def begin(self, name: str, part: pa.Table) -> None:
        """Begin to write a part, as `build` hands it out."""
        self._begun[name] = part
        if name == "names":
            self._do(write_words, self._work, part)
        else:
            self._do(_write_parquet, part, self._work / "edges.parquet")
            self._do(write_edges, self._work, part, self._begun["names"]["id"].combine_chunks())

    def finish(self, graph: Graph) -> dict[str, Any]:
        """Write the rest, put the folder in its place and return its manifest.

        Raises:
            GraphError: If something cannot be written (a full disk).
        """
        for name, part in (("names", graph.nodes), ("edges", graph.edges)):
            if name not in self._begun:
                self.begin(name, part)
        try:
            self._do(write_nodes, self._work, graph.nodes)
            self._do(_write_parquet, graph.nodes, self._work / "nodes.parquet")
            _write_rest(graph, self._work)
            for job in self._jobs:
                job.result()
            manifest = make_manifest(graph, fingerprint(self._work))
            text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
            (self._work / "manifest.json").write_text(text, encoding="utf-8")
            _replace(self._work, self._out)
        except OSError as error:
            text = f"{self._out}: cannot be written: {error.strerror or error}"
            raise GraphError(text) from None
        return manifest

    def _do(self, work: Callable[..., None], *arguments: object) -> None:
        self._jobs.append(self._pool.submit(work, *arguments))


def _check_target(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()) and not (out / "manifest.json").is_file():
        names = {file.name for file in out.iterdir()}
        ours = {"nodes.parquet", "edges.parquet", MERGES, TRANSLATIONS, "rejected.jsonl", "index"}
        if not names <= ours:
            raise GraphError(f"{out}: the folder holds something else than a graph; name another")
    elif out.exists() and not out.is_dir():
        raise GraphError(f"{out}: is a file; expected a folder")


def _write_rest(graph: Graph, work: Path) -> None:
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
                "verified": bool(one.verified) and all(one.verified),
                "files": _files(one),
            }
            for name, one in graph.sources.items()
        ],
        "counts": graph.counts,
        "settings": graph.settings,
    }


def _files(one: Loaded) -> list[dict[str, Any]]:
    verified = one.verified or (False,) * len(one.places)
    return [
        {"file": place, "sha256": file.sha256, "verified": held}
        for place, file, held in zip(one.places, one.data.files, verified, strict=True)
    ]


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
