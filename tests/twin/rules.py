"""The rules that an accepted question obeys, each as plainly as it can be said.

`violations` names each rule that a row breaks, with detail, such as ``"R: step 0: {'?d1':
'MONDO:0008224'} fails only (2,), margin 2"``. An empty list means that the row is sound.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

from tests.twin import comparison, conjunctions, differential, dual, proof, words
from tests.twin.graph import HAS_PHENOTYPE, Graph, lowest_share
from tests.twin.options import option_faults
from tests.twin.search import Pattern, holds, solutions
from tests.twin.steps import Margins, Question

MIN_BITS = 3.0
MIN_SHARE = 0.30
LONE = Margins(disease=1)  # of exclusions and lists
SOMATIC = {"HP:0001442", "HP:0001428"}
NEOPLASM = "MONDO:0005070"
PREDISPOSITION = "MONDO:0015356"  # hereditary neoplastic syndrome: an individual inherited disease

Found = Iterator[str]

#: Kinds of questions with rules of their own.
ONE_OF_TWO = {"dual": dual.faults, "comparison": comparison.faults}


def violations(
    graph: Graph,
    row: Mapping[str, Any],
    margins: Margins | None = None,
    *,
    pathognomonic: bool = False,
) -> list[str]:
    """Return every rule that a row breaks, with detail; empty where it breaks none."""
    if row["kind"] == "list" and len(row["bindings"]) == 1:
        return _list_violations(graph, row, margins, pathognomonic=pathognomonic)
    return _violations(graph, row, margins, pathognomonic=pathognomonic)


def _list_violations(
    graph: Graph, row: Mapping[str, Any], margins: Margins | None, *, pathognomonic: bool
) -> list[str]:
    """Return what breaks a rule when each answer of a list in turn is the accepted one."""
    found: dict[str, None] = {}
    for each in conjunctions.one_by_one(row):
        broken = _violations(graph, each, margins, pathognomonic=pathognomonic)
        found.update(dict.fromkeys(broken))
    found.update(dict.fromkeys(conjunctions.faults(Question(graph, row))))
    return list(found)


def _violations(
    graph: Graph, row: Mapping[str, Any], margins: Margins | None, *, pathognomonic: bool
) -> list[str]:
    question = Question(graph, row)
    if row["kind"] in ONE_OF_TWO:
        return ONE_OF_TWO[row["kind"]](question)
    unknown = [each for each in _named(question) if each not in graph.nodes]
    if unknown:
        return [f"solution: not in the graph: {unknown}"]
    broken = list(_solution(question))
    if any("unbound" in each for each in broken):
        return broken
    used = margins or (LONE if row["kind"] in ("exclusion", "list") else Margins())
    for rule in (_unique, _no_skipping, _honest, _informative, _right_grain):
        broken += rule(question)
    broken += _one_way(question)
    broken += _robust(question, used)
    if row["kind"] == "differential":
        broken += differential.faults(question)
    else:
        broken += _minimal(question, used)
    if row["kind"] == "exclusion":
        broken += conjunctions.faults(question)
    if not pathognomonic and len(question.steps[0].clues) < 2:
        broken.append("I: the first step has fewer than two clues")
    broken += words.leaks(question)
    broken += proof.faults(question, used)
    broken += option_faults(question, used)
    return broken


def broken_rules(graph: Graph, row: Mapping[str, Any], **options: Any) -> set[str]:
    """Return the rules that a row breaks, by letter; its own proof, edges and trace aside."""
    found = {each.partition(":")[0] for each in violations(graph, row, **options)}
    return found - {"steps", "trace", "edges"}


def _named(question: Question) -> set[str]:
    ends = {end for pattern in question.patterns for end in pattern.ends}
    return {end for end in ends if not end.startswith("?")} | set(question.bound.values())


def _solution(question: Question) -> Found:
    """The bindings must solve the query, on uncontested statements alone."""
    graph, bound = question.graph, question.bound
    for name, category in question.categories.items():
        if name not in bound:
            yield f"solution: {name} is unbound"
        elif graph.nodes[bound[name]]["category"] != category:
            yield f"solution: {name} = {bound[name]} is no {category}"
    for at, pattern in enumerate(question.patterns):
        subject, end = (bound.get(each, each) for each in pattern.ends)
        if not holds(graph, pattern, subject, end, "tight"):
            yield f"G: edge {at} does not hold without a contested statement"
        if pattern.negated and not _denies(graph, pattern, subject, end):
            yield f"solution: edge {at}: {subject} carries no denial of {end}"
    for one, other in combinations(question.categories, 2):
        same = question.categories[one] == question.categories[other]
        if same and bound.get(one, one) == bound.get(other, other):
            yield f"H: {one} and {other} are the same entity"


def _denies(graph: Graph, pattern: Pattern, subject: str, end: str) -> bool:
    denied = graph.denied.get((subject, pattern.predicate), set())
    return bool(denied & ({end} | graph.ancestors(end)))


def _unique(question: Question) -> Found:
    """U: one answer over the whole query, and the row says so."""
    found = {
        way[question.target]
        for way in solutions(
            question.graph,
            question.patterns,
            list(question.categories),
            question.categories,
            {},
            "loose",
        )
    }
    if question.row["kind"] != "list" and found != {question.bound[question.target]}:
        yield f"U: the answers are {sorted(found)[:5]}"
    if (listed := [each["id"] for each in question.row["answers"]]) != sorted(found):
        yield f"U: the row lists the answers {listed}, the graph gives {sorted(found)[:5]}"


def _one_way(question: Question) -> Found:
    """S: given where a step starts, there is exactly one way to walk it."""
    for step in question.steps:
        walk = question.walk(step, "loose")
        ways = [way for way, fails in walk.ways if not fails]
        if walk.far and not walk.far_fails:
            yield f"S: step {step.index} has neither clues nor a start"
        if ways != question.accepted(step):
            yield f"S: step {step.index} can be walked in {len(ways)} ways: {ways[:3]}"


def _robust(question: Question, margins: Margins) -> Found:
    """R: every rival in a step with clues fails at least `margin` of them."""
    for step in question.steps:
        if not step.clues:
            continue
        needed = proof.margin_of(question, step, margins)
        walk = question.walk(step, "loose")
        for way, fails in walk.rivals_of(question.accepted(step)):
            if len(fails) < needed:
                yield f"R: step {step.index}: {way} fails only {fails}, margin {needed}"
        if walk.far and len(walk.far_fails) < needed:
            yield f"R: step {step.index} has {len(walk.far_fails)} plain clues, margin {needed}"


def _minimal(question: Question, margins: Margins) -> Found:
    """M: without any one clue, its step falls below its margin."""
    for step in question.steps:
        needed = proof.margin_of(question, step, margins)
        walk = question.walk(step, "tight")
        rivals = walk.rivals_of(question.accepted(step))
        for clue in step.clues:
            near = any(len(set(fails) - {clue}) < needed for _, fails in rivals)
            if not near and not (walk.far and len(set(walk.far_fails) - {clue}) < needed):
                yield f"M: step {step.index} keeps its margin {needed} without clue {clue}"


def _no_skipping(question: Question) -> Found:
    """N: with any spine edge between two variables cut, the target's part pins no variable."""
    variables = question.spine[1:]
    for at in range(len(variables) - 1):
        cut = {variables[at], variables[at + 1]}
        kept = [pattern for pattern in question.patterns if pattern.variables != cut]
        part = _part_of(question.target, kept)
        for name, values in _two_values(question, kept, part).items():
            if len(values) < 2:
                yield f"N: without {'–'.join(sorted(cut))}, {name} can only be {sorted(values)}"


