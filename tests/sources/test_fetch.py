"""Fetching from a real HTTPS server that drops, stalls, truncates, lies and redirects."""

import gzip
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kgsynth.cli import run
from kgsynth.errors import FetchError, SourceError
from kgsynth.resources import cache_home
from kgsynth.sources import manifests
from kgsynth.sources.cache import PINS, locked, read_pins
from kgsynth.sources.download import Patience
from kgsynth.sources.fetch import Fetched, Fetcher
from kgsynth.sources.manifests import Manifest, Part
from tests.sources.https_server import (
    Handler,
    Served,
    Server,
    becomes,
    claims_less,
    drip,
    drop,
    error,
    no_length,
    redirect,
    running,
    stall,
    wrong_part,
)

CONTENT = b"".join(b"HP:%07d\tfinding %d\n" % (number, number) for number in range(20_000))
CHANGED = CONTENT.replace(b"finding", b"FINDING")
QUICK = Patience(connect=5, read=0.3, slow=1000, window=0.3, attempts=3, backoff=0.01)

Turn = Callable[[Handler, Served], None]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("https")) as server:
        yield server


@pytest.fixture
def server(https: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("SSL_CERT_FILE", str(https.authority))
    https.files.clear()
    return https


def manifest(url: str, pin: str = "", name: str = "terms.tsv") -> Manifest:
    part = Part(name=name, url=url, sha256=pin)
    return Manifest("terms", "Terms", "1", "CC0", "https://x.org", "Us", "https://x.org", (part,))


def fetch(
    known: Manifest, cache: Path, *, offline: bool = False, pin: bool = False, again: bool = False
) -> Fetched:
    return Fetcher(cache, offline, pin, again, patience=QUICK).fetch(known)[0]


def left(cache: Path) -> list[str]:
    """Return every file below the cache."""
    return sorted(file.relative_to(cache).as_posix() for file in cache.rglob("*") if file.is_file())


def test_a_file_is_fetched_whole_and_once(server: Server, tmp_path: Path) -> None:
    url, served = server.serve("/terms.tsv", CONTENT)
    known = manifest(url, sha256(CONTENT))
    first = fetch(known, tmp_path)
    assert first == Fetched(
        "terms", "terms.tsv", tmp_path / "terms/terms.tsv", "fetched", sha256(CONTENT), True
    )
    assert first.file.read_bytes() == CONTENT
    assert fetch(known, tmp_path).state == "cached"
    assert served.ranges == [""]
    assert left(tmp_path) == ["terms/terms.tsv"]


def test_a_packed_file_is_held_to_what_is_inside(server: Server, tmp_path: Path) -> None:
    url, _ = server.serve("/terms.tsv.gz", gzip.compress(CONTENT))
    assert fetch(manifest(url, sha256(CONTENT)), tmp_path).verified
    assert left(tmp_path) == ["terms/terms.tsv.gz"]


BROKEN: dict[str, tuple[list[Turn], list[str]]] = {
    "dropped": ([drop(100_000)], ["", "bytes=100000-"]),
    "dropped twice": ([drop(100_000), drop(7)], ["", "bytes=100000-", "bytes=100007-"]),
    "dropped at once": ([drop(0)], ["", ""]),
    "stalled": ([stall(100_000)], ["", "bytes=100000-"]),
    "busy": ([error(503, Retry_After="0"), error(500), error(429)][:2], ["", "", ""]),
    "another part": ([drop(9), wrong_part], ["", "bytes=9-", ""]),
    "range refused": ([drop(9), error(416)], ["", "bytes=9-", ""]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_download_goes_on_where_it_stopped(
    server: Server, tmp_path: Path, case: str
) -> None:
    turns, ranges = BROKEN[case]
    url, served = server.serve("/terms.tsv", CONTENT, *turns)
    assert fetch(manifest(url, sha256(CONTENT)), tmp_path).file.read_bytes() == CONTENT
    assert served.ranges == ranges
    assert left(tmp_path) == ["terms/terms.tsv"]


def test_a_line_that_drips_counts_as_stalled(server: Server, tmp_path: Path) -> None:
    url, served = server.serve("/terms.tsv", CONTENT, drip)
    started = time.monotonic()
    assert fetch(manifest(url, sha256(CONTENT)), tmp_path).file.read_bytes() == CONTENT
    assert len(served.ranges) == 2
    assert time.monotonic() - started < 5


def test_a_download_goes_on_in_the_next_run(server: Server, tmp_path: Path) -> None:
    turns = [drop(50_000), drop(0), drop(0), drop(0)]
    url, served = server.serve("/terms.tsv", CONTENT, *turns)
    known = manifest(url, sha256(CONTENT))
    with pytest.raises(FetchError, match=r"gave up after 3 attempts; run the command again"):
        fetch(known, tmp_path)
    assert left(tmp_path) == ["terms/terms.tsv.part", "terms/terms.tsv.part.json"]
    served.turns.clear()
    assert fetch(known, tmp_path).file.read_bytes() == CONTENT
    assert served.ranges[-1] == "bytes=50000-"


def test_a_file_that_changed_between_attempts_is_fetched_anew(
    server: Server, tmp_path: Path
) -> None:
    url, _ = server.serve("/terms.tsv", CONTENT, drop(1000), becomes(CHANGED, '"two"'))
    assert fetch(manifest(url, sha256(CHANGED)), tmp_path).file.read_bytes() == CHANGED


def test_a_server_that_keeps_its_mark_while_the_file_changes_is_found_out(
    server: Server, tmp_path: Path
) -> None:
    url, served = server.serve("/terms.tsv", CONTENT, drop(1000), becomes(CHANGED, '"one"'))
    assert fetch(manifest(url, sha256(CHANGED)), tmp_path).file.read_bytes() == CHANGED
    assert served.ranges == ["", "bytes=1000-", ""]


def test_without_a_strong_mark_nothing_is_continued(server: Server, tmp_path: Path) -> None:
    url, served = server.serve("/terms.tsv", CONTENT, drop(1000))
    served.etag = 'W/"weak"'
    assert fetch(manifest(url, sha256(CONTENT)), tmp_path).file.read_bytes() == CONTENT
    assert served.ranges == ["", ""]


REFUSED: dict[str, tuple[list[Turn], str]] = {
    "not found": ([error(404)], "the server answered 404 Not Found; has the file moved?"),
    "forbidden": ([error(403)], "the server answered 403 Forbidden"),
    "always failing": ([error(500)] * 9, "the server answered 500"),
    "always hanging up": ([drop(0)] * 9, "gave up after 3 attempts"),
    "a web page": ([error(200)], "the file is a web page"),
    "plain http": ([redirect("http://localhost:1/terms.tsv")], "which is not https"),
    "round and round": ([redirect("/terms.tsv")] * 99, "more than 10 redirects"),
    "half announced": ([claims_less] * 9, "is no longer the file that this version"),
    "cut, no length": ([no_length(1000)] * 9, "is no longer the file that this version"),
    "sent as br": ([error(200, Content_Encoding="br")], "sent as 'br'"),
    "changed": ([becomes(CHANGED, '"two"')], "kgsynth fetch terms --pin"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_the_file_is_refused_and_not_kept(
    server: Server, tmp_path: Path, case: str
) -> None:
    turns, message = REFUSED[case]
    url, _ = server.serve("/terms.tsv", CONTENT, *turns)
    with pytest.raises(SourceError) as caught:
        fetch(manifest(url, sha256(CONTENT)), tmp_path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert left(tmp_path) == []


def test_a_cut_archive_is_damaged_though_no_checksum_says_so(
    server: Server, tmp_path: Path
) -> None:
    packed = gzip.compress(CONTENT)
    url, _ = server.serve("/terms.tsv.gz", packed, *[no_length(len(packed) - 9)] * 9)
    with pytest.raises(SourceError, match="damaged or truncated archive"):
        fetch(manifest(url), tmp_path)
    assert left(tmp_path) == []


@pytest.mark.parametrize("url", ["http://localhost:1/x", "ftp://localhost/x", "file:///etc/passwd"])
def test_only_https_is_spoken(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match="not https"):
        fetch(manifest(url), tmp_path)


def test_a_server_that_nobody_vouches_for_is_refused(
    https: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    url, served = https.serve("/terms.tsv", CONTENT)
    with pytest.raises(FetchError, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(manifest(url), tmp_path)
    assert served.ranges == []


def test_an_address_where_nobody_answers_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="gave up after 3 attempts"):
        fetch(manifest(f"https://127.0.0.1:{port}/x"), tmp_path)


# ---- checksums and pins --------------------------------------------------------------------


def test_a_source_without_checksum_is_unverified_until_it_is_pinned(
    server: Server, tmp_path: Path
) -> None:
    url, served = server.serve("/terms.tsv", CONTENT)
    known = manifest(url)
    assert [fetch(known, tmp_path).verified for _ in range(2)] == [False, False]
    assert fetch(known, tmp_path, pin=True).verified
    assert read_pins(tmp_path) == {"terms": {"terms.tsv": sha256(CONTENT)}}
    assert fetch(known, tmp_path).verified
    served.content = CHANGED
    with pytest.raises(FetchError, match="is no longer the file"):
        fetch(known, tmp_path, again=True)
    assert fetch(known, tmp_path).file.read_bytes() == CONTENT
    assert fetch(known, tmp_path, again=True, pin=True).file.read_bytes() == CHANGED
    assert fetch(known, tmp_path).verified


def test_a_cached_file_that_was_changed_is_noticed(server: Server, tmp_path: Path) -> None:
    url, _ = server.serve("/terms.tsv", CONTENT)
    known = manifest(url, sha256(CONTENT))
    fetch(known, tmp_path).file.write_bytes(CHANGED)
    with pytest.raises(
        FetchError, match=r"in the cache has changed .* kgsynth fetch terms --again"
    ):
        fetch(known, tmp_path)
    assert fetch(known, tmp_path, again=True).file.read_bytes() == CONTENT


@pytest.mark.parametrize("text", ["[terms", "terms = 1", "[terms]\nx = 1", "\xff"])
def test_a_broken_list_of_pins_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / PINS).write_text(text, encoding="latin-1")
    with pytest.raises(SourceError, match=PINS):
        read_pins(tmp_path)


# ---- offline, together, and the command ----------------------------------------------------


def test_offline_opens_no_socket(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, served = server.serve("/terms.tsv", CONTENT)
    fetch(manifest(url), tmp_path)

    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert fetch(manifest(url), tmp_path, offline=True).state == "cached"
    with pytest.raises(FetchError, match="offline nothing is fetched"):
        fetch(manifest(url), tmp_path / "other", offline=True)
    monkeypatch.setenv("KGSYNTH_OFFLINE", "1")
    with pytest.raises(FetchError, match="offline nothing is fetched"):
        fetch(manifest(url), tmp_path / "other")
    assert served.ranges == [""]


def test_two_who_fetch_one_file_fetch_it_once(server: Server, tmp_path: Path) -> None:
    url, served = server.serve("/terms.tsv", CONTENT)
    known = manifest(url, sha256(CONTENT))
    waited: list[str] = []
    results: list[Fetched] = []

    def work() -> None:
        results.extend(Fetcher(tmp_path, patience=QUICK, on_wait=waited.append).fetch(known))

    with locked(tmp_path / "terms" / "terms.tsv"):
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(waited) < 4:
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert sorted(one.state for one in results) == ["cached", "cached", "cached", "fetched"]
    assert served.ranges == [""]
    assert left(tmp_path) == ["terms/terms.tsv"]


def test_bytes_are_reported_as_they_come(server: Server, tmp_path: Path) -> None:
    url, _ = server.serve("/terms.tsv", CONTENT, drop(100_000))
    seen: list[tuple[str, int, int]] = []
    fetcher = Fetcher(tmp_path, patience=QUICK, on_file=lambda *one: seen.append(one))
    fetcher.fetch(manifest(url))
    assert seen[0] == ("terms.tsv", 0, len(CONTENT))
    assert seen[-1] == ("terms.tsv", len(CONTENT), len(CONTENT))
    assert ("terms.tsv", 100_000, len(CONTENT)) in seen


@pytest.mark.parametrize(
    ("set_to", "folder"),
    [
        ({"KGSYNTH_CACHE": "/data/kg"}, Path("/data/kg")),
        ({"XDG_CACHE_HOME": "/data"}, Path("/data/kgsynth")),
        ({"XDG_CACHE_HOME": "not/absolute", "HOME": "/h"}, Path("/h/.cache/kgsynth")),
        ({"HOME": "/h"}, Path("/h/.cache/kgsynth")),
    ],
)
def test_the_cache_is_where_the_user_keeps_caches(
    monkeypatch: pytest.MonkeyPatch, set_to: dict[str, str], folder: Path
) -> None:
    for name in ("KGSYNTH_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    assert cache_home() == folder


@pytest.fixture
def moved(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Reactome's manifest, its address on the server of the test."""
    url, _ = server.serve("/reactome.tsv", CONTENT)
    fields = ("title", "version", "license", "license_url", "citation", "url")
    lines = ['name = "reactome"', *(f'{field} = "https://x.org"' for field in fields)]
    lines += ["[[file]]", 'name = "reactome.tsv"', f'url = "{url}"']
    (tmp_path / "reactome.toml").write_text("\n".join(lines))
    monkeypatch.setattr(manifests, "data_folder", lambda name: tmp_path)
    monkeypatch.setenv("KGSYNTH_CACHE", str(tmp_path / "cache"))
    return server


def test_the_command_fetches_and_says_what_is_unverified(
    moved: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fetch", "reactome"]) == 0
    printed = capsys.readouterr()
    file = tmp_path / "cache" / "reactome" / "reactome.tsv"
    assert printed.out == f"fetched  reactome: {file}\n"
    assert "unverified reactome: reactome.tsv: no checksum" in printed.err
    assert run(["fetch", "reactome", "--pin", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["verified"] is True
    assert run(["fetch", "reactome", "--offline"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "nothing to fetch"),
        (["reactom"], 2, "unknown source 'reactom'; did you mean 'reactome'"),
        (["--preset", "mechanim"], 2, "unknown preset 'mechanim'; did you mean 'mechanism'?"),
        (["reactome", "--offline"], 1, "1 of 1 sources not fetched: reactome"),
    ],
)
def test_the_command_says_what_is_wrong(
    moved: Server,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    assert run(["fetch", *arguments]) == code
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
