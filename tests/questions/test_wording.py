"""Stems: what they ask, what they hold back, and that they can be said again."""

import dataclasses
import tomllib

import pytest

from kgsynth.errors import UsageError
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.spines import load_spines
from kgsynth.phrasing import words
from kgsynth.questions.base import Question, clues_of, question_id
from kgsynth.questions.chain_plan import chain_stems
from kgsynth.questions.lexicon import Lexicon, lexicon
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, QueryEdge, Rejection
from kgsynth.resources import data_file
from tests.mined import mined_chains, name_of, worded

SEEDS = range(25)

chains = pytest.mark.parametrize("mined", mined_chains(), ids=name_of)


@pytest.fixture(scope="module")
def lex(graph: KnowledgeGraph) -> Lexicon:
    return lexicon(graph)


def test_every_spine_template_has_words() -> None:
    stems = chain_stems()
    # Those with clues of their own are asked for in plain clauses.
    assert {spine.name for spine in load_spines() if not spine.clues} == set(stems.spines)
    assert {part for parts in stems.spines.values() for part in parts} == set(stems.parts)


def test_every_part_can_be_said_in_four_ways() -> None:
    few = [
        (part, state)
        for part, states in chain_stems().parts.items()
        for state, variants in states.items()
        if len(set(variants)) < 4
    ]
    assert few == []


def test_no_stem_says_that_a_gene_causes_anything() -> None:
    text = data_file("templates", "questions", "chain.toml").read_text("utf-8")
    said = tomllib.loads(text)["parts"]
    assert not {"cause", "causes", "caused", "causal", "mutation"} & set(words(str(said)))


def test_no_word_of_a_stem_is_a_gene_symbol(graph: KnowledgeGraph) -> None:
    symbols = {
        text.casefold()
        for name, category in zip(
            graph.column("name").to_pylist(), graph.column("category").to_pylist(), strict=True
        )
        if category == "Gene"
        for text in [name]
    }
    said = {word for word in words(str(chain_stems().parts)) if len(word) > 1}
    assert said & symbols == set()


@chains
def test_the_same_seed_gives_the_same_words(mined: Mined, graph: KnowledgeGraph) -> None:
    assert worded(mined, graph, 3) == worded(mined, KnowledgeGraph.load(graph.folder), 3)


@chains
def test_seeds_vary_the_words_and_not_the_question(mined: Mined, graph: KnowledgeGraph) -> None:
    questions = [worded(mined, graph, seed) for seed in SEEDS]
    assert len({question.question for question in questions}) > 10
    assert {question.id for question in questions} == {question_id(mined.query, "open")}
    assert len({(question.answer, question.answers) for question in questions}) == 1


@chains
def test_a_stem_names_every_clue(mined: Mined, graph: KnowledgeGraph, lex: Lexicon) -> None:
    for seed in SEEDS:
        stem = worded(mined, graph, seed).question
        for variable in mined.query.variables:
            for clue in clues_of(mined, variable.name):
                assert lex.say(clue).casefold() in stem.casefold()


@chains
def test_a_stem_gives_no_unnamed_entity_away(mined: Mined, graph: KnowledgeGraph) -> None:
    classes = [e.object for e in mined.query.edges if e.predicate == "subclass_of"]
    free = {w for c in classes for s in graph.surfaces(c) for w in words(s)}
    for seed in SEEDS:
        said = set(words(worded(mined, graph, seed).question)) - free
        for curie in mined.bound.values():
            for surface in graph.surfaces(curie):
                name = words(surface)
                assert len(name) > 1 or not said.issuperset(name), surface


@chains
def test_a_stem_ends_as_a_question_or_a_request_does(mined: Mined, graph: KnowledgeGraph) -> None:
    for seed in SEEDS:
        question = worded(mined, graph, seed)
        last = question.question.rsplit(". ", 1)[-1]
        assert question.question.endswith("?") or last.startswith("Name ")
        assert question.prompt.startswith(question.question + "\n\n")
        assert "{" not in question.prompt
        assert "  " not in question.question


