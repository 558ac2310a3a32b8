"""Neo4j holds the same graph, means the same by a query, and fails in one clear line."""

import json
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.datasets.files import dump_row
from kgsynth.errors import DatabaseError
from kgsynth.graph.cypher import to_cypher, to_cypher_view
from kgsynth.graph.neo4j import Database, Login, connect
from kgsynth.graph.neo4j_load import load, loaded_fingerprint
from kgsynth.graph.neo4j_replay import replay
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.records import Binding, Query, QueryEdge, Variable
from tests.factories import make_row
from tests.real.neo4j_server import Neo4jServer
from tests.real.small_world import Fact, World, random_query, random_world

pytestmark = pytest.mark.real

HYPER, MYOPATHY = "MONDO:0008224", "MONDO:0957247"  # hyperkalemic periodic paralysis; CMYO22A
SCN4A = "NCBIGene:6329"
WEAKNESS = "HP:0001324"  # muscle weakness
EPISODIC = "HP:0003752"  # episodic flaccid weakness, a muscle weakness
PTOSIS = "HP:0000508"
FACTS: frozenset[Fact] = frozenset(
    {
        (EPISODIC, "subclass_of", WEAKNESS),
        (HYPER, "has_phenotype", EPISODIC),
        (HYPER, "has_phenotype", WEAKNESS),
        (MYOPATHY, "has_phenotype", WEAKNESS),
        (MYOPATHY, "has_phenotype", PTOSIS),
        (SCN4A, "causes", HYPER),
        (SCN4A, "gene_associated_with_condition", HYPER),
        (SCN4A, "gene_associated_with_condition", MYOPATHY),
    }
)
ENTITIES = {
    **dict.fromkeys((HYPER, MYOPATHY), "Disease"),
    **dict.fromkeys((WEAKNESS, EPISODIC, PTOSIS), "PhenotypicFeature"),
    SCN4A: "Gene",
}
OTHER = World(ENTITIES, frozenset({(SCN4A, "causes", HYPER)}))
SMALL = World(ENTITIES, FACTS, denials=frozenset({(HYPER, "has_phenotype", PTOSIS)}))
#: What has broken a text format, a query language or a terminal before.
HOSTILE = {
    HYPER: "O'Nyong \"fever\" \\' RETURN 1 //",
    MYOPATHY: "back\\slash \\u0027 `tick` ${x} {{y}} $id[i]",
    WEAKNESS: "line\nbreak\ttab\r null\\0 \u202eright-to-left\u202c é 漢字 😀",
    PTOSIS: "</script><script>alert(1)</script>'; MATCH (n) DETACH DELETE n; //",
}


@pytest.fixture
def database(neo4j_server: Neo4jServer) -> Iterator[Database]:
    neo4j_server.clear()
    with connect(login_to(neo4j_server)) as opened:
        yield opened


def login_to(server: Neo4jServer, password: str = "") -> Login:
    return Login(server.uri, server.user, password or server.password)


def pattern(*edges: QueryEdge, target: str = "?d", **categories: str) -> Query:
    variables = {"d": "Disease", **categories}
    return Query(target, tuple(Variable(f"?{n}", c) for n, c in variables.items()), edges, ())


def ask(database: Database, query: Query) -> set[str]:
    return {row["answer"] for row in database.rows(to_cypher(query))}


# ---- loading -------------------------------------------------------------------------------


