"""Fetch the files of a source into the cache, each held against its checksum.

A manifest states the checksum of a file only where the file has been in hand. A source without
one is *unverified*, and says so until its user pins what came: from then on that is what must come.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kgsynth.errors import FetchError, SourceError
from kgsynth.resources import cache_home
from kgsynth.sources.cache import add_pin, cached, locked, pin_of, read_pins, target
from kgsynth.sources.manifests import Manifest, Part
from kgsynth.sources.source_file import SourceFile, refuse_web_page

if TYPE_CHECKING:
    from kgsynth.sources.download import Patience

#: Called with the name of a file, the bytes that are there, and the bytes of the whole (or 0).
OnFile = Callable[[str, int, int], None]
#: Environment variable that forbids the network as ``--offline`` does.
OFFLINE = "KGSYNTH_OFFLINE"

_HEAD_BYTES = 4096


@dataclass(frozen=True)
class Fetched:
    """What became of one file.

    Attributes:
        source: Name of its source.
        name: Its name.
        file: Where it lies.
        state: ``cached`` (it was there), ``fetched``, ``packaged`` (it comes with kgsynth).
        sha256: Of the unpacked file; "" for a packaged one.
        verified: It was held against a checksum.
    """

    source: str
    name: str
    file: Path
    state: str
    sha256: str = ""
    verified: bool = False


@dataclass
class Fetcher:
    """Fetches sources into one cache.

    Attributes:
        cache: The folder.
        offline: Look into the cache only; no socket is opened.
        pin: Take files as they are now, and hold later ones to that.
        again: Fetch what is there already, too.
        on_file: Called as bytes come in.
        on_wait: Called with the name of a file that another process is fetching.
        patience: How long to wait for a server; None for the usual.
    """

    cache: Path = field(default_factory=cache_home)
    offline: bool = False
    pin: bool = False
    again: bool = False
    on_file: OnFile = lambda name, done, total: None
    on_wait: Callable[[str], None] = lambda name: None
    patience: "Patience | None" = None

    def __post_init__(self) -> None:
        self.offline = self.offline or os.environ.get(OFFLINE, "") not in ("", "0")

    def fetch(self, manifest: Manifest) -> list[Fetched]:
        """Fetch every file of a source that is not there yet.

        Raises:
            FetchError: If a file cannot be fetched, nobody publishes it, or it has changed.
            SourceError: If what came is damaged or a web page.
        """
        done = []
        for part in manifest.parts:
            if part.place:
                done.append(Fetched(manifest.name, part.known_as, Path(part.place), "packaged"))
            elif part.url or not part.optional:
                done.append(self._part(manifest, part))
        return done

    def _part(self, manifest: Manifest, part: Part) -> Fetched:
        found = None if self.again and not self.offline else self._cached(manifest, part)
        if found is not None:
            return found
        if self.offline:
            raise FetchError(
                f"{manifest.name}: {part.known_as} is not in the cache ({self.cache}), and "
                "offline nothing is fetched"
            )
        if not part.url:
            raise FetchError(f"{manifest.name}: {part.known_as}: {_no_address(manifest)}")
        file = target(self.cache, manifest.name, part)
        with locked(file, lambda: self.on_wait(part.known_as)):
            found = None if self.again else self._cached(manifest, part)  # another process did it
            return found or self._download(manifest, part, file)

    def _cached(self, manifest: Manifest, part: Part) -> Fetched | None:
        file = cached(self.cache, manifest.name, part)
        if file is None:
            return None
        pin = pin_of(read_pins(self.cache), manifest.name, part)
        return self._checked(manifest, part, file, file, "cached", pin)

    def _download(self, manifest: Manifest, part: Part, file: Path) -> Fetched:
        from kgsynth.sources.download import discard, download

        half = file.with_name(f"{file.name}.part")
        pin = "" if self.pin else pin_of(read_pins(self.cache), manifest.name, part)
        if self.again:
            discard(half)

        def on_bytes(done: int, total: int) -> None:
            self.on_file(part.known_as, done, total)

        resumed = download(part.url, half, self.patience, on_bytes)
        try:
            done = self._checked(manifest, part, half, file, "fetched", pin)
        except SourceError:
            discard(half)
            if not resumed:
                raise
            download(part.url, half, self.patience, on_bytes)  # pieces of two files, perhaps
            try:
                done = self._checked(manifest, part, half, file, "fetched", pin)
            except SourceError:
                discard(half)
                raise
        _settle(half, file)
        return done

    def _checked(
        self, manifest: Manifest, part: Part, file: Path, final: Path, state: str, pin: str
    ) -> Fetched:
        """Return the file as fetched, after holding it against its checksum."""
        source = SourceFile(file)
        with source.open() as handle:
            head = handle.read(_HEAD_BYTES)
        if not head:
            raise SourceError(f"{final}: the file is empty")
        if not part.known_as.endswith((".html", ".htm")):
            refuse_web_page(Path(part.url or file), head)
        sha256 = source.sha256_raw
        if self.pin:
            add_pin(self.cache, manifest.name, part.known_as, sha256)
        elif pin and sha256 != pin:
            raise _changed(manifest, part, state, sha256, pin)
        return Fetched(manifest.name, part.known_as, final, state, sha256, bool(pin) or self.pin)


def _settle(half: Path, file: Path) -> None:
    """Put a finished file in its place, on disk before anybody sees it."""
    with half.open("rb") as handle:
        os.fsync(handle.fileno())
    half.replace(file)


def _no_address(manifest: Manifest) -> str:
    if manifest.settings.get("needs_license"):
        return (
            f"needs a license; accept the terms at {manifest.url} and give the files with "
            f"--source {manifest.name}=PATH"
        )
    if manifest.settings.get("generic"):
        return "a format, not a source; give a file with --source NAME=PATH"
    return (
        "nobody publishes this file at an address of its own; name the folder it lies in with "
        "build-graph --from DIR"
    )


def _changed(manifest: Manifest, part: Part, state: str, sha256: str, pin: str) -> FetchError:
    name = manifest.name
    if state == "cached":
        return FetchError(
            f"{name}: {part.known_as} in the cache has changed (sha256 {sha256[:16]}…, expected "
            f"{pin[:16]}…); fetch it again: kgsynth fetch {name} --again"
        )
    return FetchError(
        f"{name}: {part.url} is no longer the file that this version of kgsynth knows (sha256 "
        f"{sha256[:16]}…, expected {pin[:16]}…); nothing was kept. If you want it as it is now: "
        f"kgsynth fetch {name} --pin"
    )
