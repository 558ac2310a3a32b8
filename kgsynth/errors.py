"""What stops a command: every error that kgsynth raises on purpose.

An *error* stops the run (wrong settings, a missing file, an unreachable server) and is a child
of `KgsynthError`; the command line prints it as one line and exits with `exit_code`. A
*rejection* (`records.Rejection`) is data that cannot go on; it is counted and the run continues.
"""


class KgsynthError(Exception):
    """An error with a message for people: what, where, what was expected, what to do."""

    exit_code = 2


class UsageError(KgsynthError, ValueError):
    """A command or setting asks for something that does not exist or makes no sense."""


class IdentifierError(KgsynthError, ValueError):
    """A text is no identifier, or its prefix is not known."""


class UnknownPrefixError(IdentifierError):
    """A well-formed identifier of an authority that kgsynth does not know."""


class UnknownEntityError(KgsynthError, LookupError):
    """An identifier is well formed and not in the graph."""


class SourceError(KgsynthError, ValueError):
    """A source file cannot be read: absent, empty, damaged, or not the format it should be."""


class FetchError(SourceError):
    """A file cannot be fetched: no connection, no such file, or not the file that was expected."""

    exit_code = 1


class GraphError(KgsynthError, ValueError):
    """A graph folder is absent, half written, or of another version."""


class RunError(KgsynthError, ValueError):
    """A run folder is absent, damaged, or belongs to another run."""


class EngineError(KgsynthError, RuntimeError):
    """An engine cannot be started or stopped answering."""


class MissingExtraError(KgsynthError, ImportError):
    """An optional package is needed and not installed."""


class DatabaseError(KgsynthError, RuntimeError):
    """A database server is absent, refuses the login, or broke off."""


class GoalError(KgsynthError, RuntimeError):
    """The work was done and a goal was not met: fewer rows than asked for, a failed check."""

    exit_code = 1
