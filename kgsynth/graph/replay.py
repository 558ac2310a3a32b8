"""What another engine answers to a row's question, set beside the row's own answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replay:
    """What an engine answers to one question.

    Attributes:
        id: The row's id.
        expected: The row's answer ids, sorted.
        found: The engine's, sorted; empty where there is a problem.
        problem: Why the query could not be run, or "".
        engine: What the engine is called.
    """

    id: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    problem: str = ""
    engine: str = "Neo4j"

    @property
    def agrees(self) -> bool:
        """Whether both engines give the same set."""
        return not self.problem and self.found == self.expected

    def __str__(self) -> str:
        """Say in one line what differs."""
        if self.problem:
            return f"{self.id}: {self.problem}"
        more = ", ".join(sorted(set(self.found) - set(self.expected))[:5]) or "none"
        less = ", ".join(sorted(set(self.expected) - set(self.found))[:5]) or "none"
        return f"{self.id}: only in {self.engine}: {more}; only in the row: {less}"
