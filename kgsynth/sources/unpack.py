"""Bytes of a packed file: gzip, bzip2 and xz are known by their first bytes, not by their names.

Nothing is unpacked without bounds. A *bomb* is a small file that unpacks to one that fills the
memory; what unpacks beyond `LIMIT`, or beyond `FREE` at a ratio above `RATIO`, is refused. Tables
and ontologies pack at 3:1 to 60:1.
"""

import bz2
import gzip
import io
import lzma
import stat
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from kgsynth.errors import SourceError

#: Most bytes that one file may unpack to.
LIMIT = 64 << 30
#: Most bytes that may be held in memory at once.
WHOLE_LIMIT = 8 << 30
#: Unpacked bytes above which the ratio counts.
FREE = 64 << 20
#: Most unpacked bytes for each packed byte.
RATIO = 300

#: Name of a format to its first bytes.
MAGIC: dict[str, bytes] = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00"}
#: Endings of packed files, which a name in a manifest leaves out.
SUFFIXES = (".gz", ".bz2", ".xz")

_Decompressor = Any  # zlib's, bz2's and lzma's objects share no type
_BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError)
_NEW: dict[str, Callable[[], _Decompressor]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lzma.LZMADecompressor,
}
_OPEN: dict[str, Callable[[IO[bytes]], BinaryIO]] = {
    "gzip": lambda handle: cast(BinaryIO, gzip.GzipFile(fileobj=handle, mode="rb")),
    "bzip2": lambda handle: cast(BinaryIO, bz2.BZ2File(handle)),
    "xz": lambda handle: cast(BinaryIO, lzma.LZMAFile(handle)),  # noqa: SIM115, whoever opens it closes it
}
_MAGIC_BYTES = max(map(len, MAGIC.values()))
_BUFFER = 1 << 20


def read_packed(file: Path) -> bytes:
    """Return the bytes of a plain file as it lies on disk.

    Raises:
        SourceError: If it is absent, no plain file (a pipe or device could be endless), or cannot
            be read.
    """
    with open_plain(file) as handle:
        return handle.read()


def open_plain(file: Path) -> io.BufferedReader:
    """Open a plain file as it lies on disk; see `read_packed` for what is raised."""
    try:
        kind = file.stat().st_mode
        if stat.S_ISREG(kind):
            return file.open("rb")
    except FileNotFoundError:
        raise SourceError(f"{file}: no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else error
        raise SourceError(f"{file}: cannot be read: {reason or error}") from None
    what = "a folder" if stat.S_ISDIR(kind) else "a pipe, socket or device"
    raise SourceError(f"{file}: cannot be read: {what}, expected a plain file")


def format_of(head: bytes) -> str | None:
    """Return ``gzip``, ``bzip2`` or ``xz`` by the first bytes, None for anything else.

    Example:
        >>> format_of(b"BZh91AY")
        'bzip2'
        >>> format_of(b"format-version: 1.2") is None
        True
    """
    return next((name for name, magic in MAGIC.items() if head.startswith(magic)), None)


def unpack(file: Path, packed: bytes) -> bytes:
    """Return the unpacked bytes; plain bytes are returned as they are.

    Args:
        file: Where they come from, for messages.
        packed: The whole file.

    Raises:
        SourceError: If the archive is damaged, truncated, or a bomb.
    """
    name = format_of(packed[:_MAGIC_BYTES])
    if name is None:
        return packed
    most = allowed(len(packed), WHOLE_LIMIT)
    pieces: list[bytes] = []
    size = 0
    try:
        while packed:  # several archives in a row are one file, as gzip and xz define it
            worker = _NEW[name]()
            piece = worker.decompress(packed, most - size + 1)
            size += len(piece)
            pieces.append(piece)
            if size > most:
                raise bomb(file, size)
            if not worker.eof:
                raise EOFError("it ends in the middle")
            packed = worker.unused_data.lstrip(b"\x00")  # padding between and after
    except _BROKEN as error:
        raise damaged(file, error) from None
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def open_unpacked(file: Path) -> io.BufferedReader:
    """Open a file as a buffered stream of unpacked bytes, bounded as `unpack` is.

    Raises:
        SourceError: As `read_packed`; while reading, as `unpack`.
    """
    handle = open_plain(file)
    name = format_of(handle.read(_MAGIC_BYTES))
    handle.seek(0)
    if name is None:
        return handle
    most = allowed(file.stat().st_size, LIMIT)
    raw = _Bounded(file, _OPEN[name](handle), handle, most)
    return io.BufferedReader(raw, _BUFFER)


def in_memory(data: bytes) -> io.BufferedReader:
    """Return a stream of bytes that are at hand."""
    return io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)))


def allowed(packed: int, limit: int) -> int:
    """Return how many bytes may come out of `packed` bytes.

    Example:
        >>> allowed(10, LIMIT) == FREE
        True
    """
    return min(limit, max(FREE, packed * RATIO))


def bomb(file: Path, size: int) -> SourceError:
    """Return the error for what unpacks to too much."""
    return SourceError(
        f"{file}: unpacks to more than {size >> 20:,} MiB, far more than a table or ontology of "
        "its packed size holds (an archive bomb?); if you trust it, unpack it yourself and give "
        "the plain file"
    )


def damaged(file: Path, error: BaseException) -> SourceError:
    """Return the error for an archive that does not unpack."""
    return SourceError(
        f"{file}: damaged or truncated archive ({_words(error)}); fetch or copy the file again"
    )


def stem(name: str) -> str:
    """Return a file name without the ending of a packed file.

    Example:
        >>> stem("hp.obo.gz"), stem("packets.tgz"), stem("hp.obo")
        ('hp.obo', 'packets.tar', 'hp.obo')
    """
    if name.endswith(".tgz"):
        return name[: -len(".tgz")] + ".tar"
    ending = next((one for one in SUFFIXES if name.endswith(one)), "")
    return name.removesuffix(ending)


def _words(error: BaseException) -> str:
    """Return an error's message as one line."""
    return " ".join(str(error).split())


class _Bounded(io.RawIOBase):
    """A stream that unpacks, stops at a bound, and words what goes wrong."""

    def __init__(self, file: Path, inner: BinaryIO, packed: BinaryIO, most: int) -> None:
        self._file, self._inner, self._packed, self._left = file, inner, packed, most
        self._most = most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._inner.read(len(buffer))
        except _BROKEN as error:
            raise damaged(self._file, error) from None
        self._left -= len(piece)
        if self._left < 0:
            raise bomb(self._file, self._most)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._packed.close()
        super().close()
