"""Whether the files of a source are those that somebody vouches for: each held to its checksum.

What lies in the cache came from a network and must be what it was: a file that changed there is
refused. What the user names, as a file or a folder, may be another release than the one that the
manifest knows; it is read, and said to be another.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kgsynth.errors import SourceError
from kgsynth.sources.places import FoundFile

#: States of a file after it was held to its checksum, and what they mean for people.
VERIFIED, UNVERIFIED, ANOTHER = "verified", "unverified", "another"
_WORDS = {
    UNVERIFIED: "no checksum to hold it to",
    ANOTHER: "not the file that its checksum names: another release, or changed",
}
#: States of places whose files came with kgsynth.
_TRUSTED = frozenset({"packaged", "bundled"})


@dataclass(frozen=True)
class Held:
    """One file after it was held to its checksum.

    Attributes:
        source: Name of its source.
        name: Its name.
        place: The state of its place: ``cached``, ``folder`` …; see `places.FoundFile`.
        state: `VERIFIED`, `UNVERIFIED` or `ANOTHER`.
        sha256: Of the unpacked file; "" where nothing is known to compare it with.
        as_published: It is the file that the manifest knows, so that its version holds.
    """

    source: str
    name: str
    place: str
    state: str
    sha256: str = ""
    as_published: bool = True

    @property
    def words(self) -> str:
        """What is to be said of it, with what to do; "" where it is verified."""
        if self.state == VERIFIED:
            return ""
        text = f"{self.source}: {self.name}: {_WORDS[self.state]}"
        if self.sha256:
            text += f" (sha256 {self.sha256[:16]}…)"
        return text + (f"; kgsynth fetch {self.source} --pin notes it" if self._can_pin else "")

    @property
    def _can_pin(self) -> bool:
        return self.place == "cached"

    @property
    def stops_strict(self) -> bool:
        """Whether ``--strict`` stops here: not at a file that the user named himself."""
        return self.state != VERIFIED and self.place != "given"


def hold(source: str, items: Iterable[FoundFile]) -> tuple[Held, ...]:
    """Hold every file of a source to its checksum.

    Raises:
        SourceError: If one in the cache has changed since it was fetched, or is damaged.
    """
    return tuple(_hold(source, item) for item in items)


def _hold(source: str, item: FoundFile) -> Held:
    name = item.part.known_as or item.source.file.name
    if item.state in _TRUSTED:
        return Held(source, name, item.state, VERIFIED)
    known = {pin for pin in (item.pin, item.part.sha256) if pin}
    if not known:
        return Held(source, name, item.state, UNVERIFIED, as_published=False)
    sha256 = item.source.sha256_raw
    if item.state == "cached" and sha256 != item.pin:
        raise SourceError(
            f"{item.source.file}: has changed since it was fetched (sha256 {sha256[:16]}…, "
            f"expected {item.pin[:16]}…); get it anew with kgsynth fetch {source} --again, or "
            f"take it as it is with kgsynth fetch {source} --pin"
        )
    state = VERIFIED if sha256 in known else ANOTHER
    return Held(source, name, item.state, state, sha256, sha256 == item.part.sha256)
