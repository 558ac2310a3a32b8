"""Build the synthetic graph straight from memory: what the builder costs, without a reader.

python -m benchmarks.synthetic_build FOLDER [--share 1.0] [--seed 0]
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.synthetic import Ints, Synthetic
from kgsynth.graph.build import Loaded, build
from kgsynth.graph.write import write_graph
from kgsynth.sources.base import ENTITIES, STATEMENTS, Manifest, SourceData, table

_MANIFEST = Manifest(
    name="synthetic",
    title="A graph of Monarch's size, made up",
    version="v1",
    license="CC0-1.0",
    license_url="https://creativecommons.org/publicdomain/zero/1.0/",
    citation="none",
    url="https://example.org",
)


def as_loaded(said: SourceData) -> Loaded:
    """Return the source as `build` takes it."""
    return Loaded(_MANIFEST, said, ())


def synthetic_source(graph: Synthetic) -> SourceData:
    """Return the graph as a loader would."""
    ids = graph.ids()
    blank = pa.array([[]], pa.list_(pa.string())).take(pa.array(np.zeros(len(ids), np.int32)))
    lists = dict.fromkeys(("synonyms", "lay", "related_synonyms", "alt_ids"), blank)
    columns = {"id": ids, "name": graph.names(), "category": graph.categories(), **lists}
    return SourceData(
        version="v1",
        files=(),
        entities=table(ENTITIES, columns, len(ids)),
        statements=_statements(graph, ids),
    )


def _statements(graph: Synthetic, ids: pa.Array) -> pa.Table:
    # One dictionary for all rows: to unite those of many parts would cost more than the rest.
    papers = pa.array([f"PMID:{number}" for number in range(graph.n_papers)])
    parts = list(graph.statements())
    predicates, subjects, objects, denied, references = zip(*parts, strict=True)
    names = sorted(set(predicates))
    sizes = [len(part) for part in subjects]
    total = sum(sizes)
    columns = {
        "subject": _coded(subjects, ids),
        "predicate": pa.DictionaryArray.from_arrays(
            np.repeat([names.index(one) for one in predicates], sizes).astype(np.int32),
            pa.array(names),
        ),
        "object": _coded(objects, ids),
        "negated": pa.array(np.concatenate(denied)),
        "reference": _coded(references, papers),
        "line": pa.array(np.arange(total)),
    }
    return table(STATEMENTS, columns, total)


def _coded(parts: tuple[Ints, ...], words: pa.Array) -> pa.Array:
    numbers = np.concatenate([part.astype(np.int32) for part in parts])
    return pa.DictionaryArray.from_arrays(numbers, words)


def main() -> int:
    """Build and write the graph; say how long each part took."""
    import resource
    import time

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="1 for Monarch's size")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started = time.perf_counter()

    def say(stage: str) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(f"{time.perf_counter() - started:7.1f} s  {peak:5.2f} GiB  {stage}", file=sys.stderr)

    said = synthetic_source(Synthetic(arguments.seed, arguments.share))
    say("made up")
    loaded = {"synthetic": as_loaded(said)}
    del said
    graph = build(loaded, say, use_up=True)
    say("writing")
    write_graph(graph, arguments.folder)
    say("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
