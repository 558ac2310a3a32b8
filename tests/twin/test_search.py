"""Backtracking finds what trying every combination finds; the readings differ as they should."""

import itertools
import random

import pytest

from tests.twin.graph import Graph, Reading, lowest_share
from tests.twin.search import Pattern, holds, solutions

PREDICATES = ("has_phenotype", "gene_associated_with_condition", "causes", "subclass_of")
CATEGORIES = {"?g": "Gene", "?d1": "Disease", "?d2": "Disease", "?p": "PhenotypicFeature"}
ENTITIES = {
    "Gene": ["g1", "g2"],
    "Disease": ["d1", "d2", "d3"],
    "PhenotypicFeature": ["p1", "p2", "p3", "p4"],
}
SHAPES = (
    [
        Pattern("?g", "causes", "?d1"),
        Pattern("?g", "causes", "?d2"),
        Pattern("?d2", "has_phenotype", "?p"),
    ],
    [
        Pattern("?d1", "has_phenotype", "p1"),
        Pattern("?d2", "has_phenotype", "p2", negated=True),
        Pattern("?p", "subclass_of", "p1"),
        Pattern("?g", "gene_associated_with_condition", "?d1"),
    ],
    [Pattern("?d1", "has_phenotype", "?p"), Pattern("?p", "subclass_of", "?p2")],
)


def random_graph(seed: int) -> Graph:
    """Return a random graph of nine entities, a third of its statements contested."""
    rng = random.Random(seed)
    nodes = {
        name: {"id": name, "name": name, "category": category, "synonyms": []}
        for category, names in ENTITIES.items()
        for name in names
    }
    pairs = [
        *(
            ("has_phenotype", d, p)
            for d in ENTITIES["Disease"]
            for p in ENTITIES["PhenotypicFeature"]
        ),
        *(
            (predicate, g, d)
            for predicate in PREDICATES[1:3]
            for g in ("g1", "g2")
            for d in ENTITIES["Disease"]
        ),
        *(
            ("subclass_of", high, low)
            for low, high in itertools.combinations(ENTITIES["PhenotypicFeature"], 2)
        ),
    ]
    edges = {
        f"e{at}": {
            "id": f"e{at}",
            "subject": subject,
            "predicate": predicate,
            "object": end,
            "negated": False,
            "contested": predicate != "subclass_of" and rng.random() < 1 / 3,
        }
        for at, (predicate, subject, end) in enumerate(pairs)
        if rng.random() < 0.5
    }
    return Graph(nodes, edges)


def by_trying_everything(
    graph: Graph, patterns: list[Pattern], reading: Reading
) -> set[tuple[str, ...]]:
    names = sorted({name for pattern in patterns for name in pattern.variables})
    categories = {**CATEGORIES, "?p2": "PhenotypicFeature"}
    found = set()
    for values in itertools.product(*(ENTITIES[categories[name]] for name in names)):
        bound = dict(zip(names, values, strict=True))
        clash = any(bound[one] == bound[other] for one, other in itertools.combinations(names, 2))
        ends = [[bound.get(end, end) for end in pattern.ends] for pattern in patterns]
        if not clash and all(
            holds(graph, pattern, subject, end, reading)
            for pattern, (subject, end) in zip(patterns, ends, strict=True)
        ):
            found.add(values)
    return found


@pytest.mark.parametrize("patterns", SHAPES)
@pytest.mark.parametrize("reading", ["loose", "tight"])
def test_backtracking_finds_what_trying_everything_finds(
    patterns: list[Pattern], reading: Reading
) -> None:
    names = sorted({name for pattern in patterns for name in pattern.variables})
    categories = {**CATEGORIES, "?p2": "PhenotypicFeature"}
    for seed in range(60):
        graph = random_graph(seed)
        ways = list(solutions(graph, patterns, names, categories, {}, reading))
        found = {tuple(way[name] for name in names) for way in ways}
        assert found == by_trying_everything(graph, patterns, reading), seed
        assert len(found) == len(ways), seed


def test_whatever_holds_tightly_holds_loosely() -> None:
    for seed in range(60):
        graph = random_graph(seed)
        for pattern in SHAPES[0]:
            starts, ends = (ENTITIES[CATEGORIES[end]] for end in pattern.ends)
            for subject, end in itertools.product(starts, ends):
                if holds(graph, pattern, subject, end, "tight"):
                    assert holds(graph, pattern, subject, end, "loose")


@pytest.mark.parametrize(
    ("given", "share"),
    [
        (["3/10"], 0.3),
        (["HP:0040281", "2/8"], 0.25),
        (["HP:0040283"], 0.05),
        (["17%"], 0.17),
        (["5-29%"], 0.05),
        (["", "often"], None),
        ([], None),
    ],
)
def test_the_lowest_share_of_all_evidence_counts(given: list[str], share: float | None) -> None:
    assert lowest_share({"evidence": [{"frequency": text} for text in given]}) == share
