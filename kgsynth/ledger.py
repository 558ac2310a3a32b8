"""The ledger of a model run: every request once, every raw completion kept.

Two files in the run folder. ``completions.jsonl`` holds each completion as the engine gave it, one
line each, appended and never changed; ``ledger.sqlite`` (write-ahead log) holds one row per request
with where its line lies, and one row per question with what became of it. The file of completions
is the truth: a line that is whole counts, whatever the table says, and a table that lags behind is
brought up to date when the ledger is opened. So a run that was killed at any moment goes on without
a lost or a doubled request.
"""

import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kgsynth.engines.base import Completion
from kgsynth.errors import RunError

_TABLES = """
CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS requests (
    prompt_id TEXT PRIMARY KEY, row_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    state TEXT NOT NULL, finish_reason TEXT NOT NULL DEFAULT '',
    tokens_in INTEGER NOT NULL DEFAULT 0, tokens_out INTEGER NOT NULL DEFAULT 0,
    start INTEGER NOT NULL DEFAULT 0, length INTEGER NOT NULL DEFAULT 0,
    code TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS outcomes (
    row_id TEXT PRIMARY KEY, outcome TEXT NOT NULL, attempts INTEGER NOT NULL);
"""

_DONE = """
INSERT INTO requests (prompt_id, row_id, attempt, state, finish_reason, tokens_in, tokens_out,
                      start, length)
VALUES (:prompt_id, :row_id, :attempt, 'done', :finish_reason, :tokens_in, :tokens_out,
        :start, :length)
ON CONFLICT (prompt_id) DO UPDATE SET state = 'done', finish_reason = excluded.finish_reason,
    tokens_in = excluded.tokens_in, tokens_out = excluded.tokens_out,
    start = excluded.start, length = excluded.length
"""


