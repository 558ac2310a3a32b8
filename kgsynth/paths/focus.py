"""What a miner is to keep to beyond the rules: a specialty, a relation, a category, rare diseases.

A focus orders and narrows what a miner walks; whether a question is as asked is said of the
question itself, by `specialties_in` and `is_in_focus`.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.specialties import belongs, specialties_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Mined, Query, Row

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Focus:
    """What every question of a part has.

    Attributes:
        specialty: The id of the branch that at least half of the first disease's clues lie in.
        predicates: Relations that the query asks by.
        categories: Categories that the answer is of: one of them at most.
        rare_only: Whether a disease that a source calls rare has to be on the path.
    """

    specialty: str = ""
    predicates: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    rare_only: bool = False

    def fits(self, predicates: Iterable[str], category: str) -> bool:
        """Say whether a template can carry it: by its relations and its target's category."""
        return set(self.predicates) <= set(predicates) and set(self.categories) <= {category}


NO_FOCUS = Focus()


def seed_worth(graph: KnowledgeGraph, focus: Focus) -> Floats:
    """Return how welcome each node is as the disease that a question begins with: shape (n,).

    Diseases of specialties that few others belong to are more welcome: by the inverse root of how
    much of all diseases' findings each branch holds. 0 where a disease cannot carry the focus: no
    finding in the specialty, or no source calls it rare.
    """
    branches = specialties_of(graph)
    worth = branches.balance
    if focus.specialty:
        # Squared: a disease with half of its findings there draws such clues far more often.
        worth = branches.of_diseases[:, branches.ids.index(focus.specialty)] ** 2
    return worth * called_rare(graph) if focus.rare_only else worth


#: Clues outside of a specialty that a disease may have beyond as many as it has inside of it.
OUTSIDE = 4


def narrow_pool(
    pool: NDArray[np.int32], graph: KnowledgeGraph, specialty: str
) -> NDArray[np.int32]:
    """Return clues from which sets are drawn that mostly belong to a specialty.

    Those of the specialty come first, then the best of the others, hardly more of them than those.
    Nodes without a clue of the specialty keep what they have.

    Args:
        pool: Ragged, see `bits.ragged`; the clues of each node, best first.
        graph: The graph.
        specialty: The id of the branch.
    """
    n = len(graph)
    sizes = np.diff(pool[: n + 1])
    owner, inside = np.repeat(np.arange(n), sizes), lies_in(graph, specialty)[pool[n + 1 :]]
    order = np.lexsort((np.arange(len(owner)), ~inside, owner))
    most = np.bincount(owner, inside, minlength=n).astype(np.int64) * 2 + OUTSIDE
    rank = np.arange(len(owner)) - np.repeat(pool[:n] - (n + 1), sizes)
    keep = (rank < most[owner]) | (most[owner] == OUTSIDE)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(owner[keep], minlength=n))])
    return np.concatenate([indptr + n + 1, pool[n + 1 :][order[keep]]]).astype(np.int32)


def lies_in(graph: KnowledgeGraph, specialty: str) -> NDArray[np.bool_]:
    """Say which nodes lie in a specialty: shape (n,)."""
    branches = specialties_of(graph)
    bit = np.uint64(1) << np.uint64(branches.ids.index(specialty))
    return np.asarray(branches.masks & bit != 0, np.bool_)


@functools.lru_cache(maxsize=4)
def called_rare(graph: KnowledgeGraph) -> NDArray[np.bool_]:
    """Return which nodes a source calls rare; none in a graph that was built without sources."""
    try:
        marks: NDArray[np.bool_] = graph.column("called_rare").to_numpy(zero_copy_only=False)
    except KeyError:
        return np.zeros(len(graph), np.bool_)
    return marks


def rare_ones(asked: Mined | Row, graph: KnowledgeGraph) -> list[str]:
    """Return what of a question a source calls rare: bound, asked for or named in it."""
    marks = called_rare(graph)
    ids = dict.fromkeys(binding.id for binding in asked.bindings)
    ids.update(dict.fromkeys(one if isinstance(one, str) else one.id for one in asked.answers))
    ids.update(dict.fromkeys(edge.subject for edge in asked.query.edges if edge.subject[0] != "?"))
    return [one for one in ids if one in graph and marks[graph.index_of(one)]]


def first_findings(asked: Mined | Row, graph: KnowledgeGraph) -> list[str]:
    """Return the findings that say which specialty a question belongs to.

    They are the clues of the first disease; where it has none, what is proposed of it, and where
    nothing is, what is recorded of it.
    """
    query = asked.query
    first = _first_disease(query)
    clues = [
        edge.object
        for edge in query.edges
        if edge.predicate == "has_phenotype" and edge.subject == first and edge.object[0] != "?"
    ]
    proposed = asked.candidate if isinstance(asked, Mined) else asked.candidate.id
    if asked.pair and proposed:
        return [proposed]
    bound = {binding.variable: binding.id for binding in asked.bindings}
    disease = bound.get(first, first)
    if clues or disease not in graph:
        return clues
    return list(graph.neighbours(disease, "has_phenotype"))


def _first_disease(query: Query) -> str:
    """Return the first disease of a query: a variable, else one that it names."""
    named = [variable.name for variable in query.variables if variable.category == "Disease"]
    return named[0] if named else query.edges[0].subject


def specialties_in(asked: Mined | Row, graph: KnowledgeGraph) -> list[str]:
    """Return the branches that a question belongs to: one, several, or none."""
    branches = specialties_of(graph)
    held = branches.held(first_findings(asked, graph))
    bits = ((one, 1 << at) for at, one in enumerate(branches.ids))
    return [one for one, bit in bits if _belongs(held, bit)]


def _belongs(held: Sequence[int], bit: int) -> bool:
    """Say whether enough of some findings lie in a branch."""
    return belongs(sum(mask & bit != 0 for mask in held), len(held))


def is_in_focus(asked: Mined | Row, graph: KnowledgeGraph, focus: Focus) -> bool:
    """Say whether a question is as asked."""
    category = {v.name: v.category for v in asked.query.variables}[asked.query.target]
    if not focus.fits((edge.predicate for edge in asked.query.edges), category):
        return False
    if focus.rare_only and not rare_ones(asked, graph):
        return False
    if not focus.specialty:
        return True
    branches = specialties_of(graph)
    held = branches.held(first_findings(asked, graph))
    return _belongs(held, 1 << branches.ids.index(focus.specialty))
