"""What tests of wording share."""

from pathlib import Path

import pytest

from kgsynth.graph.store import KnowledgeGraph


@pytest.fixture(scope="session")
def graph(default_graph: Path) -> KnowledgeGraph:
    """The default graph."""
    return KnowledgeGraph.load(default_graph)
