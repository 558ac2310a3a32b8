"""One file of a source: where it is, and its bytes when somebody asks for them."""

import hashlib
import io
from pathlib import Path

from kgsynth.errors import SourceError
from kgsynth.sources.unpack import in_memory, open_plain, open_unpacked, read_packed, unpack

_HEAD_BYTES = 4096
_PIECE_BYTES = 1 << 18


class SourceFile:
    """One file of a source, read and unpacked on first use.

    A large file is read through `open`, a small one whole through `data`. A source that is a
    folder of small files (or a tar or zip of them) is one `SourceFile` too: read it through
    `kgsynth.sources.archives.members`.

    Attributes:
        file: Where it is, for messages and the manifest.
        role: What it is to its loader: ``edges``, ``nodes`` …; "" where there is one role only.
    """

    __slots__ = ("_data", "_raw", "_sha256", "file", "role")

    def __init__(
        self, file: Path, data: bytes | None = None, sha256: str = "", *, role: str = ""
    ) -> None:
        """Note where a file is; nothing is read yet.

        Args:
            file: Where it is.
            data: Its unpacked bytes where they are at hand, taken as they are.
            sha256: Of the file as it lies on disk, where it is known.
            role: What it is to its loader.
        """
        self.file = file
        self.role = role
        self._raw = data
        self._data = data
        self._sha256 = sha256

    def __repr__(self) -> str:
        return f"SourceFile({str(self.file)!r}, {self.role!r})"

    @property
    def raw(self) -> bytes:
        """The unpacked bytes, whatever they are: text in any encoding, or binary.

        Raises:
            SourceError: If the file is absent, damaged, truncated, or a bomb.
        """
        if self._raw is None:
            packed = read_packed(self.file)
            self._sha256 = self._sha256 or hashlib.sha256(packed).hexdigest()
            self._raw = unpack(self.file, packed)
        return self._raw

    @property
    def data(self) -> bytes:
        """The unpacked bytes of a UTF-8 text, after the checks that hold for every format.

        Raises:
            SourceError: If the file is absent, empty, truncated, damaged, binary, or a web page.
        """
        if self._data is None:
            raw = self.raw
            check_text(self.file, raw)
            self._data = raw
        return self._data

    @property
    def sha256(self) -> str:
        """SHA-256 of the file as it lies on disk; of a folder, of its names and contents."""
        if not self._sha256:
            self._sha256 = _folder_sha256(self.file) if self.file.is_dir() else _sha256(self.file)
        return self._sha256

    @property
    def sha256_raw(self) -> str:
        """SHA-256 of the unpacked bytes, as manifests pin it."""
        if self._raw is not None:
            return hashlib.sha256(self._raw).hexdigest()
        if self.file.is_dir():
            return self.sha256
        with self.open() as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()

    def open(self) -> io.BufferedReader:
        """Open it as a buffered stream of unpacked bytes.

        Raises:
            SourceError: As `raw`, also while reading.
        """
        return open_unpacked(self.file) if self._raw is None else in_memory(self._raw)

    def forget(self) -> None:
        """Let go of the bytes; they are read again when somebody asks."""
        self._raw = self._data = None


def check_text(file: Path, data: bytes) -> None:
    """Refuse what is no text: empty, binary, a web page, or not UTF-8.

    Raises:
        SourceError: With the line where that is known.
    """
    head = data[:_HEAD_BYTES]
    if not head.strip() and not data.strip():
        raise SourceError(f"{file}: the file is empty")
    if b"\x00" in head:
        raise SourceError(f"{file}: the file is binary, expected text (plain, gzip, bzip2 or xz)")
    refuse_web_page(file, head)
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


def refuse_web_page(file: Path, head: bytes) -> None:
    """Refuse a file whose first bytes are those of a web page.

    Raises:
        SourceError: If they are.
    """
    opening = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if opening.startswith((b"<!doctype html", b"<html")):
        raise SourceError(
            f"{file}: the file is a web page (an error page saved in place of the data?); "
            "fetch it again"
        )


def line_of(data: bytes, offset: int) -> int:
    """Return the one-based number of the line that holds the byte at `offset`."""
    return data.count(b"\n", 0, offset) + 1


def _sha256(file: Path) -> str:
    with open_plain(file) as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _folder_sha256(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in files_below(folder):
        digest.update(f"{file.relative_to(folder).as_posix()}\n{_sha256(file)}\n".encode())
    return digest.hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Return the plain files below a folder in the order of their names, hidden ones left out.

    Raises:
        SourceError: If there are more than a million: not a folder of data.
    """
    found: list[Path] = []
    for file in folder.rglob("*"):
        if not file.name.startswith(".") and file.is_file():
            found.append(file)
        if len(found) > 1_000_000:
            raise SourceError(f"{folder}: more than a million files; name the folder of the data")
    return sorted(found)
