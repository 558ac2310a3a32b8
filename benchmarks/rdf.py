"""Reading RDF/XML, inside one process, imports left out: kgsynth (Oxigraph behind a guard), rdflib.

Both must give the same number of triples. The files are those of the folder of real data.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import CHECKOUT, BenchmarkError, Result, Setting, alternate, at_least, timed

_DATA = CHECKOUT.parent / "shared" / "data"
_FILES = ("hpo/hp-de.babelon.owl.xz", "mondo/mondo-tags.owl.gz", "doid/symp_import.owl.gz")
_TIMES = 10.0


def measure(setting: Setting) -> Iterator[Result]:
    """Measure both readers on each file, from its unpacked bytes to a collection of triples."""
    found = [_DATA / name for name in _FILES if (_DATA / name).exists()]
    if not found:
        raise BenchmarkError(f"no RDF/XML under {_DATA}")
    for file in found:
        yield _compared(setting, file)


def _compared(setting: Setting, file: Path) -> Result:
    import rdflib

    from kgsynth.sources.oxigraph import read_triples
    from kgsynth.sources.rdf_guard import guard
    from kgsynth.sources.source_file import SourceFile

    source = SourceFile(file)
    counts = (
        len(list(read_triples(source, guard(source)))),
        len(rdflib.Graph().parse(data=source.data, format="xml")),
    )
    if counts[0] != counts[1]:
        raise BenchmarkError(f"{file.name}: {counts[0]} triples, rdflib reads {counts[1]}")
    ours, peer = alternate(
        setting.rounds,
        lambda: timed(lambda: list(read_triples(source, guard(source)))),
        lambda: timed(lambda: rdflib.Graph().parse(data=source.data, format="xml")),
    )
    times = peer.seconds / ours.seconds
    goal, met = at_least(times, _TIMES, "times rdflib")
    return Result(
        name=f"read {file.name.partition('.owl')[0]}.owl, {counts[0]:,} triples",
        value=ours.seconds,
        unit="s",
        peer="rdflib",
        ratio=times,
        goal=goal,
        met=met,
        peer_value=peer.seconds,
        spread=ours.spread,
    )
