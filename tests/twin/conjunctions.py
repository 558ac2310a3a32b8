"""What lists and exclusions obey beside the common rules, said as plainly as it can be.

A list has two to ten answers, no two of them kin, each as fit as a single answer has to be; its
text names them in alphabetical order. In an exclusion a firm denial decides: without what is denied
there is another answer, even where nothing disputed counts.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from tests.twin.graph import HAS_PHENOTYPE, Graph
from tests.twin.search import solutions
from tests.twin.steps import Question
from tests.twin.words import surfaces

FEWEST, MOST = 2, 10
FEW_PATIENTS = 2


def one_by_one(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a list row once for each of its answers, each time bound to that one."""
    target = row["query"]["target"]
    return [
        {**row, "bindings": [{"variable": target, "id": answer["id"]}]} for answer in row["answers"]
    ]


def faults(question: Question) -> list[str]:
    """Return which rules of its own kind a row breaks."""
    kind = question.row["kind"]
    if kind == "list":
        return [*_members(question), *_text(question)]
    return [*_decided(question), *_firm(question)] if kind == "exclusion" else []


def _members(question: Question) -> Iterator[str]:
    ids = [answer["id"] for answer in question.row["answers"]]
    if not FEWEST <= len(ids) <= MOST:
        yield f"U: {len(ids)} answers"
    if ids[:1] != [question.bound[question.target]]:
        yield "U: the target is not bound to the first answer"
    for one, other in combinations(ids, 2):
        if question.graph.are_kin(one, other):
            yield f"G: {one} and {other} are kin"


def _text(question: Question) -> Iterator[str]:
    """The answer names every member once, in alphabetical order."""
    said = [part.lower() for part in re.split(r", and |, | and ", question.row["answer"])]
    ids = [answer["id"] for answer in question.row["answers"]]
    names = {one: {text.lower() for text in surfaces(question.graph, one)} for one in ids}
    if said != sorted(said) or len(said) != len(ids):
        yield f"trace: the answer {question.row['answer']!r} is no list of {len(ids)}"
    for one in ids:
        if sum(part in names[one] for part in said) != 1:
            yield f"trace: the answer names {one} not once"


def _decided(question: Question) -> Iterator[str]:
    plain = [pattern for pattern in question.patterns if not pattern.negated]
    if len(plain) == len(question.patterns) or not plain:
        yield "M: nothing, or everything, is denied"
        return
    found = solutions(question.graph, plain, [question.target], question.categories, {}, "tight")
    if len({way[question.target] for way in found}) < 2:
        yield "M: without the denial there is no other answer"


def _firm(question: Question) -> Iterator[str]:
    """What is denied is so in more than one or two patients, of the term or of an ancestor."""
    disease = question.bound[question.target]
    for pattern in question.patterns:
        if pattern.negated and not any(
            _is_firm(edge) for edge in _denials(question.graph, disease, pattern.object)
        ):
            yield f"solution: {disease} carries no firm denial of {pattern.object}"


def _denials(graph: Graph, disease: str, term: str) -> list[dict[str, Any]]:
    found = (
        graph.by_ends.get((disease, HAS_PHENOTYPE, each, True))
        for each in {term} | graph.ancestors(term)
    )
    return [edge for edge in found if edge is not None and not edge["contested"]]


def _is_firm(edge: Mapping[str, Any]) -> bool:
    """Say whether a source denies outright, or of more than two patients counted."""
    given = [part.get("frequency") or "" for part in edge["evidence"]]
    counts = [re.fullmatch(r"0\s*/\s*(\d+)", text) for text in given]
    return any(match is None or int(match[1]) > FEW_PATIENTS for match in counts)
