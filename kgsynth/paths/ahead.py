"""Compiling the largest kernel in a second process, while this one reads and compiles the rest.

Only where it was never compiled: on two cores that takes a third off the first run of a machine.
The other process leaves machine code in the cache, where this one finds it.
"""

import functools
import gc
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kgsynth.resources import cache_home

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_STARTED: "list[BaseProcess]" = []


@functools.cache
def cache_folder() -> Path:
    """Return where machine code is kept: below ``NUMBA_CACHE_DIR``, else in kgsynth's cache."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sources)).hexdigest()[:12]
    home = os.environ.get("NUMBA_CACHE_DIR")
    return (Path(home) if home else cache_home()) / f"kernels-{digest}"


def start() -> None:
    """Begin to compile what chains are mined by, if there is a core for it and a need.

    Processes are copies of this one, so this is to be called before threads start. Where the
    system cannot copy a process, `mining.mine_block` is compiled when it is first called.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if cores < 2 or _STARTED or any(cache_folder().glob("*/mining.mine_block-*.nbi")):
        return
    import multiprocessing

    import kgsynth.paths.mining  # noqa: F401  loaded once for both processes

    # Compiling makes much and drops little: looking for garbage would take a tenth of its time.
    gc.disable()
    process = multiprocessing.get_context("fork").Process(target=_compile, daemon=True)
    process.start()
    _STARTED.append(process)


def is_busy() -> bool:
    """Say whether what `start` began is not done yet."""
    return any(process.is_alive() for process in _STARTED)


def wait() -> None:
    """Wait until what `start` began is done, well or not; what is missing is compiled on use."""
    while _STARTED:
        _STARTED.pop().join()
        gc.enable()


def _compile() -> None:
    """Call the kernel with nothing to do: what it compiles depends on the types alone."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's, which then ends this
    from kgsynth.paths.blank import mine_nothing

    mine_nothing()
