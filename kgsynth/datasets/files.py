"""A dataset on disk: one JSON object a line, one file a split.

    outputs/chain-hops4-seed0/
      dataset/train.jsonl  validation.jsonl  test.jsonl  README.md  croissant.json

Files appear by rename, so a file that exists is complete. Whoever names a run may name its
folder, its ``dataset`` folder or one file.
"""

import contextlib
import functools
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter, ValidationError

from kgsynth.errors import RunError, UsageError
from kgsynth.records import Row

#: The splits, in the order in which they are written and read.
SPLITS: tuple[str, ...] = ("train", "validation", "test")

#: The folder of a run that holds its splits.
FOLDER = "dataset"


@functools.cache
def row_adapter() -> TypeAdapter[Row]:
    """Return what validates and writes rows. Built on first use, because it costs 50 ms."""
    return TypeAdapter(Row)


def dump_row(row: Row) -> bytes:
    """Return a row as one line of JSON in UTF-8, without the line feed."""
    return row_adapter().dump_json(row)


def parse_row(line: bytes, place: str = "row") -> Row:
    """Return the row that a line of JSON holds.

    Args:
        line: One JSON object.
        place: Where the line stands, for the message: ``train.jsonl:17``.

    Raises:
        RunError: If it is no JSON, lacks a field, has an unknown one or one of another type.
    """
    try:
        return row_adapter().validate_json(line)
    except ValidationError as error:
        raise RunError(f"{place}: {explain(error)}; see `kgsynth schema row`") from error


def explain(error: ValidationError) -> str:
    """Return in one line what is wrong with a row, the first three complaints at most."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    complaints = []
    for item in found[:3]:
        where = ".".join(str(part) for part in item["loc"])
        complaints.append(f"{where}: {item['msg'].lower()}" if where else item["msg"].lower())
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    return "expected a row of kgsynth, found " + "; ".join(complaints) + more


def write_bytes(file: Path, parts: Iterable[bytes]) -> int:
    """Write a file whole or not at all, and return how many parts went into it.

    The content goes to a neighbour with a temporary name, is flushed to the disk and renamed.

    Args:
        file: Where it shall stand; its folder is made if it does not exist.
        parts: The content, in order.

    Raises:
        RunError: If the folder cannot be written to or the disk is full.
    """
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    count = 0
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as handle:
            for part in parts:
                handle.write(part)
                count += 1
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(file)
    except OSError as error:
        raise RunError(f"cannot write {file}: {error.strerror or error}") from error
    finally:
        # On success it is already renamed; what cannot be removed was never made.
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return count


class Written(NamedTuple):
    """A file that was written: its size in bytes and its SHA-256 in hex digits."""

    size: int
    sha256: str


def write_lines(file: Path, lines: Iterable[bytes]) -> Written:
    """Write lines with line feeds, whole or not at all; see `write_bytes`."""
    digest, size = hashlib.sha256(), 0

    def parts() -> Iterator[bytes]:
        nonlocal size
        for line in lines:
            part = line + b"\n"
            digest.update(part)
            size += len(part)
            yield part

    write_bytes(file, parts())
    return Written(size, digest.hexdigest())


def content_hash(files: Iterable[Path]) -> str:
    """Return the SHA-256 of some files' names and bytes, in the order given: ``sha256:…``."""

    def digests() -> Iterator[tuple[str, str]]:
        for file in files:
            with file.open("rb") as handle:
                yield file.name, hashlib.file_digest(handle, "sha256").hexdigest()

    return hash_of_digests(digests())


def hash_of_digests(digests: Iterable[tuple[str, str]]) -> str:
    """Return what `content_hash` does, given the names and the digests of the files."""
    lines = "".join([f"{name} {inner}\n" for name, inner in digests])
    return f"sha256:{hashlib.sha256(lines.encode()).hexdigest()}"


def write_rows(file: Path, rows: Iterable[Row]) -> int:
    """Write rows as JSON Lines, atomically, and return how many there were."""
    return write_bytes(file, (dump_row(row) + b"\n" for row in rows))


def read_rows(file: Path) -> Iterator[Row]:
    """Yield the rows of a JSON Lines file, in order.

    Raises:
        RunError: If the file cannot be read or a line is no row; the message names the line.
    """
    try:
        with file.open("rb") as handle:
            for number, line in enumerate(handle, start=1):
                if line.strip():
                    yield parse_row(line, f"{file}:{number}")
    except OSError as error:
        raise RunError(f"cannot read {file}: {error.strerror or error}") from error


def split_files(run: Path) -> dict[str, Path]:
    """Return the files of a run by split, in the order of `SPLITS`.

    Args:
        run: A run folder, its dataset folder, or one JSON Lines file (then the only split, under
            the file's own name).

    Raises:
        RunError: If there is no dataset; the message names runs that stand nearby.
    """
    if run.is_file():
        return {run.stem: run}
    for folder in (run / FOLDER, run):
        found = {split: folder / f"{split}.jsonl" for split in SPLITS}
        found = {split: file for split, file in found.items() if file.is_file()}
        if found:
            return found
    raise RunError(f"no dataset in {str(run)!r}: {_what_is_there(run)}")


def _what_is_there(run: Path) -> str:
    """Say why a folder is no finished run, and which runs stand beside it."""
    if (run / "run.json").is_file():
        return "the run is not finished; repeat its `kgsynth generate` command to continue it"
    beside = sorted(file.parent.parent for file in run.parent.glob(f"*/{FOLDER}/train.jsonl"))
    known = f"; runs there: {', '.join(str(folder) for folder in beside[:5])}" if beside else ""
    return (
        f"expected a folder with {FOLDER}/train.jsonl, made by `kgsynth generate`, "
        f"or a .jsonl file{known}"
    )


def iter_rows(run: Path, split: str | None = None) -> Iterator[Row]:
    """Yield the rows of a run, split after split.

    Args:
        run: As in `split_files`.
        split: Only this split; None for all.

    Raises:
        RunError: If there is no dataset, or a line of it is no row.
        UsageError: If the run has no such split.
    """
    files = split_files(run)
    if split is not None and split not in files:
        raise UsageError(f"no split {split!r} in {str(run)!r}; it has {', '.join(files)}")
    for name, file in files.items():
        if split in (None, name):
            yield from read_rows(file)
