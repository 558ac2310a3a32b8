"""Options and proposals, judged plainly: fit, no relatives, wrong for the reasons that are given.

An option is tried in the place of the answer, with everything before the last step as bound. It
fails the spine edge to the answer where no walk of the last step ends at it, and every clue of the
answer that does not hold for it in the loose reading.
"""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from tests.twin.graph import HAS_PHENOTYPE, IS_A, NO_ONE, Graph
from tests.twin.search import holds
from tests.twin.steps import Margins, Question
from tests.twin.words import surfaces, words_of

ALIKE = Path(__file__).parents[2] / "templates" / "words" / "alike.toml"
SPOKEN = 10
ONE_VALUE = {"has_mode_of_inheritance": 0, "gene_associated_with_condition": 1, "causes": 1}
RANK = ("denied", "other_value", "not_recorded")


def option_faults(question: Question, margins: Margins) -> Iterator[str]:
    """Return what is wrong with the options of a row, or with what it proposes."""
    row, graph = question.row, question.graph
    answers = {answer["id"] for answer in row["answers"]}
    if row["form"] == "choice":
        right = [each for each in row["options"] if each["correct"]]
        if [each["id"] for each in right] != [question.bound[question.target]]:
            yield "options: the right option is not the answer"
        for each in row["options"]:
            spelled = {text.casefold() for text in surfaces(graph, each["id"])}
            if each["text"].casefold() not in spelled:
                yield f"options: {each['text']!r} is no name of {each['id']}"
        wrong = [each for each in row["options"] if not each["correct"]]
        for one, other in combinations(wrong, 2):
            if _relatives(graph, one["id"], other["id"]):
                yield f"options: {one['id']} and {other['id']} are relatives"
        for each in wrong:
            given = {reason["clue"]: reason for reason in each["reasons"]}
            yield from _faults(question, margins, each["id"], given)
        if row["reasoning"].rpartition("\n")[2] != f"Answer: {row['answer_key']}) {row['answer']}":
            yield "options: the last line does not give key and answer"
    elif row["form"] == "yes_no":
        proposed = row["candidate"]["id"]
        if (proposed in answers) != (row["answer"] == "yes"):
            yield f"options: {row['answer']!r} to {proposed}"
        elif proposed not in answers:
            yield from _faults(question, margins, proposed, None)
    elif row["options"] or row["answer_key"] or row["candidate"]["id"]:
        yield "options: an open question has options or proposes something"


def _faults(
    question: Question,
    margins: Margins,
    option: str,
    given: Mapping[int, Mapping[str, Any]] | None,
) -> Iterator[str]:
    graph, node = question.graph, question.graph.nodes[option]
    if node["category"] != question.categories[question.target] or node["is_group"]:
        yield f"options: {option} is of another category, or a group"
    for name, entity in question.bound.items():
        if _relatives(graph, option, entity):
            yield f"options: {option} is a relative of {name} = {entity}"
    for pattern in question.patterns:
        asked = pattern.predicate == IS_A and pattern.subject == question.target
        if asked and pattern.object not in graph.ancestors(option):
            yield f"options: {option} is not under {pattern.object}"
    failed = dict(_failed(question, option))
    reasons = {at: reason for at, ends in failed.items() if (reason := _reason(question, at, ends))}
    for at, said in (given or {}).items():
        if reasons.get(at) != said["reason"]:
            yield f"options: {option} fails {at} by {reasons.get(at)}, not {said['reason']}"
        elif not _edges_say_so(question, at, failed[at], said):
            yield f"options: the edges of {option} do not say why it fails {at}"
    counted = reasons if given is None else set(given) & set(reasons)
    step = question.steps[-1]
    category = question.categories[question.target]
    margin = margins.of(question.row["hops"], step.index, category) if step.clues else 1
    if len(counted) < margin:
        yield f"options: {option} fails {sorted(counted)}, margin {margin}"


def _relatives(graph: Graph, one: str, other: str) -> bool:
    """Say whether two entities are kin, twins, or of one category and one name."""
    if graph.are_kin(one, other):
        return True
    if graph.nodes[one]["category"] != graph.nodes[other]["category"]:
        return False
    names = [{tuple(words_of(text)) for text in surfaces(graph, each)} for each in (one, other)]
    if names[0] & names[1]:
        return True
    if graph.nodes[one]["category"] != "PhenotypicFeature":
        return False
    matched = graph.said.get("close_match", {})
    if other in matched.get(one, NO_ONE) or one in matched.get(other, NO_ONE):
        return True
    said = [{_said(text) for text in surfaces(graph, each)} for each in (one, other)]
    return bool((said[0] & said[1]) - {""})


