"""From a kernel's numbers to a `Mined` record: the query, its bindings and its proof."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.program import FINDINGS, Program
from kgsynth.paths.proof import NEAREST, prove_first, prove_later
from kgsynth.paths.spines import Spine
from kgsynth.paths.tables import Tables
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rival

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]


def to_mined(
    graph: KnowledgeGraph,
    tables: Tables,
    program: Program,
    spine: Spine,
    v: Int32,
    clues: Int32,
    n_clues: Int64,
    class_: int,
) -> Mined:
    """Return the record of one accepted spine.

    Args:
        graph: The graph.
        tables: Its arrays.
        program: The template's arrays.
        spine: The template.
        v: shape (nv,); the nodes of the variables.
        clues: shape (nv, MOST_CLUES); the clues of each variable, the far anchor first.
        n_clues: shape (nv,); how many.
        class_: The class of the target, or -1.
    """
    names = [variable.name for variable in spine.variables]
    pinned = [clues[j, : n_clues[j]] for j in range(len(names))]
    if class_ >= 0:
        pinned[-1] = np.array([class_], np.int32)
    edges: list[QueryEdge] = []
    places: list[tuple[int, ...]] = []
    for j, name in enumerate(names):
        if j:
            edges.append(spine.legs[j - 1].edge(names[j - 1], name))
        pin = "has_phenotype" if program.pins[j] == FINDINGS else "subclass_of"
        places.append(tuple(range(len(edges), len(edges) + len(pinned[j]))))
        edges += [QueryEdge(name, pin, graph.id_of(int(clue))) for clue in pinned[j]]
    anchor = graph.id_of(int(clues[0, 0]))
    query = Query(names[-1], spine.variables, tuple(edges), (anchor, *names))
    bindings = tuple(
        Binding(name, graph.id_of(int(node))) for name, node in zip(names, v, strict=True)
    )
    steps = _steps(graph, tables, program, names, v, pinned, places)
    return Mined(spine.name, query, bindings, steps, (bindings[-1].id,))


def _steps(
    graph: KnowledgeGraph,
    tables: Tables,
    program: Program,
    names: list[str],
    v: Int32,
    pinned: list[Int32],
    places: list[tuple[int, ...]],
) -> tuple[ProofStep, ...]:
    """Cut the spine into steps, each ending at a variable with clues or at the target."""
    steps, start = [], -1
    for j in range(len(names)):
        if len(pinned[j]):
            steps.append(_prove(graph, tables, program, names, v, pinned[j], places[j], start, j))
        elif j == len(names) - 1:
            steps.append(ProofStep(tuple(names[start + 1 :]), (), (), 0, ()))
        else:
            continue
        start = j
    return tuple(steps)


def _prove(
    graph: KnowledgeGraph,
    tables: Tables,
    program: Program,
    names: list[str],
    v: Int32,
    clues: Int32,
    places: tuple[int, ...],
    start: int,
    end: int,
) -> ProofStep:
    left = np.zeros(len(clues), np.int64)
    rivals, masks = np.empty(NEAREST, np.int32), np.empty(NEAREST, np.int64)
    if start < 0:
        found = prove_first(tables, v[end], clues, left, rivals, masks)
    else:
        found = prove_later(program, tables, v, start, end, clues, left, rivals, masks)
    return ProofStep(
        tuple(names[start + 1 : end + 1]),
        places,
        tuple(left.tolist()),
        int(program.margins[end]),
        tuple(
            Rival(
                graph.id_of(int(rivals[i])),
                tuple(place for c, place in enumerate(places) if int(masks[i]) >> c & 1),
            )
            for i in range(found)
        ),
    )
