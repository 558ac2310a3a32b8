"""From a kernel's numbers to a `Mined` record: the query, its bindings and its proof."""

from collections.abc import Sequence
from functools import cache

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.typed_path import Spine
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rival


class Recipe:
    """How the numbers of a template's chains are read; the same object for all of them.

    Attributes:
        spine: The template.
        margins: Of a step that ends at each variable.
        names: Of the variables.
        pins: What pins each of them.
        links: The edge that leads to each variable but the first.
    """

    def __init__(self, spine: Spine, margins: tuple[int, ...]) -> None:
        self.spine = spine
        self.margins = margins
        self.names = tuple(variable.name for variable in spine.variables)
        self.pins = [spine.pin_of(variable.category) for variable in spine.variables]
        self.links = [
            leg.edge(*ends)
            for leg, *ends in zip(spine.legs, self.names, self.names[1:], strict=False)
        ]

    def __reduce__(self) -> tuple[type["Recipe"], tuple[Spine, tuple[int, ...]]]:
        """Travel to another process as what it is made of."""
        return Recipe, (self.spine, self.margins)


def to_query(
    graph: KnowledgeGraph, recipe: Recipe, clues: Sequence[Sequence[int]]
) -> tuple[Query, list[range]]:
    """Return the query of a chain, and for each variable the places of what pins it.

    Args:
        graph: The graph.
        recipe: The template.
        clues: Of each variable, the far anchor first, -1 after the last.
    """
    ids, names = graph.ids, recipe.names
    edges: list[QueryEdge] = []
    places = []
    for j, (name, pin, own) in enumerate(zip(names, recipe.pins, clues, strict=True)):
        if j:
            edges.append(recipe.links[j - 1])
        first = len(edges)
        edges += [pin.edge(name, ids[clue]) for clue in own if clue >= 0]
        places.append(range(first, len(edges)))
    anchor = ids[clues[0][0]]
    query = Query(names[-1], recipe.spine.variables, tuple(edges), (anchor, *names))
    return query, places


def to_mined(
    graph: KnowledgeGraph,
    recipe: Recipe,
    nodes: Sequence[int],
    clues: Sequence[Sequence[int]],
    left: Sequence[Sequence[int]],
    rivals: Sequence[Sequence[int]],
    masks: Sequence[Sequence[int]],
) -> Mined:
    """Return the record of one accepted spine.

    Args:
        graph: The graph.
        recipe: The template.
        nodes: Of the variables.
        clues: Of each variable, the far anchor first, -1 after the last.
        left: The ways left after each clue.
        rivals: The nearest rivals of the step that ends at each variable, -1 after the last.
        masks: The clues that each rival fails, as bits.
    """
    ids, names = graph.ids, recipe.names
    query, places = to_query(graph, recipe, clues)
    steps, start = [], 0
    for j, own in enumerate(places):
        if not own and j < len(names) - 1:
            continue
        failing = zip(rivals[j], masks[j], strict=True)
        steps.append(
            ProofStep(
                names[start : j + 1],
                tuple(own),
                tuple(left[j][: len(own)]),
                recipe.margins[j] if own else 0,
                tuple(
                    [
                        Rival(ids[node], _failed(mask, own.start))
                        for node, mask in failing
                        if node >= 0
                    ]
                ),
            )
        )
        start = j + 1
    bound = tuple([Binding(name, ids[node]) for name, node in zip(names, nodes, strict=True)])
    return Mined(recipe.spine.name, query, bound, tuple(steps), (ids[nodes[-1]],))


@cache
def _failed(mask: int, first: int) -> tuple[int, ...]:
    """Return the places of failed clues, given as bits from the place of the first clue on."""
    return tuple(first + c for c in range(mask.bit_length()) if mask >> c & 1)