@functools.cache
def _said(text: str) -> str:
    """Return a finding's name in words of one meaning, the affected side left out."""
    empty, groups = _alike()
    told = [word for word in words_of(text) if word not in empty]
    bare = [w[:-1] if len(w) > 3 and w[-1] == "s" and w[-2] not in "siu" else w for w in told]
    return " ".join(
        sorted({groups.get(a, groups.get(b, b)) for a, b in zip(told, bare, strict=True)})
    )


@functools.cache
def _alike() -> tuple[set[str], dict[str, str]]:
    table = tomllib.loads(ALIKE.read_text(encoding="utf-8"))
    groups = {word: line.split()[0] for line in table["groups"] for word in line.split()}
    return set(table["sides"].split()) | set(table["fillers"].split()), groups


def _failed(question: Question, option: str) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the query edges that an option fails, each with the entities that it would join."""
    step = question.steps[-1]
    bound = {**question.bound, question.target: option}
    ends_at = {way[question.target] for way, _ in question.walk(step, "loose").ways}
    for at, pattern in enumerate(question.patterns):
        ends = (
            bound.get(pattern.subject, pattern.subject),
            bound.get(pattern.object, pattern.object),
        )
        if at in step.clues:
            if not holds(question.graph, pattern, *ends, "loose"):
                yield at, ends
        elif question.target in pattern.ends and len(pattern.variables) == 2:
            implied = pattern.predicate == HAS_PHENOTYPE and ends[0] in question.graph.with_finding(
                ends[1], "loose"
            )
            if option not in ends_at and not implied:
                yield at, ends


def _reason(question: Question, at: int, ends: tuple[str, str]) -> str:
    graph, pattern = question.graph, question.patterns[at]
    if pattern.negated:
        return "other_value"
    if _denials(graph, pattern.predicate, ends):
        return "denied"
    if _other(graph, pattern.predicate, ends):
        return "other_value"
    about = ends[1] if graph.nodes[ends[1]]["category"] == "Disease" else ends[0]
    return "not_recorded" if _spoken(graph, about) >= SPOKEN else ""


def _spoken(graph: Graph, about: str) -> int:
    if graph.nodes[about]["category"] == "Disease":
        return len(graph.said.get(HAS_PHENOTYPE, {}).get(about, NO_ONE))
    return sum(edge["subject"] == about for edge in graph.edges.values())


def _denials(graph: Graph, predicate: str, ends: tuple[str, str]) -> set[str]:
    """Return what is firmly denied of the subject and rules the object out."""
    ruling = {ends[1]}
    if predicate == HAS_PHENOTYPE:
        ruling |= graph.ancestors(ends[1])
    denied = graph.denied.get((ends[0], predicate), NO_ONE) & ruling
    edges = {each: graph.by_ends[ends[0], predicate, each, True] for each in denied}
    return {each for each, edge in edges.items() if not edge.get("weak")}


def _other(graph: Graph, predicate: str, ends: tuple[str, str]) -> set[tuple[str, str]]:
    """Return the ends of the one statement that gives a relation of one value another value."""
    if predicate not in ONE_VALUE:
        return set()
    owner = ONE_VALUE[predicate]
    links = [graph.links(predicate, reading, owner == 1) for reading in ("loose", "tight")]
    loose, tight = (set(each.get(ends[owner], NO_ONE)) for each in links)
    if len(loose) != 1 or loose != tight:
        return set()
    (value,) = loose
    asked = ends[1 - owner]
    if value == asked or value in graph.ancestors(asked) or asked in graph.ancestors(value):
        return set()
    return {(ends[0], value) if owner == 0 else (value, ends[1])}


def _edges_say_so(
    question: Question, at: int, ends: tuple[str, str], said: Mapping[str, Any]
) -> bool:
    graph, pattern = question.graph, question.patterns[at]
    if any(each not in graph.edges for each in said["edges"]):
        return False
    edges = [graph.edges[each] for each in said["edges"]]
    if said["reason"] == "not_recorded":
        return not edges
    about = [edge for edge in edges if edge["predicate"] == pattern.predicate]
    path = {(e["subject"], e["object"]) for e in edges if e["predicate"] == IS_A}
    if said["reason"] == "denied":
        reach = _reach(ends[1], path)
        return any(e["negated"] and e["subject"] == ends[0] and e["object"] in reach for e in about)
    if pattern.negated:
        stated = {e["object"] for e in about if not e["negated"] and e["subject"] == ends[0]}
        return any(ends[1] in _reach(each, path) for each in stated)
    other = _other(graph, pattern.predicate, ends)
    return bool(about) and {(e["subject"], e["object"]) for e in about} <= other


def _reach(start: str, path: set[tuple[str, str]]) -> set[str]:
    found = {start}
    while more := {up for down, up in path if down in found} - found:
        found |= more
    return found
