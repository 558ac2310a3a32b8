"""Queries as SPARQL, and that an RDF engine means by them what kgsynth's own engine means."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from kgsynth.cli import run
from kgsynth.datasets.files import dump_row
from kgsynth.graph.rdf_replay import RdfReplayer, answers, load_store
from kgsynth.graph.sparql import to_sparql, word_iri
from kgsynth.records import Query, QueryEdge, Variable
from kgsynth.sources.oxigraph import TripleStore
from tests.factories import make_row
from tests.real.small_world import World, random_query, random_world

HAS, LINK = "has_phenotype", "gene_associated_with_condition"
DISEASE = Variable("?d", "Disease")
HYPER, MYOPATHY = "MONDO:0008224", "MONDO:0957247"  # hyperkalemic periodic paralysis; CMYO22A
SCN4A = "NCBIGene:6329"
WEAKNESS, EPISODIC, PTOSIS = "HP:0001324", "HP:0003752", "HP:0000508"
SMALL = World(
    {
        **dict.fromkeys((HYPER, MYOPATHY), "Disease"),
        **dict.fromkeys((WEAKNESS, EPISODIC, PTOSIS), "PhenotypicFeature"),
        SCN4A: "Gene",
    },
    frozenset(
        {
            (EPISODIC, "subclass_of", WEAKNESS),
            (HYPER, HAS, EPISODIC),
            (HYPER, HAS, WEAKNESS),
            (MYOPATHY, HAS, WEAKNESS),
            (MYOPATHY, HAS, PTOSIS),
            (SCN4A, "causes", HYPER),
            (SCN4A, LINK, HYPER),
            (SCN4A, LINK, MYOPATHY),
        }
    ),
    denials=frozenset({(HYPER, HAS, PTOSIS)}),
)


def pattern(*edges: QueryEdge, target: str = "?d", **categories: str) -> Query:
    variables = {"d": "Disease", **categories}
    return Query(target, tuple(Variable(f"?{n}", c) for n, c in variables.items()), edges, ())


# ---- the text ------------------------------------------------------------------------------


def test_the_text_follows_the_order_of_solving() -> None:
    query = Query(
        "?p",
        (DISEASE, Variable("?g", "Gene"), Variable("?e", "Disease"), Variable("?p", "Phenotype")),
        (
            QueryEdge("?d", HAS, EPISODIC),
            QueryEdge("?g", LINK, "?d"),
            QueryEdge("?g", "causes", "?e"),
            QueryEdge("?e", HAS, PTOSIS, negated=True),
            QueryEdge("?e", HAS, "?p"),
            QueryEdge("?p", "subclass_of", "HP:0000479"),
        ),
        (EPISODIC, "?d", "?g", "?e", "?p"),
    )
    doubt = (
        "FILTER NOT EXISTS {{ ?_{} rdf:subject ?e ; rdf:predicate biolink:has_phenotype ; "
        "rdf:object ?_{} ; kgs:contested true . }}"
    )
    assert to_sparql(query).splitlines() == [
        "PREFIX HP: <http://purl.obolibrary.org/obo/HP_>",
        "PREFIX biolink: <https://w3id.org/biolink/vocab/>",
        "PREFIX dcterms: <http://purl.org/dc/terms/>",
        "PREFIX kgs: <urn:kgsynth:>",
        "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>",
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>",
        "SELECT DISTINCT ?answer WHERE {",
        "  HP:0003752 ^rdfs:subClassOf*/^biolink:has_phenotype ?d .",
        "  FILTER EXISTS { ?d a biolink:Disease . }",
        "  ?g biolink:gene_associated_with_condition ?d .",
        "  FILTER EXISTS { ?g a biolink:Gene . }",
        "  ?g biolink:causes|biolink:gene_associated_with_condition ?e .",
        "  FILTER EXISTS { ?e a biolink:Disease . }",
        "  FILTER (?e != ?d)",
        "  FILTER NOT EXISTS { ?e biolink:has_phenotype ?_1 . "
        + doubt.format(2, 1)
        + " ?_1 rdfs:subClassOf* HP:0000508 . }",
        "  ?e biolink:has_phenotype ?p .",
        "  FILTER EXISTS { ?p a biolink:Phenotype . }",
        "  FILTER NOT EXISTS { ?e biolink:has_phenotype ?_3 . "
        + doubt.format(4, 3)
        + " ?_3 rdfs:subClassOf+ ?p . }",
        "  FILTER EXISTS { ?p rdfs:subClassOf+ HP:0000479 . }",
        "  ?p dcterms:identifier ?answer .",
        "}",
    ]


def test_a_query_without_a_positive_clue_starts_from_its_category() -> None:
    lines = to_sparql(pattern(QueryEdge("?d", HAS, "HP:1", negated=True))).splitlines()
    assert "  ?d a biolink:Disease ." in lines


def test_an_unknown_predicate_is_asked_by_its_own_name() -> None:
    assert "?d biolink:cures HP:1 ." in to_sparql(pattern(QueryEdge("?d", "cures", "HP:1")))


def test_words_that_are_no_names_are_percent_encoded() -> None:
    assert word_iri("a b>") == "https://w3id.org/biolink/vocab/a%20b%3E"


# ---- what a query edge means ---------------------------------------------------------------

FINDS: dict[str, tuple[Query, set[str]]] = {
    "a named finding holds for its descendants": (
        pattern(QueryEdge("?d", HAS, WEAKNESS)),
        {HYPER, MYOPATHY},
    ),
    "a named finding does not hold for its ancestors": (
        pattern(QueryEdge("?d", HAS, EPISODIC)),
        {HYPER},
    ),
    "a variable finding is a most specific one": (
        pattern(
            QueryEdge("?d", HAS, EPISODIC),
            QueryEdge("?d", HAS, "?p"),
            target="?p",
            p="PhenotypicFeature",
        ),
        {EPISODIC},
    ),
    "a denial is no finding": (pattern(QueryEdge("?d", HAS, PTOSIS)), {MYOPATHY}),
    "a negated finding rules out by closure": (
        pattern(QueryEdge("?d", HAS, WEAKNESS), QueryEdge("?d", HAS, EPISODIC, True)),
        {MYOPATHY},
    ),
    "two variables of a category differ": (
        pattern(
            QueryEdge("?d", HAS, EPISODIC),
            QueryEdge("?g", LINK, "?d"),
            QueryEdge("?g", LINK, "?e"),
            target="?e",
            g="Gene",
            e="Disease",
        ),
        {MYOPATHY},
    ),
    "a weaker statement admits a rival": (
        pattern(QueryEdge(SCN4A, "causes", "?d")),
        {HYPER, MYOPATHY},
    ),
    "a weaker statement rules nothing out": (
        pattern(QueryEdge("?d", HAS, WEAKNESS), QueryEdge(SCN4A, "causes", "?d", True)),
        {MYOPATHY},
    ),
    "an ancestor may be far, and is never the term itself": (
        pattern(
            QueryEdge("?d", HAS, "?p"),
            QueryEdge("?p", "subclass_of", WEAKNESS),
            target="?p",
            p="PhenotypicFeature",
        ),
        {EPISODIC},
    ),
    "a variable may be called as the column is": (
        Query(
            "?answer", (Variable("?answer", "Disease"),), (QueryEdge("?answer", HAS, PTOSIS),), ()
        ),
        {MYOPATHY},
    ),
}


@pytest.mark.parametrize("claim", FINDS)
def test_a_query_edge_means(claim: str, small: TripleStore) -> None:
    query, expected = FINDS[claim]
    assert set(answers(small, to_sparql(query))) == expected == SMALL.answers(query)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> TripleStore:
    return load_store(SMALL.graph(tmp_path_factory.mktemp("small")))


def test_two_engines_agree_on_random_questions(tmp_path: Path) -> None:
    rng = random.Random(5)  # a fixed draw, so that a failure can be looked at
    answered = 0
    for number in range(6):
        world = random_world(rng)
        store = load_store(world.graph(tmp_path / str(number)))
        for _ in range(40):
            query = random_query(rng, world)
            expected = world.answers(query)
            answered += bool(expected)
            assert set(answers(store, to_sparql(query))) == expected, to_sparql(query)
    assert answered > 60, "most questions have no answer; the test shows little"


def counted(order: Literal["most", "fewest"], among: tuple[str, ...] = ()) -> Query:
    variables = (DISEASE, Variable("?g", "Gene"))
    return Query("?d", variables, (QueryEdge("?g", "causes", "?d"),), (), among, "?g", order)


def most_or_fewest(world: World, query: Query) -> set[str]:
    """Return who has most or fewest causal genes: each with disputes for it, others against."""
    diseases = query.among or [x for x, kind in world.entities.items() if kind == "Disease"]
    genes = [x for x, kind in world.entities.items() if kind == "Gene"]
    many = {d: sum(_joined(world, g, d, sure=False) for g in genes) for d in diseases}
    sure = {d: sum(_joined(world, g, d, sure=True) for g in genes) for d in diseases}
    there = [d for d in diseases if many[d]]
    if query.order == "most":
        return {d for d in there if all(many[d] >= sure[e] for e in there if e != d)}
    return {d for d in there if all(sure[d] <= many[e] for e in there if e != d)}


def _joined(world: World, gene: str, disease: str, *, sure: bool) -> bool:
    cause = (gene, "causes", disease)
    if sure:
        return cause in world.facts and cause not in world.contested
    return cause in world.facts or (gene, LINK, disease) in world.facts


def test_most_and_fewest_are_counted_alike(tmp_path: Path) -> None:
    rng = random.Random(7)
    alone = 0
    for number in range(8):
        world = random_world(rng)
        graph = world.graph(tmp_path / str(number))
        store = load_store(graph)
        for query in (
            counted("most"),
            counted("fewest"),
            counted("most", ("MONDO:0", "MONDO:1")),
            counted("fewest", ("MONDO:2", "MONDO:3")),
        ):
            expected = most_or_fewest(world, query)
            alone += len(expected) == 1
            assert set(graph.answers(query)) == expected
            assert set(answers(store, to_sparql(query))) == expected, to_sparql(query)
    assert alone > 4


@pytest.mark.parametrize(
    "curie",
    [
        *("a'b", "a\\", "\\'", "\\u0027", "a\nb", "`", "😀", "$x", "//", "HP:1>", "x:<y>", "rdf:1"),
        *('q"q', "a b", "{", "}", "%41", "OMIM:PS1", "kgs:word", "\u202eHP:1", "HP:é", "HP:1.", ""),
    ],
)
def test_no_id_leaves_its_brackets(curie: str, tmp_path: Path) -> None:
    world = World({curie: "PhenotypicFeature", HYPER: "Disease"}, frozenset({(HYPER, HAS, curie)}))
    store = load_store(world.graph(tmp_path))
    assert answers(store, to_sparql(pattern(QueryEdge("?d", HAS, curie)))) == (HYPER,)
    assert answers(store, to_sparql(pattern(QueryEdge("?d", HAS, f"{curie}x")))) == ()
    back = pattern(QueryEdge(HYPER, HAS, "?d"), d="PhenotypicFeature")
    if curie:
        assert answers(store, to_sparql(back)) == (curie,)


# ---- replaying -----------------------------------------------------------------------------

ALL_DISEASES = """SELECT ?answer {
  ?d a <https://w3id.org/biolink/vocab/Disease> ; <http://purl.org/dc/terms/identifier> ?answer }"""
ENDLESS = (
    "SELECT (COUNT(*) AS ?answer) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(30)) + " }"
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RdfReplayer]:
    folder = tmp_path_factory.mktemp("replayed")
    SMALL.graph(folder)
    with RdfReplayer(folder) as opened:
        yield opened


