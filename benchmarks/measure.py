"""How things are measured: whole processes in alternation, medians, peak memory by the kernel."""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent

#: Linux counts the peak in kilobytes, macOS in bytes.
_MAXRSS_BYTES = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Result:
    """One line of ``outputs/bench.json``.

    Attributes:
        name: What was measured.
        value: The median, in `unit`.
        unit: ``s``, ``MB`` or a rate such as ``questions/s``.
        peer: What it is compared with, "" for nothing.
        ratio: How many times better than the peer; null without one.
        goal: The goal in words, "" where there is none.
        met: Whether the goal was met; null without one.
        peer_value: The peer's median, in `unit`; null without one.
        spread: Smallest and largest of the runs behind `value`.
        remark: What else was counted, in words.
    """

    name: str
    value: float
    unit: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    peer_value: float | None = None
    spread: tuple[float, float] = (0.0, 0.0)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every benchmark is given.

    Attributes:
        scratch: An empty folder of its own.
        rounds: How often each side is run.
        graph: The folder of the default graph.
        python: The interpreter, with kgsynth and the peers installed.
    """

    scratch: Path
    rounds: int
    graph: Path
    python: str = sys.executable

    def kgsynth(self, *arguments: str) -> list[str]:
        """Return the command line of a kgsynth command, as a user types it."""
        return [str(Path(self.python).with_name("kgsynth")), *arguments]


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall-clock seconds, and peak resident memory in megabytes (10**6 bytes)."""

    seconds: float
    peak_mb: float


@dataclass(slots=True)
class Side:
    """One side of a comparison and its runs."""

    runs: list[Run] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """The median time."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The largest peak."""
        return max(run.peak_mb for run in self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        """The shortest and the longest time."""
        times = [run.seconds for run in self.runs]
        return min(times), max(times)


class BenchmarkError(RuntimeError):
    """A measured command failed; its time would mean nothing."""


def run_process(command: Sequence[str], environment: dict[str, str] | None = None) -> Run:
    """Run a command to its end and measure it; children's memory is not added up.

    Raises:
        BenchmarkError: If it does not exit with 0.
    """
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=os.environ | (environment or {}),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise BenchmarkError(f"{' '.join(command)}: exit {process.returncode}: {last}")
    return Run(seconds, usage.ru_maxrss * _MAXRSS_BYTES / 1e6)


def alternate(rounds: int, *sides: Callable[[], Run]) -> list[Side]:
    """Run each side once a round, so that a slow minute of the machine hits all of them."""
    measured = [Side() for _ in sides]
    for _ in range(rounds):
        for side, run in zip(measured, sides, strict=True):
            side.runs.append(run())
    return measured


def timed(work: Callable[[], object]) -> Run:
    """Time a call inside this process; its memory is not told."""
    gc.collect()
    started = time.perf_counter()
    work()
    return Run(time.perf_counter() - started, 0.0)


def at_most(value: float, bound: float, unit: str) -> tuple[str, bool]:
    """Return a goal in words and whether `value` meets it."""
    return f"at most {bound:g} {unit}", value <= bound


def at_least(value: float, bound: float, unit: str) -> tuple[str, bool]:
    """Return a goal in words and whether `value` meets it."""
    return f"at least {bound:g} {unit}", value >= bound
