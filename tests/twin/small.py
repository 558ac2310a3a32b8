"""A graph small enough to check by hand, and a sound question on it.

Hyperkalemic periodic paralysis → SCN4A → congenital myopathy 22A → recessive. Becker's myotonia
congenita has the same two findings as the myopathy, but another gene; paramyotonia congenita has
the same gene, but neither finding. Each test changes one thing and looks which rule speaks.
"""

import copy
from collections.abc import Iterable
from typing import Any

from tests.twin.graph import Graph
from tests.twin.proof import edge_id

HYPER, MYOPATHY = "MONDO:0008224", "MONDO:0957247"
PARAMYOTONIA, BECKER = "MONDO:0008195", "MONDO:0009715"
SCN4A, CLCN1 = "NCBIGene:6329", "NCBIGene:1180"
DOMINANT, RECESSIVE = "HP:0000006", "HP:0000007"
WEAKNESS, MYOTONIA = "HP:0003752", "HP:0002486"
PTOSIS, FATIGUE, FETAL = "HP:0001488", "HP:0012378", "HP:0001558"
EYELID, ROOT = "HP:0000492", "HP:0000118"

NAMES = {
    HYPER: ("Disease", "hyperkalemic periodic paralysis", ["Gamstorp disease", "HYPP"]),
    MYOPATHY: ("Disease", "congenital myopathy 22A, classic", []),
    PARAMYOTONIA: ("Disease", "paramyotonia congenita of Von Eulenburg", []),
    BECKER: ("Disease", "myotonia congenita, autosomal recessive", []),
    SCN4A: ("Gene", "SCN4A", []),
    CLCN1: ("Gene", "CLCN1", []),
    DOMINANT: ("GeneticInheritance", "Autosomal dominant inheritance", ["AD"]),
    RECESSIVE: ("GeneticInheritance", "Autosomal recessive inheritance", ["AR"]),
    WEAKNESS: ("PhenotypicFeature", "Episodic flaccid weakness", []),
    MYOTONIA: ("PhenotypicFeature", "Myotonia", []),
    PTOSIS: ("PhenotypicFeature", "Bilateral ptosis", []),
    FATIGUE: ("PhenotypicFeature", "Fatigue", []),
    FETAL: ("PhenotypicFeature", "Decreased fetal movement", []),
    EYELID: ("PhenotypicFeature", "Abnormal eyelid morphology", []),
    ROOT: ("PhenotypicFeature", "Phenotypic abnormality", []),
}

HAS, MODE, LINK = "has_phenotype", "has_mode_of_inheritance", "gene_associated_with_condition"
Fact = tuple[str, str, str]

FACTS: tuple[Fact, ...] = (
    (HYPER, HAS, WEAKNESS),
    (HYPER, HAS, MYOTONIA),
    (HYPER, MODE, DOMINANT),
    (SCN4A, LINK, HYPER),
    (SCN4A, LINK, MYOPATHY),
    (SCN4A, LINK, PARAMYOTONIA),
    (MYOPATHY, HAS, PTOSIS),
    (MYOPATHY, HAS, FATIGUE),
    (MYOPATHY, MODE, RECESSIVE),
    (PARAMYOTONIA, MODE, DOMINANT),
    (CLCN1, LINK, BECKER),
    (BECKER, HAS, PTOSIS),
    (BECKER, HAS, FATIGUE),
    (BECKER, MODE, DOMINANT),
    (PTOSIS, "subclass_of", EYELID),
    *((finding, "subclass_of", ROOT) for finding in (EYELID, WEAKNESS, MYOTONIA, FATIGUE, FETAL)),
)


def make_edge(fact: Fact, **changes: Any) -> dict[str, Any]:
    """Return an edge as edges.parquet has it."""
    subject, predicate, end = fact
    edge = {
        "subject": subject,
        "predicate": predicate,
        "object": end,
        "negated": False,
        "contested": False,
        "redundant": False,
        "frequency": None,
        "onset": None,
        "sex": None,
        "evidence": [{"source": "hpoa", "frequency": changes.pop("share", "")}],
        **changes,
    }
    return {"id": edge_id(edge), **edge}


def make_node(curie: str, **changes: Any) -> dict[str, Any]:
    """Return a node as nodes.parquet has it."""
    category, name, synonyms = NAMES[curie]
    node = {"id": curie, "name": name, "category": category, "synonyms": synonyms}
    rest = {"equivalent_ids": [], "alt_ids": [], "is_group": False, "information_content": 5.0}
    return {**node, **rest, "phrase": "", "lay": [], "unfit": [], **changes}


