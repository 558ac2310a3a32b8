"""Questions of one step against brute force on small random graphs: every disease is tried."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.differential import mine_differentials
from kgsynth.paths.exclusion import mine_exclusions
from kgsynth.paths.intersection import mine_intersections
from kgsynth.paths.listing import mine_lists
from kgsynth.paths.settings import MiningSettings
from kgsynth.records import Mined, QueryEdge, Rejection
from tests.real.small_world import Fact, World

HAS = "has_phenotype"
TERMS, DISEASES = 24, 24
MINERS = {
    "intersection": mine_intersections,
    "exclusion": mine_exclusions,
    "list": mine_lists,
    "differential": mine_differentials,
}
ITEMS = 100  # looked at of each world: of cases there is no end
CASES = [("intersection", 1), ("intersection", 2), ("exclusion", 1), ("list", 1)]
CASES += [("differential", 1), ("differential", 2)]


def settings(margin: int) -> MiningSettings:
    return MiningSettings(hops=1, margin=margin, min_information_bits=0.0, min_rarity=0.0)


def random_world(rng: random.Random) -> World:
    """Two dozen diseases and findings in five groups; some denied, some in dispute."""
    diseases = [f"MONDO:{i}" for i in range(DISEASES)]
    terms = [f"HP:{i:02}" for i in range(TERMS)]
    facts: set[Fact] = set()
    for at, term in enumerate(terms[1:], 1):
        facts.add((term, "subclass_of", terms[0 if at < 6 else 1 + rng.randrange(5)]))
    for disease in diseases:
        facts |= {(disease, HAS, term) for term in rng.sample(terms[6:], rng.randint(5, 8))}
    held = sorted(fact for fact in facts if fact[1] == HAS)
    contested = frozenset(rng.sample(held, 4))
    plain = World({}, frozenset(facts))
    under = {(d, up) for d, _, t in held for up in (t, *plain.ancestors(t))}
    pairs = sorted((d, HAS, t) for d in diseases for t in terms[6:] if (d, t) not in under)
    denials = frozenset(rng.sample(pairs, 90)) | contested
    entities = dict.fromkeys(diseases, "Disease") | dict.fromkeys(terms, "PhenotypicFeature")
    return World(entities, frozenset(facts), denials, contested)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[World, KnowledgeGraph]]:
    rng = random.Random(7)  # a fixed draw, so that a failure can be looked at
    folder = tmp_path_factory.mktemp("worlds")
    names = {f"HP:{i:02}": f"sign {chr(97 + i)}" for i in range(TERMS)}
    made = [random_world(rng) for _ in range(3)]
    return [(world, world.graph(folder / str(at), names)) for at, world in enumerate(made)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def found(
    request: pytest.FixtureRequest, worlds: list[tuple[World, KnowledgeGraph]]
) -> list[tuple[World, int, Mined]]:
    kind, margin = request.param
    return [
        (world, margin, item)
        for world, graph in worlds
        for item in islice(MINERS[kind](graph, settings(margin), 0, 100), ITEMS)
        if isinstance(item, Mined)
    ]


def fails(world: World, mined: Mined, disease: str, doubtful: bool) -> set[int]:
    lacking = set()
    for at, edge in enumerate(mined.query.edges):
        key = (id(world), edge, disease, doubtful)
        if key not in _HELD:
            _HELD[key] = world.holds(edge, {"?d1": disease}, doubtful)
        if not _HELD[key]:
            lacking.add(at)
    return lacking


#: What was found of an edge in a world of this file: evaluated slowly, and once.
_HELD: dict[tuple[int, QueryEdge, str, bool], bool] = {}


def others(world: World, mined: Mined) -> Iterator[str]:
    diseases = [one for one, kind in world.entities.items() if kind == "Disease"]
    return (one for one in sorted(diseases) if one not in mined.answers)


def test_something_is_found(found: list[tuple[World, int, Mined]]) -> None:
    assert len(found) > 20


def test_the_answers_are_complete_and_beyond_dispute(
    found: list[tuple[World, int, Mined]],
) -> None:
    for world, _, mined in found:
        assert world.answers(mined.query) == set(mined.answers)
        assert all(not fails(world, mined, one, False) for one in mined.answers)


def test_every_other_disease_fails_the_margin(found: list[tuple[World, int, Mined]]) -> None:
    for world, margin, mined in found:
        assert all(len(fails(world, mined, one, True)) >= margin for one in others(world, mined))


def test_no_clue_is_spare(found: list[tuple[World, int, Mined]]) -> None:
    for world, margin, mined in found:
        if mined.kind == "differential":  # has rule D instead
            continue
        missed = [fails(world, mined, one, False) for one in others(world, mined)]
        for clue in range(len(mined.query.edges)):
            assert any(len(each - {clue}) < margin for each in missed)


def test_the_proof_says_what_is_so(found: list[tuple[World, int, Mined]]) -> None:
    for world, margin, mined in found:
        (step,) = mined.steps
        missed = {one: fails(world, mined, one, True) for one in others(world, mined)}
        clues = range(len(mined.query.edges))
        left = [
            len(mined.answers) + sum(each.isdisjoint(clues[: at + 1]) for each in missed.values())
            for at in clues
        ]
        assert (list(step.candidates), step.margin) == (left, margin)
        assert [set(rival.fails) for rival in step.rivals] == [
            missed[rival.id] for rival in step.rivals
        ]
        nearest = sorted(len(each) for each in missed.values())
        # Who fails every clue is no rival to speak of.
        wanted = [count for count in nearest if count < len(clues)][:10]
        assert [len(rival.fails) for rival in step.rivals] == wanted


def test_every_finding_of_a_case_speaks_against_a_near_rival(
    found: list[tuple[World, int, Mined]],
) -> None:
    for world, _, mined in (each for each in found if each[2].kind == "differential"):
        clues = range(len(mined.query.edges))
        assert 4 <= len(clues) <= 7
        missed = [fails(world, mined, one, True) for one in others(world, mined)]
        assert sum(len(each) <= len(clues) - 2 for each in missed) >= 3
        # Of those who fail as many, the first ids come first: that is the order of `others`.
        near = sorted((each for each in missed if len(each) < len(clues)), key=len)[:10]
        assert set().union(*near) == set(clues)


def test_no_two_findings_of_a_case_are_kin_or_siblings(
    found: list[tuple[World, int, Mined]],
) -> None:
    for world, _, mined in (each for each in found if each[2].kind == "differential"):
        above = [world.ancestors(edge.object) | {edge.object} for edge in mined.query.edges]
        for one, other in itertools.combinations(above, 2):
            assert one & other <= {"HP:00"}


def test_no_case_mixes_findings_of_men_and_women(tmp_path: Path) -> None:
    """The first two of ten findings are of women, the next two of men."""
    rng = random.Random(3)
    own, tops = [f"HP:{i:02}" for i in range(10)], [f"HP:1{i}" for i in range(10)]
    sexes = ("HP:0010460", "HP:0000140", "HP:0010461", "HP:0010461")
    facts: set[Fact] = {(one, "subclass_of", top) for one, top in zip(own, tops, strict=True)}
    facts |= {(top, "subclass_of", sex) for top, sex in zip(tops, sexes, strict=False)}
    diseases = [f"MONDO:{i}" for i in range(12)]
    facts |= {(disease, HAS, term) for disease in diseases for term in rng.sample(own, 6)}
    terms = dict.fromkeys((*own, *tops, *sexes))
    entities = dict.fromkeys(diseases, "Disease") | dict.fromkeys(terms, "PhenotypicFeature")
    names = {term: f"sign {chr(97 + at)}" for at, term in enumerate(terms)}
    graph = World(entities, frozenset(facts)).graph(tmp_path, names)
    mined = islice(mine_differentials(graph, settings(1), 0, 10), 200)
    cases = [
        {edge.object for edge in item.query.edges} for item in mined if isinstance(item, Mined)
    ]
    women, men = set(own[:2]), set(own[2:4])
    assert sum(bool(case & women) for case in cases) > 3
    assert sum(bool(case & men) for case in cases) > 3
    assert not any(case & women and case & men for case in cases)


def test_an_exclusion_has_another_answer_without_its_denial(
    worlds: list[tuple[World, KnowledgeGraph]],
) -> None:
    for _, graph in worlds:
        for mined in MINERS["exclusion"](graph, settings(1), 0, 100):
            if isinstance(mined, Mined):
                plain = tuple(edge for edge in mined.query.edges if not edge.negated)
                assert len(plain) == len(mined.query.edges) - 1
                certain = replace(mined.query, edges=plain)
                assert len(graph.answers(certain)) > 1


@pytest.mark.parametrize("kind", MINERS)
def test_no_query_comes_twice_and_none_is_lost_to_a_block(
    kind: str, worlds: list[tuple[World, KnowledgeGraph]]
) -> None:
    _, graph = worlds[0]
    mined, again = (list(islice(MINERS[kind](graph, settings(1), 3, n), 300)) for n in (100, 1))
    queries = [item.query for item in mined if isinstance(item, Mined)]
    assert len(set(queries)) == len(queries) > 10
    assert again == mined


def test_what_is_refused_is_yielded_as_the_refusal(
    worlds: list[tuple[World, KnowledgeGraph]],
) -> None:
    refusal = Rejection("x", "splits", "split_full", "no room")
    items = mine_intersections(worlds[0][1], settings(1), 0, 10, lambda mined: refusal)
    assert not any(isinstance(item, Mined) for item in items)
