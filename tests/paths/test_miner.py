"""The miner against brute force on small random graphs: every binding is tried.

The worlds are small enough that each rule can be read off its definition; what the kernels
enumerate, accept and prove must be exactly what is found so.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths import mining
from kgsynth.paths.chain import Miner
from kgsynth.paths.fit_spines import fit_spines
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.spines import Spine, load_spines, read_spines
from kgsynth.records import Mined, Query, QueryEdge, Variable
from tests.real.small_world import Fact, World

SETTINGS = MiningSettings(margin=1, min_information_bits=0.0, min_rarity=0.0)
HAS, LINK, MODE = "has_phenotype", "gene_associated_with_condition", "has_mode_of_inheritance"
#: The spines of the default graph, and two that walk over treatments, drugs and proteins.
TEMPLATES = [
    spine
    for spine in load_spines()
    if spine.hops <= 4
    and (not {"m", "x"} & set(spine.name[6:]) or spine.name[6:] in ("dgdx", "dxpb"))
]
#: Drugs and genes pinned by the diseases that they are joined to, first and on the way.
OWN = read_spines("""
[chain-xd]
path = "?x:Drug -treats-> ?d:Disease"
clues = { Drug = "-treats-> Disease" }
[chain-dxd-own]
path = "?d1:Disease <-treats- ?x:Drug -treats-> ?d2:Disease"
clues = { Drug = "-treats-> Disease" }
[chain-gd]
path = "?g:Gene -gene_associated_with_condition-> ?d:Disease"
clues = { Gene = "-gene_associated_with_condition-> Disease" }
[chain-g]
path = "?g:Gene"
clues = { Gene = "-gene_associated_with_condition-> Disease" }
""")
TEMPLATES += OWN
TERMS = 24
CATEGORIES = {
    "MONDO": "Disease",
    "NCBIGene": "Gene",
    "HP": "PhenotypicFeature",
    "GENO": "GeneticInheritance",
    "MAXO": "Procedure",
    "CHEBI": "Drug",
    "PR": "Protein",
    "GO": "BiologicalProcess",
}


BARE_ENDS = [spine for spine in TEMPLATES if spine.name in ("chain-dgdi", "chain-dgdg")]


def random_world(rng: random.Random, *, treated: bool = False) -> World:
    """Ten diseases, five genes, three modes, two dozen findings in five groups; and treatments."""
    diseases = [f"MONDO:{i}" for i in range(10)]
    genes = [f"NCBIGene:{i}" for i in range(5)]
    modes = [f"GENO:{i}" for i in range(3)]
    terms = [f"HP:{i:02}" for i in range(TERMS)]
    facts: set[Fact] = set()
    for at, term in enumerate(terms[1:], 1):
        facts.add((term, "subclass_of", terms[0 if at < 6 else 1 + rng.randrange(5)]))
    for disease in diseases:
        facts |= {(disease, HAS, term) for term in rng.sample(terms[1:], rng.randint(5, 8))}
        facts |= {(gene, LINK, disease) for gene in rng.sample(genes, rng.choice((1, 1, 2, 3)))}
        facts |= {(disease, MODE, mode) for mode in rng.sample(modes, rng.choice((1, 1, 2)))}
    given = _treatments(rng, diseases, facts) if treated else []
    open_ = sorted(fact for fact in facts if fact[1] != "subclass_of")
    contested = frozenset(rng.sample(open_, 5))
    named = (*diseases, *genes, *modes, *terms, *given)
    entities = {curie: CATEGORIES[curie.split(":")[0]] for curie in named}
    return World(entities, frozenset(facts), contested, contested)


def _treatments(rng: random.Random, diseases: list[str], facts: set[Fact]) -> list[str]:
    """Add four drugs and four procedures, three proteins and three processes; return their ids."""
    drugs, actions = ([f"{prefix}:{i}" for i in range(4)] for prefix in ("CHEBI", "MAXO"))
    proteins, processes = ([f"{prefix}:{i}" for i in range(3)] for prefix in ("PR", "GO"))
    for given in (*drugs, *actions):
        facts |= {(given, "treats", one) for one in rng.sample(diseases, 4)}
    for drug in drugs:
        verb = rng.choice(("increases_activity_of", "decreases_activity_of"))
        facts.add((drug, verb, rng.choice(proteins)))
    facts |= {(one, "positively_regulates", rng.choice(processes)) for one in proteins}
    return [*drugs, *actions, *proteins, *processes]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[World, KnowledgeGraph]]:
    rng = random.Random(11)  # a fixed draw, so that a failure can be looked at
    folder = tmp_path_factory.mktemp("worlds")
    # Short words in names of two: nothing of one finding gives another away.
    made = [random_world(rng) for _ in range(3)]
    made.append(random_world(rng, treated=True))
    names = {f"HP:{i:02}": f"sign {chr(97 + i)}" for i in range(TERMS)}
    return [(world, world.graph(folder / str(at), names)) for at, world in enumerate(made)]


def of(
    worlds: list[tuple[World, KnowledgeGraph]], spine: Spine
) -> list[tuple[World, KnowledgeGraph]]:
    """The worlds that have all that a spine walks: the last one has drugs, the others none."""
    treated = "x" in spine.name[6:]
    return worlds[3:] if treated else worlds[:3]


def settings_for(spine: Spine) -> MiningSettings:
    return replace(SETTINGS, hops=spine.hops)


# ---- brute force ---------------------------------------------------------------------------

_PAIRS: dict[tuple[int, QueryEdge, bool], set[tuple[str, str]]] = {}


def holds(world: World, edge: QueryEdge, bound: dict[str, str], doubtful: bool = True) -> bool:
    """What `World.holds` says, looked up: each edge is asked about every pair of entities once."""
    key = (id(world), edge, doubtful)
    if key not in _PAIRS:
        ends = [
            [x] if not x.startswith("?") else list(world.entities)
            for x in (edge.subject, edge.object)
        ]
        _PAIRS[key] = {
            (one, other)
            for one, other in itertools.product(*ends)
            if world.holds(edge, {edge.subject: one, edge.object: other}, doubtful)
        }
    asked = bound.get(edge.subject, edge.subject), bound.get(edge.object, edge.object)
    return asked in _PAIRS[key]


def domains(world: World, variables: tuple[Variable, ...]) -> list[list[str]]:
    return [[x for x, c in world.entities.items() if c == v.category] for v in variables]


def ways(
    world: World, query: Query, names: list[str], known: dict[str, str], doubtful: bool = True
) -> Iterator[dict[str, str]]:
    """Every way to bind some variables next to known ones so that the edges between them hold."""
    variables = tuple(v for v in query.variables if v.name in names)
    inside = {*names, *known}  # names of variables only: clues are left out
    edges = [
        e
        for e in query.edges
        if {e.subject, e.object} <= inside and not {e.subject, e.object} <= set(known)
    ]
    for choice in itertools.product(*domains(world, variables)):
        bound = known | dict(zip([v.name for v in variables], choice, strict=True))
        if len(set(bound.values())) == len(bound) and all(
            holds(world, edge, bound, doubtful) for edge in edges
        ):
            yield bound


def failed(world: World, query: Query, clues: tuple[int, ...], bound: dict[str, str]) -> set[int]:
    return {i for i in clues if not holds(world, query.edges[i], bound)}


def kin(world: World, one: str, other: str) -> bool:
    return one == other or one in world.ancestors(other) or other in world.ancestors(one)


def joined(world: World, one: str, other: str) -> bool:
    """Whether any statement joins two entities, asserted, denied or by closure."""
    facts = {f for f in world.facts | world.denials if f[1] != "subclass_of"}
    return any(
        (s == a and (o == b or b in world.ancestors(o))) or (o == a and b in world.ancestors(s))
        for a, b in ((one, other), (other, one))
        for s, _, o in facts
    )


def has_clue(world: World, disease: str) -> bool:
    """Whether an entity has a clue beyond dispute: without one it starts no chain."""
    verb = {"MONDO": HAS, "NCBIGene": LINK, "CHEBI": "treats"}[disease.split(":")[0]]
    return any(f[:2] == (disease, verb) and f not in world.contested for f in world.facts)


def brute_spines(world: World, spine: Spine) -> set[tuple[str, ...]]:
    """Every fit spine: certain statements, no kin, no shortcut."""
    edges = [
        leg.edge(a.name, b.name)
        for leg, a, b in zip(spine.legs, spine.variables, spine.variables[1:], strict=False)
    ]
    found = set()
    for choice in itertools.product(*domains(world, spine.variables)):
        bound = dict(zip([v.name for v in spine.variables], choice, strict=True))
        if not all(holds(world, edge, bound, doubtful=False) for edge in edges):
            continue
        pairs = list(itertools.combinations(enumerate(choice), 2))
        if any(kin(world, a, b) for (_, a), (_, b) in pairs) or not has_clue(world, choice[0]):
            continue
        if not any(joined(world, a, b) for (i, a), (j, b) in pairs if j > i + 1):
            found.add(choice)
    return found


# ---- tests ---------------------------------------------------------------------------------


@pytest.mark.parametrize("spine", TEMPLATES, ids=lambda spine: spine.name)
def test_the_fit_spines_are_those_that_brute_force_finds(
    spine: Spine, worlds: list[tuple[World, KnowledgeGraph]]
) -> None:
    seen = 0
    for world, graph in of(worlds, spine):
        lode = Miner(graph, settings_for(spine), 0).lode(spine)
        found = {tuple(graph.id_of(node) for node in row) for row in lode.spines.tolist()}
        expected = brute_spines(world, spine)
        assert found == expected
        seen += len(expected)
    assert seen > 5


@pytest.mark.parametrize("spine", BARE_ENDS, ids=lambda spine: spine.name)
def test_of_too_many_spines_an_even_part_is_kept(
    spine: Spine, worlds: list[tuple[World, KnowledgeGraph]]
) -> None:
    for _, graph in worlds[:3]:
        miner = Miner(graph, settings_for(spine), 0)
        lode, pool = miner.lode(spine), miner.tables.pool
        every = {tuple(row) for row in lode.spines.tolist()}
        args = (lode.program, miner.tables, pool, lode.scratch)
        some = fit_spines(*args, most=len(every) // 2).tolist()
        assert len(set(map(tuple, some))) == len(some)
        assert set(map(tuple, some)) < every
        assert 0.2 < len(some) / len(every) < 0.8
        assert fit_spines(*args, most=len(every) // 2).tolist() == some


def accepted(graph: KnowledgeGraph, spine: Spine) -> list[Mined]:
    miner = Miner(graph, settings_for(spine), 0)
    lode = miner.lode(spine)
    items = [item for _ in range(40) for item in miner.mine_block(lode)]
    return [item for item in items if isinstance(item, Mined)]


@pytest.mark.parametrize("spine", TEMPLATES, ids=lambda spine: spine.name)
def test_what_is_accepted_has_one_answer_and_a_true_proof(
    spine: Spine, worlds: list[tuple[World, KnowledgeGraph]]
) -> None:
    seen = 0
    for world, graph in of(worlds, spine):
        for item in accepted(graph, spine)[:6]:
            seen += 1
            known: dict[str, str] = {}
            every = list(ways(world, item.query, [v.name for v in item.query.variables], {}))
            clues = tuple(i for step in item.steps for i in step.clues)
            solutions = [w for w in every if not failed(world, item.query, clues, w)]
            assert {w[item.query.target] for w in solutions} == set(item.answers)
            ends = [x for e in item.query.edges for x in (e.subject, e.object) if x[0] != "?"]
            assert len(ends) == len(set(ends)), "what tells one variable tells another too"
            for step in item.steps:
                check_step(world, item, step.variables, known)
                known |= {name: item.bound[name] for name in step.variables}
    # Few, and none with clues that hold.
    assert seen or spine.name in ("chain-dxpb", "chain-xd", "chain-gd")


def check_step(world: World, item: Mined, names: tuple[str, ...], known: dict[str, str]) -> None:
    """Hold one step's candidates, margin, rivals and minimality against brute force."""
    step = next(s for s in item.steps if s.variables == names)
    every = list(ways(world, item.query, list(names), known))
    own = known | {name: item.bound[name] for name in names}
    assert own in every
    rivals = [way for way in every if way != own]
    lacks = [failed(world, item.query, step.clues, way) for way in rivals]
    left = [
        1 + sum(not lack & set(step.clues[: at + 1]) for lack in lacks)
        for at in range(len(step.clues))
    ]
    assert list(step.candidates) == (left if step.clues else [])
    assert all(len(lack) >= step.margin for lack in lacks)
    ends = {(way[names[-1]], tuple(sorted(lack))) for way, lack in zip(rivals, lacks, strict=True)}
    assert {(rival.id, rival.fails) for rival in step.rivals} <= ends
    fewest = sorted(len(fails) for _, fails in ends if len(fails) < len(step.clues))
    assert (
        sorted(len(r.fails) for r in step.rivals if len(r.fails) < len(step.clues)) == fewest[:10]
    )
    sure = [w for w in ways(world, item.query, list(names), known, doubtful=False) if w != own]
    for clue in step.clues:
        others = tuple(i for i in step.clues if i != clue)
        assert any(
            sum(not holds(world, item.query.edges[i], way, doubtful=False) for i in others)
            < step.margin
            for way in sure
        ), "a clue is spare"


@pytest.mark.parametrize("spine", BARE_ENDS, ids=lambda spine: spine.name)
def test_a_bare_target_with_a_second_value_is_refused(
    spine: Spine, worlds: list[tuple[World, KnowledgeGraph]]
) -> None:
    names = [variable.name for variable in spine.variables]
    query = Query(names[-1], spine.variables, (spine.legs[-1].edge(names[-2], names[-1]),), ())
    refused = 0
    for world, graph in worlds:
        miner = Miner(graph, settings_for(spine), 0)
        lode = miner.lode(spine)
        for row, code in zip(lode.spines.tolist(), miner.try_all(lode).tolist(), strict=True):
            v = [graph.id_of(node) for node in row]
            before = dict(zip(names[:-1], v[:-1], strict=True))
            several = len(list(ways(world, query, [names[-1]], before))) > 1
            refused += several
            assert code != mining.ACCEPTED or not several
    assert refused


def test_a_query_edge_reads_like_the_engine(worlds: list[tuple[World, KnowledgeGraph]]) -> None:
    world, graph = worlds[0]
    edge = QueryEdge("?d", HAS, "HP:01")
    query = Query("?d", (Variable("?d", "Disease"),), (edge,), ())
    assert set(graph.answers(query)) == world.answers(query)
