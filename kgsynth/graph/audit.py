"""Is a graph fit for questions? What is in it, how it hangs together, and what is wrong with it.

Everything is computed from the graph's own tables, not from what the builder counted, so an audit
finds what a builder's mistake, or an edited file, has left behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kgsynth.errors import UsageError
from kgsynth.graph import audit_checks, audit_shape
from kgsynth.graph.audit_checks import Found
from kgsynth.graph.audit_shape import Shape
from kgsynth.graph.audit_sources import SourceAge, ages
from kgsynth.graph.store import KnowledgeGraph

#: The word that stands for no limit.
ANY = "any"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted and may be limited.

    Attributes:
        name: As ``--limit`` calls it.
        title: What it counts, for people.
        found: How many, or how much.
        limit: The most that is allowed; None where anything is.
        broken: Whether more was found.
        examples: A few of them.
    """

    name: str
    title: str
    found: int
    limit: float | None
    broken: bool
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found.

    Attributes:
        folder: Where the graph is.
        fingerprint: Which graph it is.
        today: The day that ages are counted to, as an ISO date.
        shape: Counts, components, degrees, hubs.
        sources: Each source with its license and age.
        measures: What is counted, in the order of the limits.
    """

    folder: str
    fingerprint: str
    today: str
    shape: Shape
    sources: tuple[SourceAge, ...]
    measures: tuple[Measure, ...]

    @property
    def broken(self) -> tuple[Measure, ...]:
        """The measures whose limit is broken."""
        return tuple(measure for measure in self.measures if measure.broken)


def audit(graph: KnowledgeGraph, limits: Mapping[str, Any], today: date) -> Audit:
    """Return what is in a graph and what is wrong with it.

    Args:
        graph: The graph.
        limits: The most of each measure, or `ANY`; as in ``templates/audit/limits.toml``.
        today: What the age of sources is counted to.

    Raises:
        UsageError: If a limit names no measure or is no number of at least 0.

    Example:
        >>> from kgsynth.graph.example import example_graph
        >>> found = audit(example_graph(), {"cycles": 0}, date(2026, 1, 1))
        >>> [measure.name for measure in found.broken]
        []
        >>> found.shape.components, found.sources[0].age_days
        (1, 350)
    """
    sources = ages(graph.manifest, today)
    found = {**audit_checks.run(graph), **_of_sources(sources)}
    return Audit(
        folder=str(graph.folder),
        fingerprint=graph.fingerprint,
        today=today.isoformat(),
        shape=audit_shape.measure(graph),
        sources=sources,
        measures=tuple(_measured(found, parse_limits(limits, found))),
    )


def parse_limits(limits: Mapping[str, Any], known: Mapping[str, Found]) -> dict[str, float | None]:
    """Return limits as numbers, None for `ANY`.

    Raises:
        UsageError: If a limit names no measure or is no number of at least 0.
    """
    parsed: dict[str, float | None] = {}
    for name, value in limits.items():
        if name not in known:
            raise UsageError(f"unknown limit {name!r}; known: {', '.join(sorted(known))}")
        if value == ANY:
            parsed[name] = None
            continue
        try:
            parsed[name] = float(value)
        except (TypeError, ValueError):
            parsed[name] = float("nan")
        if not parsed[name] >= 0:  # type: ignore[operator]  # NaN is refused here as well
            raise UsageError(f"limit {name}={value}: expected a number of at least 0, or {ANY!r}")
    return parsed


def _measured(found: Mapping[str, Found], limits: Mapping[str, float | None]) -> list[Measure]:
    measures = []
    for name, one in found.items():
        limit = limits.get(name)
        broken = limit is not None and one.count > limit
        measures.append(Measure(name, one.title, one.count, limit, broken, one.examples))
    return measures


def _of_sources(sources: tuple[SourceAge, ...]) -> dict[str, Found]:
    unlicensed = [one.name for one in sources if not one.license]
    undated = [one.name for one in sources if one.age_days is None]
    known = [(one.age_days, one.name) for one in sources if one.age_days is not None]
    oldest = max(known, default=(0, ""))
    return {
        "unlicensed": Found("sources that do not state their terms", len(unlicensed),
                            tuple(unlicensed)),
        "undated": Found("sources whose version is no date", len(undated), tuple(undated)),
        "oldest_days": Found("age of the oldest source, in days", oldest[0],
                             (oldest[1],) if oldest[1] else ()),
    }  # fmt: skip
