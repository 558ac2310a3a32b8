"""The graph as RDF comes back whole: nodes, statements, denials, evidence, whatever the labels."""

import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pyarrow as pa
import pytest

from kgsynth.graph.rdf import WORDS, write_ntriples, write_turtle
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.iris import BIOLINK, HOUSE, curie_of, iri_of
from kgsynth.sources.oxigraph import Term, Triple, read_triples
from kgsynth.sources.source_file import SourceFile
from tests.real.small_world import World

HAS = "has_phenotype"
FABRY, OTHER = "ORPHA:324", "MONDO:0010526"
CORNEA, PTOSIS = "HP:0001131", "HP:0000508"  # corneal dystrophy; ptosis
ODD = "ICD11:5C56.01 <\u202e>"
WORLD = World(
    {
        **dict.fromkeys((FABRY, OTHER), "Disease"),
        **dict.fromkeys((CORNEA, PTOSIS, ODD), "PhenotypicFeature"),
        "NCBIGene:2717": "Gene",
    },
    frozenset(
        {
            (FABRY, HAS, CORNEA),
            (FABRY, HAS, PTOSIS),
            (OTHER, HAS, ODD),
            (CORNEA, "subclass_of", PTOSIS),
            ("NCBIGene:2717", "causes", FABRY),
        }
    ),
    denials=frozenset({(FABRY, HAS, PTOSIS), (OTHER, HAS, PTOSIS)}),
    contested=frozenset({(FABRY, HAS, PTOSIS)}),
)
#: What has broken a text format, a query language or a terminal before.
HOSTILE = {
    FABRY: "Fabry's \"disease\" \\' . ; <urn:x> @prefix",
    OTHER: "back\\slash \\u0027 `tick` ${x} {{y}} ^^xsd:int @en",
    CORNEA: "line\nbreak\rreturn\ttab\b \x01\x1b \u202eright-to-left\u202c é 漢字 😀 \u2028 \ufeff",
    PTOSIS: "</script>'''; \"\"\" DROP",
}
Write = Callable[[KnowledgeGraph, IO[bytes]], None]
WRITERS: dict[str, Write] = {"ttl": write_turtle, "nt": write_ntriples}
_NAMES = {
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "obo": "http://purl.obolibrary.org/obo/",
    "biolink": BIOLINK,
}
_TYPE = f"{_NAMES['rdf']}type"
_ENTITIES = ("subject", "object", "equivalent_ids")


def written(graph: KnowledgeGraph, ending: str) -> bytes:
    file = io.BytesIO()
    WRITERS[ending](graph, file)
    return file.getvalue()


def by_oxigraph(data: bytes, ending: str) -> list[Triple]:
    syntax = {"ttl": "Turtle", "nt": "N-Triples"}[ending]
    return list(read_triples(SourceFile(Path(f"graph.{ending}"), data), syntax))


def by_rdflib(data: bytes, ending: str) -> list[Triple]:
    from rdflib import BNode, Graph, Literal

    def term(one: object) -> Term:
        if isinstance(one, Literal):
            kind = str(one.datatype or "http://www.w3.org/2001/XMLSchema#string")
            return str(one), one.language or "", kind
        return f"_:{one}" if isinstance(one, BNode) else str(one)

    graph = Graph().parse(data=data, format={"ttl": "turtle", "nt": "nt"}[ending])
    return [(str(term(s)), str(p), term(o)) for s, p, o in graph]


READERS = {"Oxigraph": by_oxigraph, "rdflib": by_rdflib}


class Read:
    """A graph, put together again from triples."""

    def __init__(self, triples: list[Triple]) -> None:
        self.triples = triples
        self.said: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, term in triples:
            self.said[subject][predicate].append(term)

    def rows(self, table: pa.Table, home: Callable[[dict[str, object]], str]) -> None:
        """Hold each row of a table against what is said of its subject."""
        for row in table.to_pylist():
            about = self.said[home(row)]
            for name, value in row.items():
                if name not in ("category", "predicate", "evidence"):
                    self.holds(about[word(name)], name, value)

    def holds(self, terms: list[Term], name: str, value: object) -> None:
        """Hold one value or list of values against terms."""
        found = [self.plain(term, name) for term in terms]
        values = value if isinstance(value, list) else [value]
        wanted = [one for one in values if one not in (None, "")]
        assert sorted(map(str, found)) == sorted(map(str, dict.fromkeys(map(_same, wanted)))), name

    def plain(self, term: Term, name: str) -> object:
        if isinstance(term, str):
            return curie_of(term) if name in _ENTITIES else term
        kind = term[2].rpartition("#")[2]
        if kind == "boolean":
            return term[0] in ("true", "1")
        return _same(float(term[0])) if kind in ("float", "double") else term[0]


