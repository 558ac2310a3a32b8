"""Read the chosen sources, each by its own loader."""

import importlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from kgsynth.errors import SourceError
from kgsynth.sources import SOURCES
from kgsynth.sources.base import Loader, Manifest, SourceData
from kgsynth.sources.choice import Ready, choose, gather
from kgsynth.sources.held import VERIFIED, Held, hold
from kgsynth.sources.places import Finder

_THREADS = 2

#: Called with a few words before each step.
Progress = Callable[[str], None]


@dataclass
class Loaded:
    """One source, read.

    Attributes:
        manifest: What is known of it.
        data: What it says.
        places: Where each file of `data` lies, for the manifest of the graph.
        verified: Whether each file of `data` was held to a checksum and passed.
        held: What became of each file that was looked for.
    """

    manifest: Manifest
    data: SourceData
    places: tuple[str, ...]
    verified: tuple[bool, ...] = ()
    held: tuple[Held, ...] = ()

    @property
    def version(self) -> str:
        """The source's version, spelled so that no reader of JSON takes it for a date.

        Arrow turns a column of bare ISO dates into timestamps, and a dataset would then have
        another type for ten rows than for a thousand: ``2025-01-16`` becomes ``v2025-01-16``.
        """
        version = self.data.version or "unknown"
        return f"v{version}" if version[:1].isdigit() else version


def load_sources(
    overrides: Mapping[str, Path] | None = None,
    on_progress: Progress = lambda stage: None,
    *,
    preset: str | None = None,
    sources: Iterable[str] = (),
    folder: Path | None = None,
) -> dict[str, Loaded]:
    """Choose sources, look for their files and read them.

    Args:
        overrides: Name of a source to the file or folder to read in place of its own.
        on_progress: Called with a few words before each step.
        preset: See `kgsynth.sources.choice`; None for the one that needs no network.
        sources: More sources, as ``--source`` takes them.
        folder: Where files are looked for by name before the cache.

    Raises:
        UsageError: If a source or preset is not known, or one file is given for one of several.
        SourceError: If a file cannot be read.
    """
    named = [*sources, *(f"{name}={path}" for name, path in (overrides or {}).items())]
    ready, _ = gather(choose(preset, named), Finder(folder))
    return read_sources(ready, on_progress)


def read_sources(
    ready: Iterable[Ready], on_progress: Progress = lambda stage: None
) -> dict[str, Loaded]:
    """Read sources whose files are at hand, in their order.

    Raises:
        SourceError: If a file cannot be read; of several errors, that of the first source.
    """
    ready = list(ready)
    on_progress(f"reading {', '.join(one.name for one in ready)}")
    # Arrow and numpy work outside the interpreter's lock, so two sources overlap; the order of
    # the results, and of the first error, is that of the choice.
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting = {one.name: pool.submit(_load, one) for one in ready}
        try:
            return {name: one.result() for name, one in waiting.items()}
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _load(one: Ready) -> Loaded:
    try:
        held = hold(one.name, one.found.items)
        whole = all(file.as_published for file in held)
        manifest = one.manifest if whole else replace(one.manifest, version="")
        data = _loader(SOURCES[one.name.partition(":")[0]])(one.found.files, manifest)
    except SourceError as error:
        raise _with_advice(one, error) from None
    places = {item.source.file: item.place for item in one.found.items}
    states = {
        item.source.file: file.state for item, file in zip(one.found.items, held, strict=True)
    }
    for item in one.found.items:
        item.source.forget()
    named = tuple(places.get(file.file, str(file.file)) for file in data.files)
    verified = tuple(states.get(file.file) == VERIFIED for file in data.files)
    return Loaded(one.manifest, data, named, verified, held)


def _with_advice(one: Ready, error: SourceError) -> SourceError:
    """Say what to do about a fetched file that cannot be read."""
    again = f"kgsynth fetch {one.name} --again"
    if again in str(error) or not any(item.state == "cached" for item in one.found.items):
        return error
    return SourceError(f"{error}; if the file is damaged: {again}")


def _loader(target: str) -> Loader:
    module, _, name = target.partition(":")
    loader: Loader = getattr(importlib.import_module(module), name)
    return loader
