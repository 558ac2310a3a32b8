"""The one door to Neo4j: opening a database, running a statement, saying what went wrong.

The driver is imported on use, since most commands need no database. Whatever it or the server
complains of becomes a `DatabaseError` of one line; no message ever holds the password.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kgsynth.errors import DatabaseError, MissingExtraError, UsageError

if TYPE_CHECKING:
    import neo4j

_CONNECT_TIMEOUT_S = 15.0
_OLDEST = 5
_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")
_STATEMENT_FAULTS = (
    "Neo.ClientError.Statement.",
    "Neo.ClientError.Transaction.",
    "Neo.TransientError.Transaction.Terminated",
    "Neo.TransientError.General.MemoryPool",
)
_HINTS = {
    "Neo.ClientError.Security.Unauthorized": "the login of user {user!r} is refused; check --user "
    "and --password, or NEO4J_USERNAME and NEO4J_PASSWORD",
    "Neo.ClientError.Security.AuthenticationRateLimit": "too many wrong passwords for user "
    "{user!r}; wait a few seconds, then try the right one",
    "Neo.ClientError.Security.CredentialsExpired": "the first password of user {user!r} must be "
    "changed before use; log in once with Neo4j Browser",
    "Neo.ClientError.Security.Forbidden": "user {user!r} may not do this; it needs to read, to "
    "write, and to make constraints",
    "Neo.ClientError.Database.DatabaseNotFound": "there is no database {database!r}; check "
    "--database, or leave it out for the default one",
}


class StatementError(DatabaseError):
    """The server is well and refuses one statement: it is wrong, or takes too long."""


@dataclass(frozen=True, slots=True)
class Login:
    """Where a database is and how to enter it; the password is never shown.

    Attributes:
        uri: Such as ``bolt://localhost:7687``.
        user: The user's name.
        password: The user's password.
        database: The database's name; "" is the server's default.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = ""

    @property
    def place(self) -> str:
        """The database in words, for messages."""
        return f"database {self.database or 'neo4j'!r} at {self.uri}"


class Database:
    """An open database; `connect` makes one."""

    def __init__(self, driver: "neo4j.Driver", login: Login) -> None:
        self._driver = driver
        self.login = login

    @contextmanager
    def transaction(
        self, *, read_only: bool = False, timeout_s: float | None = None
    ) -> Iterator["neo4j.Transaction"]:
        """Open a transaction that is committed at the end and undone by an exception.

        Args:
            read_only: Whether the server is to refuse every change.
            timeout_s: After how many seconds the server gives up; None for its own limit.

        Raises:
            DatabaseError: If the server is gone or refuses.
        """
        with (
            explained(self.login),
            self._driver.session(
                database=self.login.database or None,
                default_access_mode="READ" if read_only else "WRITE",
            ) as session,
            session.begin_transaction(timeout=timeout_s) as transaction,
        ):
            yield transaction
            transaction.commit()

    def rows(self, cypher: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run one statement in a transaction of its own and return its rows."""
        with self.transaction() as transaction:
            return [dict(record) for record in transaction.run(cypher, parameters)]


@contextmanager
def connect(login: Login) -> Iterator[Database]:
    """Open a database, and close it in the end.

    Raises:
        DatabaseError: If nothing answers there, the login is refused, or the server is too old.
        MissingExtraError: If the driver is not installed.
        UsageError: If the address is none.
    """
    _check_address(login.uri)
    driver_module = _driver_module()
    with explained(login, at_start=True):
        driver = driver_module.GraphDatabase.driver(
            login.uri,
            auth=(login.user, login.password),
            connection_timeout=_CONNECT_TIMEOUT_S,
            connection_acquisition_timeout=2 * _CONNECT_TIMEOUT_S,
            notifications_min_severity="OFF",
        )
    with driver:
        database = Database(driver, login)
        with explained(login, at_start=True):
            agent = str(driver.get_server_info().agent)
        _refuse_old_server(agent, login)
        database.rows("RETURN 1")
        yield database


def _check_address(uri: str) -> None:
    if "@" in uri:
        raise UsageError(
            "the address of a database holds no user or password; give them with --user and "
            "--password, or in NEO4J_USERNAME and NEO4J_PASSWORD"
        )
    if uri.partition("://")[0] not in _SCHEMES or not uri.partition("://")[2]:
        raise UsageError(
            f"{uri!r} is no address of a Neo4j database; expected bolt://HOST:7687, or neo4j:// "
            "for a cluster, with +s for encryption"
        )


@contextmanager
def explained(login: Login, *, at_start: bool = False) -> Iterator[None]:
    """Turn whatever the driver raises into a `DatabaseError` of one line.

    Args:
        login: For the message.
        at_start: Whether nothing has answered yet.
    """
    exceptions = _driver_module().exceptions
    try:
        yield
    except exceptions.Neo4jError as error:
        fault = (error.code or "").startswith(_STATEMENT_FAULTS)
        kind = StatementError if fault else DatabaseError
        raise kind(f"{login.uri}: {_explain(error, login)}") from error
    except (exceptions.DriverError, ValueError, OSError) as error:
        if at_start:
            message = f"no Neo4j answers at {login.uri}; start the server, or check --uri"
        else:
            message = (
                f"Neo4j at {login.uri} broke off; start it again and repeat the command, which "
                "goes on where it stopped"
            )
        raise DatabaseError(f"{message} ({_first_line(error)})") from error


def _explain(error: "neo4j.exceptions.Neo4jError", login: Login) -> str:
    hint = _HINTS.get(error.code or "")
    if hint is not None:
        return hint.format(user=login.user, database=login.database)
    return f"{_first_line(error.message or error)} ({error.code})"


def _first_line(text: object) -> str:
    return (str(text).strip().splitlines() or [""])[0].rstrip(".:")[:300]


def _refuse_old_server(agent: str, login: Login) -> None:
    """Refuse a server older than Neo4j 5; later ones are named by their year."""
    version = agent.removeprefix("Neo4j/").split(".")[0]
    if not version.isdigit() or int(version) < _OLDEST:
        raise DatabaseError(
            f"{login.uri}: expected Neo4j {_OLDEST} or newer, the server says it is {agent!r}"
        )


def _driver_module() -> Any:
    try:
        import neo4j
        import neo4j.exceptions
    except ImportError as error:
        raise MissingExtraError(
            "the driver for Neo4j is not installed; `pip install 'kgsynth[neo4j]'`"
        ) from error
    return neo4j
