"""Where the files of a source lie: inside a package, beside kgsynth, in a folder, in the cache."""

import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kgsynth.errors import SourceError, UsageError
from kgsynth.resources import cache_home, data_folder
from kgsynth.sources.cache import cached, pin_of, read_pins
from kgsynth.sources.manifests import Manifest, Part
from kgsynth.sources.source_file import SourceFile, files_below
from kgsynth.sources.unpack import stem

_ARCHIVES = (".tar", ".zip")


def locate(place: str) -> Path | None:
    """Return where a file named in a manifest lies, or None where it does not exist.

    Args:
        place: ``package:NAME/FILE`` for a file inside an installed package (which is not
            imported), ``bundled:FILE`` for one in ``ontologies/bundled``.

    Raises:
        UsageError: If the text begins with something else.
    """
    kind, _, rest = place.partition(":")
    if kind == "bundled":
        file = data_folder("ontologies") / "bundled" / rest
    elif kind == "package":
        package, _, inside = rest.partition("/")
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            return None
        file = Path(spec.submodule_search_locations[0]) / inside
    else:
        raise UsageError(f"unknown place {place!r}; expected 'package:NAME/FILE' or 'bundled:FILE'")
    return file if file.is_file() else None


@dataclass(frozen=True)
class FoundFile:
    """One file of a source.

    Attributes:
        source: The file.
        part: What the manifest says of it; an empty one where the manifest names no files.
        state: Where it was found: ``packaged``, ``bundled``, ``given``, ``folder``, ``cached``.
        pin: The checksum it is held to where not the manifest's: the user's own.
    """

    source: SourceFile
    part: Part
    state: str
    pin: str = ""

    @property
    def place(self) -> str:
        """Where it is, the same on every machine for a file that comes with kgsynth."""
        with_kgsynth = self.state in ("packaged", "bundled")
        return self.part.place if with_kgsynth else str(self.source.file)


@dataclass(frozen=True)
class Found:
    """The files of one source, or what is missing.

    Attributes:
        items: In the order of the manifest; optional ones that are absent are left out.
        missing: The parts that are needed and were not found.
    """

    items: tuple[FoundFile, ...] = ()
    missing: tuple[Part, ...] = ()

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """What the loader gets."""
        return tuple(item.source for item in self.items)


@dataclass
class Finder:
    """Looks for files by name: below the folder that the user named, then in the cache.

    Attributes:
        folder: From ``--from``; None to look in the cache only.
        cache: Where fetched files lie.
    """

    folder: Path | None = None
    cache: Path = field(default_factory=cache_home)
    _index: Mapping[str, list[Path]] | None = None
    _pins: Mapping[str, Mapping[str, str]] | None = None

    def find(self, manifest: Manifest) -> Found:
        """Return the files of a source.

        Raises:
            SourceError: If a name is found twice below the folder, or the folder is none.
        """
        items, missing = [], []
        for part in manifest.parts:
            file, state = self._part(manifest, part)
            if file is not None:
                pin = "" if part.place else pin_of(self._pinned(), manifest.name, part)
                items.append(FoundFile(SourceFile(file, role=part.role), part, state, pin))
            elif not part.optional:
                missing.append(part)
        if not items:  # of files that may be absent one is needed all the same
            missing = list(manifest.parts)
        return Found(tuple(items), tuple(missing))

    def _pinned(self) -> Mapping[str, Mapping[str, str]]:
        if self._pins is None:
            self._pins = read_pins(self.cache)
        return self._pins

    def _part(self, manifest: Manifest, part: Part) -> tuple[Path | None, str]:
        if not part.place.startswith("bundled:") and self.folder is not None:
            file = self._below(manifest, part)
            if file is not None:
                return file, "folder"
        if part.place:
            state = "bundled" if part.place.startswith("bundled:") else "packaged"
            return locate(part.place), state
        file = cached(self.cache, manifest.name, part)
        return file, "cached" if file else ""

    def _below(self, manifest: Manifest, part: Part) -> Path | None:
        if self._index is None:
            self._index = index(self._checked_folder())
        return one_of(self._index, part, manifest.name)

    def _checked_folder(self) -> Path:
        if self.folder is None or not self.folder.is_dir():
            raise SourceError(f"{self.folder}: no such folder; --from names the folder of the data")
        return self.folder


def given(manifest: Manifest, path: Path) -> Found:
    """Return the files of a source that the user named: one file, or a folder.

    Raises:
        UsageError: If one file is given for a source that is made of several.
        SourceError: If the path does not exist, or a name lies twice below it.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file or folder")
    if path.is_dir():
        return _given_folder(manifest, path)
    needed = [part for part in manifest.parts if not part.optional]
    if len(needed) > 1:
        raise UsageError(
            f"source {manifest.name!r} is made of {len(needed)} files "
            f"({', '.join(part.known_as for part in needed)}) and cannot be replaced by one; "
            f"give a folder that has them: --source {manifest.name}=FOLDER"
        )
    part = needed[0] if needed else Part()
    return Found((_given(path, part),))


def _given(path: Path, part: Part) -> FoundFile:
    return FoundFile(SourceFile(path, role=part.role), part, "given")


def _given_folder(manifest: Manifest, folder: Path) -> Found:
    if not manifest.parts:  # a format without names of its own: every file
        items = tuple(_given(file, Part()) for file in files_below(folder))
        if not items:
            raise SourceError(f"{folder}: the folder is empty")
        return Found(items)
    below = index(folder)
    found, missing = [], []
    for part in manifest.parts:
        file = one_of(below, part, manifest.name)
        if file is None and part.known_as.endswith(_ARCHIVES):
            file = folder  # the archive, unpacked
        if file is not None:
            found.append(_given(file, part))
        elif not part.optional:
            missing.append(part)
    if not found:
        missing = list(manifest.parts)
    return Found(tuple(found), tuple(missing))


def index(folder: Path) -> dict[str, list[Path]]:
    """Return every plain file below a folder by its name without the ending of a packed file."""
    found: dict[str, list[Path]] = {}
    for file in files_below(folder):
        found.setdefault(stem(file.name), []).append(file)
    return found


def one_of(below: Mapping[str, list[Path]], part: Part, source: str) -> Path | None:
    """Return the one file that a part names, None where there is none.

    Raises:
        SourceError: If there are several in different folders.
    """
    for name in part.names:
        files = below.get(stem(name), [])
        folders = {file.parent for file in files}
        if len(folders) > 1:
            raise SourceError(
                f"{files[0]} and {files[1]}: two files for source {source!r}; say which one "
                f"with --source {source}=PATH"
            )
        if files:
            return min(files, key=_plainest)
    return None


def _plainest(file: Path) -> tuple[bool, str]:
    return (stem(file.name) != file.name, file.name)


def names_of(parts: Iterable[Part]) -> str:
    """Return the names of parts as words for a message."""
    return ", ".join(part.known_as for part in parts)
