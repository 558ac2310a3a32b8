"""Names that have broken formats, queries, pages and terminals before go through every view."""

import io
import json
import sys
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx
import pyarrow.feather
import pytest
import rdflib

from kgsynth.cli import run
from kgsynth.cli.audit_page import make_page
from kgsynth.cli.build_summary import print_summary
from kgsynth.cli.report_page import make_page as make_report_page
from kgsynth.datasets.card import About, make_card
from kgsynth.datasets.report import make_report
from kgsynth.datasets.splits import Splits
from kgsynth.datasets.tally import Tally
from kgsynth.graph.audit import audit
from kgsynth.graph.cypher import to_cypher
from kgsynth.graph.sparql import to_sparql
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.graph.views import VIEWS
from kgsynth.graph.views.base import part_of, write_view
from kgsynth.graph.views.networkx import to_networkx
from kgsynth.graph.write import write_graph
from kgsynth.identifiers import normalize_curie
from kgsynth.iris import iri_of
from kgsynth.progress import print_table
from kgsynth.records import Query, QueryEdge, Variable
from tests.factories import make_rows
from tests.graph.test_views import allowed, graph_of, listed

NAMES = [
    'say "no" \'til \\ back\\slash`tick`',
    "'}) DETACH DELETE n // {{7*7}} ${x} {% raw %}",
    "<script>alert(1)</script>&amp;]]>",
    "a\x1b[2J\x07\x9b31mb\x7f",
    "line\nend\r\nand\ttab \u202eright-to-left\u202c \u200f 👩‍⚕️ [/bold] [red]",
    "x" * 10_000,
]
IDS = ["OMIM:1", "MONDO:2", "ORPHA:3", "HP:0000004", "HP:0000005", "HP:0000006"]
NAMED = dict(zip(IDS, NAMES, strict=True))
LABEL, EXACT = rdflib.RDFS.label, "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym"
#: What steers a terminal.
STEERING = ("\x1b[2J", "\x07", "\x9b", "\u202e", "\x7f")
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """Return a graph whose names, synonyms, definitions and references are all hostile."""
    folder = tmp_path_factory.mktemp("hostile") / "graph"
    shape = [(0, 0, False, 2), (1, 1, True, 4), (2, 2, False, 1)]
    write_graph(graph_of(NAMES, NAMES, shape), folder)
    return KnowledgeGraph.load(folder)


def synonyms_of(graph: KnowledgeGraph) -> dict[str, list[str]]:
    return {row["id"]: row["synonyms"] for row in graph.nodes().to_pylist()}


def _blank(text: str) -> str:
    return text.replace("\r\n", " ").translate(dict.fromkeys(map(ord, "\t\n\r\x00"), " "))


def _tsv(graph: KnowledgeGraph, files: list[Path]) -> None:
    lines = [line.split("\t") for line in files[0].read_bytes().decode().split("\n")[:-1]]
    assert {len(line) for line in lines} == {len(lines[0])}
    at = lines[0].index("name")
    found = {normalize_curie(line[0]): " ".join(line[at].split()) for line in lines[1:]}
    assert found == {curie: " ".join(_blank(name).split()) for curie, name in NAMED.items()}


def _jsonl(graph: KnowledgeGraph, files: list[Path]) -> None:
    rows = [json.loads(line) for line in files[0].read_bytes().splitlines()]
    assert {normalize_curie(row["id"]): row["name"] for row in rows} == NAMED
    found = {normalize_curie(row["id"]): row["synonym"] for row in rows}
    assert all(set(texts) <= set(found[curie]) for curie, texts in synonyms_of(graph).items())


def _graphml(graph: KnowledgeGraph, files: list[Path]) -> None:
    found: Any = networkx.read_graphml(files[0], force_multigraph=True)
    for curie, texts in synonyms_of(graph).items():
        assert found.nodes[curie]["name"] == allowed(NAMED[curie])
        assert json.loads(found.nodes[curie]["synonyms"]) == [listed(text) for text in texts]


def _rdf(graph: KnowledgeGraph, files: list[Path]) -> None:
    found = rdflib.Graph().parse(files[0])
    for curie, texts in synonyms_of(graph).items():
        node = rdflib.URIRef(iri_of(curie))
        assert {str(one) for one in found.objects(node, LABEL)} == {NAMED[curie]}
        assert {str(one) for one in found.objects(node, rdflib.URIRef(EXACT))} >= set(texts)


def _arrow(graph: KnowledgeGraph, files: list[Path]) -> None:
    rows = pyarrow.feather.read_table(files[0]).to_pylist()
    assert {row["id"]: row["name"] for row in rows} == NAMED


