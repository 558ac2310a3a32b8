"""Readers of whole graphs, and whatever bytes they get: records, or one line of words."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kgsynth.errors import SourceError
from kgsynth.sources import kgx, primekg, umls
from kgsynth.sources.base import LONGEST_DETAIL, Manifest, SourceData, SourceFile
from kgsynth.sources.files import read_manifest
from tests.sources.real_files import FOLDER
from tests.sources.test_fuzz import PIECES, SPOILED
from tests.sources.test_kgx import EDGES, NODES
from tests.sources.test_primekg import DRUG, FABRY, GLA, HEAD, rows
from tests.sources.test_umls import CONCEPTS

NODE = {"id": "MONDO:1", "name": "a disease", "category": ["biolink:Disease"], "same_as": ["X:1"]}
EDGE = {"subject": "MONDO:1", "predicate": "biolink:related_to", "object": "HP:2", "negated": True}
Load = Callable[[tuple[SourceFile, ...], Manifest], SourceData]
#: Name -> loader, manifest, role of the file, what a good file holds.
CASES: dict[str, tuple[Load, str, str, str]] = {
    "nodes.tsv": (kgx.load, "kgx", "", NODES),
    "edges.tsv": (kgx.load, "kgx", "", EDGES * 3),
    "edges.csv": (kgx.load, "kgx", "", EDGES.replace("\t", ",")),
    "graph.jsonl": (kgx.load, "kgx", "", f"{json.dumps(NODE)}\n{json.dumps(EDGE)}\n"),
    "graph.json": (kgx.load, "kgx", "", json.dumps({"nodes": [NODE], "edges": [EDGE]}, indent=1)),
    "kg.csv": (
        primekg.load,
        "primekg",
        "",
        HEAD
        + rows("indication", "indication", DRUG, FABRY)
        + rows("disease_protein", "associated with", FABRY, GLA),
    ),
    "MRCONSO.RRF": (umls.load, "umls", "concepts", CONCEPTS),
}
REAL = ("kgx/graph_edges.tsv.gz", "kgx/valid.json.gz", "kgx/valid_nodes.jsonl.gz")


def check(name: str, file: Path, data: bytes) -> None:
    """Read some bytes as a case: a graph that is counted, or an error in one line."""
    load, manifest, role, _ = CASES[name]
    file.write_bytes(data)
    message, places = f"{file}", [f"{file}"]
    try:
        found = load((SourceFile(file, role=role),), read_manifest(manifest))
    except SourceError as error:
        message = str(error)
    else:
        places = found.rejections.places
        assert max(map(len, found.rejections.details), default=0) <= LONGEST_DETAIL
        assert all(one.read == one.loaded + one.merged + one.rejected for one in found.tallies)
    assert message.startswith(str(file))
    assert "\n" not in message
    assert len(message) < len(str(file)) + LONGEST_DETAIL
    assert all(place.startswith(str(file)) for place in places)


@pytest.mark.parametrize("spoil", list(SPOILED))
@pytest.mark.parametrize("name", list(CASES))
def test_a_spoiled_graph_is_read_or_refused(tmp_path: Path, name: str, spoil: str) -> None:
    check(name, tmp_path / "source", SPOILED[spoil](CASES[name][3].encode()))


@pytest.mark.parametrize("name", list(CASES))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), PIECES), min_size=1, max_size=5))
def test_a_damaged_graph_is_read_or_refused(
    tmp_path: Path, name: str, damages: list[tuple[float, int, bytes]]
) -> None:
    data = CASES[name][3].encode()
    for place, length, piece in damages:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    check(name, tmp_path / "source", data)


@pytest.mark.parametrize("path", REAL)
def test_a_real_graph_with_flipped_bytes_is_read_or_refused(tmp_path: Path, path: str) -> None:
    if not (FOLDER / path).is_file():
        pytest.skip(f"the folder of real data has no {path}")
    whole = SourceFile(FOLDER / path).data[:8_000]
    chance = random.Random(path)
    for _ in range(15):
        piece = bytearray(whole)
        for _ in range(5):
            piece[chance.randrange(len(piece))] ^= 1 << chance.randrange(8)
        check("edges.tsv", tmp_path / "source", bytes(piece))
