"""The last step of a run: accepted rows become the folder that people train from."""

import json
from collections.abc import Sequence
from pathlib import Path

from kgsynth.datasets.card import About, make_card, touched_sources
from kgsynth.datasets.counted import read_counted
from kgsynth.datasets.coverage import Coverage
from kgsynth.datasets.croissant import make_croissant
from kgsynth.datasets.files import SPLITS, Written, hash_of_digests, write_bytes, write_lines
from kgsynth.datasets.splits import Splits
from kgsynth.datasets.tally import Tally
from kgsynth.records import Row


def write_dataset(
    folder: Path,
    lines: Sequence[bytes],
    splits: Splits,
    about: About,
    tally: Tally | None = None,
    coverage: Coverage | None = None,
) -> Tally:
    """Write the splits, the card and the Croissant file of a dataset.

    Each file appears by rename; a split without rows has none. Rows keep their order within a
    split, and the bytes of a line stay as they are.

    Args:
        folder: ``outputs/<run>/dataset``.
        lines: One row each, as `files.dump_row` gives it, without a line feed.
        splits: The split of each line; see `splits.assign_splits`.
        about: What the card says beyond the rows.
        tally: What the rows come to; None counts them.
        coverage: What they cover of their graph, for the card; None leaves it out.

    Returns:
        The counts that the card shows.

    Raises:
        RunError: If a line is no row, or the folder cannot be written to.
    """
    if tally is None:
        tally = Tally()
        for number, line in enumerate(lines, start=1):
            tally.add(read_counted(line, f"row {number}"))
    files: dict[str, Written] = {}
    for split in SPLITS:
        chosen = [line for line, name in zip(lines, splits.names, strict=True) if name == split]
        file = folder / f"{split}.jsonl"
        if chosen:
            files[file.name] = write_lines(file, chosen)
        else:
            file.unlink(missing_ok=True)
    croissant = make_croissant(about, files, touched_sources(tally, about.sources), Row)
    text = json.dumps(croissant, indent=1, ensure_ascii=False) + "\n"
    write_bytes(folder / "croissant.json", [text.encode()])
    content = hash_of_digests((name, file.sha256) for name, file in files.items())
    card = make_card(tally, splits, about, content, coverage)
    write_bytes(folder / "README.md", [card.encode()])
    return tally
