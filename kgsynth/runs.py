"""The run folder: what a run was asked for, what it has done, and how it goes on after a stop.

    outputs/chain-hops4-seed0/
      run.json         settings, fingerprint, versions, counts in/out/rejected by stage, timings
      journal.tsv      while the run lasts: one line for every question that is finished
      rejected.jsonl   every rejection of every stage
      dataset/         train, validation and test, with a card

The journal is only ever appended to, a line at a time, so a run that is killed loses at most the
line it was writing; everything else is made from it at the end and appears by rename.
"""

import hashlib
import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kgsynth import __version__
from kgsynth.errors import RunError


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What decides the content of a run; throughput settings are not part of it.

    Attributes:
        kind: The kind of question.
        form: How the questions are to be answered: ``open``, ``choice``, ``yes_no``.
        hops: Edges of the spine; 1 for kinds of one step.
        n: Accepted rows asked for, over all splits.
        seed: The seed.
        graph: The fingerprint of the graph.
        engine: ``template``, or the engine whose model writes.
        model: The model's name or folder; "" for templates.
        margin: Clues that every rival fails where a step ends at a disease.
        min_rarity: Least rarity score of the rarest entity on a spine.
        sampling: How the model draws tokens; "" for templates.
        max_retries: Attempts at a wording after the first.
        fallback: ``template`` or ``reject``: what becomes of a wording that no retry mends.
        options: How many options a question of form ``choice`` has.
        not_recorded: Whether an option may be wrong because a well-kept record is silent.
        template: Spine templates of one's own, as TOML; "" for those that travel with kgsynth.
        mix: The kinds of a run of several, as `parts.parse_mix` reads them; "" for one kind.
            With a mix `kind` and `form` are ``mix``, `hops` is 0, and a `margin` of 0 is each
            kind's own.
        rare_only: Whether an entity that a source calls rare has to be on every question's path.
        quota: What at least so many rows have, as `quotas.parse_quota` reads it.
        miner: Which miner of chains: ``spread``, ``longest``.
        difficulty: Between which scores questions lie, as `difficulty_range.parse_range` reads it;
            "" for all.
        max_overlap: Largest share of facts that two questions have in common.
        max_alike: Largest share of words that two stems have in common.
        max_share: Largest share of a run that is about one answer or one first disease.
        register: Who speaks in the questions: one of `questions.registers.REGISTERS`, ``mixed``.
    """

    kind: str
    form: str
    hops: int
    n: int
    seed: int
    graph: str
    engine: str = "template"
    model: str = ""
    margin: int = 2
    min_rarity: float = 0.5
    sampling: str = ""
    max_retries: int = 2
    fallback: str = "template"
    options: int = 4
    not_recorded: bool = True
    template: str = ""
    mix: str = ""
    rare_only: bool = False
    quota: tuple[str, ...] = ()
    miner: str = "spread"
    register: str = "clinician"
    difficulty: str = ""
    max_overlap: float = 0.7
    max_alike: float = 0.85
    max_share: float = 0.01

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the settings and the version of kgsynth."""
        text = json.dumps([asdict(self), __version__], sort_keys=True)
        return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


class Entry(NamedTuple):
    """One finished question in the journal.

    Attributes:
        seq: Its place in mining order, from 0.
        part: The part of the run that it is for, from 0; see `parts`.
        kind: ``row`` for an accepted row, ``rejected`` for a rejection.
        keys: What decides its split: see `datasets.splits.keys`.
        body: The record as one line of JSON.
    """

    seq: int
    part: int
    kind: str
    keys: str
    body: bytes

    def line(self) -> bytes:
        """Return the journal's line."""
        place = b"%d\t%d" % (self.seq, self.part)
        return b"\t".join((place, self.kind.encode(), self.keys.encode(), self.body, b"\n"))

    @classmethod
    def parse(cls, line: bytes) -> "Entry":
        """Read a line of the journal."""
        seq, part, kind, keys, body, _ = line.split(b"\t", 5)
        return cls(int(seq), int(part), kind.decode(), keys.decode(), body)


