"""In how many genes a mutation causes a disease: a measure of comparisons.

Counted are causes only, and the disease that is said to have fewer has no gene that is merely
associated. The other one has at least twice as many and three more, one source gives all causes of
both, and no source that knows genes of it knows as few as the other one has. Diseases whose names
tell of a gene or a number in a series are left out: those have one.
"""

import re

import numpy as np
from numpy.typing import NDArray

from kgsynth.graph.index import CONTESTED
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.measures import Sides, reads_well, source_bits
from kgsynth.records import Binding, Edge, Mined, ProofStep, Query, QueryEdge, Rival, Variable

Ints = NDArray[np.int64]

CAUSES, ASSOCIATED = "causes", "gene_associated_with_condition"

#: How many times as many genes, and how many more, at least; and most that a trace can list.
TIMES, MORE, MOST = 2, 3, 12

#: In a name: a number, a symbol, or words of single genes and of lost pieces of chromosomes.
_TELLING = re.compile(
    r"\d|\b[A-Z]{3,}|\b(?:deficiency|deletion|duplication|monosomy|trisomy|disomy|chromosome"
    r"|related|mutations?|due to|caused by|syndrome [IVX]+|X-linked)\b"
)


class GeneCounts:
    """The recorded causes of one graph's diseases."""

    name = "genes"
    most = 20  # few diseases have many genes: they would be named again and again

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self.sure = _counts(graph, (CAUSES,), sure=True)
        self.loose = _counts(graph, (CAUSES, ASSOCIATED), sure=False)
        held = np.flatnonzero((self.sure > 0) & (self.loose <= MOST)).tolist()
        kinds = ((d, graph.surfaces(graph.id_of(d))[0]) for d in held)
        fit = [d for d, name in kinds if reads_well(graph, d) and not _TELLING.search(name)]
        self.fit = np.array(fit, np.int32)
        told = [self._told(disease) for disease in fit]
        self._sources = source_bits([sources for sources, _ in told])
        self._least = np.array([least for _, least in told])

    def sides(self, one: int) -> Sides:
        """See `Measure`."""
        at = int(np.searchsorted(self.fit, one))
        sure, loose, least = self.sure[self.fit], self.loose[self.fit], self._least
        of_one_source = (self._sources & self._sources[at]) != 0
        more = _more(sure[at], least[at], loose, sure)
        fewer = _more(sure, least, loose[at], sure[at])
        return np.asarray((more.astype(np.int8) - fewer) * of_one_source, np.int8)

    def mined(self, answer: str, other: str, among: tuple[str, str]) -> Mined:
        """Return the question which of two has most or fewest genes; one of them is bound."""
        index_of = self._graph.index_of
        more = self.sure[index_of(answer)] > self.loose[index_of(other)]
        causes = self._graph.csr(CAUSES, "inverse")
        at = index_of(answer)
        plain = (self._graph.flags[causes.rows_of(at)] & CONTESTED) == 0
        gene = min(self._graph.id_of(int(one)) for one in causes.of(at)[plain])
        variables = (Variable("?d", "Disease"), Variable("?g", "Gene"))
        edge = QueryEdge("?g", CAUSES, "?d")
        query = Query("?d", variables, (edge,), (), among, "?g", "most" if more else "fewest")
        step = ProofStep(("?g", "?d"), (0,), (1,), 1, (Rival(other, (0,)),))
        bindings = (Binding("?d", answer), Binding("?g", gene))
        template = "comparison-more" if more else "comparison-fewer"
        return Mined(template, query, bindings, (step,), (answer,))

    def _told(self, disease: int) -> tuple[frozenset[str], int]:
        """Return the sources that give all causes, and how many genes any source gives at least."""
        graph, curie = self._graph, self._graph.id_of(disease)
        causes = _into(graph, CAUSES, curie)
        genes: dict[str, set[str]] = {}
        for edge in (*causes, *_into(graph, ASSOCIATED, curie)):
            for one in edge.evidence:
                genes.setdefault(one.source, set()).add(edge.subject)
        every = (frozenset(one.source for one in edge.evidence) for edge in causes)
        return frozenset.intersection(*every), min(len(known) for known in genes.values())


def _more(sure: Ints, least: Ints, fewer: Ints, of_fewer: Ints) -> NDArray[np.bool_]:
    """Say who of some has clearly more genes than who of others.

    Args:
        sure: How many causes the former have beyond dispute, ...
        least: ... and how many genes any source gives at least.
        fewer: How many genes the latter can have ...
        of_fewer: ... and how many causes beyond dispute.
    """
    enough = sure >= np.maximum(TIMES * fewer, fewer + MORE)
    return np.asarray(enough & (fewer <= of_fewer) & (least > fewer), np.bool_)


def _counts(graph: KnowledgeGraph, predicates: tuple[str, ...], *, sure: bool) -> Ints:
    """Return how many genes each disease has by some relations, disputed ones left out or not."""
    pairs = set[tuple[int, int]]()
    for name in predicates:
        csr = graph.csr(name, "inverse")
        tails = np.repeat(np.arange(len(graph)), np.diff(csr.indptr))
        keep = (graph.flags[csr.rows] & CONTESTED) == 0 if sure else np.full(len(tails), True)
        pairs.update(zip(tails[keep].tolist(), csr.indices[keep].tolist(), strict=True))
    owners = [d for d, gene in pairs if graph.category_of(gene) == "Gene"]
    return np.bincount(np.array(owners, np.int64), minlength=len(graph))


def _into(graph: KnowledgeGraph, predicate: str, disease: str) -> list[Edge]:
    genes = graph.neighbours(disease, predicate, "inverse")
    found = (graph.find_edge(gene, predicate, disease) for gene in genes)
    return [edge for edge in found if edge is not None]