def make_graph(
    more: Iterable[dict[str, Any]] = (),
    *,
    without: Iterable[Fact] = (),
    nodes: Iterable[dict[str, Any]] = (),
) -> Graph:
    """Return the graph with edges added (or replaced), facts left out, nodes replaced."""
    gone = set(without)
    edges = [make_edge(fact) for fact in FACTS if fact not in gone]
    known = {node["id"]: node for node in [*map(make_node, NAMES), *nodes]}
    return Graph(known, {edge["id"]: edge for edge in [*edges, *more]})


def fact_id(*fact: str) -> str:
    """Return the id of an asserted statement."""
    subject, predicate, end = fact
    return str(make_edge((subject, predicate, end))["id"])


def query_edge(subject: str, predicate: str, end: str, negated: bool = False) -> dict[str, Any]:
    """Return an edge of a query."""
    return {"subject": subject, "predicate": predicate, "object": end, "negated": negated}


def make_row(**changes: Any) -> dict[str, Any]:
    """Return the sound row; `changes` replace whole fields."""
    cited = [
        [(HYPER, HAS, WEAKNESS), (HYPER, HAS, MYOTONIA)],
        [(SCN4A, LINK, HYPER)],
        [(SCN4A, LINK, MYOPATHY), (MYOPATHY, HAS, PTOSIS), (MYOPATHY, HAS, FATIGUE)],
        [(MYOPATHY, MODE, RECESSIVE)],
    ]
    row = {
        "id": "kgs:small",
        "kind": "chain",
        "form": "open",
        "hops": 4,
        "question": "A patient has attacks of flaccid weakness and myotonia. The gene is linked to "
        "another disorder, with bilateral ptosis and fatigue. What is its mode of inheritance?",
        "options": [],
        "answer_key": "",
        "candidate": {"id": "", "name": ""},
        "answers": [{"id": RECESSIVE}],
        "query": {
            "target": "?m",
            "variables": [
                {"name": "?d1", "category": "Disease"},
                {"name": "?g", "category": "Gene"},
                {"name": "?d2", "category": "Disease"},
                {"name": "?m", "category": "GeneticInheritance"},
            ],
            "edges": [
                query_edge("?d1", HAS, WEAKNESS),
                query_edge("?d1", HAS, MYOTONIA),
                query_edge("?g", LINK, "?d1"),
                query_edge("?g", LINK, "?d2"),
                query_edge("?d2", HAS, PTOSIS),
                query_edge("?d2", HAS, FATIGUE),
                query_edge("?d2", MODE, "?m"),
            ],
            "spine": [WEAKNESS, "?d1", "?g", "?d2", "?m"],
        },
        "bindings": bindings(d1=HYPER, g=SCN4A, d2=MYOPATHY, m=RECESSIVE),
        "steps": [
            proof_step(["?d1"], [0, 1], [1, 1], 2, []),
            proof_step(["?g", "?d2"], [4, 5], [1, 1], 2, [{"id": PARAMYOTONIA, "fails": [4, 5]}]),
            proof_step(["?m"], [], [], 0, []),
        ],
        "edges": [row_edge(make_edge(fact)) for step in cited for fact in step],
        "trace": [{"edges": [fact_id(*fact) for fact in step]} for step in cited],
    }
    return {**copy.deepcopy(row), **changes}


def bindings(**values: str) -> list[dict[str, str]]:
    """Return bindings from variable names without their question mark."""
    return [{"variable": f"?{name}", "id": value} for name, value in values.items()]


def proof_step(
    variables: list[str],
    clues: list[int],
    candidates: list[int],
    margin: int,
    rivals: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return a step of a row's proof."""
    return {
        "variables": variables,
        "clues": clues,
        "candidates": candidates,
        "margin": margin,
        "rivals": rivals,
    }


def row_edge(edge: dict[str, Any]) -> dict[str, Any]:
    """Return an edge as a row has it."""
    qualifiers = {name: edge[name] or "" for name in ("frequency", "onset", "sex")}
    kept = {name: edge[name] for name in ("id", "subject", "predicate", "object", "negated")}
    return {**kept, **qualifiers, "evidence": edge["evidence"]}


def with_clue(*edges: dict[str, Any]) -> dict[str, Any]:
    """Return the sound row with more query edges, which its proof does not know of."""
    row = make_row()
    row["query"]["edges"] += edges
    return row