def _same(value: object) -> object:
    return round(value, 5) if isinstance(value, float) else value


def word(name: str) -> str:
    namespace, _, local = WORDS.get(name, f"kgs:{name}").partition(":")
    return ({**_NAMES, "kgs": HOUSE}[namespace]) + local


def check(graph: KnowledgeGraph, triples: list[Triple]) -> None:
    """Hold triples against every column of both tables."""
    read = Read(triples)
    read.rows(graph.nodes(), lambda row: iri_of(str(row["id"])))
    read.rows(graph.edges(), lambda row: f"{HOUSE}edge:{row['id']}")
    plain = set()
    for row in graph.nodes().to_pylist():
        assert read.said[iri_of(row["id"])][_TYPE] == [BIOLINK + row["category"]]
    for row in graph.edges().to_pylist():
        about = read.said[f"{HOUSE}edge:{row['id']}"]
        relation = _relation(row["predicate"])
        assert about[f"{_NAMES['rdf']}predicate"] == [relation]
        if not row["negated"]:
            plain.add((iri_of(row["subject"]), relation, iri_of(row["object"])))
        nodes = about[f"{BIOLINK}has_evidence"]
        items = [
            {name.removeprefix(HOUSE): terms[0][0] for name, terms in read.said[str(one)].items()}
            for one in nodes
        ]
        given = [{k: v for k, v in one.items() if v} for one in row["evidence"]]
        assert sorted(map(sorted, (one.items() for one in items))) == sorted(
            map(sorted, (one.items() for one in given))
        )
    relations = {_relation(name) for name in graph.edges()["predicate"].unique().to_pylist()}
    assert {triple for triple in triples if triple[1] in relations} == plain


def _relation(name: str) -> str:
    return f"{_NAMES['rdfs']}subClassOf" if name == "subclass_of" else BIOLINK + name


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    return WORLD.graph(tmp_path_factory.mktemp("world"), HOSTILE)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("ending", WRITERS)
def test_everything_comes_back(graph: KnowledgeGraph, ending: str, reader: str) -> None:
    check(graph, READERS[reader](written(graph, ending), ending))


def test_a_denial_is_never_a_plain_triple(graph: KnowledgeGraph) -> None:
    triples = by_oxigraph(written(graph, "nt"), "nt")
    assert (iri_of(OTHER), f"{BIOLINK}{HAS}", iri_of(PTOSIS)) not in triples
    negated = [s for s, p, o in triples if p == f"{BIOLINK}negated" and o[0] == "true"]
    assert len(negated) == 2


def test_what_is_written_twice_is_the_same_bytes(graph: KnowledgeGraph) -> None:
    for ending in WRITERS:
        assert written(graph, ending) == written(graph, ending)


@pytest.mark.parametrize("ending", WRITERS)
def test_files_have_no_bytes_that_a_terminal_obeys(graph: KnowledgeGraph, ending: str) -> None:
    text = written(graph, ending).decode()
    assert not [sign for sign in text if sign < " " and sign != "\n"]
    assert "\u202e" not in text


def test_pieces_do_not_show(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {ending: set(written(graph, ending).splitlines()) for ending in WRITERS}
    monkeypatch.setattr("kgsynth.graph.rdf._ROWS", 2)
    for ending, lines in whole.items():
        assert set(written(graph, ending).splitlines()) == lines


@pytest.mark.parametrize(
    "curie",
    ["HP:0001250", "ORPHA:324", "HGNC:1", "OMIMPS:1", "ICD11:5C56.01", "a:b c%", "x", "é:ü"],
)
def test_an_address_leads_back_to_its_identifier(curie: str) -> None:
    assert curie_of(iri_of(curie)) == curie
