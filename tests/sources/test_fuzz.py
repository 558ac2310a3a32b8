"""Whatever bytes a source file holds: rows and rejections, or one line; never a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgsynth.errors import SourceError
from kgsynth.sources import hpo_genes, hpoa, obo
from kgsynth.sources.base import Loader
from kgsynth.sources.files import read_file, read_manifest
from tests.sources.test_hpo_genes import NAMES as GENE_NAMES
from tests.sources.test_hpo_genes import ROWS
from tests.sources.test_hpoa import GOOD, HEAD, NAMES
from tests.sources.test_obo import HEAD as OBO_HEAD
from tests.sources.test_obo import SEIZURE

CASES = {
    "hpo": (obo.load, OBO_HEAD + SEIZURE),
    "hpoa": (hpoa.load, HEAD + NAMES + GOOD * 3),
    "hpo-genes": (hpo_genes.load, GENE_NAMES + ROWS),
}
PIECES = st.sampled_from(
    [b"", b"\n", b"\t", b"\r", b"\\", b'"', b"[", b"{", b"}", b":", b"\x00", b"\xff", b"\xc2\xa0"]
)


@pytest.mark.parametrize("name", list(CASES))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), PIECES), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, name: str, damages: list[tuple[float, int, bytes]]
) -> None:
    load, text = CASES[name]
    data = text.encode()
    for place, length, piece in damages:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    _read(load, tmp_path / "source", data, name)


def _read(load: Loader, file: Path, data: bytes, name: str) -> None:
    file.write_bytes(data)
    try:
        found = load((read_file(file),), read_manifest(name))
    except SourceError as error:
        message = str(error)
    else:
        message = f"{file}"
        for tally in found.tallies:
            assert tally.read == tally.loaded + tally.merged + tally.rejected
    assert message.startswith(str(file))
    assert "\n" not in message
