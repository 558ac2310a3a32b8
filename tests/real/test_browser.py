"""A row's view, pasted into the real Neo4j Browser in a real Chromium, draws one picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kgsynth.graph.cypher import to_cypher_view
from kgsynth.graph.neo4j import Login, connect
from kgsynth.graph.neo4j_load import load
from kgsynth.records import Binding, Query, QueryEdge, Variable
from tests.real.neo4j_server import Neo4jServer
from tests.real.small_world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.real

_CHROMIUM = "/usr/bin/chromium"  # Debian's; `playwright install` would fetch one of its own
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_MS = 60_000


@pytest.fixture
def page(neo4j_server: Neo4jServer, tmp_path: Path) -> "Iterator[Page]":
    """Neo4j Browser, logged in."""
    # The quick suite collects this file too, and has no browser.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=_QUIET)
        opened = browser.new_page(viewport={"width": 1500, "height": 1000})
        opened.set_default_timeout(_PATIENCE_MS)
        opened.goto(neo4j_server.browser)
        opened.fill('[data-testid="boltaddress"]', f"127.0.0.1:{neo4j_server.bolt_port}")
        opened.fill('[data-testid="username"]', neo4j_server.user)
        opened.fill('[data-testid="password"]', neo4j_server.password)
        opened.click('[data-testid="connect"]')
        opened.wait_for_selector("text=:play start")  # shown once the login is through
        try:
            yield opened
        finally:
            opened.screenshot(path=tmp_path / "view.png")  # for a person to look at
            browser.close()


HYPER, MYOPATHY, SCN4A = "MONDO:0008224", "MONDO:0957247", "NCBIGene:6329"
WEAKNESS, EPISODIC, PTOSIS = "HP:0001324", "HP:0003752", "HP:0000508"
NAMES = {
    HYPER: "Hyperkalemic periodic paralysis",
    MYOPATHY: "Congenital myopathy 22A, classic",
    SCN4A: "SCN4A",
    WEAKNESS: "Muscle weakness",
    EPISODIC: "Episodic flaccid weakness",
    PTOSIS: "Ptosis",
}
WORLD = World(
    entities={
        **dict.fromkeys((HYPER, MYOPATHY), "Disease"),
        **dict.fromkeys((WEAKNESS, EPISODIC, PTOSIS), "PhenotypicFeature"),
        SCN4A: "Gene",
    },
    facts=frozenset(
        {
            (EPISODIC, "subclass_of", WEAKNESS),
            (HYPER, "has_phenotype", EPISODIC),
            (MYOPATHY, "has_phenotype", PTOSIS),
            (SCN4A, "causes", HYPER),
            (SCN4A, "causes", MYOPATHY),
        }
    ),
    denials=frozenset({(HYPER, "has_phenotype", PTOSIS)}),
)
QUERY = Query(
    "?e",
    (Variable("?d", "Disease"), Variable("?g", "Gene"), Variable("?e", "Disease")),
    (
        QueryEdge("?d", "has_phenotype", WEAKNESS),
        QueryEdge("?d", "has_phenotype", PTOSIS, negated=True),
        QueryEdge("?g", "causes", "?d"),
        QueryEdge("?g", "causes", "?e"),
        QueryEdge("?e", "has_phenotype", PTOSIS),
    ),
    (WEAKNESS, "?d", "?g", "?e"),
)
BOUND = (Binding("?d", HYPER), Binding("?g", SCN4A), Binding("?e", MYOPATHY))


def test_a_view_is_drawn_as_one_picture_with_names(
    neo4j_server: Neo4jServer, page: "Page", tmp_path: Path
) -> None:
    neo4j_server.clear()
    login = Login(neo4j_server.uri, neo4j_server.user, neo4j_server.password)
    with connect(login) as database:
        load(database, WORLD.graph(tmp_path / "graph", NAMES))
    page.click(".monaco-editor")
    page.keyboard.insert_text(to_cypher_view(QUERY, BOUND))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Displaying 6 nodes, 6 relationships.")
    # The line stands there before the picture does.
    page.locator("svg g.node").nth(len(NAMES) - 1).wait_for(state="attached")
    page.locator("svg g.relationship").nth(5).wait_for(state="attached")
    assert page.locator("svg g.node").count() == len(NAMES)
    captions = "".join(page.locator("svg text.caption").all_text_contents())
    assert {word for word in ("SCN4A", "Ptosis", "Muscle", "Episodic") if word in captions} == {
        "SCN4A",
        "Ptosis",
        "Muscle",
        "Episodic",
    }
    types = " ".join(page.locator("svg g.relationship").all_text_contents())
    assert "LACKS_" in types
    assert "SUBCLASS_OF" in types
    page.wait_for_timeout(3_000)  # until the picture has come to rest