def _part_of(target: str, patterns: list[Pattern]) -> list[str]:
    """Return the variables that hang together with the target."""
    part = {target}
    while True:
        reached = part.union(*(p.variables for p in patterns if p.variables & part))
        if reached == part:
            return sorted(part)
        part = reached


def _two_values(
    question: Question, patterns: list[Pattern], part: list[str]
) -> dict[str, set[str]]:
    """Return up to two or more possible values of every variable of a part."""
    inside = [p for p in patterns if p.variables and p.variables <= set(part)]
    values: dict[str, set[str]] = {name: set() for name in part}
    for way in solutions(question.graph, inside, part, question.categories, {}, "tight"):
        for name, value in way.items():
            values[name].add(value)
        if all(len(found) > 1 for found in values.values()):
            break
    return values


def _honest(question: Question) -> Found:
    """H: as many spine edges as hops, no kin, no edge between entities that are no neighbours."""
    spine, graph = question.spine, question.graph
    hops = question.row["hops"]
    if not spine and len(question.categories) == 1:
        if hops != 1:
            yield f"H: clues that hang on the target are one hop away, not {hops}"
        return
    if len(spine) - 1 != hops:
        yield f"H: {len(spine) - 1} spine edges, {hops} hops"
    if spine[0].startswith("?") or spine[-1] != question.target:
        yield f"H: the spine does not run from a named entity to the target: {spine}"
    for one, other in pairwise(spine):
        if not any(set(pattern.ends) == {one, other} for pattern in question.patterns):
            yield f"H: no query edge joins {one} and {other}"
    walked = [question.bound.get(each, each) for each in spine]
    for (i, one), (j, other) in combinations(enumerate(walked), 2):
        if graph.are_kin(one, other):
            yield f"H: {one} and {other} are the same, twins, or kin"
        if j - i > 1 and (chord := _chord(graph, one, other)):
            yield f"H: {one} and {other} are joined by {chord}"


