"""The house rules of the tests, and the graphs that many of them share.

- A name is a sentence that would be true; one idea each; whole values are compared.
- Real entities, named in a comment, so that a reader sees whether the medicine makes sense.
- The engine, the network and the clock may be replaced; nothing else.
- A network address other than loopback is an error; so is a warning (pyproject.toml).
- What needs a server, an engine or a trainer is marked `real`; what needs a GPU, `gpu`.
- Larger real files lie in ../shared/data; a test that needs one asks for `shared_data`.
"""

import gc
import ipaddress
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from kgsynth.resources import cache_home

# Set before any test imports a library that would ask a hub or a usage server.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_DATASETS_OFFLINE", "1")

# Machine code is shared with the user's own runs; what is derived from the tests' graphs is not.
os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_home()))
os.environ["KGSYNTH_CACHE"] = str(Path(__file__).parent.parent / ".pytest_cache" / "kgsynth")

# No deadline for an example, because a busy machine is no bug; CI draws the same ones every time.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")

# Tests hold whole graphs as plain objects; at the usual rate a collection visits them all again
# and again, which doubles what it costs to make them.
gc.set_threshold(100_000, 50, 100)

CHECKOUT = Path(__file__).resolve().parent.parent
SHARED_DATA = CHECKOUT.parent / "shared" / "data"
#: A skip for this reason is fine everywhere; any other is a failure under `--no-skips`.
NO_SHARED_DATA = "needs ../shared/data"


class NetworkError(RuntimeError):
    """A test tried to reach an address outside this machine."""


def _is_loopback(host: object) -> bool:
    if not isinstance(host, str):
        return isinstance(host, bytes) and _is_loopback(host.decode())
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse_the_network(event: str, arguments: tuple[object, ...]) -> None:
    """Audit hook: raise where a socket would leave this machine, from whatever library."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"  # a Unix socket
    else:
        return
    if host is not None and not _is_loopback(host):
        raise NetworkError(f"a test tried to reach {host!r}; only loopback is allowed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips",
        action="store_true",
        help=f"a skipped test has failed, unless it {NO_SHARED_DATA}",
    )


def pytest_configure() -> None:
    sys.addaudithook(_refuse_the_network)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the real parts alone where they are not asked for: they import what is not there."""
    real = collection_path == CHECKOUT / "tests" / "real"
    return True if real and "not real" in config.option.markexpr else None


def _skip_is_failure(config: pytest.Config, reason: str) -> bool:
    return bool(config.getoption("--no-skips")) and NO_SHARED_DATA not in reason


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr)
        if _skip_is_failure(item.config, reason):
            report.outcome = "failed"
            report.longrepr = f"skipped, which --no-skips forbids: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if report.skipped and _skip_is_failure(collector.config, str(report.longrepr)):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skips forbids: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of larger real files beside the checkout; skips where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"{NO_SHARED_DATA}, which is not at {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def default_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default graph, built once a session by the command itself.

    Workers of one session share it: the first that asks builds, the others wait for the lock.
    """
    base = tmp_path_factory.getbasetemp()
    home = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder = home / "default-graph"
    command = [sys.executable, "-m", "kgsynth", "build-graph", "--out", str(folder)]
    with FileLock(home / "default-graph.lock"):
        if not (folder / "manifest.json").exists():
            done = subprocess.run(
                command, capture_output=True, text=True, cwd=CHECKOUT, check=False
            )
            if done.returncode:
                reason = f"kgsynth build-graph exited {done.returncode}:\n{done.stderr}"
                pytest.fail(reason, pytrace=False)
    return folder
