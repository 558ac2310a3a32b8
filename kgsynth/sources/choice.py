"""Which sources a graph is made of: presets, and the sources that the user names."""

import difflib
import functools
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kgsynth.errors import SourceError, UsageError
from kgsynth.resources import data_file
from kgsynth.sources import SOURCES
from kgsynth.sources.manifests import Manifest, read_manifest
from kgsynth.sources.places import Finder, Found, given, names_of

#: The preset of a build without options.
DEFAULT = "hpo"
_EXCERPTS = "excerpts"


@dataclass(frozen=True)
class Choice:
    """One source to load.

    Attributes:
        name: As the user names it: ``hpo``, ``kgx:mine``, ``pyobo:drugbank``.
        path: The file or folder to read it from; None to look for its files.
        asked: The user named it, so it may not be left out.
    """

    name: str
    path: Path | None = None
    asked: bool = False


@dataclass(frozen=True)
class Ready:
    """A source whose files are at hand."""

    name: str
    manifest: Manifest
    found: Found


@dataclass(frozen=True)
class Absent:
    """A source of the preset that is left out, the files that it lacks, and what to do."""

    name: str
    missing: str
    advice: str


@functools.cache
def _table() -> Mapping[str, Any]:
    file = data_file("ontologies", "presets.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def presets() -> dict[str, str]:
    """Return name and title of every preset, from small to large."""
    return {name: one["title"] for name, one in _table().items() if name != _EXCERPTS}


def preset_sources(name: str) -> tuple[str, ...]:
    """Return the sources of a preset in the order of loading.

    Raises:
        UsageError: If there is no such preset.

    Example:
        >>> preset_sources("hpo")
        ('hpo', 'hpoa', 'hpo-genes', 'mondo', 'orphanet')
    """
    if name not in presets():
        raise UsageError(f"unknown preset {name!r}{nearest(name, presets())}")
    one = _table()[name]
    names = [source for inner in one.get("includes", ()) for source in preset_sources(inner)]
    return tuple(dict.fromkeys([*names, *one["sources"]]))


def presets_of(source: str) -> tuple[str, ...]:
    """Return the presets that a source belongs to."""
    return tuple(name for name in presets() if source in preset_sources(name))


def choose(preset: str | None = None, sources: Iterable[str] = ()) -> list[Choice]:
    """Return the sources of a preset and those that the user names, in the order of loading.

    Args:
        preset: Name of a preset; None for `DEFAULT`.
        sources: ``NAME`` adds a source; ``NAME=PATH`` reads it from a file or folder, in place
            of its own files; ``FORMAT:NAME=PATH`` reads a file of a format under a name of the
            user's; ``pyobo:PREFIX`` reads what the package pyobo can load.

    Raises:
        UsageError: If a name is not known, stands twice, or lacks what it needs.
    """
    chosen = {name: Choice(name) for name in preset_sources(preset or DEFAULT)}
    asked: set[str] = set()
    for text in sources:
        one = parse(text)
        if one.name in asked:
            raise UsageError(
                f"--source {one.name} is given twice; two files of one format get names of their "
                f"own: --source {one.name.partition(':')[0]}:mine=PATH"
            )
        asked.add(one.name)
        chosen[one.name] = one
    order = {name: number for number, name in enumerate(SOURCES)}
    return sorted(chosen.values(), key=lambda one: order.get(one.name, len(order)))


def parse(text: str) -> Choice:
    """Return what one ``--source`` says; see `choose`.

    Raises:
        UsageError: If the name is not known, or a path is missing or too much.
    """
    name, equals, path = text.partition("=")
    if equals and not path:
        raise UsageError(f"--source {text!r}: expected a file or folder after '='")
    base, colon, own = name.partition(":")
    if base not in SOURCES or (colon and not own):
        raise UsageError(f"unknown source {name!r}{nearest(base, SOURCES)}")
    kind = str(read_manifest(base).settings.get("generic", ""))
    if colon and not kind:
        raise UsageError(f"--source {text!r}: {base!r} is a source and no format; leave out ':'")
    if kind == "path" and not path:
        raise UsageError(f"--source {text!r}: a format needs a file or folder: {name}=PATH")
    if kind == "prefix" and (path or not own):
        raise UsageError(f"--source {text!r}: expected a prefix and no path: {base}:PREFIX")
    return Choice(name, Path(path) if path else None, asked=True)


def known_source(name: str) -> str:
    """Return the name of a source that is in the registry.

    Raises:
        UsageError: If it is not, with the nearest names.
    """
    if name not in SOURCES:
        raise UsageError(f"unknown source {name!r}{nearest(name, SOURCES)}")
    return name


def gather(
    choices: Iterable[Choice], finder: Finder, *, strict: bool = False
) -> tuple[list[Ready], list[Absent]]:
    """Look for the files of every chosen source.

    Args:
        choices: From `choose`.
        finder: Where to look.
        strict: Nothing may be left out.

    Returns:
        The sources to load, and those of the preset that are left out. The bundled excerpt of a
        source is dropped where the whole source is loaded.

    Raises:
        SourceError: If a file of a source that the user named is missing, or of any in case of
            `strict`.
    """
    ready: dict[str, Ready] = {}
    absent: list[Absent] = []
    asked = set()
    for choice in choices:
        manifest = _manifest(choice.name)
        found = finder.find(manifest) if choice.path is None else given(manifest, choice.path)
        if choice.asked:
            asked.add(choice.name)
        if not found.missing:
            ready[choice.name] = Ready(choice.name, manifest, found)
            continue
        lacking = Absent(choice.name, names_of(found.missing), _advice(manifest))
        if choice.asked or strict:
            where = "" if choice.path is None else f" below {choice.path}"
            raise SourceError(
                f"source {choice.name!r}: {lacking.missing} not found{where}; {lacking.advice}"
            )
        absent.append(lacking)
    for excerpt, whole in _table().get(_EXCERPTS, {}).items():
        if whole in ready and excerpt not in asked:
            ready.pop(excerpt, None)
    return list(ready.values()), absent


def _manifest(name: str) -> Manifest:
    base, colon, own = name.partition(":")
    manifest = read_manifest(base)
    if not colon:
        return manifest
    settings = {**manifest.settings, "own_name": own}
    return replace(manifest, name=name, title=f"{manifest.title}: {own}", settings=settings)


def _advice(manifest: Manifest) -> str:
    """Return what to do about a source whose files are missing."""
    name = manifest.name
    if any(part.place for part in manifest.parts):
        return f"install kgsynth again, or give the file with --source {name}=PATH"
    if manifest.settings.get("needs_license"):
        return f"accept its terms at {manifest.url} and give --source {name}=PATH"
    if all(part.url for part in manifest.parts if not part.optional):
        return f"run kgsynth fetch {name}, or name the folder of the data with --from"
    return f"name the folder of the data with --from, or give --source {name}=PATH"


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the nearest names as the end of an error message."""
    known = list(known)
    near = difflib.get_close_matches(name, known, 3, 0.6)
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"{hint}; known: {', '.join(sorted(known))}" if not near else hint
