"""An audit as one HTML page: plots inline, no script, nothing from a network, light and dark."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from string import Template
from typing import TYPE_CHECKING

from kgsynth import __version__
from kgsynth.cli.audit_plots import bars, columns, grouped_bars
from kgsynth.cli.graph_audit_views import limit_text
from kgsynth.graph.audit import Audit, Measure
from kgsynth.progress import harmless
from kgsynth.resources import data_file

if TYPE_CHECKING:  # kernels are loaded only where questions are counted
    from kgsynth.paths.capacity import Capacity

#: Of a long list so many are plotted; the rest is counted.
_MOST = 24


def make_page(found: Audit, counted: Sequence["Capacity"]) -> str:
    """Return an audit as a page.

    Args:
        found: The audit.
        counted: What the graph can be asked; empty where nobody counted.
    """
    page = Template(data_file("templates", "audit", "page.html").read_text(encoding="utf-8"))
    text = page.substitute(
        title=escape(f"Audit of {found.folder}"),
        head=_head(found, counted),
        sections="\n".join(_sections(found, counted)),
        footer=escape(f"kgsynth {__version__}, {found.today}, graph {found.fingerprint}"),
    )
    return harmless(text)


def _head(found: Audit, counted: Sequence["Capacity"]) -> str:
    shape, broken = found.shape, found.broken
    verdict = (
        f'<p class="verdict bad">{len(broken)} limit{"s" * (len(broken) > 1)} broken: '
        f"{escape(', '.join(measure.title for measure in broken))}</p>"
        if broken
        else '<p class="verdict good">All limits are kept</p>'
    )
    tiles = [
        (f"{shape.nodes:,}", "entities"),
        (f"{shape.edges:,}", "edges"),
        (f"{shape.evidence:,}", "evidences"),
        (f"{len(found.sources):,}", "sources"),
        (f"{shape.components:,}", f"pieces; the largest has {shape.largest:.1%}"),
    ]
    if counted:
        low = min(one.margin for one in counted)
        valid = sum(one.valid for one in counted if one.margin == low)
        tiles.append((f"{valid:,}", f"valid questions at margin {low}"))
    cells = "".join(
        f'<div class="tile"><b>{number}</b><span>{escape(what)}</span></div>'
        for number, what in tiles
    )
    return f'{verdict}<div class="tiles">{cells}</div>'


def _sections(found: Audit, counted: Sequence["Capacity"]) -> Iterator[str]:
    shape = found.shape
    yield _section("What was measured", _measures(found.measures), wide=True)
    if counted:
        yield _section("Valid questions by template", _questions(counted, "valid"))
        yield _section("Distinct answers that carry one", _questions(counted, "answers"))
    yield _section("Entities by category", _counts("entities by category", shape.categories))
    yield _section("Edges by predicate", _counts("edges by predicate", shape.predicates))
    spread = columns("entities by degree", list(shape.spread.items()), "edges of an entity")
    yield _section("How many edges entities have", spread)
    hubs = [(hub.name, hub.degree, f"{hub.degree:,}") for hub in shape.hubs]
    yield _section("Hubs", bars("best connected entities", hubs))
    yield _section("Edges of an entity, by category", _degrees(found))
    aged = [
        (one.name, one.age_days or 0, "no date" if one.age_days is None else f"{one.age_days:,}")
        for one in found.sources
    ]
    yield _section("Age of the sources, in days", bars("age of the sources", aged))
    yield _section("Sources and their terms", _sources(found), wide=True)


def _section(title: str, body: str, *, wide: bool = False) -> str:
    mark = ' class="wide"' if wide else ""
    return f"<section{mark}><h2>{escape(title)}</h2>{body}</section>"


def _counts(title: str, counts: Mapping[str, int]) -> str:
    items = list(counts.items())
    plot = bars(title, [(name, count, f"{count:,}") for name, count in items[:_MOST]])
    left = items[_MOST:]
    more = f"<small>and {len(left)} more with {sum(n for _, n in left):,}</small>" if left else ""
    return plot + more


def _questions(counted: Sequence["Capacity"], what: str) -> str:
    margins = sorted({one.margin for one in counted})[:2]
    names = sorted({(one.hops, one.template) for one in counted})
    of = {(one.template, one.margin): int(getattr(one, what)) for one in counted}
    rows = [
        (f"{name}, {hops} hops", [(of[name, m], f"{of[name, m]:,}") for m in margins])
        for hops, name in names
    ]
    keys = "".join(
        f'<i class="{style}"></i>margin {margin}'
        for style, margin in zip(("one", "two"), margins, strict=False)
    )
    return f'<p class="key">{keys}</p>{grouped_bars(f"{what} by template", rows)}'


def _measures(measures: Sequence[Measure]) -> str:
    rows = []
    for one in measures:
        mark = "" if one.limit is None else '<span class="good">kept</span>'
        if one.broken:
            mark = '<span class="bad">broken</span>'
        examples = f"<small>{escape('; '.join(one.examples[:3]))}</small>" if one.examples else ""
        rows.append((escape(one.title) + examples, f"{one.found:,}", limit_text(one), mark))
    return _table((("what", False), ("found", True), ("limit", True), ("", False)), rows)


def _degrees(found: Audit) -> str:
    rows = [
        (escape(one.category), *(f"{n:,}" for n in (one.median, one.p90, one.most, one.single)))
        for one in found.shape.degrees
    ]
    header = (("category", False), ("median", True), ("9 of 10", True), ("most", True),
              ("none", True))  # fmt: skip
    return _table(header, rows)


def _sources(found: Audit) -> str:
    rows = []
    for one in found.sources:
        terms = escape(one.license or "none stated")
        if one.license_url.startswith("https://"):
            terms = f'<a href="{escape(one.license_url)}">{terms}</a>'
        rows.append((escape(one.name), escape(one.title), escape(one.version), terms))
    header = (("name", False), ("title", False), ("version", False), ("license", False))
    return _table(header, rows)


def _table(header: Sequence[tuple[str, bool]], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already; True marks a column of numbers."""
    marks = [' class="number"' if is_number else "" for _, is_number in header]
    head = "".join(
        f"<th{mark}>{escape(name)}</th>" for (name, _), mark in zip(header, marks, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{mark}>{cell}</td>" for cell, mark in zip(row, marks, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'
