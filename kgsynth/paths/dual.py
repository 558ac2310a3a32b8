"""Mining duals: a finding recorded for a disease, and one that is denied; asked one by one.

Every pair has one question that is answered yes and one that is answered no, either of one disease
with two findings or of one finding in two diseases, so that neither the disease nor the finding
alone tells the answer. What is merely not recorded is never asked about.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED, REDUNDANT, WEAK
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.order import rare_first
from kgsynth.paths.settings import MiningSettings, Refuse
from kgsynth.paths.tables import Tables, make_tables
from kgsynth.phrasing import awkward
from kgsynth.records import Binding, Mined, ProofStep, Query, QueryEdge, Rejection, Variable
from kgsynth.seeding import content_id, derive_rng

#: The least share of patients, in every record, with a finding that is asked about and recorded.
TYPICAL = 0.5

#: Most findings that a disease may have: the row lists them all.
MOST_FINDINGS = 60

Int32 = NDArray[np.int32]


class Half(NamedTuple):
    """One question of a pair: the disease, what is proposed, and a finding it surely has."""

    disease: int
    proposed: int
    recorded: int


class PairMaker:
    """Finds pairs in one graph."""

    def __init__(self, graph: KnowledgeGraph, settings: MiningSettings) -> None:
        self._graph = graph
        self._t: Tables = make_tables(graph, settings)
        size = np.diff(graph.csr("has_phenotype").indptr)
        self._fit = self._t.variable & (size > 1) & (size <= MOST_FINDINGS)
        self.denied = self._denied()
        self.typical = self._typical()
        self._patients = _reversed(self.typical)
        self._asked: set[tuple[int, int]] = set()

    def _typical(self) -> dict[int, list[int]]:
        """Return the findings that each disease typically has, surely and most specifically.

        Only those that a pair may need: of diseases with a denial, and what is denied of others.
        """
        graph, csr = self._graph, self._graph.csr("has_phenotype")
        low = graph.edges().column("frequency_low").chunk(0).to_numpy(zero_copy_only=False)
        tails = np.repeat(np.arange(len(graph)), np.diff(csr.indptr))
        sure = (graph.flags[csr.rows] & (CONTESTED | REDUNDANT)) == 0
        keep = sure & (low[csr.rows] >= TYPICAL) & self._fit[tails]
        asked = sorted({finding for row in self.denied.values() for finding in row})
        keep &= np.isin(tails, sorted(self.denied)) | np.isin(csr.indices, asked)
        return self._spoken(tails[keep], csr.indices[keep])

    def _denied(self) -> dict[int, list[int]]:
        """Return the findings that are firmly denied of each disease."""
        graph, csr = self._graph, self._graph.csr("has_phenotype", negated=True)
        tails = np.repeat(np.arange(len(graph)), np.diff(csr.indptr))
        keep = ((graph.flags[csr.rows] & (CONTESTED | WEAK)) == 0) & self._fit[tails]
        return self._spoken(tails[keep], csr.indices[keep])

    def _spoken(self, diseases: Int32, findings: Int32) -> dict[int, list[int]]:
        """Group findings that a clinician would say, and that the disease's name does not."""
        found: dict[int, list[int]] = {}
        for disease, finding in zip(diseases.tolist(), findings.tolist(), strict=True):
            spoken = self._t.variable[finding] and not awkward(self._graph.name_of(finding))
            if spoken and not (self._tells(disease, finding) or self._tells(finding, disease)):
                found.setdefault(disease, []).append(finding)
        return found

    def _tells(self, named: int, hidden: int) -> bool:
        """Say whether naming one entity gives another one away (rule L)."""
        words = self._t.words
        return not set(_row(words.clue, named)).isdisjoint(_row(words.secret, hidden))

    def pairs(self, disease: int, rng: np.random.Generator) -> Iterator[tuple[Half, Half]]:
        """Yield the pairs whose denied half is of a disease: each statement is asked about once.

        The recorded half is of the same disease or of another one by lot, of the other sort where
        that is not to be had.
        """
        for denied in self.denied.get(disease, ()):
            ways = [self._same_disease, self._same_finding]
            for way in ways if rng.random() < 0.5 else ways[::-1]:
                pair = way(disease, denied, rng)
                if pair is not None:
                    self._asked.add((pair[0].disease, pair[0].proposed))
                    yield pair
                    break

    def _same_disease(
        self, disease: int, denied: int, rng: np.random.Generator
    ) -> tuple[Half, Half] | None:
        """Pair a denial with a finding of the disease that is about as special."""
        own = [one for one in self.typical.get(disease, ()) if self._unlike(denied, one)]
        fit = [one for one in own if (disease, one) not in self._asked]
        if not fit:
            return None
        bits = self._t.information
        near = sorted(fit, key=lambda one: (abs(float(bits[one] - bits[denied])), one))[:3]
        chosen = near[int(rng.integers(len(near)))]
        return Half(disease, chosen, chosen), Half(disease, denied, chosen)

    def _same_finding(
        self, disease: int, denied: int, rng: np.random.Generator
    ) -> tuple[Half, Half] | None:
        """Pair a denial with another disease that has the finding."""
        fresh = [one for one in self._patients.get(denied, ()) if (one, denied) not in self._asked]
        others = [one for one in fresh if not self._kin(one, disease)]
        own = [one for one in self.typical.get(disease, ()) if self._unlike(denied, one)]
        if not others or not own:
            return None
        other = others[int(rng.integers(len(others)))]
        recorded = own[int(rng.integers(len(own)))]
        return Half(other, denied, denied), Half(disease, denied, recorded)

    def _unlike(self, denied: int, recorded: int) -> bool:
        return not self._kin(denied, recorded) and not self._tells(denied, recorded)

    def _kin(self, one: int, other: int) -> bool:
        above = self._t.kin.ancestors
        return one == other or other in _row(above, one) or one in _row(above, other)


