"""Small graphs and queries with a slow, obvious evaluation: every binding is tried.

Nothing here is shared with kgsynth's own engines; the meaning of a query edge is written down once
more, from the table in ARCHITECTURE.md.
"""

import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kgsynth.graph.index import write_index
from kgsynth.graph.store import FORMAT, KnowledgeGraph
from kgsynth.records import Query, QueryEdge, Variable
from kgsynth.seeding import content_id

Fact = tuple[str, str, str]
WEAKER = {
    "causes": "gene_associated_with_condition",
    "contributes_to": "gene_associated_with_condition",
}
_TEXTS = pa.list_(pa.string())
_EVIDENCE = pa.list_(
    pa.struct(
        [
            (name, pa.string())
            for name in ("source", "version", "license", "reference", "code", "frequency", "date")
        ]
    )
)


@dataclass(frozen=True)
class World:
    """Entities by category, facts, denials, and the facts that are contested."""

    entities: dict[str, str]
    facts: frozenset[Fact]
    denials: frozenset[Fact] = frozenset()
    contested: frozenset[Fact] = frozenset()

    def ancestors(self, term: str) -> set[str]:
        """Every term above another, at any distance."""
        parents = {o for s, p, o in self.facts if p == "subclass_of" and s == term}
        return parents.union(*map(self.ancestors, parents))

    def says(self, subject: str, predicate: str, object_: str, doubtful: bool) -> bool:
        """Whether a positive edge is asserted; doubtful ones count or not."""
        fact = (subject, predicate, object_)
        certain = fact in self.facts and fact not in self.contested
        weaker = (subject, WEAKER.get(predicate, predicate), object_)
        return certain or (doubtful and bool({fact, weaker} & self.facts))

    def holds(self, edge: QueryEdge, bound: dict[str, str], doubtful: bool = True) -> bool:
        """Whether a query edge holds for bound entities, read for or against the question."""
        if edge.negated:
            plain = QueryEdge(edge.subject, edge.predicate, edge.object)
            return not self.holds(plain, bound, not doubtful)
        subject, object_ = (bound.get(end, end) for end in (edge.subject, edge.object))
        below = {x for x in self.entities if object_ in self.ancestors(x)}
        variable = edge.object.startswith("?")
        if edge.predicate == "has_phenotype" and variable:
            specific = any(self.says(subject, "has_phenotype", x, not doubtful) for x in below)
            return self.says(subject, "has_phenotype", object_, doubtful) and not specific
        if edge.predicate == "has_phenotype":
            terms = below | {object_}
            return any(self.says(subject, "has_phenotype", x, doubtful) for x in terms)
        if edge.predicate == "subclass_of" and not variable:
            return subject in below
        return self.says(subject, edge.predicate, object_, doubtful)

    def answers(self, query: Query) -> set[str]:
        """Every entity that the target can stand for."""
        names = [variable.name for variable in query.variables]
        domains = [
            [x for x, category in self.entities.items() if category == variable.category]
            for variable in query.variables
        ]
        found = set()
        for choice in itertools.product(*domains):
            bound = dict(zip(names, choice, strict=True))
            if len(set(choice)) == len(choice) and all(self.holds(e, bound) for e in query.edges):
                found.add(bound[query.target])
        return found

    def graph(self, folder: Path, names: dict[str, str] | None = None) -> KnowledgeGraph:
        """Write the world as a graph folder and open it."""
        folder.mkdir(parents=True, exist_ok=True)
        nodes, edges = self._nodes(names or {}), self._edges()
        pq.write_table(nodes, folder / "nodes.parquet")
        pq.write_table(edges, folder / "edges.parquet")
        write_index(folder)
        mark = content_id("sha256", [*map(sorted, (self.facts, self.denials, self.contested))])
        manifest = {"format": FORMAT, "kgsynth": "0", "fingerprint": mark}
        manifest |= {"sources": [], "counts": {}, "settings": {}}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        return KnowledgeGraph.load(folder)

    def _nodes(self, names: dict[str, str]) -> pa.Table:
        ids = sorted(self.entities)
        n = len(ids)
        spelled = [names.get(curie, curie) for curie in ids]
        return pa.table(
            {
                "id": ids,
                "name": spelled,
                "category": [self.entities[curie] for curie in ids],
                "synonyms": pa.array([[f"{name} (synonym)"] for name in spelled], _TEXTS),
                "equivalent_ids": pa.array([[]] * n, _TEXTS),
                "is_group": [False] * n,
                "rarity_score": pa.array([0.5, *[None] * (n - 1)], pa.float32()),
                "information_content": pa.array([None] * n, pa.float32()),
                "phrase": spelled,
                "lay": pa.array([[]] * n, _TEXTS),
            }
        )

    def _edges(self) -> pa.Table:
        rows = sorted({(*fact, False) for fact in self.facts} | {(*f, True) for f in self.denials})
        facts = [row[:3] for row in rows]
        evidence = {"source": "hpoa", "version": "1", "license": "HPO", "reference": "PMID:1"}
        evidence |= {"code": "PCS", "frequency": "3/7", "date": "2024-05-31"}
        n = len(rows)
        return pa.table(
            {
                "id": [f"e{at:012x}" for at in range(n)],
                "subject": [fact[0] for fact in facts],
                "predicate": [fact[1] for fact in facts],
                "object": [fact[2] for fact in facts],
                "negated": [row[3] for row in rows],
                "contested": [fact in self.contested for fact in facts],
                "redundant": [False] * n,
                "frequency": pa.array(["3/7", *[None] * (n - 1)], pa.string()),
                "frequency_low": pa.array([None] * n, pa.float32()),
                "patients": pa.array([None] * n, pa.int32()),
                "onset": pa.array([None] * n, pa.string()),
                "sex": pa.array([None] * n, pa.string()),
                "evidence": pa.array([[evidence, evidence]] * n, _EVIDENCE),
            }
        )


