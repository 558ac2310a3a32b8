"""Whatever bytes a source file holds: rows and rejections, or one line; never a traceback."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgsynth.errors import SourceError
from kgsynth.sources import (
    doid,
    drugcentral,
    drugmechdb,
    hpo_genes,
    hpoa,
    indications,
    lay_synonyms,
    maxo,
    obo,
    obographs,
    rdf,
    reactome,
    translations,
)
from kgsynth.sources.base import LONGEST_DETAIL, Loader
from kgsynth.sources.files import read_file, read_manifest
from tests.sources.real_files import real_files
from tests.sources.test_doid import TERMS
from tests.sources.test_drug_tables import ACTIONS, DRUGS, PAIRS, PATHWAYS
from tests.sources.test_drugmechdb import PATHS
from tests.sources.test_hpo_genes import NAMES as GENE_NAMES
from tests.sources.test_hpo_genes import ROWS
from tests.sources.test_hpoa import GOOD, HEAD, NAMES
from tests.sources.test_obo import HEAD as OBO_HEAD
from tests.sources.test_obo import SEIZURE
from tests.sources.test_obo_ontologies import HEART, XREFS
from tests.sources.test_obographs import CARCINOMA
from tests.sources.test_rdf import JSON_LD as RDF_JSON
from tests.sources.test_rdf import TURTLE as RDF_TURTLE
from tests.sources.test_rdf import XML as RDF_XML
from tests.sources.test_translations import FRENCH, GERMAN, LAY

CASES = {
    "rdf": (rdf.load, RDF_TURTLE),
    "symp": (rdf.load, RDF_XML),
    "go-slim": (rdf.load, RDF_JSON),
    "hpo": (obo.load, OBO_HEAD + SEIZURE),
    "hpoa": (hpoa.load, HEAD + NAMES + GOOD * 3),
    "hpo-genes": (hpo_genes.load, GENE_NAMES + ROWS),
    "drugmechdb": (drugmechdb.load, PATHS),
    "reactome": (reactome.load, PATHWAYS),
    "drugcentral": (drugcentral.load, DRUGS),
    "indications": (indications.load, PAIRS),
    "maxo-annotations": (maxo.load, ACTIONS),
    "uberon": (obo.load, HEART),
    "doid-rare": (obo.load, XREFS),
    "obographs": (obographs.load, json.dumps(CARCINOMA, indent=1)),
    "doid": (doid.load, TERMS),
    "hp-translations": (translations.load, GERMAN),
    "hp-translations:fr": (translations.load, FRENCH),
    "hp-lay": (lay_synonyms.load, LAY),
}
#: What becomes of a whole file on its way.
SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "one byte": lambda data: data[:1],
    "CRLF": lambda data: data.replace(b"\n", b"\r\n"),
    "CR": lambda data: data.replace(b"\n", b"\r"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "Latin-1": lambda data: data.replace(b"e", "é".encode("latin-1")),
    "NUL": lambda data: data[:-9] + b"\x00" + data[-9:],
    "commas": lambda data: data.replace(b"\t", b",").replace(b": ", b",").replace(b"|", b","),
    "semicolons": lambda data: data.replace(b"\t", b";").replace(b",", b";"),
    "blank lines": lambda data: data.replace(b"\n", b"\n\n"),
    "a line of 10 MB": lambda data: data.replace(b"a", b"a" * 10_000_000, 1),
    "10 MB of tabs": lambda data: data + b"\t" * 10_000_000,
    "brackets": lambda data: data + b"\nname: " + b"[{" * 50_000,
    "web page": lambda data: b"<!doctype html><title>502 Bad Gateway</title>" + data,
    "right to left": lambda data: data.replace(b"a", "\u202ea\u200f".encode()),
    "control characters": lambda data: data.replace(b"a", b"a\x1b\x07"),
}
PIECES = st.sampled_from(
    [b"", b"\n", b"\t", b"\r", b"\\", b'"', b"[", b"{", b"}", b":", b"\x00", b"\xff", b"\xc2\xa0"]
)


@pytest.mark.parametrize("name", list(CASES))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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


@pytest.mark.parametrize("spoil", list(SPOILED))
@pytest.mark.parametrize("name", list(CASES))
def test_a_spoiled_file_is_read_or_refused(tmp_path: Path, name: str, spoil: str) -> None:
    load, text = CASES[name]
    _read(load, tmp_path / "source", SPOILED[spoil](text.encode()), name)


@pytest.mark.parametrize(
    "name",
    [
        *("drugmechdb", "reactome", "drugcentral", "maxo-annotations"),
        *("uberon", "doid-rare", "doid", "hp-translations", "hp-lay"),
    ],
)
def test_a_real_file_with_flipped_bytes_is_read_or_refused(tmp_path: Path, name: str) -> None:
    files, _ = real_files(name)
    piece = bytearray(files[0].data[:20_000])
    rng = random.Random(name)
    for _ in range(20):
        for _ in range(5):
            piece[rng.randrange(len(piece))] ^= 1 << rng.randrange(8)
        _read(CASES[name][0], tmp_path / "source", bytes(piece), name)


def _read(load: Loader, file: Path, data: bytes, name: str) -> None:
    file.write_bytes(data)
    try:
        found = load((read_file(file),), read_manifest(name.partition(":")[0]))
    except SourceError as error:
        message = str(error)
    else:
        message = f"{file}"
        assert max(map(len, found.rejections.details), default=0) <= LONGEST_DETAIL
        for tally in found.tallies:
            assert tally.read == tally.loaded + tally.merged + tally.rejected
    assert message.startswith(str(file))
    assert "\n" not in message
    assert len(message) < len(str(file)) + LONGEST_DETAIL