class RunFolder:
    """A run on disk. Make one with `open_run`."""

    def __init__(self, folder: Path, settings: RunSettings, record: dict[str, Any]) -> None:
        self.folder = folder
        self.settings = settings
        self.record = record

    @property
    def journal(self) -> Path:
        """The journal's file."""
        return self.folder / "journal.tsv"

    @property
    def is_done(self) -> bool:
        """Whether the run was finished before."""
        return bool(self.record.get("state") == "done")

    def entries(self) -> Iterator[Entry]:
        """Yield what the journal holds; a torn last line is cut off first."""
        if not self.journal.exists():
            return
        _cut_torn_line(self.journal)
        with self.journal.open("rb") as handle:
            for line in handle:
                yield Entry.parse(line)

    def write_record(self, **changes: object) -> None:
        """Write ``run.json`` with some fields changed."""
        self.record = {**self.record, **changes}
        write_text(self.folder / "run.json", json.dumps(self.record, indent=1) + "\n")


def open_run(folder: Path, settings: RunSettings) -> RunFolder:
    """Open a run folder: a new one, or the same run to go on with.

    Raises:
        RunError: If the folder holds another run (the message tells the differences), or something
            that is no run.
    """
    file = folder / "run.json"
    if file.exists():
        record = read_record(folder)
        _refuse_other_run(folder, record, settings)
        return RunFolder(folder, settings, record)
    if folder.is_file():
        raise RunError(f"{folder}: is a file; expected a folder for the run, or none yet")
    if folder.exists() and any(folder.iterdir()):
        raise RunError(
            f"{folder}: holds files and no run.json, so it is no run of kgsynth; "
            "choose another folder with --out"
        )
    folder.mkdir(parents=True, exist_ok=True)
    run = RunFolder(folder, settings, {})
    run.write_record(
        state="running",
        kgsynth=__version__,
        python=platform.python_version(),
        fingerprint=settings.fingerprint,
        settings=asdict(settings),
    )
    return run


def read_record(folder: Path) -> dict[str, Any]:
    """Return ``run.json`` of a run folder.

    Raises:
        RunError: If there is none or it is damaged.
    """
    file = folder / "run.json"
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise RunError(f"{folder}: no run.json; expected a run of `kgsynth generate`") from error
    except ValueError as error:
        raise RunError(f"{file}: not JSON ({error}); move the folder away") from error
    if not isinstance(record, dict) or "settings" not in record:
        raise RunError(f"{file}: no settings in it; expected a run of `kgsynth generate`")
    return record


def _refuse_other_run(folder: Path, record: dict[str, Any], settings: RunSettings) -> None:
    if record.get("fingerprint") == settings.fingerprint:
        return
    before, now = record["settings"], json.loads(json.dumps(asdict(settings)))
    if record.get("kgsynth") != __version__:
        before, now = before | {"kgsynth": record.get("kgsynth")}, now | {"kgsynth": __version__}
    names = sorted(name for name in {**before, **now} if before.get(name) != now.get(name))
    changes = ", ".join(f"{n} {before.get(n)!r} there, {now.get(n)!r} asked for" for n in names)
    raise RunError(
        f"{folder}: holds another run ({changes or 'its fingerprint differs'}); "
        "choose another folder with --out, or remove this one"
    )


def _cut_torn_line(file: Path) -> None:
    with file.open("r+b") as handle:
        size = handle.seek(0, os.SEEK_END)
        at = size
        while at > 0:
            step = min(at, 65536)
            handle.seek(at - step)
            cut = handle.read(step).rfind(b"\n")
            if cut >= 0:
                at = at - step + cut + 1
                break
            at -= step
        if at < size:
            handle.truncate(at)


def write_text(file: Path, text: str) -> None:
    """Write a file under a temporary name and rename it, so that it is whole or not there."""
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)
