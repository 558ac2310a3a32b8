"""What the scripts that make the bundled tables share: reading packed text, writing tables."""

import gzip
import lzma
from collections.abc import Iterable, Iterator
from pathlib import Path


def lines_of(file: Path) -> Iterator[str]:
    """Yield the lines of a gzip, xz or plain text file, without their line ends."""
    opener = {".gz": gzip.open, ".xz": lzma.open}.get(file.suffix, open)
    with opener(file, "rt", encoding="utf-8", newline="\n") as lines:  # type: ignore[operator]
        for line in lines:
            yield line.rstrip("\r\n")


def annotated_diseases(data: Path) -> set[str]:
    """Return every disease id in HPO's annotations or gene links, such as ``OMIM:154700``."""
    found = set()
    for line in lines_of(data / "hpo" / "phenotype.hpoa.xz"):
        if not line.startswith(("#", "database_id")):
            found.add(line.partition("\t")[0])
    for line in lines_of(data / "hpo" / "genes_to_phenotype.txt.xz"):
        disease = line.split("\t")[5]
        if disease != "disease_id":
            found.add(disease)
    return found


def write_table(file: Path, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Write rows as gzip-packed TSV: the same rows give the same bytes.

    Raises:
        ValueError: If a cell holds a tab or a line end.
    """
    lines = ["\t".join(header)]
    for row in rows:
        if any("\t" in cell or "\n" in cell for cell in row):
            raise ValueError(f"{file}: a cell with a tab or line end in {row!r}")
        lines.append("\t".join(row))
    text = "\n".join(lines) + "\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