READ: dict[str, Callable[[KnowledgeGraph, list[Path]], None]] = {
    "kgx-tsv": _tsv,
    "kgx-jsonl": _jsonl,
    "graphml": _graphml,
    "turtle": _rdf,
    "ntriples": _rdf,
    "arrow": _arrow,
}


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_holds_hostile_names(view: str, graph: KnowledgeGraph, tmp_path: Path) -> None:
    READ[view](graph, list(write_view(view, part_of(graph), tmp_path).files))


def test_networkx_holds_hostile_names(graph: KnowledgeGraph) -> None:
    found = to_networkx(graph)
    assert {curie: found.nodes[curie]["name"] for curie in found} == NAMED


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_id_stays_within_its_quotes(name: str) -> None:
    def edge(curie: str) -> Query:
        clue = QueryEdge("?d", "has_phenotype", curie)
        return Query("?d", (Variable("?d", "Disease"),), (clue,), ())

    plain, odd = to_cypher(edge("HP:1")), to_cypher(edge(f"HP:{name}"))
    before, after = plain.split("HP:1")
    inside = odd.removeprefix(before).removesuffix(after)
    assert odd == before + inside + after
    assert "'" not in inside.replace("\\\\", "").replace("\\'", "")
    assert not {"\n", "\r"} & set(inside)
    text = to_sparql(edge(f"HP:{name}"))
    rdflib.Graph().query(text)  # parsed, and nothing is found
    assert not {*name} & {*'\n\r\t<>{}"`\\\x1b\u202e'} & {*iri_of(f"HP:{name}")}
    assert (iri_of(f"HP:{name}") in text) or name.isalnum()


class _Tags(HTMLParser):
    """Notes which elements a page has, and what it says."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def _audit_page(graph: KnowledgeGraph) -> str:
    return make_page(audit(graph, {}, date(2026, 1, 1)), [])


def _report_page(graph: KnowledgeGraph) -> str:
    counts = dict.fromkeys(NAMES, 1)
    return make_report_page(Path("run"), make_report(make_rows(1)), {NAMES[2]: counts})


def _notebook(graph: KnowledgeGraph) -> str:
    return "".join(graph.node(curie)._repr_html_() for curie in IDS)


@pytest.mark.parametrize("page", [_audit_page, _report_page, _notebook])
def test_a_page_shows_hostile_names_and_obeys_none(
    page: Callable[[KnowledgeGraph], str], graph: KnowledgeGraph
) -> None:
    found = _Tags(page(graph))
    assert "script" not in found.tags
    assert NAMES[2] in found.text
    assert page is _notebook or [sign for sign in STEERING if sign in page(graph)] == []


def test_a_card_shows_a_hostile_name_on_one_line() -> None:
    for name in NAMES:
        tally = Tally(rows=1)
        tally.answer_names[name] += 1
        card = make_card(tally, Splits(("train",), {"train": 1}, {}, 1, 1), About("run"), "0")
        (line,) = (one for one in card.splitlines() if "the commonest is" in one)
        assert len(line) < 400
        assert "<" not in line
        assert line.isprintable()


@pytest.mark.parametrize("args", [["show", one] for one in IDS] + [["find", "a"], ["find", "x"]])
def test_a_terminal_is_not_steered_by_names(
    args: list[str], graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _in_a_terminal(["graph", *args, "--graph", str(graph.folder)], monkeypatch)
    assert said
    assert [sign for sign in STEERING if sign in said] == []


def _in_a_terminal(args: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what a command writes where standard output is a terminal."""
    written = io.StringIO()
    monkeypatch.setattr(written, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdout", written)
    monkeypatch.setenv("TERM", "xterm")
    assert run(args) == 0
    return written.getvalue()


def test_tables_show_brackets_and_steer_nothing(capsys: Capture) -> None:
    print_table("t", ("what",), [(name,) for name in NAMES[:5]])
    said = capsys.readouterr().out
    assert "[/bold]" in said
    assert [sign for sign in STEERING if sign in said] == []


def test_a_build_ends_with_hostile_hubs(capsys: Capture) -> None:
    counts: dict[str, Any] = defaultdict(int)
    tables = ("sources", "by_category", "by_predicate", "denials_by_predicate", "merges")
    counts |= {name: {} for name in (*tables, "rejected")}
    counts |= {"unverified": [], "left_out": [], "out": "a[/b]", "fingerprint": "0"}
    counts["statements"] = defaultdict(int)
    counts["hubs"] = [{"id": "HP:1", "name": name, "degree": 1} for name in NAMES[:5]]
    print_summary(counts)
    said = capsys.readouterr().out
    assert "a[/b]" in said
    assert "[/bold]" in said
    assert [sign for sign in STEERING if sign in said] == []


def test_an_error_does_not_steer_the_terminal(capsys: Capture, tmp_path: Path) -> None:
    assert run(["graph", "show", "HP:\x1b[2J", "--graph", str(tmp_path / "a\x1b[2J")]) == 2
    assert "\x1b" not in capsys.readouterr().err
