"""Plots as SVG files: the only place that knows matplotlib, which is an extra."""

from pathlib import Path
from typing import Any

from kgsynth.errors import UsageError

#: One hue for one series; it reads on white and on the dark grey of a page.
COLOR = "#2a78b8"
_INK = "#444444"


def save_bars(file: Path, title: str, label: str, counts: list[int]) -> None:
    """Write a histogram of numbers in [0, 1].

    Args:
        file: The SVG file.
        title: Its title.
        label: What the horizontal axis shows.
        counts: One count for each of equal parts of [0, 1].

    Raises:
        UsageError: If matplotlib is not installed, or the file cannot be written.
    """
    figure = _figure()
    axes = figure.add_subplot()
    width = 1 / len(counts)
    axes.bar([at * width for at in range(len(counts))], counts, width * 0.92, align="edge",
             color=COLOR)  # fmt: skip
    axes.set(title=title, xlabel=label, ylabel="entities", xlim=(0, 1))
    axes.spines[["top", "right"]].set_visible(False)
    axes.yaxis.grid(visible=True, alpha=0.25)
    axes.set_axisbelow(True)
    try:
        # Without a date, so that the same graph gives the same file.
        figure.savefig(file, format="svg", metadata={"Date": None})
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}") from None


def _figure() -> Any:
    """Return an empty figure that no window shows."""
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(
            "plots need matplotlib, which is an extra; install it with "
            "`pip install 'kgsynth[plots]'`"
        ) from None
    mpl.rcParams["svg.hashsalt"] = "kgsynth"
    mpl.rcParams["font.size"] = 10
    mpl.rcParams["text.color"] = mpl.rcParams["axes.labelcolor"] = _INK
    return Figure(figsize=(7, 3.6), layout="constrained")
