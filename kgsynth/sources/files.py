"""Where the files of a source are, and their bytes: plain, gzip or xz, checked before use."""

import gzip
import hashlib
import importlib.util
import lzma
import tomllib
import zlib
from pathlib import Path
from typing import Any

from kgsynth.errors import SourceError, UsageError
from kgsynth.resources import data_folder
from kgsynth.sources.base import Manifest, SourceFile

_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\x00"
_FIELDS = ("name", "title", "version", "license", "license_url", "citation", "url")
_HEAD_BYTES = 4096
_PIECE_BYTES = 1 << 18


def read_manifest(name: str) -> Manifest:
    """Return the manifest ``ontologies/<name>.toml``.

    Raises:
        SourceError: If there is none, or a field is missing.
    """
    file = data_folder("ontologies") / f"{name}.toml"
    try:
        fields: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(f"no manifest for source {name!r}; expected {file}") from None
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{file}: {error}") from None
    missing = [key for key in (*_FIELDS, "files") if key not in fields]
    if missing:
        raise SourceError(f"{file}: field {missing[0]!r} is missing")
    files = tuple(fields.pop("files"))
    known = {key: str(fields.pop(key)) for key in _FIELDS}
    return Manifest(**known, files=files, settings=fields)


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


def read_file(file: Path) -> SourceFile:
    """Return a file's bytes, unpacked, after the checks that hold for every format.

    Raises:
        SourceError: If the file is absent, empty, truncated, damaged, binary, or a web page.
    """
    try:
        packed = file.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{file}: no such file") from None
    except OSError as error:
        raise SourceError(f"{file}: cannot be read: {error.strerror or error}") from None
    data = _unpack(file, packed)
    _check_text(file, data)
    return SourceFile(file, data, hashlib.sha256(packed).hexdigest())


def line_of(data: bytes, offset: int) -> int:
    """Return the one-based number of the line that holds the byte at `offset`."""
    return data.count(b"\n", 0, offset) + 1


def _unpack(file: Path, packed: bytes) -> bytes:
    try:
        if packed.startswith(_GZIP):
            return gzip.decompress(packed)
        if packed.startswith(_XZ):
            return lzma.decompress(packed)
    except (EOFError, OSError, zlib.error, lzma.LZMAError) as error:
        raise SourceError(
            f"{file}: damaged or truncated archive ({error}); fetch or copy the file again"
        ) from None
    return packed


def _check_text(file: Path, data: bytes) -> None:
    head = data[:_HEAD_BYTES]
    if not head.strip() and not data.strip():
        raise SourceError(f"{file}: the file is empty")
    if b"\x00" in head:
        raise SourceError(f"{file}: the file is binary, expected text (plain, gzip or xz)")
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            f"{file}: the file is a web page (an error page saved in place of the data?); "
            "fetch it again"
        )
    at = 0
    while at < len(data):  # in pieces, because most are plain ASCII and need no decoding
        end = data.find(b"\n", at + _PIECE_BYTES) + 1 or len(data)
        piece = data[at:end]
        if not piece.isascii():
            try:
                piece.decode("utf-8")
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"{file}:{line_of(data, at + error.start)}: not UTF-8 text "
                    f"(byte 0x{piece[error.start]:02x})"
                ) from None
        at = end
