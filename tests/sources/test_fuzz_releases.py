"""Releases of several files: whatever becomes of one of them, counts or one line of words."""

import functools
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import (
    SOURCES,
    mondo,
    mondo_release,
    mondo_tables,
    orphadata,
    orphanet,
    orphapackets,
    pyobo_source,
    sssom,
    umls,
)
from kgsynth.sources.base import LONGEST_DETAIL, Loader, Manifest, SourceData, SourceFile
from kgsynth.sources.files import read_manifest
from tests.sources import test_fuzz, test_graph_formats_fuzz
from tests.sources import test_mondo_release as release
from tests.sources import test_orphadata as products
from tests.sources import test_orphanet as tables
from tests.sources import test_orphapackets as packets
from tests.sources import test_sssom as mappings
from tests.sources import test_umls as concepts
from tests.sources.test_fuzz import SPOILED
from tests.sources.test_pyobo import ONTOLOGY


@functools.wraps(pyobo_source.load)
def _from_cache(files: tuple[SourceFile, ...], manifest: Manifest) -> SourceData:
    """Read what pyobo made before; `files` lie where its cache would have them."""
    own = replace(manifest, settings={**manifest.settings, "own_name": "mondo"})
    with mock.patch.object(pyobo_source, "cache_home", return_value=files[0].file.parent.parent):
        return pyobo_source.load((), own)


#: Source -> loader, and what good files hold, by role ("0", "1" where they go by their order).
GOOD: dict[str, tuple[Loader, Mapping[str, str]]] = {
    "sssom": (sssom.load, {"0": mappings.HEAD + mappings.NAMES + mappings.GOOD * 2}),
    "mondo": (
        mondo.load,
        {
            "0": "id\tlabel\trare\tunfit\tsynonyms\nMONDO:1\ta disease\t1\tgroup|series\tx|y\n",
            "1": "child\tparent\nMONDO:2\tMONDO:1\n",
            "2": "mondo\texact\nMONDO:1\tOMIM:1\n",
        },
    ),
    "mondo-release": (
        mondo_release.load,
        {
            "edges": release.head(mondo_tables.EDGES) + release.EDGES,
            "labels": release.head(mondo_tables.LABELS) + release.LABELS,
            "subsets": release.head(mondo_tables.SUBSETS) + release.SUBSETS,
            "xrefs": release.head(mondo_tables.XREFS) + release.XREFS,
            "tags": release.TAGS,
        },
    ),
    "orphanet": (
        orphanet.load,
        {
            "0": (tables.DISORDERS + tables.ROW).decode(),
            "1": (tables.GENES + tables.LINK).decode(),
        },
    ),
    "orphadata-genes": (orphadata.load_genes, {"genes": products.GENES}),
    "orphadata-mappings": (orphadata.load_mappings, {"mappings": products.MAPPINGS}),
    "orphadata-phenotypes": (orphadata.load_phenotypes, {"phenotypes": products.PHENOTYPES}),
    "orphadata-prevalence": (
        orphadata.load_prevalence,
        {"prevalence": products.PREVALENCE, "ages": products.AGES},
    ),
    "orphapackets": (
        orphapackets.load,
        {
            "0": packets.archive({"324.json": packets.FABRY}).decode(),  # the archive is spoiled
            "json": json.dumps({"Orphapacket": packets.FABRY}, indent=1),  # a member of it
            "yaml": "Orphapacket:\n  ORPHAcode: 324\n  Label: Fabry disease\n  Parents: []\n",
        },
    ),
    "pyobo": (_from_cache, {"0": ONTOLOGY}),
    "umls": (
        umls.load,
        {
            "concepts": concepts.CONCEPTS,
            "types": concepts.TYPES,
            "relations": concepts.RELATIONS,
            "attributes": concepts.ATTRIBUTES,
        },
    ),
}
#: Roles that one loader reads, each from a file of its own; none needs the others.
ALONE = {"orphapackets": ("json", "yaml")}
PARTS = [(name, role) for name, (_, parts) in GOOD.items() for role in parts]


@pytest.mark.parametrize("spoil", list(SPOILED))
@pytest.mark.parametrize(("name", "role"), PARTS)
def test_a_release_with_a_spoiled_file_is_read_or_refused(
    tmp_path: Path, name: str, role: str, spoil: str
) -> None:
    _read(tmp_path, name, role, SPOILED[spoil](GOOD[name][1][role].encode()))


@pytest.mark.parametrize(("name", "role"), PARTS)
def test_a_release_with_flipped_bytes_is_read_or_refused(
    tmp_path: Path, name: str, role: str
) -> None:
    chance = random.Random(name + role)
    for _ in range(8):
        data = bytearray(GOOD[name][1][role].encode())
        for _ in range(3):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        _read(tmp_path, name, role, bytes(data))


def test_every_loader_is_fuzzed() -> None:
    loads = [load for load, _ in (*GOOD.values(), *test_fuzz.CASES.values())]
    loads += [case[0] for case in test_graph_formats_fuzz.CASES.values()]
    fuzzed = {f"{load.__module__}:{load.__name__}" for load in loads}
    assert fuzzed == set(SOURCES.values()), "a new loader needs a line in a table of good files"


def _read(folder: Path, name: str, role: str, data: bytes) -> None:
    """Read a release of which one file holds `data`."""
    load, parts = GOOD[name]
    files = []
    for own, text in parts.items():
        if name == "orphapackets" and own != role:
            continue
        content = data if own == role else text.encode()
        if own in ALONE.get(name, ()):
            content = packets.archive({f"324.{own}": content})
        file = folder / name / f"{'mondo.obo' if name == 'pyobo' else own}"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        files.append(SourceFile(file, role="" if own.isdigit() or name in ALONE else own))
    try:
        found = load(tuple(files), read_manifest(name))
    except SourceError as error:
        message = str(error)
        assert message.startswith(str(folder))
        assert "\n" not in message
        assert len(message) < len(str(folder)) + LONGEST_DETAIL
    else:
        assert max(map(len, found.rejections.details), default=0) <= LONGEST_DETAIL
        for tally in found.tallies:
            assert tally.read == tally.loaded + tally.merged + tally.rejected
