"""Ends helper processes when this program dies without a word.

After ``kill -9`` or for want of memory nothing of this program runs any more, and an engine's
process would go on holding a GPU. A shell that waits on a pipe notices: the pipe closes with us.
"""

import subprocess
from collections.abc import Iterable


class Watchdog:
    """Watches over processes until closed.

    Args:
        pids: Processes to end if this program dies first.
    """

    def __init__(self, pids: Iterable[int]) -> None:
        # In a session of its own, so that Ctrl-C in the terminal does not reach it.
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", 'read -r _; kill -9 "$@"', "sh", *map(str, pids)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def close(self) -> None:
        """Stop watching; the processes are left as they are."""
        self._shell.kill()
        self._shell.wait()
        if self._shell.stdin is not None:
            self._shell.stdin.close()
