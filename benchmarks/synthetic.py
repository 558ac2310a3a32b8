"""A graph of Monarch's size, made up: 1.3 million nodes, 12 million edges, the same every time.

    python -m benchmarks.synthetic FOLDER [--share 1.0] [--seed 0] [--jsonl]     # as KGX

Nothing in it is true. What is like the Monarch KG is its shape: how many nodes of each category,
how many edges of each predicate (both roughly, rounded), hierarchies that are trees with some
second parents, and hubs: the ends of edges are drawn by weights that fall as a power of the rank.
One thing differs: genes of animals have their findings by ``associated_with``, because kgsynth
lets ``has_phenotype`` begin at diseases only.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from numpy.typing import NDArray

Ints = NDArray[np.int64]

#: Rows of a file that are made and written at once.
CHUNK = 1 << 19


@dataclass(frozen=True, slots=True)
class Kind:
    """Nodes of one kind: how their ids begin, their category, how many there are."""

    prefix: str
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class Relation:
    """Edges of one predicate between two kinds; `tail` and `head` say how uneven their ends are.

    An end is drawn at ``count * u ** power`` for a uniform u: at power 1 all nodes are alike, at 3
    the first thousandth of them get a tenth of the edges, at 0 each is taken once, in turn.
    """

    subject: str
    predicate: str
    object: str
    count: int
    tail: float = 1.0
    head: float = 1.0


#: By name, since several kinds share a category.
KINDS: dict[str, Kind] = {
    "human gene": Kind("HGNC", "Gene", 43_000),
    "animal gene": Kind("NCBIGene", "Gene", 530_000),
    "variant": Kind("CLINVAR", "SequenceVariant", 430_000),
    "finding": Kind("HP", "PhenotypicFeature", 18_000),
    "animal finding": Kind("MP", "PhenotypicFeature", 60_000),
    "disease": Kind("MONDO", "Disease", 29_000),
    "process": Kind("GO", "BiologicalProcess", 40_000),
    "anatomy": Kind("UBERON", "AnatomicalEntity", 25_000),
    "cell": Kind("CL", "Cell", 5_000),
    "chemical": Kind("CHEBI", "ChemicalEntity", 90_000),
    "pathway": Kind("REACT", "Pathway", 28_000),
    "inheritance": Kind("HP", "GeneticInheritance", 40),
}

RELATIONS: tuple[Relation, ...] = (
    Relation("human gene", "interacts_with", "human gene", 1_300_000, 2.0, 2.0),
    Relation("animal gene", "interacts_with", "animal gene", 1_700_000, 2.0, 2.0),
    Relation("animal gene", "expressed_in", "anatomy", 2_500_000, 1.6, 3.0),
    Relation("human gene", "expressed_in", "cell", 500_000, 1.3, 2.0),
    Relation("animal gene", "orthologous_to", "human gene", 600_000, 1.0, 1.5),
    Relation("animal gene", "actively_involved_in", "process", 1_100_000, 1.4, 2.5),
    Relation("human gene", "actively_involved_in", "process", 250_000, 1.4, 2.0),
    Relation("animal gene", "enables", "process", 800_000, 1.2, 3.0),
    Relation("animal gene", "participates_in", "pathway", 500_000, 1.5, 2.0),
    Relation("human gene", "participates_in", "pathway", 160_000, 1.4, 2.0),
    Relation("animal gene", "associated_with", "animal finding", 700_000, 2.0, 2.0),
    Relation("human gene", "associated_with", "finding", 260_000, 2.0, 2.0),
    Relation("disease", "has_phenotype", "finding", 270_000, 1.8, 2.5),
    Relation("disease", "has_mode_of_inheritance", "inheritance", 9_000, 1.0, 3.0),
    Relation("variant", "is_sequence_variant_of", "human gene", 430_000, 0.0, 2.0),
    Relation("variant", "causes", "disease", 190_000, 1.0, 2.0),
    Relation("human gene", "gene_associated_with_condition", "disease", 16_000, 1.5, 1.3),
    Relation("human gene", "causes", "disease", 7_500, 1.2, 1.0),
    Relation("chemical", "affects", "human gene", 300_000, 2.0, 2.0),
    Relation("chemical", "treats", "disease", 12_000, 2.0, 2.0),
    Relation("disease", "disease_has_location", "anatomy", 30_000, 1.0, 2.5),
    Relation("anatomy", "part_of", "anatomy", 25_000, 1.0, 1.5),
    Relation("finding", "similar_to", "animal finding", 60_000, 1.0, 1.0),
)

#: Kinds that are hierarchies; each node but the first has a parent before it, one in five two.
HIERARCHIES = (
    "finding", "animal finding", "disease", "process", "anatomy", "cell", "chemical", "pathway",
)  # fmt: skip

#: What names end in where that is not the kind's own name; no question would say "… finding".
_CALLED = {"finding": "sign", "animal finding": "trait"}

#: Share of statements that are said once more, with another reference.
REPEATED = 0.1
#: Share of ``has_phenotype`` statements that are denials.
DENIED = 0.01

_SYLLABLES = (
    "ba", "cor", "den", "fil", "gan", "hex", "jun", "kra", "lom", "mir", "nos", "pel", "quin",
    "ros", "sta", "tor", "ulm", "vax", "wen", "zel",
)  # fmt: skip


class Synthetic:
    """The whole graph as integers; node ``i`` of a kind has the id ``PREFIX:`` and seven digits.

    Args:
        seed: Of everything that is drawn.
        share: How large, 1 for Monarch's size; at least 0.001.

    Attributes:
        first: Number of the first node of each kind; nodes are numbered kind by kind.
        n_nodes: How many nodes there are.
        n_papers: References are numbers below this one.
    """

    def __init__(self, seed: int = 0, share: float = 1.0) -> None:
        self.seed, self.share = seed, share
        self.sizes = {name: max(5, round(kind.count * share)) for name, kind in KINDS.items()}
        starts = np.cumsum([0, *self.sizes.values()]).tolist()
        self.first = dict(zip(KINDS, starts, strict=False))
        self.n_nodes: int = starts[-1]
        self.n_papers = max(100, round(2_000_000 * share))

    def ids(self) -> pa.Array:
        """Return the ids of all nodes, in the order of their numbers."""
        parts = []
        # Modes of inheritance share their prefix with findings and come behind them.
        for name, kind in KINDS.items():
            offset = self.sizes["finding"] if name == "inheritance" else 0
            numbers = pa.array(np.arange(self.sizes[name]) + 1 + offset).cast(pa.string())
            parts.append(
                pc.binary_join_element_wise(
                    pa.scalar(kind.prefix), pc.utf8_lpad(numbers, 7, "0"), ":"
                )
            )
        return pa.concat_arrays(parts)

    def names(self) -> pa.Array:
        """Return a name for each node: six syllables of its number, and what it is."""
        syllables = pa.array(_SYLLABLES)
        parts = []
        for at, (name, size) in enumerate(self.sizes.items()):
            number = np.arange(size) * 20 + at
            spoken = [syllables.take(pa.array(number // 20**place % 20)) for place in range(6)]
            word = pc.binary_join_element_wise(*spoken, "")
            is_symbol = name.endswith("gene") or name == "variant"
            parts.append(
                pc.utf8_upper(word) if is_symbol
                else pc.binary_join_element_wise(word, pa.scalar(_CALLED.get(name, name)), " ")
            )  # fmt: skip
        return pa.concat_arrays(parts)

    def categories(self) -> pa.Array:
        """Return the category of each node."""
        parts = [pa.repeat(kind.category, self.sizes[name]) for name, kind in KINDS.items()]
        return pa.concat_arrays(parts)

    def statements(self) -> Iterator[tuple[str, Ints, Ints, NDArray[np.bool_], Ints]]:
        """Yield predicate, subjects, objects, denials and references (numbers), part by part."""
        random = np.random.default_rng(self.seed)
        for name in HIERARCHIES:
            child, parent = _tree(random, self.sizes[name])
            yield from self._said(random, "subclass_of", child + self.first[name],
                                  parent + self.first[name])  # fmt: skip
        for one in RELATIONS:
            left = max(1, round(one.count * self.share))
            while left > 0:
                size = min(left, CHUNK)
                left -= size
                tails = (
                    self._draw(random, one.subject, size, one.tail)
                    if one.tail
                    else self.first[one.subject] + np.arange(left, left + size)
                )
                heads = self._draw(random, one.object, size, one.head)
                good = tails != heads
                yield from self._said(random, one.predicate, tails[good], heads[good])

    def _draw(self, random: np.random.Generator, name: str, size: int, power: float) -> Ints:
        places = (self.sizes[name] * random.random(size) ** power).astype(np.int64)
        # Scattered by a multiplier, or hubs would be the first ids and all lie together.
        drawn: Ints = self.first[name] + places * 7_368_787 % self.sizes[name]
        return drawn

    def _said(
        self, random: np.random.Generator, predicate: str, subjects: Ints, objects: Ints
    ) -> Iterator[tuple[str, Ints, Ints, NDArray[np.bool_], Ints]]:
        again = random.random(len(subjects)) < REPEATED
        subjects = np.concatenate((subjects, subjects[again]))
        objects = np.concatenate((objects, objects[again]))
        denied = np.zeros(len(subjects), dtype=np.bool_)
        if predicate == "has_phenotype":
            denied = random.random(len(subjects)) < DENIED
        yield predicate, subjects, objects, denied, random.integers(1, self.n_papers, len(subjects))


def _tree(random: np.random.Generator, size: int) -> tuple[Ints, Ints]:
    """Return children and parents: about as deep as an ontology, without a circle."""
    child = np.arange(1, size)
    parent = (child * random.random(size - 1) ** 0.7).astype(np.int64)
    second = np.flatnonzero((random.random(size - 1) < 0.2) & (parent > 0))
    other = (parent[second] * random.random(len(second))).astype(np.int64)
    return np.concatenate((child, child[second])), np.concatenate((parent, other))


def write_kgx(folder: Path, seed: int = 0, share: float = 1.0, *, jsonl: bool = False) -> None:
    """Write the graph as KGX, ``nodes.tsv`` and ``edges.tsv``, a part at a time.

    Args:
        folder: Gets the two files.
        seed: Of everything that is drawn.
        share: How large, 1 for Monarch's size.
        jsonl: Write ``nodes.jsonl`` and ``edges.jsonl``, with lists as lists.
    """
    folder.mkdir(parents=True, exist_ok=True)
    graph = Synthetic(seed, share)
    ids = graph.ids()
    nodes = pa.table({
        "id": ids,
        "category": pc.binary_join_element_wise(pa.scalar("biolink"), graph.categories(), ":"),
        "name": graph.names(),
    })  # fmt: skip
    edges = (_kgx_edges(part, ids) for part in graph.statements())
    if jsonl:
        _write_jsonl(folder / "nodes.jsonl", [nodes], ("category",))
        _write_jsonl(folder / "edges.jsonl", edges, ("publications",))
    else:
        _write_tsv(folder / "nodes.tsv", [nodes])
        _write_tsv(folder / "edges.tsv", edges)


def _write_jsonl(file: Path, tables: Iterable[pa.Table], lists: tuple[str, ...]) -> None:
    with file.open("wb") as sink:
        for table in tables:
            cells = []
            for name in table.column_names:  # nothing in them needs an escape
                begin, end = (f'"{name}": ["', '"]') if name in lists else (f'"{name}": "', '"')
                if name == "negated":
                    text = pc.utf8_lower(table[name])
                    cells.append(pc.binary_join_element_wise('"negated": ', text, ""))
                else:
                    cells.append(pc.binary_join_element_wise(begin, table[name], end, ""))
            row = pc.binary_join_element_wise(*cells, ", ")
            lines = pc.binary_join_element_wise("{", row, "}\n", "").combine_chunks()
            chunks = lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]
            for chunk in chunks:
                sink.write(chunk.buffers()[2])


def _write_tsv(file: Path, tables: Iterable[pa.Table]) -> None:
    # The header is written here, because Arrow puts the names of columns in quotes.
    options = csv.WriteOptions(delimiter="\t", quoting_style="none", include_header=False)
    with file.open("wb") as sink:
        for number, table in enumerate(tables):
            if not number:
                sink.write(("\t".join(table.column_names) + "\n").encode())
            csv.write_csv(table, sink, options)


_KGX_COLUMNS = (
    "subject", "predicate", "object", "negated", "primary_knowledge_source", "publications",
)  # fmt: skip


def _kgx_edges(part: tuple[str, Ints, Ints, NDArray[np.bool_], Ints], ids: pa.Array) -> pa.Table:
    predicate, subjects, objects, denied, references = part
    size = len(subjects)
    columns = (
        ids.take(pa.array(subjects)),
        pa.repeat(f"biolink:{predicate}", size),
        ids.take(pa.array(objects)),
        pc.if_else(pa.array(denied), "True", "False"),
        pa.repeat("infores:synthetic", size),
        pc.binary_join_element_wise(pa.scalar("PMID"), pa.array(references).cast(pa.string()), ":"),
    )
    return pa.table(dict(zip(_KGX_COLUMNS, columns, strict=True)))


def main() -> int:
    """Write the graph as KGX."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="1 for Monarch's size")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jsonl", action="store_true", help="JSON Lines, not tables")
    arguments = parser.parse_args()
    write_kgx(arguments.folder, arguments.seed, arguments.share, jsonl=arguments.jsonl)
    return 0


if __name__ == "__main__":
    sys.exit(main())
