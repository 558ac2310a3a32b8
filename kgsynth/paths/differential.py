"""Mining differentials: four to seven findings of a rare disease, and the diseases nearest to it.

A clinician is given more findings than the fewest that would do, and each must earn its place in
telling the diagnosis from the next best ones. So rule M is replaced by rule D here: every clue is
failed by one of the ten nearest rivals. All rivals fail the margin, as in every kind.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.order import seed_weight
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables, make_tables
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rejection, Rival, Variable
from kgsynth.seeding import derive_rng

#: Findings that a case has.
FEWEST_CLUES, MOST_CLUES = 4, 7

#: Rivals that a row tells of, and the fewest of them that a case needs near it.
NEAREST, FEWEST_RIVALS = 10, 3

#: How many of the findings a rival must share to come near.
SHARED = 2

#: Findings that only one of the sexes can have: no case mixes the two groups.
_FEMALE = frozenset({"HP:0010460", "HP:0000140"})
_MALE = frozenset({"HP:0010461"})

#: Clue sets that are tried before a disease is given up for this turn.
TRIES = 6

Int32 = NDArray[np.int32]


class Case(NamedTuple):
    """A disease, the findings that a case of it presents, and who comes near."""

    disease: int
    clues: list[int]
    left: list[int]
    rivals: list[tuple[int, list[int]]]
    margin: int


class CaseMaker:
    """Draws cases from one graph; a case is checked against all annotated diseases at once."""

    def __init__(self, graph: KnowledgeGraph, settings: MiningSettings) -> None:
        self._graph = graph
        self._settings = settings
        self._t: Tables = make_tables(graph, settings)
        self._around: dict[int, frozenset[int]] = {}
        self._has: dict[int, NDArray[np.uint8]] = {}
        self._women, self._men = (
            [graph.index_of(one) for one in sorted(classes) if one in graph]
            for classes in (_FEMALE, _MALE)
        )

    def diseases(self) -> Int32:
        """Return the diseases that may be an answer (rule G) and have findings enough."""
        pooled = np.diff(self._t.pool[: len(self._graph) + 1]) >= FEWEST_CLUES
        fit = pooled & self._t.variable & (self._t.sets.number >= 0)
        return np.flatnonzero(fit).astype(np.int32)

    def draw(self, disease: int, rng: np.random.Generator) -> Case | str:
        """Return a case of a disease, or the code of why none of some tries is one."""
        code = "no_clues"
        pool = self._discreet(disease)
        for _ in range(TRIES):
            wanted = int(rng.integers(FEWEST_CLUES, MOST_CLUES + 1))
            clues = self._clues(pool, wanted, rng)
            if len(clues) < FEWEST_CLUES:
                return code
            case = self._judge(disease, clues)
            if isinstance(case, Case):
                return case
            code = case
        return code

    def _discreet(self, disease: int) -> list[int]:
        """Return the findings of a disease whose names do not give it away, best first."""
        t = self._t
        secret = set(_row(t.words.secret, disease))
        pool = _row(t.pool, disease)
        return [clue for clue in pool if secret.isdisjoint(_row(t.words.clue, clue))]

    def _clues(self, pool: Sequence[int], wanted: int, rng: np.random.Generator) -> list[int]:
        """Draw findings, typical and specific ones more often, none of them kin or siblings."""
        left, chosen = list(pool), list[int]()
        while left and len(chosen) < wanted:
            # The better of two: the pool lists typical, specific findings first.
            clue = left.pop(int(rng.integers(len(left), size=2).min()))
            if all(self._goes_with(clue, other) for other in chosen):
                chosen.append(clue)
        return chosen

    def _goes_with(self, one: int, other: int) -> bool:
        """Say whether one patient can have two findings, and they are two to a clinician."""
        return self._sex(one) | self._sex(other) < 3 and not self._related(one, other)

    def _sex(self, clue: int) -> int:
        """Return 1 for a finding of women only, 2 for one of men only, else 0."""
        above = self._above(clue, self._t.kin.ancestors) | {clue}
        return any(one in above for one in self._women) + 2 * any(one in above for one in self._men)

    def _related(self, one: int, other: int) -> bool:
        """Say whether two findings are kin, or children of one parent."""
        kin, parents = self._t.kin, self._t.kin.parents
        if other in self._above(one, kin.ancestors) or one in self._above(other, kin.ancestors):
            return True
        return not set(_row(parents, one)).isdisjoint(_row(parents, other))

    def _above(self, node: int, ancestors: Int32) -> frozenset[int]:
        found = self._around.get(node)
        if found is None:
            found = self._around[node] = frozenset(_row(ancestors, node))
        return found

    def _holders(self, clue: int) -> NDArray[np.uint8]:
        """Return who has a finding by closure, disputes admitted: shape (diseases,), 0 or 1."""
        found = self._has.get(clue)
        if found is None:
            sets = self._t.sets
            bits = np.unpackbits(sets.liberal[sets.row[clue]].view(np.uint8), bitorder="little")
            found = self._has[clue] = bits[: len(sets.node)]
        return found

    def _judge(self, disease: int, clues: list[int]) -> Case | str:
        """Prove rules U, R and D of a case, or return the code of the rule that it breaks."""
        sets, margin = self._t.sets, self._settings.margin
        holding = np.stack([self._holders(clue) for clue in clues])
        failed = len(clues) - holding.sum(0, dtype=np.int64)
        failed[sets.number[disease]] = len(clues) + 1  # itself is no rival
        key = failed * len(failed) + np.arange(len(failed))  # ties in the order of the ids
        near = np.sort(np.partition(key, NEAREST)[:NEAREST]) % len(failed)
        near = near[failed[near] < len(clues)]
        if len(near) and failed[near[0]] < margin:
            return "not_robust"
        if (failed[near] <= len(clues) - SHARED).sum() < FEWEST_RIVALS:
            return "few_rivals"
        if holding[:, near].all(1).any():
            return "spare_clue"
        left = np.cumprod(holding, 0, dtype=np.uint8).sum(1, dtype=np.int64).tolist()
        rivals = [(int(sets.node[one]), np.flatnonzero(holding[:, one] == 0).tolist())
                  for one in near]  # fmt: skip
        return Case(disease, clues, left, rivals, margin)


#: How often a disease is tried for each question, where its findings are to be of a specialty.
ROUNDS = 8

#: What the codes of `CaseMaker.draw` mean.
CODES = {
    "no_clues": "too few findings that are typical, specific and give nothing away",
    "not_robust": "a rival fails fewer findings than the margin",
    "few_rivals": "fewer than three other diseases share two of the findings",
    "spare_clue": "a finding speaks against none of the nearest rivals",
}


def mine_differentials(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield cases of rare diseases, every disease once before any comes again.

    Args:
        graph: The graph.
        settings: The bounds of the rules.
        seed: Decides order and draws.
        n: The number of rows that the run is for: no disease is the answer of more than
            ``settings.max_answer_share`` of them.
        refuse: Asked last.

    Yields:
        `Mined`, and a `Rejection` for each draw that gives no case.
    """
    maker = CaseMaker(graph, settings)
    order = rare_first(graph, maker.diseases(), settings, seed, "differential")
    seen: set[tuple[int, frozenset[int]]] = set()
    most = max(1, int(n * settings.max_answer_share))
    given: Counter[int] = Counter()
    for turn in range(most * (ROUNDS if settings.focus.specialty else 1)):
        for disease in [one for one in order if given[one] < most]:
            name = f"differential:{graph.id_of(disease)}:{turn}"
            drawn = maker.draw(disease, derive_rng(seed, "paths", name))
            if isinstance(drawn, str):
                yield Rejection(name, "paths", drawn, CODES[drawn])
                continue
            key = (disease, frozenset(drawn.clues))
            if key in seen:
                yield Rejection(name, "paths", "repeated", "the same case was drawn before")
                continue
            seen.add(key)
            mined = _mined(graph, drawn)
            refused = refuse(mined)
            given[disease] += refused is None
            yield refused or mined


