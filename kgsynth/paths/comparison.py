"""Mining comparisons: of two named diseases, the one that begins earlier, or later.

Ages of onset are compared by HPO's order of its terms. All terms recorded for one disease come
before all those of the other, with at least one period of life between them, no source disputes
them, and one source gives both. The other disease is one that shares findings.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.differential import rare_first
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.tables import Tables, make_tables
from kgsynth.records import (
    Binding,
    Mined,
    ProofStep,
    Query,
    QueryEdge,
    Rejection,
    Rival,
    Variable,
)
from kgsynth.seeding import derive_rng

#: HPO's terms of onset in the order of life: the first and the last period that each covers.
PERIODS: dict[str, tuple[int, int]] = {
    "HP:0030674": (0, 0),  # antenatal
    "HP:0011460": (0, 0),  # embryonal
    "HP:0011461": (0, 0),  # fetal
    "HP:0034199": (0, 0),  # late first trimester
    "HP:0034198": (0, 0),  # second trimester
    "HP:0034197": (0, 0),  # third trimester
    "HP:0003577": (1, 1),  # congenital
    "HP:0003623": (2, 2),  # neonatal
    "HP:0003593": (3, 3),  # infantile
    "HP:0011463": (4, 4),  # childhood
    "HP:0003621": (5, 5),  # juvenile
    "HP:0410280": (1, 5),  # pediatric
    "HP:0025708": (6, 6),  # early young adult
    "HP:0025709": (7, 7),  # intermediate young adult
    "HP:0025710": (8, 8),  # late young adult
    "HP:0011462": (6, 8),  # young adult
    "HP:0003596": (9, 9),  # middle age
    "HP:0003584": (10, 10),  # late
    "HP:0003581": (6, 10),  # adult
}

#: How far the last period of one disease is from the first one of the other, at least.
APART = 2

#: Findings that the two share, at least.
SHARED = 2

#: Of so many diseases that share most findings, one is drawn to compare with.
NEAR = 20


#: Words in a disease's names that say when it begins.
TELLING = (
    "infan", "neonat", "congenit", "child", "juvenil", "adult", "onset", "fetal", "foetal",
    "birth", "early", "late ", "late-", "senile", "adolescen", "newborn", "perinatal", "prenatal",
    "pediatric", "antenatal",
)  # fmt: skip


class Onset(NamedTuple):
    """When a disease begins: first and last period, the terms, and the sources that give them."""

    first: int
    last: int
    terms: tuple[str, ...]
    sources: frozenset[str]


def mine_comparisons(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Callable[[Mined], Rejection | None] = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield comparisons of onset, every rare disease once before any comes again.

    Args:
        graph: The graph.
        settings: The bounds of the rules.
        seed: Decides order and draws.
        n: The number of rows that the run is for: no disease is the answer of more than
            ``settings.max_answer_share`` of them.
        refuse: Asked last.

    Yields:
        `Mined`, and a `Rejection` for each draw that finds nothing to compare with.
    """
    onsets = recorded_onsets(graph)
    tables = make_tables(graph, settings)
    clear = [d for d in sorted(onsets) if tables.variable[d] and is_clear(graph, d)]
    fit = np.array(clear, np.int32)
    order = rare_first(graph, fit, settings.min_rarity, seed, "comparison")
    seen: set[tuple[int, int]] = set()
    for turn in range(max(1, int(n * settings.max_answer_share))):
        for disease in order:
            name = f"comparison:{graph.id_of(disease)}:{turn}"
            rng = derive_rng(seed, "paths", name)
            others = _others(tables, onsets, disease, fit)
            fresh = [o for o in others if (min(o, disease), max(o, disease)) not in seen]
            if not fresh:
                detail = "no disease that shares two findings begins clearly apart from it"
                yield Rejection(name, "paths", "nothing_apart", detail)
                continue
            other = fresh[int(rng.integers(len(fresh)))]
            seen.add((min(other, disease), max(other, disease)))
            mined = _mined(graph, disease, other, onsets, bool(rng.integers(2)))
            yield refuse(mined) or mined


def is_clear(graph: KnowledgeGraph, disease: int) -> bool:
    """Say whether a disease's name reads as one name, and no name tells when the disease begins."""
    surfaces = graph.surfaces(graph.id_of(disease))
    every = " ".join(surfaces).lower()
    as_list = any(joint in surfaces[0] for joint in (",", " or ", "/"))
    return not as_list and not any(word in every for word in TELLING)


def recorded_onsets(graph: KnowledgeGraph) -> dict[int, Onset]:
    """Return when each disease begins, where all that is recorded of it is undisputed."""
    found = {}
    csr = graph.csr("has_attribute")
    for disease in np.flatnonzero(np.diff(csr.indptr)):
        edges = graph.edges_of(graph.id_of(int(disease)), "has_attribute")
        told = [edge for edge in edges if edge.object in PERIODS]
        if told and not any(edge.contested for edge in told):
            spans = [PERIODS[edge.object] for edge in told]
            sources = frozenset.intersection(
                *(frozenset(one.source for one in edge.evidence) for edge in told)
            )
            terms = tuple(sorted(edge.object for edge in told))
            first, last = min(a for a, _ in spans), max(b for _, b in spans)
            found[int(disease)] = Onset(first, last, terms, sources)
    return found


def _others(tables: Tables, onsets: dict[int, Onset], disease: int, fit: np.ndarray) -> list[int]:
    """Return the diseases that share most findings and begin clearly apart, nearest first."""
    own, sets, pool = onsets[disease], tables.sets, tables.pool
    shared = np.zeros(len(sets.node), np.int64)
    for clue in pool[pool[disease] : pool[disease + 1]].tolist():
        bits = np.unpackbits(sets.liberal[sets.row[clue]].view(np.uint8), bitorder="little")
        shared += bits[: len(shared)]
    counts = np.where(sets.number[fit] >= 0, shared[sets.number[fit]], 0)
    near = list[int]()
    above = tables.kin.ancestors
    kin = set(above[above[disease] : above[disease + 1]].tolist())
    for at in np.argsort(-counts, kind="stable").tolist():
        other = int(fit[at])
        if counts[at] < SHARED or len(near) == NEAR:
            break
        theirs = onsets[other]
        apart = own.last + APART <= theirs.first or theirs.last + APART <= own.first
        below = disease in above[above[other] : above[other + 1]]
        if apart and own.sources & theirs.sources and other not in kin and not below:
            near.append(other)
    return near


def _mined(
    graph: KnowledgeGraph, disease: int, other: int, onsets: dict[int, Onset], first: bool
) -> Mined:
    """Return the record; the rare disease is the answer, named first or second by lot."""
    answer, rival = graph.id_of(disease), graph.id_of(other)
    onset = onsets[disease]
    order = "earlier" if onset.last < onsets[other].first else "later"
    # The term that says most: the earliest where the earlier one is asked for.
    terms = sorted(onset.terms, key=lambda term: PERIODS[term])
    edge = QueryEdge("?d", "has_attribute", terms[0] if order == "earlier" else terms[-1])
    among = (answer, rival) if first else (rival, answer)
    query = Query("?d", (Variable("?d", "Disease"),), (edge,), (), among)
    step = ProofStep(("?d",), (0,), (1,), 1, (Rival(rival, (0,)),))
    bindings = (Binding("?d", answer),)
    return Mined(f"comparison-{order}", query, bindings, (step,), (answer,))
