"""Spine templates: which a graph can walk, what they share, and what is said of a wrong one."""

import json
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.spines import check_templates, lacking, load_spines, read_spines

D, G = "?d1:Disease", "<-gene_associated_with_condition- ?g:Gene"
WRONG = {
    f'path = "{D} {G} -causes-> {D}"': "comes back to where it was",
    f'path = "{D} {G}"\nhops = 4': "hops is 4",
    f'path = "{D} and {G}"': "cannot be read",
    'path = "?g:Gene -causes-> ?d1:Disease"': "nothing pins ?g",
    f'path = "{D} -treats-> -treats-> ?x:Drug"': "cannot be read",
    f'path = "{D} -subclass_of-> ?d2:Disease"': "cannot walk subclass_of",
    f'path = "{D} {G}"\nclue = 1': "unknown key 'clue'",
    f'path = "{D} {G}"\nclues = "-treats->"': "expected clues such as",
    f'path = "{D} {G}"\nclues = {{ Gene = "treats" }}': "expected clues such as",
    f'path = "{D} {G}"\nclues = {{ Drug = "-treats->" }}': "no variable of the path is one",
    f'path = "{D} {G}"\nclues = {{ Gene = "-subclass_of->" }}': "cannot pin a Gene",
    f'path = "{D} {G}"\nshare = 0': "share is 0",
    f'path = "{D} {G}"\nshare = "much"': "have to be numbers",
    f'path = "{D} {G}"\npin = "gene"': "is no relation",
    f'path = "{D} {G}"\npin = "-subclass_of->"': "within a class of findings",
    "path = 5": "cannot be read",
}


@pytest.mark.parametrize("entry", WRONG)
def test_a_wrong_template_is_refused_in_one_line(entry: str) -> None:
    line = 1 + len(entry.split("\n"))  # what is wrong stands last
    where = rf"mine\.toml:{line}: spine template 'chain-own'"
    with pytest.raises(UsageError, match=where) as error:
        read_spines(f"[chain-own]\n{entry}\n", "mine.toml")
    assert WRONG[entry] in str(error.value)


@pytest.mark.parametrize("text", ["", "path = 1", "[chain-own", "\x00"])
def test_what_is_no_table_of_templates_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"mine\.toml"):
        read_spines(text, "mine.toml")


LACKED = {
    'path = "?d1:Disease <-cures- ?x:Gene"': "has no predicate 'cures'; did you mean 'causes'?",
    'path = "?d1:Disease <-causes- ?x:Medicine"': "has no category 'Medicine'",
    'path = "?d1:Disease -causes-> ?x:Gene"': r"?x is never reached",
    f'path = "{D} {G}"\npin = "-has_attribute->"': "it pins no Gene",
    f'path = "{D} {G}"\nclues = {{ Gene = "-causes-> Gene" }}': "it pins no Gene",
    f'path = "{D} {G}"\nclues = {{ Gene = "-causes-> Pathway" }}': "has no category 'Pathway'",
}


@pytest.mark.parametrize("entry", LACKED)
def test_what_a_graph_cannot_walk_is_named_with_its_line(entry: str, default_graph: Path) -> None:
    line = 2 + len(entry.split("\n"))
    with pytest.raises(
        UsageError, match=rf"mine\.toml:{line}: spine template 'chain-own'"
    ) as error:
        check_templates(
            f"\n[chain-own]\n{entry}\n", "mine.toml", KnowledgeGraph.load(default_graph)
        )
    assert LACKED[entry] in str(error.value)


def test_two_templates_of_one_name_are_refused_with_their_line() -> None:
    one = f'[chain-own]\npath = "{D} {G}"\n'
    with pytest.raises(UsageError, match=r"mine\.toml:3: no TOML: .*chain-own"):
        read_spines(one * 2, "mine.toml")


def test_a_template_needs_a_path_only() -> None:
    (spine,) = read_spines(f'[chain-own]\npath = "{D} {G}"\n')
    assert (spine.hops, spine.share, spine.pin) == (2, 1.0, None)


def test_a_graph_gets_the_templates_that_it_can_walk(default_graph: Path) -> None:
    graph = KnowledgeGraph.load(default_graph)
    found = load_spines(4, graph)
    assert {spine.name for spine in found} == {"chain-dgdp", "chain-dgdi", "chain-dgdg"}
    assert {spine.name: spine.share for spine in found}["chain-dgdp"] == 0.87
    dropped = [spine for spine in load_spines(4) if spine not in found and "m" in spine.name]
    assert all(lacking(spine, graph) in ("Procedure", "treats") for spine in dropped)


def test_every_file_gets_its_part_of_a_run() -> None:
    for hops in (1, 2, 3, 4, 5, 6):
        assert sum(spine.share for spine in load_spines(hops)) == pytest.approx(1)
    treated = [s.share for s in load_spines(4) if {"m", "x"} & set(s.name[6:])]
    assert sum(treated) == pytest.approx(0.5)


def test_templates_of_one_s_own_that_a_graph_cannot_walk_name_what_it_lacks(
    default_graph: Path,
) -> None:
    text = f'[chain-own]\npath = "{D} <-treats- ?x:Drug"\n'
    with pytest.raises(UsageError, match="chain-own needs Drug"):
        load_spines(2, KnowledgeGraph.load(default_graph), text)


def test_generate_takes_templates_of_one_s_own(
    default_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, out = tmp_path / "mine.toml", tmp_path / "run"
    own.write_text(
        f'[chain-own]\npath = "{D} {G} -causes-> ?d2:Disease -has_phenotype-> '
        '?p:PhenotypicFeature"\npin = "-subclass_of->"\n'
    )
    words = ["generate", "--graph", str(default_graph), "--hops", "4", "-n", "5"]
    assert run([*words, "--template", str(own), "--out", str(out), "--processes", "1"]) == 0
    rows = "".join(file.read_text() for file in (out / "dataset").glob("*.jsonl"))
    assert rows.count("chain-own/plain.") == 5
    assert run([*words, "--template", str(tmp_path / "none.toml")]) == 2
    assert "none.toml: no templates can be read" in capsys.readouterr().err


def test_a_graph_suggests_templates_that_generate_takes(
    default_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["templates", "suggest", "--hops", "3", "--top", "4", "--sample", "200"]
    assert run([*words, "--graph", str(default_graph)]) == 0
    out, err = capsys.readouterr()
    found = read_spines(out)
    assert found
    assert "templates of 3 hops" in err
    assert all(spine.hops == 3 for spine in found)
    assert any(spine.clues for spine in found)
    assert run([*words, "--graph", str(default_graph), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told] == [spine.name for spine in found]
    assert [one["questions"] for one in told] == sorted(
        (one["questions"] for one in told), reverse=True
    )
