"""From a kernel's numbers to a `Mined` record: the query, its bindings and its proof."""

from collections.abc import Sequence
from functools import cache

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.typed_path import FINDING, Spine
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rival


def to_mined(
    graph: KnowledgeGraph,
    spine: Spine,
    margins: Sequence[int],
    nodes: Sequence[int],
    clues: Sequence[Sequence[int]],
    left: Sequence[Sequence[int]],
    rivals: Sequence[Sequence[int]],
    masks: Sequence[Sequence[int]],
) -> Mined:
    """Return the record of one accepted spine.

    Args:
        graph: The graph.
        spine: The template.
        margins: Of a step that ends at each variable.
        nodes: Of the variables.
        clues: Of each variable, the far anchor first, -1 after the last.
        left: The ways left after each clue.
        rivals: The nearest rivals of the step that ends at each variable, -1 after the last.
        masks: The clues that each rival fails, as bits.
    """
    names = [variable.name for variable in spine.variables]
    ids = [graph.id_of(node) for node in nodes]
    edges: list[QueryEdge] = []
    steps, start = [], -1
    for j, variable in enumerate(spine.variables):
        if j:
            edges.append(spine.legs[j - 1].edge(names[j - 1], variable.name))
        clue = spine.clue_of(variable.category)
        pin = clue.leg if clue else spine.pin or FINDING.leg
        own = [pin.edge(variable.name, graph.id_of(clue)) for clue in clues[j] if clue >= 0]
        places = tuple(range(len(edges), len(edges) + len(own)))
        edges += own
        if not own and j < len(names) - 1:
            continue
        near = [(graph.id_of(node), mask) for node, mask in zip(rivals[j], masks[j], strict=True)
                if node >= 0]  # fmt: skip
        steps.append(
            ProofStep(
                tuple(names[start + 1 : j + 1]),
                places,
                tuple(left[j][: len(own)]),
                margins[j] if own else 0,
                tuple(Rival(id_, _failed(mask, places[0])) for id_, mask in near),
            )
        )
        start = j
    anchor = graph.id_of(clues[0][0])
    query = Query(names[-1], spine.variables, tuple(edges), (anchor, *names))
    bindings = tuple(Binding(name, id_) for name, id_ in zip(names, ids, strict=True))
    return Mined(spine.name, query, bindings, tuple(steps), (ids[-1],))


@cache
def _failed(mask: int, first: int) -> tuple[int, ...]:
    """Return the places of failed clues, given as bits from the place of the first clue on."""
    return tuple(first + c for c in range(mask.bit_length()) if mask >> c & 1)
