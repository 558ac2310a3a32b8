"""The words for drugs and treatments: complete, and in the format of the chains."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kgsynth.biolink import CATEGORIES, PREDICATES
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.template_text import spine_of
from kgsynth.phrasing import words
from kgsynth.questions.chain_plan import chain_stems
from kgsynth.resources import data_file


def _table(folder: str, name: str) -> dict[str, Any]:
    return tomllib.loads(data_file("templates", folder, f"{name}.toml").read_text("utf-8"))


STEMS = _table("questions", "mechanism")
SPINES = _table("spines", "mechanism")
PARTS = chain_stems().parts | STEMS["parts"]


def test_every_relation_can_be_said_both_ways_of_one_and_of_several() -> None:
    said = _table("words", "relations")
    assert set(said["relations"]) == set(PREDICATES)
    assert set(said["kinds"]) == set(CATEGORIES)
    forms = [form for verbs in said["relations"].values() for form in (verbs["out"], verbs["back"])]
    assert all(len(form) == 2 and all(form) for form in [*forms, *said["kinds"].values()])


def test_opposite_effects_are_never_said_alike() -> None:
    said = _table("words", "relations")["relations"]
    verbs = [said[name]["out"][0] for name in said if PREDICATES[name].weaker == "affects"]
    assert len(set(verbs)) == len(verbs)


@pytest.mark.parametrize("name", [name for name in SPINES if "clues" not in SPINES[name]])
def test_a_spine_is_well_formed_and_has_words_for_every_slot(name: str) -> None:
    spine = spine_of(name, SPINES[name])
    diseases = [one for one in spine.variables if one.category == "Disease"]
    parts = STEMS["spines"][name]
    assert len(parts) == len(diseases) + 1  # the diseases, then what is asked
    assert set(parts) <= set(PARTS)


def test_shares_of_equal_hops_add_up_to_one() -> None:
    for hops in {spine["hops"] for spine in SPINES.values()}:
        shares = [spine["share"] for spine in SPINES.values() if spine["hops"] == hops]
        assert sum(shares) == pytest.approx(1.0)


def test_every_part_can_be_said_in_four_ways_without_a_cause() -> None:
    for states in STEMS["parts"].values():
        for variants in states.values():
            assert len(set(variants)) >= 4
            assert not {"cause", "causes", "caused", "causal"} & set(words(str(variants)))


def test_no_word_of_a_stem_is_a_gene_symbol(default_graph: Path) -> None:
    graph = KnowledgeGraph.load(default_graph)
    kinds, names = (graph.column(name).to_pylist() for name in ("category", "name"))
    genes = {n.casefold() for n, kind in zip(names, kinds, strict=True) if kind == "Gene"}
    assert {word for word in words(str(STEMS["parts"])) if len(word) > 1} & genes == set()
