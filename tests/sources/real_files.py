"""The real files of a source, where the folder of data stands beside the checkout."""

from pathlib import Path

import pytest

from kgsynth.sources.files import read_manifest
from kgsynth.sources.manifests import Manifest
from kgsynth.sources.source_file import SourceFile

FOLDER = Path(__file__).parents[3] / "shared" / "data"
_ENDINGS = ("", ".gz", ".xz")


def real_files(name: str) -> tuple[tuple[SourceFile, ...], Manifest]:
    """Return the files that a manifest names; skip the test where one is absent."""
    manifest = read_manifest(name)
    files = []
    for part in manifest.parts:
        found = [
            file
            for ending in _ENDINGS
            for file in (FOLDER.rglob(part.name + ending) if FOLDER.is_dir() else ())
        ]
        if not found:
            pytest.skip(f"the folder of real data has no {part.name}")
        files.append(SourceFile(found[0], role=part.role))
    return tuple(files), manifest


def assert_pinned(name: str) -> None:
    """Hold the real files against the checksums and sizes of the manifest."""
    files, manifest = real_files(name)
    for one, part in zip(files, manifest.parts, strict=True):
        assert one.sha256_raw == part.sha256
        assert len(one.data) == part.size
