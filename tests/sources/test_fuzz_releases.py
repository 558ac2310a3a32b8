"""Releases of several files: whatever becomes of one of them, counts or one line of words."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kgsynth.errors import SourceError
from kgsynth.sources import mondo_release, orphadata, orphanet, sssom
from kgsynth.sources.base import Loader, SourceFile
from kgsynth.sources.files import read_manifest
from tests.sources import test_mondo_release as release
from tests.sources import test_orphadata as products
from tests.sources import test_orphanet as tables
from tests.sources import test_sssom as mappings
from tests.sources.test_fuzz import SPOILED

#: Source -> loader, and what good files hold, by role ("0", "1" where they go by their order).
GOOD: dict[str, tuple[Loader, Mapping[str, str]]] = {
    "sssom": (sssom.load, {"0": mappings.HEAD + mappings.NAMES + mappings.GOOD * 2}),
    "mondo-release": (
        mondo_release.load,
        {
            "edges": release.head(mondo_release.EDGES) + release.EDGES,
            "labels": release.head(mondo_release.LABELS) + release.LABELS,
            "subsets": release.head(mondo_release.SUBSETS) + release.SUBSETS,
            "xrefs": release.head(mondo_release.XREFS) + release.XREFS,
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
}
#: XML of ten megabytes takes a second each; tests of Orphadata have hypothesis instead.
CASES = [
    (name, role, spoil)
    for name, (_, parts) in GOOD.items()
    for role in parts
    for spoil in SPOILED
    if "10 MB" not in spoil or name in ("sssom", "mondo-release")
]


@pytest.mark.parametrize(("name", "role", "spoil"), CASES)
def test_a_release_with_a_spoiled_file_is_read_or_refused(
    tmp_path: Path, name: str, role: str, spoil: str
) -> None:
    load, parts = GOOD[name]
    files = []
    for own, text in parts.items():
        data = text.encode()
        file = tmp_path / f"{own}.txt"
        file.write_bytes(SPOILED[spoil](data) if own == role else data)
        files.append(SourceFile(file, role="" if own.isdigit() else own))
    try:
        found = load(tuple(files), read_manifest(name))
    except SourceError as error:
        message = str(error)
        assert message.startswith(str(tmp_path))
        assert "\n" not in message
    else:
        for tally in found.tallies:
            assert tally.read == tally.loaded + tally.merged + tally.rejected
