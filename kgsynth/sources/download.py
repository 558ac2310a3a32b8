"""Get one file over https: resumed where it broke off, whole, or not at all.

The only door to the network for sources, and to httpx. A download goes to ``NAME.part``; beside
it lies what the server said of the file, so that a broken download goes on only if the server
vouches that it is still the same file (``If-Range``, RFC 9110 section 13.1.5).
"""

import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from kgsynth import __version__
from kgsynth.errors import FetchError

#: Called with the bytes that are there and the bytes of the whole file, 0 where not known.
OnBytes = Callable[[int, int], None]

_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = 10
_MOST_WAIT = 60.0


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server.

    Attributes:
        connect: Seconds until a connection stands.
        read: Seconds without a byte after which a connection is stalled.
        slow: Bytes a second, over `window`, below which it counts as stalled too.
        window: Seconds over which the speed is taken.
        attempts: Attempts in a row that may fail without one new byte.
        backoff: Seconds before the second attempt; doubled for each one after it.
        most: Most bytes of one file.
    """

    connect: float = 20.0
    read: float = 30.0
    slow: float = 512.0
    window: float = 60.0
    attempts: int = 5
    backoff: float = 1.0
    most: int = 64 << 30


class _Again(Exception):  # noqa: N818, it is a signal and never leaves this file
    """An attempt failed in a way that another one may mend."""

    def __init__(self, why: str, wait: float = 0.0) -> None:
        super().__init__(why)
        self.wait = wait


@dataclass
class _Seen:
    """What the server said of the file that lies half in ``.part``."""

    url: str = ""
    mark: str = ""  # a strong ETag or a date: what If-Range takes
    total: int = 0


def download(
    url: str,
    part: Path,
    patience: Patience | None = None,
    on_bytes: OnBytes = lambda done, total: None,
) -> bool:
    """Get a file into `part`, going on where an earlier attempt broke off.

    Args:
        url: An https address; redirects are followed as long as they are https too.
        part: Where to write; a half file that lies there is continued.
        patience: How long to wait.
        on_bytes: Called as bytes come in.

    Returns:
        Whether the file was put together from several attempts.

    Raises:
        FetchError: If the address is not https, the server refuses, or patience is at its end.
    """
    patience = patience or Patience()
    timeout = httpx.Timeout(patience.read, connect=patience.connect)
    headers = {"User-Agent": f"kgsynth/{__version__}", "Accept-Encoding": "identity"}
    failures, resumed = 0, False
    with httpx.Client(timeout=timeout, headers=headers) as client:
        while True:
            before = _size(part)
            try:
                resumed |= _attempt(client, url, part, patience, on_bytes)
            except _Again as error:
                failures = 1 if _size(part) > before else failures + 1
                if failures >= patience.attempts:
                    if not _size(part):
                        discard(part)
                    raise FetchError(
                        f"{url}: {error}; gave up after {failures} attempts; run the command "
                        "again, it goes on where it stopped"
                    ) from None
                time.sleep(_wait(patience, failures, error.wait))
            else:
                _notes(part).unlink(missing_ok=True)
                return resumed


def discard(part: Path) -> None:
    """Remove a half file and what is noted of it."""
    part.unlink(missing_ok=True)
    _notes(part).unlink(missing_ok=True)


def _wait(patience: Patience, failures: int, asked: float) -> float:
    pause = patience.backoff * 2.0 ** (failures - 1) * random.uniform(0.75, 1.25)
    return min(max(pause, asked), _MOST_WAIT)


def _attempt(
    client: httpx.Client, url: str, part: Path, patience: Patience, on_bytes: OnBytes
) -> bool:
    """Make one attempt; return whether it continued a half file."""
    seen, have = _resumable(part, url)
    headers = {"Range": f"bytes={have}-", "If-Range": seen.mark} if have else {}
    try:
        with _answer(client, url, headers) as response:
            goes_on = _check_status(response, url, have, seen, part)
            start = have if goes_on else 0
            total = _total(response, start)
            _check_length(url, total, patience)
            _note(part, _Seen(url, _mark(response), total))
            _write(response, part, start, total, patience, on_bytes)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise FetchError(f"{url}: no address ({error})") from None
    except httpx.HTTPError as error:
        raise _Again(_reason(error)) from None
    if total and _size(part) != total:
        raise _Again(f"{_size(part):,} of {total:,} bytes came")
    return goes_on


def _resumable(part: Path, url: str) -> tuple[_Seen, int]:
    """Return what is known of a half file, and how much of it there is; 0 to start anew."""
    try:
        seen = _Seen(**json.loads(_notes(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return _Seen(), 0
    have = _size(part)
    usable = seen.url == url and seen.mark and have and (not seen.total or have < seen.total)
    return (seen, have) if usable else (_Seen(), 0)


@contextmanager
def _answer(client: httpx.Client, url: str, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """Ask for a file and follow redirects, none of them to anything but https."""
    request = client.build_request("GET", url, headers=headers)
    for _ in range(_REDIRECTS):
        if request.url.scheme != "https":
            what = "redirects to" if str(request.url) != url else "is"
            raise FetchError(
                f"{url}: {what} {str(request.url)!r}, which is not https; what comes over a line "
                "that anyone can change is not taken"
            )
        response = client.send(request, stream=True)
        if response.next_request is None:
            try:
                yield response
            finally:
                response.close()
            return
        response.close()
        request = response.next_request
        request.headers.update(headers)
    raise FetchError(f"{url}: more than {_REDIRECTS} redirects")


def _check_status(response: httpx.Response, url: str, have: int, seen: _Seen, part: Path) -> bool:
    """Return whether what comes goes on from what is there."""
    status = response.status_code
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"{url}: sent as {encoding!r}, which was not asked for")
    if status == 200:
        return False
    if status == 206 and have:
        start, total = _range(response)
        if start == have and (not total or not seen.total or total == seen.total):
            return True
    if status in (206, 416):  # it does not go on where the half file ends
        discard(part)
        raise _Again(f"the server answered {status} with another part of the file")
    words = f"{status} {response.reason_phrase}".strip()
    if status in _RETRIED:
        raise _Again(f"the server answered {words}", _retry_after(response))
    raise FetchError(f"{url}: the server answered {words}; has the file moved?")


def _range(response: httpx.Response) -> tuple[int, int]:
    """Return start and size of the whole by ``Content-Range: bytes 100-199/200``; -1 if unclear."""
    unit, _, rest = response.headers.get("Content-Range", "").partition(" ")
    span, _, total = rest.partition("/")
    start = span.partition("-")[0]
    if unit.lower() != "bytes" or not start.isdigit():
        return -1, 0
    return int(start), int(total) if total.isdigit() else 0


def _total(response: httpx.Response, start: int) -> int:
    length = response.headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else 0


def _check_length(url: str, size: int, patience: Patience) -> None:
    if size > patience.most:
        raise FetchError(f"{url}: {size:,} bytes, more than the {patience.most:,} that are taken")


def _write(
    response: httpx.Response,
    part: Path,
    start: int,
    total: int,
    patience: Patience,
    on_bytes: OnBytes,
) -> None:
    done = start
    speed = _Speed(patience)
    with part.open("r+b" if start else "wb") as file:
        file.seek(start)
        file.truncate()
        on_bytes(done, total)
        for piece in response.iter_raw():  # as it comes: what is held back is lost at a drop
            file.write(piece)
            done += len(piece)
            on_bytes(done, total)
            _check_length(str(response.url), done, patience)
            speed.check(len(piece))


class _Speed:
    """Notices a line that drips: a byte now and then keeps a read timeout from ever running out."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._since, self._bytes = time.monotonic(), 0

    def check(self, size: int) -> None:
        self._bytes += size
        passed = time.monotonic() - self._since
        if passed < self._patience.window:
            return
        if self._bytes < self._patience.slow * passed:
            raise _Again(f"stalled at {self._bytes / passed:,.0f} bytes a second")
        self._since, self._bytes = time.monotonic(), 0


def _mark(response: httpx.Response) -> str:
    """Return what ``If-Range`` takes: a strong ETag, else the date of the last change."""
    etag: str = response.headers.get("ETag", "")
    if etag.startswith('"'):
        return etag
    return str(response.headers.get("Last-Modified", ""))


def _retry_after(response: httpx.Response) -> float:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 0.0


def _reason(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ReadTimeout):
        return "stalled: no byte came for a while"
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection in time"
    return " ".join(str(error).split()) or type(error).__name__


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _notes(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _note(part: Path, seen: _Seen) -> None:
    fields: dict[str, Any] = asdict(seen)
    _notes(part).write_text(json.dumps(fields), encoding="utf-8")
