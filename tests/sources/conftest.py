"""Small source files written on the spot."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kgsynth.sources.base import SourceFile
from kgsynth.sources.files import read_file

Write = Callable[[str, str], SourceFile]


@pytest.fixture
def source(tmp_path: Path) -> Write:
    """Return a function that writes a file and reads it as a source."""

    def write(name: str, text: str) -> SourceFile:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return read_file(file)

    return write
