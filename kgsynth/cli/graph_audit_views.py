"""How an audit looks in a terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from kgsynth.cli.graph_views import make_table
from kgsynth.cli.rows import print_trimmed, terminal
from kgsynth.graph.audit import Audit, Measure

if TYPE_CHECKING:  # kernels are loaded only where questions are counted
    from kgsynth.paths.capacity import Capacity


def print_audit(found: Audit, counted: Sequence["Capacity"]) -> None:
    """Print an audit: contents, shape, sources, questions, and last what is wrong."""
    console, shape = terminal(), found.shape
    head = (
        f"{found.folder}: {shape.nodes:,} entities, {shape.edges:,} edges, {shape.evidence:,} "
        f"evidences, {shape.components:,} pieces, the largest with {shape.largest:.1%}"
    )
    print_trimmed(console, Text(head, style="bold"))
    degrees = [
        (one.category, f"{one.count:,}", f"{one.median:,}", f"{one.p90:,}", f"{one.most:,}",
         f"{one.single:,}")
        for one in shape.degrees
    ]  # fmt: skip
    title = "Entities, and how many edges they have"
    print_trimmed(
        console,
        make_table(title, ("category", "count", "median", "9 of 10", "most", "none"), degrees),
    )
    predicates = _counts(shape.predicates)
    print_trimmed(console, make_table("Edges", ("predicate", "count"), predicates))
    hubs = [(hub.name, hub.id, hub.category, f"{hub.degree:,}") for hub in shape.hubs[:10]]
    print_trimmed(console, make_table("Hubs", ("entity", "id", "category", "edges"), hubs))
    sources = [
        (one.name, one.version, one.license or "none stated", _age(one.age_days))
        for one in found.sources
    ]
    print_trimmed(console, make_table("Sources", ("name", "version", "license", "age"), sources))
    if counted:
        print_trimmed(console, make_table(*capacity_table(counted)))
    rows = [(one.title, f"{one.found:,}", limit_text(one), _mark(one)) for one in found.measures]
    print_trimmed(console, make_table("Measures", ("what", "found", "limit", ""), rows))


def capacity_table(
    counted: Sequence["Capacity"],
) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """Return title, header and rows of the table of questions."""
    margins = sorted({one.margin for one in counted})
    by_template: dict[tuple[int, str], dict[int, Capacity]] = {}
    for one in counted:
        by_template.setdefault((one.hops, one.template), {})[one.margin] = one
    header = ("template", "hops", *(f"{what}, margin {margin}" for margin in margins
                                    for what in ("questions", "answers")))  # fmt: skip
    rows = [
        (template, str(hops), *(f"{value:,}" for margin in margins
                                for value in (own[margin].valid, own[margin].answers)))
        for (hops, template), own in sorted(by_template.items())
    ]  # fmt: skip
    return "Valid questions, and distinct answers that carry one", header, rows


def limit_text(measure: Measure) -> str:
    """Return a measure's limit in words."""
    return "any" if measure.limit is None else f"{measure.limit:,.0f}"


def _mark(measure: Measure) -> str:
    return "" if measure.limit is None else "BROKEN" if measure.broken else "ok"


def _age(days: int | None) -> str:
    return "no date" if days is None else f"{days:,} days"


def _counts(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{count:,}") for name, count in counts.items()]