def test_every_entity_and_statement_comes_back_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    graph = SMALL.graph(tmp_path, HOSTILE)
    loaded = load(database, graph)
    nodes = database.rows("MATCH (n:Entity) RETURN labels(n) AS labels, properties(n) AS p")
    assert {row["p"]["id"]: set(row["labels"]) for row in nodes} == {
        curie: {"Entity", category} for curie, category in ENTITIES.items()
    }
    expected = {
        row["id"]: {k: v for k, v in row.items() if v is not None and k != "lay"}
        for row in graph.nodes().to_pylist()
    }
    assert {row["p"]["id"]: row["p"] for row in nodes} == expected
    edges = database.rows(
        "MATCH (s)-[r]->(o) RETURN s.id AS s, type(r) AS t, o.id AS o, properties(r) AS p"
    )
    assert {(row["s"], row["t"], row["o"]) for row in edges} == {
        (s, "LACKS_PHENOTYPE" if denied else p.upper(), o)
        for denied, facts in enumerate((SMALL.facts, SMALL.denials))
        for s, p, o in facts
    }
    assert {row["p"]["id"]: row["p"] for row in edges} == {
        edge["id"]: {
            "id": edge["id"],
            "predicate": edge["predicate"],
            "contested": False,
            "redundant": False,
            "sources": ["hpoa"],
            "references": ["PMID:1"],
            "dates": ["2024-05-31"],
            **({"frequency": edge["frequency"]} if edge["frequency"] else {}),
        }
        for edge in graph.edges().to_pylist()
    }
    assert sum(loaded.nodes.values()) == len(graph)
    assert sum(loaded.relationships.values()) == graph.n_edges
    assert loaded_fingerprint(database) == graph.fingerprint


def test_loading_twice_is_loading_once(database: Database, tmp_path: Path) -> None:
    graph = SMALL.graph(tmp_path)
    first, second = load(database, graph), load(database, graph)
    assert (first.written, second.written) == (len(graph) + graph.n_edges, 0)
    assert (first.nodes, first.relationships) == (second.nodes, second.relationships)


def test_another_graph_is_replaced_only_on_request(database: Database, tmp_path: Path) -> None:
    load(database, SMALL.graph(tmp_path / "small"))
    other = OTHER.graph(tmp_path / "other")
    with pytest.raises(DatabaseError, match=r"holds the graph .* --wipe"):
        load(database, other)
    assert load(database, other, wipe=True).relationships == {"CAUSES": 1}
    assert loaded_fingerprint(database) == other.fingerprint


def test_what_kgsynth_did_not_write_stays(database: Database, tmp_path: Path) -> None:
    database.rows("CREATE (:Note {text: 'mine'})-[:ABOUT]->(:Person {name: 'Ada'})")
    graph = SMALL.graph(tmp_path)
    load(database, graph)
    load(database, graph, wipe=True)
    found = database.rows("MATCH (n:Note)-[:ABOUT]->(p:Person) RETURN n.text AS t, p.name AS p")
    assert found == [{"t": "mine", "p": "Ada"}]


def test_foreign_entities_are_refused_and_kept(database: Database, tmp_path: Path) -> None:
    database.rows("CREATE (:Entity {id: 'mine'})")
    with pytest.raises(DatabaseError, match="that kgsynth did not write"):
        load(database, SMALL.graph(tmp_path), wipe=True)
    assert database.rows("MATCH (n) RETURN n.id AS id") == [{"id": "mine"}]


def test_a_database_that_was_changed_is_noticed(database: Database, tmp_path: Path) -> None:
    graph = SMALL.graph(tmp_path)
    load(database, graph)
    database.rows("MATCH (n:Gene) DETACH DELETE n")
    with pytest.raises(DatabaseError, match="holds 0 Gene, the graph 1"):
        load(database, graph)


# ---- what a query edge means ---------------------------------------------------------------

