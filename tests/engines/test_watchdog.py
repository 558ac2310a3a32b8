"""What this program started does not outlive it."""

import os
import signal
import subprocess
import sys
import time

from kgsynth.engines.watchdog import Watchdog

PARENT = """
import subprocess, sys, time
from kgsynth.engines.watchdog import Watchdog
child = subprocess.Popen(["sleep", "60"])
watchdog = Watchdog([child.pid])
print(child.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet buried does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return state.stdout.strip()[:1] not in ("", "Z")


def test_a_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert alive(child)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 5
    while alive(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not alive(child)


def test_a_closed_watchdog_leaves_the_process_alone() -> None:
    child = subprocess.Popen(["sleep", "60"])
    Watchdog([child.pid]).close()
    time.sleep(0.1)
    assert child.poll() is None
    child.kill()
    child.wait()
