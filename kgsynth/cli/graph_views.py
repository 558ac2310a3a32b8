"""How a graph, an entity and search results look in a terminal."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from kgsynth.cli.rows import evidence_text, frequency_text, print_trimmed, terminal
from kgsynth.graph.neighbourhood import Description, Group
from kgsynth.graph.search import Match
from kgsynth.graph.twins import MERGED, REASONS

#: More synonyms than these are counted, not listed.
SYNONYMS = 12

#: What is counted of the records of a source.
_TALLIED = ("read", "loaded", "merged", "rejected")

#: Columns of numbers.
NUMBERS = frozenset(_TALLIED) | frozenset(
    {
        "count",
        "denials",
        "statements",
        "score",
        "found",
        "limit",
        "share",
        "median",
        "9 of 10",
        "most",
        "none",
        "edges",
        "hops",
    }
)


def print_info(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Print what a graph's manifest says."""
    console, counts = terminal(), manifest["counts"]
    head = _fields(
        ("graph", str(folder)),
        ("fingerprint", manifest["fingerprint"]),
        ("made by", f"kgsynth {manifest['kgsynth']}"),
        ("entities", f"{counts['nodes']:,}, of which {counts['unfit']:,} are unfit as answers"),
        ("statements", f"{counts['edges']:,} with {counts['evidence']:,} evidences"),
    )
    print_trimmed(console, head)
    denials = counts["denials_by_predicate"]
    predicates = [
        (name, f"{count:,}", f"{denials[name]:,}" if name in denials else "")
        for name, count in _by_count(counts["by_predicate"])
    ]
    categories = [(name, f"{count:,}") for name, count in _by_count(counts["by_category"])]
    print_trimmed(console, make_table("Entities", ("category", "count"), categories))
    print_trimmed(console, make_table("Statements", ("predicate", "count", "denials"), predicates))
    hubs = [(hub["name"], hub["id"], f"{hub['degree']:,}") for hub in counts.get("hubs", ())]
    print_trimmed(console, make_table("Best connected", ("entity", "id", "statements"), hubs))
    _print_sources(console, manifest)


def _print_sources(console: Console, manifest: Mapping[str, Any]) -> None:
    """Print each source with what was read of it, and under which terms they stand."""
    rows: list[tuple[str, ...]] = []
    terms: dict[tuple[str, str], list[str]] = {}
    for one in manifest["sources"]:
        tallies = manifest["counts"]["sources"].get(one["name"], ())
        numbers = [sum(tally[name] for tally in tallies) for name in _TALLIED]
        license_ = one["license"] or "none stated"
        rows.append(
            (one["name"], one["version"], license_, *(f"{n:,}" if n else "" for n in numbers))
        )
        terms.setdefault((license_, one.get("license_url", "")), []).append(one["name"])
    header = ("name", "version", "license", *_TALLIED)
    print_trimmed(console, make_table("Sources", header, rows))
    licenses = [(name, ", ".join(names), url) for (name, url), names in terms.items()]
    print_trimmed(console, make_table("Terms", ("license", "sources", "where"), licenses))


def print_entity(found: Description) -> None:
    """Print an entity: its names and ids, then its statements by predicate."""
    console, node = terminal(), found.node
    print_trimmed(console, Text.assemble((node.name, "bold"), f"  {node.id}  {node.category}"))
    rarity = "" if node.rarity_score is None else f"{node.rarity_score:.2f} (1 is rarest)"
    content = "" if node.information_content is None else f"{node.information_content:.1f} bits"
    fields = _fields(
        ("also called", _shortened(node.synonyms)),
        ("lay terms", _shortened(found.lay)),
        ("translations", ", ".join(f"{name} ({tongue})" for tongue, name in found.translations)),
        ("same as", ", ".join(node.equivalent_ids) if not found.merges else ""),
        ("older ids", ", ".join(found.alt_ids)),
        ("definition", found.definition),
        ("described by", ", ".join(found.sources)),
        ("rarity", rarity),
        ("information", content),
        ("unfit as answer", ", ".join(found.unfit)),
    )
    print_trimmed(console, fields)
    for title, rows in merge_rows(found):
        print_trimmed(console, make_table(title, ("id", "", "said by"), rows, header=False))
    for group in found.groups:
        left = group.total - len(group.statements)
        more = f"and {left:,} more; `-n {group.total}` shows all" if left else ""
        print_trimmed(console, _statements(group), *([Text(more, style="dim")] if more else []))
    if not found.groups:
        print_trimmed(console, Text("nothing is recorded of it", style="dim"))