def _chord(graph: Graph, one: str, other: str) -> str:
    """Return the predicate by which two entities are joined, asserted or by closure, or ""."""
    for subject, end in ((one, other), (other, one)):
        for predicate, links in graph.said.items():
            if end in links.get(subject, ()):
                return predicate
        if subject in graph.with_finding(end, "loose"):
            return HAS_PHENOTYPE
    return ""


def _informative(question: Question) -> Found:
    """I: clues that are findings say enough, and are common enough in the disease."""
    for at, pattern in enumerate(question.patterns):
        if pattern.predicate != HAS_PHENOTYPE or pattern.negated or len(pattern.variables) != 1:
            continue
        bits = question.graph.nodes[pattern.object]["information_content"]
        if bits is None or bits < MIN_BITS:
            yield f"I: clue {at} ({pattern.object}) has {bits} bits"
        disease = question.bound[pattern.subject]
        edges = question.graph.finding_edges(disease, pattern.object)
        shares = [lowest_share(edge) for edge in edges]
        if edges and not any(share is None or share >= MIN_SHARE for share in shares):
            yield f"I: clue {at} ({pattern.object}) is seen in as few as {shares} of {disease}"


def _right_grain(question: Question) -> Found:
    """G: every variable's entity is an individual disease, gene, finding …"""
    graph = question.graph
    for name, entity in question.bound.items():
        node = graph.nodes[entity]
        if node["is_group"]:
            yield f"G: {name} = {entity} is a group: {node.get('unfit')}"
        if node["category"] == "Disease":
            above = graph.ancestors(entity)
            if NEOPLASM in above and PREDISPOSITION not in above:
                yield f"G: {name} = {entity} is a neoplasm"
            if "susceptib" in node["name"].lower():
                yield f"G: {name} = {entity} is a susceptibility"
            if _is_somatic(graph, entity):
                yield f"G: {name} = {entity} is somatic"


def _is_somatic(graph: Graph, disease: str) -> bool:
    modes = graph.said.get("has_mode_of_inheritance", {}).get(disease, set())
    return any(mode in SOMATIC or graph.ancestors(mode) & SOMATIC for mode in modes)
