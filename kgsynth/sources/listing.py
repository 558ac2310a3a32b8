"""What is known of every source without reading it: license, size, presets, and where it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from kgsynth.sources import SOURCES
from kgsynth.sources.cache import pin_of, read_pins
from kgsynth.sources.choice import presets_of
from kgsynth.sources.manifests import Manifest, is_fetchable, read_manifest
from kgsynth.sources.places import Finder

#: Every state of a source, and what it means.
STATES: dict[str, str] = {
    "bundled": "comes with kgsynth",
    "found": "lies below the folder that was named",
    "cached": "was fetched",
    "fetchable": "kgsynth fetch NAME gets it",
    "needs a license": "its publisher asks for an agreement first",
    "needs a file": "published at no address of its own, or a format: name a file or folder",
}


@dataclass(frozen=True)
class Listed:
    """One source as ``kgsynth sources`` shows it.

    Attributes:
        manifest: What its manifest says.
        state: One of `STATES`.
        verified: Every file of it is held to a checksum.
        size: Bytes of its files, unpacked where they are not at hand; 0 where not known.
        presets: The presets it belongs to.
        files: Name, place and state of each file at hand.
    """

    manifest: Manifest
    state: str
    verified: bool
    size: int
    presets: tuple[str, ...]
    files: tuple[tuple[str, str, str], ...]


def listing(finder: Finder, names: Iterable[str] = ()) -> list[Listed]:
    """Return every source, or the named ones, in the order of loading.

    Args:
        finder: Where files are looked for.
        names: Sources; none for all.
    """
    pins = read_pins(finder.cache)
    chosen = set(names)
    return [_listed(name, finder, pins) for name in SOURCES if not chosen or name in chosen]


def _listed(name: str, finder: Finder, pins: dict[str, dict[str, str]]) -> Listed:
    manifest = read_manifest(name)
    found = finder.find(manifest)
    states = {item.state for item in found.items}
    if not manifest.parts or found.missing:
        state = _absent(manifest)
    elif "folder" in states:
        state = "found"
    else:
        state = "cached" if "cached" in states else "bundled"
    held = [bool(pin_of(pins, name, part)) or _with_kgsynth(part.place) for part in manifest.parts]
    here = sum(item.source.file.stat().st_size for item in found.items)
    size = here if not found.missing else sum(part.size for part in manifest.parts)
    files = tuple((item.part.known_as, item.place, item.state) for item in found.items)
    return Listed(manifest, state, bool(held) and all(held), size, presets_of(name), files)


def _with_kgsynth(place: str) -> bool:
    return place.startswith(("bundled:", "package:"))


def _absent(manifest: Manifest) -> str:
    if manifest.settings.get("needs_license"):
        return "needs a license"
    return "fetchable" if is_fetchable(manifest) else "needs a file"
