"""All ways to bind the variables of a query: plain backtracking, no cleverness but the order."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from tests.twin.graph import HAS_PHENOTYPE, IS_A, NO_ONE, Graph, Reading

Binding = dict[str, str]


@dataclass(frozen=True)
class Pattern:
    """One edge of a query; a name that begins with ``?`` is a variable."""

    subject: str
    predicate: str
    object: str
    negated: bool = False

    @property
    def ends(self) -> tuple[str, str]:
        """Subject and object."""
        return self.subject, self.object

    @property
    def variables(self) -> set[str]:
        """The ends that are variables."""
        return {end for end in self.ends if end.startswith("?")}


def patterns_of(row: Mapping[str, Any]) -> list[Pattern]:
    """Return the query edges of a row, in order."""
    return [Pattern(**edge) for edge in row["query"]["edges"]]


def objects_of(graph: Graph, pattern: Pattern, subject: str, reading: Reading) -> AbstractSet[str]:
    """Return what an object variable may stand for, given the subject; negation aside."""
    if pattern.predicate == HAS_PHENOTYPE:
        return graph.most_specific(subject, reading)
    return graph.links(pattern.predicate, reading).get(subject, NO_ONE)


def subjects_of(graph: Graph, pattern: Pattern, end: str, reading: Reading) -> AbstractSet[str]:
    """Return what a subject variable may stand for, given the object; negation aside."""
    constant = not pattern.object.startswith("?")
    if pattern.predicate == HAS_PHENOTYPE:
        return graph.with_finding(end, reading) if constant else graph.holders(end, reading)
    if pattern.predicate == IS_A and constant:
        return graph.descendants(end)
    return graph.links(pattern.predicate, reading, True).get(end, NO_ONE)


def holds(graph: Graph, pattern: Pattern, subject: str, end: str, reading: Reading) -> bool:
    """Say whether a query edge holds between two entities in one reading.

    A negated edge holds where no positive statement makes the plain one hold: loosely, a contested
    statement does not rule out; tightly, it does.
    """
    if pattern.negated:
        plain = Pattern(pattern.subject, pattern.predicate, pattern.object)
        other: Reading = "tight" if reading == "loose" else "loose"
        return not holds(graph, plain, subject, end, other)
    return subject in subjects_of(graph, pattern, end, reading)


def solutions(
    graph: Graph,
    patterns: Sequence[Pattern],
    wanted: Sequence[str],
    categories: Mapping[str, str],
    bound: Mapping[str, str],
    reading: Reading,
) -> Iterator[Binding]:
    """Yield every way to bind `wanted` so that all patterns hold, given what is bound.

    Variables of one category stand for different entities, bound ones included. Patterns that
    touch a variable neither wanted nor bound are left out by the caller.
    """
    missing = [name for name in wanted if name not in bound]
    if not missing:
        yield {name: bound[name] for name in wanted}
        return
    name, values = _narrowest(graph, patterns, missing, categories, bound, reading)
    for value in sorted(values):
        now = {**bound, name: value}
        if _fits(graph, patterns, categories, now, name, reading):
            yield from solutions(graph, patterns, wanted, categories, now, reading)


def _narrowest(
    graph: Graph,
    patterns: Sequence[Pattern],
    missing: Sequence[str],
    categories: Mapping[str, str],
    bound: Mapping[str, str],
    reading: Reading,
) -> tuple[str, AbstractSet[str]]:
    """Return the variable with the fewest possible values, and these."""
    pools = {
        name: _values(graph, patterns, name, categories[name], bound, reading) for name in missing
    }
    name = min(missing, key=lambda each: len(pools[each]))
    return name, pools[name]


def _values(
    graph: Graph,
    patterns: Sequence[Pattern],
    name: str,
    category: str,
    bound: Mapping[str, str],
    reading: Reading,
) -> AbstractSet[str]:
    """Return the entities that satisfy each plain pattern between `name` and something known."""
    values: AbstractSet[str] | None = None
    for pattern in patterns:
        if pattern.negated or name not in pattern.ends:
            continue
        subject, end = (bound.get(each, each) for each in pattern.ends)
        if subject == name and not end.startswith("?"):
            found = subjects_of(graph, pattern, end, reading)
        elif end == name and not subject.startswith("?"):
            found = objects_of(graph, pattern, subject, reading)
        else:
            continue
        values = found if values is None else values & found
    everything = graph.in_category.get(category, NO_ONE)
    return everything if values is None else values & everything


def _fits(
    graph: Graph,
    patterns: Sequence[Pattern],
    categories: Mapping[str, str],
    bound: Mapping[str, str],
    name: str,
    reading: Reading,
) -> bool:
    for other, value in bound.items():
        if other != name and categories[other] == categories[name] and value == bound[name]:
            return False
    for pattern in patterns:
        subject, end = (bound.get(each, each) for each in pattern.ends)
        known = not subject.startswith("?") and not end.startswith("?")
        if name in pattern.ends and known and not holds(graph, pattern, subject, end, reading):
            return False
    return True