def merge_rows(found: Description) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Return what other ids were merged into an entity and which were not, with who says so."""
    own = {found.node.id, *found.node.equivalent_ids}
    tables: dict[str, dict[tuple[str, str], list[str]]] = {"Same as": {}, "Not merged": {}}
    joined = {
        end for one in found.merges if one.decision == MERGED for end in (one.subject, one.object)
    }
    for one in found.merges:
        if one.decision != MERGED and {one.subject, one.object} <= joined:
            continue  # a second word, weaker, on two ids that are one
        other = one.object if one.subject in own else one.subject
        merged = one.decision == MERGED
        if merged and one.object == found.node.id:
            other = one.subject
        what = "" if merged else REASONS.get(one.reason, one.reason) or f"{one.predicate} match"
        said = f"{one.source} {one.version}".strip()
        place = ", ".join(part for part in (one.justification, one.place) if part)
        who = tables["Same as" if merged else "Not merged"].setdefault((other, what), [])
        who.append(f"{said} ({place})" if place else said)
    return [
        (
            title,
            [(other, what, "; ".join(dict.fromkeys(who))) for (other, what), who in rows.items()],
        )
        for title, rows in tables.items()
        if rows
    ]


def print_matches(matches: Sequence[Match]) -> None:
    """Print search results: id, category, name, and the spelling that fitted."""
    rows = [
        (
            match.id,
            match.category,
            match.name if match.matched == match.name else f"{match.name} ({match.matched})",
        )
        for match in matches
    ]
    print_trimmed(terminal(), make_table("", ("id", "category", "name"), rows))


def _statements(group: Group) -> Table:
    """Return one predicate's statements with frequency and evidence."""
    denied = "NOT " if group.negated else ""
    title = f"{denied}{group.predicate.replace('_', ' ')} ({group.total:,})"
    rows = [
        (
            _marked(statement.name, statement.edge.contested, statement.edge.redundant),
            frequency_text(statement.edge.frequency),
            evidence_text(statement.edge.evidence),
        )
        for statement in group.statements
    ]
    table = make_table(title, ("", "", ""), rows, header=False)
    table.columns[0].ratio, table.columns[2].ratio = 3, 4
    table.columns[1].min_width = 8
    table.expand = True
    return table


def _marked(name: str, contested: bool, redundant: bool) -> str:
    marks = [word for word, is_so in (("contested", contested), ("redundant", redundant)) if is_so]
    return f"{name} [{', '.join(marks)}]" if marks else name


def make_table(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *, header: bool = True
) -> Table:
    """Return a table without lines; columns named as numbers are aligned to the right."""
    table = Table(
        title=title or None,
        title_justify="left",
        title_style="bold cyan",
        header_style="dim",
        box=None,
        pad_edge=False,
        show_header=header,
    )
    for name in head:
        number = name in NUMBERS or "margin" in name
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _fields(*pairs: tuple[str, str]) -> Table:
    """Return named values one below the other; those without a value are left out."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(overflow="fold")
    for name, value in pairs:
        if value:
            table.add_row(Text(name, style="dim"), Text(value))
    return table


def _shortened(names: Sequence[str]) -> str:
    more = f" and {len(names) - SYNONYMS} more" if len(names) > SYNONYMS else ""
    return "; ".join(names[:SYNONYMS]) + more


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
