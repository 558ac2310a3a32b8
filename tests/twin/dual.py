"""What a dual obeys: its proposal is surely recorded of a disease, or surely denied."""

import re
from collections.abc import Iterator
from typing import Any

from tests.twin import proof, words
from tests.twin.graph import HAS_PHENOTYPE, Graph, lowest_share
from tests.twin.steps import Question

TYPICAL = 0.5


def faults(question: Question) -> list[str]:
    """Return where a dual breaks a rule."""
    return [
        *_asked(question),
        *words.leaks(question),
        *proof.citation_faults(question),
    ]


def _asked(question: Question) -> Iterator[str]:
    row, graph = question.row, question.graph
    (pattern,) = question.patterns
    disease, proposed = pattern.subject, row["candidate"]["id"]
    bound = question.bound[question.target]
    if (pattern.predicate, pattern.object, pattern.negated) != (HAS_PHENOTYPE, "?p", False):
        yield "dual: the query does not ask for the findings of a disease"
    found = sorted(graph.most_specific(disease, "loose"))
    if [answer["id"] for answer in row["answers"]] != found:
        yield "U: the answers are not the findings of the disease"
    yield from _recorded(graph, disease, bound)
    if graph.nodes[disease]["is_group"] or graph.nodes[proposed]["is_group"]:
        yield "G: a group"
    if row["answer"] == "yes":
        if proposed != bound or proposed not in found:
            yield f"dual: {proposed} is not recorded"
    elif row["answer"] == "no":
        yield from _denied(graph, disease, proposed, row)
    else:
        yield f"dual: the answer is {row['answer']}"
    if not row["pair"].startswith("kgp:"):
        yield "dual: no pair"


def _recorded(graph: Graph, disease: str, finding: str) -> Iterator[str]:
    edge = graph.by_ends.get((disease, HAS_PHENOTYPE, finding, False))
    if edge is None or edge["contested"]:
        yield f"dual: {finding} is not surely recorded of {disease}"
    elif (lowest_share(edge) or 0.0) < TYPICAL:
        yield f"dual: {finding} is not typical of {disease}"


def _denied(graph: Graph, disease: str, finding: str, row: Any) -> Iterator[str]:
    edge = graph.by_ends.get((disease, HAS_PHENOTYPE, finding, True))
    if edge is None or edge["contested"]:
        yield f"dual: {finding} is not denied of {disease}"
        return
    if disease in graph.with_finding(finding, "loose"):
        yield f"dual: {finding} holds of {disease}"
    counts = [re.fullmatch(r"0\s*/\s*(\d+)", one["frequency"] or "") for one in edge["evidence"]]
    if all(match is not None and int(match[1]) <= 2 for match in counts):
        yield f"dual: the denial of {finding} rests on two patients"
    told = re.search(r"none of ([\d,]+) patients", row["reasoning"])
    if told and told[1].replace(",", "") not in {match[1] for match in counts if match}:
        yield f"dual: no record counts {told[1]} patients"


def pair_faults(rows: list[Any]) -> list[str]:
    """Return what is wrong with the pairs of a run: one yes, one no, one thing shared."""
    pairs: dict[str, list[Any]] = {}
    for row in rows:
        if row["kind"] == "dual":
            pairs.setdefault(row["pair"], []).append(row)
    found = []
    for name, both in pairs.items():
        labels = sorted(row["answer"] for row in both)
        diseases = {row["query"]["edges"][0]["subject"] for row in both}
        findings = {row["candidate"]["id"] for row in both}
        if labels != ["no", "yes"] or len(diseases) + len(findings) != 3:
            found.append(f"run: pair {name} has answers {labels}")
    return found
