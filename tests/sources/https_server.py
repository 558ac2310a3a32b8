"""An HTTPS server on loopback that serves a file well, or in every way that goes wrong."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme


@dataclass
class Served:
    """One file, and what happens at each request for it; after the last turn it is served well."""

    content: bytes
    etag: str = '"one"'
    turns: list[Callable[["Handler", "Served"], None]] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)  # of every request, "" where there was none


class Handler(BaseHTTPRequestHandler):
    """Answers by the turns of a file."""

    protocol_version = "HTTP/1.1"
    files: dict[str, Served]
    over: threading.Event

    def do_GET(self) -> None:
        served = self.files.get(self.path)
        if served is None:
            self.page(404)
            return
        served.ranges.append(self.headers.get("Range", ""))
        turn = served.turns.pop(0) if served.turns else well
        turn(self, served)

    def head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def page(self, status: int, headers: dict[str, str] | None = None) -> None:
        body = b"<!DOCTYPE html><html><body>Oh no</body></html>"
        length = {"Content-Length": str(len(body)), "Content-Type": "text/html"}
        self.head(status, {**length, **(headers or {})})
        self.wfile.write(body)

    def hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def start_of(handler: Handler, served: Served) -> int:
    """Return where to begin, as RFC 9110 has it: only if the mark is still that of the file."""
    asked = handler.headers.get("Range", "")
    fits = handler.headers.get("If-Range") == served.etag
    return int(asked.removeprefix("bytes=").removesuffix("-")) if asked and fits else 0


def well(handler: Handler, served: Served, most: int | None = None, claim: int = 0) -> None:
    start = start_of(handler, served)
    size = len(served.content)
    headers = {"Content-Length": str(claim or size - start), "ETag": served.etag}
    if start:
        headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
    handler.head(206 if start else 200, headers)
    handler.wfile.write(served.content[start:][:most])


def drop(after: int) -> Callable[[Handler, Served], None]:
    """Hang up after some bytes, though more were announced."""

    def turn(handler: Handler, served: Served) -> None:
        well(handler, served, after)
        handler.hang_up()

    return turn


def stall(after: int) -> Callable[[Handler, Served], None]:
    """Send some bytes, and then nothing."""

    def turn(handler: Handler, served: Served) -> None:
        well(handler, served, after)
        handler.over.wait(20)
        handler.hang_up()

    return turn


def drip(handler: Handler, served: Served) -> None:
    """Send a byte now and then."""
    handler.head(200, {"Content-Length": str(len(served.content)), "ETag": served.etag})
    with contextlib.suppress(OSError):
        for byte in served.content:
            handler.wfile.write(bytes([byte]))
            if handler.over.wait(0.05):
                break
    handler.hang_up()


def claims_less(handler: Handler, served: Served) -> None:
    """Announce half of what is sent."""
    well(handler, served, claim=len(served.content) // 2)
    handler.hang_up()


def no_length(after: int) -> Callable[[Handler, Served], None]:
    """Announce nothing, and hang up before the end."""

    def turn(handler: Handler, served: Served) -> None:
        handler.head(200, {"ETag": served.etag, "Connection": "close"})
        handler.wfile.write(served.content[:after])
        handler.hang_up()

    return turn


def becomes(content: bytes, etag: str) -> Callable[[Handler, Served], None]:
    """The file has changed since the last request."""

    def turn(handler: Handler, served: Served) -> None:
        served.content, served.etag = content, etag
        well(handler, served)

    return turn


def error(status: int, **headers: str) -> Callable[[Handler, Served], None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, served: handler.page(status, named)


def redirect(to: str) -> Callable[[Handler, Served], None]:
    return error(302, Location=to)


def wrong_part(handler: Handler, served: Served) -> None:
    """Answer a request for a part with another part."""
    headers = {"Content-Range": "bytes 0-3/4", "Content-Length": "4", "ETag": served.etag}
    handler.head(206, headers)
    handler.wfile.write(served.content[:4])


@dataclass
class Server:
    """A running server."""

    address: str
    authority: Path  # the certificate that clients must trust
    files: dict[str, Served]

    def serve(
        self, path: str, content: bytes, *turns: Callable[[Handler, Served], None]
    ) -> tuple[str, Served]:
        """Put a file there; return its address and what becomes of it."""
        served = self.files[path] = Served(content, turns=list(turns))
        return self.address + path, served


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no error here."""


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server with a certificate of its own; `folder` gets the authority's."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    certificate = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(certificate))
    files: dict[str, Served] = {}
    over = threading.Event()
    handler = type("Bound", (Handler,), {"files": files, "over": over})
    server = _Quiet(("127.0.0.1", 0), handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Server(f"https://localhost:{server.server_address[1]}", certificate, files)
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
