"""What miners are asked for beyond the rules: specialties, relations, categories, rare diseases."""

import re
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from kgsynth.capacity import check_capacity
from kgsynth.cli import run
from kgsynth.errors import UsageError
from kgsynth.graph.example import example_graph
from kgsynth.graph.specialties import PHENOTYPES, specialties_of
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import mine_paths
from kgsynth.paths.focus import (
    OUTSIDE,
    Focus,
    first_findings,
    is_in_focus,
    lies_in,
    narrow_pool,
    rare_ones,
    specialties_in,
)
from kgsynth.paths.longest import mine_longest
from kgsynth.paths.settings import MiningSettings
from kgsynth.paths.tables import make_tables
from kgsynth.records import Mined
from kgsynth.runs import RunSettings

NERVES, HEART = "HP:0000707", "HP:0001626"
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def graph(default_graph: Path) -> KnowledgeGraph:
    return KnowledgeGraph.load(default_graph)


def test_specialties_are_the_branches_and_hold_all_below_them(graph: KnowledgeGraph) -> None:
    branches = specialties_of(graph)
    assert len(branches.ids) == 23
    bit = branches.ids.index(NERVES)
    inside = {
        graph.id_of(int(i)) for i in np.flatnonzero(branches.masks >> np.uint64(bit) & np.uint64(1))
    }
    assert inside == {NERVES, *graph.descendants(NERVES)}
    assert branches.masks[graph.index_of(PHENOTYPES)] == 0


@pytest.mark.parametrize(
    "text",
    [
        "neurology",
        "HP:0000707",
        "hp:0000707",
        "nervous system",
        "Abnormality of the nervous system",
    ],
)
def test_a_specialty_has_an_id_a_name_and_a_word(text: str, graph: KnowledgeGraph) -> None:
    assert specialties_of(graph).find(text) == NERVES


@pytest.mark.parametrize("text", ["abnormality", "tarot", ""])
def test_what_names_no_specialty_is_refused(text: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="specialt"):
        specialties_of(graph).find(text)


def test_chains_in_focus_have_what_was_asked_for_and_come_often(graph: KnowledgeGraph) -> None:
    focus = Focus(HEART, categories=("GeneticInheritance",), rare_only=True)
    settings = MiningSettings(hops=2, focus=focus)
    mined = [
        one for one in islice(mine_paths(graph, settings, 0, 100), 200) if isinstance(one, Mined)
    ]
    assert {one.template for one in mined} == {"chain-di"}
    hits = [one for one in mined if is_in_focus(one, graph, focus)]
    assert len(hits) > len(mined) / 3
    for one in mined:
        assert rare_ones(one, graph)
        hearts = [
            f for f in first_findings(one, graph) if HEART in graph.ancestors(f) or f == HEART
        ]
        many = 2 * len(hearts) >= len(first_findings(one, graph))
        assert (HEART in specialties_in(one, graph)) == many == is_in_focus(one, graph, focus)


def test_the_longest_chains_go_over_rare_diseases_and_differ_in_length(
    graph: KnowledgeGraph,
) -> None:
    settings = MiningSettings(hops=4, focus=Focus(rare_only=True))
    found = [
        one for one in islice(mine_longest(graph, settings, 0, 100), 600) if isinstance(one, Mined)
    ]
    lengths = {len(one.query.spine) - 1 for one in found}
    assert {2, 4} <= lengths <= {2, 3, 4}
    assert all(rare_ones(one, graph) for one in found)
    keys = {(one.template, one.bindings) for one in found}
    assert len(keys) == len(found)
    again = [
        one for one in islice(mine_longest(graph, settings, 0, 9), 60) if isinstance(one, Mined)
    ]
    assert again == found[: len(again)]


def run_of(**changes: object) -> RunSettings:
    given = {"kind": "chain", "form": "open", "hops": 2, "n": 100, "seed": 0, "graph": ""} | changes
    return RunSettings(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "exclusion", "hops": 1, "margin": 1}, "holds no denial"),
        ({"kind": "dual", "hops": 1}, "holds no denial"),
        ({"rare_only": True}, "calls a disease rare"),
        ({"hops": 3, "quota": ("category=Gene:5",)}, "0 of the run can have it"),
        ({"quota": ("category=Gene:5",)}, "at most 0 can be had"),
        ({"kind": "list", "hops": 1, "quota": ("category=Gene:5",)}, "no kind of the run"),
        ({"kind": "list", "hops": 1, "min_rarity": 1.0}, "rare enough"),
    ],
)
def test_what_a_graph_cannot_give_is_said_at_once(changes: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        check_capacity(run_of(**changes), example_graph())


def test_the_clues_of_a_specialty_come_first_and_few_others_stay(graph: KnowledgeGraph) -> None:
    pool = make_tables(graph, MiningSettings(hops=1)).pool
    found, inside = narrow_pool(pool, graph, HEART), lies_in(graph, HEART)
    assert found[0] == pool[0] == len(graph) + 1
    for node in range(0, len(graph), 7):
        before = pool[pool[node] : pool[node + 1]].tolist()
        hearts = [clue for clue in before if inside[clue]]
        others = [clue for clue in before if not inside[clue]]
        wanted = [*hearts, *others[: len(hearts) + OUTSIDE]] if hearts else before
        assert found[found[node] : found[node + 1]].tolist() == wanted


@pytest.mark.parametrize(
    ("kind", "margin"), [("intersection", 2), ("differential", 2), ("exclusion", 1), ("dual", 2)]
)
def test_a_quota_is_held_to_what_can_really_be_had(
    kind: str, margin: int, graph: KnowledgeGraph
) -> None:
    def check(rows: int) -> None:
        quota = (f"specialty=HP:0000769:{rows}",)  # of the breast: there are few
        check_capacity(run_of(kind=kind, hops=1, margin=margin, n=400, quota=quota), graph)

    with pytest.raises(UsageError, match=r"400 rows of \w+ asked for") as found:
        check(400)
    most = re.search(r"at most (\d+) can be had", str(found.value))
    assert most is not None
    assert int(most[1]) < 100
    if kind == "intersection":
        check(int(most[1]) - 1)


def test_the_command_ends_with_what_exists_and_says_what_is_missing(
    tmp_path: Path, capsys: Capture
) -> None:
    where = ["--graph", str(example_graph().folder), "--out", str(tmp_path / "run")]
    assert run(["generate", "--mix", "chain@2=0.5,list=0.5", "-n", "4", *where]) == 1
    assert "chain@2 gave 0 of 2, list gave 0 of 2" in capsys.readouterr().err
    assert run(["generate", "--kind", "dual", "-n", "4", *where]) == 2


def test_the_longest_chains_can_have_quotas(graph: KnowledgeGraph) -> None:
    quota = ("specialty=HP:0000769:90",)  # of the breast
    with pytest.raises(UsageError, match=r"rows of chain@2\.\.4 asked for, at most"):
        check_capacity(run_of(hops=4, miner="longest", n=100, quota=quota), graph)