def test_replay_tells_agreement_from_difference(engine: RdfReplayer) -> None:
    assert engine.replay("kgs:1", ALL_DISEASES, (MYOPATHY, HYPER)).agrees
    assert str(engine.replay("kgs:1", ALL_DISEASES, (HYPER, "MONDO:1"))) == (
        f"kgs:1: only in SPARQL: {MYOPATHY}; only in the row: MONDO:1"
    )


@pytest.mark.parametrize(
    ("sparql", "problem"),
    [
        ("", "has no SPARQL"),
        ("not sparql", "expected"),
        ("SELECT ?answer { SERVICE <http://127.0.0.1:9/> { ?answer ?p ?o } }", "SERVICE"),
        (r"SELECT ?answer { \u0053ERVICE <http://127.0.0.1:9/> { ?answer ?p ?o } }", "SERVICE"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "expected"),
        ("ASK { ?s ?p ?o }", "selects nothing"),
        ("SELECT ?other { ?other ?p ?o }", "expected one column 'answer' of ids, found other"),
        ("SELECT ?answer { ?s ?p ?o }", "not always bound"),
    ],
)
def test_a_query_that_is_no_question_is_a_problem_of_its_row(
    sparql: str, problem: str, engine: RdfReplayer
) -> None:
    result = engine.replay("kgs:1", sparql, (HYPER,))
    assert not result.agrees
    assert problem in result.problem
    assert "\n" not in result.problem


