"""Which relation of a graph can pin the variables of a category: the one that tells most apart."""

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.shapes import NO_VARIABLE, joined_to
from kgsynth.paths.statements import pairs_of
from kgsynth.paths.tables import Tables
from kgsynth.paths.typed_path import FINDING, Clue

#: Statements that a relation needs to pin anything worth a question.
FEWEST_STATEMENTS = 30
#: Bytes of bit sets that a suggestion may need.
MOST_BYTES = 1 << 28


def pinning(graph: KnowledgeGraph, tables: Tables, category: str) -> Clue | None:
    """Return the clue that pins most entities of a category, or None where none pins any.

    An entity can be pinned by two named entities or more, each shared with another entity and none
    with more than an eighth of all: one alone would say it without a thought.
    """
    best: tuple[int, Clue] | None = None
    for leg, named, count in joined_to(graph, category):
        predicate = leg.predicate
        if predicate in ("subclass_of", "has_phenotype") or count < FEWEST_STATEMENTS:
            continue
        if named in NO_VARIABLE and named != "OntologyClass":
            continue
        clue = Clue(category, leg, named)
        score = _pinned(graph, tables, clue)
        if score and (best is None or score > best[0]):
            best = (score, clue)
    return best[1] if best else None


def _pinned(graph: KnowledgeGraph, tables: Tables, clue: Clue) -> int:
    """Return how many entities a clue may pin."""
    kinds, n = graph.column("category").dictionary_encode(), len(graph)
    code = kinds.indices.to_numpy()
    own, other = (kinds.dictionary.index(name).as_py() for name in (clue.category, clue.named))
    found = pairs_of(clue.leg, graph, tables.kin.ancestors)
    free = tables.sets.row[found.heads] < 0
    found = found.where(
        found.sure & (code[found.tails] == own) & (code[found.heads] == other) & free
    )
    holders = len(np.unique(found.tails))
    had = np.bincount(found.heads, minlength=n)
    if 16 * np.count_nonzero(had) * (len(tables.sets.node) + holders) // 64 > MOST_BYTES:
        return 0
    good = (had >= 2) & (had <= max(2, holders // 8)) & tables.variable
    clues = np.bincount(found.tails[good[found.heads]], minlength=n)
    return int(np.count_nonzero((clues >= 2) & tables.variable))


def startable(graph: KnowledgeGraph, tables: Tables, clue: Clue, margin: int) -> NDArray[np.bool_]:
    """Return which nodes may be the first variable: individual, and with clues of that sort."""
    n, kinds = len(graph), graph.column("category").dictionary_encode()
    is_own = kinds.indices.to_numpy() == kinds.dictionary.index(clue.category).as_py()
    if clue is FINDING:
        return np.asarray(is_own & tables.variable & (np.diff(tables.pool[: n + 1]) >= margin))
    found = pairs_of(clue.leg, graph, tables.kin.ancestors)
    has = np.bincount(found.tails[found.sure], minlength=n) >= 2
    return np.asarray(is_own & tables.variable & has)