# ---- at random -----------------------------------------------------------------------------

_SCHEMA = (
    ("Disease", "has_phenotype", "PhenotypicFeature"),
    ("Disease", "has_mode_of_inheritance", "GeneticInheritance"),
    ("Gene", "causes", "Disease"),
    ("Gene", "gene_associated_with_condition", "Disease"),
    ("PhenotypicFeature", "subclass_of", "PhenotypicFeature"),
)


def random_world(rng: random.Random) -> World:
    """Return four diseases, three genes, six findings in a hierarchy, two modes."""
    entities = {f"MONDO:{n}": "Disease" for n in range(4)}
    entities |= {f"NCBIGene:{n}": "Gene" for n in range(3)}
    entities |= {f"HP:{n}": "PhenotypicFeature" for n in range(6)}
    entities |= {f"HP:9{n}": "GeneticInheritance" for n in range(2)}
    facts = set()
    for subject_category, predicate, object_category in _SCHEMA:
        for subject, object_ in itertools.product(entities, entities):
            right = (entities[subject], entities[object_]) == (subject_category, object_category)
            # Only from a later to an earlier term, so that the hierarchy has no cycle.
            acyclic = predicate != "subclass_of" or subject > object_
            if right and acyclic and rng.random() < 0.35:
                facts.add((subject, predicate, object_))
    disputable = sorted(fact for fact in facts if fact[1] != "subclass_of")
    contested = frozenset(fact for fact in disputable if rng.random() < 0.2)
    return World(entities, frozenset(facts), contested, contested)


def random_query(rng: random.Random, world: World) -> Query:
    """Return a connected query of one to three variables with a few edges to named entities."""
    variables = [Variable("?v0", rng.choice(["Disease", "Disease", "Gene", "PhenotypicFeature"]))]
    edges: list[QueryEdge] = []
    for number in range(1, rng.randint(1, 3)):
        known = rng.choice(variables)
        new, edge = _grow(rng, known, f"?v{number}")
        variables.append(new)
        edges.append(edge)
    for _ in range(rng.randint(1, 4)):
        edges.append(_clue(rng, rng.choice(variables), world))
    if len(variables) > 1 and rng.random() < 0.5:
        edges.extend(_chord(rng, *rng.sample(variables, 2)))
    order = tuple(variable.name for variable in variables)
    return Query(rng.choice(order), tuple(variables), tuple(dict.fromkeys(edges)), ("", *order))


def _grow(rng: random.Random, known: Variable, name: str) -> tuple[Variable, QueryEdge]:
    links = list(_links(known.category))
    predicate, other, forward = rng.choice(links)
    ends = (known.name, name) if forward else (name, known.name)
    return Variable(name, other), QueryEdge(ends[0], predicate, ends[1])


def _chord(rng: random.Random, first: Variable, second: Variable) -> Iterator[QueryEdge]:
    """Yield one more edge between two variables that are there, where the schema has one."""
    for predicate, other, forward in _links(first.category):
        if other == second.category and forward:
            yield QueryEdge(first.name, predicate, second.name, rng.random() < 0.5)
            return


def _clue(rng: random.Random, variable: Variable, world: World) -> QueryEdge:
    predicate, other, forward = rng.choice(list(_links(variable.category)))
    constant = rng.choice([x for x, category in world.entities.items() if category == other])
    ends = (variable.name, constant) if forward else (constant, variable.name)
    return QueryEdge(ends[0], predicate, ends[1], rng.random() < 0.3)


def _links(category: str) -> Iterator[tuple[str, str, bool]]:
    for subject, predicate, object_ in _SCHEMA:
        if subject == category:
            yield predicate, object_, True
        if object_ == category:
            yield predicate, subject, False
