"""A report as one HTML page: plots inline, no script, nothing from a network, light and dark."""

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from kgsynth import __version__
from kgsynth.cli.audit_plots import bars, columns, grouped_bars
from kgsynth.progress import harmless
from kgsynth.resources import data_file

if TYPE_CHECKING:
    from kgsynth.datasets.report import Report

#: Of a long list so many are plotted; the rest is counted.
_MOST = 24


def make_page(run: Path, made: "Report", tables: Mapping[str, Mapping[str, int]]) -> str:
    """Return a report as a page.

    Args:
        run: The run's folder.
        made: The report.
        tables: What is counted, under its title.
    """
    page = Template(data_file("templates", "audit", "page.html").read_text(encoding="utf-8"))
    text = page.substitute(
        title=escape(f"Report on {run.name}"),
        head=_head(made),
        sections="\n".join(_sections(made, tables)),
        footer=escape(f"kgsynth {__version__}"),
    )
    return harmless(text)


def _head(made: "Report") -> str:
    telling = [guess.name for guess in made.guesses if guess.is_telling]
    verdict = ""
    if made.guesses:
        verdict = (
            f'<p class="verdict bad">The options tell: {escape(", ".join(telling))}</p>'
            if telling
            else '<p class="verdict good">Who sees only the options reaches chance</p>'
        )
    tiles = [(f"{made.rows:,}", "rows")]
    tiles += [(f"{count:,}", f"different {name}") for name, count in made.entities.items()]
    cells = "".join(
        f'<div class="tile"><b>{number}</b><span>{escape(what)}</span></div>'
        for number, what in tiles
    )
    return f'{verdict}<div class="tiles">{cells}</div>'


def _sections(made: "Report", tables: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    if made.guesses:
        rows = [
            (guess.name, [(guess.accuracy, _range(guess.accuracy, guess.low, guess.high)),
                          (guess.chance, f"{guess.chance:.0%}")])
            for guess in made.guesses
        ]  # fmt: skip
        key = '<p class="key"><i class="one"></i>guesser<i class="two"></i>chance</p>'
        yield _section("Who sees only the options", key + grouped_bars("guessers", rows))
    for title, counts in tables.items():
        if title == "difficulty":
            plot = columns("rows by difficulty", list(counts.items()), "0 easy, 1 hard")
            yield _section("Difficulty", plot)
        elif counts:
            yield _section(title.capitalize(), _counts(title, counts))


def _range(accuracy: float, low: float, high: float) -> str:
    return f"{accuracy:.0%} ({low:.0%}-{high:.0%})"


def _counts(title: str, counts: Mapping[str, int]) -> str:
    items = list(counts.items())
    plot = bars(title, [(name, count, f"{count:,}") for name, count in items[:_MOST]])
    left = items[_MOST:]
    more = f"<small>and {len(left)} more with {sum(n for _, n in left):,}</small>" if left else ""
    return plot + more


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"
