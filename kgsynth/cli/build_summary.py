"""What ``kgsynth build-graph`` prints at its end."""

from typing import Any

from rich.table import Table

from kgsynth.cli.rows import SafeConsole


def print_summary(summary: dict[str, Any]) -> None:
    """Print the counts of a graph as tables on standard output."""
    # Without markup: a name, a version or a folder may hold a bracket.
    console = SafeConsole(highlight=False, emoji=False, markup=False)
    console.print(_sources(summary))
    console.print(_content(summary))
    console.print(_judgements(summary))
    console.print(_hubs(summary["hubs"]))
    rejected = sum(summary["rejected"].values())
    console.print(f"graph      {summary['out']} ({summary['fingerprint'][:19]})", soft_wrap=True)
    console.print(
        f"rejected   {rejected:,} records, see {summary['out']}/rejected.jsonl", soft_wrap=True
    )
    for one in summary["unverified"]:
        console.print(f"unverified {one['advice']}", soft_wrap=True)
    for one in summary["left_out"]:
        console.print(
            f"left out   {one['source']}: {one['missing']} not found; {one['advice']}",
            soft_wrap=True,
        )
    console.print("next       kgsynth generate --hops 4")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number and name[0].islower() else "left")
    return table


def _sources(summary: dict[str, Any]) -> Table:
    table = _table(
        "Sources", "Source", "Version", "Records", "read", "loaded", "merged", "rejected"
    )
    for name, tallies in summary["sources"].items():
        for number, tally in enumerate(tallies):
            first = (name, summary["versions"][name]) if not number else ("", "")
            counts = (f"{tally[key]:,}" for key in ("read", "loaded", "merged", "rejected"))
            table.add_row(*first, tally["unit"], *counts)
    tally = summary["statements"]
    counts = (f"{tally[key]:,}" for key in ("read", "edges", "merged", "rejected"))
    table.add_row("graph", "", "statements", *counts)
    return table


def _content(summary: dict[str, Any]) -> Table:
    table = _table("Graph", "Category", "nodes", "  Predicate", "edges", "denials")
    left = sorted(summary["by_category"].items(), key=lambda item: -item[1])
    right = sorted(summary["by_predicate"].items(), key=lambda item: -item[1])
    denials = summary["denials_by_predicate"]
    left.append(("all", summary["nodes"]))
    right.append(("all", sum(summary["by_predicate"].values())))
    denials = {**denials, "all": sum(denials.values())}
    for number in range(max(len(left), len(right))):
        category = left[number] if number < len(left) else ("", None)
        predicate = right[number] if number < len(right) else ("", None)
        denied = denials.get(predicate[0])
        table.add_row(
            category[0],
            _number(category[1]),
            f"  {predicate[0]}",
            _number(predicate[1]),
            _number(denied),
        )
    return table


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _judgements(summary: dict[str, Any]) -> Table:
    table = _table("Judgements", "What", "count", "  Rejected", "records")
    merged = ", ".join(f"{pair} {count:,}" for pair, count in summary["merges"].items())
    left = [
        (f"twins merged ({merged})", sum(summary["merges"].values())),
        ("merges refused", summary["merges_refused"]),
        ("annotated diseases", summary["annotated_diseases"]),
        ("contested pairs, exact", summary["contested_pairs_exact"]),
        ("contested pairs, by closure", summary["contested_pairs_by_closure"]),
        (f"redundant findings ({summary['redundant_share']:.1%})", summary["redundant_edges"]),
        ("weak denials (0/1, 0/2)", summary["weak_denials"]),
        ("unfit as an answer", summary["unfit"]),
    ]
    right = sorted(summary["rejected"].items(), key=lambda item: -item[1])
    for number in range(max(len(left), len(right))):
        what = left[number] if number < len(left) else ("", None)
        code = right[number] if number < len(right) else ("", None)
        table.add_row(what[0], _number(what[1]), f"  {code[0]}", _number(code[1]))
    return table


def _hubs(hubs: list[dict[str, Any]]) -> Table:
    table = _table("Best connected", "Id", "Name", "edges")
    for hub in hubs:
        table.add_row(hub["id"], hub["name"], f"{hub['degree']:,}")
    return table
