"""What a row says of its own proof, held against what the graph gives."""

import hashlib
from collections.abc import Iterator
from typing import Any

from tests.twin.graph import HAS_PHENOTYPE, IS_A, SYMMETRIC, Graph
from tests.twin.search import Pattern
from tests.twin.steps import Margins, Question, Step

NEAREST = 10


def margin_of(question: Question, step: Step, margins: Margins) -> int:
    """Return the margin that a step must keep; 0 where it has no clues."""
    if not step.clues:
        return 0
    category = question.categories[step.variables[-1]]
    return margins.of(question.row["hops"], step.index, category)


def faults(question: Question, margins: Margins) -> list[str]:
    """Return where the row's steps, edges or trace differ from what the graph gives."""
    return [*_steps(question, margins), *citation_faults(question)]


def citation_faults(question: Question) -> list[str]:
    """Return where the row's edges or trace do."""
    return [*_edges(question), *_trace(question)]


def _steps(question: Question, margins: Margins) -> Iterator[str]:
    stated = question.row["steps"]
    cut = [(list(step.variables), sorted(step.clues)) for step in question.steps]
    if [(each["variables"], sorted(each["clues"])) for each in stated] != cut:
        yield f"steps: the row cuts the spine otherwise than {cut}"
        return
    for step, said in zip(question.steps, stated, strict=True):
        if said["margin"] < margin_of(question, step, margins):
            yield f"steps: step {step.index} states margin {said['margin']}"
        yield from _candidates(question, step, said)
        yield from _rivals(question, step, said)


def _candidates(question: Question, step: Step, said: dict[str, Any]) -> Iterator[str]:
    walk = question.walk(step, "loose")
    left: list[int] = []
    met: set[int] = set()
    for clue in said["clues"]:
        met.add(clue)
        far = 0 if met & set(walk.far_fails) else walk.far
        left.append(sum(not met & set(fails) for _, fails in walk.ways) + far)
    if said["candidates"] != left:
        yield f"steps: step {step.index} states candidates {said['candidates']}, counted {left}"
    wanted = len(question.accepted(step))
    if left and left[-1] != wanted:
        yield f"steps: step {step.index} leaves {left[-1]} candidates"


def _rivals(question: Question, step: Step, said: dict[str, Any]) -> Iterator[str]:
    if not step.clues:
        if said["rivals"]:
            yield f"steps: step {step.index} has no clues and states rivals"
        return
    ending = step.variables[-1]
    walk = question.walk(step, "loose")
    rivals = {way[ending]: fails for way, fails in walk.rivals_of(question.accepted(step))}
    stated = [each["id"] for each in said["rivals"]]
    for each in said["rivals"]:
        # Who meets no clue at all is a rival too; `walk` only counts those.
        fails = rivals.get(each["id"], walk.far_fails)
        if sorted(each["fails"]) != sorted(fails):
            yield f"steps: rival {each['id']} fails {list(fails)}, the row says {each['fails']}"
    counts = [len(each["fails"]) for each in said["rivals"]]
    if counts != sorted(counts) or len(set(stated)) != len(stated) or len(stated) > NEAREST:
        yield f"steps: step {step.index} lists rivals twice, out of order, or too many"
    worst = counts[-1] if len(stated) == NEAREST else len(step.clues)
    nearer = [one for one, fails in rivals.items() if one not in stated and len(fails) < worst]
    if len(walk.far_fails) < worst and walk.far > sum(one not in rivals for one in stated):
        nearer.append("one of whom nothing is recorded")
    if nearer:
        yield f"steps: step {step.index} leaves out nearer rivals {sorted(nearer)[:3]}"


def _edges(question: Question) -> Iterator[str]:
    """The row's edges are the graph's, by id and by content."""
    for stated in question.row["edges"]:
        edge = question.graph.edges.get(stated["id"])
        if edge is None:
            yield f"edges: {stated['id']} is not in the graph"
            continue
        for field in ("subject", "predicate", "object", "negated"):
            if stated[field] != edge[field]:
                yield f"edges: {edge['id']} has {field} {edge[field]!r}, not {stated[field]!r}"
        for field in ("frequency", "onset", "sex"):
            if stated.get(field, "") != (edge[field] or ""):
                yield f"edges: {edge['id']} has {field} {edge[field]!r}, not {stated[field]!r}"
        if edge["contested"]:
            yield f"G: {edge['id']} is contested"
        if edge_id(edge) != edge["id"]:
            yield f"edges: {edge['id']} is not the id of its content"


def edge_id(edge: dict[str, Any]) -> str:
    """Return the id that an edge must have."""
    parts = (edge["subject"], edge["predicate"], edge["object"], str(int(edge["negated"])))
    return f"e{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:12]}"


def _trace(question: Question) -> Iterator[str]:
    """Every cited edge is in the graph and in the row; together they prove every query edge."""
    listed = {each["id"] for each in question.row["edges"]}
    cited = {edge for step in question.row["trace"] for edge in step["edges"]}
    for edge in sorted(edge for edge in cited if edge not in question.graph.edges):
        yield f"trace: {edge} is not in the graph"
    for edge in sorted(cited - listed):
        yield f"trace: {edge} is cited and not among the row's edges"
    known = [question.graph.edges[edge] for edge in cited if edge in question.graph.edges]
    statements = {(e["subject"], e["predicate"], e["object"], e["negated"]) for e in known}
    for at, pattern in enumerate(question.patterns):
        subject, end = (question.bound.get(each, each) for each in pattern.ends)
        if not _proved(question.graph, pattern, subject, end, statements):
            stated = f"{subject} {pattern.predicate} {end}"
            yield f"trace: no cited edges prove query edge {at}: {stated}"


def _proved(
    graph: Graph,
    pattern: Pattern,
    subject: str,
    end: str,
    statements: set[tuple[str, str, str, bool]],
) -> bool:
    cited_parents: dict[str, set[str]] = {}
    for low, predicate, high, negated in statements:
        if predicate == IS_A and not negated:
            cited_parents.setdefault(low, set()).add(high)
    constant = not pattern.object.startswith("?")
    if pattern.predicate == IS_A and constant:
        return end in _reached(subject, cited_parents)
    objects = {
        high
        for low, predicate, high, negated in statements
        if (low, predicate, negated) == (subject, pattern.predicate, pattern.negated)
    }
    if end in objects:
        return True
    if pattern.predicate in SYMMETRIC:
        return (end, pattern.predicate, subject, pattern.negated) in statements
    if pattern.negated:  # a denial of an ancestor denies the term
        return bool(objects & _reached(end, cited_parents))
    closed = pattern.predicate == HAS_PHENOTYPE and constant
    return closed and any(end in _reached(each, cited_parents) for each in objects)


def _reached(start: str, parents: dict[str, set[str]]) -> set[str]:
    """Return the ancestors of a node along cited links only."""
    found: set[str] = set()
    todo = [start]
    while todo:
        for parent in parents.get(todo.pop(), ()):
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found