def test_another_disorder_is_said_to_be_another(graph: KnowledgeGraph) -> None:
    (mined,) = (m for m in mined_chains() if m.template == "chain-dgd")
    for seed in SEEDS:
        stem = worded(mined, graph, seed).question
        assert any(word in stem for word in ("another", "Another", "other"))


def test_a_stem_that_names_its_answer_is_rejected(graph: KnowledgeGraph) -> None:
    mined = next(m for m in mined_chains() if m.template == "chain-dgdp")
    told = QueryEdge("?d1", "has_phenotype", mined.bound["?p"])
    within = QueryEdge("?p", "subclass_of", "HP:0000118")  # any abnormality: exempts no word
    edges = tuple(e for e in mined.query.edges if e.predicate != "subclass_of")
    query = dataclasses.replace(mined.query, edges=(*edges, within, told))
    rejection = word_question(dataclasses.replace(mined, query=query), graph, 0)
    assert isinstance(rejection, Rejection)
    assert (rejection.stage, rejection.code, rejection.query) == ("questions", "leak", query)


def test_a_gene_is_given_away_by_its_symbol_in_other_words(lex: Lexicon) -> None:
    gla, fabry = "NCBIGene:2717", "MONDO:0010526"
    assert lex.leaked("A patient has gla-deficiency.", [gla]) == "gla"
    assert lex.leaked("Which form of Fabry's disease?", [fabry]) == "fabry"
    assert lex.leaked("A patient has angiokeratoma.", [gla, fabry]) in ("", "angiokeratoma")
    assert lex.leaked("One disorder alone has fever.", [gla, fabry]) == ""


def test_a_spine_without_words_is_asked_for_in_plain_clauses(graph: KnowledgeGraph) -> None:
    chains = [dataclasses.replace(chain, template="chain-xyz") for chain in mined_chains()]
    worded = [word_question(mined, graph, 0) for mined in chains]
    said = [question for question in worded if isinstance(question, Question)]
    assert len(said) > len(worded) // 2
    for question in said:
        assert question.template.startswith("chain-xyz/plain.")
        assert question.question.endswith("?")
        assert "{" not in question.question
    with pytest.raises(UsageError, match="'ring'"):
        word_question(dataclasses.replace(chains[0], template="ring-dg"), graph, 0)


def test_a_mode_of_inheritance_may_be_answered_in_short(graph: KnowledgeGraph) -> None:
    short = {"HP:0000007": "recessive", "HP:0000006": "dominant"}
    for mined in mined_chains():
        if mined.query.target == "?m":
            question: Question = worded(mined, graph)
            (answer,) = question.answers
            plain = answer.name.removesuffix(" inheritance")
            assert plain in answer.aliases
            assert all("_" not in alias for alias in answer.aliases)
            assert short.get(answer.id, plain) in answer.aliases
            assert question.answer == answer.name[0].lower() + answer.name[1:]


def test_a_finding_is_said_in_the_plural_where_a_synonym_is(lex: Lexicon) -> None:
    assert lex.say("HP:0100807") == "long fingers"  # Long fingers
    assert lex.find("HP:0001511") == "intrauterine growth retardation"
    assert lex.finds(["HP:0000337", "HP:0000508"]) == "a broad forehead and ptosis"


def test_a_disease_is_said_without_inversion_where_a_synonym_is(lex: Lexicon) -> None:
    assert lex.say("MONDO:0008224") == "hyperkalemic periodic paralysis"


@pytest.mark.parametrize(
    ("curie", "asked"),
    [
        ("HP:0031826", "abnormal reflex"),
        ("HP:0003808", "kind of abnormal muscle tone"),
        ("HP:0000177", "abnormality of the upper lip"),
        ("HP:0009381", "kind of short finger"),  # the finding itself is said in the plural
        ("HP:0100261", "kind of abnormal tendon morphology"),  # never "of the sinew"
    ],
)
def test_a_class_is_asked_within_as_a_clinician_would(curie: str, asked: str, lex: Lexicon) -> None:
    assert lex.class_of_findings(curie) == asked


def test_a_class_of_homely_names_only_is_asked_within(lex: Lexicon) -> None:
    assert lex.class_of_findings("HP:0045008") == "abnormal shape of the radius"