def mine_duals(
    graph: KnowledgeGraph,
    settings: MiningSettings,
    seed: int,
    n: int,
    refuse: Refuse = lambda mined: None,
) -> Iterator[Mined | Rejection]:
    """Yield pairs of questions, the two of a pair one after the other in either order.

    Args:
        graph: The graph.
        settings: The bounds of the rules.
        seed: Decides order and draws.
        n: Not used: every statement is asked about once.
        refuse: Asked last, for both; where it refuses one, both are rejected.

    Yields:
        `Mined`, two by two, and two instances of `Rejection` for a pair that is refused.
    """
    maker = PairMaker(graph, settings)
    diseases = np.array(sorted(maker.denied), np.int32)
    for disease in rare_first(graph, diseases, settings, seed, "dual"):
        rng = derive_rng(seed, "paths", "dual", graph.id_of(disease))
        for pair in maker.pairs(disease, rng):
            halves = _mined(graph, pair)
            if halves is None:
                name = f"dual:{graph.id_of(disease)}:{graph.id_of(pair[1].proposed)}"
                yield Rejection(name, "paths", "disputed", "a dispute touches what is recorded")
                continue
            if rng.integers(2):
                halves = halves[::-1]
            refused = refuse(halves[0]) or refuse(halves[1])
            for half in halves:
                yield _refused(half, refused) if refused else half


def _refused(mined: Mined, why: Rejection) -> Rejection:
    name = f"{mined.template}:{mined.query.edges[0].subject},{mined.candidate}"
    return Rejection(name, why.stage, why.code, f"of this or its counterpart: {why.detail}")


def _mined(graph: KnowledgeGraph, pair: tuple[Half, Half]) -> tuple[Mined, Mined] | None:
    """Return both halves, or None where the answers do not bear one out."""
    content = [[graph.id_of(half.disease), graph.id_of(half.proposed)] for half in pair]
    same = "disease" if pair[0].disease == pair[1].disease else "finding"
    made = []
    for half, right in zip(pair, (True, False), strict=True):
        query = findings_of(graph.id_of(half.disease))
        answers = graph.answers(query)
        recorded, proposed = graph.id_of(half.recorded), graph.id_of(half.proposed)
        if recorded not in answers or (proposed in answers) != right:
            return None
        step = ProofStep(("?p",), (), (), 0, ())
        binding = (Binding("?p", recorded),)
        made.append(
            Mined(
                f"dual-{same}",
                query,
                binding,
                (step,),
                answers,
                proposed,
                content_id("kgp", content),
            )
        )
    return made[0], made[1]


def findings_of(disease: str) -> Query:
    """Return the query for the most specific findings recorded for a disease."""
    edge = QueryEdge(disease, "has_phenotype", "?p")
    return Query("?p", (Variable("?p", "PhenotypicFeature"),), (edge,), ())


def _reversed(found: dict[int, list[int]]) -> dict[int, list[int]]:
    turned: dict[int, list[int]] = {}
    for one, others in found.items():
        for other in others:
            turned.setdefault(other, []).append(one)
    return turned


def _row(rows: Int32, row: int) -> list[int]:
    """Return one row of a ragged table; see `bits.ragged`."""
    found: list[int] = rows[rows[row] : rows[row + 1]].tolist()
    return found
