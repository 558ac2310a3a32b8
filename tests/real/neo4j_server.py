"""A real Neo4j for the tests: the published Java artifacts, on free ports of the loopback.

Maven fetches the server and Neo4j Browser once into ``build/neo4j`` (see ``neo4j/pom.xml``).
Only processes that were started here are ever ended.
"""

import os
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import neo4j
from neo4j.exceptions import DriverError, Neo4jError

_POM = Path(__file__).parent / "neo4j" / "pom.xml"
_LIBRARIES = _POM.parents[3] / "build" / "neo4j"
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_START_LIMIT_S = 120
_STOP_LIMIT_S = 60


def libraries() -> Path:
    """The folder of the server's jars; fetched once and again when the pom changes."""
    stamp = _LIBRARIES / "pom.xml"
    if not stamp.is_file() or stamp.read_bytes() != _POM.read_bytes():
        shutil.rmtree(_LIBRARIES, ignore_errors=True)
        # Two of the artifacts have one file name; the group tells them apart.
        goal = ["dependency:copy-dependencies", "-Dmdep.prependGroupId=true"]
        goal += [f"-DoutputDirectory={_LIBRARIES}"]
        subprocess.run(["mvn", "-q", "-B", "-f", str(_POM), *goal], check=True)
        shutil.copyfile(_POM, stamp)  # last, so that a stamp means that every jar is there
    return _LIBRARIES


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Neo4jServer:
    """One server with its own home folder; `start` it, and `stop` or `kill` what was started."""

    home: Path
    user: str = "neo4j"
    password: str = "correct horse battery"
    bolt_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None
    _log: IO[bytes] | None = None

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt_port}"

    @property
    def browser(self) -> str:
        return f"http://127.0.0.1:{self.http_port}/browser/"

    def start(self) -> "Neo4jServer":
        """Start the server and wait until it answers; set the password on the first start."""
        first = not (self.home / "data").exists()
        self._configure()
        self._log = (self.home / "console.log").open("ab")
        self._process = subprocess.Popen(
            self._command(), stdout=self._log, stderr=subprocess.STDOUT, cwd=self.home
        )
        self._wait("neo4j" if first else self.password)
        if first:
            self._set_password()
        return self

    def stop(self) -> None:
        """Ask the server to end (SIGTERM), as an administrator would."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.kill()
        self._forget()

    def kill(self) -> None:
        """End the server at once (SIGKILL), as a power failure would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._forget()

    def driver(self, password: str = "") -> neo4j.Driver:
        return neo4j.GraphDatabase.driver(self.uri, auth=(self.user, password or self.password))

    def run(self, cypher: str, **parameters: object) -> list[neo4j.Record]:
        """Run one statement and return its rows."""
        with self.driver() as driver:
            return driver.execute_query(
                cypher,
                parameters,
            ).records

    def clear(self) -> None:
        """Remove every node and relationship; constraints and indexes hurt nobody."""
        self.run("MATCH (n) DETACH DELETE n")

    def _configure(self) -> None:
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.bolt_port}",
            "server.http.listen_address": f"127.0.0.1:{self.http_port}",
            "server.https.enabled": "false",
            "dbms.usage_report.enabled": "false",
            "dbms.security.auth_enabled": "true",
            "server.memory.pagecache.size": "256m",
        }
        file = self.home / "conf" / "neo4j.conf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))

    def _command(self) -> list[str]:
        opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED]
        memory = ["-Xms512m", "-Xmx1g"]
        entry = ["-cp", f"{libraries()}{os.sep}*", "org.neo4j.server.CommunityEntryPoint"]
        folders = [f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        return ["java", *memory, *opens, *entry, *folders]

    def _wait(self, password: str) -> None:
        give_up = time.monotonic() + _START_LIMIT_S
        while True:
            if self._process is None or self._process.poll() is not None:
                raise RuntimeError(f"neo4j ended while starting; see {self.home / 'console.log'}")
            try:
                with self.driver(password) as driver:
                    driver.verify_authentication()
                return
            except (DriverError, Neo4jError):
                if time.monotonic() > give_up:
                    self.kill()
                    raise
                time.sleep(0.2)

    def _set_password(self) -> None:
        with self.driver("neo4j") as driver:
            driver.execute_query(
                "ALTER CURRENT USER SET PASSWORD FROM $old TO $new",
                old="neo4j",
                new=self.password,
                database_="system",
            )

    def _forget(self) -> None:
        self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None