def rare_first(
    graph: KnowledgeGraph, nodes: Int32, settings: MiningSettings, seed: int, label: str
) -> list[int]:
    """Return the diseases that may be mined by lot, those of more weight more often first.

    A weighted draw without replacement: Efraimidis and Spirakis 2006.
    """
    weight = seed_weight(graph, settings)[nodes]
    lots = derive_rng(seed, "paths", label).exponential(size=len(nodes))
    some = weight > 0
    order: list[int] = nodes[some][np.argsort(lots[some] / weight[some], kind="stable")].tolist()
    return order


def _mined(graph: KnowledgeGraph, case: Case) -> Mined:
    answer = graph.id_of(case.disease)
    edges = tuple(QueryEdge("?d", "has_phenotype", graph.id_of(clue)) for clue in case.clues)
    query = Query("?d", (Variable("?d", "Disease"),), edges, ())
    rivals = tuple(Rival(graph.id_of(node), tuple(fails)) for node, fails in case.rivals)
    step = ProofStep(("?d",), tuple(range(len(edges))), tuple(case.left), case.margin, rivals)
    return Mined("differential-dp", query, (Binding("?d", answer),), (step,), (answer,))


def _row(rows: Int32, row: int) -> list[int]:
    """Return one row of a ragged table; see `bits.ragged`."""
    found: list[int] = rows[rows[row] : rows[row + 1]].tolist()
    return found
