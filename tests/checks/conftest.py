"""Good rows to spoil: a few of each hop count, made once from the default graph."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pytest

from kgsynth.checks import CheckSettings, check_row
from kgsynth.checks.base import Context
from kgsynth.graph.store import KnowledgeGraph
from kgsynth.paths.chain import mine_paths
from kgsynth.paths.settings import MiningSettings
from kgsynth.questions.wording import word_question
from kgsynth.records import Mined, Rejection, Row
from kgsynth.traces.assemble import assemble_row
from kgsynth.traces.template import write_trace
from tests.kinds import asked

SETTINGS = CheckSettings()

#: Questions that options are drawn from.
MANY = 120


@pytest.fixture(scope="session")
def graph(default_graph: Path) -> KnowledgeGraph:
    """The default graph."""
    return KnowledgeGraph.load(default_graph)


def make_rows(graph: KnowledgeGraph, hops: int, n: int, form: str = "open") -> list[Row]:
    """Return rows by the template writer that pass every check."""
    rows: list[Row] = []
    stream = mine_paths(graph, MiningSettings(hops=hops), 0, 1000)
    every: Iterable[Mined] = (one for one in stream if isinstance(one, Mined))
    if form != "open":  # those that ask for values come first, and would be all
        every = reversed(asked(islice(every, MANY), graph, form))
    for mined in every:
        if len(rows) == n:
            break
        question = word_question(mined, graph, 0, form)
        if not isinstance(question, Rejection):
            row = assemble_row(mined, question, write_trace(mined, question, graph, 0), graph, 0)
            if check_row(row, graph, SETTINGS).accepted:
                rows.append(row)
    return rows


@pytest.fixture(scope="session")
def rows(graph: KnowledgeGraph) -> list[Row]:
    """Forty four-hop rows."""
    return make_rows(graph, 4, 40)


@pytest.fixture(scope="session")
def choice_rows(graph: KnowledgeGraph) -> list[Row]:
    """Forty rows with options: of two hops, answers of others; of four hops, mostly values."""
    return [row for hops in (2, 4) for row in make_rows(graph, hops, 20, "choice")]


@pytest.fixture(scope="session")
def yes_no_rows(graph: KnowledgeGraph) -> list[Row]:
    """Twenty four-hop rows that propose an answer."""
    return make_rows(graph, 4, 20, "yes_no")


@pytest.fixture(scope="session")
def row(rows: list[Row]) -> Row:
    """One four-hop row whose first step says a number, and whose answer is a finding."""
    return next(
        row
        for row in rows
        if row.steps[0].candidates[0] > 1 and row.query.variables[-1].name == "?p"
    )


@pytest.fixture
def context(row: Row, graph: KnowledgeGraph) -> Context:
    """That row in its graph."""
    return Context.of(row, graph, SETTINGS)