HAS = "has_phenotype"
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
    "a negated finding rules out by closure": (
        pattern(QueryEdge("?d", HAS, WEAKNESS), QueryEdge("?d", HAS, EPISODIC, True)),
        {MYOPATHY},
    ),
    "two variables of a category differ": (
        pattern(
            QueryEdge("?d", HAS, EPISODIC),
            QueryEdge("?g", "gene_associated_with_condition", "?d"),
            QueryEdge("?g", "gene_associated_with_condition", "?e"),
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
}


@pytest.mark.parametrize("claim", FINDS)
def test_a_query_edge_means(claim: str, database: Database, tmp_path: Path) -> None:
    query, expected = FINDS[claim]
    graph = SMALL.graph(tmp_path)
    load(database, graph)
    assert ask(database, query) == expected == SMALL.answers(query) == set(graph.answers(query))


@pytest.mark.parametrize(
    ("contested", "query", "expected"),
    [
        # Admitted where it makes a rival possible ...
        ((HYPER, HAS, EPISODIC), pattern(QueryEdge("?d", HAS, EPISODIC)), {HYPER}),
        # ... and ignored where it would rule one out.
        (
            (HYPER, HAS, EPISODIC),
            pattern(QueryEdge("?d", HAS, WEAKNESS), QueryEdge("?d", HAS, EPISODIC, True)),
            {HYPER, MYOPATHY},
        ),
        (
            (HYPER, HAS, EPISODIC),
            pattern(QueryEdge(HYPER, HAS, "?d"), d="PhenotypicFeature"),
            {EPISODIC, WEAKNESS},
        ),
    ],
)
def test_a_contested_edge_counts_against_the_question(
    contested: Fact, query: Query, expected: set[str], database: Database, tmp_path: Path
) -> None:
    world = World(ENTITIES, FACTS, frozenset({contested}), frozenset({contested}))
    graph = world.graph(tmp_path)
    load(database, graph)
    assert ask(database, query) == expected == world.answers(query) == set(graph.answers(query))


def test_three_engines_agree_on_random_questions(database: Database, tmp_path: Path) -> None:
    rng = random.Random(5)  # a fixed draw, so that a failure can be looked at
    answered = 0
    for number in range(4):
        world = random_world(rng)
        graph = world.graph(tmp_path / str(number))
        load(database, graph, wipe=True)
        for _ in range(25):
            query = random_query(rng, world)
            expected = world.answers(query)
            answered += bool(expected)
            assert ask(database, query) == expected, to_cypher(query)
            assert set(graph.answers(query)) == expected, query
    assert answered > 30, "most questions have no answer; the test shows little"


def test_most_and_fewest_are_counted_as_kgsynth_counts(database: Database, tmp_path: Path) -> None:
    rng, alone = random.Random(7), 0
    variables = (Variable("?d", "Disease"), Variable("?g", "Gene"))
    edges = (QueryEdge("?g", "causes", "?d"),)
    for number in range(4):
        graph = random_world(rng).graph(tmp_path / str(number))
        load(database, graph, wipe=True)
        for among in ((), ("MONDO:0", "MONDO:1"), ("MONDO:2", "MONDO:3")):
            for query in (
                Query("?d", variables, edges, (), among, "?g", "most"),
                Query("?d", variables, edges, (), among, "?g", "fewest"),
            ):
                expected = set(graph.answers(query))
                alone += len(expected) == 1
                assert ask(database, query) == expected, to_cypher(query)
    assert alone > 3


@pytest.mark.parametrize("curie", ["a'b", "a\\", "\\'", "\\u0027", "a\nb", "`", "😀", "$x", "//"])
def test_no_id_leaves_its_quotes(curie: str, database: Database, tmp_path: Path) -> None:
    world = World({curie: "PhenotypicFeature", HYPER: "Disease"}, frozenset({(HYPER, HAS, curie)}))
    load(database, world.graph(tmp_path))
    assert ask(database, pattern(QueryEdge("?d", HAS, curie))) == {HYPER}
    assert ask(database, pattern(QueryEdge("?d", HAS, f"{curie}x"))) == set()


def test_the_view_shows_the_spine_and_the_way_to_every_clue(
    database: Database, tmp_path: Path
) -> None:
    query = pattern(
        QueryEdge("?d", HAS, WEAKNESS),
        QueryEdge("?d", HAS, PTOSIS, True),
        QueryEdge("?g", "gene_associated_with_condition", "?d"),
        QueryEdge("?g", "gene_associated_with_condition", "?e"),
        target="?e",
        g="Gene",
        e="Disease",
    )
    facts = FACTS - {(HYPER, HAS, WEAKNESS)}  # now the weakness is only derived
    load(database, World(ENTITIES, facts, SMALL.denials).graph(tmp_path))
    bound = {"?d": HYPER, "?g": SCN4A, "?e": MYOPATHY}
    view = to_cypher_view(query, [Binding(name, curie) for name, curie in bound.items()])
    shown = database.rows(
        f"CALL () {{ {view} }} UNWIND relationships(path) AS r "
        "RETURN startNode(r).id AS s, type(r) AS t, endNode(r).id AS o"
    )
    assert {(row["s"], row["t"], row["o"]) for row in shown} == {
        (HYPER, "HAS_PHENOTYPE", EPISODIC),
        (EPISODIC, "SUBCLASS_OF", WEAKNESS),
        (HYPER, "LACKS_PHENOTYPE", PTOSIS),
        (SCN4A, "GENE_ASSOCIATED_WITH_CONDITION", HYPER),
        (SCN4A, "GENE_ASSOCIATED_WITH_CONDITION", MYOPATHY),
    }


# ---- verifying -----------------------------------------------------------------------------

ALL_DISEASES = "MATCH (d:Disease) RETURN d.id AS answer"


def test_replay_tells_agreement_from_difference(database: Database, tmp_path: Path) -> None:
    load(database, SMALL.graph(tmp_path))
    assert replay(database, "kgs:1", ALL_DISEASES, (MYOPATHY, HYPER)).agrees
    assert str(replay(database, "kgs:1", ALL_DISEASES, (HYPER, "MONDO:1"))) == (
        f"kgs:1: only in Neo4j: {MYOPATHY}; only in the row: MONDO:1"
    )


@pytest.mark.parametrize(
    ("cypher", "problem"),
    [
        ("MATCH (n) DETACH DELETE n RETURN 'x' AS answer", "does more than read"),
        ("CREATE (n:X) RETURN 'x' AS answer", "does more than read"),
        ("DROP CONSTRAINT kgsynth_entity_id", "does more than read"),
        ("LOAD CSV FROM 'file:///x' AS l RETURN l[0] AS answer", "LoadCSV"),
        ("CALL db.labels() YIELD label RETURN label AS answer", "ProcedureCall"),
        ("PROFILE MATCH (n) DETACH DELETE n RETURN 'x' AS answer", "conflicting"),
        ("RETURN 1 AS answer", "expected one column 'answer' of ids, found 'answer': int"),
        ("RETURN 'x' AS other", "expected one column 'answer' of ids, found 'other': str"),
        ("not cypher", "Invalid input 'not'"),
        ("", "SyntaxError"),
        (f"{ALL_DISEASES}; MATCH (n) DETACH DELETE n", "exactly one statement"),
        ("UNWIND range(1, 20000) AS n RETURN toString(n) AS answer", "more than 10,000 answers"),
        (
            "UNWIND range(1, 100000000) AS a UNWIND range(1, 100000000) AS b "
            "WITH count(*) AS n RETURN toString(n) AS answer",
            "terminated",
        ),
    ],
)
def test_a_hostile_row_is_a_problem_and_changes_nothing(
    cypher: str, problem: str, database: Database, tmp_path: Path
) -> None:
    graph = SMALL.graph(tmp_path)
    load(database, graph)
    result = replay(database, "kgs:1", cypher, (HYPER,), timeout_s=2)
    assert problem in result.problem
    assert len(result.problem.splitlines()) == 1
    assert load(database, graph).written == 0  # and counts it all again


# ---- the commands --------------------------------------------------------------------------


@pytest.fixture
def environment(neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> Neo4jServer:
    monkeypatch.setenv("NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NEO4J_USERNAME", neo4j_server.user)
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.password)
    monkeypatch.delenv("NEO4J_DATABASE", raising=False)
    neo4j_server.clear()
    return neo4j_server


def small_run(folder: Path, graph: KnowledgeGraph, *answers: str) -> Path:
    """Write a dataset of one row whose Cypher finds every disease."""
    row = make_row()
    plain = json.loads(dump_row(row))
    plain["answers"] = [{"id": curie, "name": curie, "aliases": []} for curie in answers]
    plain["cypher"] = ALL_DISEASES
    plain["provenance"]["graph"] = graph.fingerprint
    file = folder / "rows.jsonl"
    file.write_text(json.dumps(plain) + "\n")
    return file


@pytest.mark.usefixtures("environment")
def test_load_and_verify_report_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = SMALL.graph(tmp_path / "graph")
    assert run(["neo4j", "load", "--graph", str(graph.folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["nodes"] == {
        "Disease": 2,
        "Gene": 1,
        "PhenotypicFeature": 3,
    }
    rows = small_run(tmp_path, graph, HYPER, MYOPATHY)
    assert run(["neo4j", "verify", str(rows), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 1, "agree": 1, "differ": []}


@pytest.mark.usefixtures("environment")
def test_verify_lists_what_differs_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = SMALL.graph(tmp_path / "graph")
    run(["neo4j", "load", "--graph", str(graph.folder)])
    assert run(["neo4j", "verify", str(small_run(tmp_path, graph, HYPER))]) == 1
    shown = capsys.readouterr()
    assert f"only in Neo4j: {MYOPATHY}; only in the row: none" in shown.out
    assert shown.err == "error: Neo4j does not agree with 1 of 1 rows\n"


@pytest.mark.usefixtures("environment")
def test_verify_refuses_rows_of_another_graph(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = SMALL.graph(tmp_path / "graph")
    other = OTHER.graph(tmp_path / "other")
    rows = small_run(tmp_path, other, HYPER)
    assert run(["neo4j", "verify", str(rows)]) == 2
    assert "holds no complete graph" in capsys.readouterr().err
    run(["neo4j", "load", "--graph", str(graph.folder)])
    assert run(["neo4j", "verify", str(rows)]) == 2
    assert "the rows were made from" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--password", "hunter2"], "the login of user 'neo4j' is refused"),
        (["--database", "elsewhere"], "there is no database 'elsewhere'"),
        (["--uri", "bolt://127.0.0.1:1"], "no Neo4j answers at bolt://127.0.0.1:1"),
        (["--uri", "nonsense"], "'nonsense' is no address"),
        (["--uri", "http://localhost:7474"], "is no address of a Neo4j database"),
        (["--uri", "bolt://neo4j:hunter2@localhost"], "holds no user or password"),
    ],
)
def test_a_database_that_cannot_be_opened_is_one_line(
    options: list[str],
    message: str,
    environment: Neo4jServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    graph = SMALL.graph(tmp_path)
    assert run(["neo4j", "load", "--graph", str(graph.folder), *options]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert "hunter2" not in error
    assert environment.password not in error


@pytest.mark.usefixtures("environment")
def test_the_browsers_port_is_no_database(
    neo4j_server: Neo4jServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uri = f"bolt://127.0.0.1:{neo4j_server.http_port}"
    graph = SMALL.graph(tmp_path)
    assert run(["neo4j", "load", "--graph", str(graph.folder), "--uri", uri]) == 2
    assert f"no Neo4j answers at {uri}" in capsys.readouterr().err


def test_a_load_that_the_server_broke_off_goes_on_where_it_was(
    default_graph: Path, tmp_path: Path
) -> None:
    server = Neo4jServer(tmp_path / "neo4j").start()
    graph = KnowledgeGraph.load(default_graph)
    reached = threading.Event()

    def kill_when_reached() -> None:
        reached.wait()
        server.kill()

    killer = threading.Thread(target=kill_when_reached)
    killer.start()

    def watch(rows: int, what: str) -> None:
        if rows and what == "relationships":
            reached.set()
            time.sleep(0.2)

    try:
        with (
            pytest.raises(DatabaseError, match="broke off; start it again and repeat"),
            connect(login_to(server)) as database,
        ):
            load(database, graph, on_progress=watch)
        killer.join()
        server.start()
        with connect(login_to(server)) as database:
            assert loaded_fingerprint(database) == ""
            loaded = load(database, graph)
    finally:
        reached.set()
        killer.join()
        server.stop()
    total = len(graph) + graph.n_edges
    assert 0 < loaded.written < total - len(graph)
    assert sum(loaded.nodes.values()) + sum(loaded.relationships.values()) == total
