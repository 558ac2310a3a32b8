"""Read every source that the registry names, each by its own loader."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kgsynth.errors import SourceError, UsageError
from kgsynth.sources import SOURCES
from kgsynth.sources.base import Loader, Manifest, SourceData
from kgsynth.sources.files import locate, read_file, read_manifest

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
    loaded = {}
    for name, target in SOURCES.items():
        manifest = read_manifest(name)
        files = _files(manifest, overrides.get(name))
        places = (str(overrides[name]),) if name in overrides else manifest.files
        on_progress(f"reading {name}")
        data = _loader(target)(tuple(read_file(file) for file in files), manifest)
        loaded[name] = Loaded(manifest, data, places)
    return loaded


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
