"""What all cases share: findings in the order in which they are told, onset and sex as recorded.

The tables lie in ``templates/questions/case.toml``.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.memo import Memo, once_each
from kgsynth.records import Edge
from kgsynth.resources import data_file

#: Parts of a case, in the order in which they are told.
PARTS = ("history", "birth", "examination", "tests")

#: The share of cases that tell when the illness began, where it is recorded.
TELL_ONSET = 0.75

#: What a finding is called that was there before or soon after birth, and onsets that fit it.
_EARLY = re.compile(
    r"neonat|newborn|congenital|f[eo]etal|prenatal|intrauterine|infan|natal|birth", re.IGNORECASE
)
_FIRST_YEAR = frozenset({"HP:0003577", "HP:0003623", "HP:0003593"})

#: Findings of the genital system may speak of a sex by themselves.
_GENITAL = "HP:0000078"


@cache
def case_words() -> dict[str, Any]:
    """Return the tables in ``templates/questions/case.toml``."""
    return tomllib.loads(data_file("templates", "questions", "case.toml").read_text("utf-8"))


def parts_of(
    findings: Sequence[str], graph: KnowledgeGraph, rng: np.random.Generator
) -> list[tuple[str, list[str]]]:
    """Return the findings by part of the case, those of one organ system together.

    Args:
        findings: Node ids.
        graph: Their graph.
        rng: Decides the order within an organ system.
    """
    systems, system_of = case_words()["system"], _systems_in(graph)
    placed: dict[str, list[tuple[int, float, str]]] = {part: [] for part in PARTS}
    for one in findings:
        at = system_of[one]
        placed[systems[at]["part"]].append((at, float(rng.random()), one))
    return [(part, [one for _, _, one in sorted(found)]) for part, found in placed.items()
            if found]  # fmt: skip


@once_each
def _systems_in(graph: KnowledgeGraph) -> Memo[str, int]:
    """Return the place of the class in the tables that a finding belongs to, by finding."""
    classes = [one["class"] for one in case_words()["system"]]

    def find(finding: str) -> int:
        above = graph.ancestors(finding) | {finding}
        return next((at for at, one in enumerate(classes) if one in above), len(classes) - 1)

    return Memo(find)


def onsets_of(disease: str, graph: KnowledgeGraph, found: Sequence[str] = ()) -> list[Edge]:
    """Return the undisputed statements of an onset that the tables have words for.

    Args:
        disease: A node id.
        graph: Its graph.
        found: The findings told with it: whoever has "neonatal hypotonia" did not fall ill at
            school age.
    """
    known = case_words()["when"]
    if any(_EARLY.search(graph.node(one).name) for one in found):
        known = known.keys() & _FIRST_YEAR
    edges = graph.edges_of(disease, "has_attribute")
    return [edge for edge in edges if edge.object in known and not edge.contested]


def statements(disease: str, findings: Sequence[str], graph: KnowledgeGraph) -> list[Edge]:
    """Return what is recorded of these very findings in a disease."""
    found = [graph.find_edge(disease, "has_phenotype", one) for one in findings]
    return [edge for edge in found if edge is not None]


def sex_of(disease: str, findings: Sequence[str], graph: KnowledgeGraph) -> str:
    """Return the one sex in which the findings are recorded, "" where no record names one.

    Nor is it told beside a finding of the genital system that no record gives a sex for: a female
    patient with small testes is nobody.
    """
    edges = statements(disease, findings, graph)
    sexes = {edge.sex for edge in edges if edge.sex}
    named = {edge.object for edge in edges if edge.sex}
    doubtful = any(_GENITAL in graph.ancestors(one) for one in findings if one not in named)
    return sexes.pop() if len(sexes) == 1 and not doubtful else ""
