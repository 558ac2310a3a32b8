"""Specialties: the branches of findings, one for each child of HPO's "Phenotypic abnormality".

A finding belongs to every branch that it lies under; many lie under two.
"""

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kgsynth.errors import UsageError
from kgsynth.graph.derived import Arrays, derived
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.resources import data_file

#: The top of what patients show; its children are the specialties.
PHENOTYPES = "HP:0000118"

#: A question, or a disease, belongs to a specialty with at least this share of its findings.
BELONGS = 0.5


class Specialties:
    """The branches of a graph and what lies under them. Get one with `specialties_of`.

    Attributes:
        ids: The branches, ascending; empty where the graph has none.
        names: Their names.
        masks: shape (n_nodes,), uint64; bit ``i`` is set where a finding lies in branch ``i``.
        share: shape (branches,); the mean of `of_diseases` over all diseases with findings.
        lead: shape (n_nodes,); the branch that most of a node's recorded findings lie in, else -1.
        balance: shape (n_nodes,); how much each disease has of what few have: the mean, over its
            findings' branches, of one over the root of the branch's share. 1 where nothing is
            recorded.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        known = PHENOTYPES in graph
        found = graph.neighbours(PHENOTYPES, "subclass_of", "inverse") if known else ()
        self.ids: tuple[str, ...] = tuple(sorted(found))[:64]
        self.names = tuple(graph.node(one).name for one in self.ids)
        kept = derived(graph, "specialties", (Path(__file__),), self._make)
        self.masks: NDArray[np.uint64] = kept["masks"].astype(np.uint64, copy=False)
        self.share: NDArray[np.float64] = kept["share"].astype(np.float64, copy=False)
        self.lead: NDArray[np.int64] = kept["lead"].astype(np.int64, copy=False)
        self.balance: NDArray[np.float64] = kept["balance"].astype(np.float64, copy=False)

    def _make(self) -> Arrays:
        """Work out what is kept: see the attributes."""
        self.masks = self._spread_down()
        parts = self.of_diseases
        diseases = np.diff(self._graph.csr("has_phenotype").indptr) > 0
        share = parts[diseases].mean(0) if diseases.any() else np.zeros(len(self.ids))
        rarity = 1 / np.sqrt(np.where(share > 0, share, 1.0))
        total = parts.sum(1)
        balance = np.where(total > 0, parts @ rarity / np.where(total > 0, total, 1), 1.0)
        lead = np.where(total > 0, parts.argmax(1), -1) if len(self.ids) else total - 1
        return {"masks": self.masks, "share": share, "balance": balance, "lead": lead}

    def _spread_down(self) -> NDArray[np.uint64]:
        masks = np.zeros(len(self._graph), np.uint64)
        tops = [self._graph.index_of(one) for one in self.ids]
        masks[tops] = np.uint64(1) << np.arange(len(tops), dtype=np.uint64)
        up = self._graph.csr("subclass_of")
        below = np.repeat(np.arange(len(masks)), np.diff(up.indptr))
        while len(self.ids):
            fresh = masks[up.indices] & ~masks[below] != 0
            if not fresh.any():
                break
            np.bitwise_or.at(masks, below[fresh], masks[up.indices[fresh]])
        return masks

    def find(self, text: str) -> str:
        """Return the branch that an id, a name, a part of a name or a short word means.

        Raises:
            UsageError: If it means none, or more than one.
        """
        if not self.ids:
            raise UsageError(f"{self._graph.folder}: no {PHENOTYPES} with branches: no specialties")
        wanted = text.strip().casefold()
        spelled = {one.casefold(): one for one in self.ids}
        spelled |= {name.casefold(): one for one, name in zip(self.ids, self.names, strict=True)}
        spelled |= {word: one for word, one in _words().items() if one in self.ids}
        if wanted in spelled:
            return spelled[wanted]
        parts = {one for name, one in spelled.items() if wanted and wanted in name}
        if len(parts) == 1:
            return parts.pop()
        words = ", ".join(word for word, one in _words().items() if one in self.ids)
        problem = "means several specialties" if parts else "is no specialty"
        raise UsageError(
            f"{text!r} {problem}; expected an id or a name of a child of {PHENOTYPES}, or "
            f"{words or 'one of ' + ', '.join(self.names)}"
        )

    def held(self, findings: Iterable[str]) -> list[int]:
        """Return for each of some findings the branches that it lies in, as bits."""
        graph, masks = self._graph, self.masks
        return [int(masks[graph.index_of(one)]) for one in findings if one in graph]

    @functools.cached_property
    def of_diseases(self) -> NDArray[np.float64]:
        """The share of each node's recorded findings in each branch: shape (n_nodes, branches)."""
        has = self._graph.csr("has_phenotype")
        owner = np.repeat(np.arange(len(self._graph)), np.diff(has.indptr))
        counts = np.diff(has.indptr)
        masks = self.masks[has.indices]
        shares = np.zeros((len(self._graph), len(self.ids)))
        for at in range(len(self.ids)):
            inside = (masks >> np.uint64(at)) & np.uint64(1)
            sums = np.bincount(owner, inside.astype(np.float64), minlength=len(self._graph))
            shares[:, at] = sums / np.maximum(counts, 1)
        return shares


@functools.lru_cache(maxsize=4)
def specialties_of(graph: KnowledgeGraph) -> Specialties:
    """Return the specialties of a graph, the same object each time."""
    return Specialties(graph)


@functools.cache
def _words() -> dict[str, str]:
    text = data_file("templates", "words", "specialties.toml").read_text("utf-8")
    words: dict[str, str] = tomllib.loads(text)["words"]
    return words


def belongs(inside: int, findings: int) -> bool:
    """Say whether enough of some findings lie in a branch for a question to belong to it."""
    return inside > 0 and inside >= BELONGS * findings
