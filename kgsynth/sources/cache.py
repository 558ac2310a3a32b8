"""The cache: a folder of fetched files, one folder for each source, and the user's own pins."""

import fcntl
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from kgsynth.errors import SourceError
from kgsynth.sources.manifests import Part
from kgsynth.sources.unpack import SUFFIXES

#: Checksums that the user took on, beside the folders of the sources.
PINS = "pins.toml"


def cached(cache: Path, source: str, part: Part) -> Path | None:
    """Return the fetched file of a part, packed or not, or None."""
    file = cache / source / part.known_as
    names = (file, *(file.with_name(file.name + ending) for ending in SUFFIXES))
    return next((one for one in names if one.is_file()), None)


def target(cache: Path, source: str, part: Part) -> Path:
    """Return where the fetched file of a part goes: its name, packed as its address says."""
    way = part.url.partition("?")[0].partition("#")[0]
    ending = next((one for one in SUFFIXES if way.endswith(one)), "")
    return cache / source / (part.known_as + ending)


def read_pins(cache: Path) -> dict[str, dict[str, str]]:
    """Return the user's own checksums: name of a source to name of a file to SHA-256.

    Raises:
        SourceError: If ``pins.toml`` is no table of tables of texts.
    """
    file = cache / PINS
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"{file}: {error}; mend or remove it") from None
    for source, pins in found.items():
        if not isinstance(pins, dict) or not all(isinstance(pin, str) for pin in pins.values()):
            raise SourceError(f'{file}: [{source}]: expected lines "FILE" = "SHA-256"')
    return found


def pin_of(pins: Mapping[str, Mapping[str, str]], source: str, part: Part) -> str:
    """Return the checksum that a file is held to: the user's, else the manifest's, else ""."""
    return pins.get(source, {}).get(part.known_as) or part.sha256


def add_pin(cache: Path, source: str, name: str, sha256: str) -> None:
    """Note a checksum in ``pins.toml``; the file is replaced whole."""
    with locked(cache / PINS):
        pins = read_pins(cache)
        pins.setdefault(source, {})[name] = sha256
        lines = ["# Checksums of unpacked files that `kgsynth fetch --pin` took on.\n"]
        for one in sorted(pins):
            lines.append(f'\n["{one}"]\n')
            lines += [f'"{file}" = "{pin}"\n' for file, pin in sorted(pins[one].items())]
        part = cache / f"{PINS}.part"
        part.write_text("".join(lines), encoding="utf-8")
        part.replace(cache / PINS)


@contextmanager
def locked(file: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock of a file in the cache; a second process waits until it is free.

    Args:
        file: The file that is about to be made; the lock lies beside it and goes when free.
        on_wait: Called once where another process holds the lock.
    """
    lock = file.with_name(f".{file.name}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    while True:
        with lock.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                on_wait()
                fcntl.flock(handle, fcntl.LOCK_EX)
            if not _is_still(lock, handle.fileno()):
                continue  # its holder removed it in the meantime
            try:
                yield
            finally:
                lock.unlink(missing_ok=True)
            return


def _is_still(lock: Path, number: int) -> bool:
    try:
        return os.path.samestat(lock.stat(), os.fstat(number))
    except FileNotFoundError:
        return False
