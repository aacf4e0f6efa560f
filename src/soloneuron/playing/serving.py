"""One page over HTTP, for whoever asks: nothing is received, nothing is kept."""

from __future__ import annotations

import gzip
import hashlib
import socket
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from soloneuron.errors import InputError

NEXT_PORTS = 50
"""How many ports are tried, one after the other."""

SILENCE = 20
"""Seconds after which somebody who says nothing is not waited for."""

PAGE_NAMES = ("", "index.html")
"""The last part of a path at which the page stands: behind a proxy its folder may have any name."""


class PageServer(ThreadingHTTPServer):
    """Serves one page from a host and a port on, and nothing else.

    Args:
        page: the text of the page.
        host: a name or an address of this machine; 127.0.0.1 is heard by this machine alone.
        port: the first that is tried; the next fifty follow.

    Raises:
        InputError: no such address here, or no free port.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, page: str, *, host: str, port: int) -> None:
        self.page = page.encode()
        self.address_family, address = _resolved(host)
        for candidate in range(port, min(port + NEXT_PORTS, 1 << 16)):
            try:
                super().__init__((address, candidate), _Handler)
            except OSError:
                continue
            return
        raise InputError(
            f"no free port from {port} to {port + NEXT_PORTS - 1}: choose another with --port",
            code="play.port",
        )

    @cached_property
    def packed(self) -> bytes:
        """The page for a browser that unpacks it."""
        return gzip.compress(self.page, mtime=0)

    @cached_property
    def tag(self) -> str:
        """What a browser that has the page already asks with."""
        return f'"{hashlib.sha256(self.page).hexdigest()[:32]}"'

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking the network what this machine is called."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Somebody who hangs up in the middle is no news."""


def address_of_machine() -> str | None:
    """The address by which others on the network reach this machine; None without a network.

    No packet is sent: a datagram socket that is told where it would send knows which address it would use.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return None


def _resolved(host: str) -> tuple[socket.AddressFamily, str]:
    """The family and the address of a host, if it is one of this machine."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.bind((address[0], 0))
    except (OSError, UnicodeError):
        raise InputError(
            f"--host must be an address of this machine, such as 127.0.0.1 or 0.0.0.0, got {host!r}",
            code="play.host",
            host=host,
        ) from None
    return family, str(address[0])


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with the page; whatever else is asked for is not here."""

    server: PageServer
    protocol_version = "HTTP/1.1"
    timeout = SILENCE

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        if self.path.partition("?")[0].rpartition("/")[2] not in PAGE_NAMES:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        if self.headers.get("If-None-Match") == self.server.tag:
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self.send_header("ETag", self.server.tag)
            self.end_headers()
            return
        unpacks = "gzip" in self.headers.get("Accept-Encoding", "")
        content = self.server.packed if unpacks else self.server.page
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        if unpacks:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("ETag", self.server.tag)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """A refusal in a word; of another method nothing is read, so the line is closed."""
        status = HTTPStatus.METHOD_NOT_ALLOWED if code == HTTPStatus.NOT_IMPLEMENTED else HTTPStatus(code)
        content = f"{status.value} {status.phrase}\n".lower().encode()
        self.send_response(status)
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def end_headers(self) -> None:
        """The page may stand in frames, so nothing is said of them; it is asked for anew each time."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        super().end_headers()

    def version_string(self) -> str:
        """Not which Python this is."""
        return "soloneuron"

    def log_message(self, format: str, *args: object) -> None:
        """Nobody is noted down."""
