"""The real parts that several tests share; each is started once and ended in the end."""

from collections.abc import Iterator

import pytest

from tests.real.neo4j_server import Neo4jServer


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A running Neo4j with a password; its databases are the tests' to fill and to clear."""
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"))
    try:
        yield server.start()
    finally:
        server.stop()
