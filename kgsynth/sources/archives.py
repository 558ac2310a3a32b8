"""Go through a tar, a zip or a folder of small files, without ever writing one to disk.

Members that name a place outside (``../x``, ``/etc/x``), links, devices and encrypted members are
refused, and so are bombs: what comes out is bounded as `unpack` bounds a single file.
"""

import io
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self

from kgsynth.errors import SourceError
from kgsynth.sources.source_file import SourceFile, files_below, refuse_web_page
from kgsynth.sources.unpack import LIMIT, allowed, bomb, damaged, open_plain

#: Most members of an archive.
MOST_MEMBERS = 2_000_000
#: Most bytes of one member that is read whole.
MEMBER_LIMIT = 1 << 30

_BUFFER = 1 << 16
_ZIP = b"PK\x03\x04"
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


def members(source: SourceFile) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file in an archive or folder.

    Args:
        source: A tar (plain, gzip, bzip2 or xz), a zip, or a folder.

    Yields:
        The name as the archive has it (``json/ORPHApacket_558.json``) and the whole content, in
        the order of the archive; for a folder, in the order of the names.

    Raises:
        SourceError: If it is no archive, damaged, a bomb, or has a member that is refused.
    """
    for name, handle in open_members(source):
        data = handle.read(MEMBER_LIMIT + 1)
        if len(data) > MEMBER_LIMIT:
            raise bomb(source.file / name, MEMBER_LIMIT)
        yield name, data


def open_members(source: SourceFile) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and stream of every file in an archive or folder; see `members`.

    A stream is to be read before the next one is asked for.
    """
    if source.file.is_dir():
        yield from _folder(source.file)
        return
    with open_plain(source.file) as handle:
        is_zip = handle.read(len(_ZIP)) == _ZIP
    try:
        for name, member in _zip(source.file) if is_zip else _tar(source):
            yield name, io.BufferedReader(_Member(source.file, member), _BUFFER)
    except SourceError:
        raise
    except _BROKEN as error:
        raise damaged(source.file, error) from None


def _folder(folder: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for file in files_below(folder):
        with SourceFile(file).open() as handle:
            yield file.relative_to(folder).as_posix(), handle


def _tar(source: SourceFile) -> Iterator[tuple[str, IO[bytes]]]:
    with source.open() as stream:
        head = stream.peek(512)[:512] if hasattr(stream, "peek") else b""
        refuse_web_page(source.file, head)
        try:
            archive = tarfile.open(  # noqa: SIM115
                fileobj=stream, mode="r|", encoding="utf-8", tarinfo=_StrictTarInfo
            )
        except tarfile.ReadError:
            raise SourceError(
                f"{source.file}: no archive; expected a tar (plain, gzip, bzip2 or xz) or a zip"
            ) from None
        with archive:
            for number, member in enumerate(archive):
                archive.members = []  # type: ignore[attr-defined]  # or every header stays in memory
                if number >= MOST_MEMBERS:
                    raise bomb(source.file, 0)
                if member.isdir():
                    continue
                _check_tar(source.file, member)
                handle = archive.extractfile(member)
                if handle is not None:
                    yield member.name, handle


class _StrictTarInfo(tarfile.TarInfo):
    """A member's header; one that is damaged or cut off is an error.

    The library takes it for the end of the archive, and every member after it would be lost in
    silence.
    """

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> Self:
        """Read the next header."""
        try:
            return super().fromtarfile(archive)
        except tarfile.HeaderError as error:
            if type(error).__name__ == "EOFHeaderError":  # the mark at the end
                raise
            raise tarfile.ReadError(f"a header of a member: {error}") from None


def _check_tar(file: Path, member: tarfile.TarInfo) -> None:
    _check_name(file, member.name)
    if member.issym() or member.islnk():
        raise _refused(file, member.name, "is a link")
    if not member.isreg():
        raise _refused(file, member.name, "is no plain file (a device or pipe)")
    if member.issparse():
        raise _refused(file, member.name, "is a sparse file")


def _zip(file: Path) -> Iterator[tuple[str, IO[bytes]]]:
    most = allowed(file.stat().st_size, LIMIT)
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        total = sum(info.file_size for info in infos)
        if len(infos) > MOST_MEMBERS or total > most:
            raise bomb(file, most)
        for info in infos:
            if info.is_dir():
                continue
            _check_zip(file, info)
            with archive.open(info) as handle:  # stops at the size that the header states
                yield info.filename, handle


def _check_zip(file: Path, info: zipfile.ZipInfo) -> None:
    _check_name(file, info.filename)
    kind = info.external_attr >> 16
    if kind and stat.S_IFMT(kind) not in (0, stat.S_IFREG):
        raise _refused(file, info.filename, "is a link or device")
    if info.flag_bits & 0x1:
        raise _refused(file, info.filename, "is encrypted")


def _check_name(file: Path, name: str) -> None:
    way = PurePosixPath(name.replace("\\", "/"))
    if way.is_absolute() or ".." in way.parts or name[1:2] == ":" or "\x00" in name:
        raise _refused(file, name, "lies outside of the archive")


def _refused(file: Path, name: str, why: str) -> SourceError:
    return SourceError(
        f"{file}: member {name!r} {why}; refused, take the archive from its own home again"
    )


class _Member(io.RawIOBase):
    """A member of an archive, whose errors are worded while somebody else reads it."""

    def __init__(self, file: Path, inner: IO[bytes]) -> None:
        self._file, self._inner = file, inner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._inner.read(len(buffer))
        except SourceError:
            raise
        except _BROKEN as error:
            raise damaged(self._file, error) from None
        buffer[: len(piece)] = piece
        return len(piece)
