"""Chains as the kernels give them: numbers, of which records are made where somebody needs them.

Three spines in four come to nothing and a third of the chains are turned down by those who ask
last. What is left goes to another process as numbers too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import mining
from kgsynth.paths.assemble import Recipe, to_mined, to_query
from kgsynth.paths.proof import NEAREST
from kgsynth.paths.scratch import MOST_CLUES
from kgsynth.paths.typed_path import Spine
from kgsynth.records import Mined, Query, Rejection

#: What the codes of `mining` are called in ``rejected.jsonl``, and what they mean.
CODES: dict[int, tuple[str, str]] = {
    mining.SEVERAL_WAYS: ("several_ways", "the last step can be walked in more than one way"),
    mining.HUB: ("hub", "a step runs over a hub with too many ways to walk it"),
    mining.NO_FIRST_CLUES: ("no_first_clues", "no clue set pins the first entity at the margin"),
    mining.SHORTCUT: ("shortcut", "every clue set gives a shortcut to a later entity"),
    mining.LEAK: ("leak", "naming the clues would give an unnamed entity away"),
    mining.NO_CLASS: ("no_class", "no class holds the answer and none of the other findings"),
    mining.NO_LATER_CLUES: ("no_later_clues", "no clue set pins a later entity at the margin"),
    mining.SKIPPABLE: ("skippable", "the last clues pin something without the first hops"),
}


class Found(NamedTuple):
    """An accepted chain.

    Attributes:
        recipe: Its template.
        nodes: Of the variables.
        clues: Of each variable, the far anchor first, -1 after the last.
        proof: Of each variable the ways left after each clue, the nearest rivals (-1 after the
            last) and the clues that each of these fails, as bits; all as 32-bit numbers.
    """

    recipe: Recipe
    nodes: list[int]
    clues: list[list[int]]
    proof: bytes

    def ends_in(self, category: str) -> bool:
        """Say whether the answer is of a category."""
        return self.recipe.spine.variables[-1].category == category

    def mined(self, graph: KnowledgeGraph) -> Mined:
        """Return the record."""
        proof = np.frombuffer(self.proof, np.int32).reshape(len(self.nodes), -1).tolist()
        left = [told[:MOST_CLUES] for told in proof]
        rivals = [told[MOST_CLUES:-NEAREST] for told in proof]
        masks = [told[-NEAREST:] for told in proof]
        return to_mined(graph, self.recipe, self.nodes, self.clues, left, rivals, masks)

    def query(self, graph: KnowledgeGraph) -> Query:
        """Return the query of the record."""
        return to_query(graph, self.recipe, self.clues)[0]

    def name(self, graph: KnowledgeGraph) -> str:
        """Return what a rejection calls it."""
        return name_of(graph, self.recipe.spine, self.nodes)


def name_of(graph: KnowledgeGraph, spine: Spine, nodes: list[int]) -> str:
    """Return what a rejection calls a spine, fit or not."""
    ids = graph.ids
    return f"{spine.name}:{','.join([ids[node] for node in nodes])}"


def found_of(
    recipe: Recipe,
    spines: NDArray[np.int32],
    clues: NDArray[np.int32],
    proof: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
) -> Iterator[Found]:
    """Yield chains from the arrays of a block; see `Found`, and `proof.prove_block` for shapes."""
    packed = np.concatenate(proof, axis=2)
    columns = spines.tolist(), clues.tolist()
    for nodes, own, told in zip(*columns, packed, strict=True):
        yield Found(recipe, nodes, own, told.tobytes())


@dataclass(frozen=True, slots=True)
class Barren:
    """Spines that came to nothing, next to one another in mining order.

    Attributes:
        spine: Their template.
        nodes: shape (k, nv); nodes.
        status: shape (k,); codes of `mining`.
    """

    spine: Spine
    nodes: NDArray[np.int32]
    status: NDArray[np.int64]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.status)

    def first(self, count: int) -> "Barren":
        """Return those that come first."""
        return Barren(self.spine, self.nodes[:count], self.status[:count])

    def told(self, graph: KnowledgeGraph) -> Iterator[tuple[str, str, str]]:
        """Yield the id, the code and the detail of each rejection; all are of the stage paths."""
        for nodes, status in zip(self.nodes.tolist(), self.status.tolist(), strict=True):
            yield name_of(graph, self.spine, nodes), *CODES[status]

    def rejections(self, graph: KnowledgeGraph) -> Iterator[Rejection]:
        """Yield the records."""
        for name, code, detail in self.told(graph):
            yield Rejection(name, "paths", code, detail)


def records_of(item: Found | Barren, graph: KnowledgeGraph) -> Iterator[Mined | Rejection]:
    """Yield the records of what was found, and of what was not."""
    if isinstance(item, Found):
        yield item.mined(graph)
    else:
        yield from item.rejections(graph)


def record_of(one: Mined | Found, graph: KnowledgeGraph) -> Mined:
    """Return the record of a question, in whatever form a miner yielded it."""
    return one.mined(graph) if isinstance(one, Found) else one
