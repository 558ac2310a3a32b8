"""Archives: what escapes, links, devices and bombs are refused; nothing is written to disk."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import archives, unpack
from kgsynth.sources.files import members, read_file
from kgsynth.sources.source_file import SourceFile

PACKETS = {"json/558.json": b'{"Orphanumber": 558}', "json/586.json": b'{"Orphanumber": 586}'}


def tar(contents: dict[str, bytes], *odd: tarfile.TarInfo) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for info in odd:
            archive.addfile(info)
    return packed.getvalue()


def zipped(contents: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return packed.getvalue()


def flipped(packed: bytes, at: int) -> bytes:
    return packed[:at] + bytes([packed[at] ^ 0xFF]) + packed[at + 1 :]


def odd(name: str, kind: bytes, to: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = to
    return info


def written(folder: Path, content: bytes) -> SourceFile:
    file = folder / "packets"
    file.write_bytes(content)
    return SourceFile(file)


@pytest.mark.parametrize(
    "packed",
    [
        tar(PACKETS),
        gzip.compress(tar(PACKETS)),
        bz2.compress(tar(PACKETS)),
        lzma.compress(tar(PACKETS)),
        zipped(PACKETS),
    ],
    ids=["tar", "tar.gz", "tar.bz2", "tar.xz", "zip"],
)
def test_an_archive_is_gone_through_member_by_member(tmp_path: Path, packed: bytes) -> None:
    assert dict(members(written(tmp_path, packed))) == PACKETS
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_is_an_archive_that_was_unpacked(tmp_path: Path) -> None:
    for name, content in PACKETS.items():
        file = tmp_path / f"{name}.gz"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(gzip.compress(content, mtime=0))
    found = {name.removesuffix(".gz"): content for name, content in members(SourceFile(tmp_path))}
    assert found == PACKETS
    assert len(SourceFile(tmp_path).sha256) == 64


ONE = {"good.json": b"{}"}
WRONG: dict[str, tuple[bytes, str]] = {
    "above": (tar({"../evil": b"x"}), "'../evil' lies outside"),
    "inside and above": (tar({"a/../../evil": b"x"}), "lies outside"),
    "absolute": (tar({"/etc/passwd": b"x"}), "lies outside"),
    "a drive": (zipped({"C:\\evil": b"x"}), "lies outside"),
    "above, zip": (zipped({"../evil": b"x"}), "lies outside"),
    "backslashes": (zipped({"..\\evil": b"x"}), "lies outside"),
    "a link": (tar(ONE, odd("link", tarfile.SYMTYPE, "/etc/passwd")), "'link' is a link"),
    "a hard link": (tar(ONE, odd("link", tarfile.LNKTYPE, "good.json")), "is a link"),
    "a device": (tar(ONE, odd("zero", tarfile.CHRTYPE)), "is no plain file"),
    "a pipe": (tar(ONE, odd("pipe", tarfile.FIFOTYPE)), "is no plain file"),
    "cut": (gzip.compress(tar(PACKETS))[:-20], "damaged or truncated"),
    "cut tar": (tar(PACKETS)[:700], "damaged or truncated"),
    "cut zip": (zipped(PACKETS)[:-30], "damaged or truncated"),
    "flipped": (flipped(zipped(PACKETS), 45), "damaged or truncated archive (Bad CRC-32"),
    "no archive": (b"HP:0000118\tx\n" * 100, "no archive"),
    "a web page": (b"<!DOCTYPE html><html></html>", "the file is a web page"),
    "nothing": (b"", "no archive"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_an_archive_is_one_line(tmp_path: Path, case: str) -> None:
    packed, message = WRONG[case]
    source = written(tmp_path, packed)
    with pytest.raises(SourceError) as error:
        list(members(source))
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_in_a_zip_and_an_encrypted_member_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(SourceError, match="is a link or device"):
        list(members(written(tmp_path, packed.getvalue())))
    locked = bytearray(zipped(ONE))
    locked[6] |= 1  # the flag in the member's own header
    locked[locked.index(b"PK\x01\x02") + 8] |= 1  # and in the table of contents
    with pytest.raises(SourceError, match="is encrypted"):
        list(members(written(tmp_path, bytes(locked))))


# ---- bombs: bounds made small, so that a test need not fill the memory ----------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "FREE", 1 << 20)
    monkeypatch.setattr(unpack, "RATIO", 10)


ZEROS = bytes(8 << 20)
BOMBS: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(ZEROS),
    "bzip2": lambda: bz2.compress(ZEROS),
    "xz": lambda: lzma.compress(ZEROS),
    "gzip in a row": lambda: gzip.compress(ZEROS[: 1 << 19]) * 16,
    "tar.gz": lambda: gzip.compress(tar({"zeros": ZEROS})),
    "tar.xz": lambda: lzma.compress(tar({str(at): ZEROS[: 1 << 19] for at in range(16)})),
    "zip": lambda: zipped({"zeros": ZEROS}),
}


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused(tmp_path: Path, kind: str) -> None:
    source = written(tmp_path, BOMBS[kind]())
    with pytest.raises(SourceError, match=r"unpacks to more than 1 MiB"):
        list(members(source)) if kind[:3] in ("tar", "zip") else read_file(source.file)


@pytest.mark.usefixtures("small")
def test_a_bomb_is_refused_while_it_is_streamed(tmp_path: Path) -> None:
    source = written(tmp_path, gzip.compress(ZEROS))
    with source.open() as stream:
        read = len(stream.read(1 << 19))
        with pytest.raises(SourceError, match="an archive bomb"):
            stream.read()
    assert read == 1 << 19


@pytest.mark.usefixtures("small")
def test_what_packs_well_and_no_more_than_that_is_read(tmp_path: Path) -> None:
    text = b"".join(b"HP:%07d\tis_a\tHP:%07d\n" % (at, at // 2) for at in range(100_000))
    source = written(tmp_path, gzip.compress(text))
    assert source.data == text
    with source.open() as stream:
        assert stream.read() == text


def test_a_member_too_large_to_read_whole_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MEMBER_LIMIT", 10)
    with pytest.raises(SourceError, match=r"558\.json: unpacks to more than"):
        list(members(written(tmp_path, tar(PACKETS))))


def test_a_pipe_or_device_is_refused_before_it_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for endless in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(SourceError, match="a pipe, socket or device"):
            read_file(endless)


def test_a_checksum_is_of_the_packed_file_and_one_of_what_is_inside(tmp_path: Path) -> None:
    packed = gzip.compress(b"id\n", mtime=0)
    source = written(tmp_path, packed)
    plain = SourceFile(tmp_path / "plain")
    plain.file.write_bytes(b"id\n")
    assert source.sha256 != plain.sha256
    assert source.sha256_raw == plain.sha256_raw == plain.sha256
    before = source.sha256
    assert source.data == b"id\n"
    assert source.sha256 == before
    source.forget()
    assert source.data == b"id\n"