class Ledger:
    """Opens, or creates, the ledger of a run folder; a context manager.

    Args:
        folder: The run folder; made when absent.
        model: The model's name; a ledger belongs to one model and one sampling.
        sampling: How tokens are drawn.

    Raises:
        RunError: If another process writes it, it belongs to another model, it is damaged, or the
            disk refuses it.
    """

    def __init__(self, folder: Path, *, model: str, sampling: str) -> None:
        self._about = {"model": model, "sampling": sampling}
        self._file = folder / "completions.jsonl"
        self._table = folder / "ledger.sqlite"
        with self._guard():
            folder.mkdir(parents=True, exist_ok=True)
            self._lines: IO[bytes] = self._file.open("a+b", buffering=0)
        with ExitStack() as opened:
            opened.callback(self._lines.close)
            self._lock()
            with self._guard():
                # Autocommit: each request is a transaction of its own.
                self._db = sqlite3.connect(self._table, isolation_level=None)
                opened.callback(self._db.close)
                self._open_tables()
                self._same_run()
                self._recover()
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close both files; safe to call twice."""
        self._opened.close()

    def completion(self, prompt_id: str) -> Completion | None:
        """Return the recorded completion of a prompt, or None when it has to be asked for."""
        with self._guard():
            found = self._db.execute(
                "SELECT start, length FROM requests WHERE prompt_id = ? AND state = 'done'",
                (prompt_id,),
            ).fetchone()
            if found is None:
                return None
            self._lines.seek(found[0])
            entry = json.loads(self._lines.read(found[1]))
        return Completion(**{key: entry[key] for key in Completion.__slots__})

    def sent(self, prompt_id: str, row_id: str, attempt: int) -> None:
        """Note that a prompt goes to the engine now."""
        with self._guard():
            self._db.execute(
                "INSERT OR IGNORE INTO requests (prompt_id, row_id, attempt, state) "
                "VALUES (?, ?, ?, 'sent')",
                (prompt_id, row_id, attempt),
            )

    def record(self, completion: Completion, row_id: str, attempt: int) -> None:
        """Keep a completion; one that is already kept is left as it is."""
        if self.completion(completion.prompt_id) is not None:
            return
        entry = {**asdict(completion), "row_id": row_id, "attempt": attempt, **self._about}
        # ASCII, so that no character inside a text can look like the end of a line.
        line = json.dumps(entry, ensure_ascii=True).encode() + b"\n"
        with self._guard():
            start = self._lines.seek(0, 2)
            self._append(line, start)
            self._db.execute(_DONE, {**entry, "start": start, "length": len(line)})

    def judge(self, prompt_id: str, code: str) -> None:
        """Note what became of a wording: ``kept``, or the code for which it was turned down."""
        with self._guard():
            self._db.execute("UPDATE requests SET code = ? WHERE prompt_id = ?", (code, prompt_id))

    def settle(self, row_id: str, outcome: str, attempts: int) -> None:
        """Note what became of a question; the same question counts once."""
        with self._guard():
            self._db.execute(
                "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?)", (row_id, outcome, attempts)
            )

    def counts(self) -> dict[str, dict[str, int]]:
        """Return what the run's summary says.

        Returns:
            ``outcomes``: questions by what became of them; ``wordings``: requests by code;
            ``requests``: requests by state; ``tokens``: tokens in and out.
        """
        with self._guard():
            return {
                "outcomes": self._tally("SELECT outcome, count(*) FROM outcomes GROUP BY 1"),
                "wordings": self._tally(
                    "SELECT code, count(*) FROM requests WHERE code != '' GROUP BY 1"
                ),
                "requests": self._tally("SELECT state, count(*) FROM requests GROUP BY 1"),
                "tokens": self._tally(
                    "SELECT 'in', coalesce(sum(tokens_in), 0) FROM requests UNION ALL "
                    "SELECT 'out', coalesce(sum(tokens_out), 0) FROM requests"
                ),
            }

    def _tally(self, query: str) -> dict[str, int]:
        return dict(sorted(self._db.execute(query)))

    def _append(self, line: bytes, start: int) -> None:
        """Write a whole line or none: half a line on a full disk is taken back."""
        try:
            if self._lines.write(line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            # If even this fails, opening the ledger again cuts the half line off.
            with suppress(OSError):
                self._lines.truncate(start)
            raise

    def _lock(self) -> None:
        try:
            fcntl.flock(self._lines, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise RunError(
                f"{self._file}: another process is writing this run; wait for it to end, or "
                "choose another folder with --out"
            ) from error

    def _open_tables(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        # A process that dies loses nothing; after a power cut the completions file restores it.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_TABLES)

    def _same_run(self) -> None:
        for name, value in self._about.items():
            self._db.execute("INSERT OR IGNORE INTO run VALUES (?, ?)", (name, value))
            (was,) = self._db.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
            if was != value:
                raise RunError(
                    f"{self._table}: this run was made with {name} {was!r}, not {value!r}; "
                    "choose another folder with --out, or the same settings"
                )

    def _recover(self) -> None:
        """Cut off half a line, and bring the table to what the file of completions says."""
        self._db.execute("BEGIN")
        self._db.execute("UPDATE requests SET state = 'sent' WHERE state = 'done'")
        end = 0
        for start, line in self._whole_lines():
            entry = _read(line, self._file)
            self._db.execute(_DONE, {**entry, "start": start, "length": len(line)})
            end = start + len(line)
        self._lines.truncate(end)
        self._db.execute("COMMIT")

    def _whole_lines(self) -> Iterator[tuple[int, bytes]]:
        start = 0
        with self._file.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                yield start, line
                start += len(line)

    @contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise RunError(
                f"{self._table}: {error}; expected the ledger of a run and room on the disk; "
                "free some space, or delete this file: completions.jsonl restores it"
            ) from error
        except OSError as error:
            raise RunError(
                f"{self._file}: {error.strerror or error}; expected a folder to write to and room "
                "on the disk; nothing recorded so far is lost"
            ) from error


def _read(line: bytes, file: Path) -> dict[str, object]:
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    wanted = {*Completion.__slots__, "row_id", "attempt"}
    if not isinstance(entry, dict) or not wanted <= entry.keys():
        raise RunError(
            f"{file}: a line is no recorded completion: {line[:60]!r}; expected the file as "
            "kgsynth wrote it; restore it, or choose another folder with --out"
        )
    return entry