def test_a_query_without_end_costs_its_own_row_only(engine: RdfReplayer) -> None:
    assert engine.replay("kgs:1", ENDLESS, (), timeout_s=0.3).problem == "no answer within 0.3 s"
    assert engine.replay("kgs:2", ALL_DISEASES, (MYOPATHY, HYPER)).agrees


def test_the_command_compares_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from dataclasses import replace

    graph = SMALL.graph(tmp_path / "graph")
    row = make_row()
    provenance = replace(row.provenance, graph=graph.fingerprint)
    good = replace(row, sparql=ALL_DISEASES, provenance=provenance)
    good = replace(good, answers=tuple(replace(row.answers[0], id=x) for x in (HYPER, MYOPATHY)))
    wrong = replace(good, id="kgs:wrong", answers=good.answers[:1])
    file = tmp_path / "rows.jsonl"
    file.write_bytes(b"\n".join([dump_row(good), dump_row(wrong), b""]))
    arguments = ["rdf", "verify", str(file), "--graph", str(tmp_path / "graph")]
    assert run([*arguments, "--json"]) == 1
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert (found["rows"], found["agree"], found["differ"][0]["id"]) == (2, 1, "kgs:wrong")
    assert "does not agree with 1 of 2 rows" in err
    assert run([*arguments, "-n", "1"]) == 0
    other = World(SMALL.entities, frozenset({(SCN4A, "causes", HYPER)}))
    other.graph(tmp_path / "other")
    assert run([*arguments[:-1], str(tmp_path / "other")]) == 2
    assert "--graph DIR" in capsys.readouterr().err
