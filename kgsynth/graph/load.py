"""Read every source that the registry names, each by its own loader."""

import importlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kgsynth.errors import SourceError, UsageError
from kgsynth.sources import SOURCES
from kgsynth.sources.base import Loader, Manifest, SourceData
from kgsynth.sources.files import locate, read_file, read_manifest

_THREADS = 2

#: Called with a few words before each step.
Progress = Callable[[str], None]


@dataclass
class Loaded:
    """One source, read."""

    manifest: Manifest
    data: SourceData
    places: tuple[str, ...]

    @property
    def version(self) -> str:
        """The source's version, spelled so that no reader of JSON takes it for a date.

        Arrow turns a column of bare ISO dates into timestamps, and a dataset would then have
        another type for ten rows than for a thousand: ``2025-01-16`` becomes ``v2025-01-16``.
        """
        version = self.data.version
        return f"v{version}" if version[:1].isdigit() else version


def load_sources(
    overrides: Mapping[str, Path], on_progress: Progress = lambda stage: None
) -> dict[str, Loaded]:
    """Read every registered source whose files are there.

    Args:
        overrides: Name of a source to the file to read in place of its own.
        on_progress: Called with a few words before each step.

    Raises:
        UsageError: If an override names no source, or one that is made of several files.
        SourceError: If a file cannot be read.
    """
    unknown = sorted(set(overrides) - set(SOURCES))
    if unknown:
        raise UsageError(f"unknown source {unknown[0]!r}; known: {', '.join(sorted(SOURCES))}")
    on_progress(f"reading {', '.join(SOURCES)}")
    # Arrow and numpy work outside the interpreter's lock, so two sources overlap; the order of
    # the results, and of the first error, is that of the registry.
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = {name: pool.submit(_load, name, overrides.get(name)) for name in SOURCES}
        try:
            return {name: one.result() for name, one in waiting.items()}
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _load(name: str, override: Path | None) -> Loaded:
    manifest = read_manifest(name)
    files = _files(manifest, override)
    places = manifest.files if override is None else (str(override),)
    loader = _loader(SOURCES[name])
    return Loaded(manifest, loader(tuple(read_file(file) for file in files), manifest), places)


def _files(manifest: Manifest, override: Path | None) -> list[Path]:
    """Return where the files of a source are."""
    name = manifest.name
    if override is not None:
        if len(manifest.files) > 1:
            raise UsageError(
                f"source {name!r} is made of {len(manifest.files)} files and cannot be replaced "
                "by one"
            )
        return [override]
    files = []
    for place in manifest.files:
        file = locate(place)
        if file is None:
            raise SourceError(
                f"source {name!r}: {place} is missing; install kgsynth again, or give the file "
                f"with --source {name}=PATH"
            )
        files.append(file)
    return files


def _loader(target: str) -> Loader:
    module, _, name = target.partition(":")
    loader: Loader = getattr(importlib.import_module(module), name)
    return loader
