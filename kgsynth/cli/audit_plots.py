"""Bars as inline SVG: small enough to make by hand, and they follow a page's light or dark colors.

Every bar carries its number, so that nothing has to be read off an axis.
"""

from collections.abc import Sequence
from html import escape

#: Measures of a drawing, in its own units.
_WIDTH, _LABEL, _NUMBER, _ROW, _BAR = 540, 204, 74, 22, 15
_COLUMN_HEIGHT, _LETTER = 150, 6.2


def bars(title: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Return lying bars: label, length and the text at its end.

    Args:
        title: For those who do not see the plot.
        rows: From top to bottom.
    """
    return grouped_bars(title, [(label, [(length, text)]) for label, length, text in rows])


def grouped_bars(title: str, rows: Sequence[tuple[str, Sequence[tuple[float, str]]]]) -> str:
    """Return groups of up to two lying bars, first and second in the page's two colors."""
    most = max((length for _, group in rows for length, _ in group), default=0) or 1
    room = _WIDTH - _LABEL - _NUMBER
    parts, top = [], 0.0
    for label, group in rows:
        height = _ROW * len(group) if len(group) == 1 else _BAR * len(group) + 12
        middle = top + height / 2
        parts.append(
            f'<text x="{_LABEL - 8}" y="{middle + 4:.1f}" text-anchor="end">'
            f"{escape(_short(label, _LABEL - 12))}<title>{escape(label)}</title></text>"
        )
        first = middle - _BAR * len(group) / 2
        for at, (length, text) in enumerate(group):
            parts.append(_bar(first + at * _BAR, room * length / most, text, ("one", "two")[at]))
        top += height
    return _svg(title, top, parts)


def columns(title: str, rows: Sequence[tuple[str, int]], label: str) -> str:
    """Return standing bars with their numbers above and what they stand for below.

    Args:
        title: For those who do not see the plot.
        rows: From left to right.
        label: What the values below are.
    """
    most = max((count for _, count in rows), default=0) or 1
    step = _WIDTH / max(1, len(rows))
    parts = []
    for at, (name, count) in enumerate(rows):
        height = _COLUMN_HEIGHT * count / most
        middle, top = (at + 0.5) * step, 18 + _COLUMN_HEIGHT - height
        parts.append(
            f'<rect class="one" x="{middle - step * 0.42:.1f}" y="{top:.1f}" '
            f'width="{step * 0.84:.1f}" height="{height:.1f}" rx="1.5"/>'
            f'<text x="{middle:.1f}" y="{top - 4:.1f}" text-anchor="middle" '
            f'style="font-size:10px">{_thousands(count)}</text>'
            f'<text class="soft" transform="translate({middle + 3:.1f} {_COLUMN_HEIGHT + 28}) '
            f'rotate(-40)" text-anchor="end" style="font-size:10px">{escape(name)}</text>'
        )
    foot = _COLUMN_HEIGHT + 92
    parts.append(f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_COLUMN_HEIGHT + 18}" '
                 f'y2="{_COLUMN_HEIGHT + 18}"/>')  # fmt: skip
    parts.append(f'<text class="soft" x="{_WIDTH / 2}" y="{foot}" text-anchor="middle">'
                 f"{escape(label)}</text>")  # fmt: skip
    return _svg(title, foot + 6, parts)


def _bar(top: float, length: float, text: str, style: str) -> str:
    width = max(length, 1.0)
    return (
        f'<rect class="{style}" x="{_LABEL}" y="{top + 1:.1f}" width="{width:.1f}" '
        f'height="{_BAR - 2}" rx="1.5"/>'
        f'<text x="{_LABEL + width + 6:.1f}" y="{top + _BAR - 4:.1f}" '
        f'style="font-size:11px">{escape(text)}</text>'
    )


def _svg(title: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _short(text: str, room: float) -> str:
    letters = int(room / _LETTER)
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _thousands(count: int) -> str:
    """Return a number short enough to stand above a column.

    Example:
        >>> _thousands(950), _thousands(12_345), _thousands(2_500_000)
        ('950', '12k', '2.5M')
    """
    if count < 10_000:
        return f"{count:,}"
    return f"{count / 1000:.0f}k" if count < 1_000_000 else f"{count / 1_000_000:.1f}M"
